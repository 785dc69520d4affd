"""Two people at one draft: what the second one to save is told, and what becomes of what both typed.

A form remembers the state of the claim that it was rendered from, fields and parts, and sends it back signed. If the
claim says something else when the form is saved, three states meet: what it was, what it is now (theirs), and what was
typed (yours). Where only one person changed a field, that change stands; where both did, what you typed stays in the
form and you are asked. Nothing is saved before you have seen it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import DataError
from django.db.models import Model
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst

from treatments.models import Claim
from treatments.models.claims import ClaimPart

from .history import changes_of
from .workflow import parts_of

SALT = "treatments.curation.meanwhile"
Values = dict[str, Any]
"""What the fields of a row hold, each as the text that a form sends; source checks as their list."""


@dataclass
class State:
    """What a claim says at one moment: its fields, and by accessor and primary key those of its results and links."""

    claim: str
    changed_at: str
    fields: Values
    parts: dict[str, dict[str, Values]]

    def token(self) -> str:
        """The state, signed, for a form to carry."""
        return signing.dumps(vars(self), salt=SALT, compress=True)


@dataclass
class TypedRow:
    """A result or link as a form sends it: ``pk`` is empty for a new one."""

    pk: str
    values: Values
    deleted: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.pk and not any(self.values.values())


@dataclass
class Typed:
    """What a form sends of a claim: its fields, and by accessor its rows of results and links in their order."""

    fields: Values
    parts: dict[str, list[TypedRow]]


@dataclass(frozen=True)
class Difference:
    """Something that was changed by somebody else while the form was open.

    ``name`` is that of the input it concerns, empty where nothing of it can be chosen any more. ``both`` says that you
    changed it too: then yours is in the form, and theirs can be taken instead.
    """

    what: str
    was: str
    theirs: str
    yours: str
    name: str = ""
    both: bool = False


@dataclass
class Meeting:
    """What comes of it: the form as it goes on, and what its writer is told."""

    typed: Typed
    differences: list[Difference] = field(default_factory=list)


def state_of(claim: Claim, fields: Iterable[str]) -> State:
    """What the claim says now in these fields and in all its results and links; one query for each kind of these."""
    return State(
        claim=f"{claim._meta.model_name}:{claim.pk}",
        changed_at=claim.updated_at.isoformat(),
        fields={name: _value(claim, name) for name in fields},
        parts={
            accessor: {
                str(row.pk): {name: _value(row, name) for name in part_fields(part, owner)}
                for row in part._default_manager.filter(**{owner: claim.pk}).order_by("pk")
            }
            for accessor, part, owner in parts_by_accessor(type(claim))
        },
    )


def state_from(token: str, claim: Claim) -> State | None:
    """The state that a form was rendered from; ``None`` where the token is missing, spoilt or of another claim."""
    try:
        state = State(**signing.loads(token, salt=SALT))
    except (signing.BadSignature, TypeError):
        return None
    return state if state.claim == f"{claim._meta.model_name}:{claim.pk}" else None


def parts_by_accessor(model: type[Claim]) -> list[tuple[str, type[ClaimPart], str]]:
    """The results and links of a kind of claim: accessor, which is the prefix of their forms, model, field of claim."""
    found = []
    for part, owner in parts_of(model):
        link: Any = part._meta.get_field(owner)
        found.append((str(link.remote_field.get_accessor_name()), part, owner))
    return found


def part_fields(part: type[ClaimPart], owner: str) -> list[str]:
    """What a curator enters of a result or link."""
    return [f.name for f in part._meta.concrete_fields if f.editable and not f.primary_key and f.name != owner]


def plain(text: str) -> str:
    """A text as forms store it: browsers send line breaks as two characters, and space around it is dropped."""
    return text.replace("\r\n", "\n").strip()


def _value(row: Model, name: str) -> Any:
    value = row._meta.get_field(name).value_from_object(row)  # type: ignore[union-attr]
    if isinstance(value, list):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else plain(str(value))


# Three states meet ----------------------------------------------------------------------------------------------------


def meet(was: State, now: State, typed: Typed, claim: Claim) -> Meeting:
    """What the form goes on with, and everything that somebody else changed since it was rendered."""
    words = Words()
    meeting = Meeting(Typed(dict(typed.fields), {}))
    for name, mine in typed.fields.items():
        before, theirs = was.fields.get(name, ""), now.fields.get(name, "")
        if theirs in (before, mine):
            continue
        both = mine != before
        if not both:
            meeting.typed.fields[name] = theirs
        meeting.differences.append(
            Difference(
                words.name(type(claim), name),
                words.value(type(claim), name, before),
                words.value(type(claim), name, theirs),
                words.value(type(claim), name, mine) if both else "",
                name,
                both,
            )
        )
    for accessor, part, owner in parts_by_accessor(type(claim)):
        before_rows, now_rows = was.parts.get(accessor, {}), now.parts.get(accessor, {})
        label = words.part(part, owner)
        rows = _rows_met(before_rows, now_rows, typed.parts.get(accessor, []), accessor, part, label, meeting)
        meeting.typed.parts[accessor] = rows
    return meeting


def _rows_met(
    was: Mapping[str, Values],
    now: Mapping[str, Values],
    typed: list[TypedRow],
    accessor: str,
    part: type[ClaimPart],
    label: str,
    meeting: Meeting,
) -> list[TypedRow]:
    mine = {row.pk: row for row in typed if row.pk}
    new = [row for row in typed if not row.pk]
    met: list[TypedRow] = []
    words = Words()
    for pk, theirs in now.items():
        number = len(met)
        if pk not in was:
            met.append(TypedRow(pk, dict(theirs)))
            meeting.differences.append(Difference(f"{label} added", "", words.row(part, theirs), "", ""))
            new = [row for row in new if row.values != theirs]
            continue
        row = mine.get(pk) or TypedRow(pk, dict(was[pk]))
        values = dict(row.values)
        for name, typed_value in row.values.items():
            before, changed = was[pk].get(name, ""), theirs.get(name, "")
            if changed in (before, typed_value):
                continue
            both = typed_value != before
            if not both:
                values[name] = changed
            yours = words.value(part, name, typed_value) if both else ""
            meeting.differences.append(
                Difference(
                    f"{label} {number + 1}, {words.name(part, name).lower()}",
                    words.value(part, name, before),
                    words.value(part, name, changed),
                    "marked for deletion by you" if row.deleted else yours,
                    f"{accessor}-{number}-{name}",
                    both,
                )
            )
        met.append(TypedRow(pk, values, row.deleted))
    again: list[TypedRow] = []
    for pk, before in was.items():
        if pk in now:
            continue
        row = mine.get(pk) or TypedRow(pk, dict(before), deleted=True)
        kept = row.values != before and not row.deleted
        yours = ""
        if kept:
            again.append(TypedRow("", row.values))
            yours = f"{words.row(part, row.values)} (would be added again)"
        meeting.differences.append(Difference(f"{label} deleted", words.row(part, before), "", yours, "", kept))
    return [*met, *again, *new]


class Words:
    """Values of forms as a person reads them."""

    def name(self, model: type[Model], name: str) -> str:
        return capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name)))

    def value(self, model: type[Model], name: str, value: Any) -> str:
        described: Any = model._meta.get_field(name)
        if isinstance(value, list):
            return "\n".join("; ".join(f"{key}: {text}" for key, text in check.items()) for check in value)
        if not value:
            return ""
        if described.is_relation:
            try:
                return str(described.related_model._default_manager.filter(pk=value).first() or value)
            except (ValueError, DataError):  # what no form sends: it is no key
                return str(value)
        if described.choices:
            return str(dict(described.flatchoices).get(value, value))
        return str(value)

    def part(self, part: type[ClaimPart], owner: str) -> str:
        """What a result or link is called: a link by the one field that it has beside its claim."""
        fields = part_fields(part, owner)
        return self.name(part, fields[0]) if len(fields) == 1 else capfirst(str(part._meta.verbose_name))

    def row(self, part: type[Model], values: Values) -> str:
        """All that a result or link says, in one line."""
        told = [(self.name(part, name), self.value(part, name, value)) for name, value in values.items() if value]
        return told[0][1] if len(told) == 1 else "; ".join(f"{name.lower()}: {value}" for name, value in told)


def people_since(claim: Claim, state: State) -> list[str]:
    """Who changed the claim or its parts after ``state``, the last one first."""
    moment = parse_datetime(state.changed_at)
    since: datetime | None = moment
    changes = changes_of(claim)
    return list(dict.fromkeys(change.who for change in changes if since is None or change.when > since))

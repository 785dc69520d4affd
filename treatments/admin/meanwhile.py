"""The form of a draft that somebody else saved meanwhile: read from what the browser sent, and written back merged.

What becomes of each field is decided in ``treatments.curation.meanwhile``; here are the names of inputs only.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from treatments.curation.meanwhile import (
    Difference,
    State,
    Typed,
    TypedRow,
    Values,
    meet,
    part_fields,
    parts_by_accessor,
    people_since,
    plain,
    state_from,
    state_of,
)
from treatments.models import Claim
from treatments.models.records import SOURCE_CHECK_KEYS

from .fields import SourceChecksField, SourceChecksWidget

STATE = "_state"
THEIRS = "_theirs"
MOST_ROWS = 1000  # of one kind of part; Django's formsets stop at the same number

CHANGED = "{claim} was changed meanwhile by {people}. Nothing was saved yet; what you typed is still below."
NOT_KNOWN = (
    "This form does not say which state of {claim} it was made from. Nothing was saved yet; look at what you typed"
    " and save again."
)


@dataclass(frozen=True)
class Meanwhile:
    """What the person who saves second is told."""

    sentence: str
    differences: list[Difference]

    @property
    def asks(self) -> bool:
        """Whether there is anything to choose."""
        return any(difference.both and difference.name for difference in self.differences)


def notice(request: HttpRequest, claim: Claim, fields: list[str]) -> tuple[State, Meanwhile | None]:
    """The state the claim is in, and what changed since the form that ``request`` sends was rendered.

    In that case the data of the request are those of the form as it goes on: merged, with the new state. The claim must
    be locked, so that nobody changes it before the form is saved.
    """
    now = state_of(claim, fields)
    if request.method != "POST":
        return now, None
    was = state_from(request.POST.get(STATE, ""), claim)
    data = request.POST.copy()
    typed = _typed(data, claim, fields)
    if was is not None and data.getlist(THEIRS):
        _take_theirs(typed, was, data.getlist(THEIRS))
        _write(data, typed, claim)
    data.setlist(THEIRS, [])
    told: Meanwhile | None = None
    if was is None:
        told = Meanwhile(NOT_KNOWN.format(claim=claim), [])
    elif (was.fields, was.parts) != (now.fields, now.parts):
        meeting = meet(was, now, typed, claim)
        _write(data, meeting.typed, claim)
        people = people_since(claim, was)
        told = Meanwhile(
            CHANGED.format(claim=claim, people=" and ".join(people) or "somebody else"), meeting.differences
        )
    data[STATE] = now.token()
    request.POST = data  # type: ignore[assignment]
    return now, told


def _typed(data: QueryDict, claim: Claim, fields: list[str]) -> Typed:
    sent: Values = {}
    for name in fields:
        if name == "source_checks":
            checks = SourceChecksWidget().value_from_datadict(data, {}, name)
            sent[name] = SourceChecksField.without_blanks(checks)
        else:
            sent[name] = plain(data.get(name, ""))
    parts = {}
    for prefix, part, owner in parts_by_accessor(type(claim)):
        names = part_fields(part, owner)
        initial = _number(data, f"{prefix}-INITIAL_FORMS")
        parts[prefix] = [
            TypedRow(
                pk=data.get(f"{prefix}-{number}-id", "") if number < initial else "",
                values={name: plain(data.get(f"{prefix}-{number}-{name}", "")) for name in names},
                deleted=bool(data.get(f"{prefix}-{number}-DELETE")),
            )
            for number in range(_number(data, f"{prefix}-TOTAL_FORMS"))
        ]
    return Typed(sent, parts)


def _number(data: QueryDict, name: str) -> int:
    sent = data.get(name, "")
    return min(int(sent), MOST_ROWS) if sent.isascii() and sent.isdecimal() and len(sent) < 7 else 0


def _take_theirs(typed: Typed, seen: State, chosen: list[str]) -> None:
    """Put back what the form showed as theirs: the state it was rendered from."""
    for name in chosen:
        if name in typed.fields:
            typed.fields[name] = seen.fields.get(name, "")
            continue
        prefix, _, rest = name.partition("-")
        number, _, column = rest.partition("-")
        rows = typed.parts.get(prefix, [])
        if number.isascii() and number.isdecimal() and len(number) < 7 and int(number) < len(rows):
            row = rows[int(number)]
            if column in row.values:
                row.values[column] = seen.parts.get(prefix, {}).get(row.pk, {}).get(column, row.values[column])


def _write(data: QueryDict, typed: Typed, claim: Claim) -> None:
    """The data of the request as if ``typed`` had been sent."""
    for name, value in typed.fields.items():
        if name != "source_checks":
            data[name] = value
            continue
        _clear(data, f"{name}-")
        for number, check in enumerate([*value, {}]):  # an empty row says that the field was shown
            for key in SOURCE_CHECK_KEYS:
                data[f"{name}-{number}-{key}"] = check.get(key, "")
    for prefix, _, owner in parts_by_accessor(type(claim)):
        if f"{prefix}-TOTAL_FORMS" not in data:
            continue
        rows = typed.parts.get(prefix, [])
        _clear(data, f"{prefix}-", but="_FORMS")
        data[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
        data[f"{prefix}-INITIAL_FORMS"] = str(sum(bool(row.pk) for row in rows))
        for number, row in enumerate(rows):
            data[f"{prefix}-{number}-id"] = row.pk
            data[f"{prefix}-{number}-{owner}"] = str(claim.pk)
            if row.deleted:
                data[f"{prefix}-{number}-DELETE"] = "on"
            for name, value in row.values.items():
                data[f"{prefix}-{number}-{name}"] = value


def _clear(data: Any, prefix: str, but: str = "\0") -> None:
    for name in [name for name in data if name.startswith(prefix) and not name.endswith(but)]:
        del data[name]

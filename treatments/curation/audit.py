"""The audit log: every recorded change of everything, by whatever way it was made, as one list.

Each kind of row has its own history; this reads them together, in one statement, and then tells the changes of a page
field by field. How many queries that takes depends on the kinds of rows among them, not on how many changes there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import (
    CASCADE,
    F,
    ForeignKey,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast
from django.utils.text import capfirst
from pghistory.models import Context

from treatments.models.claims import ClaimPart
from treatments.models.vocabulary import Part

from .history import (
    VERBS,
    FieldChange,
    changed_fields,
    events_of,
    made_by,
    names_of,
    people_named,
    step_of,
    texts_of_rows_named,
    tracked_parts,
)
from .people import name_of

NOBODY = "nobody"
"""Asked for as a person: what was done by commands, migrations, in a shell or in SQL."""
CHUNK = 500
SIGN_INS = -1
"""The place of people and roles among the kinds: they have no history of their own, but the admin's list of actions."""
KEYS = ("accession", "slug", "nct_id", "code", "name", "username")


@dataclass(frozen=True)
class Asked:
    """Which changes are asked for: by whom (a primary key, or ``NOBODY``), in which days (UTC), of what."""

    person: str = ""
    since: date | None = None
    until: date | None = None
    kind: str = ""
    key: str = ""

    @property
    def begins(self) -> datetime | None:
        return datetime.combine(self.since, time.min, UTC) if self.since else None

    @property
    def ends(self) -> datetime | None:
        return datetime.combine(self.until + timedelta(days=1), time.min, UTC) if self.until else None


@dataclass(frozen=True)
class Entry:
    """One change of one row. ``record`` is what it belongs to, as model and primary key, for a link."""

    at: datetime
    who: str
    person: Any
    step: str
    reason: str
    action: str
    kind: str
    name: str
    record: tuple[type[Model], Any]
    fields: list[FieldChange]

    @property
    def what(self) -> str:
        return f"{capfirst(self.kind)} {self.action}"


class _Place(NamedTuple):
    """Where a change stands: its time, the kind of its row, and its number there."""

    at: datetime
    kind: int
    number: int
    context: Any


@cache
def tracked() -> tuple[type[Model], ...]:
    """Every kind of row with a history, parts included, always in the same order."""
    found = [model for model in apps.get_app_config("treatments").get_models() if "pgh_event_model" in vars(model)]
    return tuple(sorted(found, key=lambda model: model.__name__))


@cache
def kinds() -> dict[str, type[Model]]:
    """What can be asked for, by name: kinds of records, each with its parts, and people."""
    whole = {model._meta.model_name or "": model for model in tracked() if not issubclass(model, Part | ClaimPart)}
    return whole | {"user": User}


def _ways(asked: Asked) -> dict[type[Model], str]:
    """The kinds of rows that are asked for, each with the path to the record that it belongs to."""
    if not asked.kind:
        return dict.fromkeys(tracked(), "pgh_obj")
    model = kinds()[asked.kind]
    if model is User:
        return {}
    return {model: "pgh_obj", **dict(tracked_parts(model))}


def _named(model: type[Model], key: str) -> QuerySet:
    """The rows of ``model`` that are called ``key``: all versions of a claim, or the one record."""
    names = [name for name in KEYS if name in {field.name for field in model._meta.concrete_fields}]
    wanted = Q(pk=int(key)) if key.isascii() and key.isdigit() and len(key) < 10 else Q(pk__in=[])
    if names:
        wanted = Q(**{names[0]: key})
    return model._default_manager.filter(wanted).values("pk")


class AuditTrail:
    """The changes asked for, newest first, to be counted and sliced like a queryset."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def count(self) -> int:
        return self._all.count()

    def __getitem__(self, part: slice) -> list[Entry]:
        return _told([_Place(*row) for row in self._all.order_by(f"-{AT}", KIND, f"-{NUMBER}")[part]])

    def oldest_first(self) -> Iterator[Entry]:
        """All of them, read in pieces, however many there are."""
        after: _Place | None = None
        while True:
            parts = self._parts(after)
            rows = parts[0].union(*parts[1:], all=True).order_by(AT, KIND, NUMBER)[:CHUNK]
            places = [_Place(*row) for row in rows]
            yield from _told(places)
            if len(places) < CHUNK:
                return
            after = places[-1]

    @cached_property
    def _all(self) -> QuerySet:
        first, *others = self._parts()
        return first.union(*others, all=True)

    def _parts(self, after: _Place | None = None) -> list[QuerySet]:
        parts = []
        for model, path in _ways(self.asked).items():
            events = events_of(model)
            if self.asked.key:
                events = events.filter(**{f"{path}__in": _named(kinds()[self.asked.kind], self.asked.key)})
            events = self._within(events, "pgh_created_at")
            if self.asked.person == NOBODY:
                events = events.filter(Q(pgh_context=None) | Q(pgh_context__metadata__user__isnull=True))
            elif self.asked.person:
                events = events.filter(pgh_context__metadata__user=int(self.asked.person))
            number = tracked().index(model)
            events = _after(events, after, number, "pgh_created_at", "pgh_id")
            parts.append(_columns(events, number, "pgh_created_at", "pgh_id", F("pgh_context_id")))
        if self.asked.kind in ("", "user") and self.asked.person != NOBODY:
            rows = _after(self._sign_ins(), after, SIGN_INS, "action_time", "id")
            parts.append(_columns(rows, SIGN_INS, "action_time", "id", Cast(Value(None), UUIDField())))
        return parts

    def _within(self, rows: QuerySet, when: str) -> QuerySet:
        if begins := self.asked.begins:
            rows = rows.filter(**{f"{when}__gte": begins})
        if ends := self.asked.ends:
            rows = rows.filter(**{f"{when}__lt": ends})
        return rows

    def _sign_ins(self) -> QuerySet:
        """What was done in the admin to people, roles and their second factors."""
        rows = LogEntry.objects.filter(content_type__app_label__in=("auth", "mfa", "account"))
        if self.asked.key:
            keys = [str(pk) for pk in User.objects.filter(username=self.asked.key).values_list("pk", flat=True)]
            rows = rows.filter(content_type__model="user", object_id__in=keys)
        if self.asked.person:
            rows = rows.filter(user_id=int(self.asked.person))
        return self._within(rows, "action_time")


# The names that the columns of all kinds of rows have in the one statement.
AT, KIND, NUMBER, CONTEXT = COLUMNS = ("audit_at", "audit_kind", "audit_number", "audit_context")


def _columns(rows: QuerySet, kind: int, at: str, number: str, context: Any) -> QuerySet:
    places = {AT: F(at), KIND: Value(kind, output_field=IntegerField()), NUMBER: F(number), CONTEXT: context}
    return rows.order_by().annotate(**places).values_list(*COLUMNS)


def _after(rows: QuerySet, last: _Place | None, kind: int, at: str, number: str) -> QuerySet:
    """Of the rows of one kind those that stand after ``last``, in the order of time, kind and number."""
    if last is None:
        return rows
    if kind == last.kind:
        return rows.filter(Q(**{f"{at}__gt": last.at}) | Q(**{at: last.at, f"{number}__gt": last.number}))
    return rows.filter(**{f"{at}__{'gte' if kind > last.kind else 'gt'}": last.at})


# Telling them ---------------------------------------------------------------------------------------------------------


def _told(places: list[_Place]) -> list[Entry]:
    """What happened at each place, in their order."""
    contexts = Context.objects.in_bulk({place.context for place in places} - {None})
    about = {key: context.metadata for key, context in contexts.items()}
    wanted: dict[int, list[int]] = defaultdict(list)
    for place in places:
        wanted[place.kind].append(place.number)
    events: dict[tuple[int, int], tuple[Any, Any]] = {}
    for kind, numbers in wanted.items():
        if kind != SIGN_INS:
            events |= {(kind, event.pgh_id): (before, event) for before, event in _with_before(kind, numbers)}
    texts = texts_of_rows_named(row for pair in events.values() for row in pair if row is not None)
    names = _names_of_records(event for _, event in events.values())
    people = people_named(about.values())
    signed_in = {SIGN_INS: _of_people(wanted[SIGN_INS])} if SIGN_INS in wanted else {}
    told = []
    for place in places:
        if place.kind == SIGN_INS:
            told.append(signed_in[SIGN_INS][place.number])
            continue
        before, event = events[place.kind, place.number]
        model = tracked()[place.kind]
        found = about.get(place.context, {})
        record = _record(model, event)
        told.append(
            Entry(
                at=place.at,
                who=made_by(found, people),
                person=found.get("user"),
                step=step_of(found),
                reason=str(found.get("reason") or ""),
                action=VERBS[event.pgh_label],
                kind=str(model._meta.verbose_name),
                name=names.get(record, str(record[1])),
                record=record,
                fields=changed_fields(before, event, texts, _owner_field(model)),
            )
        )
    return told


def _with_before(kind: int, numbers: list[int]) -> Iterator[tuple[Any, Any]]:
    """The events of one kind of row with these numbers, each after the event before it of the same row."""
    model = tracked()[kind]
    same_row = events_of(model).filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    before = Subquery(same_row.order_by("-pgh_id").values("pgh_id")[:1])
    found = list(events_of(model).filter(pgh_id__in=numbers).annotate(audit_before=before))
    earlier = events_of(model).in_bulk({event.audit_before for event in found} - {None})
    for event in found:
        yield earlier.get(event.audit_before), event


@cache
def _owner_field(model: type[Model]) -> str | None:
    """The field by which a part names what it belongs to; None for a record."""
    if not issubclass(model, Part | ClaimPart):
        return None
    links = [f for f in model._meta.concrete_fields if isinstance(f, ForeignKey)]
    return next((link.name for link in links if link.remote_field.on_delete is CASCADE), None)


def _record(model: type[Model], event: Any) -> tuple[type[Model], Any]:
    """What a change is told under: the record itself, for a part what it belongs to."""
    owner = _owner_field(model)
    if owner is None:
        return model, event.pgh_obj_id
    link: Any = model._meta.get_field(owner)
    return link.related_model, getattr(event, link.attname)


def _names_of_records(events: Iterable[Any]) -> dict[tuple[type[Model], Any], str]:
    keys: dict[type[Model], set[Any]] = defaultdict(set)
    for event in events:
        model, pk = _record(event.pgh_tracked_model, event)
        keys[model].add(pk)
    return {(model, pk): name for model, found in keys.items() for pk, name in names_of(model, found).items()}


ACTIONS = {1: "added", 2: "changed", 3: "deleted"}


def _of_people(numbers: list[int]) -> dict[int, Entry]:
    """What the admin noted of people and roles: which fields were changed, not what they held."""
    rows: Any = LogEntry.objects.filter(pk__in=numbers).select_related("user", "content_type")
    return {
        row.pk: Entry(
            at=row.action_time,
            who=name_of(row.user),
            person=row.user_id,
            step="",
            reason="",
            action=ACTIONS[row.action_flag],
            kind=row.content_type.name,
            name=row.object_repr,
            record=(row.content_type.model_class() or User, row.object_id),
            fields=[FieldChange("Noted", "", str(row.get_change_message()))],
        )
        for row in rows
    }

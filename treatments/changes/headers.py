"""Finding changes in the history: one row for each record that one transaction changed."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from treatments.curation.history import events_of, tracked_parts
from treatments.models import (
    Appraisal,
    Autoantibody,
    CertaintyLevel,
    Claim,
    DatasetRevision,
    Evidence,
    EvidenceLevel,
    Manifestation,
    Mechanism,
    MechanismInteraction,
    OutcomeMeasure,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Treatment,
    Trial,
)
from treatments.models.choices import ChangeKind, ClaimStatus, RecordType

OF_CLAIMS = (ChangeKind.PUBLISHED, ChangeKind.NEW_VERSION, ChangeKind.RETRACTED)


@dataclass(frozen=True)
class Source:
    """A kind of record whose changes are told, and the ways from it to the treatments and antibodies it is about."""

    model: Any
    treatments: str = ""
    autoantibodies: str = ""

    @property
    def is_claim(self) -> bool:
        return issubclass(self.model, Claim)


SOURCES: dict[RecordType, Source] = {
    RecordType.EVIDENCE: Source(Evidence, "treatment", "autoantibodies"),
    RecordType.PHENOTYPE_ASSOCIATION: Source(PhenotypeAssociation, autoantibodies="autoantibody"),
    RecordType.RECOMMENDATION: Source(Recommendation, "treatment", "autoantibodies"),
    RecordType.APPRAISAL: Source(Appraisal, "treatment", "autoantibody"),
    RecordType.TREATMENT: Source(Treatment, treatments="pk"),
    RecordType.MECHANISM: Source(Mechanism),
    RecordType.MECHANISM_INTERACTION: Source(MechanismInteraction),
    RecordType.AUTOANTIBODY: Source(Autoantibody, autoantibodies="pk"),
    RecordType.MANIFESTATION: Source(Manifestation),
    RecordType.OUTCOME_MEASURE: Source(OutcomeMeasure),
    RecordType.EVIDENCE_LEVEL: Source(EvidenceLevel),
    RecordType.CERTAINTY_LEVEL: Source(CertaintyLevel),
    RecordType.REFERENCE: Source(Reference),
    RecordType.TRIAL: Source(Trial, treatments="treatments"),
}
CLAIM_TYPES = tuple(kind for kind, source in SOURCES.items() if source.is_claim)


@dataclass(frozen=True)
class Scope:
    """Which changes are asked for: any of the values given, all of the conditions given.

    A claim is about the treatments and autoantibodies that it names, and about those that the version it replaced
    named: who follows a treatment hears that an entry was moved away from it.
    """

    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    autoantibodies: tuple[Autoantibody, ...] = ()
    since: date | None = None
    after_revision: int | None = None

    @cached_property
    def begins(self) -> datetime | None:
        """The time of the first transaction that counts; None for all of them.

        Transactions that ran side by side may have begun in another order than they took their revisions: what is
        told then begins a little early, and nothing is left out. Where the history of the revisions begins later
        than asked for, everything is told.
        """
        bounds = []
        if self.since is not None:
            bounds.append(datetime.combine(self.since, time.min, UTC))
        if self.after_revision is not None:
            later = events_of(DatasetRevision).filter(number__gt=self.after_revision)
            found = later.aggregate(begins=Min("pgh_created_at"), lowest=Min("number"))
            if found["lowest"] is None:
                bounds.append(datetime.max.replace(tzinfo=UTC))
            elif found["lowest"] == self.after_revision + 1:
                bounds.append(found["begins"])
        return max(bounds, default=None)


class Header(NamedTuple):
    """One record changed by one transaction. ``event`` is the row of history that says more; 0 where there is none."""

    at: datetime
    record_type: str
    kind: str
    key: str
    event: int
    context: str | None


def _columns(events: QuerySet, record_type: str, kind: Any, key: Any, event: Any) -> QuerySet:
    return events.order_by().values_list(
        F("pgh_created_at"),
        Value(str(record_type), output_field=TextField()),
        kind,
        Cast(key, TextField()),
        event,
        F("pgh_context_id"),
    )


def _told(kind: ChangeKind) -> Value:
    return Value(kind.value, output_field=TextField())


NO_EVENT = Value(0, output_field=IntegerField())


def _of_claims(record_type: RecordType, source: Source, scope: Scope) -> Iterator[QuerySet]:
    """Versions that were published and versions that were retracted, each once: nothing else of a claim is public."""
    public = (ClaimStatus.PUBLISHED, ClaimStatus.RETRACTED)
    events = _in_scope(events_of(source.model).filter(pgh_label="update", status__in=public), source, scope)
    kind = Case(
        When(status=ClaimStatus.RETRACTED, then=_told(ChangeKind.RETRACTED)),
        When(version=1, then=_told(ChangeKind.PUBLISHED)),
        default=_told(ChangeKind.NEW_VERSION),
        output_field=TextField(),
    )
    if scope.kinds:
        events = events.alias(kind_told=kind).filter(kind_told__in=scope.kinds)
    yield _columns(events, record_type, kind, F("pgh_obj_id"), F("pgh_id"))


def _of_vocabulary(record_type: RecordType, source: Source, scope: Scope) -> Iterator[QuerySet]:
    """Records that were added, removed, retired, or changed in any other way, themselves or in one of their parts."""
    rows = events_of(source.model)
    kinds = {
        ChangeKind.ADDED: rows.filter(pgh_label="insert"),
        ChangeKind.REMOVED: rows.filter(pgh_label="delete"),
    }
    if "retired_on" in {field.name for field in source.model._meta.fields}:
        before = rows.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")).order_by("-pgh_id")
        retired = rows.filter(pgh_label="update", retired_on__isnull=False)
        kinds[ChangeKind.RETIRED] = retired.alias(retired_before=before.values("retired_on")[:1]).filter(
            retired_before__isnull=True
        )
    for kind, events in kinds.items():
        if not scope.kinds or kind in scope.kinds:
            event = F("pgh_id") if kind == ChangeKind.RETIRED else NO_EVENT
            yield _columns(_in_scope(events, source, scope), record_type, _told(kind), F("pgh_obj_id"), event)
    if scope.kinds and ChangeKind.CHANGED not in scope.kinds:
        return
    for model, path in [(source.model, "pgh_obj"), *tracked_parts(source.model)]:
        events = _in_scope(events_of(model), source, scope, path)
        for other in kinds.values():
            # What was told in another way already.
            same = other.filter(pgh_obj_id=OuterRef(path), pgh_created_at=OuterRef("pgh_created_at"))
            events = events.filter(~Exists(same))
        yield _columns(events, record_type, _told(ChangeKind.CHANGED), F(path), NO_EVENT)


def _in_scope(events: QuerySet, source: Source, scope: Scope, path: str = "pgh_obj") -> QuerySet:
    for way, wanted in ((source.treatments, scope.treatments), (source.autoantibodies, scope.autoantibodies)):
        if wanted:
            named = {f"{way}__in": [record.pk for record in wanted]}
            about = source.model._default_manager.filter(**named).values("pk")
            itself = Q(**{f"{path}__in": about})
            events = events.filter(itself | Q(supersedes__in=about) if source.is_claim else itself)
    if begins := scope.begins:
        events = events.filter(pgh_created_at__gte=begins)
    return events


def _sources(scope: Scope) -> Iterator[tuple[RecordType, Source]]:
    """The kinds of records that anything in ``scope`` can have happened to."""
    for record_type, source in SOURCES.items():
        wanted = not scope.types or record_type in scope.types
        about = (source.treatments or not scope.treatments) and (source.autoantibodies or not scope.autoantibodies)
        told = not scope.kinds or any((kind in OF_CLAIMS) == source.is_claim for kind in scope.kinds)
        if wanted and about and told:
            yield record_type, source


# Reading them ---------------------------------------------------------------------------------------------------------

NOTHING = "SELECT NULL::timestamptz, ''::text, ''::text, ''::text, 0, NULL::uuid WHERE false"


class Group(NamedTuple):
    """What one transaction did in one way to records of one type: how many, and the first few of them."""

    at: datetime
    record_type: str
    kind: str
    size: int
    keys: list[str]
    events: list[int]
    context: str | None

    @property
    def headers(self) -> list[Header]:
        return [
            Header(self.at, self.record_type, self.kind, key, event, self.context)
            for key, event in zip(self.keys, self.events, strict=True)
        ]


class _Told:
    """What is in a scope, as SQL over one table ``header`` with the columns of ``Header``."""

    def __init__(self, scope: Scope) -> None:
        parts = [NOTHING]
        self._parameters: list[Any] = []
        for record_type, source in _sources(scope):
            read = _of_claims if source.is_claim else _of_vocabulary
            for found in read(record_type, source, scope):
                with suppress(EmptyResultSet):
                    sql, values = found.query.sql_with_params()
                    parts.append(sql)
                    self._parameters += values
        # UNION, so that a record whose row and parts changed together is told once.
        union = " UNION ".join(f"({sql})" for sql in parts)
        self._with = f"WITH header (at, record_type, kind, key, event, context) AS ({union})"

    def _rows(self, select: str, *values: Any) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(f"{self._with} {select}", [*self._parameters, *values])
            return cursor.fetchall()


def _window(part: slice) -> tuple[int, int | None]:
    start = part.start or 0
    return start, None if part.stop is None else part.stop - start


class Headers(_Told):
    """The changes in a scope, newest first, to be counted and sliced like a queryset."""

    def count(self) -> int:
        return int(self._rows("SELECT count(*) FROM header")[0][0])

    def __getitem__(self, part: slice) -> list[Header]:
        rows = self._rows(
            'SELECT * FROM header ORDER BY at DESC, record_type, event DESC, key COLLATE "C", kind OFFSET %s LIMIT %s',
            *_window(part),
        )
        return [Header(*row) for row in rows]


class Transactions(_Told):
    """The times of the transactions that made the changes in a scope, newest first, likewise."""

    def count(self) -> int:
        return int(self._rows("SELECT count(DISTINCT at) FROM header")[0][0])

    def __getitem__(self, part: slice) -> list[datetime]:
        rows = self._rows("SELECT DISTINCT at FROM header ORDER BY at DESC OFFSET %s LIMIT %s", *_window(part))
        return [at for (at,) in rows]

    def groups(self, times: list[datetime], at_most: int) -> list[Group]:
        """What each of these transactions did, with no more than ``at_most`` records each named."""
        rows = self._rows(
            "SELECT at, record_type, kind, count(*),"
            ' (array_agg(key ORDER BY event, key COLLATE "C"))[1:%s],'
            ' (array_agg(event ORDER BY event, key COLLATE "C"))[1:%s],'
            " min(context::text)"
            " FROM header WHERE at = ANY(%s) GROUP BY at, record_type, kind ORDER BY at DESC, record_type, kind",
            *(at_most, at_most, times),
        )
        return [Group(*row) for row in rows]

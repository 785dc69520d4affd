"""What is said of changes: the records themselves, why they changed, and which revision and release they came with."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from pghistory.models import Context

from treatments.curation.history import FieldChange, as_it_was, events_of, recorded
from treatments.models import Claim, DatasetRevision, Release
from treatments.models.choices import ChangeKind, RecordType

from .headers import SOURCES, Header, Scope, Transactions

# More records than this, changed by one transaction, are counted and not listed.
LISTED = 20

SEARCH = "search_vector"  # large, and of no use to a reader
JOINED: dict[RecordType, tuple[str, ...]] = {
    RecordType.EVIDENCE: ("treatment", "reference", "supersedes"),
    RecordType.PHENOTYPE_ASSOCIATION: ("autoantibody", "manifestation", "supersedes"),
    RecordType.RECOMMENDATION: ("treatment", "guideline", "supersedes"),
    RecordType.APPRAISAL: ("treatment", "manifestation", "supersedes"),
    RecordType.MECHANISM_INTERACTION: ("upstream", "downstream"),
}


@dataclass(frozen=True)
class FieldsOfPart:
    """What was changed of a record or one of its parts: "Approval added", and field by field."""

    what: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class Change:
    """One record changed by one transaction. ``record`` is the version of a claim, or the record as it is now.

    A record that is no longer there is as it was, and ``has_page`` is false. ``why`` is empty where nothing was noted.
    """

    header: Header
    kind: ChangeKind
    record_type: RecordType
    record: Any
    revision: int | None
    release: Release | None
    has_page: bool
    why: str
    details: list[FieldsOfPart]

    @property
    def at(self) -> datetime:
        return self.header.at


@dataclass(frozen=True)
class Count:
    """Records that a transaction changed in one way, too many to list."""

    kind: ChangeKind
    record_type: RecordType
    count: int


@dataclass(frozen=True)
class Transaction:
    """What one transaction changed: listed, counted, or both."""

    at: datetime
    revision: int | None
    release: Release | None
    counts: list[Count]
    changes: list[Change]


def changes(headers: Sequence[Header], *, with_details: bool = False) -> list[Change]:
    """What is to be said of each of ``headers``, in their order; ``with_details`` also field by field.

    The number of queries depends on the types of records among them, not on how many there are.
    """
    wanted: dict[RecordType, list[Header]] = defaultdict(list)
    for header in headers:
        wanted[RecordType(header.record_type)].append(header)
    revisions = _revisions({header.at for header in headers})
    releases = _releases(header.context for header in headers)
    records: dict[tuple[str, str], Any] = {}
    gone: dict[tuple[str, str], Any] = {}
    retired: dict[Header, str] = {}
    details: dict[tuple[str, str, datetime], list[FieldsOfPart]] = defaultdict(list)
    for record_type, of_type in wanted.items():
        keys = {header.key for header in of_type}
        found = {str(row.pk): row for row in readable(record_type).filter(pk__in=keys)}
        records |= {(record_type.value, key): row for key, row in found.items()}
        gone |= {(record_type.value, key): row for key, row in _gone(record_type, keys - found.keys()).items()}
        retired |= _retirement_reasons(record_type, of_type)
        if with_details:
            changed = [header for header in of_type if header.kind == ChangeKind.CHANGED]
            for header, told in _details(record_type, changed):
                details[header.record_type, header.key, header.at].append(told)
    return [
        Change(
            header=header,
            kind=ChangeKind(header.kind),
            record_type=RecordType(header.record_type),
            record=record,
            revision=revisions.get(header.at),
            release=_release(header, record, releases),
            has_page=(header.record_type, header.key) in records,
            why=retired.get(header, "") or _why(header, record),
            details=details[header.record_type, header.key, header.at],
        )
        for header in headers
        if (record := (records | gone).get((header.record_type, header.key))) is not None
    ]


def transactions(scope: Scope, times: list[datetime]) -> list[Transaction]:
    """What each of these transactions changed within ``scope``."""
    groups = Transactions(scope).groups(times, LISTED)
    totals: dict[datetime, int] = defaultdict(int)
    for group in groups:
        totals[group.at] += group.size
    counted = [group for group in groups if _is_counted(group.kind, group.size, totals[group.at])]
    listed = changes(
        [header for group in groups if group not in counted for header in group.headers], with_details=True
    )
    revisions = _revisions(times)
    releases = _releases(group.context for group in groups)
    contexts = {group.at: str(group.context) for group in groups if group.context}
    return [
        Transaction(
            at=at,
            revision=revisions.get(at),
            release=releases.get(contexts.get(at, "")),
            counts=[
                Count(ChangeKind(group.kind), RecordType(group.record_type), group.size)
                for group in counted
                if group.at == at
            ],
            changes=[change for change in listed if change.at == at],
        )
        for at in times
    ]


def _is_counted(kind: str, count: int, total: int) -> bool:
    """Whether records are counted instead of listed; what was withdrawn is listed as long as it can be."""
    ordinary = kind in (ChangeKind.PUBLISHED, ChangeKind.ADDED, ChangeKind.CHANGED)
    return count > LISTED or (ordinary and total > LISTED)


# Reading --------------------------------------------------------------------------------------------------------------


def _gone(record_type: RecordType, keys: Iterable[str]) -> dict[str, Any]:
    """Records that are no longer there, as they were last. A claim that was ever public is always there."""
    source = SOURCES[record_type]
    if source.is_claim or not keys:
        return {}
    last = events_of(source.model).filter(pgh_label="delete", pgh_obj_id__in=keys).order_by("pgh_id")
    rows = {str(event.pgh_obj_id): as_it_was(source.model, event) for event in last}
    if record_type == RecordType.MECHANISM_INTERACTION:
        _join_mechanisms(rows.values())
    return rows


def _join_mechanisms(interactions: Iterable[Any]) -> None:
    """Give interactions that are no longer there the mechanisms between which they were, gone ones too."""
    wanted = {str(pk) for row in interactions for pk in (row.upstream_id, row.downstream_id)}
    found = {str(row.pk): row for row in readable(RecordType.MECHANISM).filter(pk__in=wanted)}
    found |= _gone(RecordType.MECHANISM, wanted - found.keys())
    for row in interactions:
        row.upstream, row.downstream = found[str(row.upstream_id)], found[str(row.downstream_id)]


def readable(record_type: RecordType) -> QuerySet:
    """What readers may see, joined with what it is called after."""
    model = SOURCES[record_type].model
    rows = model.objects.public() if issubclass(model, Claim) else model._default_manager.all()
    joined = JOINED.get(record_type, ())
    if issubclass(model, Claim):
        joined = (*joined, "release")
    if joined:
        rows = rows.select_related(*joined)
    if record_type == RecordType.EVIDENCE:
        rows = rows.prefetch_related("manifestations")
    searched = [name for name in ("", *joined) if _is_searched(model, name)]
    return rows.defer(*(f"{name}__{SEARCH}" if name else SEARCH for name in searched))


def _is_searched(model: Any, path: str) -> bool:
    found = model._meta.get_field(path).related_model if path else model
    return SEARCH in {field.name for field in found._meta.get_fields()}


def _details(record_type: RecordType, headers: Sequence[Header]) -> Iterable[tuple[Header, FieldsOfPart]]:
    """Field by field what was changed, for records that are changed in place."""
    if not headers:
        return
    wanted = {(header.key, header.at): header for header in headers}
    for one in recorded(SOURCES[record_type].model, {header.key for header in headers}):
        header = wanted.get((str(one.owner), one.event.pgh_created_at))
        if header and one.fields:
            yield header, FieldsOfPart(one.what, one.fields)


def _why(header: Header, record: Any) -> str:
    """What readers are told as the reason for what happened to a claim."""
    if not isinstance(record, Claim):
        return ""
    return record.retraction_reason if header.kind == ChangeKind.RETRACTED else record.change_note


def _retirement_reasons(record_type: RecordType, headers: Iterable[Header]) -> dict[Header, str]:
    """Why records were retired, as it was said then: one may be in use again."""
    retired = {header.event: header for header in headers if header.kind == ChangeKind.RETIRED}
    if not retired:
        return {}
    said = events_of(SOURCES[record_type].model).filter(pgh_id__in=retired).values_list("pgh_id", "retirement_reason")
    return {retired[event]: reason for event, reason in said}


def _release(header: Header, record: Any, loaded: dict[str, Release]) -> Release | None:
    """The release that a change came with. A claim that came with one may be retracted by people."""
    if isinstance(record, Claim) and header.kind != ChangeKind.RETRACTED:
        return record.release
    return loaded.get(str(header.context))


def _revisions(times: Iterable[datetime]) -> dict[datetime, int]:
    """The revision that each transaction made, as far as the history of the revisions goes back."""
    made = events_of(DatasetRevision).filter(pgh_created_at__in=list(times))
    return dict(made.order_by("number").values_list("pgh_created_at", "number"))


def _releases(contexts: Iterable[Any]) -> dict[str, Release]:
    """The releases of the data set that were loaded, by the context of the load."""
    named = {
        str(context.pk): context.metadata.get("release")
        for context in Context.objects.filter(pk__in={key for key in contexts if key})
        if context.metadata.get("command") == "load_dataset"
    }
    found = Release.objects.in_bulk({name for name in named.values() if name}, field_name="name")
    return {context: found[name] for context, name in named.items() if name in found}

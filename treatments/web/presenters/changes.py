"""Changes of the public data set as a page shows them: by day, a line a record, big loads as counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from treatments.changes import Change, Count, Scope, Transaction
from treatments.models import Claim, MechanismInteraction
from treatments.models.choices import ChangeKind, RecordType
from treatments.titles import title

# What a count of records of a type is called, the list that holds them, and which parts of a scope that list takes.
LISTS: dict[RecordType, tuple[str, str, str, tuple[str, ...]]] = {
    RecordType.EVIDENCE: ("evidence entry", "evidence entries", "evidence-list", ("treatment", "autoantibody")),
    RecordType.PHENOTYPE_ASSOCIATION: (
        "phenotype association",
        "phenotype associations",
        "phenotype-associations",
        ("autoantibody",),
    ),
    RecordType.RECOMMENDATION: (
        "recommendation",
        "recommendations",
        "recommendations",
        ("treatment", "autoantibody"),
    ),
    RecordType.APPRAISAL: ("appraisal", "appraisals", "appraisals", ("treatment", "autoantibody")),
    RecordType.TREATMENT: ("treatment", "treatments", "treatments", ()),
    RecordType.MECHANISM: ("mechanism", "mechanisms", "mechanisms", ()),
    RecordType.MECHANISM_INTERACTION: ("mechanism interaction", "mechanism interactions", "mechanisms", ()),
    RecordType.AUTOANTIBODY: ("autoantibody", "autoantibodies", "autoantibodies", ()),
    RecordType.MANIFESTATION: ("manifestation", "manifestations", "manifestations", ()),
    RecordType.OUTCOME_MEASURE: ("outcome measure", "outcome measures", "outcome-measures", ()),
    RecordType.EVIDENCE_LEVEL: ("evidence level", "evidence levels", "evidence-levels", ()),
    RecordType.CERTAINTY_LEVEL: ("certainty level", "certainty levels", "certainty-levels", ()),
    RecordType.REFERENCE: ("reference", "references", "references", ()),
    RecordType.TRIAL: ("trial", "trials", "trials", ("treatment",)),
}
DONE = {
    ChangeKind.PUBLISHED: "published",
    ChangeKind.NEW_VERSION: "published anew",
    ChangeKind.RETRACTED: "retracted",
    ChangeKind.ADDED: "added",
    ChangeKind.CHANGED: "changed",
    ChangeKind.RETIRED: "retired",
    ChangeKind.REMOVED: "removed",
}


@dataclass(frozen=True)
class Counted:
    """ "319 evidence entries", with the address of the list that holds them."""

    text: str
    url: str


@dataclass(frozen=True)
class Sum:
    """What a transaction did in one way, in numbers: "published", and how many of what."""

    done: str
    counted: list[Counted]


@dataclass(frozen=True)
class Line:
    """One record that was changed."""

    change: Change
    title: str
    url: str
    accession: str
    version: int | None
    replaced: int | None


@dataclass(frozen=True)
class Step:
    """One transaction."""

    transaction: Transaction
    sums: list[Sum]
    lines: list[Line]


@dataclass(frozen=True)
class Day:
    date: date
    steps: list[Step]


def days(transactions: Iterable[Transaction], scope: Scope) -> list[Day]:
    """The transactions, in their order, under the days they happened on (UTC)."""
    return [
        Day(day, [Step(one, _sums(one.counts, scope), [line(change) for change in one.changes]) for one in same])
        for day, same in groupby(transactions, lambda transaction: transaction.at.date())
    ]


def line(change: Change) -> Line:
    record = change.record
    is_claim = isinstance(record, Claim)
    return Line(
        change=change,
        title=title(record),
        url=address(change),
        accession=record.accession if is_claim else "",
        version=record.version if is_claim else None,
        replaced=record.supersedes.version if change.kind == ChangeKind.NEW_VERSION and record.supersedes else None,
    )


def address(change: Change) -> str:
    """The page that shows what was changed; of a claim that of the version. Empty for what was removed."""
    record = change.record
    if not change.has_page:
        return ""
    if isinstance(record, Claim):
        return record.get_version_url()
    return str((record.upstream if isinstance(record, MechanismInteraction) else record).get_absolute_url())


def _sums(counts: Iterable[Count], scope: Scope) -> list[Sum]:
    found: dict[ChangeKind, list[Counted]] = {}
    order = list(LISTS)
    for count in sorted(counts, key=lambda count: order.index(count.record_type)):
        one, several, _, _ = LISTS[count.record_type]
        text = f"{count.count} {one if count.count == 1 else several}"
        found.setdefault(count.kind, []).append(Counted(text, list_address(count.record_type, scope)))
    return [Sum(DONE[kind], found[kind]) for kind in DONE if kind in found]


def list_address(record_type: RecordType, scope: Scope) -> str:
    """The list of records of a type, narrowed to the treatments and antibodies of the scope where it can be."""
    _, _, name, narrowed_by = LISTS[record_type]
    wanted = {"treatment": scope.treatments, "autoantibody": scope.autoantibodies}
    query = urlencode([(by, record.slug) for by in narrowed_by for record in wanted[by]])
    return f"{reverse(f'web:{name}')}{'?' if query else ''}{query}"

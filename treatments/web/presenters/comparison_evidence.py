"""The evidence on treatments side by side: counted, in figures, and by study."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from treatments.models import OutcomeMeasure, Reference, Treatment, Trial
from treatments.models.choices import Aspect, Direction
from treatments.tally import Tally, tally

from .comparison_table import Column, Row, across
from .evidence import Entry, Group
from .figures import result_row

UNFAVOURABLE = (Direction.NO_BENEFIT, Direction.HARM)
SHOWN = 3  # findings in a cell before the others are folded away


@dataclass(frozen=True)
class Counted:
    """Efficacy entries counted, with the list that shows exactly these."""

    tally: Tally
    url: str
    reported_for: str


@dataclass(frozen=True)
class Finding:
    """Figures of one entry; without any, the entry itself."""

    entry: Entry
    figures: str = ""
    label: str = ""
    p_value: str = ""


@dataclass(frozen=True)
class Findings:
    """The figures of a cell: ``shown`` at once, with at least one of every direction, and ``folded`` away."""

    shown: list[Finding]
    folded: list[Finding]

    def __bool__(self) -> bool:
        return bool(self.shown)


@dataclass(frozen=True)
class InStudy:
    """What one study holds on a treatment: its entries, and whether another one's comparator is this treatment."""

    entries: list[Entry]
    is_comparator: bool

    def __bool__(self) -> bool:
        return bool(self.entries or self.is_comparator)


# Evidence counted -----------------------------------------------------------------------------------------------------


def _counted(entries: Iterable[Entry], **filters: str) -> list[Counted]:
    """One count for the treatment's own entries and one for each of its classes, in that order."""
    apart: dict[Treatment, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.reported_for):
        apart.setdefault(entry.claim.treatment, []).append(entry)
    return [
        Counted(tally(row.claim for row in rows), _list_url(treatment, filters), rows[0].reported_for)
        for treatment, rows in apart.items()
    ]


def _list_url(treatment: Treatment, filters: dict[str, str]) -> str:
    query = {"treatment": treatment.slug, "aspect": Aspect.EFFICACY.value, **filters}
    return f"{reverse('web:evidence-list')}?{urlencode(query)}"


def all_efficacy(columns: list[Column]) -> Row:
    counts = [_counted(column.with_aspect(Aspect.EFFICACY)) for column in columns]
    return across("All efficacy entries", "counts", columns, counts)


def counted_by(columns: list[Column], groups_of: Callable[[Iterable[Entry]], list[Group]], name: str) -> list[Row]:
    """A row for each term, those that most treatments have evidence for first, then by the best evidence.

    Entries without a term stand in the last row. ``name`` is the filter that lists the entries of a term.
    """
    by_column = [{group.term: group for group in groups_of(column.with_aspect(Aspect.EFFICACY))} for column in columns]
    found: dict[Any, list[Group]] = {}
    for groups in by_column:
        for term, group in groups.items():
            found.setdefault(term, []).append(group)

    def order(term: Any) -> tuple:
        groups = found[term]
        return (term is None, -len(groups), min(group.order for group in groups))

    def row(term: Any) -> Row:
        filters = {name: term.slug} if term else {f"{name}_named": "false"}
        return across(
            found[term][0].title,
            "counts",
            columns,
            [_counted(groups[term].entries, **filters) if term in groups else [] for groups in by_column],
            url=term.get_absolute_url() if term else "",
            note="Class" if getattr(term, "kind", "") == "class" else "",
        )

    return [row(term) for term in sorted(found, key=order)]


# Figures --------------------------------------------------------------------------------------------------------------


def _first(entries: Iterable[Entry]) -> Findings:
    """The first of the treatment's own entries, and the first for each of its classes."""
    first: dict[Treatment, Entry] = {}
    for entry in entries:
        first.setdefault(entry.claim.treatment, entry)
    ordered = sorted(first.values(), key=lambda entry: entry.reported_for)
    return Findings([Finding(entry, entry.figures, entry.figures_label, entry.p_value) for entry in ordered], [])


def _folded(findings: list[Finding]) -> Findings:
    """``findings`` in their order: the first of each direction is shown, others while there is room."""
    directions = [finding.entry.claim.direction for finding in findings]
    first = {directions.index(direction) for direction in directions}
    others = [number for number in range(len(findings)) if number not in first]
    shown = first.union(others[: max(0, SHOWN - len(first))])
    return Findings(
        shown=[finding for number, finding in enumerate(findings) if number in shown],
        folded=[finding for number, finding in enumerate(findings) if number not in shown],
    )


def leading(columns: list[Column]) -> list[Row]:
    """The strongest efficacy entry that has figures, and the strongest that speaks against the treatment."""
    efficacy = [column.with_aspect(Aspect.EFFICACY) for column in columns]
    best = [_first(entry for entry in entries if entry.figures) for entries in efficacy]
    against = [_first(entry for entry in entries if entry.claim.direction in UNFAVOURABLE) for entries in efficacy]
    return [
        across("Strongest entry with figures", "findings", columns, best, note="Its first result."),
        across("Strongest entry with no benefit or harm", "findings", columns, against),
    ]


def measures(columns: list[Column]) -> list[Row]:
    """A row for each outcome measure that entries on at least two of the treatments give figures for.

    Most treatments first, then most figures; within a cell the strongest entry first.
    """
    found: dict[OutcomeMeasure, list[list[Finding]]] = {}
    for number, column in enumerate(columns):
        for entry in column.entries:
            for result in map(result_row, entry.claim.results.all()):
                if result.in_short or result.p_value:
                    label = f"{result.label}, {result.timepoint}" if result.timepoint else result.label
                    cells = found.setdefault(result.measure, [[] for _ in columns])
                    cells[number].append(Finding(entry, result.in_short, label, result.p_value))
    shared = [
        (measure, cells)
        for measure, cells in found.items()
        if _is_shared([finding.entry for finding in cell] for cell in cells)
    ]

    def order(pair: tuple[OutcomeMeasure, list[list[Finding]]]) -> tuple:
        measure, cells = pair
        return (-sum(map(bool, cells)), -sum(map(len, cells)), measure.name)

    return [
        across(measure.name, "findings", columns, [*map(_folded, cells)], url=measure.get_absolute_url())
        for measure, cells in sorted(shared, key=order)
    ]


def _is_shared(cells: Iterable[list[Entry]]) -> bool:
    """Whether entries stand in two columns and are not, in both, the same ones of a class."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and len({entry.claim.treatment_id for cell in filled for entry in cell}) > 1


# Studies --------------------------------------------------------------------------------------------------------------


def studies(columns: list[Column]) -> list[Row]:
    """A row for each study with entries on two of the treatments, or whose comparator is another of them.

    A comparator counts where all it says is a name of the treatment: what a longer text means, only a reader can tell.
    """
    entries: dict[Trial | Reference, list[list[Entry]]] = {}
    for number, column in enumerate(columns):
        for entry in column.entries:
            study = entry.claim.trial or entry.claim.reference
            entries.setdefault(study, [[] for _ in columns])[number].append(entry)
    rows = []
    for study, found in entries.items():
        cells = [InStudy(own, _is_comparator(column, found)) for column, own in zip(columns, found, strict=True)]
        if _is_shared(found) or any(cell.is_comparator for cell in cells):
            name = str(study)
            title = "" if name.startswith(study.title) else study.title
            rows.append(across(name, "study", columns, cells, url=study.get_absolute_url(), note=title))
    return sorted(rows, key=lambda row: row.heading)


def _is_comparator(column: Column, found: Iterable[list[Entry]]) -> bool:
    """Whether an entry on another treatment than that of ``column`` was compared with it."""
    return any(
        entry.claim.treatment_id != column.treatment.pk and entry.claim.comparator.casefold() in column.names
        for entries in found
        for entry in entries
    )

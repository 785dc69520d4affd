"""The evidence map as a table: every row with a place for every column, every cell with its words and its address."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from treatments.evidence_map import Cell, Column, Columns, EvidenceMap, Group, Row
from treatments.models import Treatment
from treatments.models.choices import Direction
from treatments.tally import Tally

UNSELECTED = "Unselected disease"


@dataclass(frozen=True)
class ShownCell:
    """A cell with entries: ``words`` say all of it, ``url`` lists just these entries."""

    column: Column
    tally: Tally
    url: str
    words: str


@dataclass(frozen=True)
class ShownRow:
    """One treatment; ``cells`` go along the columns, None where nothing is recorded."""

    treatment: Treatment
    tally: Tally
    url: str
    classes: list[Treatment]
    cells: list[ShownCell | None]


@dataclass(frozen=True)
class ShownGroup:
    group: Group
    rows: list[ShownRow]


def entries(count: int) -> str:
    return f"{count} {'entry' if count == 1 else 'entries'}"


def in_words(tally: Tally) -> str:
    """ "7 entries, best level 3, 6 supports, 1 mixed; 2 on safety". Directions are never added up."""
    safety = f"{tally.safety} on safety" if tally.safety else ""
    if not tally.efficacy:
        return f"no entry on efficacy, {safety}"
    efficacy = f"{entries(tally.efficacy)}, best level {tally.best_level}, {tally.in_words}"
    return f"{efficacy}; {safety}" if safety else efficacy


def groups(found: EvidenceMap, evidence_url: str) -> list[ShownGroup]:
    """The rows of the table under their headings; ``evidence_url`` is the address of the evidence list."""
    return [ShownGroup(group, [_row(row, found.columns, evidence_url) for row in group.rows]) for group in found.groups]


def _row(row: Row, columns: list[Column], evidence_url: str) -> ShownRow:
    def shown(cell: Cell) -> ShownCell:
        column = cell.column.name if cell.column.term else cell.column.name.lower()
        words = f"{row.treatment.name}, {column}: {in_words(cell.tally)}"
        return ShownCell(cell.column, cell.tally, f"{evidence_url}?{urlencode(cell.evidence)}", words)

    return ShownRow(
        treatment=row.treatment,
        tally=row.tally,
        url=f"{evidence_url}?{urlencode(row.evidence)}",
        classes=row.classes,
        cells=[shown(row.cells[column.key]) if column.key in row.cells else None for column in columns],
    )


def column_groups(columns: list[Column]) -> list[tuple[str, int]]:
    """What stands above the columns, with how many of them it spans; nothing above manifestations."""
    if not any(column.group for column in columns):
        return []
    named = groupby(columns, key=lambda column: column.group if column.term else UNSELECTED)
    return [(name, len(list(spanned))) for name, spanned in named]


def can_leave_out_unselected(found: EvidenceMap) -> bool:
    """Whether evidence in unselected disease stands beside evidence that names an antibody."""
    antibodies = found.layout.columns == Columns.AUTOANTIBODY
    return antibodies and len({column.term is None for column in found.columns}) > 1


CSV_HEADER = (
    *("group", "treatment", "treatment_name", "treatment_kind", "columns", "column", "column_name", "best_level"),
    *("entries", *Direction.values, "safety", "evidence"),
)


def csv_rows(found: EvidenceMap, evidence_url: str) -> Iterator[list[str | int | None]]:
    """One row for each cell that holds entries."""
    for group in found.groups:
        for row in group.rows:
            for column in found.columns:
                if cell := row.cells.get(column.key):
                    yield [
                        *(group.name, row.treatment.slug, row.treatment.name, row.treatment.kind),
                        *(found.layout.columns.value, column.slug, column.name, cell.tally.best_level),
                        *(cell.tally.efficacy, *(cell.tally.directions[name] for name in Direction.values)),
                        *(cell.tally.safety, f"{evidence_url}?{urlencode(cell.evidence)}"),
                    ]

"""Evidence by year and level as a table: the numbers of the plot."""

from collections.abc import Iterable
from dataclasses import dataclass

from treatments.charts.by_year import Strip, strips
from treatments.models import Evidence, EvidenceLevel
from treatments.tally import Tally, tallies


@dataclass(frozen=True)
class Year:
    """One row: a year, or none, with a count for each strip and their sum."""

    name: str
    counts: list[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Years:
    strips: list[Strip]
    rows: list[Year]

    @property
    def dated(self) -> bool:
        """Whether there is anything to draw."""
        return any(strip.counts for strip in self.strips)

    @property
    def columns(self) -> list[str]:
        return [strip.name.partition(":")[0].partition(",")[0] for strip in self.strips]


def years(counted: dict[int | None, Tally], levels: Iterable[EvidenceLevel]) -> Years:
    """Counts by year, latest year first; entries without a year come last, as "Not recorded"."""
    found = strips(counted, [(level.code, level.label) for level in levels])
    dated = sorted({year for strip in found for year in strip.counts}, reverse=True)
    rows = [Year(str(year), [strip.counts.get(year, 0) for strip in found]) for year in dated]
    if any(strip.without_year for strip in found):
        rows.append(Year("Not recorded", [strip.without_year for strip in found]))
    return Years(found, rows)


def by_year(claims: Iterable[Evidence]) -> dict[int | None, Tally]:
    """Counts of ``claims``, which are loaded with their references."""
    rows: list[tuple] = [(claim.reference.year, claim.level_id, claim.direction, claim.aspect, 1) for claim in claims]
    return tallies(rows)

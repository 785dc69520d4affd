"""Evidence entries as rows, groups and counts, always with the directions kept apart."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from treatments.models import Evidence
from treatments.models.choices import Aspect, Direction

from .figures import result_row

DIRECTIONS = tuple(Direction)
ORDER_OF_DIRECTION = {direction.value: number for number, direction in enumerate(DIRECTIONS)}


@dataclass(frozen=True)
class Entry:
    """One evidence entry as a row; ``reported_for`` says when it is about a class or a member instead."""

    claim: Evidence
    figures: str
    figures_label: str
    more_results: int
    reported_for: str = ""


def entry(claim: Evidence, reported_for: str = "") -> Entry:
    """The row of ``claim``, with the first of its results that has figures."""
    rows = [result_row(result) for result in claim.results.all()]
    first = next((row for row in rows if row.in_short), None)
    label = ""
    if first:
        label = f"{first.label}, {first.timepoint}" if first.timepoint else first.label
    return Entry(
        claim=claim,
        figures=first.in_short if first else "",
        figures_label=label,
        more_results=len(rows) - 1 if first else 0,
        reported_for=reported_for,
    )


def strongest_first(claim: Evidence) -> tuple:
    """Sort key: best level, then direction, then more patients, then accession."""
    return (claim.level_id, ORDER_OF_DIRECTION[claim.direction], -(claim.n_treated or 0), claim.accession)


@dataclass(frozen=True)
class DirectionCount:
    direction: str
    label: str
    count: int


@dataclass
class Tally:
    """How many entries there are, which way they point, and their best level. Never one number for all."""

    directions: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    safety: int = 0

    def add(self, level: str, direction: str, aspect: str, count: int = 1) -> None:
        """Count entries; those on safety never count as efficacy."""
        if aspect == Aspect.SAFETY:
            self.safety += count
            return
        self.directions[direction] += count
        self.levels[level] += count

    @property
    def efficacy(self) -> int:
        return sum(self.directions.values())

    @property
    def total(self) -> int:
        return self.efficacy + self.safety

    @property
    def best_level(self) -> str:
        """The best level among efficacy entries; empty without any."""
        return min(self.levels, default="")

    @property
    def mix(self) -> list[DirectionCount]:
        """The directions that occur, in their fixed order."""
        return [
            DirectionCount(direction.value, str(direction.label), self.directions[direction.value])
            for direction in DIRECTIONS
            if self.directions[direction.value]
        ]

    @property
    def in_words(self) -> str:
        """ "12 supports, 3 mixed"."""
        return ", ".join(f"{part.count} {part.label.lower()}" for part in self.mix)

    @property
    def order(self) -> tuple:
        """Sort key: best level, then most entries at it, then most entries; without any, last."""
        best = self.best_level
        return (best or "9", -self.levels[best], -self.efficacy)


def tally(claims: Iterable[Evidence]) -> Tally:
    counted = Tally()
    for claim in claims:
        counted.add(claim.level_id, claim.direction, claim.aspect)
    return counted


def tallies(rows: Iterable[tuple]) -> dict[Any, Tally]:
    """One tally per key from rows of (key, level, direction, aspect, count)."""
    found: dict[Any, Tally] = {}
    for key, level, direction, aspect, count in rows:
        found.setdefault(key, Tally()).add(level, direction, aspect, count)
    return found


@dataclass(frozen=True)
class Group:
    """Entries under one heading; ``term`` is what they share, None where they share its absence."""

    anchor: str
    title: str
    term: object | None
    entries: list[Entry]
    tally: Tally


def grouped(
    entries: Iterable[Entry],
    terms_of: Callable[[Evidence], Iterable],
    *,
    prefix: str,
    without: str,
) -> list[Group]:
    """Entries under each term that ``terms_of`` names; an entry with several stands under each.

    ``without`` is the heading for entries with none, which come last. Groups go from best to
    weakest evidence, so do the entries in them.
    """
    found: dict[object | None, list[Entry]] = {}
    for row in sorted(entries, key=lambda row: strongest_first(row.claim)):
        for term in list(terms_of(row.claim)) or [None]:
            found.setdefault(term, []).append(row)
    groups = [
        Group(
            anchor=f"{prefix}-{term.slug}" if term else f"{prefix}-none",  # type: ignore[attr-defined]
            title=str(term) if term else without,
            term=term,
            entries=rows,
            tally=tally(row.claim for row in rows),
        )
        for term, rows in found.items()
    ]
    return sorted(groups, key=lambda group: (group.term is None, group.tally.order, group.title))


def by_manifestation(entries: Iterable[Entry]) -> list[Group]:
    return grouped(
        entries, lambda claim: claim.manifestations.all(), prefix="manifestation", without="No manifestation named"
    )


def by_autoantibody(entries: Iterable[Entry]) -> list[Group]:
    return grouped(
        entries, lambda claim: claim.autoantibodies.all(), prefix="antibody", without="Not selected by antibody"
    )


def by_treatment(entries: Iterable[Entry]) -> list[Group]:
    return grouped(entries, lambda claim: [claim.treatment], prefix="treatment", without="")

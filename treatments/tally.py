"""Counts of evidence that keep apart what must not be added up: directions, levels, efficacy and safety."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from treatments.models.choices import Aspect, Direction

DIRECTIONS = tuple(Direction)
ORDER_OF_DIRECTION = {direction.value: number for number, direction in enumerate(DIRECTIONS)}


class Graded(Protocol):
    """What counting and sorting look at; evidence has it."""

    @property
    def accession(self) -> str: ...
    @property
    def level_id(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def aspect(self) -> str: ...
    @property
    def n_treated(self) -> int | None: ...


def strongest_first(claim: Graded) -> tuple:
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


def tally(claims: Iterable[Graded]) -> Tally:
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


def together(counts: Iterable[Tally]) -> Tally:
    """Tallies of different entries as one."""
    whole = Tally()
    for count in counts:
        whole.directions.update(count.directions)
        whole.levels.update(count.levels)
        whole.safety += count.safety
    return whole

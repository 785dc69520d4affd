"""Everything that has a name, under every name it goes by; here typing errors are forgiven."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import islice

from django.db.models import TextChoices
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .folding import key, words
from .kinds import Kind

MIN_LENGTH = 2  # of what names are looked up by
MIN_MISSPELT = 4  # shorter words have too many neighbours
LONG = 8
SIMILAR = 0.6  # share of letters that a name has in common with what it is offered for


class Role(TextChoices):
    """What a name is to its record, the most telling first."""

    IDENTIFIER = "identifier", "identifier"
    NAME = "name", "name"
    ABBREVIATION = "abbreviation", "abbreviation"
    SYNONYM = "synonym", "other name"
    BRAND_NAME = "brand_name", "brand name"
    GENE = "gene", "gene"
    FORMER_NAME = "former_name", "former name"


ORDER_OF_ROLE: dict[str, int] = {role.value: number for number, role in enumerate(Role)}


class Closeness(IntEnum):
    """How well what was typed fits a name, best first."""

    EXACT = 0
    START = 1
    WORDS = 2
    SPELLING = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """A term, trial or reference that can be named."""

    kind: Kind
    pk: int
    label: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Match:
    """A subject with the name it was found by."""

    subject: Subject
    name: str
    role: Role
    closeness: Closeness


@dataclass(frozen=True, slots=True)
class Identified:
    """A record that an identifier names; one no longer in use says so at its address."""

    kind: Kind
    pk: int
    label: str
    url: str
    in_use: bool


# Kept as plain tuples: they are fetched from the cache at every keystroke, and objects would take ten times as long.
SubjectRow = tuple[str, int, str, str, str]  # the fields of a Subject
NameRow = tuple[int, str, str, tuple[str, ...], str]  # number of its subject, text, role, keys, folded words
TitleRow = tuple[int, str]  # number of its subject, folded words


@dataclass
class Names:
    """All subjects and their names, and the titles of sources with authors, journal and year."""

    subjects: list[SubjectRow] = field(default_factory=list)
    names: list[NameRow] = field(default_factory=list)
    titles: list[TitleRow] = field(default_factory=list)
    identified: dict[tuple[str, str], list[tuple[str, int, str, str, bool]]] = field(default_factory=dict)

    def matching(self, folded: str) -> list[Match]:
        """Subjects with a name like ``folded``, the closest first; one each, by its closest name."""
        typed = key(folded)
        if len(typed) < MIN_LENGTH:
            return []
        starts = [f" {part}" for part in words(folded)]
        found = Closest(self)
        for name in self.names:
            _, _, _, ways, line = name
            if typed in ways:
                found.offer(name, Closeness.EXACT)
            elif any(way.startswith(typed) for way in ways):
                found.offer(name, Closeness.START)
            elif all(start in line for start in starts):
                found.offer(name, Closeness.WORDS)
        return found.matches()

    def exactly(self, folded: str) -> list[Match]:
        """Subjects that ``folded`` names in full."""
        typed = key(folded)
        found = Closest(self)
        for name in self.names if len(typed) >= MIN_LENGTH else ():
            if typed in name[3]:
                found.offer(name, Closeness.EXACT)
        return found.matches()

    def within(self, folded: str) -> list[Match]:
        """Subjects that a single word of ``folded`` names in full."""
        return [match for part in words(folded) for match in self.exactly(part)]

    def like(self, folded: str, limit: int) -> list[Match]:
        """Subjects whose names are spelled nearly like ``folded``, or begin nearly like it; the nearest first."""
        typed = key(folded)
        if len(typed) < MIN_MISSPELT:
            return []
        ways = self.ways()
        found = Closest(self)
        for spelled in ([way for way, _ in ways], [way[: len(typed)] for way, _ in ways]):
            allowed = misspellings(typed)
            for _, distance, number in process.extract(
                typed, spelled, scorer=OSA.distance, score_cutoff=allowed, limit=None
            ):
                found.offer(ways[number][1], Closeness.SPELLING, distance)
        return found.matches()[:limit]

    def nearest(self, folded: str, limit: int) -> list[Match]:
        """What could have been meant when nothing fits: subjects named by a word of the text, then similar names."""
        found = {match.subject: match for match in self.within(folded)}
        ways = self.ways()
        similar = Closest(self)
        for _, likeness, number in process.extract(
            key(folded), [way for way, _ in ways], scorer=OSA.normalized_similarity, score_cutoff=SIMILAR, limit=None
        ):
            similar.offer(ways[number][1], Closeness.SPELLING, -likeness)
        parts = [match for part in words(folded) for match in self.like(part, limit)]
        for match in (*similar.matches(), *parts):
            found.setdefault(match.subject, match)
        return list(found.values())[:limit]

    def titled(self, folded: str, kind: Kind, limit: int) -> list[Subject]:
        """Sources of ``kind`` with all the words typed, or words that begin so, in title, authors, journal and year."""
        starts = [f" {part}" for part in words(folded)]
        found = (
            number
            for number, line in self.titles
            if self.subjects[number][0] == kind and all(start in line for start in starts)
        )
        return [self.subject(number) for number in islice(found, limit)] if starts else []

    def texts_of(self, matches: Iterable[Match]) -> list[str]:
        """Every name of the subjects matched, to look for in texts; antibodies also without their "anti-"."""
        wanted = {(match.subject.kind, match.subject.pk) for match in matches}
        texts = [
            text for number, text, role, _, _ in self.names if role != Role.GENE and self.subjects[number][:2] in wanted
        ]
        without = [text[len("anti-") :] for text in texts if re.match(r"anti[- ]", text, re.IGNORECASE)]
        return list(dict.fromkeys([*texts, *without]))

    def ways(self) -> list[tuple[str, NameRow]]:
        """Every key that is long enough to be misspelt, with its name."""
        return [(way, name) for name in self.names for way in name[3] if len(way) >= MIN_MISSPELT]

    def subject(self, number: int) -> Subject:
        kind, pk, label, detail, url = self.subjects[number]
        return Subject(Kind(kind), pk, label, detail, url)

    def by_identifier(self, registry: str, value: str) -> list[Identified]:
        """The records with this identifier, given in lower case."""
        return [
            Identified(Kind(kind), pk, label, url, in_use)
            for kind, pk, label, url, in_use in self.identified.get((registry, value), ())
        ]


class Closest:
    """Of all names offered for a subject, the one that fits best."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.best: dict[int, tuple[tuple, NameRow]] = {}

    def offer(self, name: NameRow, closeness: Closeness, distance: float = 0) -> None:
        number, text, role, _, _ = name
        order = (closeness, distance, ORDER_OF_ROLE[role], len(text), self.names.subjects[number][2])
        if number not in self.best or order < self.best[number][0]:
            self.best[number] = (order, name)

    def matches(self) -> list[Match]:
        """One match for each subject, the best first."""
        return [
            Match(self.names.subject(name[0]), name[1], Role(name[2]), order[0])
            for order, name in sorted(self.best.values())
        ]


def misspellings(typed: str) -> int:
    """How many letters may be wrong, missing, extra or swapped in a word of this length."""
    return 1 if len(typed) < LONG else 2

"""One question put to everything public: what it finds of each kind, and what is suggested while it is typed."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .folding import fold, key
from .identifiers import identified
from .kinds import SOURCES, Kind
from .names import MIN_LENGTH, Closeness, Identified, Match, Names, Role, Subject
from .naming import current_names
from .spelling import corrected
from .texts import Question, find, read

NEAREST = 6  # names offered when nothing is found
SUGGESTED_OF_A_KIND = 4
SUGGESTED = 12
MIN_TITLE = 3  # letters before titles and authors are suggested


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, and its name where it was found by name."""

    kind: Kind
    pk: int
    match: Match | None = None


@dataclass(frozen=True)
class Answer:
    """What is found for ``asked``.

    ``read_as`` is what was searched instead, where nothing answers to what was typed and there is no doubt what it
    should have been; ``meant`` is what may have been meant, if there is. ``named`` are the terms that the text is a
    name of, ``identified`` is the one record that it is an identifier of. ``hits`` are all records found, by kind, the
    best first; ``nearest`` are names to go on with where there are none.
    """

    asked: str
    question: Question
    hits: dict[Kind, list[Hit]]
    named: list[Match] = field(default_factory=list)
    identified: Identified | None = None
    read_as: str = ""
    meant: str = ""
    nearest: list[Match] = field(default_factory=list)

    @property
    def counts(self) -> dict[Kind, int]:
        """How many records of each kind that has any, in the order in which they are shown."""
        return {kind: len(hits) for kind, hits in self.hits.items()}

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def of(self, kinds: Iterable[Kind]) -> list[Hit]:
        """The hits of ``kinds``, in the order in which they are shown."""
        wanted = set(kinds)
        return [hit for kind, hits in self.hits.items() if kind in wanted for hit in hits]


def answer(text: str) -> Answer:
    """Everything public that answers to ``text``: names first, then texts; with a misspelt word put right only where
    nothing answers to what was typed."""
    names = current_names()
    first = _look_up(text, names)
    if any(hit.match is None or hit.match.closeness == Closeness.EXACT for hit in first.of(Kind)):
        return first
    better = corrected(text, names)
    if better and better.text != text:
        second = _look_up(better.text, names)
        if second.total and better.certain and not first.total:
            return replace(second, asked=text, read_as=better.text)
        if second.total:
            first = replace(first, meant=better.text)
    return first if first.total else replace(first, nearest=names.nearest(fold([text])[0], NEAREST))


def _look_up(text: str, names: Names) -> Answer:
    """What answers to ``text`` as it is."""
    folded = fold([text])[0]
    matches = names.matching(folded)
    named = [match for match in matches if match.closeness == Closeness.EXACT]
    question = read(text, names.texts_of(named))
    texts = sorted(
        find(question, [(match.subject.kind, match.subject.pk) for match in named]),
        key=lambda found: (-found.score, found.tie),
    )
    found: dict[tuple[Kind, int], Hit] = {}
    record = identified(text, names)
    if record and record.in_use:
        subject = Subject(record.kind, record.pk, record.label, "", record.url)
        matches = [Match(subject, text.strip(), Role.IDENTIFIER, Closeness.EXACT), *matches]
    for match in matches:
        where = match.subject.kind, match.subject.pk
        found.setdefault(where, Hit(*where, match))
    for row in texts:
        found.setdefault((row.kind, row.pk), Hit(row.kind, row.pk))
    hits: dict[Kind, list[Hit]] = {}
    for kind in _in_order(found.values()):
        hits[kind] = [hit for hit in found.values() if hit.kind == kind]
    return Answer(asked=text, question=question, hits=hits, named=named, identified=record)


def _in_order(hits: Iterable[Hit]) -> list[Kind]:
    """The kinds that ``hits`` are of: those with a record called exactly so come first."""
    exact = {hit.kind: bool(hit.match and hit.match.closeness == Closeness.EXACT) for hit in reversed(list(hits))}
    return sorted(exact, key=lambda kind: (not exact[kind], list(Kind).index(kind)))


# While it is typed ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record to go to; ``match`` says by which name it was found, None where by its title."""

    subject: Subject
    match: Match | None = None


@dataclass(frozen=True)
class Suggestions:
    """Records by kind, the best first. ``misspelt`` where no name begins as typed and these are spelled like it."""

    groups: list[tuple[Kind, list[Suggestion]]] = field(default_factory=list)
    misspelt: bool = False

    @property
    def total(self) -> int:
        return sum(len(suggestions) for _, suggestions in self.groups)


def suggest(text: str) -> Suggestions:
    """Names, titles and identifiers that ``text`` may be the beginning of. Nothing for less than two letters."""
    if len(key(text)) < MIN_LENGTH:
        return Suggestions()
    names = current_names()
    folded = fold([text])[0]
    misspelt = False
    found = [Suggestion(match.subject, match) for match in names.matching(folded)]
    if len(key(folded)) >= MIN_TITLE:
        found += [
            Suggestion(subject) for kind in SOURCES for subject in names.titled(folded, kind, SUGGESTED_OF_A_KIND)
        ]
    if (record := identified(text, names)) and record.in_use:
        found.insert(0, Suggestion(Subject(record.kind, record.pk, record.label, "", record.url)))
    if not found:
        found = [Suggestion(match.subject, match) for match in names.within(folded)]
    if not found:
        found = [Suggestion(match.subject, match) for match in names.like(folded, SUGGESTED)]
        misspelt = bool(found)
    return Suggestions(_grouped(found), misspelt)


def _grouped(found: list[Suggestion]) -> list[tuple[Kind, list[Suggestion]]]:
    """A few of each kind, the kind of the best first."""
    groups: dict[Kind, dict[int, Suggestion]] = {}
    left = SUGGESTED
    for suggestion in found:
        group = groups.setdefault(suggestion.subject.kind, {})
        if left and len(group) < SUGGESTED_OF_A_KIND and suggestion.subject.pk not in group:
            group[suggestion.subject.pk] = suggestion
            left -= 1
    return [(kind, list(group.values())) for kind, group in groups.items() if group]

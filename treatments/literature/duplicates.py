"""Whether a publication is here already: by PMID, DOI (in any case), PMCID, or else by its title."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from treatments.models import Reference, Trial
from treatments.search.folding import fold, key

from .records import REFERENCE_IDENTIFIERS, TRIAL, Record

SHORTEST_TELLING_TITLE = 25
"""Letters and digits that a title needs to name one publication: several are called "Dermatomyositis"."""

LONGEST_KEY = 300  # an index holds it


@dataclass(frozen=True)
class Match:
    """What is here already: the row, and whether an identifier says so or only the title."""

    row: Any
    certain: bool


def title_keys(titles: Sequence[str]) -> list[str]:
    """The beginning of titles, without case, accents, spaces and signs, Greek letters spelled out."""
    return [key(folded)[:LONGEST_KEY] for folded in fold(titles)] if titles else []


def tells(title_key: str) -> bool:
    """Whether a title is long enough to name one publication."""
    return len(title_key) >= SHORTEST_TELLING_TITLE


def identifier_key(name: str, value: str) -> tuple[str, str]:
    return name, value.lower()


class Stored:
    """The references and trials that are here, to be asked about many records: two queries, and one for titles."""

    def __init__(self) -> None:
        self._by_identifier: dict[tuple[str, str], Any] = {}
        self._by_title: dict[str, list[Any]] = defaultdict(list)
        self._references = list(Reference.objects.defer("search_vector", "source_checks").order_by("-retired_on", "pk"))
        for row in self._references:
            for name in REFERENCE_IDENTIFIERS:
                if value := getattr(row, name):
                    self._by_identifier[identifier_key(name, value)] = row
        for trial in Trial.objects.defer("search_vector", "source_checks", "note"):
            self._by_identifier[identifier_key("nct_id", trial.nct_id)] = trial
        self._keys: dict[str, str] = {}

    def by_identifier(self, name: str, value: str) -> Any | None:
        return self._by_identifier.get(identifier_key(name, value))

    def prepare(self, records: Iterable[Record]) -> None:
        """Work out the titles of everything that will be asked about, in one query."""
        titles = list({one.title for one in records if one.kind != TRIAL})
        if not titles:
            return
        keys = title_keys([*titles, *(row.title for row in self._references)])
        self._keys = dict(zip(titles, keys, strict=False))
        for row, known in zip(self._references, keys[len(titles) :], strict=True):
            if tells(known):
                self._by_title[known].append(row)

    def title_key(self, record: Record) -> str:
        """Empty for a title that tells nothing."""
        known = self._keys.get(record.title, "")
        return known if tells(known) else ""

    def match(self, record: Record) -> Match | None:
        """The row for a record, or one with the same title. Titles have to be prepared."""
        for name, value in record.identifiers().items():
            if row := self.by_identifier(name, value):
                return Match(row, certain=True)
        same = self._by_title.get(self.title_key(record))
        return Match(same[0], certain=False) if same else None

    def surely_the_same(self, record: Record) -> Any | None:
        """The row that is this publication beyond doubt: by identifier, or by title where no identifier differs."""
        found = self.match(record)
        if found is None or found.certain:
            return found and found.row
        same = self._by_title[self.title_key(record)]
        return next((row for row in same if not contradict(record.identifiers(), row)), None)


def contradict(identifiers: dict[str, str], row: Any) -> bool:
    """Whether two publications have different identifiers of one registry, and so are two, whatever their titles."""
    return any((there := getattr(row, name)) and there.lower() != value.lower() for name, value in identifiers.items())

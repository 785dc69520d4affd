"""What a search found, ready to be shown: texts with what was asked for marked, and why a record is among them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

from treatments.search import MARK_END, MARK_START, Kind, Match, Role, Suggestion
from treatments.tally import Tally

EXCERPT = 200  # characters of a description in which nothing is marked
PASSAGE_BREAK = " … "

# How a name that was typed belongs to the record it leads to; a name and its abbreviation speak for themselves.
NAMED_AS = {
    Role.SYNONYM: "is another name of",
    Role.BRAND_NAME: "is a brand name of",
    Role.GENE: "is a gene recorded for",
    Role.FORMER_NAME: "is no longer used; it was replaced by",
}
FOUND_AS = {
    Role.SYNONYM: "also called",
    Role.BRAND_NAME: "brand name",
    Role.GENE: "gene",
    Role.FORMER_NAME: "formerly",
}


@dataclass(frozen=True)
class Passage:
    """A stretch of text, marked or not. Both are text: whatever they hold is escaped."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Also:
    """A further text of a record that explains why it was found."""

    label: str
    parts: list[Passage]


@dataclass(frozen=True)
class Result:
    """One record found. ``row`` is what the template of its kind shows beside ``title``."""

    url: str
    row: Any
    title: list[Passage]
    note: str = ""
    also: Also | None = None
    tally: Tally | None = None


def passages(marked: str) -> list[Passage]:
    """A text with marks, taken apart at the marks."""
    pieces = re.split(f"({MARK_START}.*?{MARK_END})", marked, flags=re.DOTALL)
    signs = re.compile(f"[{MARK_START}{MARK_END}]")
    return [Passage(signs.sub("", piece), piece.startswith(MARK_START)) for piece in pieces if piece]


def plain(parts: Iterable[Passage]) -> str:
    return "".join(part.text for part in parts)


def whole(original: str, marked: str) -> list[Passage]:
    """All of ``original``, with the marks of ``marked``.

    What marks texts leaves out what it takes for markup ("<b>"). A statement must not lose a sign that way, so a text
    that comes back changed is shown without marks.
    """
    parts = passages(marked)
    return parts if plain(parts) == original else [Passage(original)]


def excerpt(original: str, marked: str) -> list[Passage]:
    """The passages of ``original`` that hold a mark; empty where there is none."""
    parts = passages(marked)
    stretches = plain(parts).split(PASSAGE_BREAK)
    if not any(part.marked for part in parts) or not all(stretch.strip() in original for stretch in stretches):
        return []
    before = [] if original.startswith(stretches[0].strip()) else [Passage("… ")]
    after = [] if original.endswith(stretches[-1].strip()) else [Passage(" …")]
    return [*before, *parts, *after]


def beginning(original: str) -> list[Passage]:
    """The first words of a text in which nothing is marked."""
    return [Passage(Truncator(original).chars(EXCERPT))] if original else []


def named(match: Match) -> str:
    """ "is a brand name of"; empty for a name that speaks for itself."""
    return NAMED_AS.get(match.role, "")


def found_as(match: Match | None) -> str:
    """ "brand name Xeljanz"; empty for a record that was found by its own name or by its text."""
    return f"{FOUND_AS[match.role]} {match.name}" if match and match.role in FOUND_AS else ""


def typed_marked(label: str, typed: str) -> list[Passage]:
    """``label`` with what was typed marked where it occurs, whatever its case."""
    found = re.search(re.escape(typed.strip()), label, re.IGNORECASE)
    if not found:
        return [Passage(label)]
    ends = [Passage(label[: found.start()]), Passage(found[0], marked=True), Passage(label[found.end() :])]
    return [part for part in ends if part.text]


@dataclass(frozen=True)
class Option:
    """One suggestion: where it leads, its name with what was typed marked, and what tells it from others."""

    url: str
    label: list[Passage]
    detail: str


def option(suggestion: Suggestion, typed: str) -> Option:
    subject = suggestion.subject
    label = Truncator(subject.label).chars(110)
    detail = found_as(suggestion.match) or Truncator(subject.detail).chars(90)
    return Option(subject.url, typed_marked(label, typed), detail)


def neighbour(match: Match) -> tuple[str, str, str]:
    """The address of a record of similar name, its name, and what it is."""
    what = match.subject.kind.value.replace("_", " ")
    return match.subject.url, match.subject.label, ", ".join(filter(None, (what, found_as(match))))


@dataclass(frozen=True)
class Tab:
    """One kind of results, or with an empty ``value`` all of them."""

    value: str
    label: str
    count: int
    current: bool


def tabs(counts: dict[Kind, int], chosen: list[Kind]) -> list[Tab]:
    """All results, then each kind that has any or is asked for, in their fixed order."""
    kinds = [kind for kind in Kind if kind in counts or kind in chosen]
    shown = [Tab(kind.value, str(kind.label), counts.get(kind, 0), chosen == [kind]) for kind in kinds]
    return [Tab("", "All", sum(counts.values()), not chosen), *shown]

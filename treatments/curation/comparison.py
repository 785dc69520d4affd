"""Two versions of a claim beside each other: fields, results and links, and what changed between them, to the word."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from django.db.models import ForeignKey, GeneratedField, Model
from django.utils.text import capfirst

from treatments.models import Claim, Result
from treatments.models.claims import ClaimPart

from .history import value_in_words
from .workflow import NOT_REVISED, parts_of

LAST = ("source_checks", "last_checked_on")
"""What every claim has, told after what this one says."""

LONGEST_WORD_BY_WORD = 2_000
"""Words and spaces of a text in which changed words are looked for; in longer ones that would take minutes."""


class State(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A stretch of text, and whether the other side has it too."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Line:
    """One field, result or link: how it reads in both versions."""

    label: str
    before: list[Piece]
    after: list[Piece]
    state: State

    @property
    def differs(self) -> bool:
        return self.state is not State.SAME


@dataclass(frozen=True)
class Section:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Comparison:
    before: Claim
    after: Claim
    sections: list[Section]

    @property
    def differing(self) -> list[Section]:
        """Only what changed."""
        only = [Section(one.title, [line for line in one.lines if line.differs]) for one in self.sections]
        return [one for one in only if one.lines]

    @property
    def number_of_differences(self) -> int:
        return sum(len(one.lines) for one in self.differing)

    @property
    def number_of_same(self) -> int:
        return sum(len(one.lines) for one in self.sections) - self.number_of_differences


def compare(before: Claim, after: Claim) -> Comparison:
    """What changed from one version of a claim to another. The number of queries depends on the kind of claim only."""
    model = type(after)
    fields = [f for f in model._meta.concrete_fields if _is_content(f, NOT_REVISED | {"accession", "key"})]
    fields.sort(key=lambda field: field.name in LAST)
    links = [f.name for f in fields if isinstance(f, ForeignKey)]
    versions: Any = model._default_manager.select_related(*links).in_bulk([before.pk, after.pk])
    old, new = versions[before.pk], versions[after.pk]
    said = [_line(_label(field), _value(old, field), _value(new, field)) for field in fields]
    sections = [Section("What it says", [line for line in said if line.before or line.after])]
    for part, owner in parts_of(model):
        section = _parts(part, owner, old, new)
        if section.lines:
            sections.append(section)
    return Comparison(old, new, sections)


# Results and links ----------------------------------------------------------------------------------------------------


def _parts(part: type[ClaimPart], owner: str, old: Claim, new: Claim) -> Section:
    """A line for each result or link, in the order of the later version, with what is gone at the end."""
    fields: list[Any] = [f for f in part._meta.concrete_fields if _is_content(f, {"id", owner})]
    links = [f.name for f in fields if isinstance(f, ForeignKey)]
    rows: Any = part._default_manager.select_related(*links)
    left = list(rows.filter(**{owner: old}).order_by("pk"))
    right = list(rows.filter(**{owner: new}).order_by("pk"))
    # A link is called after what it leads to.
    called = fields[0].related_model._meta if len(fields) == 1 and links else part._meta
    label = str(capfirst(str(called.verbose_name)))
    pairs = _pairs(left, right, _likenesses(part, fields))
    lines = [_line(label, _whole(was, fields), _whole(now, fields)) for was, now in pairs]
    return Section(str(capfirst(str(called.verbose_name_plural))), lines)


def _likenesses(part: type[ClaimPart], fields: list[Any]) -> list[Callable[[Any], Any]]:
    """By what two rows are taken for the same one, the surest first."""
    sure: list[Callable[[Any], Any]] = [lambda row: [str(getattr(row, field.attname)) for field in fields]]
    if part is Result:
        sure += [
            lambda row: (row.measure_id, row.label, row.timepoint, row.kind),
            lambda row: (row.measure_id, row.label),
            lambda row: row.measure_id,
        ]
    return sure


def _pairs(left: list[Any], right: list[Any], likenesses: list[Callable[[Any], Any]]) -> Iterable[tuple[Any, Any]]:
    partners: dict[int, Any] = {}
    open_left, open_right = list(left), list(right)
    for likeness in likenesses:
        for now in list(open_right):
            was = next((row for row in open_left if likeness(row) == likeness(now)), None)
            if was is not None:
                partners[now.pk] = was
                open_left.remove(was)
                open_right.remove(now)
    return [*((partners.get(now.pk), now) for now in right), *((was, None) for was in open_left)]


def _whole(row: Any, fields: list[Any]) -> str:
    """A link by what it points at; a result by all that is recorded of it, a line for each."""
    if row is None:
        return ""
    told = [(_label(field), _value(row, field)) for field in fields]
    if len(fields) == 1:
        return told[0][1]
    return "\n".join(f"{label}: {value}" for label, value in told if value)


# Fields ---------------------------------------------------------------------------------------------------------------


def _is_content(field: Any, left_out: set[str]) -> bool:
    return field.name not in left_out and not isinstance(field, GeneratedField)


def _label(field: Any) -> str:
    return str(capfirst(str(field.verbose_name)))


def _value(row: Model, field: Any) -> str:
    if field.is_relation:
        related = getattr(row, field.name)
        return "" if related is None else str(related)
    return value_in_words(field, getattr(row, field.attname))


def _line(label: str, before: str, after: str) -> Line:
    if before == after:
        same = [Piece(after, False)] if after else []
        return Line(label, same, same, State.SAME)
    if not before:
        return Line(label, [], [Piece(after, True)], State.ADDED)
    if not after:
        return Line(label, [Piece(before, True)], [], State.REMOVED)
    return Line(label, *_word_by_word(before, after), State.CHANGED)


def _word_by_word(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    if max(len(old), len(new)) > LONGEST_WORD_BY_WORD:
        return [Piece(before, True)], [Piece(after, True)]
    was, now = [], []
    for same, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        changed = same != "equal"
        if old_to > old_from:
            was.append(Piece("".join(old[old_from:old_to]), changed))
        if new_to > new_from:
            now.append(Piece("".join(new[new_from:new_to]), changed))
    return was, now

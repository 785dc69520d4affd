"""YAML files as plain trees that know their lines.

Only what a data set needs of YAML is read: maps, lists and single values. Anchors, aliases, tags and several
documents are refused, so a small file cannot grow large and nothing in it can run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from .problems import Place, Problem

MAX_BYTES = 50_000_000
MAX_DEPTH = 20

# The reader written in C where PyYAML has it, twenty times faster; both give the same events.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER = yaml.resolver.Resolver()
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written; ``kind`` is what YAML takes it for: str, int, float, bool, null, timestamp."""

    text: str
    kind: str
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple["Tree", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """A map as name, line, value."""

    entries: tuple[tuple[str, int, "Tree"], ...]
    line: int

    def line_without(self, name: str) -> int:
        """Where to look for the field ``name`` that is missing."""
        return self.line


Tree = Scalar | Sequence | Mapping


class _UnreadableError(Exception):
    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        self.sentence = sentence


def read_tree(path: Path, problems: list[Problem]) -> Tree | None:
    """The content of the file, or ``None`` with the reason added to ``problems``."""
    builder = _Builder(path.name, problems)
    try:
        return builder.document(_text(path))
    except _UnreadableError as error:
        problems.append(Problem(Place(path.name, error.line), error.sentence))
        return None


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise _UnreadableError(0, "This is not a file.")
        if path.stat().st_size > MAX_BYTES:
            raise _UnreadableError(0, f"The file is larger than {MAX_BYTES // 1_000_000} MB.")
        content = path.read_bytes()
    except OSError as error:
        raise _UnreadableError(0, f"The file cannot be read: {error.strerror}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _UnreadableError(line, "The file is not UTF-8 text.") from error


class _Builder:
    """Makes one tree of the events of a file."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems

    def document(self, text: str) -> Tree:
        events = _events(text)
        self.expect(next(events), StreamStartEvent)
        event = next(events)
        if isinstance(event, StreamEndEvent):
            raise _UnreadableError(0, "The file is empty; a file without rows holds [].")
        self.expect(event, DocumentStartEvent)
        tree = self.tree(next(events), events, 0)
        self.expect(next(events), DocumentEndEvent)
        event = next(events)
        if not isinstance(event, StreamEndEvent):
            raise _UnreadableError(_line(event), "A second document begins here; a file holds one.")
        return tree

    def expect(self, event: Any, kind: type) -> None:
        if not isinstance(event, kind):
            raise _UnreadableError(_line(event), "This is not the YAML that was expected here.")

    def tree(self, event: Any, events: Iterator[Any], depth: int) -> Tree:
        line = _line(event)
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise _UnreadableError(line, "Anchors and aliases (& and *) are not used in a data set; write it out.")
        if event.tag is not None:
            raise _UnreadableError(line, f"Tags ({event.tag}) are not used in a data set.")
        if depth > MAX_DEPTH:
            raise _UnreadableError(line, f"Nested more than {MAX_DEPTH} levels deep.")
        if isinstance(event, ScalarEvent):
            return self.scalar(event, line)
        if isinstance(event, SequenceStartEvent):
            items = []
            while not isinstance(event := next(events), SequenceEndEvent):
                items.append(self.tree(event, events, depth + 1))
            return Sequence(tuple(items), line)
        self.expect(event, MappingStartEvent)
        return self.mapping(events, line, depth)

    def scalar(self, event: ScalarEvent, line: int) -> Scalar:
        if _UNSTORABLE.search(event.value):
            raise _UnreadableError(
                line, "The text holds a character that cannot be stored (NUL or half a surrogate pair)."
            )
        # Quoted and block texts are texts; a plain one is whatever YAML takes it for.
        kind = _kind(event.value) if event.implicit[0] else "str"
        return Scalar(event.value, kind, line)

    def mapping(self, events: Iterator[Any], line: int, depth: int) -> Mapping:
        entries: list[tuple[str, int, Tree]] = []
        first: dict[str, int] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            name = self.tree(event, events, depth + 1)
            value = self.tree(next(events), events, depth + 1)
            if not isinstance(name, Scalar):
                raise _UnreadableError(name.line, "The name of a field is a plain word.")
            if name.text in first:
                sentence = f'"{name.text}" is given twice, first on line {first[name.text]}.'
                self.problems.append(Problem(Place(self.file, name.line), sentence))
                continue
            first[name.text] = name.line
            entries.append((name.text, name.line, value))
        return Mapping(tuple(entries), line)


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "it cannot be parsed"
        raise _UnreadableError(mark.line + 1 if mark else 0, f"This is not YAML: {reason}.") from error
    except yaml.reader.ReaderError as error:
        position = error.position if isinstance(error.position, int) else 0
        raise _UnreadableError(
            text.count("\n", 0, position) + 1, "The file holds characters that are not text."
        ) from error


def _line(event: Any) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _kind(text: str) -> str:
    return _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)).rsplit(":", 1)[1]

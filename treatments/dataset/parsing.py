"""Trees of a file as typed records, checked column by column against the schema and the model's own fields."""

import datetime
import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from treatments.models.records import SOURCE_CHECK_KEYS

from .problems import Place, Problem
from .reading import Mapping, Scalar, Sequence, Tree
from .schema import Column, Form, Group, Key, Links, Part, Rows, Table, Values

Path = tuple[str | int, ...]

WHOLE = re.compile(r"0|-?[1-9][0-9]*")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Link:
    """That a record names the row ``key`` of ``table``."""

    table: Table
    key: Key
    name: str
    line: int


@dataclass
class Record:
    """One row of a file: its values in the order of the schema, absent ones left out, and where they stand."""

    table: Table
    line: int
    values: Values = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    sound: bool = True

    @property
    def key(self) -> Key:
        return self.table.key_of(self.values)

    def place(self, *path: str | int) -> Place:
        """Where the value at ``path`` stands, or else what it stands in."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.table.file, self.lines.get(path, self.line))


def parse(table: Table, tree: Tree, problems: list[Problem]) -> list[Record]:
    """The records of a file; every problem found on the way is added to ``problems``."""
    place = Place(table.file, tree.line)
    if table.single:
        if isinstance(tree, Mapping):
            return [_RecordParser(table, tree, problems).record]
        problems.append(Problem(place, "The file must hold one map of fields."))
        return []
    if not isinstance(tree, Sequence):
        problems.append(Problem(place, "The file must hold a list of rows, each beginning with a dash."))
        return []
    records = []
    for item in tree.items:
        if isinstance(item, Mapping):
            records.append(_RecordParser(table, item, problems).record)
        else:
            problems.append(Problem(Place(table.file, item.line), "A row must be a map of fields."))
    return records


class _Invalid(Exception):  # noqa: N818 - never leaves this module
    """Why a value cannot be taken, and on which line it stands where that is known."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        self.line = line
        super().__init__(sentence)


class _RecordParser:
    """Reads one row of a file into ``record``."""

    def __init__(self, table: Table, tree: Mapping, problems: list[Problem]) -> None:
        self.record = Record(table, tree.line)
        self.problems = problems
        self.record.values = self.fields(tree, table.parts, ())

    def problem(self, line: int, sentence: str) -> None:
        self.record.sound = False
        self.problems.append(Problem(Place(self.record.table.file, line), sentence))

    def fields(self, tree: Mapping, parts: Iterable[Part], path: Path) -> Values:
        """The values of a map whose fields are ``parts``."""
        given = {name: (line, value) for name, line, value in tree.entries}
        known = [part.name for part in parts]
        self.unknown_names(tree, known)
        values: Values = {}
        for part in parts:
            if part.name not in given:
                if part.required:
                    self.problem(tree.line_without(part.name), f'"{part.name}" is missing.')
                continue
            line, value = given[part.name]
            here = (*path, part.name)
            self.record.lines[here] = line
            try:
                parsed = self.part(part, value, here)
            except _Invalid as error:
                self.problem(error.line or value.line, f'"{part.name}" {error}')
                continue
            if isinstance(part, Column) and part.is_absent(parsed):
                continue
            if part.required or parsed not in ([], {}):
                values[part.name] = parsed
        return values

    def unknown_names(self, tree: Mapping, known: list[str]) -> None:
        for name, line, _ in tree.entries:
            if name not in known:
                similar = difflib.get_close_matches(name, known, n=1)
                hint = f'did you mean "{similar[0]}"?' if similar else f"the fields here are {', '.join(known)}."
                self.problem(line, f'"{name[:80]}" is not a field; {hint}')

    def part(self, part: Part, tree: Tree, path: Path) -> Any:
        if isinstance(part, Column):
            return self.column(part, tree, path)
        if isinstance(part, Group):
            return self.group(part, tree, path)
        if isinstance(part, Links):
            return self.link_list(part, tree, path)
        return self.keyed_rows(part, tree, path) if part.by else self.rows(part, tree, path)

    def column(self, column: Column, tree: Tree, path: Path) -> Any:
        if column.form is Form.TEXTS:
            value: Any = [_text(item) for item in _items(tree)]
        elif column.form is Form.CHECKS:
            value = [self.check(item) for item in _items(tree)]
        else:
            value = _SCALARS[column.form](tree)
        if column.form is Form.LINK:
            self.record.links.append(Link(column.links_to, (value,), column.name, tree.line))
        else:
            _clean(column, value)
        return value

    def check(self, tree: Tree) -> Values:
        """One source check; what it must say is the model's to decide."""
        given = {name: _text(value) for name, _, value in _map(tree).entries}
        order = {name: number for number, name in enumerate(SOURCE_CHECK_KEYS)}
        return dict(sorted(given.items(), key=lambda entry: order.get(entry[0], len(order))))

    def group(self, group: Group, tree: Tree, path: Path) -> Values:
        given = _map(tree)
        if not group.unit:
            return self.fields(given, group.columns, path)
        if [_text(value) for name, _, value in given.entries if name == "unit"] != [group.unit]:
            raise _Invalid(f'needs its unit, which is always "{group.unit}".')
        others = Mapping(tuple(entry for entry in given.entries if entry[0] != "unit"), given.line)
        return {**self.fields(others, group.columns, path), "unit": group.unit}

    def link_list(self, links: Links, tree: Tree, path: Path) -> list[str]:
        keys: list[str] = []
        for number, item in enumerate(_items(tree)):
            key = _text(item)
            if key in keys:
                self.problem(item.line, f'"{links.name}" names "{key}" twice.')
                continue
            keys.append(key)
            self.record.lines[(*path, number)] = item.line
            self.record.links.append(Link(links.links_to, (key,), links.name, item.line))
        return keys

    def rows(self, rows: Rows, tree: Tree, path: Path) -> list[Values]:
        parsed = []
        for number, item in enumerate(_items(tree)):
            here = (*path, number)
            self.record.lines[here] = item.line
            parsed.append(self.fields(_map(item), rows.parts, here))
        return parsed

    def keyed_rows(self, rows: Rows, tree: Tree, path: Path) -> Values:
        parsed: Values = {}
        for name, line, value in _map(tree).entries:
            _clean(rows.by_column, name, line)
            here = (*path, name)
            self.record.lines[here] = line
            parsed[name] = self.fields(_map(value), rows.parts, here)
        return in_choice_order(rows, parsed)


def in_choice_order(rows: Rows, values: Values) -> Values:
    """The map of ``rows`` in the order of the column that keys it, which has no order of its own."""
    order = [value for value, _ in rows.by_column.column.flatchoices]
    return dict(sorted(values.items(), key=lambda entry: order.index(entry[0])))


def _items(tree: Tree) -> tuple[Tree, ...]:
    if not isinstance(tree, Sequence):
        raise _Invalid("must be a list.", tree.line)
    return tree.items


def _map(tree: Tree) -> Mapping:
    if not isinstance(tree, Mapping):
        raise _Invalid("must be a map of fields.", tree.line)
    return tree


def _scalar(tree: Tree, wanted: str) -> Scalar:
    if not isinstance(tree, Scalar):
        raise _Invalid(f"must be {wanted}.", tree.line)
    if tree.kind == "null" or not tree.text:
        raise _Invalid("has no value; leave the field out where nothing was seen.", tree.line)
    return tree


def _text(tree: Tree) -> str:
    scalar = _scalar(tree, "text")
    if scalar.kind != "str":
        raise _Invalid(f"must be text; put {scalar.text[:80]} in quotes.", scalar.line)
    return scalar.text


def _whole(tree: Tree) -> int:
    scalar = _scalar(tree, "a whole number")
    if scalar.kind != "int" or not WHOLE.fullmatch(scalar.text) or len(scalar.text) > 18:
        raise _Invalid(f"must be a whole number, not {_shown(scalar)}.")
    return int(scalar.text)


def _number(tree: Tree) -> Decimal:
    scalar = _scalar(tree, "a number")
    if scalar.kind not in ("int", "float") or not NUMBER.fullmatch(scalar.text):
        raise _Invalid(f"must be a number such as 12 or 0.50, not {_shown(scalar)}.")
    number = Decimal(scalar.text)
    return abs(number) if number == 0 else number  # the database has no minus zero


def _flag(tree: Tree) -> bool:
    scalar = _scalar(tree, "true or false")
    if scalar.kind != "bool" or scalar.text not in ("true", "false"):
        raise _Invalid(f"must be true or false, not {_shown(scalar)}.")
    return scalar.text == "true"


def _date(tree: Tree) -> datetime.date:
    scalar = _scalar(tree, "a date")
    try:
        if not DAY.fullmatch(scalar.text):
            raise ValueError
        return datetime.date.fromisoformat(scalar.text)
    except ValueError as error:
        raise _Invalid(f"must be a date such as 2026-11-23, not {_shown(scalar)}.") from error


def _shown(scalar: Scalar) -> str:
    return f'"{scalar.text[:80]}"'


_SCALARS = {
    Form.TEXT: _text,
    Form.LINK: _text,
    Form.WHOLE: _whole,
    Form.NUMBER: _number,
    Form.FLAG: _flag,
    Form.DATE: _date,
}


def _clean(column: Column, value: Any, line: int = 0) -> None:
    """Raise ``_Invalid`` when the model's field would not take ``value``."""
    choices = [str(choice) for choice, _ in column.column.flatchoices]
    if choices and value not in choices:
        raise _Invalid(f'is "{str(value)[:80]}", which is not one of {", ".join(choices)}.', line)
    if column.is_absent(value):
        return
    try:
        column.column.clean(value, None)
    except ValidationError as error:
        raise _Invalid("is not right: " + " ".join(error.messages), line) from error

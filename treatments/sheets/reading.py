"""A sheet as entries: rows put together that belong to one entry, every cell in the words that are stored."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import tablib

from treatments.dataset.parsing import Record, parse
from treatments.dataset.problems import Problem
from treatments.dataset.reading import Mapping as Map
from treatments.dataset.reading import Scalar, Sequence, Tree
from treatments.dataset.schema import EVIDENCE, Form, Links

from .cells import checks_cell, checks_in, list_cell, names_in
from .columns import CLAIM_COLUMNS, COLUMNS, ENTRY, FINGERPRINT, HEADINGS, RESULT_COLUMNS, RESULT_NUMBER, SheetColumn
from .formats import Day, Unreadable
from .naming import Names
from .stored import Content

ACCESSION = re.compile(r"EV[0-9]{5,}", re.IGNORECASE)
FIRST_ROW = 2  # below the headings
# The parser of data set files knows lines; a cell is a line of its own to it, made of its row and its column.
STRIDE = 1000


@dataclass(frozen=True, order=True)
class SheetProblem:
    """One thing that is wrong, with the row it stands in (0: the sheet) and its column or columns."""

    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else "the sheet"
        return f"{place}, {self.column}: {self.sentence}" if self.column else f"{place}: {self.sentence}"


@dataclass
class Entry:
    """The rows that belong to one entry: where they stand, and what they say cell by cell."""

    label: str
    row: int
    content: Content = field(default_factory=Content)
    rows_of_cells: dict[str, int] = field(default_factory=dict)
    result_rows: list[int] = field(default_factory=list)
    fingerprint: str = ""
    problems: list[SheetProblem] = field(default_factory=list)

    @property
    def accession(self) -> str:
        """The accession the entry has already; empty for a new one."""
        return self.label.upper() if ACCESSION.fullmatch(self.label) else ""

    def problem(self, row: int, column: str, sentence: str) -> None:
        self.problems.append(SheetProblem(row, column, sentence))


@dataclass
class Sheet:
    """What a sheet says; ``problems`` are of the sheet as a whole, those of an entry stand with it."""

    headings: dict[str, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    problems: list[SheetProblem] = field(default_factory=list)

    @property
    def has_results(self) -> bool:
        return RESULT_COLUMNS[0].name in self.headings


def read_sheet(dataset: tablib.Dataset, names: Names) -> Sheet:
    """The entries of a sheet, in the order in which they begin."""
    sheet = Sheet()
    _read_headings(dataset.headers, sheet)
    if sheet.problems:
        return sheet
    grouped: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for number, row in enumerate(dataset, start=FIRST_ROW):
        cells = {heading: row[position] for heading, position in sheet.headings.items()}
        if not any(cells.values()):
            continue
        grouped[_label(cells, number, sheet)].append((number, cells))
    grouped.pop("", None)
    for label, rows in grouped.items():
        sheet.entries.append(_entry(label, rows, names))
    if not grouped and not sheet.problems:
        sheet.problems.append(SheetProblem(0, "", "There is no row below the headings."))
    return sheet


def _read_headings(given: list[Any], sheet: Sheet) -> None:
    for position, heading in enumerate(given):
        if isinstance(heading, Unreadable):
            sheet.problems.append(SheetProblem(1, "", f"The heading of column {position + 1} {heading.sentence}"))
        elif not heading:
            continue
        elif heading not in HEADINGS:
            near = difflib.get_close_matches(heading[:80].lower(), HEADINGS, n=1)
            hint = f"did you mean “{near[0]}”?" if near else "take the headings from the template."
            sheet.problems.append(SheetProblem(1, heading[:80], f"is no heading of a sheet of evidence; {hint}"))
        elif heading in sheet.headings:
            sheet.problems.append(SheetProblem(1, heading, "is the heading of two columns."))
        else:
            sheet.headings[heading] = position
    if not sheet.problems and ENTRY not in sheet.headings:
        sheet.problems.append(SheetProblem(1, ENTRY, "is missing: it says which rows belong together."))
    there = [column.name for column in RESULT_COLUMNS if column.name in sheet.headings]
    absent = [column.name for column in RESULT_COLUMNS if column.name not in sheet.headings]
    if there and absent:
        sentence = f"is missing; a sheet has all columns of results or none. Missing: {', '.join(absent)}."
        sheet.problems.append(SheetProblem(1, absent[0], sentence))


def _label(cells: dict[str, Any], number: int, sheet: Sheet) -> str:
    """What the row is grouped by; empty, with a problem, where it cannot be told."""
    label = cells[ENTRY]
    if isinstance(label, Unreadable):
        sheet.problems.append(SheetProblem(number, ENTRY, label.sentence))
    elif not label:
        sheet.problems.append(SheetProblem(number, ENTRY, "is missing: an accession, or for a new entry any name."))
    elif len(label) > 80:
        sheet.problems.append(SheetProblem(number, ENTRY, "is longer than 80 characters."))
    else:
        return label.upper() if ACCESSION.fullmatch(label) else str(label)
    return ""


def _entry(label: str, rows: list[tuple[int, dict[str, Any]]], names: Names) -> Entry:
    entry = Entry(label, rows[0][0])
    results: list[tuple[int, int, dict[str, str]]] = []
    for number, cells in rows:
        texts = {
            heading: _read(entry, number, heading, value, names) for heading, value in cells.items() if heading != ENTRY
        }
        for column in CLAIM_COLUMNS:
            if column.name in texts:
                _take(entry, column.name, texts[column.name], number)
        _take_fingerprint(entry, texts.get(FINGERPRINT, ""), number)
        result = {column.name: texts[column.name] for column in RESULT_COLUMNS if texts.get(column.name)}
        place = texts.get(RESULT_NUMBER, "")
        if result:
            results.append((_place(entry, place, number), number, result))
        elif place:
            entry.problem(number, RESULT_NUMBER, f"is {place}, but the row holds no result.")
    _number(entry, results)
    return entry


def _read(entry: Entry, row: int, heading: str, value: Any, names: Names) -> str:
    """The text of a cell in the words that are stored; empty, with a problem, where it cannot be taken."""
    column = COLUMNS.get(heading)
    if isinstance(value, Day) and (column is None or column.form is not Form.DATE):
        value = Unreadable(f"was made a date ({value}) by the spreadsheet program; format the cell as text.")
    if isinstance(value, Unreadable):
        entry.problem(row, heading, value.sentence)
        return ""
    if not value or column is None:
        return str(value)
    try:
        return normal(column, value, names)
    except ValueError as error:
        entry.problem(row, heading, str(error))
        return ""


def normal(column: SheetColumn, text: str, names: Names) -> str:
    """``text`` in the words that are stored: keys for names, stored values for the labels of choices."""
    if isinstance(column.part, Links):
        named = names.of(column.part.links_to)
        return list_cell(named.key(name) for name in names_in(text))
    if column.links_to is not None:
        return names.of(column.links_to).key(text)
    if column.choices:
        wanted = text.casefold()
        return next((value for value, label in column.choices if wanted in (value, label.casefold())), text)
    if column.form is Form.CHECKS:
        return checks_cell(checks_in(text))
    return text


def _take(entry: Entry, name: str, text: str, row: int) -> None:
    before = entry.content.claim.get(name, "")
    if text and before and text != before:
        entry.problem(
            row,
            name,
            f"says something else than row {entry.rows_of_cells[name]} of this entry; leave it empty here.",
        )
    elif text or name not in entry.content.claim:
        entry.content.claim[name] = text
        entry.rows_of_cells[name] = row


def _take_fingerprint(entry: Entry, text: str, row: int) -> None:
    if text and entry.fingerprint and text != entry.fingerprint:
        entry.problem(row, FINGERPRINT, "is another than in the rows above: two exports are mixed in this entry.")
    entry.fingerprint = entry.fingerprint or text


def _place(entry: Entry, text: str, row: int) -> int:
    if text and not re.fullmatch("[1-9][0-9]{0,5}", text):
        entry.problem(row, RESULT_NUMBER, f"must be a whole number such as 1, not “{text[:80]}”.")
        return 0
    return int(text or 0)


def _number(entry: Entry, results: list[tuple[int, int, dict[str, str]]]) -> None:
    """Put the results in the order of their numbers or, where there are none, of their rows."""
    numbered = [place for place, _, _ in results if place]
    if numbered and len(numbered) < len(results) and not entry.problems:
        row = next(row for place, row, _ in results if not place)
        entry.problem(row, RESULT_NUMBER, "is missing; number all results of the entry or none.")
    first: dict[int, int] = {}
    for place, row, _ in results:
        if place and place in first:
            entry.problem(row, RESULT_NUMBER, f"is {place}, as in row {first[place]}.")
        first.setdefault(place, row)
    for _, row, result in sorted(results, key=lambda one: one[:2]):
        entry.result_rows.append(row)
        entry.content.results.append(result)


# As a record of the data set ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row(Map):
    """Cells of a row as a map of fields that also knows where an empty cell stands."""

    cells: Mapping[str, int] = field(default_factory=dict)

    def line_without(self, name: str) -> int:
        return self.cells.get(name, self.line)


def parse_entry(entry: Entry, content: Content, sheet: Sheet) -> Record | None:
    """``content``, which ``entry`` says, checked by the parser of the data set files; its problems go to ``entry``."""
    found: list[Problem] = []
    (record,) = parse(EVIDENCE, Sequence((_tree(entry, content, sheet),), 0), found)
    for problem in found:
        entry.problem(*place_of(problem.place.line, sheet), _without_name(problem.sentence, problem.place.line, sheet))
    return record if record.sound else None


def place_of(line: int, sheet: Sheet) -> tuple[int, str]:
    """The row and the heading of what the parser takes for a line."""
    row, position = divmod(line, STRIDE)
    return row, next((heading for heading, place in sheet.headings.items() if place + 1 == position), "")


def _without_name(sentence: str, line: int, sheet: Sheet) -> str:
    """The sentence without the name of the field, which the heading says better."""
    column = COLUMNS.get(place_of(line, sheet)[1])
    return sentence.removeprefix(f'"{column.part.name}" ') if column else sentence


def _tree(entry: Entry, content: Content, sheet: Sheet) -> Map:
    def line(row: int, name: str) -> int:
        return row * STRIDE + sheet.headings.get(name, -1) + 1

    entries: list[tuple[str, int, Tree]] = []
    places = {}
    for column in CLAIM_COLUMNS:
        place = places[column.name] = line(entry.rows_of_cells.get(column.name, entry.row), column.name)
        text = content.claim.get(column.name, "")
        if text or isinstance(column.part, Links):
            entries.append((column.name, place, _value(column, text, place)))
    rows = []
    for row, cells in zip(entry.result_rows or [entry.row] * len(content.results), content.results, strict=True):
        groups: dict[str, list[tuple[str, int, Tree]]] = defaultdict(list)
        for column in RESULT_COLUMNS:
            if text := cells.get(column.name, ""):
                place = line(row, column.name)
                groups[column.group].append((column.part.name, place, _value(column, text, place)))
        fields = groups.pop("", [])
        for name, parts in groups.items():
            fields.append((name, parts[0][1], Map(tuple(parts), parts[0][1])))
        empty = {column.part.name: line(row, column.name) for column in RESULT_COLUMNS if not column.group}
        rows.append(_Row(tuple(fields), line(row, RESULT_COLUMNS[0].name), empty))
    if rows:
        entries.append(("results", rows[0].line, Sequence(tuple(rows), rows[0].line)))
    return _Row(tuple(entries), line(entry.row, ENTRY), places)


def _value(column: SheetColumn, text: str, line: int) -> Tree:
    if isinstance(column.part, Links):
        return Sequence(tuple(Scalar(name, "str", line) for name in names_in(text)), line)
    if column.form is Form.CHECKS:
        checks = [
            Map(tuple((key, line, Scalar(value, "str", line)) for key, value in check.items()), line)
            for check in checks_in(text)
        ]
        return Sequence(tuple(checks), line)
    return Scalar(text, {Form.NUMBER: "float", Form.WHOLE: "int"}.get(column.form, "str"), line)


def all_problems(sheet: Sheet) -> Iterator[SheetProblem]:
    """Every problem of a sheet, in the order of its rows."""
    yield from sorted({*sheet.problems, *(problem for entry in sheet.entries for problem in entry.problems)})

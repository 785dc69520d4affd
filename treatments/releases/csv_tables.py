"""The data set as flat tables: one for each file, and one for each kind of part that a row can have several of."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from treatments.dataset.schema import Column, Form, Group, Part, Rows, Table, Values
from treatments.models.records import SOURCE_CHECK_KEYS
from treatments.spreadsheet_cells import written

# Between the items of a list in one cell.
BETWEEN = " | "
NUMBER = "number"


@dataclass
class CsvTable:
    """``name`` is that of the file without its ending."""

    name: str
    header: list[str]
    rows: list[list[Any]] = field(default_factory=list)

    def content(self) -> bytes:
        """The bytes of the file, marked as UTF-8: without the mark Excel garbles accents and Greek letters."""
        text = StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(self.header)
        writer.writerows([written(value) for value in row] for row in self.rows)
        return text.getvalue().encode("utf-8-sig")


def csv_tables(table: Table, rows: Iterable[Values]) -> list[CsvTable]:
    """The flat tables of one file. A table of parts begins with the key of the row they belong to and their number."""
    own = ("version",) if table.is_claim else ()
    found = _empty(table.name, (), table.parts, own)
    for row in rows:
        _add(found, table.name, [], [row[name] for name in table.key], table.parts, row, own)
    return list(found.values())


def _empty(name: str, keys: tuple[str, ...], parts: tuple[Part, ...], own: tuple[str, ...] = ()) -> dict[str, CsvTable]:
    header = [*keys]
    inner: dict[str, CsvTable] = {}
    # A row is called by its key; a part by the key of its row and its number.
    key = keys or tuple(part.name for part in parts[:1])
    for position, part in enumerate(parts):
        match part:
            case Column() if part.form is Form.CHECKS:
                inner[f"{name}_{part.name}"] = CsvTable(f"{name}_{part.name}", [*key, NUMBER, *SOURCE_CHECK_KEYS])
            case Rows():
                by = (part.by,) if part.by else ()
                inner |= _empty(f"{name}_{part.name}", (*key, NUMBER), part.parts)
                inner[f"{name}_{part.name}"].header[len(key) + 1 : len(key) + 1] = by
            case Group():
                header += [f"{part.name}_{column}" for column in _columns_of(part)]
            case _:
                header.append(part.name)
        if position == 0:
            header += own
    return {name: CsvTable(name, header), **inner}


def _columns_of(group: Group) -> list[str]:
    names = [column.name for column in group.columns]
    return [*names, "unit"] if group.unit else names


def _add(
    found: dict[str, CsvTable],
    name: str,
    before: list[Any],
    key: list[Any],
    parts: tuple[Part, ...],
    values: Mapping[str, Any],
    own: tuple[str, ...] = (),
) -> None:
    row = [*before]
    for position, part in enumerate(parts):
        value = values.get(part.name)
        match part:
            case Column() if part.form is Form.CHECKS:
                for number, check in enumerate(value or [], start=1):
                    cells = [check.get(wanted) for wanted in SOURCE_CHECK_KEYS]
                    found[f"{name}_{part.name}"].rows.append([*key, number, *cells])
            case Rows():
                for number, (by, inner) in enumerate(_inner_rows(part, value), start=1):
                    inner_key = [*key, number]
                    _add(found, f"{name}_{part.name}", [*inner_key, *by], inner_key, part.parts, inner)
            case Group():
                row += [(value or {}).get(column) for column in _columns_of(part)]
            case _:
                row.append(BETWEEN.join(map(str, value)) if isinstance(value, list) else value)
        if position == 0:
            row += [values[wanted] for wanted in own]
    found[name].rows.append(row)


def _inner_rows(part: Rows, value: Any) -> Iterator[tuple[list[Any], Mapping[str, Any]]]:
    if part.by:
        for by, inner in (value or {}).items():
            yield [by], inner
    else:
        for inner in value or []:
            yield [], inner

"""Files of spreadsheets: CSV and XLSX as django-import-export knows formats, with what a stranger's file needs on top.

What is written is text in every cell, so no program changes a figure or makes a date or a formula of it. What is read
is bounded: in bytes, unpacked bytes, rows and columns. A cell that does not hold what it shows is ``Unreadable``.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
import tablib
from import_export.formats import base_formats

from .cells import is_writable, marked, plain, unmarked
from .columns import is_number

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_ROWS = 20_000
MAX_SHEET_ROWS = 200_000  # empty ones, which a stray format can make, included
MAX_COLUMNS = 200
MAX_CELLS = MAX_ROWS * MAX_COLUMNS  # empty ones included: a row of one far cell has as many as come before it
MAX_CELL = 32_767  # what a cell of a spreadsheet program holds
SHEET = "Evidence"


class FileRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure of the program
    """The file as a whole cannot be read, or not be written; the sentence says why."""


@dataclass(frozen=True)
class Unreadable:
    """A cell that cannot be taken for what it shows, and why."""

    sentence: str


class Day(str):
    """A date that the spreadsheet program made or was given; only a column of dates takes it."""

    __slots__ = ()


def format_of(file_name: str) -> "CSV | XLSX":
    """The format that the name of a file ends in. Raises ``FileRefused`` where that is another."""
    for kind in (CSV, XLSX):
        if file_name.lower().endswith(f".{kind.EXTENSION}"):
            return kind()
    raise FileRefused("The name of the file must end in .xlsx or .csv.")


def _dataset(rows: Iterable[list[Any]]) -> tablib.Dataset:
    """The rows of a file under its headings, empty ones included, so that their numbers are those of the file."""
    table: list[list[Any]] = []
    filled = cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        if cells > MAX_CELLS:
            raise FileRefused("The sheet has cells far to the right. Copy the columns of the template into a new one.")
        while row and row[-1] == "":
            row.pop()
        filled += bool(row)
        if filled > MAX_ROWS + 1:
            raise FileRefused(f"The sheet has more than {MAX_ROWS:,} rows. Divide it into several files.")
        if number > MAX_SHEET_ROWS:
            break
        if len(row) > MAX_COLUMNS:
            raise FileRefused(f"Row {number} has more than {MAX_COLUMNS} columns.")
        table.append(row)
    while table and not table[-1]:
        table.pop()
    if not table or not table[0]:
        raise FileRefused("The first row is empty; it must hold the headings of the template.")
    width = max(map(len, table))
    headings, *content = [[*row, *[""] * (width - len(row))] for row in table]
    return tablib.Dataset(*content, headers=headings)


class CSV(base_formats.CSV):
    EXTENSION = "csv"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> tablib.Dataset:
        """The rows of the file. Commas, semicolons or tabs may stand between the cells."""
        if len(in_stream) > MAX_BYTES:
            raise FileRefused(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
        try:
            text = in_stream.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = in_stream.count(b"\n", 0, error.start) + 1
            raise FileRefused(f"Line {line} is not UTF-8 text. Save the file as “CSV UTF-8”.") from error
        if text.startswith("PK\x03\x04"):
            raise FileRefused("This is an XLSX file under another name.")
        head = text.partition("\n")[0]
        delimiter = max(",;\t", key=head.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            return _dataset([_text(value) for value in row] for row in reader)
        except csv.Error as error:
            raise FileRefused(f"Line {reader.line_num} is not CSV: {error}.") from error

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow(dataset.headers)
        writer.writerows(_safe_rows(dataset))
        # With a mark at the beginning, without which Excel reads another encoding.
        return stream.getvalue().encode("utf-8-sig")


class XLSX(base_formats.XLSX):
    EXTENSION = "xlsx"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> tablib.Dataset:
        """The rows of the sheet "Evidence", or of the only one."""
        _refuse_bombs(in_stream)
        try:
            book = openpyxl.load_workbook(io.BytesIO(in_stream), read_only=True, keep_links=False)
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            if SHEET not in sheets and len(sheets) != 1:
                raise FileRefused(f"The file has no sheet “{SHEET}”.")
            sheet = sheets.get(SHEET) or next(iter(sheets.values()))
            sheet.reset_dimensions()  # what the file says of its size need not be so
            return _dataset([_shown(cell) for cell in row] for row in sheet.rows)
        except FileRefused:
            raise
        except Exception as error:  # whatever a broken file breaks in the libraries that read it
            raise FileRefused("This is not an XLSX file that can be read. Save it anew as .xlsx, or as CSV.") from error

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        from .template import workbook

        rows = list(_safe_rows(dataset))
        for number, row in enumerate(rows, start=2):
            for heading, text in zip(dataset.headers, row, strict=True):
                if len(text) > MAX_CELL:
                    raise FileRefused(
                        f"{row[0]}: “{heading}” is longer than a cell of a spreadsheet can be (row {number})."
                        " Export it as CSV."
                    )
        stream = io.BytesIO()
        workbook(rows).save(stream)
        return stream.getvalue()


# Writing --------------------------------------------------------------------------------------------------------------


def _safe_rows(dataset: tablib.Dataset) -> Iterator[list[str]]:
    numbers = [is_number(heading) for heading in dataset.headers]
    for row in dataset:
        yield [text if number else marked(text) for text, number in zip(row, numbers, strict=True)]


# Reading --------------------------------------------------------------------------------------------------------------


def _text(value: str) -> str | Unreadable:
    if not is_writable(value):
        return Unreadable("has a character that cannot be stored.")
    return unmarked(plain(value))


def _shown(cell: Any) -> str | Unreadable:
    """The text of a cell; of a number or a date, if it shows what it holds."""
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind == "f":
        return Unreadable("holds a formula; enter its value.")
    if kind == "e":
        return Unreadable(f"shows the error {value}.")
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime) and value.time() == time():
        return Day(value.date().isoformat())
    if not isinstance(value, int | float):
        return Unreadable("was made a time by the spreadsheet program; format the cell as text.")
    if cell.number_format not in ("General", "@"):
        return Unreadable(
            f"is formatted as “{cell.number_format}”, so it may show another figure than it holds;"
            " format the cell as text and type the figure as printed."
        )
    return f"{Decimal(repr(value)):f}" if abs(value) < 1e15 else Unreadable("holds a number of more than 15 digits.")


def _refuse_bombs(content: bytes) -> None:
    """Raise ``FileRefused`` for what is no XLSX file or would not stay small when it is unpacked."""
    if len(content) > MAX_BYTES:
        raise FileRefused(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            # Nothing beyond the size that a part gives is ever unpacked.
            if len(parts) > 1000 or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise FileRefused("The file is too large when it is unpacked.")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and re.search(rb"<!(DOCTYPE|ENTITY)", packed.read(part)):
                    raise FileRefused("The file declares entities, which no spreadsheet program writes.")
    except FileRefused:
        raise
    except Exception as error:  # zipfile, zlib and struct each have errors of their own
        raise FileRefused("This is not an XLSX file that can be read. Save it anew as .xlsx, or as CSV.") from error

"""Files to take away, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from treatments.spreadsheet_cells import harmless, written

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# One of each for all cells: a workbook compares styles by their content.
WRAPPED = Alignment(vertical="top", wrap_text=True)
BOLD = Font(bold=True)


def attached(response: HttpResponseBase, name: str) -> HttpResponseBase:
    """``response`` as a file that browsers save under ``name``."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# CSV ------------------------------------------------------------------------------------------------------------------


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV file called ``name``, its encoding marked: without the mark Excel garbles accents and Greek letters."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([written(value) for value in row] for row in rows)
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type=CSV_TYPE)
    attached(response, name)
    return response


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_stream(
    name: str, about: Iterable[tuple[str, str]], header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """As ``csv_file``, however many ``rows``: they are sent as they are read.

    Before the header stands one line for each of ``about``, beginning with "# ".
    """
    writer = csv.writer(_Echo())

    def lines() -> Iterator[bytes]:
        yield "\N{BOM}".encode()
        for label, text in about:
            yield writer.writerow([f"# {label}", harmless(text)]).encode()
        yield writer.writerow(header).encode()
        for row in rows:
            yield writer.writerow([written(value) for value in row]).encode()

    response = StreamingHttpResponse(_in_pieces(lines()), content_type=CSV_TYPE)
    attached(response, name)
    return response


def _in_pieces(lines: Iterable[bytes], size: int = 64 * 1024) -> Iterator[bytes]:
    """``lines`` joined to pieces of about ``size`` bytes: one packet a line would take much longer."""
    piece = bytearray()
    for line in lines:
        piece += line
        if len(piece) >= size:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


# XLSX -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """A table of a workbook: the names of its columns, how wide they are in characters, and its rows."""

    title: str
    header: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Any]]


def workbook(name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """An Excel file called ``name``. Figures are numbers with the very digits they were entered with."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "B2"
        for number, width in enumerate(sheet.widths, start=1):
            page.column_dimensions[get_column_letter(number)].width = width
        page.append([_heading(page, label) for label in sheet.header])
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
    content = BytesIO()
    book.save(content)
    response = HttpResponse(content.getvalue(), content_type=XLSX_TYPE)
    attached(response, name)
    return response


def _heading(page: Any, label: str) -> Any:
    cell = WriteOnlyCell(page, label)
    cell.font = BOLD
    return cell


def _cell(page: Any, value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, Decimal):
        # The library would write -9.36 as -9.359999999999999. It leaves text alone, and the file has numbers as text.
        cell = WriteOnlyCell(page, format(value, "f"))
        cell.data_type = "n"
        cell.number_format = _as_printed(value)
        return cell
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub(" ", value) if isinstance(value, str) else value)
    cell.alignment = WRAPPED
    if isinstance(value, str):
        # Never a formula, whatever it begins with.
        cell.data_type = "s"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def _as_printed(value: Decimal) -> str:
    """The number format that shows as many places as the figure was entered with."""
    places = -int(value.as_tuple().exponent)
    return f"0.{'0' * places}" if places > 0 else "0"

"""The workbook that is filled in: a sheet of text cells with values to choose from, and what each column means."""

from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from treatments.dataset.schema import Links

from .columns import COLUMNS, ENTRY, EXPLANATIONS, FINGERPRINT, HEADINGS, VERSION
from .formats import SHEET
from .naming import values_to_choose

TEXT = "@"
LAST_ROW = 20_001
LONG = {"statement", "safety", "limitations", "source_checks", "regimen", "comparator", "level_note", "label"}
READ_ONLY = (VERSION, FINGERPRINT)
"""Columns that the export writes and nobody fills in."""


def workbook(rows: Iterable[Sequence[str]] = ()) -> Workbook:
    """The template, filled with ``rows`` under the headings of the sheet."""
    book = Workbook(write_only=True)
    choices = values_to_choose()
    sheet = book.create_sheet(SHEET)
    for number, heading in enumerate(HEADINGS, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.number_format = TEXT
        dimension.width = 48 if heading in LONG else 18
    sheet.freeze_panes = "B2"
    for place, (heading, values) in enumerate(choices.items(), start=1):
        sheet.data_validations.append(_choice(heading, place, len(values)))
    sheet.append([_heading(sheet, heading) for heading in HEADINGS])
    for row in rows:
        sheet.append([_text(sheet, text) for text in row])
    _explain(book.create_sheet("Columns"))
    _list(book.create_sheet("Lists"), choices)
    return book


def _choice(heading: str, place: int, count: int) -> DataValidation:
    letter = get_column_letter(HEADINGS.index(heading) + 1)
    several = isinstance(COLUMNS[heading].part, Links)
    validation = DataValidation(
        type="list",
        formula1=f"Lists!${get_column_letter(place)}$2:${get_column_letter(place)}${count + 1}",
        allow_blank=True,
        # Several can be named with ; between them, and a publication by its PMID: what is not in the list is taken too.
        showErrorMessage=not several and COLUMNS[heading].links_to is None,
        errorTitle=heading,
        error="Choose a value of the list, or leave the cell empty.",
    )
    validation.add(f"{letter}2:{letter}{LAST_ROW}")
    return validation


def _heading(sheet: Worksheet, heading: str) -> WriteOnlyCell:
    cell = _text(sheet, heading)
    required = heading == ENTRY or (heading in COLUMNS and COLUMNS[heading].required)
    cell.font = Font(bold=True, color="7F7F7F" if heading in READ_ONLY else None)
    cell.fill = PatternFill("solid", fgColor="FFE9B8" if required else "E8E8E8")
    return cell


def _text(sheet: Worksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text or None)
    cell.number_format = TEXT
    if text:
        cell.data_type = "s"  # whatever it begins with
    return cell


def _explain(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 16
    sheet.column_dimensions["C"].width = 100
    lines = [
        ("How to fill in this file", "", ""),
        ("One row is one result.", "", ""),
        ("", "", "What is said of the entry as a whole stands in the first of its rows; in the others leave it empty."),
        ("", "", "Every cell is text. Type figures as the source printed them: 79, 79.0 and 79.00 are different."),
        ("", "", "An empty cell means “not seen”. It never means “none”."),
        (
            "",
            "",
            "An empty cell of an entry that exists empties the field. Delete a whole column to leave it as it is.",
        ),
        ("", "", "A text that begins with = + - or @ has an apostrophe before it, which is not part of it."),
        ("", "", ""),
    ]
    for line in lines:
        sheet.append([_text(sheet, text) for text in line])
    sheet.append([_heading(sheet, text) for text in ("column", "needed", "meaning")])
    for heading in HEADINGS:
        sheet.append([_text(sheet, text) for text in (heading, _needed(heading), _meaning(heading))])


def _needed(heading: str) -> str:
    if heading in READ_ONLY:
        return "leave it"
    if heading in COLUMNS and COLUMNS[heading].required:
        return "in a result" if COLUMNS[heading].in_results else "yes"
    return "yes" if heading == ENTRY else ""


def _meaning(heading: str) -> str:
    choices = COLUMNS[heading].choices if heading in COLUMNS else []
    listed = "; ".join(f"{value} ({label})" for value, label in choices)
    return f"{EXPLANATIONS[heading]} One of: {listed}." if listed else EXPLANATIONS[heading]


def _list(sheet: Worksheet, choices: dict[str, list[str]]) -> None:
    sheet.append([_heading(sheet, heading) for heading in choices])
    for number in range(max(map(len, choices.values()))):
        row = [values[number] if number < len(values) else "" for values in choices.values()]
        sheet.append([_text(sheet, text) for text in row])

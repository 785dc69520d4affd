"""Files to take away, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.http import HttpResponse

# What a spreadsheet takes for the beginning of a formula, written in full width too (OWASP, CSV injection).
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """``value`` as a spreadsheet may have it: text that would run as a formula gets an apostrophe before it.

    Numbers stay numbers, and what was not recorded (None) an empty cell.
    """
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(FORMULA_BEGINS):
        return f"'{value}"
    return value


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV file called ``name``, its encoding marked: without the mark Excel garbles accents and Greek letters."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

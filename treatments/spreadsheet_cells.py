"""Values as a spreadsheet may have them: nothing that runs as a formula, figures with their very digits."""

from decimal import Decimal
from typing import Any

# What a spreadsheet takes for the beginning of a formula, written in full width too (OWASP, CSV injection).
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """``value`` as a spreadsheet may have it: text that would run as a formula gets an apostrophe before it.

    Numbers stay numbers, and what was not recorded (None) an empty cell.
    """
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(FORMULA_BEGINS):
        return f"'{value}"
    return value


def written(value: Any) -> Any:
    """``value`` as CSV has it: a figure with the digits it was entered with, yes and no as true and false."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value)

"""A value as the text of a cell, and the text of a cell as it is kept safe from spreadsheet programs."""

import datetime
import hashlib
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from treatments.spreadsheet_cells import FORMULA_BEGINS

BETWEEN = "; "
CHECK_KEYS = ("grade", "what", "source", "on", "note")

# What neither XML nor a spreadsheet can hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?")
# What a spreadsheet program takes for the beginning of a formula, and what is marked so already.
_BEGINS = f"[{re.escape(''.join(FORMULA_BEGINS))}]"
_FORMULA = re.compile(f"'*{_BEGINS}")
_MARKED = re.compile(f"'+{_BEGINS}")


def cell(value: Any) -> str:
    """The text of a cell that says ``value``; nothing at all where nothing was recorded."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return plain(str(value))


def plain(text: str) -> str:
    """Text as every kind of file gives it back: one kind of line end, no space around, no control characters."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", _LINE_ENDS.sub("\n", text)).strip()


def is_writable(text: str) -> bool:
    """Whether the text has no character that is lost on the way."""
    return not _UNWRITABLE.search(text)


def list_cell(names: Iterable[str]) -> str:
    return BETWEEN.join(names)


def names_in(text: str) -> list[str]:
    return [name.strip() for name in text.split(BETWEEN.strip()) if name.strip()]


# Source checks --------------------------------------------------------------------------------------------------------


def checks_cell(checks: Iterable[dict[str, str]]) -> str:
    """Source checks, one a line; what is empty at the end of a line is left out."""
    lines = []
    for check in checks:
        parts = [_escaped(plain(check.get(key, ""))) for key in CHECK_KEYS]
        while parts and not parts[-1]:
            parts.pop()
        lines.append(" | ".join(parts))
    return "\n".join(lines).strip()


def checks_in(text: str) -> list[dict[str, str]]:
    """The same, read back. Raises ``ValueError`` with a sentence where a line has too many parts."""
    checks = []
    for line in filter(str.strip, text.split("\n")):
        parts = _split(line)
        if len(parts) > len(CHECK_KEYS):
            raise ValueError(
                f"has a line of {len(parts)} parts; a source check is {' | '.join(CHECK_KEYS)}."
                " Write \\| for a | in a text."
            )
        checks.append({key: part for key, part in zip(CHECK_KEYS, parts, strict=False) if part})
    return checks


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")


def _split(line: str) -> list[str]:
    parts, now, characters = [], "", iter(line)
    for character in characters:
        if character == "\\":
            follows = next(characters, "\\")
            now += {"n": "\n"}.get(follows, follows if follows in "\\|" else f"\\{follows}")
        elif character == "|":
            parts.append(now.strip())
            now = ""
        else:
            now += character
    return [*parts, now.strip()]


# Safe from spreadsheet programs ---------------------------------------------------------------------------------------


def marked(text: str) -> str:
    """Text that no program takes for a formula: an apostrophe goes before what begins like one."""
    return f"'{text}" if _FORMULA.match(text) else text


def unmarked(text: str) -> str:
    """The text that was marked."""
    return text[1:] if _MARKED.match(text) else text


def fingerprint(cells: Any) -> str:
    """A short name for the content of an entry: another content has another."""
    content = json.dumps(cells, ensure_ascii=False)
    return f"v-{hashlib.sha256(content.encode()).hexdigest()[:12]}"

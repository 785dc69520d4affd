"""Values of the data set as JSON, figures with the digits they were entered with."""

import datetime
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def as_json(value: Any) -> bytes:
    """The bytes of a file: the same value always gives the same bytes. 79.0 stays 79.0."""
    return f"{_text(value, '')}\n".encode()


def _text(value: Any, indent: str) -> str:
    inner = f"{indent} "
    match value:
        case Decimal():
            return format(value, "f")
        case datetime.date():
            return f'"{value.isoformat()}"'
        case Mapping() if value:
            items = ",\n".join(f"{inner}{_scalar(name)}: {_text(one, inner)}" for name, one in value.items())
            return f"{{\n{items}\n{indent}}}"
        case list() if value:
            items = ",\n".join(f"{inner}{_text(one, inner)}" for one in value)
            return f"[\n{items}\n{indent}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def from_json(content: bytes) -> Any:
    """What ``as_json`` wrote, to be compared: a number is a tuple of its very text, so 79 and 79.0 differ."""
    return json.loads(content, parse_float=_number, parse_int=_number)


def _number(text: str) -> tuple[str]:
    return (text,)

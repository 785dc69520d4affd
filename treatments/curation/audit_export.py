"""The audit log as a file: CSV with a line for each changed field, or JSON with a line for each change."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from treatments.spreadsheet_cells import written

from .audit import Entry

CSV, JSON_LINES = "csv", "jsonl"
MEDIA_TYPES = {CSV: "text/csv; charset=utf-8", JSON_LINES: "application/x-ndjson"}
HEADER = ("at", "who", "step", "reason", "kind", "name", "action", "field", "before", "after")


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def lines(entries: Iterable[Entry], form: str) -> Iterator[bytes]:
    """The file, line by line, as the entries come."""
    return _csv_lines(entries) if form == CSV else _json_lines(entries)


def _csv_lines(entries: Iterable[Entry]) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield "\N{BOM}".encode()  # without it Excel garbles accents and Greek letters
    yield writer.writerow(HEADER).encode()
    for entry in entries:
        told = (entry.at.isoformat(), entry.who, entry.step, entry.reason, entry.kind, entry.name, entry.action)
        fields = [(field.name, field.before, field.after) for field in entry.fields]
        for change in fields or [("", "", "")]:
            yield writer.writerow([written(value) for value in (*told, *change)]).encode()


def _json_lines(entries: Iterable[Entry]) -> Iterator[bytes]:
    for entry in entries:
        yield f"{json.dumps(_as_json(entry), ensure_ascii=False)}\n".encode()


def _as_json(entry: Entry) -> dict[str, Any]:
    model, key = entry.record
    return {
        "at": entry.at.isoformat(),
        "who": entry.who,
        "person": entry.person,
        "step": entry.step,
        "reason": entry.reason,
        "kind": entry.kind,
        "action": entry.action,
        "name": entry.name,
        "record": {"model": model._meta.label_lower, "key": key},
        "fields": [{"name": one.name, "before": one.before, "after": one.after} for one in entry.fields],
    }

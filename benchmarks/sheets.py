"""How long a spreadsheet of 5,000 results takes to write, to look through and to import.

Works in the database of this checkout and leaves nothing there: everything is rolled back. The sheet holds the real
entries, again and again under new statements, and then as many revisions as there are published entries. Prints a
Markdown table for docs/performance.md; times are seconds.
"""

import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import django

ROWS = 5_000


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    outcome = act()
    return time.perf_counter() - started, outcome


def many(dataset: Any) -> Any:
    """New entries with together ``ROWS`` results, made of those that there are."""
    import tablib

    rows: list[list[str]] = []
    copy = 0
    while len(rows) < ROWS:
        copy += 1
        for row in dataset[: ROWS - len(rows)]:
            cells = dict(zip(dataset.headers, row, strict=True))
            cells |= {"entry": f"copy {copy} of {cells['entry'][2:]}", "version": "", "fingerprint": ""}
            if cells["statement"]:
                cells["statement"] += f" ({copy})"
            rows.append([cells[heading] for heading in dataset.headers])
    return tablib.Dataset(*rows, headers=dataset.headers)


def edited(dataset: Any) -> Any:
    """Every published entry with another statement."""
    import tablib

    place = dataset.headers.index("statement")
    rows = [[f"{cell}." if cell and at == place else cell for at, cell in enumerate(row)] for row in dataset]
    return tablib.Dataset(*rows, headers=dataset.headers)


def measure() -> None:
    from django.contrib.auth.models import User
    from django.db import transaction

    from treatments.sheets.formats import CSV, XLSX
    from treatments.sheets.importing import import_sheet, preview
    from treatments.sheets.resource import EvidenceResource, run

    print("| step | rows | entries | seconds |\n|---|---:|---:|---:|")

    def told(step: str, rows: int, entries: int | None, seconds: float) -> None:
        print(f"| {step} | {rows:,} | {'' if entries is None else f'{entries:,}'} | {seconds:.1f} |", flush=True)

    with transaction.atomic():
        person = User.objects.create(username="benchmark", is_superuser=True)
        published = EvidenceResource().export()
        sheet = many(published)
        for kind in (XLSX(), CSV()):
            seconds, content = timed(partial(kind.export_data, sheet))
            told(f"write as {kind.EXTENSION}", len(sheet), None, seconds)
            seconds, read = timed(partial(kind.create_dataset, content))
            told(f"read from {kind.EXTENSION}", len(sheet), None, seconds)
        seconds, plan = timed(lambda: run(preview(read, person)))
        told("preview, all new", len(read), len(plan.planned), seconds)
        seconds, plan = timed(lambda: run(import_sheet(read, person, file_name="benchmark.csv")))
        told("import, all new", len(read), len(plan.planned), seconds)
        changes = edited(published)
        seconds, plan = timed(lambda: run(import_sheet(changes, person, file_name="benchmark.csv", reason="Measured")))
        told("import, every published entry revised", len(changes), len(plan.planned), seconds)
        transaction.set_rollback(True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledgebase.settings")
    django.setup()
    measure()

"""The published data set as files: the same rows always as the same bytes."""

import datetime
import os
import re
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import DatabaseError, connection, transaction

from .reports import DumpReport
from .schema import APPRAISALS, EVIDENCE, FILES, MANIFEST, TABLES, Table, Values
from .stored import Stored, read_stored

LINE_WIDTH = 120
FILE_NAMES = {table.name: table.file for table in TABLES}

# Text that one reader of YAML or another takes for a number, a date or a truth value: 2025-11, 1e3, 0o17, y.
LIKE_A_NUMBER = re.compile(r"[-+.]?[0-9][-+.:_0-9a-fA-FoxOX]*|[yYnN]")
# What YAML 1.1 takes for the end of a line, and YAML 1.2 does not.
OTHER_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


class DumpRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure of the program
    """Nothing was written; the sentence says why."""


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _number(dumper: Any, number: Decimal) -> Any:
    text = f"{number:f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


def _text(dumper: Any, text: str) -> Any:
    style = None
    if OTHER_LINE_ENDS.search(text):
        style = '"'
    elif "\n" in text:
        style = "|"
    elif LIKE_A_NUMBER.fullmatch(text):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _date(dumper: Any, date: datetime.date) -> Any:
    return dumper.represent_str(date.isoformat())


_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(str, _text)
_Dumper.add_representer(datetime.date, _date)


def dump(directory: Path | str) -> DumpReport:
    """Write the published data set into ``directory``: every file of the schema, empty ones included.

    Files of an earlier data set are replaced, all or none; anything else in the directory makes it refuse
    (``DumpRefused``). Claims that are open, superseded or retracted are not part of a data set.
    """
    directory = Path(directory)
    _refuse_other_files(directory)
    report = DumpReport()
    try:
        with transaction.atomic():
            _read_one_state()
            stored = read_stored()
    except DatabaseError as error:
        raise DumpRefused(f"The database cannot be read: {' '.join(str(error).split())}") from error
    files: dict[str, Any] = {MANIFEST.file: _manifest(stored)}
    files |= {FILE_NAMES[name]: rows for name, rows in published_rows(stored, report).items()}
    _write({name: as_yaml(content) for name, content in files.items()}, directory)
    return report


def published_rows(stored: Stored, report: DumpReport) -> dict[str, list[Values]]:
    """What the files of a data set hold, by table name; counts and what is left out are added to ``report``.

    What is left out are appraisals whose evidence is not there, and of others that they need a re-check.
    """
    found = {}
    for table in TABLES:
        found[table.name] = sorted(_rows(table, stored, report), key=table.order_of)
        report.rows[table.name] = len(found[table.name])
    return found


def as_yaml(content: Any) -> bytes:
    """The bytes of one file."""
    text: str = yaml.dump(
        content, Dumper=_Dumper, allow_unicode=True, default_flow_style=False, sort_keys=False, width=LINE_WIDTH
    )
    return text.encode()


def _read_one_state() -> None:
    """Make all queries that follow see the database as it is now, unless a transaction is under way already."""
    if len(connection.savepoint_ids) == 0 and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _manifest(stored: Stored) -> Values:
    releases = [row.values for row in stored.of(MANIFEST).values()]
    if not releases:
        raise DumpRefused("There is nothing to write: no data set was ever loaded.")
    return max(releases, key=lambda release: (release["released_on"], release["name"]))


def _rows(table: Table, stored: Stored, report: DumpReport) -> list[Values]:
    rows = []
    for row in stored.of(table).values():
        if table is APPRAISALS:
            gone = [name for name in row.values["rests_on"] if (name,) not in stored.of(EVIDENCE)]
            if gone:
                report.left_out.append(
                    f"Appraisal {row.values['accession']} rests on {', '.join(gone)}, which is not published any more."
                )
                continue
            if row.values["accession"] in stored.needing_recheck:
                # The files name evidence by accession and know no dates: to who loads them it would look fresh.
                report.left_out.append(f"That appraisal {row.values['accession']} needs a re-check.")
        rows.append(row.values)
    return rows


def _refuse_other_files(directory: Path) -> None:
    try:
        if directory.exists() and not directory.is_dir():
            raise DumpRefused(f"{directory} is not a directory.")
        others = [entry.name for entry in directory.iterdir()] if directory.exists() else []
    except OSError as error:
        raise DumpRefused(f"{directory} cannot be read: {error.strerror}.") from error
    others = sorted(name for name in others if name not in FILES and name != "README.md")
    if others:
        raise DumpRefused(f"{directory} holds other files ({', '.join(others[:5])}); name an empty or a new directory.")


def _write(files: dict[str, bytes], directory: Path) -> None:
    """Every file first beside its place, then all of them into place."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".dump-", dir=directory) as beside:
            for name, content in files.items():
                with (Path(beside) / name).open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            for name in files:
                (Path(beside) / name).replace(directory / name)
    except OSError as error:
        raise DumpRefused(f"{directory} cannot be written: {error.strerror}.") from error

"""Load a data set: the shipped one, or another directory of YAML files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from treatments.dataset import SEED, DataSetRefused, LoadReport, load
from treatments.dataset.schema import TABLES
from treatments.releases import keep_loaded

NAMES_SHOWN = 5


class Command(BaseCommand):
    help = "Check a data set and load it in one transaction; loading it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, default=SEED, help="a directory of YAML files (default: the shipped data set)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                report = load(options["path"])
                keep_loaded(report)
        except DataSetRefused as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            count = len(refusal.problems)
            raise CommandError(
                f"The data set was refused because of {count} problem{'s' if count > 1 else ''}; nothing was written."
            ) from refusal
        if options["verbosity"] > 0:
            for line in _summary(report):
                self.stdout.write(line)


def _summary(report: LoadReport) -> list[str]:
    lines = []
    for table in TABLES:
        counts = {
            "added": report.added[table.name],
            "updated": report.updated_in(table),
            "unchanged": report.unchanged[table.name],
            "left alone": report.left_alone_in(table),
        }
        shown = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        if shown:
            lines.append(f"{table.name.replace('_', ' ')}: {shown}")
    lines += [f"Updated {update}." for update in report.updated if update.edited_here]
    lines += [f"Left alone: {left}" for left in report.left_alone]
    for name, keys in report.not_in_data_set.items():
        lines.append(f"Not in this data set and left as they are, {name.replace('_', ' ')}: {_some(keys)}.")
    if report.said_otherwise:
        lines.append(
            f"Release {report.release} was loaded before and said otherwise: {_some(report.said_otherwise)}."
            " What changes a claim needs a new release name in dataset.yaml."
        )
    if report.changed_anything:
        lines.append(f"Release {report.release} is loaded; the data set is now at revision {report.revision}.")
    else:
        lines.append(f"Release {report.release} was loaded already; the data set stays at revision {report.revision}.")
    return lines


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return "; ".join(names[:NAMES_SHOWN]) + more

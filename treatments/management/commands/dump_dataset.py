"""Write the published data set as YAML files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from treatments.dataset import DumpRefused, dump


class Command(BaseCommand):
    help = "Write the published data set as YAML files, in the form that load_dataset reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, help="a new or empty directory, or that of an earlier dump")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = dump(options["directory"])
        except DumpRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        for sentence in report.left_out:
            self.stderr.write(f"Left out: {sentence}")
        self.stdout.write(f"{sum(report.rows.values())} rows written to {options['directory']}.")

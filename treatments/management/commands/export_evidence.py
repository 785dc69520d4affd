"""Export evidence to a spreadsheet."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from treatments.models import Evidence
from treatments.sheets.formats import FileRefused, format_of
from treatments.sheets.resource import PUBLISHED, SCOPES, EvidenceResource, in_scope


class Command(BaseCommand):
    help = "Export evidence with its results to a CSV or XLSX file, one row for each result."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--scope", choices=SCOPES, default=PUBLISHED)

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        dataset = EvidenceResource().export(in_scope(Evidence.objects.all(), options["scope"]))
        try:
            file.write_bytes(format_of(file.name).export_data(dataset))
        except FileRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{len(dataset):,} rows written to {file}.")

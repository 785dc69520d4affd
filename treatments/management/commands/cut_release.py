"""Cut a release of the data set."""

from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError, CommandParser

from treatments.releases import ReleaseRefused, cut


class Command(BaseCommand):
    help = (
        "Release everything that is published now, under a name that is never used again: YAML, JSON and CSV files with"
        " checksums, kept in the database for good."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="for example 2026-12; part of the permanent address")
        parser.add_argument("--title", default="", help="what the release is called (default: Release NAME)")
        parser.add_argument("--notes", default="", help="what readers are told of it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with pghistory.context(command="cut_release"):
                release = cut(options["name"], options["title"] or f"Release {options['name']}", options["notes"])
        except ReleaseRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        snapshot = release.snapshot
        for line in snapshot.left_out:
            self.stderr.write(f"Left out: {line}")
        for file in snapshot.files.defer("content"):
            self.stdout.write(f"{file.sha256}  {file.name}")
        self.stdout.write(
            f"Release {release.name} holds {sum(snapshot.counts.values())} rows, revision {snapshot.revision}."
        )

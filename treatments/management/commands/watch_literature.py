"""Fill the literature inbox: from PubMed by the saved queries, or from citation files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from treatments.literature import files
from treatments.literature.inbox import take_in
from treatments.literature.service import ServiceError
from treatments.literature.watching import BusyError, alone, watch
from treatments.models import LiteratureQuery


class Command(BaseCommand):
    help = (
        "Ask PubMed for what is new under every active literature query, and put it into the inbox; or, with --file,"
        " put the records of a file there. Can be run as often as you like: nothing comes twice, and a run that broke"
        " off is taken up where it was. Exits with 1 where something could not be read, and says what."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--query", action="append", default=[], metavar="NAME", help="only this query; can be given several times"
        )
        parser.add_argument(
            "--file",
            action="append",
            default=[],
            metavar="FILE",
            help="read this .nbib, .ris or .bib file and ask no service; can be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] and options["query"]:
            raise CommandError("Give either --file or --query.")
        problems = self._read_files(options["file"]) if options["file"] else self._ask(options["query"])
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise SystemExit(1)

    def _read_files(self, names: list[str]) -> list[str]:
        problems = []
        for name in names:
            try:
                with Path(name).open("rb") as file:
                    contents = files.read(name, file.read(files.LARGEST_FILE + 1))
            except OSError as problem:
                problems.append(f"{name} cannot be read: {problem.strerror}.")
            except files.FileError as problem:
                problems.append(str(problem))
            else:
                new = take_in(contents.records, file_name=files.plain_name(name))
                self.stdout.write(f"{name}: {new} new of {len(contents.records)}.")
                problems += [f"{name}: {problem}" for problem in contents.problems]
        return problems

    def _ask(self, names: list[str]) -> list[str]:
        queries = list(LiteratureQuery.objects.filter(is_active=True))
        if unknown := set(names) - {query.name for query in queries}:
            raise CommandError(f"There is no active literature query called {', '.join(sorted(unknown))}.")
        problems = []
        try:
            with alone():
                for query in queries:
                    if names and query.name not in names:
                        continue
                    try:
                        self.stdout.write(f"{query.name}: {watch(query, timezone.localdate())} new.")
                    except ServiceError as problem:
                        problems.append(f"{query.name}: {problem}")
        except BusyError as problem:
            self.stdout.write(f"{problem} Nothing was asked.")
        return problems

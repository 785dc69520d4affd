"""Import evidence from a spreadsheet."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from treatments.sheets.formats import MAX_BYTES, FileRefused, format_of
from treatments.sheets.importing import ImportRefused, import_sheet, may_import, preview
from treatments.sheets.planning import Outcome, Plan, Progress
from treatments.sheets.resource import run


class Command(BaseCommand):
    help = (
        "Import evidence with its results from a CSV or XLSX file, all of it or nothing. New entries become drafts of"
        " --user, published ones revisions, their own drafts are edited. Exits with 1, every problem printed with its"
        " row and column, where nothing was imported."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", required=True, help="name of the curator whose drafts these become")
        parser.add_argument("--reason", default="", help="why published entries are revised; readers will see it")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        person = _curator(options["user"])
        try:
            dataset = format_of(file.name).create_dataset(_content(file))
            if options["dry_run"]:
                plan = run(preview(dataset, person), self.tell)
            else:
                steps = import_sheet(dataset, person, file_name=file.name, reason=options["reason"])
                plan = run(steps, self.tell)
        except FileRefused as refusal:
            raise CommandError(f"{file}: {refusal}") from refusal
        except ImportRefused as refusal:
            self.list_problems(refusal.plan)
            raise CommandError(str(refusal)) from refusal
        self.list_problems(plan)
        if options["dry_run"]:
            self.list_changes(plan)
        self.stdout.write(_summary(plan, "would be " if options["dry_run"] else ""))
        if plan.problems:
            raise CommandError("There are problems in the sheet.")

    def tell(self, progress: Progress) -> None:
        self.stderr.write(f"{progress.step} {progress.done:,} of {progress.total:,} entries")

    def list_problems(self, plan: Plan | None) -> None:
        for problem in plan.problems if plan else []:
            self.stderr.write(str(problem))

    def list_changes(self, plan: Plan) -> None:
        for one in plan.of(Outcome.NEW):
            self.stdout.write(f"row {one.entry.row}: {one.entry.label} is new")
        for one in plan.of(Outcome.UPDATE):
            for difference in one.differences:
                where = f" of result {difference.result}" if difference.result else ""
                self.stdout.write(
                    f"row {one.entry.row}: {one.before}, {difference.column}{where}:"
                    f" “{difference.before}” becomes “{difference.after}”"
                )


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise CommandError(f"{file} is larger than {MAX_BYTES // 1024 // 1024} MB.")
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def _curator(name: str) -> User:
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None or not may_import(person):
        raise CommandError(f"There is nobody called {name} who may draft evidence.")
    return person


def _summary(plan: Plan, would: str) -> str:
    new, changed, same = (len(plan.of(outcome)) for outcome in (Outcome.NEW, Outcome.UPDATE, Outcome.SKIP))
    return f"{new} {would}added, {changed} {would}changed, {same} unchanged."

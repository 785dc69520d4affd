"""Write the audit log: who changed what, when and why."""

import sys
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from treatments.curation.audit import Asked, AuditTrail
from treatments.curation.audit_export import CSV, JSON_LINES, lines


class Command(BaseCommand):
    help = "Write every recorded change, the oldest first, to standard output: JSON lines, or CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=(JSON_LINES, CSV), default=JSON_LINES)
        parser.add_argument("--since", type=_day, help="the first day, in UTC, such as 2026-11-01")
        parser.add_argument("--until", type=_day, help="the last day, in UTC")

    def handle(self, *args: Any, **options: Any) -> None:
        trail = AuditTrail(Asked(since=options["since"], until=options["until"]))
        out = getattr(self.stdout, "_out", sys.stdout)
        for line in lines(trail.oldest_first(), options["format"]):
            out.write(line.decode())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2026-11-25.") from None

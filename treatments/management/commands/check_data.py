"""Look for what seems wrong or missing in the data."""

import json
from argparse import ArgumentTypeError
from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from treatments.curation.checks import CHECKS, Finding, Severity, run
from treatments.curation.findings import Judged, judged

NEVER = "never"


class Command(BaseCommand):
    help = (
        "Run the data checks and print one sentence for each open finding. Exits with 1 where an open finding is as"
        " grave as --fail-on says, with 0 otherwise."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object, dismissed findings included")
        parser.add_argument(
            "--check", action="append", choices=CHECKS, default=[], help="only this check; can be given several times"
        )
        parser.add_argument(
            "--fail-on",
            choices=(Severity.ERROR.value, Severity.WARNING.value, NEVER),
            default=Severity.ERROR.value,
            help="the least grave kind of finding to fail on (default: error)",
        )
        parser.add_argument("--today", type=_day, help="the day to count ages of facts from (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or timezone.localdate()
        found = judged(run(today, options["check"]))
        still_open = [one.finding for one in found if one.is_open]
        if options["json"]:
            self.stdout.write(json.dumps(_report(today, options["check"], found), indent=2, ensure_ascii=False))
        else:
            for finding in still_open:
                self.stdout.write(f"{CHECKS[finding.check].severity}: {finding.sentence} [{finding.check}]")
            self.stdout.write(_summary(still_open, len(found) - len(still_open)))
        fail_on = options["fail_on"]
        if fail_on != NEVER and any(CHECKS[f.check].severity.rank <= Severity(fail_on).rank for f in still_open):
            raise SystemExit(1)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2026-11-25.") from None


def _summary(still_open: list[Finding], dismissed: int) -> str:
    counts = Counter(CHECKS[finding.check].severity for finding in still_open)
    shown = ", ".join(f"{counts[severity]} {severity}" for severity in Severity if counts[severity])
    return f"{len(still_open)} open{f' ({shown})' if shown else ''}, {dismissed} dismissed."


def _report(today: date, names: list[str], found: list[Judged]) -> dict[str, Any]:
    counts = Counter((one.finding.check, one.is_open) for one in found)
    return {
        "today": today.isoformat(),
        "checks": [
            {
                "name": check.name,
                "title": check.title,
                "severity": check.severity,
                "open": counts[check.name, True],
                "dismissed": counts[check.name, False],
            }
            for check in CHECKS.values()
            if not names or check.name in names
        ],
        "findings": [
            {
                "check": one.finding.check,
                "severity": CHECKS[one.finding.check].severity,
                "key": one.finding.key,
                "fingerprint": one.finding.fingerprint,
                "sentence": one.finding.sentence,
                "records": [{"type": record.kind.value, "name": record.name} for record in one.finding.records],
                "dismissed": one.dismissal
                and {
                    "reason": one.dismissal.reason,
                    "by": one.dismissal.dismissed_by.get_username(),
                    "at": one.dismissal.dismissed_at.isoformat(),
                },
            }
            for one in found
        ],
    }

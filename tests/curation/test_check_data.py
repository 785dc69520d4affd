"""`manage.py check_data`, as an operator and CI see it."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import builders
from treatments.curation.checks import CHECKS, run
from treatments.curation.findings import dismiss
from treatments.curation.roles import CURATOR

pytestmark = pytest.mark.django_db

DAY = ("--today", "2026-11-25")


def check_data(*arguments):
    """What the command prints, and its exit status."""
    out = StringIO()
    try:
        call_command("check_data", *DAY, *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


@pytest.mark.parametrize(
    ("fail_on", "status"), [("error", 0), ("warning", 1), ("never", 0)], ids=["error", "warning", "never"]
)
def test_exit_status_for_a_warning(fail_on, status):
    assert check_data("--check", "level", "--fail-on", fail_on)[1] == status


def test_an_error_fails_by_default_until_it_is_dismissed():
    builders.result(builders.evidence(), treated_value="99", treated_unit="%")
    out, status = check_data("--check", "percentage")
    assert status == 1
    assert "error: EV" in out
    assert "7 of 10 is 70.0 %, but 99 % is entered for the treated arm" in out
    somebody = builders.person(CURATOR)
    for finding in run(date(2026, 11, 25), ["percentage"]):
        dismiss(finding, somebody, "The made-up source prints it so.")
    out, status = check_data("--check", "percentage")
    assert (out.splitlines()[-1].startswith("0 open, "), status) == (True, 0)


def test_json():
    out, status = check_data("--json")
    report = json.loads(out)
    assert status == 1  # the data set has an error of its own
    assert [check["name"] for check in report["checks"]] == list(CHECKS)
    assert sum(check["open"] for check in report["checks"]) == len(report["findings"])
    first = report["findings"][0]
    assert first.keys() == {"check", "severity", "key", "fingerprint", "sentence", "records", "dismissed"}
    assert first["records"][0].keys() == {"type", "name"}


def test_unknown_checks_and_days_are_refused():
    with pytest.raises(CommandError, match="invalid choice: 'spelling'"):
        check_data("--check", "spelling")
    with pytest.raises(CommandError, match="not a date"):
        check_data("--today", "tomorrow")

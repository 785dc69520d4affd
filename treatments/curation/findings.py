"""What is made of the findings of the data checks: which are open, which somebody dismissed, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pghistory
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from treatments.models import Dismissal

from .checks import Finding, run
from .problems import sentence
from .roles import permission_name
from .workflow import Person, WorkflowError, required_text

KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Judged:
    """A finding, and the dismissal that stands for it if somebody dismissed it as it is."""

    finding: Finding
    dismissal: Dismissal | None

    @property
    def is_open(self) -> bool:
        return self.dismissal is None


def judged(findings: Iterable[Finding]) -> list[Judged]:
    """The findings, each with its dismissal; one query."""
    standing = {
        row.fingerprint: row for row in Dismissal.objects.filter(reopened_at=None).select_related("dismissed_by")
    }
    return [Judged(finding, standing.get(finding.fingerprint)) for finding in findings]


def findings_now(today: date) -> list[Finding]:
    """What all checks find, made anew only after something was committed to the database.

    Kept under the snapshot of the database, which every commit changes: a kept answer cannot be out of date.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        key = f"findings:{cursor.fetchone()[0]}:{today}"
    findings: list[Finding] | None = cache.get(key)
    if findings is None:
        findings = run(today)
        cache.set(key, findings, KEPT_SECONDS)
    return findings


def earlier_dismissals(finding: Finding) -> list[Dismissal]:
    """What was said of the finding before, the latest first: reopened, or dismissed with other figures."""
    rows = Dismissal.objects.filter(key=finding.key, check_name=finding.check)
    rows = rows.exclude(fingerprint=finding.fingerprint, reopened_at=None)
    return list(rows.select_related("dismissed_by", "reopened_by"))


def may_dismiss(by: Person) -> bool:
    return by.has_perm(permission_name(Dismissal, "add"))


def may_reopen(by: Person) -> bool:
    return by.has_perm(permission_name(Dismissal, "change"))


def dismiss(finding: Finding, by: Person, reason: str, because: str = "") -> Dismissal:
    """Judge a finding to be no fault. It comes back when the facts it was made from change.

    ``because`` is what the history says of everything done in the same request, where that is more than this reason.
    """
    reason = required_text(reason, "Say why this is no fault.")
    if not may_dismiss(by):
        raise WorkflowError("Your roles do not include this: a finding is dismissed by somebody who may.")
    return _kept(
        "dismiss_finding",
        by,
        reason,
        Dismissal(
            check_name=finding.check,
            key=finding.key,
            fingerprint=finding.fingerprint,
            sentence=finding.sentence,
            reason=reason,
            dismissed_by=by,  # type: ignore[misc]  # nobody without a sign-in may
            dismissed_at=timezone.now(),
        ),
        because,
    )


def reopen(dismissal: Dismissal, by: Person, reason: str) -> Dismissal:
    """Take a dismissal back; the row stays, and says by whom and why."""
    reason = required_text(reason, "Say why the finding is to be looked at again.")
    if not may_reopen(by):
        raise WorkflowError("Your roles do not include this: a finding is reopened by somebody who may.")
    with transaction.atomic():
        locked = Dismissal.objects.select_for_update().get(pk=dismissal.pk)
        if locked.reopened_at is not None:
            raise WorkflowError("Somebody else reopened this finding a moment ago.")
        locked.reopened_by_id, locked.reopened_at, locked.reopening_reason = by.pk, timezone.now(), reason
        return _kept("reopen_finding", by, reason, locked)


def _kept(step: str, by: Person, reason: str, row: Dismissal, because: str = "") -> Dismissal:
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, step=step, reason=because or reason):
            row.save()
    except DatabaseError as error:
        raise WorkflowError(sentence(error)) from error
    return row

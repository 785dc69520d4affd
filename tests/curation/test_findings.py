"""Dismissing and reopening findings: who may, what is kept, and when a finding comes back."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests import builders
from tests.concurrency import at_once
from treatments.curation.checks import run
from treatments.curation.findings import dismiss, earlier_dismissals, judged, reopen
from treatments.curation.history import changes_of
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import WorkflowError
from treatments.models import DatasetRevision, Dismissal

TODAY = date(2026, 11, 25)


def finding_of(claim, check="level"):
    return next(f for f in run(TODAY, [check]) if claim.accession in {record.name for record in f.records})


@pytest.fixture
def finding(db):
    return finding_of(builders.evidence(level=builders.evidence_level("4")))


@pytest.mark.parametrize("role", [CURATOR, REVIEWER, EDITOR])
def test_every_role_may_dismiss_and_it_is_kept(finding, role):
    somebody = builders.person(role)
    revision = DatasetRevision.current().number
    dismissal = dismiss(finding, somebody, "  The made-up source says so. ")
    assert judged([finding])[0].dismissal == dismissal
    told = changes_of(dismissal)[0]
    assert (told.who, told.reason) == (somebody.username, "The made-up source says so.")
    assert DatasetRevision.current().number == revision


def test_a_reason_and_a_role_are_needed(finding):
    with pytest.raises(WorkflowError, match="Say why"):
        dismiss(finding, builders.person(CURATOR), "  ")
    with pytest.raises(WorkflowError, match="roles"):
        dismiss(finding, builders.person(), "Because.")
    assert judged([finding])[0].is_open


def test_reopening_keeps_what_was_said(finding):
    first, second = builders.person(CURATOR), builders.person(REVIEWER)
    dismissal = dismiss(finding, first, "It is printed so.")
    reopen(dismissal, second, "It is not.")
    assert judged([finding])[0].is_open
    assert [(d.reason, d.reopening_reason) for d in earlier_dismissals(finding)] == [
        ("It is printed so.", "It is not.")
    ]
    with pytest.raises(WorkflowError, match="reopened"):
        reopen(dismissal, second, "Again.")
    dismiss(finding, first, "It is, on page 3.")
    assert not judged([finding])[0].is_open


def test_a_dismissed_finding_is_back_when_the_facts_change(db):
    claim = builders.evidence()
    result = builders.result(claim, treated_value="71", treated_unit="%")
    before = finding_of(claim, "percentage")
    dismiss(before, builders.person(CURATOR), "The source prints 71.")
    claim.statement = "Another made-up statement."
    claim.save()
    assert not judged([finding_of(claim, "percentage")])[0].is_open  # not what the finding is about
    result.treated_value = "72"
    result.save()
    after = finding_of(claim, "percentage")
    assert after.key == before.key
    assert judged([after])[0].is_open
    assert [d.reason for d in earlier_dismissals(after)] == ["The source prints 71."]


def test_the_database_wants_a_reason_and_one_dismissal(db):
    row = builders.dismissal()
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.dismissal(fingerprint=row.fingerprint)
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.dismissal(reason="")


@pytest.mark.django_db(transaction=True)
def test_two_people_dismiss_at_once():
    claim = builders.evidence(level=builders.evidence_level("4"))
    finding = finding_of(claim)
    people = builders.person(CURATOR), builders.person(REVIEWER)
    outcomes = at_once(*(lambda by=by: dismiss(finding, by, "No fault.") for by in people))
    assert sorted(type(outcome) for outcome in outcomes if isinstance(outcome, WorkflowError)) == [WorkflowError]
    assert Dismissal.objects.filter(fingerprint=finding.fingerprint).count() == 1

"""Who reviews has declared their interests within a year: in the workflow, and in the database whoever asks."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from tests import builders
from treatments.curation.roles import CURATOR, REVIEWER
from treatments.curation.workflow import Step, WorkflowError, legal_steps, publish, request_changes, retract, submit
from treatments.models import Declaration
from treatments.models.choices import ClaimStatus

pytestmark = pytest.mark.django_db

A_YEAR_AGO = timedelta(days=365)


@pytest.fixture
def claim():
    author = builders.person(CURATOR)
    return submit(builders.evidence(author=author), author)


def test_without_a_declaration_nobody_reviews(claim):
    reviewer = builders.person(REVIEWER, declared=False)
    for step in (publish, lambda claim, by: request_changes(claim, by, "Which arm?")):
        with pytest.raises(WorkflowError, match="Before you review a claim, declare your interests"):
            step(claim, reviewer)
    assert legal_steps(claim, reviewer) == []
    builders.declaration(person=reviewer)
    assert legal_steps(claim, reviewer) == [Step.REQUEST_CHANGES, Step.PUBLISH]
    assert publish(claim, reviewer).status == ClaimStatus.PUBLISHED


def test_a_declaration_holds_for_a_year_and_is_then_renewed(claim):
    reviewer = builders.person(REVIEWER, declared=False)
    builders.declaration(person=reviewer, declared_at=timezone.now() - A_YEAR_AGO)
    with pytest.raises(WorkflowError, match="renew your declaration of interests: the last one is of"):
        publish(claim, reviewer)
    builders.declaration(person=reviewer, interests="Fees of a made-up company.")
    assert publish(claim, reviewer).status == ClaimStatus.PUBLISHED


def test_the_day_before_a_year_is_over_it_holds(claim):
    reviewer = builders.person(REVIEWER, declared=False)
    builders.declaration(person=reviewer, declared_at=timezone.now() - A_YEAR_AGO + timedelta(days=1))
    assert publish(claim, reviewer).status == ClaimStatus.PUBLISHED


def test_withdrawing_a_claim_is_not_held_up(claim):
    reviewer = builders.person(REVIEWER)
    publish(claim, reviewer)
    assert retract(claim, builders.person(REVIEWER, declared=False), "Fraud.").status == ClaimStatus.RETRACTED


@pytest.mark.parametrize("kind", builders.CLAIMS)
@pytest.mark.parametrize("declared", [None, A_YEAR_AGO, -A_YEAR_AGO], ids=["never", "a year ago", "in the future"])
def test_the_database_refuses_what_a_reviewer_without_declaration_publishes(kind, declared):
    author, reviewer = builders.person(CURATOR), builders.person(REVIEWER, declared=False)
    if declared:
        builders.declaration(person=reviewer, declared_at=timezone.now() - declared)
    claim = submit(builders.CLAIMS[kind](author=author), author)
    now = timezone.now()
    fields = {"status": ClaimStatus.PUBLISHED, "reviewer": reviewer, "reviewed_at": now, "published_at": now}
    refusal = "its reviewer has not declared their interests within a year"
    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        type(claim).objects.filter(pk=claim.pk).update(**fields)
    builders.declaration(person=reviewer)
    assert type(claim).objects.filter(pk=claim.pk).update(**fields) == 1


def test_what_comes_with_a_release_needs_no_declaration():
    assert builders.published(builders.evidence()).reviewer is None


def test_a_declaration_says_something_and_stays_as_it_is():
    for fields in ({"nothing_to_declare": False, "interests": ""}, {"nothing_to_declare": True, "interests": "Fees."}):
        with pytest.raises(DatabaseError), transaction.atomic():
            builders.declaration(**fields)
    made = builders.declaration(interests="Fees of a made-up company.")
    for change in (lambda: Declaration.objects.update(interests="None."), made.delete):
        with pytest.raises(DatabaseError, match="what was said stays as it was said"), transaction.atomic():
            change()

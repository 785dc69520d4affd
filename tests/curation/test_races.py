"""Two people at the same claim at the same moment: one wins, the other is told, nothing is lost."""

import pytest
from django.db import transaction

from tests import builders
from tests.concurrency import Elsewhere, at_once
from treatments.curation.assignments import assignment_of, take_on
from treatments.curation.roles import CURATOR, REVIEWER
from treatments.curation.workflow import WorkflowError, publish, request_changes, retract, start_revision, submit
from treatments.models import Evidence, Result
from treatments.models.choices import ClaimStatus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def curator():
    return builders.person(CURATOR)


def in_review(curator):
    return submit(builders.evidence(author=curator), curator)


def copy(claim):
    """The claim as another person's request reads it."""
    return type(claim).objects.get(pk=claim.pk)


def one_winner(outcomes):
    """The outcome of the one that won, and what the other was told."""
    lost = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    won = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
    assert len(won) == len(lost) == 1, outcomes
    assert isinstance(lost[0], WorkflowError), repr(lost[0])
    return won[0], str(lost[0])


def test_two_people_publish_at_once(curator):
    claim = in_review(curator)
    reviewers = [builders.person(REVIEWER), builders.person(REVIEWER)]
    won, told = one_winner(
        at_once(lambda: publish(copy(claim), reviewers[0]), lambda: publish(copy(claim), reviewers[1]))
    )
    assert told == f"{claim} is published and cannot be published: only a claim that is in review can."
    claim.refresh_from_db()
    assert claim.reviewer == won.reviewer
    assert claim.events.filter(status=ClaimStatus.PUBLISHED).count() == 1


def test_two_people_start_a_revision_at_once(curator):
    claim = publish(in_review(curator), builders.person(REVIEWER))
    other = builders.person(CURATOR)
    won, told = one_winner(
        at_once(
            lambda: start_revision(copy(claim), curator, "Newer figures."),
            lambda: start_revision(copy(claim), other, "An erratum."),
        )
    )
    assert told == f"A revision of {claim.accession} is open already: {won}, by {won.author}."
    assert Evidence.objects.open().filter(accession=claim.accession).count() == 1


def test_publishing_and_sending_back_at_once(curator):
    claim = in_review(curator)
    reviewers = [builders.person(REVIEWER), builders.person(REVIEWER)]
    won, told = one_winner(
        at_once(
            lambda: publish(copy(claim), reviewers[0]),
            lambda: request_changes(copy(claim), reviewers[1], "Which arm?"),
        )
    )
    claim.refresh_from_db()
    assert claim.status == won.status
    assert claim.get_status_display().lower() in told


def test_retracting_while_the_next_version_is_published(curator):
    reviewer, other = builders.person(REVIEWER), builders.person(REVIEWER)
    first = publish(in_review(curator), reviewer)
    second = submit(start_revision(first, curator, "Newer figures."), curator)
    _, told = one_winner(
        at_once(lambda: retract(copy(first), reviewer, "Fraud."), lambda: publish(copy(second), other))
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) in [
        (ClaimStatus.RETRACTED, ClaimStatus.IN_REVIEW),
        (ClaimStatus.SUPERSEDED, ClaimStatus.PUBLISHED),
    ]
    assert "retracted" in told or "superseded" in told


def test_two_people_take_a_draft_on_at_once(curator):
    claim, other = builders.evidence(), builders.person(CURATOR)
    won, told = one_winner(at_once(lambda: take_on(copy(claim), curator), lambda: take_on(copy(claim), other)))
    assert told.startswith(f"{won[0].person} is working on {claim}, since ")
    assert assignment_of(claim) == won[0]


def test_two_people_take_a_draft_over_at_once(curator):
    claim, people = builders.evidence(), [builders.person(CURATOR), builders.person(CURATOR)]
    take_on(claim, curator)
    won, told = one_winner(
        at_once(
            lambda: take_on(copy(claim), people[0], curator.pk), lambda: take_on(copy(claim), people[1], curator.pk)
        )
    )
    assert won[1] == curator.username
    assert told.startswith(f"{won[0].person} is working on {claim}, since ")


def test_publishing_waits_for_an_edit_under_way_and_takes_it_in(curator):
    claim = in_review(curator)
    reviewer = builders.person(REVIEWER)
    with transaction.atomic():
        builders.result(claim, label="entered in time")
        with Elsewhere(lambda: publish(copy(claim), reviewer)) as other:
            other.waits()
    published = other.outcome()
    assert published.status == ClaimStatus.PUBLISHED
    assert [result.label for result in published.results.all()] == ["entered in time"]


def test_a_result_added_while_the_claim_is_published_is_refused(curator):
    claim = in_review(curator)
    reviewer = builders.person(REVIEWER)
    measure = builders.outcome_measure()
    with transaction.atomic():
        publish(copy(claim), reviewer)
        with Elsewhere(lambda: builders.result(copy(claim), measure=measure)) as other:
            other.waits()
    refused = other.outcome()
    assert "is published and never changes, its results and links included" in str(refused)
    assert not Result.objects.filter(evidence=claim).exists()


def test_an_edit_that_comes_after_publication_is_refused_and_changes_nothing(curator):
    claim = in_review(curator)
    reviewer = builders.person(REVIEWER)
    stale = copy(claim)
    stale.statement = "Typed while the reviewer was publishing."
    with transaction.atomic():
        publish(copy(claim), reviewer)
        with Elsewhere(lambda: stale.save(update_fields=["statement"])) as other:
            other.waits()
    assert "is published and never changes (refused: statement). Start a revision instead." in str(other.outcome())
    claim.refresh_from_db()
    assert claim.statement == "A made-up finding."

"""What waits for whom: each queue has what belongs there and nothing else, and only those who can act on it see it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import builders
from treatments.curation.assignments import take_on
from treatments.curation.comments import comment
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.work_queue import QUEUES, in_queue, work_of
from treatments.curation.workflow import request_changes, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return builders.person(CURATOR)


@pytest.fixture
def reviewer():
    return builders.person(REVIEWER)


def queues(row, by):
    """The queues of ``by`` in which ``row`` stands."""
    rows, now = type(row).objects.filter(pk=row.pk), timezone.now()
    return {
        queue.name
        for queue in QUEUES.values()
        if type(row) in queue.models_for(by) and in_queue(rows, queue, by, now).exists()
    }


def test_each_role_is_shown_what_it_can_act_on(curator, reviewer):
    writing = set(QUEUES) - {"to-review", "oldest"}
    for person, expected in [
        (curator, writing),
        (reviewer, set(QUEUES)),
        (builders.person(EDITOR), set()),
        (builders.person(), set()),
        (builders.person(is_superuser=True), set(QUEUES)),
    ]:
        assert {waiting.queue.name for waiting in work_of(person, timezone.now())} == expected


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_the_way_of_a_claim_through_the_queues(curator, reviewer, kind):
    claim = builders.CLAIMS[kind](author=curator)
    assert (queues(claim, curator), queues(claim, reviewer)) == ({"drafts"}, {"free"})
    take_on(claim, reviewer)
    assert (queues(claim, curator), queues(claim, reviewer)) == ({"drafts"}, {"in-hand"})
    submit(claim, curator)
    assert (queues(claim, curator), queues(claim, reviewer)) == (set(), {"to-review"})
    request_changes(claim, reviewer, "Which arm?")
    assert (queues(claim, curator), queues(claim, reviewer)) == ({"sent-back"}, {"free"})


def test_nobody_is_asked_to_review_what_they_wrote(curator, reviewer):
    claim = builders.evidence(author=reviewer)
    submit(claim, reviewer)
    assert queues(claim, reviewer) == set()
    edited = builders.evidence(author=curator)
    submit(edited, reviewer)  # which is writing too
    assert queues(edited, reviewer) == set()


def test_who_only_commented_is_asked_to_review(curator, reviewer):
    claim = submit(builders.evidence(author=curator), curator)
    comment(claim, reviewer, "Looks right.")
    assert queues(claim, reviewer) == {"to-review"}


def test_what_waits_for_two_weeks_is_told_apart(curator, reviewer):
    claim = submit(builders.evidence(author=curator), curator)
    claim.submitted_at = timezone.now() - timedelta(days=15)
    claim.save()
    assert queues(claim, reviewer) == {"to-review", "oldest"}


@pytest.mark.parametrize(
    ("checked", "published", "expected"),
    [(400, 500, True), (300, 500, False), (None, 400, True), (None, 300, False)],
)
def test_what_was_not_checked_for_twelve_months_is_to_be_checked(curator, checked, published, expected):
    now = timezone.now()
    checked_on = (now - timedelta(days=checked)).date() if checked else None
    claim = builders.published(
        builders.evidence(last_checked_on=checked_on), published_at=now - timedelta(days=published)
    )
    assert ("to-check" in queues(claim, curator)) is expected


def test_sources_and_treatments_without_evidence(curator):
    entry = builders.evidence()
    idle_source, idle_drug = builders.reference(), builders.treatment()
    assert queues(idle_source, curator) == {"references-without-evidence"}
    assert queues(idle_drug, curator) == {"treatments-without-evidence"}
    for used in (entry.reference, entry.treatment, builders.recommendation().guideline):
        assert queues(used, curator) == set()
    builders.retracted(builders.published(entry))
    assert queues(entry.treatment, curator) == {"treatments-without-evidence"}


@pytest.mark.parametrize("standing", ["retracted", "corrected", "expression_of_concern"])
def test_references_that_lost_their_standing(curator, standing):
    source = builders.reference(retraction_status=standing)
    claim = builders.evidence(reference=source)
    assert queues(source, curator) == set(), "nothing that readers see rests on it"
    builders.published(claim)
    assert queues(source, curator) == {"retracted-references"}


def test_counts_rows_and_queries(curator, reviewer):
    def look():
        with CaptureQueriesContext(connection) as captured:
            work = {waiting.queue.name: waiting for waiting in work_of(reviewer, timezone.now())}
        return work["to-review"], len(captured)

    first = submit(builders.evidence(author=curator), curator)
    before, queries = look()
    assert [(row.called, row.pk) for row in before.rows] == [(str(first), first.pk)]
    for make in builders.CLAIMS.values():
        for _ in range(2):
            submit(make(author=curator), curator)
    after, more = look()
    assert (before.total, after.total, len(after.rows)) == (1, 9, 5)
    assert list(after.counts.values()) == [3, 2, 2, 2]
    assert after.rows[0].called == str(first), "what waited longest comes first"
    assert more <= queries

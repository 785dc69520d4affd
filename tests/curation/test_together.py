"""Comments on claims, and who has which draft in hand."""

import pytest
from django.db import DatabaseError, transaction

from tests import builders
from treatments.curation.assignments import assignment_of, let_go, take_on
from treatments.curation.comments import comment, comments_on, what_was_asked_for
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import (
    WorkflowError,
    people_who_wrote,
    publish,
    request_changes,
    start_revision,
    submit,
)
from treatments.models import Assignment, Comment, DatasetRevision

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return builders.person(CURATOR)


@pytest.fixture
def reviewer():
    return builders.person(REVIEWER)


# Comments -------------------------------------------------------------------------------------------------------------


def test_question_and_answer_are_kept_across_versions(curator, reviewer):
    claim = submit(builders.evidence(author=curator), curator)
    request_changes(claim, reviewer, "Which arm?")
    assert what_was_asked_for(claim).text == "Which arm?"
    submit(claim, curator, "The treated one.")
    publish(claim, reviewer)
    second = start_revision(claim, curator, "An erratum.")
    comment(second, builders.person(EDITOR), "The journal prints it so.")
    assert [(said.version, said.step, said.text) for said in comments_on(second)] == [
        (1, "request_changes", "Which arm?"),
        (1, "submit", "The treated one."),
        (2, "", "The journal prints it so."),
    ]
    assert what_was_asked_for(second) is None, "that was asked of the version before"


def test_a_comment_stays_as_it_was_written_even_when_the_draft_is_deleted(curator):
    claim = builders.evidence(author=curator)
    said = comment(claim, curator, "A made-up remark.")
    claim.delete()
    assert comments_on(claim).get() == said
    for change in (lambda: Comment.objects.update(text="Another."), said.delete):
        with pytest.raises(DatabaseError, match="what was said stays as it was said"), transaction.atomic():
            change()


def test_a_comment_needs_text_and_a_role(curator):
    claim = builders.evidence(author=curator)
    with pytest.raises(WorkflowError, match="Write the comment first"):
        comment(claim, curator, " \n")
    with pytest.raises(WorkflowError, match="Your roles do not include this"):
        comment(claim, builders.person(), "Text.")


def test_who_only_comments_wrote_nothing_and_can_publish(curator, reviewer):
    claim = submit(builders.evidence(author=curator), curator)
    comment(claim, reviewer, "Looks right.")
    assert reviewer.pk not in people_who_wrote(claim)
    publish(claim, reviewer)


def test_working_together_is_not_public(curator):
    claim = builders.evidence(author=curator)
    before = DatasetRevision.objects.get().number
    comment(claim, curator, "A made-up remark.")
    take_on(claim, curator)
    builders.declaration(person=curator)
    assert DatasetRevision.objects.get().number == before


# Drafts in hand -------------------------------------------------------------------------------------------------------


def test_a_draft_is_taken_on_and_let_go(curator, reviewer):
    claim = builders.evidence()
    take_on(claim, curator)
    assert assignment_of(claim).person == curator
    take_on(claim, curator)  # once more does no harm
    with pytest.raises(WorkflowError, match=f"You are not working on {claim}: {curator.username} does."):
        let_go(claim, reviewer)
    let_go(claim, curator)
    assert assignment_of(claim) is None
    with pytest.raises(WorkflowError, match="nobody does"):
        let_go(claim, curator)


def test_taking_over_names_who_had_it(curator, reviewer):
    claim = builders.evidence()
    take_on(claim, curator)
    with pytest.raises(WorkflowError, match=f"{curator.username} is working on {claim}, since"):
        take_on(claim, reviewer)
    assert take_on(claim, reviewer, instead_of=curator.pk)[1] == curator.username
    with pytest.raises(WorkflowError, match=f"{reviewer.username} is working on {claim}"):
        take_on(claim, builders.person(CURATOR), instead_of=curator.pk)
    people = Assignment.pgh_event_model.objects.filter(accession=claim.accession).order_by("pgh_id")
    assert [event.person_id for event in people] == [curator.pk, reviewer.pk], "who had it stays in the history"


def test_only_drafts_are_worked_on_by_those_who_write(curator):
    claim = builders.evidence(author=curator)
    with pytest.raises(WorkflowError, match="Your roles do not include this"):
        take_on(claim, builders.person(EDITOR))
    submit(claim, curator)
    with pytest.raises(WorkflowError, match="is in review: only drafts are worked on"):
        take_on(claim, curator)


@pytest.mark.parametrize("end", [submit, lambda claim, by: claim.delete()])
def test_a_draft_that_is_submitted_or_deleted_is_nobodys_work_any_more(curator, end):
    claim = builders.evidence(author=curator)
    take_on(claim, curator)
    end(claim, curator)
    assert not Assignment.objects.filter(accession=claim.accession).exists()

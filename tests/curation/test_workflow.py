"""The life of a claim, step by step, for every kind of claim."""

from datetime import timedelta

import pghistory
import pytest
from django.utils import timezone

from tests import builders
from treatments.curation.history import events_of
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import (
    Step,
    WorkflowError,
    legal_steps,
    parts_of,
    publish,
    request_changes,
    retract,
    start_revision,
    submit,
)
from treatments.models import Appraisal, DatasetRevision, Evidence, PhenotypeAssociation, Recommendation, Result
from treatments.models.choices import ClaimStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return builders.person(CURATOR)


@pytest.fixture
def reviewer():
    return builders.person(REVIEWER)


def in_review(author, **fields):
    return submit(builders.evidence(author=author, **fields), author)


def published(author, reviewer, **fields):
    return publish(in_review(author, **fields), reviewer)


def rows(claim):
    """What the parts of a claim say, in order, apart from their own keys."""
    found = {}
    for model, owner in parts_of(type(claim)):
        left_out = {"id", f"{owner}_id"}
        found[model.__name__] = [
            {name: value for name, value in row.items() if name not in left_out}
            for row in model._default_manager.filter(**{owner: claim}).order_by("pk").values()
        ]
    return found


# The whole life -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_a_claim_lives_from_draft_to_retraction(kind, curator, reviewer):
    first = builders.CLAIMS[kind](author=curator)
    started = timezone.now()

    submit(first, curator)
    assert (first.status, first.author) == (ClaimStatus.IN_REVIEW, curator)
    assert first.submitted_at >= started

    request_changes(first, reviewer, "Name the arm.")
    assert (first.status, first.submitted_at) == (ClaimStatus.DRAFT, None)

    submit(first, curator)
    publish(first, reviewer)
    assert (first.status, first.reviewer) == (ClaimStatus.PUBLISHED, reviewer)
    assert first.reviewed_at == first.published_at >= first.submitted_at

    second = start_revision(first, curator, "The erratum corrects a number.")
    assert (second.accession, second.version, second.status) == (first.accession, 2, ClaimStatus.DRAFT)
    assert (second.supersedes, second.author, second.reviewer, second.release) == (first, curator, None, None)
    assert second.change_note == "The erratum corrects a number."
    first.refresh_from_db()
    assert first.status == ClaimStatus.PUBLISHED, "readers see the first version until the second is published"

    submit(second, curator)
    publish(second, reviewer)
    first.refresh_from_db()
    assert (first.status, first.superseded_at) == (ClaimStatus.SUPERSEDED, second.published_at)
    assert first.reviewer == reviewer

    retract(second, reviewer, "The study was withdrawn.")
    assert (second.status, second.retraction_reason) == (ClaimStatus.RETRACTED, "The study was withdrawn.")
    assert second.retracted_by == reviewer
    assert second.retracted_at - second.published_at < timedelta(minutes=1)
    assert legal_steps(second, reviewer) == []


def test_a_revision_copies_everything_but_the_path_to_the_reader(curator, reviewer):
    claim = builders.evidence(
        author=curator,
        key="exampletinib-2024",
        trial=builders.trial(),
        level_note="one step down",
        n_treated=10,
        n_control=11,
        safety="None seen.",
        source_checks=[builders.PRIMARY_CHECK],
        last_checked_on="2026-11-01",
        autoantibodies=[builders.autoantibody(), builders.autoantibody()],
        manifestations=[builders.manifestation()],
    )
    builders.result(claim, label="first", treated_value="79.0", treated_unit="%")
    builders.result(claim, label="second", effect_value="0.350", effect_ci_low="0.10", effect_ci_high="1.2")
    publish(submit(claim, curator), reviewer)

    revision = start_revision(claim, reviewer, "A number was mistyped.")

    assert rows(revision) == rows(claim)
    assert [str(value) for value in revision.results.values_list("effect_value", flat=True)] == ["None", "0.350"]
    assert set(rows(claim)) == {"Result", "EvidenceAutoantibody", "EvidenceManifestation"}
    differing = {
        field.name
        for field in Evidence._meta.concrete_fields
        if getattr(revision, field.attname) != getattr(claim, field.attname)
    }
    assert differing == {
        *("id", "version", "status", "author", "reviewer", "supersedes", "change_note"),
        *("submitted_at", "reviewed_at", "published_at", "created_at", "updated_at"),
    }


@pytest.mark.parametrize(
    ("model", "parts"),
    [
        (Evidence, {"Result", "EvidenceAutoantibody", "EvidenceManifestation"}),
        (PhenotypeAssociation, {"PhenotypeAssociationReference"}),
        (Recommendation, {"RecommendationAutoantibody", "RecommendationManifestation"}),
        (Appraisal, {"AppraisalEvidence"}),
    ],
)
def test_each_kind_of_claim_knows_its_parts(model, parts):
    assert {part.__name__ for part, owner in parts_of(model)} == parts


def test_an_appraisal_of_an_entry_is_not_copied_with_the_entry(curator, reviewer):
    entry = published(curator, reviewer)
    opinion = builders.appraisal(rests_on=[entry])
    revision = start_revision(entry, curator, "Typing error.")
    assert list(opinion.rests_on.all()) == [entry]
    assert not revision.appraisals.exists()


def test_a_claim_of_a_release_is_revised_by_people(curator, reviewer):
    claim = builders.published(builders.evidence())
    revision = start_revision(claim, curator, "Newer figures.")
    assert revision.release is None
    publish(submit(revision, curator), reviewer)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.SUPERSEDED


# Two people -----------------------------------------------------------------------------------------------------------


def test_nobody_publishes_their_own_claim(reviewer):
    claim = in_review(reviewer)
    with pytest.raises(WorkflowError, match="Nobody publishes their own claim"):
        publish(claim, reviewer)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.IN_REVIEW
    assert Step.PUBLISH not in legal_steps(claim, reviewer)


def test_nobody_publishes_what_they_helped_to_write(curator, reviewer):
    claim = builders.evidence(author=curator)
    with pghistory.context(user=reviewer.pk):
        builders.result(claim)
    submit(claim, curator)
    with pytest.raises(WorkflowError, match=r"You worked on .* yourself"):
        publish(claim, reviewer)
    assert publish(claim, builders.person(REVIEWER)).status == ClaimStatus.PUBLISHED


def test_who_submitted_the_work_of_another_does_not_publish_it(curator, reviewer):
    claim = submit(builders.evidence(author=curator), reviewer)
    assert claim.author == curator
    with pytest.raises(WorkflowError, match="You worked on"):
        publish(claim, reviewer)


def test_who_sent_a_claim_back_publishes_it_later(curator, reviewer):
    claim = in_review(curator)
    request_changes(claim, reviewer, "Which arm?")
    submit(claim, curator)
    assert publish(claim, reviewer).reviewer == reviewer


def test_who_wrote_the_version_before_can_publish_the_next(curator, reviewer):
    other = builders.person(REVIEWER)
    first = published(reviewer, other)
    second = submit(start_revision(first, curator, "Corrected."), curator)
    assert publish(second, reviewer).status == ClaimStatus.PUBLISHED


def test_a_draft_without_author_becomes_its_submitters(curator):
    claim = builders.evidence()
    assert submit(claim, curator).author == curator


@pytest.mark.parametrize(
    ("role", "draft", "review", "public"),
    [
        (CURATOR, [Step.SUBMIT], [], [Step.START_REVISION]),
        (
            REVIEWER,
            [Step.SUBMIT],
            [Step.REQUEST_CHANGES, Step.PUBLISH],
            [Step.RETRACT, Step.START_REVISION],
        ),
        (EDITOR, [], [], []),
    ],
)
def test_each_role_has_its_steps(curator, role, draft, review, public):
    somebody = builders.person(role)
    claim = builders.evidence(author=curator)
    assert legal_steps(claim, somebody) == draft
    submit(claim, curator)
    assert legal_steps(claim, somebody) == review
    publish(claim, builders.person(REVIEWER))
    assert legal_steps(claim, somebody) == public


@pytest.mark.parametrize(
    "step",
    [
        submit,
        lambda claim, by: request_changes(claim, by, "No."),
        publish,
        lambda claim, by: retract(claim, by, "No."),
        lambda claim, by: start_revision(claim, by, "No."),
    ],
)
def test_without_the_role_no_step_is_taken(step):
    with pytest.raises(WorkflowError, match="Your roles do not include this"):
        step(builders.evidence(), builders.person(EDITOR))


# Illegal steps --------------------------------------------------------------------------------------------------------


def test_steps_out_of_turn_say_what_the_claim_is(curator, reviewer):
    draft = builders.evidence(author=curator)
    with pytest.raises(WorkflowError, match="is draft and cannot be published: only a claim that is in review can"):
        publish(draft, reviewer)
    with pytest.raises(WorkflowError, match="is draft and cannot be sent back"):
        request_changes(draft, reviewer, "Why?")
    submit(draft, curator)
    with pytest.raises(WorkflowError, match="is in review and cannot be submitted: only a claim that is draft can"):
        submit(draft, curator)
    with pytest.raises(WorkflowError, match="is in review and cannot be revised"):
        start_revision(draft, curator, "Better.")
    publish(draft, reviewer)
    with pytest.raises(WorkflowError, match="is published and cannot be published"):
        publish(draft, reviewer)
    retract(draft, reviewer, "Fraud.")
    with pytest.raises(WorkflowError, match="is retracted and cannot be revised"):
        start_revision(draft, curator, "Anew.")


@pytest.mark.parametrize("text", ["", "   \n"])
def test_comment_reason_and_note_are_required(text, curator, reviewer):
    claim = in_review(curator)
    with pytest.raises(WorkflowError, match="Say what should be changed"):
        request_changes(claim, reviewer, text)
    publish(claim, reviewer)
    with pytest.raises(WorkflowError, match="Say why a new version is needed"):
        start_revision(claim, curator, text)
    with pytest.raises(WorkflowError, match="Give the reason; readers will see it"):
        retract(claim, reviewer, text)


def test_one_revision_at_a_time(curator, reviewer):
    claim = published(curator, reviewer)
    revision = start_revision(claim, curator, "Newer figures.")
    with pytest.raises(WorkflowError, match=f"A revision of {claim.accession} is open already: .* v2, by {curator}"):
        start_revision(claim, reviewer, "Also newer figures.")
    assert Step.START_REVISION not in legal_steps(claim, reviewer)
    revision.delete()
    assert start_revision(claim, reviewer, "Now it is my turn.").version == 2


def test_a_revision_of_what_was_retracted_meanwhile_is_not_published(curator, reviewer):
    claim = published(curator, reviewer)
    revision = submit(start_revision(claim, curator, "Newer figures."), curator)
    retract(claim, reviewer, "Fraud.")
    with pytest.raises(WorkflowError, match="v1, which this version was to replace, is retracted meanwhile"):
        publish(revision, reviewer)


def test_a_claim_that_is_gone_is_said_to_be_gone(curator):
    claim = builders.evidence(author=curator)
    Evidence.objects.filter(pk=claim.pk).delete()
    with pytest.raises(WorkflowError, match="does not exist any more"):
        submit(claim, curator)


def test_a_refused_step_leaves_the_claim_and_readers_alone(curator, reviewer):
    before = DatasetRevision.current().number
    claim = in_review(curator)
    with pytest.raises(WorkflowError):
        publish(claim, curator)
    claim.refresh_from_db()
    assert (claim.status, claim.reviewer, claim.published_at) == (ClaimStatus.IN_REVIEW, None, None)
    # Vocabulary made for the claim counts once; the refused step does not.
    assert DatasetRevision.current().number == before + 1


def test_what_only_the_database_refuses_is_said_in_its_words(curator, reviewer, monkeypatch):
    """The rules stand in the database too; were one missing here, its message would still reach the person."""
    claim = in_review(curator)
    builders.declaration(person=curator)
    monkeypatch.setattr("treatments.curation.workflow._obstacle_to_publishing", lambda claim, by: "")
    monkeypatch.setattr(
        "treatments.curation.workflow.permission_name", lambda claim, action: "treatments.change_evidence"
    )
    with pytest.raises(WorkflowError, match=r"^Nobody reviews their own claim\.$"):
        publish(claim, curator)


# History --------------------------------------------------------------------------------------------------------------


def test_every_step_is_in_the_history_with_who_and_why(curator, reviewer):
    claim = in_review(curator)
    request_changes(claim, reviewer, "Name the arm.")
    submit(claim, curator)
    publish(claim, reviewer)
    retract(claim, reviewer, "Fraud.")
    told = [
        (about["user"], about["step"], about.get("reason", ""))
        for event in claim.events.filter(pgh_label="update").select_related("pgh_context").order_by("pgh_id")
        for about in [event.pgh_context.metadata]
    ]
    assert told == [
        (curator.pk, "submit", ""),
        (reviewer.pk, "request_changes", "Name the arm."),
        (curator.pk, "submit", ""),
        (reviewer.pk, "publish", ""),
        (reviewer.pk, "retract", "Fraud."),
    ]


def test_results_of_a_revision_are_in_the_history(curator, reviewer):
    claim = builders.evidence(author=curator)
    builders.result(claim)
    publish(submit(claim, curator), reviewer)
    revision = start_revision(claim, reviewer, "A number.")
    (event,) = events_of(Result).filter(evidence=revision)
    assert event.pgh_label == "insert"
    assert event.pgh_context.metadata["user"] == reviewer.pk

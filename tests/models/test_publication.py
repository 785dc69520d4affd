"""The life of a claim as the database holds it: its steps, its people, and that what was published never changes."""

from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from tests import builders
from tests.concurrency import Elsewhere
from tests.models.refusal import refused, refused_every_way, sql, stored
from treatments.curation.problems import REFUSED
from treatments.curation.workflow import parts_of
from treatments.models import (
    Appraisal,
    Evidence,
    EvidenceAutoantibody,
    EvidenceManifestation,
    PhenotypeAssociation,
    Recommendation,
    Result,
)
from treatments.models.choices import ClaimStatus

pytestmark = pytest.mark.django_db

CLAIM_MODELS: list[Any] = [Evidence, PhenotypeAssociation, Recommendation, Appraisal]
DRAFT, IN_REVIEW, PUBLISHED, SUPERSEDED, RETRACTED = ClaimStatus.values


def with_parts(kind):
    """A draft of a kind of claim with one of each of its results and links."""
    if kind == "evidence":
        claim = builders.evidence(autoantibodies=[builders.autoantibody()], manifestations=[builders.manifestation()])
        builders.result(claim)
        return claim
    if kind == "phenotype association":
        return builders.phenotype_association(references=[builders.reference()])
    if kind == "recommendation":
        return builders.recommendation(
            autoantibodies=[builders.autoantibody()], manifestations=[builders.manifestation()]
        )
    return builders.appraisal(rests_on=[builders.published(builders.evidence())])


def by_people(**fields: Any) -> dict[str, Any]:
    """What a claim published by people carries, apart from its status."""
    now = timezone.now()
    return {
        "author": builders.person(),
        "reviewer": builders.person(declared=True),
        "submitted_at": now,
        "reviewed_at": now,
        "published_at": now,
        **fields,
    }


# Versions -------------------------------------------------------------------------------------------------------------


def test_one_published_version_at_most():
    first = builders.published(builders.evidence())
    second = builders.next_version(first)
    told = "Another version of this claim is published."
    assert refused(lambda: builders.published(second)) == told
    now = timezone.now()
    assert (
        refused(
            lambda: Evidence.objects.filter(pk=second.pk).update(
                status=PUBLISHED, release=first.release, published_at=now
            )
        )
        == told
    )
    assert (
        refused(
            lambda: sql(
                "UPDATE treatments_evidence SET status = 'published', release_id = %s, published_at = now()"
                " WHERE id = %s",
                [first.release_id, second.pk],
            )
        )
        == told
    )
    builders.superseded(first)
    second.refresh_from_db()
    builders.published(second)


def test_one_open_revision_at_most():
    first = builders.published(builders.evidence())
    builders.next_version(first)
    another = builders.evidence()
    assert (
        refused(lambda: builders.next_version(first, version=3, supersedes=another))
        == "A revision of this claim is open already."
    )


def test_versions_are_linked():
    told = "Version 1 supersedes nothing; every later version names the one before."
    first = builders.published(builders.evidence())
    assert refused(lambda: builders.next_version(first, supersedes=None)) == told
    stranger = builders.evidence()
    assert refused_every_way(stranger, supersedes=first) == {told}


def test_a_version_supersedes_the_one_before_of_the_same_claim():
    first, stranger = builders.published(builders.evidence()), builders.published(builders.evidence())
    told = refused(lambda: builders.next_version(first, supersedes=stranger))
    assert told == f"{first.accession} v2: a version supersedes the one before it, of the same claim."
    assert "supersedes the one before it" in refused(lambda: builders.next_version(first, version=3))
    second = builders.next_version(first)
    assert (
        refused(
            lambda: sql("UPDATE treatments_evidence SET supersedes_id = %s WHERE id = %s", [stranger.pk, second.pk])
        )
        == told
    )


def superseding(claim) -> dict[str, Any]:
    """Every way to set a published version superseded, by what it is called."""
    model, now = type(claim), timezone.now()
    rows = model.objects.filter(pk=claim.pk)

    def in_bulk():
        copy = rows.get()
        copy.status, copy.superseded_at = SUPERSEDED, now
        model.objects.bulk_update([copy], ["status", "superseded_at"])

    return {
        "save": lambda: builders.superseded(rows.get()),
        "update": lambda: rows.update(status=SUPERSEDED, superseded_at=now),
        "bulk_update": in_bulk,
        "SQL": lambda: sql(
            f"UPDATE {model._meta.db_table} SET status = 'superseded', superseded_at = now() WHERE id = {claim.pk}"
        ),
    }


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_nothing_is_superseded_without_a_next_version_that_readers_can_see(kind):
    claim = builders.published(builders.CLAIMS[kind]())
    told = f"{claim} is superseded only when version 2 is published."
    for way, attempt in superseding(claim).items():
        assert refused(attempt) == told, way
    builders.next_version(claim)  # a draft replaces nothing yet
    for way, attempt in superseding(claim).items():
        assert refused(attempt) == told, way


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_a_retracted_claim_has_no_next_version(kind):
    first = builders.published(builders.CLAIMS[kind]())
    second, release = builders.next_version(first), builders.release()
    builders.retracted(first)
    told = f"{second} is published only in place of version 1, which is then superseded."
    table, now = second._meta.db_table, timezone.now()
    rows = type(second).objects.filter(pk=second.pk)
    assert refused(lambda: builders.published(rows.get())) == told
    assert refused(lambda: rows.update(status=PUBLISHED, release=release, published_at=now)) == told
    step = f"status = 'published', release_id = {release.pk}, published_at = now()"
    assert refused(lambda: sql(f"UPDATE {table} SET {step} WHERE id = {second.pk}")) == told
    # Nor is it published and withdrawn in one breath.
    assert refused(lambda: builders.retracted(builders.published(rows.get()))) == told


def test_a_version_is_superseded_once():
    first = builders.replaced(builders.published(builders.evidence()))
    assert refused(lambda: builders.next_version(first, accession="EV99999"))


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_accession_and_version_never_change(kind):
    claim = builders.CLAIMS[kind]()
    told = f"{claim}: accession and version never change."
    model = type(claim)
    assert refused(lambda: model.objects.filter(pk=claim.pk).update(accession=f"{claim.ACCESSION_PREFIX}99999")) == told


# Steps ----------------------------------------------------------------------------------------------------------------

LEGAL = {
    (DRAFT, IN_REVIEW),
    (IN_REVIEW, DRAFT),
    (IN_REVIEW, PUBLISHED),
    (PUBLISHED, SUPERSEDED),
    (PUBLISHED, RETRACTED),
}


def in_state(status):
    """A claim in ``status`` that came there by people, not with a release."""
    claim = builders.evidence(**by_people())
    for step in {
        DRAFT: [],
        IN_REVIEW: [IN_REVIEW],
        PUBLISHED: [IN_REVIEW, PUBLISHED],
        SUPERSEDED: [IN_REVIEW, PUBLISHED],
        RETRACTED: [IN_REVIEW, PUBLISHED, RETRACTED],
    }[status]:
        move(claim, step)
    if status == SUPERSEDED:
        builders.replaced(claim)
        builders.retracted(claim.superseded_by)  # so that nothing else than the step stands in its own way
    return claim


def move(claim, status):
    """One UPDATE to ``status``, with what that status needs."""
    now = timezone.now()
    Evidence.objects.filter(pk=claim.pk).update(
        status=status,
        superseded_at=now if status == SUPERSEDED else None,
        retracted_at=now if status == RETRACTED else None,
        retraction_reason="Made up." if status == RETRACTED else "",
    )
    claim.refresh_from_db()


@pytest.mark.parametrize("before", ClaimStatus.values)
@pytest.mark.parametrize("after", ClaimStatus.values)
def test_only_the_steps_of_its_life_are_taken(before, after):
    claim = in_state(before)
    if before == after:
        return
    if (before, after) in LEGAL:
        move(claim, after)
        assert claim.status == after
        if after == SUPERSEDED:
            builders.published(builders.next_version(claim))
    else:
        assert refused(lambda: move(claim, after)) == f'{claim}: a claim cannot go from "{before}" to "{after}".'


@pytest.mark.parametrize("kind", builders.CLAIMS)
@pytest.mark.parametrize("status", [IN_REVIEW, PUBLISHED, SUPERSEDED, RETRACTED])
def test_every_claim_begins_as_a_draft(kind, status):
    needs: dict[str, Any] = {
        SUPERSEDED: {"superseded_at": timezone.now()},
        RETRACTED: {"retracted_at": timezone.now(), "retraction_reason": "Made up."},
    }
    told = refused(lambda: builders.CLAIMS[kind](**by_people(status=status, **needs.get(status, {}))))
    assert told.endswith(f'v1: a claim begins as a draft, not as "{status}".')


def test_every_claim_begins_as_a_draft_in_bulk_too():
    claim = builders.evidence()
    copy = Evidence(
        **{
            f.attname: getattr(claim, f.attname)
            for f in Evidence._meta.concrete_fields
            if f.name not in ("id", "search_vector", "primary_checked")
        }
    )
    copy.accession, copy.status, copy.published_at, copy.release = (
        "EV99999",
        PUBLISHED,
        timezone.now(),
        builders.release(),
    )
    assert 'begins as a draft, not as "published"' in refused(lambda: Evidence.objects.bulk_create([copy]))


def test_an_unknown_status_is_refused():
    claim = builders.evidence()
    assert refused_every_way(claim, status="accepted")


# People ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_the_author_is_not_the_reviewer(kind):
    author = builders.person()
    claim = builders.CLAIMS[kind](author=author)
    assert refused_every_way(claim, reviewer=author) == {"Nobody reviews their own claim."}


@pytest.mark.parametrize("missing", ["author", "reviewer", "submitted_at", "reviewed_at", "published_at"])
def test_a_published_claim_names_its_people_and_days(missing):
    claim = builders.evidence(**by_people(**{missing: None}))
    move(claim, IN_REVIEW)
    told = "A published claim carries author and reviewer, two persons, or a release."
    assert refused(lambda: move(claim, PUBLISHED)) == told


def test_without_a_release_no_draft_is_published_past_review():
    claim = builders.evidence(**by_people())
    assert refused(lambda: move(claim, PUBLISHED)) == f'{claim}: a claim cannot go from "draft" to "published".'


def test_a_retraction_has_a_reason_and_a_date():
    claim = builders.published(builders.evidence())
    told = "A retraction is dated and gives a public reason."
    retract = Evidence.objects.filter(pk=claim.pk).update
    now = timezone.now()
    assert refused(lambda: retract(status=RETRACTED, retracted_at=now)) == told
    assert refused(lambda: retract(status=RETRACTED, retraction_reason="Fraud.")) == told
    draft = builders.evidence()
    assert refused_every_way(draft, retraction_reason="Fraud.") == {told}


# What was published never changes -------------------------------------------------------------------------------------

CHANGES = {
    "statement": "Something else.",
    "n_treated": 12,
    "direction": "mixed",
    "level": builders.evidence_level,
    "treatment": builders.treatment,
    "author": builders.person,
    "published_at": timezone.now() - timedelta(days=1),
    "source_checks": [builders.SECONDARY_CHECK],
    "last_checked_on": "2026-11-01",
    "key": "another",
    "change_note": "Quietly changed.",
    "created_at": timezone.now() - timedelta(days=1),
}


@pytest.mark.parametrize("field", CHANGES)
@pytest.mark.parametrize("then", [None, builders.replaced, builders.retracted])
def test_no_column_of_a_published_version_changes(field, then):
    # With a release, a claim has no author at all, which is another rule.
    claim = builders.published(builders.evidence(author=builders.person() if field == "author" else None))
    if then:
        then(claim)
    value = CHANGES[field]
    if callable(value):
        value = value("3") if field == "level" else value()
    column = f"{field}_id" if field in ("level", "treatment", "author") else field
    state = {None: "published", builders.replaced: "superseded", builders.retracted: "retracted"}[then]
    told = f"{claim} is {state} and never changes (refused: {column}). Start a revision instead."
    before = stored(claim)
    setattr(claim, field, value)
    assert refused(claim.save) == told
    assert refused(lambda: Evidence.objects.filter(pk=claim.pk).update(**{field: value})) == told
    assert refused(lambda: Evidence.objects.bulk_update([claim], [field])) == told
    assert stored(claim) == before


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_sql_on_a_published_claim_fails_with_a_message_that_says_why(kind):
    claim = builders.published(builders.CLAIMS[kind]())
    table = claim._meta.db_table
    assert (
        refused(lambda: sql(f"UPDATE {table} SET population = 'juvenile' WHERE id = {claim.pk}"))
        == f"{claim} is published and never changes (refused: population). Start a revision instead."
    )


def test_what_a_step_may_write_is_only_written_by_that_step():
    claim = builders.replaced(builders.published(builders.evidence()))
    told = f"{claim} is superseded and never changes. Start a revision instead."
    later = timezone.now() + timedelta(days=1)
    assert refused(lambda: Evidence.objects.filter(pk=claim.pk).update(superseded_at=later)) == told
    withdrawn = builders.retracted(builders.published(builders.evidence()))
    told = f"{withdrawn} is retracted and never changes. Start a revision instead."
    assert refused(lambda: Evidence.objects.filter(pk=withdrawn.pk).update(retraction_reason="Another.")) == told


def test_saving_a_published_claim_unchanged_is_no_change():
    claim = builders.published(builders.evidence())
    before = stored(claim)
    claim.save()
    Evidence.objects.filter(pk=claim.pk).update(statement=claim.statement)
    assert stored(claim) == before


PARTS = [
    (kind, part, owner)
    for kind, model in zip(builders.CLAIMS, CLAIM_MODELS, strict=True)
    for part, owner in parts_of(model)
]


@pytest.mark.parametrize(("kind", "part", "owner"), PARTS, ids=[part.__name__ for _, part, _ in PARTS])
def test_results_and_links_of_a_published_version_never_change(kind, part: Any, owner):
    claim, other = builders.published(with_parts(kind)), with_parts(kind)
    told = f"{claim} is published and never changes, its results and links included. Start a revision instead."
    mine, theirs = (part.objects.filter(**{owner: whole}) for whole in (claim, other))
    table, column = part._meta.db_table, part._meta.get_field(owner).column
    row = mine.get()
    assert refused(row.delete) == told
    assert refused(mine.delete) == told
    assert refused(lambda: sql(f"DELETE FROM {table} WHERE {column} = {claim.pk}")) == told
    # Taken away to another claim, or brought from one.
    assert refused(lambda: mine.update(**{owner: other})) == told
    assert refused(lambda: theirs.update(**{owner: claim})) == told
    # Added.
    row.pk, row._state.adding = None, True
    assert refused(row.save) == told
    assert refused(lambda: part.objects.bulk_create([row])) == told


def test_a_figure_of_a_published_result_never_changes():
    claim = builders.evidence()
    row = builders.result(claim)
    builders.published(claim)
    told = f"{claim} is published and never changes, its results and links included. Start a revision instead."
    row.treated_events = 8
    assert refused(row.save) == told
    assert refused(lambda: Result.objects.bulk_update([row], ["treated_events"])) == told
    assert refused(lambda: Result.objects.filter(pk=row.pk).update(treated_events=8)) == told
    assert refused(lambda: sql("UPDATE treatments_result SET treated_events = 8 WHERE id = %s", [row.pk])) == told


def test_links_of_a_published_version_cannot_be_set_through_the_relation():
    claim = builders.published(builders.evidence(autoantibodies=[builders.autoantibody()]))
    assert "never changes" in refused(claim.autoantibodies.clear)
    assert "never changes" in refused(lambda: claim.autoantibodies.add(builders.autoantibody()))
    assert "never changes" in refused(lambda: claim.manifestations.set([builders.manifestation()]))


def test_drafts_and_their_parts_can_be_changed_and_deleted():
    for kind in builders.CLAIMS:
        claim = with_parts(kind)
        for model, owner in parts_of(type(claim)):
            model._default_manager.filter(**{owner: claim}).delete()
        claim.population = "mixed"
        claim.save()
        claim.delete()


@pytest.mark.parametrize("then", [None, builders.replaced, builders.retracted])
@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_what_was_published_is_never_deleted(kind, then):
    claim = builders.published(builders.CLAIMS[kind]())
    if then:
        then(claim)
    told = f"{claim} was published and is kept for good: it can be superseded or retracted, not deleted."
    rows = type(claim).objects.filter(pk=claim.pk)
    table = claim._meta.db_table
    by_django = told
    if then is builders.replaced:
        by_django = REFUSED  # Django itself speaks first: the next version names this one
    elif any(part._default_manager.filter(**{owner: claim}).exists() for part, owner in parts_of(type(claim))):
        by_django = f"{claim} is {claim.status} and never changes, its results and links included."
        by_django += " Start a revision instead."  # it deletes those first
    for attempt in (rows.delete, type(claim).objects.get(pk=claim.pk).delete):
        assert refused(attempt) == by_django
    assert refused(lambda: sql(f"DELETE FROM {table} WHERE id = {claim.pk}")) == told


def test_what_a_claim_points_at_is_not_deleted():
    claim = builders.published(with_parts("evidence"))
    for row in (claim.treatment, claim.reference, claim.autoantibodies.get(), claim.results.get().measure):
        with pytest.raises(ProtectedError):
            row.delete()
    assert refused(lambda: sql("DELETE FROM treatments_treatment WHERE id = %s", [claim.treatment_id]))


# Ways round -----------------------------------------------------------------------------------------------------------


def test_the_rules_cannot_be_switched_off_with_pgtrigger_ignore():
    with pgtrigger.ignore():
        assert "never emptied" in refused(lambda: sql("TRUNCATE treatments_result"))
    claim = builders.evidence()
    row = builders.result(claim)
    builders.published(claim)
    whole = builders.combination()

    def attempts():
        yield lambda: Evidence.objects.filter(pk=claim.pk).update(statement="Changed."), "never changes"
        yield lambda: Result.objects.filter(pk=row.pk).update(label="Changed."), "never changes"
        yield lambda: sql("DELETE FROM treatments_evidence WHERE id = %s", [claim.pk]), "kept for good"
        yield lambda: builders.evidence(status=IN_REVIEW), "begins as a draft"
        yield whole.component_links.all()[0].delete, "two or more components"

    for attempt, told in attempts():
        with pgtrigger.ignore():
            assert told in refused(attempt)


@pytest.mark.parametrize(
    "table",
    [m._meta.db_table for m in CLAIM_MODELS] + [p._meta.db_table for m in CLAIM_MODELS for p, _ in parts_of(m)],
)
def test_tables_of_claims_are_never_emptied(table):
    # The claims of the data set are not touched even if it went through: the transaction is rolled back.
    told = refused(lambda: sql(f"TRUNCATE {table} CASCADE"))
    assert told.endswith("is never emptied.")


@pytest.mark.parametrize("table", ["treatments_treatment", "treatments_reference", "auth_user"])
def test_claims_are_not_emptied_by_way_of_what_they_point_at(table):
    assert refused(lambda: sql(f"TRUNCATE {table} CASCADE")).endswith("is never emptied.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Result, EvidenceAutoantibody, EvidenceManifestation])
def test_nothing_slips_in_beside_a_publication_under_way(model):
    claim = builders.evidence()
    measure, antibody, feature = builders.outcome_measure(), builders.autoantibody(), builders.manifestation()
    part = {
        Result: lambda: builders.result(claim, measure=measure),
        EvidenceAutoantibody: lambda: EvidenceAutoantibody.objects.create(evidence=claim, autoantibody=antibody),
        EvidenceManifestation: lambda: EvidenceManifestation.objects.create(evidence=claim, manifestation=feature),
    }[model]
    release = builders.release()
    with transaction.atomic():
        builders.published(claim, release=release)
        with Elsewhere(part) as other:
            other.waits()
    assert "is published and never changes, its results and links included" in str(other.outcome())
    assert not model.objects.filter(evidence=claim).exists()


@pytest.mark.django_db(transaction=True)
def test_a_publication_waits_for_a_part_being_written():
    claim = builders.evidence()
    release, measure = builders.release(), builders.outcome_measure()
    with transaction.atomic():
        builders.result(claim, measure=measure)
        with Elsewhere(lambda: builders.published(Evidence.objects.get(pk=claim.pk), release=release)) as other:
            other.waits()
    assert other.outcome().results.count() == 1

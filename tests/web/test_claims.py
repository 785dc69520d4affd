"""What readers see of a claim's life: drafts never, old versions for good, retractions with their reason."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import builders
from treatments.models import Treatment

pytestmark = pytest.mark.django_db


def next_version(first, **fields):
    """A second version of ``first``, published, with the first one superseded."""
    builders.superseded(first)
    copied = {
        name: getattr(first, name) for name in ("accession", "treatment", "reference", "level") if hasattr(first, name)
    }
    return builders.published(builders.evidence(**copied, version=2, supersedes=first, **fields))


@pytest.mark.parametrize("kind", sorted(builders.CLAIMS))
def test_a_published_claim_has_its_pages(client, kind):
    claim = builders.published(builders.CLAIMS[kind]())
    for url in (claim.get_absolute_url(), claim.get_version_url()):
        response = client.get(url)
        assert response.status_code == 200
        assert claim.accession in response.content.decode()


@pytest.mark.parametrize("kind", sorted(builders.CLAIMS))
def test_a_draft_is_not_there(client, kind):
    claim = builders.CLAIMS[kind]()
    assert client.get(claim.get_absolute_url()).status_code == 404
    assert client.get(claim.get_version_url()).status_code == 404


def test_a_draft_shows_on_no_page_of_what_it_is_about(client):
    draft = builders.evidence(statement="A finding nobody has reviewed.")
    for record in (draft.treatment, draft.reference):
        assert draft.statement not in client.get(record.get_absolute_url()).content.decode()
    assert (
        draft.statement
        not in client.get(reverse("web:evidence-list"), {"treatment": draft.treatment.slug}).content.decode()
    )


def test_a_superseded_version_names_what_replaced_it(client):
    first = builders.published(builders.evidence(statement="The first finding."))
    second = next_version(first, statement="The corrected finding.", change_note="A digit was wrong.")
    old = client.get(first.get_version_url()).content.decode()
    assert "The first finding." in old
    assert "superseded" in old
    assert f'href="{second.get_version_url()}"' in old
    now = client.get(first.get_absolute_url()).content.decode()
    assert "The corrected finding." in now
    assert "A digit was wrong." in now
    assert f'href="{first.get_version_url()}"' in now


def test_an_open_revision_leaves_the_published_version_as_it_is(client):
    first = builders.published(builders.evidence(statement="The finding."))
    draft = builders.evidence(
        accession=first.accession,
        version=2,
        supersedes=first,
        treatment=first.treatment,
        statement="A finding to come.",
    )
    page = client.get(first.get_absolute_url()).content.decode()
    assert "The finding." in page
    assert "A finding to come." not in page
    assert client.get(draft.get_version_url()).status_code == 404


@pytest.mark.parametrize("kind", sorted(builders.CLAIMS))
def test_a_retracted_claim_is_gone_and_says_why(client, kind):
    claim = builders.retracted(builders.published(builders.CLAIMS[kind]()), reason="The study was withdrawn.")
    gone = client.get(claim.get_absolute_url())
    assert gone.status_code == 410
    assert "The study was withdrawn." in gone.content.decode()
    assert f'href="{claim.get_version_url()}"' in gone.content.decode()
    kept = client.get(claim.get_version_url())
    assert kept.status_code == 200
    assert "The study was withdrawn." in kept.content.decode()
    assert "must not be relied on" in kept.content.decode()


@pytest.mark.parametrize(
    "make",
    [builders.treatment, builders.mechanism, builders.autoantibody, builders.manifestation, builders.outcome_measure],
)
def test_retired_vocabulary_is_gone_and_names_its_successor(client, make):
    successor = make()
    retired = make(retired_on=date(2026, 11, 1), retirement_reason="Merged with another.", successor=successor)
    response = client.get(retired.get_absolute_url())
    body = response.content.decode()
    assert response.status_code == 410
    assert "Merged with another." in body
    assert f'href="{successor.get_absolute_url()}"' in body


def test_retired_sources_are_gone_too(client):
    for make in (builders.reference, builders.trial):
        retired = make(retired_on=date(2026, 11, 1), retirement_reason="Entered twice.")
        response = client.get(retired.get_absolute_url())
        assert response.status_code == 410
        assert "Entered twice." in response.content.decode()


def test_retired_vocabulary_is_on_no_list(client):
    retired = builders.treatment(
        "Retiredumab", retired_on=date(2026, 11, 1), retirement_reason="Never existed.", slug="retiredumab"
    )
    assert retired not in Treatment.objects.in_use()
    page = client.get(reverse("web:treatments"), {"search": "Retiredumab"})
    assert page.context["page"].paginator.count == 0


def test_the_people_behind_a_claim_are_not_public(client):
    author, reviewer = builders.person(first_name="Ada", last_name="Author"), builders.person(username="rita-reviewer")
    claim = builders.published(
        builders.evidence(author=author, reviewer=reviewer), submitted_at=timezone.now(), reviewed_at=timezone.now()
    )
    for address in (claim.get_absolute_url(), claim.get_version_url()):
        body = client.get(address).content.decode()
        assert "published by another person" in body
        assert "Ada" not in body
        assert "rita-reviewer" not in body


def test_an_appraisal_shows_what_it_rests_on_and_that_it_needs_a_recheck(client):
    feature = builders.manifestation()
    entry = builders.published(builders.evidence(manifestations=[feature], statement="What it rests on."))
    appraisal = builders.published(
        builders.appraisal(
            treatment=entry.treatment, manifestation=feature, rests_on=[entry], bottom_line="Probably helps."
        )
    )
    fresh = client.get(appraisal.get_absolute_url()).content.decode()
    assert "Probably helps." in fresh
    assert "What it rests on." in fresh
    assert "Needs re-check" not in fresh
    builders.retracted(entry)
    assert "Needs re-check" in client.get(appraisal.get_absolute_url()).content.decode()
    for page in (entry.treatment, feature):
        assert "Probably helps." in client.get(page.get_absolute_url()).content.decode()

"""How a draft will look to readers: for people who may see drafts, marked, and kept from everybody else."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders
from treatments.curation.roles import CURATOR, REVIEWER
from treatments.curation.workflow import start_revision, submit

pytestmark = pytest.mark.django_db


def preview_of(claim):
    return reverse(f"admin:treatments_{claim._meta.model_name}_as_readers_see_it", args=[claim.pk])


@pytest.fixture
def curator():
    client = Client()
    client.force_login(builders.person(CURATOR))
    return client


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_every_kind_is_shown_marked_and_not_kept(curator, kind):
    claim = builders.CLAIMS[kind]()
    form = curator.get(reverse(f"admin:treatments_{claim._meta.model_name}_change", args=[claim.pk]))
    assert preview_of(claim) in form.content.decode()
    page = curator.get(preview_of(claim))
    content = page.content.decode()
    assert f"Preview of {claim.accession} version 1, draft" in content
    assert '<meta name="robots" content="noindex, nofollow">' in content
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    assert 'rel="canonical"' not in content
    assert "application/ld+json" not in content
    assert "Cite" not in content
    assert "Written by a curator and published by another person" not in content


def test_it_shows_results_links_and_what_is_missing(curator):
    claim = builders.evidence(
        statement="", autoantibodies=[builders.autoantibody("anti-Example")], regimen="10 mg of exampletinib"
    )
    builders.result(claim, label="Made-up response", treated_value="79.0", treated_unit="%")
    content = curator.get(preview_of(claim)).content.decode()
    for told in ("79.0", "Made-up response", "10 mg of exampletinib", "anti-Example", "Still missing: Statement."):
        assert told in content, told


def test_a_revision_is_shown_beside_what_is_public(curator):
    first = builders.published(builders.evidence(statement="As published."))
    second = start_revision(first, builders.person(CURATOR), "An erratum.")
    second.statement = "As revised."
    second.save()
    submit(second, builders.person(CURATOR))
    content = curator.get(preview_of(second)).content.decode()
    assert f"Preview of {second.accession} version 2, in review" in content
    assert "As revised." in content
    assert first.get_version_url() in content
    assert curator.get(preview_of(first)).headers["Location"] == first.get_version_url()


def test_nobody_else_sees_it(curator):
    claim = builders.evidence()
    assert Client().get(preview_of(claim)).status_code == 302
    stranger = Client()
    stranger.force_login(builders.person())
    assert stranger.get(preview_of(claim)).status_code in (302, 403)
    reviewer = Client()
    reviewer.force_login(builders.person(REVIEWER))
    assert reviewer.get(preview_of(claim)).status_code == 200
    assert Client().get(claim.get_version_url()).status_code == 404
    assert curator.get(preview_of(claim).replace(f"/{claim.pk}/", "/0/")).status_code in (302, 404)

"""Appraisals come before everything else on the pages of what they are about, and say when they need a re-check."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import builders
from treatments.models import Appraisal

pytestmark = pytest.mark.django_db

BOTTOM_LINE = "A made-up bottom line."
YESTERDAY, TODAY = timezone.now() - timedelta(days=1), timezone.now()


@pytest.fixture
def scope():
    return {
        "treatment": builders.treatment(),
        "autoantibody": builders.autoantibody(),
        "manifestation": builders.manifestation(),
    }


def entry(scope, **fields):
    """Published evidence in the scope."""
    lists = {"autoantibodies": [scope["autoantibody"]], "manifestations": [scope["manifestation"]]}
    return builders.published(
        builders.evidence(treatment=scope["treatment"], statement="A made-up finding.", **lists), **fields
    )


@pytest.fixture
def basis(scope):
    return entry(scope, published_at=YESTERDAY)


@pytest.fixture
def appraisal(scope, basis):
    claim = builders.appraisal(bottom_line=BOTTOM_LINE, rests_on=[basis], **scope)
    return builders.published(claim, published_at=TODAY - timedelta(hours=1))


def finder(scope, name="web:finder"):
    asked = f"autoantibody={scope['autoantibody'].slug}&manifestation={scope['manifestation'].slug}"
    return f"{reverse(name)}?{asked}"


def addresses(scope):
    return {name: record.get_absolute_url() for name, record in scope.items()} | {"finder": finder(scope)}


PAGES = ["treatment", "autoantibody", "manifestation", "finder"]


@pytest.mark.parametrize("page", PAGES)
def test_an_appraisal_comes_first_with_all_that_belongs_to_it(client, scope, basis, appraisal, page):
    content = client.get(addresses(scope)[page]).content.decode()
    start = content.index(BOTTOM_LINE)
    assert start < content.index("A made-up finding." if page != "finder" else 'class="ranked"')
    row = content[content.rindex('<li class="entry appraisal">', 0, start) : content.index("</li>", start)]
    assert f"<strong>{appraisal.certainty.label}</strong> certainty" in row
    assert f'<a href="{basis.get_version_url()}">{basis.accession}</a>' in row
    assert f'<time datetime="{appraisal.published_at.isoformat(timespec="microseconds")}">' in row
    assert appraisal.get_absolute_url() in row
    assert "Needs re-check" not in row


@pytest.mark.parametrize("page", PAGES)
def test_pages_say_that_no_appraisal_was_made_yet(client, scope, basis, page):
    builders.appraisal(bottom_line=BOTTOM_LINE, rests_on=[basis], **scope)  # a draft
    content = " ".join(client.get(addresses(scope)[page]).content.decode().split())
    assert "has been made" in content
    assert "without a curator’s bottom line" in content
    assert BOTTOM_LINE not in content


def supersede(scope, basis):
    builders.replaced(basis)


def retract(scope, basis):
    builders.retracted(basis)


def publish_more(scope, basis):
    entry(scope, published_at=TODAY)


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (supersede, "Evidence it rests on was replaced or withdrawn since."),
        (retract, "Evidence it rests on was replaced or withdrawn since."),
        (publish_more, "Newer evidence was published in its scope."),
    ],
)
def test_it_asks_for_a_recheck_by_itself_wherever_it_is_shown(client, scope, basis, appraisal, happens, told):
    own = {"own": appraisal.get_absolute_url(), "list": reverse("web:appraisals")}
    everywhere = {**addresses(scope), **own}
    assert not [name for name, url in everywhere.items() if "Needs re-check" in client.get(url).content.decode()]
    happens(scope, basis)
    for name, url in everywhere.items():
        content = client.get(url).content.decode()
        assert "Needs re-check" in content, name
        assert told in content, name
        if name != "own" and happens is not publish_more:
            assert "since)" in content, name
    for url in ("/api/v1/appraisals/", finder(scope, "api:finder")):
        answer = client.get(url).json()
        rows = answer["results"] if "appraisals" not in answer else answer["appraisals"]
        assert [row["needs_recheck"] for row in rows if row["accession"] == appraisal.accession] == [True]


def test_the_finder_answers_programs_with_the_bottom_line(client, scope, appraisal):
    (row,) = client.get(finder(scope, "api:finder")).json()["appraisals"]
    assert row["bottom_line"] == BOTTOM_LINE
    assert (row["certainty"], row["needs_recheck"]) == (appraisal.certainty_id, False)
    assert client.get(row["url"]).json()["rests_on"]


def test_a_revision_that_looks_at_the_news_ends_the_recheck(client, scope, basis, appraisal):
    newer = entry(scope, published_at=TODAY)
    revision = builders.appraisal(
        accession=appraisal.accession,
        version=2,
        supersedes=appraisal,
        change_note="Made up.",
        rests_on=[basis, newer],
        **scope,
    )
    builders.superseded(appraisal)
    builders.published(revision)
    assert Appraisal.objects.published().get(accession=appraisal.accession).pk == revision.pk
    assert "Needs re-check" not in client.get(appraisal.get_absolute_url()).content.decode()

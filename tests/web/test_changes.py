"""The page of changes: a line a change, a line a load, and nothing that is not public."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from tests.web.test_pages import text_of
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import publish, request_changes, retract, start_revision, submit
from treatments.models import Treatment

pytestmark = pytest.mark.django_db


def test_a_release_is_one_line_with_links_to_what_it_brought(client):
    page = client.get("/changes/").content.decode()
    assert "Release 2026-11" in page
    assert '<a href="/evidence/">319 evidence entries</a>' in page
    assert '<a href="/treatments/">87 treatments</a>' in page
    assert len(page) < 60_000


def test_a_load_asked_for_by_treatment_is_counted_by_treatment(client):
    page = client.get("/changes/", {"treatment": "ivig", "type": "evidence"}).content.decode()
    listed = client.get("/evidence/", {"treatment": "ivig"}).context["page"].paginator.count
    assert f'<a href="/evidence/?treatment=ivig">{listed} evidence entries</a> published.' in page


def test_there_is_no_choice_of_an_order_where_there_is_one(client):
    assert 'name="ordering"' not in client.get("/changes/").content.decode()
    assert 'name="ordering"' in client.get("/evidence/").content.decode()


def test_new_versions_and_retractions_say_why(client):
    author, reviewer, editor = builders.person(CURATOR), builders.person(REVIEWER), builders.person(REVIEWER, EDITOR)
    drug = builders.treatment("Samplimab", slug="samplimab")
    claim = publish(submit(builders.evidence(author=author, treatment=drug), author), reviewer)
    revision = publish(submit(start_revision(claim, author, "A figure was corrected."), author), reviewer)
    page = text_of(client.get("/changes/?treatment=samplimab"))
    accession = claim.accession
    assert f"New version {accession}, version 2 {drug.name} Supports" in page.replace("  ", " ")
    assert "Replaces version 1, which is superseded. A figure was corrected." in page
    retract(revision, editor, "The made-up study never took place.")
    page = text_of(client.get("/changes/?treatment=samplimab&kind=retracted"))
    assert f"Retraction {accession}, version 2" in page
    assert "The made-up study never took place." in page
    assert "New version " not in page.partition("Changes")[2].partition("data revision")[2]


def test_a_retired_record_says_why(client):
    Treatment.objects.filter(slug="probenecid").update(retired_on="2026-11-24", retirement_reason="Listed by mistake.")
    page = text_of(client.get("/changes/?kind=retired"))
    assert "Record retired Probenecid treatment Listed by mistake." in page


def test_nothing_of_drafts_reviews_and_people_is_shown(client):
    author = builders.person(CURATOR, first_name="Hidden", last_name="Author")
    reviewer = builders.person(REVIEWER, first_name="Hidden", last_name="Reviewer")
    draft = builders.evidence(author=author, statement="Nobody reads this draft.")
    submit(draft, author)
    request_changes(draft, reviewer, "Nobody reads this comment.")
    submit(draft, author)
    builders.recommendation(author=author, statement="Nobody reads this draft.")
    published = publish(submit(builders.evidence(author=author), author), reviewer)
    start_revision(published, author, "Nobody reads this note yet.")
    for path in ("/changes/?type=evidence", "/changes/?type=recommendation", "/changes/"):
        page = client.get(path).content.decode()
        assert "Nobody reads" not in page
        assert "Hidden" not in page
        assert draft.accession not in page
    assert f"{published.accession}, version 1" in client.get("/changes/?type=evidence").content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=yesterday", "neither a day"),
        ("since=2026-02-30", "neither a day"),
        ("since=999999", "There is no revision 999999 yet"),
        ("kind=edited", "not one of the values"),
        ("treatment=nothing", "There is no treatment"),
        ("type=draft", "not one of the values"),
        ("before=2026", "no such parameter"),
        ("since=1&since=2", "more than once"),
        ("page=0", "whole number"),
    ],
)
def test_what_cannot_be_answered_is_said_and_stays_in_the_form(client, query, words):
    response = client.get(f"/changes/?{query}&autoantibody=anti-mda5")
    assert response.status_code == 400
    page = response.content.decode()
    assert words in page
    assert re.search(r'value="anti-mda5"\s+checked', page)


def test_past_the_last_page_there_is_nothing(client):
    assert client.get("/changes/?page=2").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_page_takes_as_many_queries_for_few_changes_as_for_many(client):
    def make(count):
        for _ in range(count):
            builders.published(builders.evidence(manifestations=[builders.manifestation()]))
            record = builders.treatment()
            record.summary = "Changed."
            record.save()

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/changes/?since=1").status_code == 200
        return len(queries)

    make(2)
    few = cost()
    make(20)
    page = client.get("/changes/?since=1").content.decode()
    assert page.count('class="step"') == 25
    assert "page=2" in page
    assert cost() == few

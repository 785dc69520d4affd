"""Feeds: Atom that any reader takes, with everything public that happened to claims and nothing else."""

import xml.etree.ElementTree as ElementTree
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from treatments.interop.feeds import ENTRIES
from treatments.models import Evidence, Treatment

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client, address="/feeds/claims.atom"):
    """The feed, checked for what RFC 4287 asks of one."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)  # noqa: S314 our own
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1, name
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == settings.SITE_URL + address
    for entry in feed.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "summary"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1, name
        assert entry.find(f"{ATOM}link").get("href").startswith(f"{settings.SITE_URL}/")
    return feed


def entries(client, address="/feeds/claims.atom"):
    return [
        {
            **{name: entry.find(f"{ATOM}{name}").text for name in ("id", "title", "updated", "summary")},
            "link": entry.find(f"{ATOM}link").get("href"),
            "categories": [category.get("term") for category in entry.findall(f"{ATOM}category")],
        }
        for entry in read(client, address).findall(f"{ATOM}entry")
    ]


def test_a_feed_is_bounded_and_each_entry_has_an_identity_that_stays(client):
    first = entries(client)
    assert len(first) == ENTRIES
    assert len({entry["id"] for entry in first}) == ENTRIES
    assert entries(client) == first
    for entry in first:
        assert entry["id"].startswith(f"tag:{urlsplit(settings.SITE_URL).hostname},2026:")
    assert client.get(first[0]["link"].removeprefix(settings.SITE_URL)).status_code == 200


def test_publication_new_version_and_retraction_are_entries_of_their_own(client):
    drug = builders.treatment("Samplimab")
    claim = builders.published(builders.evidence(treatment=drug, statement="What was found first."))
    following = builders.evidence(
        treatment=drug,
        accession=claim.accession,
        version=2,
        supersedes=claim,
        change_note="A figure was corrected.",
        direction="no_benefit",
    )
    builders.superseded(claim)
    builders.published(following)
    address = f"/treatments/{drug.slug}/feed.atom"
    replaced, published = entries(client, address)
    assert published["title"] == f"{claim.accession} v1, {drug.name}"
    assert "superseded since" in published["summary"]
    assert replaced["title"] == f"New version: {claim.accession} v2, {drug.name}"
    assert "Version 2 replaces version 1" in replaced["summary"]
    assert "A figure was corrected." in replaced["summary"]
    assert "No benefit" in replaced["summary"]
    assert replaced["categories"] == ["new_version", "evidence"]

    builders.retracted(following, "The made-up study never took place.")
    retracted, *before = entries(client, address)
    assert [entry["id"] for entry in before] == [replaced["id"], published["id"]]
    assert retracted["title"].startswith("Retracted: ")
    assert "Reason: The made-up study never took place." in retracted["summary"]
    assert "A made-up finding" not in retracted["summary"], "what was withdrawn is not repeated"
    assert "has been retracted since" in before[0]["summary"]


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_every_kind_of_claim_has_its_entry(client, kind):
    claim = builders.published(builders.CLAIMS[kind]())
    assert claim.accession in {entry["title"].split()[0] for entry in entries(client)}


def test_nothing_of_a_draft_is_in_any_feed(client):
    drug, antibody = Treatment.objects.get(slug="ivig"), builders.autoantibody()
    author = builders.person(first_name="Hidden", last_name="Author")
    draft = builders.evidence(treatment=drug, autoantibodies=[antibody], statement="Nobody reads this.", author=author)
    before = draft.updated_at
    for status in ("draft", "in_review"):
        Evidence.objects.filter(pk=draft.pk).update(status=status, submitted_at=before)
        for address in (
            "/feeds/claims.atom",
            "/treatments/ivig/feed.atom",
            f"/autoantibodies/{antibody.slug}/feed.atom",
        ):
            text = client.get(address).content.decode()
            assert "Nobody reads this" not in text
            assert "Hidden" not in text
            assert draft.accession not in text


def test_a_member_is_told_of_its_class_and_a_class_of_antibodies_of_its_members(client):
    member = builders.treatment()
    whole = builders.treatment_class(member)
    claim = builders.published(builders.evidence(treatment=whole))
    assert [entry["title"] for entry in entries(client, f"/treatments/{member.slug}/feed.atom")] == [
        f"{claim.accession} v1, {whole.name}"
    ]
    antibody = builders.autoantibody()
    of_antibodies = builders.autoantibody_class(antibody)
    claim = builders.published(builders.evidence(autoantibodies=[antibody]))
    (entry,) = entries(client, f"/autoantibodies/{of_antibodies.slug}/feed.atom")
    assert claim.accession in entry["title"]


def test_a_feed_about_nothing_yet_is_a_feed_that_keeps_its_date(client):
    drug = builders.treatment()
    feed = read(client, f"/treatments/{drug.slug}/feed.atom")
    assert feed.findall(f"{ATOM}entry") == []
    assert (
        feed.find(f"{ATOM}updated").text
        == read(client, f"/treatments/{drug.slug}/feed.atom").find(f"{ATOM}updated").text
    )


def test_no_text_breaks_the_xml(client):
    drug = builders.treatment("Rock & <b>roll</b> \x0b\ufffe")
    builders.published(builders.evidence(treatment=drug, statement='</summary><script>alert(1)</script> & "\x08"'))
    (entry,) = entries(client, f"/treatments/{drug.slug}/feed.atom")
    assert "Rock & <b>roll</b>" in entry["title"]
    assert "<p>&lt;/summary&gt;&lt;script&gt;" in entry["summary"]


def test_addresses_are_the_site_s_own_whatever_host_was_asked(client):
    asked = client.get("/feeds/claims.atom", headers={"host": "localhost"}).content.decode()
    assert "localhost" not in asked


def test_a_feed_is_answered_304_until_something_public_changes(client):
    first = client.get("/treatments/ivig/feed.atom")
    again = client.get("/treatments/ivig/feed.atom", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_feed_about_what_is_retired_is_gone_and_about_what_never_was_not_found(client):
    Treatment.objects.filter(slug="probenecid").update(retired_on="2026-11-24", retirement_reason="Listed by mistake.")
    gone = client.get("/treatments/probenecid/feed.atom")
    assert (gone.status_code, b"Listed by mistake." in gone.content) == (410, True)
    assert client.get("/treatments/nothing/feed.atom").status_code == 404
    assert client.post("/feeds/claims.atom").status_code == 405


def test_the_number_of_queries_does_not_depend_on_the_number_of_entries(client):
    def cost(address):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    drug = builders.treatment()
    builders.published(builders.evidence(treatment=drug, manifestations=[builders.manifestation()]))
    few = cost(f"/treatments/{drug.slug}/feed.atom")
    for _ in range(20):
        builders.published(builders.evidence(treatment=drug, manifestations=[builders.manifestation()]))
    assert cost(f"/treatments/{drug.slug}/feed.atom") == few

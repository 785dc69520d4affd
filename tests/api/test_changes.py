"""What programs are told of changes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import builders
from tests.api.test_query_counts import compare
from treatments.models import Treatment


def test_everything_of_the_first_release_is_told_once(every):
    rows = every("changes/?page_size=200")
    told = {(row["type"], row["key"], row["version"]) for row in rows}
    assert len(told) == len(rows) > 1200
    assert ("evidence", "EV00001", 1) in told
    assert ("treatment", "ivig", None) in told
    assert {row["release"] for row in rows} == {"2026-11"}
    assert {row["revision"] for row in rows} == {1}


def test_the_addresses_of_a_change_lead_to_what_changed(get):
    for record_type in ("evidence", "recommendation", "treatment", "trial", "mechanism_interaction", "evidence_level"):
        row = get(f"changes/?type={record_type}&page_size=1")["results"][0]
        record = get(row["url"])
        if row["version_url"]:
            assert get(row["version_url"])["accession"] == record["accession"] == row["key"]


def test_a_program_keeps_up_by_the_revision_it_has(get, client):
    kept = client.get("/api/v1/")["X-Dataset-Revision"]
    assert get(f"changes/?since={kept}")["results"] == []


def test_a_program_keeps_up_by_day(get):
    today = timezone.now().date()
    assert get(f"changes/?since={today}")["count"] > 1200
    assert get(f"changes/?since={today + timedelta(days=1)}")["count"] == 0


def test_a_retraction_is_told_with_its_reason_and_drafts_are_not(get):
    claim = builders.published(builders.evidence())
    following = builders.evidence(accession=claim.accession, version=2, supersedes=claim, change_note="Corrected.")
    builders.superseded(claim)
    builders.retracted(builders.published(following), "Made up.")
    draft = builders.evidence(statement="Nobody reads this draft.")
    rows = get(f"changes/?treatment={following.treatment.slug}&type=evidence")["results"]
    assert [(row["kind"], row["version"], row["replaces"], row["reason"]) for row in rows] == [
        ("retracted", 2, None, "Made up."),
        ("new_version", 2, 1, "Corrected."),
    ]
    assert get(rows[0]["url"], status=410)["reason"] == "Made up."
    accessions = {row["key"] for row in get("changes/?type=evidence&page_size=200")["results"]}
    assert claim.accession in accessions
    assert draft.accession not in accessions


def test_a_removed_record_has_no_address(get):
    row = builders.mechanism_interaction()
    key = str(row)
    row.delete()
    (told,) = get("changes/?kind=removed")["results"]
    assert (told["name"], told["url"]) == (key, None)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("since=soon", "since"), ("since=77", "since"), ("kind=draft", "kind"), ("limit=3", "limit"), ("page=x", "page")],
)
def test_anything_else_is_refused(get, query, parameter):
    problem = get(f"changes/?{query}", status=400)
    assert [error["parameter"] for error in problem["errors"]] == [parameter]


@pytest.mark.django_db
def test_a_long_list_costs_what_a_short_one_does(client):
    Treatment.objects.update(pregnancy="Changed.")

    def cost(size):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/api/v1/changes/?page_size={size}&type=treatment&type=evidence").json()
        assert len(page["results"]) == size
        return len(queries)

    assert cost(200) == cost(90)
    compare("/api/v1/changes/", cost(200))

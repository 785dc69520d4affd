"""The search for programs."""

import pytest

from tests import builders
from treatments.search import Kind

pytestmark = pytest.mark.django_db


def test_it_finds_records_of_every_kind_with_their_addresses(get):
    answer = get("search/?q=tif1g&page_size=200")
    assert answer["results"][0] == {
        "kind": "autoantibody",
        "key": "anti-tif1-gamma",
        "title": "Anti-TIF1-gamma",
        "url": "http://testserver/api/v1/autoantibodies/anti-tif1-gamma/",
        "matched": {"name": "Anti-TIF1-gamma", "role": "name"},
    }
    assert answer["count"] == sum(answer["counts"].values()) == len(answer["results"])
    for kind in {row["kind"] for row in answer["results"]}:
        row = next(row for row in answer["results"] if row["kind"] == kind)
        assert row["key"] in get(row["url"]).values()
    assert set(answer["counts"]) == set(Kind.values)


def test_kinds_can_be_chosen_and_are_counted_all_the_same(get):
    answer = get("search/?q=rituximab&kind=treatment&kind=trial")
    assert {row["kind"] for row in answer["results"]} == {"treatment", "trial"}
    assert answer["count"] == answer["counts"]["treatment"] + answer["counts"]["trial"]
    assert answer["counts"]["evidence"] > 0


def test_pages_hold_every_result_once(every):
    whole = every("search/?q=rituximab&page_size=200")
    assert every("search/?q=rituximab&page_size=20") == whole
    assert len({(row["kind"], row["key"]) for row in whole}) == len(whole) > 40


def test_a_correction_is_never_silent(get):
    assert get("search/?q=tofacitinib")["read_as"] is None
    assert get("search/?q=tofacitnib")["read_as"] == "tofacitinib"
    doubtful = get("search/?q=hypotension")
    assert (doubtful["count"], doubtful["read_as"], doubtful["meant"]) == (0, None, "hypertension")
    assert "baricitinib" in [row["key"] for row in get("search/?q=abrocitinib")["nearest"]]


def test_an_identifier_is_the_first_result(get):
    (first, *_) = get("search/?q=PMID:36198179")["results"]
    assert (first["key"], first["matched"]["role"]) == ("aggarwal-2022-ivig", "identifier")


def test_only_published_claims_are_found(get):
    claim = builders.evidence(statement="Zebrafishosis improved.")
    assert get("search/?q=zebrafishosis")["count"] == 0
    builders.published(claim)
    assert [row["key"] for row in get("search/?q=zebrafishosis")["results"]] == [claim.accession]


@pytest.mark.parametrize(
    ("query", "parameter"), [("", "q"), ("q=%5B", "q"), ("q=a&kind=gene", "kind"), ("q=a&page_size=500", "page_size")]
)
def test_what_it_does_not_take_is_refused(get, query, parameter):
    (error,) = get(f"search/?{query}", 400)["errors"]
    assert error["parameter"] == parameter


def test_a_page_past_the_last_is_not_found(get):
    get("search/?q=ivig&page=99", 404)

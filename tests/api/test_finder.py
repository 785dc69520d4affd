"""The finder as JSON: the same answer as the page, with what a program needs to check it."""

import pytest
from django.urls import reverse

from tests.api import seed

RP_ILD = "rapidly-progressive-ild"
ASKED = f"finder/?autoantibody=anti-mda5&manifestation={RP_ILD}"
TIERS = ["antibody_and_manifestation", "antibody", "manifestation", "disease"]


def entries() -> dict[str, dict]:
    return {row["accession"]: row for row in seed.rows("evidence")}


def test_it_answers_in_the_order_of_the_page(get, client):
    answer = get(ASKED)
    page = client.get(reverse("web:finder"), {"autoantibody": "anti-mda5", "manifestation": RP_ILD})
    shown = [(part.tier, view.row.treatment) for part in page.context["answer"].tiers for view in part.rows]
    assert [(row["tier"], row["treatment"]["slug"]) for row in answer["results"]] == shown


def test_it_says_what_it_understood(get):
    query = get(f"{ASKED}&manifestation=calcinosis&population=adult")["query"]
    assert query == {
        "autoantibody": "anti-mda5",
        "manifestation": ["calcinosis", RP_ILD],
        "population": "adult",
        "setting": None,
    }


@pytest.mark.parametrize(
    "asked", [ASKED, "finder/?manifestation=calcinosis", "finder/?autoantibody=anti-jo1", "finder/"]
)
def test_every_figure_is_that_of_the_entries_named(get, asked):
    data = entries()
    for row in get(asked)["results"]:
        behind = [data[accession] for accession in row["evidence"]]
        assert behind
        assert {entry["treatment"] for entry in behind} == {row["treatment"]["slug"]}
        assert {entry["aspect"] for entry in behind} == {"efficacy"}
        assert row["best_level"] == min(entry["level"] for entry in behind)
        assert row["patients"] == sum(entry.get("n_treated") or 0 for entry in behind)
        for direction, count in row["directions"].items():
            assert count == sum(entry["direction"] == direction for entry in behind)
        assert sum(row["directions"].values()) == len(behind)


def test_tiers_hold_what_their_names_say(get):
    data = entries()
    answer = get(ASKED)
    order = [(TIERS.index(row["tier"]), row["best_level"]) for row in answer["results"]]
    assert order == sorted(order)
    for row in answer["results"]:
        for entry in map(data.get, row["evidence"]):
            antibody = "anti-mda5" in entry.get("autoantibodies", [])
            feature = RP_ILD in entry.get("manifestations", [])
            assert row["tier"] == TIERS[(0 if feature else 1) if antibody else (2 if feature else 3)]
            assert row["tier"] != "disease" or not entry.get("autoantibodies")
        assert row["reason"]


def test_every_efficacy_entry_of_the_data_set_is_somewhere_once(get):
    answer = get(f"{ASKED}&population=adult")
    shown = []
    for row in (*answer["results"], *answer["unranked"]):
        shown += [*row.get("evidence", []), *row["safety"]]
        shown += [accession for part in row["further"] for accession in part["evidence"]]
    shown += [accession for part in answer["left_out"] for accession in part["evidence"]]
    assert sorted(shown) == sorted(entries())


def test_a_class_is_named_where_its_members_carry_it(get):
    rows = {row["treatment"]["slug"]: row for row in get(ASKED)["results"]}
    (of_class,) = rows["tofacitinib"]["reported_for_class"]
    assert of_class["treatment"]["slug"] == "jak-inhibitors"
    assert not set(of_class["evidence"]) & set(rows["tofacitinib"]["evidence"])


def test_it_carries_guidelines_trials_approval_and_warning(get):
    rows = {row["treatment"]["slug"]: row for row in get(ASKED)["results"]}
    (statement,) = rows["plasma-exchange"]["recommendations"]
    assert get(statement["url"])["direction"] == statement["direction"] == "for"
    assert {trial["status"] for trial in rows["cd19-car-t"]["trials"]} <= {"recruiting", "not_yet_recruiting", "active"}
    assert get(rows["cd19-car-t"]["trials"][0]["url"])
    assert (rows["ivig"]["approved_for_dermatomyositis"], rows["tofacitinib"]["boxed_warning"]) == (True, True)
    assert (rows["basiliximab"]["approved_for_dermatomyositis"], rows["plasma-exchange"]["boxed_warning"]) == (
        None,
        None,
    )


def test_it_leads_to_the_page_behind_each_row(get, client):
    answer = get(ASKED)
    for row in (answer["results"][0], answer["unranked"][0]):
        assert client.get(row["html_url"]).status_code == 200
        assert get(row["url"])["slug"] == row["treatment"]["slug"]


@pytest.mark.parametrize(
    ("query", "parameter", "allowed"),
    [
        ("autoantibody=anti-nothing", "autoantibody", "unknown"),
        ("manifestation=none-such", "manifestation", "calcinosis"),
        ("population=mixed", "population", "juvenile"),
        ("setting=any", "setting", "rescue"),
        ("page_size=3", "page_size", "manifestation"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_is_allowed(get, query, parameter, allowed):
    (error,) = get(f"finder/?{query}", status=400)["errors"]
    assert error["parameter"] == parameter
    assert allowed in error["allowed"]


def test_nothing_asked_is_the_disease_overall(get):
    answer = get("finder/")
    assert {row["tier"] for row in answer["results"]} == {"disease"}
    unknown = get("finder/?autoantibody=unknown")
    assert [row["evidence"] for row in unknown["results"]] == [row["evidence"] for row in answer["results"]]

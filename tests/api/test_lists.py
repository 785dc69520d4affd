"""Lists: everything is there, in pages, filtered by what is asked for and by nothing else."""

from datetime import UTC, datetime

import pytest

from tests.api import seed
from tests.builders import evidence, manifestation, phenotype_association, published, treatment
from treatments.api.parameters import described
from treatments.api.urls import router

FILTERSETS = {prefix: viewset.filterset_class for prefix, viewset, _ in router.registry}


@pytest.mark.parametrize("endpoint", seed.KEYS)
def test_a_list_holds_every_record_of_the_data_set(every, endpoint):
    listed = [row[seed.KEYS[endpoint]] for row in every(f"{endpoint}/?page_size=200")]
    assert set(listed) == seed.keys(endpoint)
    assert len(listed) == len(set(listed))


def test_pages_are_fifty_rows_and_linked_both_ways(get):
    first = get("references/")
    assert first["count"] == len(seed.rows("references"))
    assert len(first["results"]) == 50
    assert first["previous"] is None
    second = get(first["next"])
    assert get(second["previous"])["results"] == first["results"]
    assert not {row["slug"] for row in first["results"]} & {row["slug"] for row in second["results"]}


def test_a_page_takes_as_many_rows_as_asked_for(get):
    assert len(get("references/?page_size=7")["results"]) == 7
    assert len(get("references/?page_size=200")["results"]) == 200
    assert get("references/?page_size=7&page=2")["previous"].endswith("/api/v1/references/?page_size=7")


@pytest.mark.parametrize("name", ["page", "page_size"])
@pytest.mark.parametrize("value", ["0", "-1", "abc", "1.5", "1e3", "٣", "+1", " 1", "201x"])
def test_a_page_that_is_no_number_is_refused(get, name, value):
    (error,) = get(f"treatments/?{name}={value.replace('+', '%2B')}", 400)["errors"]
    assert error["parameter"] == name
    assert error["allowed"] == ["a whole number from 1" if name == "page" else "a whole number from 1 to 200"]


def test_a_page_larger_than_two_hundred_rows_is_refused(get):
    (error,) = get("treatments/?page_size=201", 400)["errors"]
    assert error["parameter"] == "page_size"


@pytest.mark.parametrize("page", [3, 10**30])
def test_a_page_past_the_last_one_is_not_found(get, page):
    assert get(f"treatments/?page={page}", 404)["status"] == 404


# Filters --------------------------------------------------------------------------------------------------------------


def accessions(listed):
    return {row["accession"] for row in listed}


def written(condition):
    """The accessions of the evidence that the data set's own file says this of."""
    return {row["accession"] for row in seed.rows("evidence") if condition(row)}


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("autoantibody=anti-mda5", lambda row: "anti-mda5" in row["autoantibodies"]),
        ("manifestation=calcinosis", lambda row: "calcinosis" in row["manifestations"]),
        ("autoantibody_named=false", lambda row: not row["autoantibodies"]),
        ("autoantibody_named=true", lambda row: bool(row["autoantibodies"])),
        ("manifestation_named=true", lambda row: bool(row["manifestations"])),
        ("treatment=ivig", lambda row: row["treatment"] == "ivig"),
        ("treatment=ivig&treatment=rituximab", lambda row: row["treatment"] in ("ivig", "rituximab")),
        ("level=2", lambda row: row["level"] == "2"),
        ("direction=no_benefit", lambda row: row["direction"] == "no_benefit"),
        ("population=juvenile", lambda row: row["population"] == "juvenile"),
        ("setting=refractory", lambda row: row["setting"] == "refractory"),
        ("aspect=safety", lambda row: row["aspect"] == "safety"),
        ("design=case_report", lambda row: row["design"] == "case_report"),
        ("reference=aggarwal-2025-abatacept-ild", lambda row: row["reference"] == "aggarwal-2025-abatacept-ild"),
        ("trial=NCT03215927", lambda row: row.get("trial") == "NCT03215927"),
        ("analysis=post_hoc", lambda row: row.get("analysis") == "post_hoc"),
        (
            "outcome_measure=fvc",
            lambda row: any(result["measure"] == "fvc" for result in row.get("results", [])),
        ),
        (
            "primary_checked=false",
            lambda row: all(check["grade"] != "primary" for check in row.get("source_checks", [])),
        ),
        (
            "autoantibody=anti-mda5&manifestation=rapidly-progressive-ild&level=3&level=4",
            lambda row: (
                "anti-mda5" in row["autoantibodies"]
                and "rapidly-progressive-ild" in row["manifestations"]
                and row["level"] in ("3", "4")
            ),
        ),
    ],
)
def test_evidence_is_filtered_by_what_is_asked_for(every, query, condition):
    expected = written(condition)
    assert expected
    assert accessions(every(f"evidence/?{query}&page_size=200")) == expected


def test_a_mechanism_stands_for_everything_below_it(every):
    parents = {row["slug"]: row.get("parent") for row in seed.rows("mechanisms")}

    def below(slug):
        return slug == "jak-stat" or (parents.get(slug) is not None and below(parents[slug]))

    acting = {
        row["slug"]
        for row in seed.rows("treatments")
        if any(below(action["mechanism"]) for action in row.get("mechanisms", []))
    }
    assert acting
    found = every("evidence/?mechanism=jak-stat&page_size=200")
    assert accessions(found) == written(lambda row: row["treatment"] in acting)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("treatments/?kind=class", lambda row: row["kind"] == "class"),
        ("treatments/?stage=emerging", lambda row: row["stage"] == "emerging"),
        ("mechanisms/?parent=type-i-ifn", lambda row: row.get("parent") == "type-i-ifn"),
        ("mechanisms/?gene=JAK1", lambda row: "JAK1" in row.get("genes", [])),
        ("mechanisms/?gene=jak1", lambda row: "JAK1" in row.get("genes", [])),
        ("autoantibodies/?group=dm_specific", lambda row: row["group"] == "dm_specific"),
        ("references/?year_from=2024", lambda row: (row.get("year") or 0) >= 2024),
        ("references/?pmid=39609094", lambda row: row.get("pmid") == "39609094"),
        ("references/?pmid=PMID:%2039609094", lambda row: row.get("pmid") == "39609094"),
        ("references/?doi=https://doi.org/10.1002/ART.43066", lambda row: row.get("doi") == "10.1002/art.43066"),
        ("references/?pmcid=pmc12123255", lambda row: row.get("pmcid") == "PMC12123255"),
        ("trials/?phase=3", lambda row: str(row.get("phase")) == "3"),
        ("trials/?treatment=ivig", lambda row: "ivig" in row.get("treatments", [])),
        ("phenotype-associations/?autoantibody=anti-mda5", lambda row: row["autoantibody"] == "anti-mda5"),
        ("phenotype-associations/?strength=hallmark", lambda row: row["strength"] == "hallmark"),
        ("recommendations/?direction=against", lambda row: row["direction"] == "against"),
        ("recommendations/?treatment=rituximab", lambda row: row.get("treatment") == "rituximab"),
        ("outcome-measures/?better=lower", lambda row: row["better"] == "lower"),
    ],
)
def test_other_lists_are_filtered_too(every, query, expected):
    endpoint = query.partition("/")[0]
    key = seed.KEYS[endpoint]
    wanted = {row[key] for row in seed.rows(endpoint) if expected(row)}
    assert wanted
    assert {row[key] for row in every(f"{query}&page_size=200")} == wanted


@pytest.mark.parametrize(
    ("endpoint", "name"), [(endpoint, name) for endpoint, found in FILTERSETS.items() for name in found.base_filters]
)
def test_every_filter_takes_what_the_schema_offers(get, endpoint, name):
    parameter = described(name, FILTERSETS[endpoint].base_filters[name])
    schema = parameter["schema"]
    items = schema.get("items", schema)
    values = items.get("enum") or (["true", "false"] if schema["type"] == "boolean" else [])
    if not values and "example" in parameter:
        values = parameter["example"] if isinstance(parameter["example"], list) else [parameter["example"]]
    if schema["type"] == "integer":
        values = [schema["minimum"], schema["maximum"]]
    assert values, "the schema gives no example for this parameter"
    for value in values:
        get(f"{endpoint}/?{name}={value}")


@pytest.mark.parametrize("endpoint", seed.KEYS)
def test_an_unknown_parameter_is_refused_with_the_list_of_known_ones(get, endpoint):
    (error,) = get(f"{endpoint}/?colour=blue", 400)["errors"]
    assert error["parameter"] == "colour"
    assert set(error["allowed"]) == {*FILTERSETS[endpoint].base_filters, "page", "page_size"}


@pytest.mark.parametrize("name", ["format", "treatment_id", "autoantibodies", "limit", "offset", "q", "fields"])
def test_nothing_is_ignored(get, name):
    assert get(f"evidence/?{name}=1", 400)["errors"][0]["parameter"] == name


@pytest.mark.parametrize(
    ("query", "name", "allowed"),
    [
        ("direction=good", "direction", {"supports", "mixed", "no_benefit", "harm", "inconclusive"}),
        ("level=6", "level", {"1", "2", "3", "4", "5"}),
        ("autoantibody=anti-nothing", "autoantibody", seed.keys("autoantibodies")),
        ("primary_checked=maybe", "primary_checked", {"true", "false"}),
        ("ordering=colour", "ordering", None),
        ("published_since=yesterday", "published_since", None),
        ("search=[", "search", None),
        (f"search={'a' * 201}", "search", None),
        ("level=1&aspect=efficacy&aspect=nothing", "aspect", {"efficacy", "safety"}),
        ("search=a&search=b", "search", None),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(get, query, name, allowed):
    (error,) = get(f"evidence/?{query}", 400)["errors"]
    assert error["parameter"] == name
    assert error["detail"]
    if allowed is not None:
        assert set(error["allowed"]) == allowed


@pytest.mark.parametrize(
    "query",
    [
        *("references/?pmid=abc", "references/?pmid=10.1002/art.43066", "references/?doi=39609094"),
        *("references/?pmcid=12123255", "mechanisms/?gene=JAK%201"),
    ],
)
def test_what_is_no_identifier_is_refused_and_not_taken_for_one_that_is_not_here(get, query):
    name = query.partition("?")[2].partition("=")[0]
    (error,) = get(query, 400)["errors"]
    assert error["parameter"] == name
    assert "it looks like" in error["detail"]


def test_everything_wrong_is_said_at_once(get):
    errors = get("evidence/?colour=blue&direction=good&page=0&page_size=1000", 400)["errors"]
    assert [error["parameter"] for error in errors] == ["colour", "direction", "page", "page_size"]


def test_lists_are_ordered_as_asked(every):
    years = [row["year"] for row in every("references/?ordering=year&page_size=200") if row["year"]]
    assert years == sorted(years)
    levels = [row["level"] for row in every("evidence/?ordering=-level&page_size=200")]
    assert levels == sorted(levels, reverse=True)


def test_search_finds_names_with_greek_letters_and_accents(every):
    by_letter = {row["slug"] for row in every("autoantibodies/?search=TIF1γ")}
    by_word = {row["slug"] for row in every("autoantibodies/?search=TIF1 gamma")}
    assert by_letter == by_word != set()


# Rows -----------------------------------------------------------------------------------------------------------------


def test_a_row_names_other_records_and_repeats_none_of_them(get):
    row = get("evidence/?trial=NCT03215927&aspect=efficacy")["results"][0]
    assert row["treatment"] == {"slug": "abatacept", "name": "Abatacept"}
    assert set(row["reference"]) == {"slug", "name"}
    assert set(row["trial"]) == {"nct_id", "acronym"}
    assert all(set(link) == {"slug", "name"} for link in [*row["autoantibodies"], *row["manifestations"]])


def test_drafts_are_in_no_list(get):
    draft = evidence(treatment=treatment(slug="draft-only"))
    assert get("evidence/?treatment=draft-only")["count"] == 0
    published(draft)
    assert [row["accession"] for row in get("evidence/?treatment=draft-only")["results"]] == [draft.accession]


def test_drafts_shape_no_list_of_vocabulary(get):
    draft = phenotype_association(manifestation=manifestation(slug="draft-only"))
    assert get("autoantibodies/?manifestation=draft-only")["count"] == 0
    published(draft)
    assert get("autoantibodies/?manifestation=draft-only")["count"] == 1


def test_claims_are_filtered_by_the_day_they_were_published(get):
    day = published(evidence(), published_at=datetime(2030, 5, 17, 9, 30, tzinfo=UTC)).accession
    assert [row["accession"] for row in get("evidence/?published_since=2030-05-17")["results"]] == [day]
    assert get("evidence/?published_since=2030-05-18")["count"] == 0


def test_retired_vocabulary_is_in_no_list(get):
    treatment(slug="forgotten", retired_on="2026-11-01", retirement_reason="Entered twice.")
    assert "forgotten" not in {row["slug"] for row in get("treatments/?page_size=200")["results"]}

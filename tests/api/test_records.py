"""Single records: complete, exact, permanent, and never a draft."""

from datetime import date
from decimal import Decimal

import pytest

from tests.api import seed
from tests.builders import (
    CLAIMS,
    SECONDARY_CHECK,
    appraisal,
    autoantibody,
    evidence,
    manifestation,
    mechanism,
    mechanism_interaction,
    prevalence,
    published,
    reference,
    result,
    retracted,
    superseded,
    treatment,
)
from treatments.models import Claim

ENDPOINTS = {
    "evidence": "evidence",
    "phenotype association": "phenotype-associations",
    "recommendation": "recommendations",
    "appraisal": "appraisals",
}


def next_version(claim: Claim, make=evidence, **fields) -> Claim:
    """A draft of the version after ``claim``."""
    return make(accession=claim.accession, version=claim.version + 1, supersedes=claim, **fields)


# The data set ---------------------------------------------------------------------------------------------------------


def same(answered, written) -> bool:
    """Whether a part of an answer says what the file says; the file leaves out what was not seen."""
    if written is None or written == "":
        return answered is None
    if isinstance(written, bool | list | dict) or isinstance(answered, bool):
        return answered == written
    if isinstance(written, int | float):
        return Decimal(str(answered)) == Decimal(str(written))
    return str(answered) == str(written)


COLUMNS = {
    "treatments": ["name", "kind", "drug_class", "stage", "summary", "boxed_warning", "pregnancy", "label_note"],
    "mechanisms": ["name", "kind", "description", "reactome_id", "kegg_id"],
    "autoantibodies": ["name", "full_name", "group", "antigen", "uniprot_id", "description", "detection_note"],
    "manifestations": ["name", "description", "hpo_id"],
    "references": ["title", "authors", "journal", "year", "volume", "pages", "pmid", "doi", "pmcid"],
    "trials": ["acronym", "title", "phase", "status_as_of", "enrollment", "sponsor"],
    "outcome-measures": ["name", "abbreviation", "unit", "better", "description"],
    "evidence-levels": ["rank", "label", "description"],
    "certainty-levels": ["rank", "description"],
    "evidence": [
        *("key", "design", "analysis", "aspect", "level", "level_note", "population", "comparator", "regimen"),
        *("n_treated", "n_control", "direction", "statement", "safety", "limitations"),
    ],
    "phenotype-associations": ["population", "strength", "note"],
    "recommendations": ["key", "body", "population", "direction", "quality", "statement", "note"],
}


@pytest.mark.parametrize("endpoint", COLUMNS)
def test_records_say_what_the_data_set_says(get, every, endpoint):
    for row in every(f"{endpoint}/?page_size=200"):
        record = get(row["url"])
        original = seed.row(endpoint, row[seed.KEYS[endpoint]])
        for name in COLUMNS[endpoint]:
            assert same(record[name], original.get(name)), (row["url"], name)
        checks = [{**dict.fromkeys(("source", "note", "on")), **check} for check in original.get("source_checks", [])]
        assert record["source_checks"] == checks
        primary = any(check["grade"] == "primary" for check in checks)
        assert record["awaiting_primary_check"] is row["awaiting_primary_check"] is not primary
        for name in row.keys() & record.keys():
            assert record[name] == row[name]


def test_results_are_the_figures_of_the_data_set(every):
    arms = ("events", "total", "value", "unit")
    interval = ("value", "ci_low", "ci_high", "ci_level", "unit")
    figures = 0
    for row in every("evidence/?page_size=200"):
        written = seed.row("evidence", row["accession"]).get("results", [])
        assert len(row["results"]) == len(written)
        for shown, original in zip(row["results"], written, strict=True):
            assert shown["measure"]["slug"] == original["measure"]
            for part, names in (("treated", arms), ("control", arms), ("effect", interval)):
                assert (shown[part] is None) == (not original.get(part))
                for name in names if shown[part] else ():
                    assert same(shown[part][name], original[part].get(name)), (row["accession"], part, name)
                    figures += 1
    assert figures > 1000


def test_proderm_shows_its_published_figures(get):
    listed = get("evidence/?treatment=ivig&trial=NCT02728752&level=2&aspect=efficacy&page_size=200")["results"]
    responses = [
        outcome
        for row in listed
        for outcome in row["results"]
        if outcome["treated"] and (outcome["treated"]["events"], outcome["treated"]["total"]) == (37, 47)
    ]
    assert any(
        (outcome["control"]["events"], outcome["control"]["total"]) == (21, 48)
        and outcome["treated"]["value"] in (79, 78.7, 78.72)
        for outcome in responses
    )
    slug = next(row["reference"]["slug"] for row in listed if responses[0] in row["results"])
    assert "PubMed" in {link["registry"] for link in get(f"references/{slug}/")["external_links"]}


def test_figures_are_json_numbers_exactly_as_printed(get, client):
    claim = evidence()
    for value in ("79", "78.70", "-0.35", "0.1", "123456789012345", "0.000000000012345"):
        result(claim, treated_value=Decimal(value), treated_unit="%")
    published(claim)
    shown = [outcome["treated"]["value"] for outcome in get(f"evidence/{claim.accession}/")["results"]]
    assert shown == [79, 78.7, -0.35, 0.1, 123456789012345, 0.000000000012345]
    assert isinstance(shown[0], int)


# Links ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", seed.VOCABULARY)
def test_what_refers_to_a_record_can_be_asked_for(get, endpoint):
    row = get(f"{endpoint}/?page_size=1")["results"][0]
    for address in get(row["url"])["related"].values():
        assert "count" in get(address)


def test_a_record_gives_the_address_of_its_page(get, client):
    for endpoint in seed.KEYS:
        for row in get(f"{endpoint}/?page_size=1")["results"]:
            address = get(row["url"])["html_url"]
            assert address.startswith("http://testserver/")
            assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_a_mechanism_shows_both_sides_of_its_interactions(get):
    upstream, middle, downstream = mechanism(), mechanism(), mechanism()
    mechanism_interaction(upstream=upstream, downstream=middle, note="First.")
    mechanism_interaction(upstream=middle, downstream=downstream).references.add(reference(slug="why"))
    record = get(f"mechanisms/{middle.slug}/")
    assert [edge["mechanism"]["slug"] for edge in record["acted_on_by"]] == [upstream.slug]
    assert [edge["mechanism"]["slug"] for edge in record["acts_on"]] == [downstream.slug]
    assert record["acted_on_by"][0]["note"] == "First."
    assert record["acts_on"][0]["references"][0]["slug"] == "why"


def test_identifiers_lead_to_their_registries(get):
    links = get("references/abatacept-iim-phase3/")["external_links"]
    assert {link["url"] for link in links} == {
        "https://pubmed.ncbi.nlm.nih.gov/39609094/",
        "https://doi.org/10.1002/art.43066",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC12123255/",
    }


def test_a_claim_on_secondary_checks_alone_awaits_a_primary_one(get):
    claim = published(evidence(source_checks=[SECONDARY_CHECK]))
    assert get(f"evidence/{claim.accession}/")["awaiting_primary_check"] is True


# The life of a claim --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CLAIMS)
def test_a_draft_is_found_nowhere(get, kind):
    draft = CLAIMS[kind]()
    for path in ("", "versions/", "versions/1/"):
        get(f"{ENDPOINTS[kind]}/{draft.accession}/{path}", 404)


@pytest.mark.parametrize("kind", CLAIMS)
def test_an_open_revision_of_a_published_claim_is_not_told_of(get, kind):
    claim = published(CLAIMS[kind]())
    next_version(claim, CLAIMS[kind])
    address = f"{ENDPOINTS[kind]}/{claim.accession}/"
    record = get(address)
    assert (record["version"], record["status"], record["superseded_by"]) == (1, "published", None)
    assert [row["version"] for row in get(f"{address}versions/")["results"]] == [1]
    get(f"{address}versions/2/", 404)


@pytest.mark.parametrize("kind", CLAIMS)
def test_old_versions_stay_and_name_their_successor(get, kind):
    first = published(CLAIMS[kind]())
    second = next_version(first, CLAIMS[kind], change_note="A figure was misread.")
    superseded(first)
    published(second)
    address = f"{ENDPOINTS[kind]}/{first.accession}/"
    now = get(address)
    assert (now["version"], now["status"], now["change_note"]) == (2, "published", "A figure was misread.")
    assert get(f"{address}versions/2/") == now
    old = get(now["supersedes"]["url"])
    assert (old["version"], old["status"]) == (1, "superseded")
    assert old["superseded_by"]["url"] == now["version_url"]
    assert old["superseded_at"]
    versions = get(now["versions_url"])
    assert [(row["version"], row["status"]) for row in versions["results"]] == [(2, "published"), (1, "superseded")]


@pytest.mark.parametrize("kind", CLAIMS)
def test_a_retracted_claim_is_gone_and_says_why(get, kind):
    claim = retracted(published(CLAIMS[kind]()), reason="The paper was withdrawn.")
    address = f"{ENDPOINTS[kind]}/{claim.accession}/"
    gone = get(address, 410)
    assert gone["reason"] == "The paper was withdrawn."
    assert "The paper was withdrawn." in gone["detail"]
    last = get(gone["last_version"])
    assert (last["status"], last["retraction_reason"]) == ("retracted", "The paper was withdrawn.")
    assert get(f"{address}versions/")["results"][0]["status"] == "retracted"


def test_a_version_that_never_was_is_not_found(get):
    for path in ("versions/2/", "versions/0/", "versions/999999999/", "versions/x/", "versions/9999999999999999/"):
        get(f"evidence/EV00001/{path}", 404)


def test_claims_of_the_data_set_name_their_release(get):
    assert get("evidence/EV00001/")["release"]["name"] == "2026-11"


def test_nobody_with_an_account_is_named(get):
    record = get("evidence/EV00001/")
    assert not {"author", "reviewer", "retracted_by"} & record.keys()


def test_an_appraisal_shows_what_it_rests_on_and_when_that_no_longer_stands(get):
    entry = published(evidence())
    claim = published(appraisal(rests_on=[entry]))
    record = get(f"appraisals/{claim.accession}/")
    assert [basis["accession"] for basis in record["rests_on"]] == [entry.accession]
    assert record["needs_recheck"] is False
    assert get(f"evidence/{entry.accession}/")["appraisals"][0]["accession"] == claim.accession
    retracted(entry)
    assert get(f"appraisals/{claim.accession}/")["needs_recheck"] is True
    assert get("appraisals/")["results"][0]["needs_recheck"] is True


def test_appraisals_in_the_making_are_not_told_of(get):
    entry = published(evidence())
    appraisal(rests_on=[entry])
    assert get(f"evidence/{entry.accession}/")["appraisals"] == []


# What is not there ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", seed.KEYS)
def test_an_unknown_record_is_not_found(get, endpoint):
    for name in ("nothing", "EV99999", "0", "%20", "é", "a.b", "x" * 1500):
        assert get(f"{endpoint}/{name}/", 404)["status"] == 404


def test_a_record_takes_no_parameters(get):
    (error,) = get("treatments/ivig/?fields=name", 400)["errors"]
    assert (error["parameter"], error["allowed"]) == ("fields", [])


def test_retired_vocabulary_is_gone_and_names_its_successor(get):
    successor = treatment(slug="kept")
    treatment(
        slug="forgotten",
        name="Forgotten",
        retired_on=date(2026, 11, 1),
        retirement_reason="Entered twice.",
        successor=successor,
    )
    gone = get("treatments/forgotten/", 410)
    assert gone["reason"] == "Entered twice."
    assert gone["retired_on"] == "2026-11-01"
    assert gone["successor"]["slug"] == "kept"
    assert get(gone["successor"]["url"])["slug"] == "kept"


def test_retired_vocabulary_without_a_successor_is_gone_too(get):
    manifestation(slug="forgotten", retired_on=date(2026, 11, 1), retirement_reason="Not a manifestation.")
    assert get("manifestations/forgotten/", 410)["successor"] is None


def test_a_reference_leads_to_every_record_that_cites_it(get):
    cited: dict[str, set[tuple[str, str]]] = {}
    for endpoint in ("treatments", "mechanisms", "outcome-measures"):
        for row in seed.rows(endpoint):
            for name in row.get("references") or []:
                cited.setdefault(name, set()).add((endpoint.replace("-", "_"), row["slug"]))
    assert len(cited) > 20
    for name, expected in list(cited.items())[::5]:
        record = get(f"references/{name}/")
        found = {(kind, link["slug"]) for kind, _ in expected for link in record[kind]}
        assert found >= expected


def test_a_reference_leads_to_the_figures_of_vocabulary_that_it_stands_behind(get):
    source = reference()
    prevalence(autoantibody(slug="anti-made-up")).references.add(source)
    mechanism_interaction(upstream=mechanism(slug="made-up-cause")).references.add(source)
    record = get(f"references/{source.slug}/")
    assert [row["autoantibody"]["slug"] for row in record["prevalences"]] == ["anti-made-up"]
    assert [row["upstream"]["slug"] for row in record["mechanism_interactions"]] == ["made-up-cause"]

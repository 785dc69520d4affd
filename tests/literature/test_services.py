"""What PubMed, Crossref and ClinicalTrials.gov answer, read over a real connection, in all their moods."""

import time
from datetime import date

import pytest

from treatments.literature import clinicaltrials, crossref, pubmed
from treatments.literature.service import ServiceError

TODAY = date(2026, 11, 25)
TITLE = "Exampletinib in made-up dermatomyositis: a randomized trial that nobody ever ran"


def test_a_publication_of_pubmed(services):
    services.add(
        1, TITLE, doi="10.1000/Made.Up", pmcid="PMC99999901", types=("Journal Article", "Randomized Controlled Trial")
    )
    found = pubmed.by_pmid(["99999901", "99999902"])
    assert list(found) == ["99999901"]
    record = found["99999901"]
    assert record.values == {
        "title": TITLE,
        "authors": "Example AB, Sample C",
        "journal": "J Made Up Results",
        "year": 2026,
        "volume": "12",
        "issue": "3",
        "pages": "1-9",
        "pmid": "99999901",
        "doi": "10.1000/Made.Up",
        "pmcid": "PMC99999901",
        "publication_type": "randomized_trial",
        "retraction_status": "none_recorded",
    }
    assert record.address == "https://pubmed.ncbi.nlm.nih.gov/99999901/"
    assert record.abstract.startswith("BACKGROUND: Nothing of this ever happened.")


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({"types": ("Journal Article", "Retracted Publication")}, "retracted"),
        ({"more": (("RIN", "J Made Up Results. 2026;12:99. PMID: 99999999"),)}, "retracted"),
        ({"more": (("ECI", "J Made Up Results. 2026;12:99."),)}, "expression_of_concern"),
        ({"more": (("EIN", "J Made Up Results. 2026;12:99."),)}, "corrected"),
        ({"more": (("EIN", "J Made Up Results. 2026;1:1."), ("RIN", "J Made Up Results. 2026;2:2."))}, "retracted"),
        ({"more": (("CIN", "J Made Up Results. 2026;12:99."),)}, "none_recorded"),  # a comment says nothing of it
        ({"more": (("ROF", "Example AB. J Made Up Results. 2026;12:1."),)}, "none_recorded"),
    ],
)
def test_the_standing_of_a_publication_of_pubmed(services, fields, standing):
    services.add(1, TITLE, **fields)
    record = pubmed.by_pmid(["99999901"])["99999901"]
    assert record.values["retraction_status"] == standing
    if fields.get("more") and fields["more"][0][0] == "ROF":
        assert "the notice of a retraction" in record.remarks[0]


def test_publications_of_pubmed_by_other_numbers(services):
    services.add(1, TITLE, doi="10.1000/Made.Up", pmcid="PMC99999901")
    services.add(2, "Another made-up title")
    assert pubmed.by_doi(["10.1000/MADE.UP", "10.1000/none"])["10.1000/made.up"].values["pmid"] == "99999901"
    assert pubmed.by_pmcid(["PMC99999901", "PMC7"])["PMC99999901"].values["pmid"] == "99999901"
    page = pubmed.search("made-up", date(2026, 11, 1), TODAY, 1, 1)
    assert (page.count, page.pmids) == (2, ["99999901"])


def test_a_publication_of_crossref(services):
    services.add_work("10.1000/Made.Up", f"<i>RETRACTED:</i> {TITLE} &amp; more")
    services.add_work(
        "10.1000/comma,in",
        "Exampletinib, corrected twice",
        **{
            "updated-by": [
                {"type": "correction", "DOI": "10.1000/c"},
                {"type": "expression_of_concern", "DOI": "10.1000/e"},
            ]
        },
    )
    services.add_work(
        "10.1000/notice", "Retraction: Exampletinib", **{"update-to": [{"type": "retraction", "DOI": "10.1000/x"}]}
    )
    found = crossref.by_doi(["10.1000/made.up", "10.1000/COMMA,in", "10.1000/notice", "10.1000/none", "10.1000/n,one"])
    assert list(found) == ["10.1000/made.up", "10.1000/comma,in", "10.1000/notice"]
    first = found["10.1000/made.up"]
    assert first.values["title"] == f"{TITLE} & more"
    assert first.values["authors"] == "Example AB, Made-up Study Group"
    assert (first.values["year"], first.values["journal"]) == (2026, "J Made Up Results")
    assert first.values["retraction_status"] == "retracted"
    assert found["10.1000/comma,in"].values["retraction_status"] == "expression_of_concern"
    assert found["10.1000/notice"].values["retraction_status"] == "none_recorded"
    assert found["10.1000/notice"].remarks == ("This is a notice (retraction) about 10.1000/x.",)


def test_a_trial(services):
    services.add_study("NCT99000001", "A made-up trial of Exampletinib", overallStatus="ACTIVE_NOT_RECRUITING")
    found = clinicaltrials.by_nct_id(["NCT99000001", "NCT99000002"], TODAY)
    assert list(found) == ["NCT99000001"]
    assert found["NCT99000001"].values == {
        "nct_id": "NCT99000001",
        "acronym": "MADEUP",
        "title": "A made-up trial of Exampletinib",
        "phase": "2/3",
        "status": "active",
        "status_as_of": "2026-11-25",
        "enrollment": 90,
        "sponsor": "Example Pharma",
    }


def test_the_services_are_told_who_asks(services):
    services.add(1, TITLE)
    pubmed.by_pmid(["99999901"])
    crossref.by_doi(["10.1000/a"])
    (path, said, _), (_, crossref_said, program) = services.asked
    assert {name: said[name] for name in ("tool", "email", "api_key")} == {
        "tool": "dermatomyositis-knowledge-base",
        "email": "curator@kb.example",
        "api_key": "made-up-key",
    }
    assert "made-up-key" not in path
    assert crossref_said["mailto"] == "curator@kb.example"
    assert "mailto:curator@kb.example" in program


@pytest.mark.parametrize("mood", [429, 500, 503, "closed"])
def test_a_service_that_recovers_is_asked_again(services, mood):
    services.add(1, TITLE)
    services.moods = [mood]
    assert "99999901" in pubmed.by_pmid(["99999901"])
    assert len(services.asked) == 2


def test_a_service_that_asks_to_wait_is_given_the_time_but_not_for_ever(services):
    services.add(1, TITLE)
    services.moods = [("wait", 3600)]
    began = time.monotonic()
    assert "99999901" in pubmed.by_pmid(["99999901"])
    assert 1 <= time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("mood", "sentence"),
    [
        (429, "PubMed is asked too often at the moment."),
        (503, "PubMed answered with an error (503)."),
        (400, "PubMed answered with an error (400)."),
        (("slow", 1), "PubMed did not answer in time."),
        ("truncated", "The answer of PubMed broke off."),
        ("closed", "PubMed cannot be reached."),
        (("says", "<html><body>Sign in to the hospital network</body></html>"), "gave an answer that cannot be read"),
    ],
)
def test_a_service_that_does_not_recover_is_said_in_one_sentence(services, settings, mood, sentence):
    settings.LITERATURE_RETRIES = 1
    services.add(1, TITLE)
    services.always = mood
    with pytest.raises(ServiceError, match=sentence.replace("(", r"\(").replace(")", r"\)")) as told:
        pubmed.by_pmid(["99999901"])
    assert "made-up-key" not in str(told.value)


def test_a_service_that_is_not_there(services, settings):
    settings.EUTILITIES_URL = "http://127.0.0.1:9"
    settings.LITERATURE_RETRIES = 0
    with pytest.raises(ServiceError, match=r"PubMed cannot be reached\."):
        pubmed.by_pmid(["99999901"])


@pytest.mark.parametrize("text", ["null", "[]", "{", '{"message": []}', '{"message": {"items": 7}}', '"' + "[" * 5000])
def test_nonsense_instead_of_json(services, text):
    services.always = ("says", text)
    with pytest.raises(ServiceError):
        crossref.by_doi(["10.1000/a"])
    with pytest.raises(ServiceError):
        clinicaltrials.by_nct_id(["NCT99000001"], TODAY)
    with pytest.raises(ServiceError):
        pubmed.search("made-up", TODAY, TODAY, 0, 10)


def test_a_query_that_pubmed_refuses(services):
    with pytest.raises(ServiceError, match="did not understand the query"):
        pubmed.search("(made-up", TODAY, TODAY, 0, 10)


def test_no_more_than_ten_requests_a_second(services):
    began = time.monotonic()
    for _ in range(4):
        pubmed.search("made-up", TODAY, TODAY, 0, 10)
    assert time.monotonic() - began >= 0.3

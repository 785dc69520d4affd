import pytest

from treatments.models import Reference, Treatment
from treatments.web.presenters.sources import briefly, byline, citation, gene_links, identifier_links, source_checks


def test_only_identifiers_that_were_seen_are_linked():
    reference = Reference(pmid="36198179", doi=None, pmcid="PMC1234567")
    assert [(link.kind, link.url) for link in identifier_links(reference, "pmid", "doi", "pmcid")] == [
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/36198179/"),
        ("pmcid", "https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/"),
    ]


def test_genes_lead_to_their_register():
    (link,) = gene_links(["IFIH1"])
    assert link.value == "IFIH1"
    assert link.url.endswith("IFIH1")


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        (
            {"journal": "J", "year": 2022, "volume": "387", "issue": "14", "pages": "1264-1278"},
            "J 2022;387(14):1264-1278",
        ),
        ({"journal": "J", "year": 2022}, "J 2022"),
        ({"journal": "J"}, "J"),
        ({"year": 2022}, "2022"),
        ({"journal": "J", "volume": "3"}, "J 3"),
        ({}, ""),
    ],
)
def test_a_citation_goes_as_far_as_is_known(fields, shown):
    assert citation(Reference(title="A made-up study", **fields)) == shown


def test_a_byline_never_repeats_the_title():
    assert byline(Reference(title="A made-up study", journal="J", year=2020)) == "J, 2020"


def test_a_narrow_column_names_the_author_or_else_the_title():
    assert (
        briefly(Reference(title="A made-up study", authors="Example A, Sample B", year=2020))
        == "Example A et al., 2020"
    )
    assert briefly(Reference(title="A made-up study")) == "A made-up study"
    assert len(briefly(Reference(title="A made-up study of " * 20))) <= 48


def test_primary_checks_come_first_and_a_missing_address_stays_missing():
    record = Treatment(
        source_checks=[
            {"what": "class", "grade": "secondary"},
            {"what": "label", "grade": "primary", "source": "https://www.example.org/label", "on": "2026-11-01"},
        ]
    )
    first, second = source_checks(record)
    assert (first.what, first.primary, first.site, first.on) == ("label", True, "example.org", "2026-11-01")
    assert (second.url, second.site) == ("", "")

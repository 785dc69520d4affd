"""The forms of identifiers: one table for forms, database and links."""

import pytest
from django.core.exceptions import ValidationError

from tests import builders
from tests.models.refusal import attempts, refused, refused_every_way
from treatments.models.identifiers import IDENTIFIERS

pytestmark = pytest.mark.django_db

CASES = [
    (builders.reference, "pmid", "999999999", ["0123", "PMID1", "12 34", "1234567890", "-1"]),
    (builders.reference, "doi", "10.9999/made.up", ["doi:10.1/x", "10.1/x", "https://doi.org/10.1000/182"]),
    (builders.reference, "pmcid", "PMC99999999", ["1234567", "pmc12", "PMC0"]),
    (builders.trial, "nct_id", "NCT99999999", ["NCT1", "nct99999999", "NCT9999999x"]),
    (builders.manifestation, "hpo_id", "HP:0003761", ["0003761", "HP:376", "HP0003761"]),
    (builders.treatment, "atc_code", "L04AA29", ["L04", "l04aa29", "L04AA2"]),
    (builders.treatment, "chembl_id", "CHEMBL221959", ["221959", "CHEMBL0"]),
    (builders.treatment, "rxnorm_cui", "1357536", ["RX1", "0"]),
    (builders.treatment, "drugbank_id", "DB08895", ["DB8895", "08895"]),
    (builders.treatment, "unii", "87LA6FU830", ["87LA6FU83", "87la6fu830"]),
    (builders.autoantibody, "uniprot_id", "Q9BYX4", ["Q9BYX", "BYX4Q9"]),
    (builders.mechanism, "reactome_id", "R-HSA-909733", ["HSA-909733", "R-MMU-1"]),
    (builders.mechanism, "kegg_id", "hsa04630", ["04630", "mmu04630", "hsa463"]),
]


def spoiled(row, field, good, bad):
    """``bad`` and more that looks almost right, as far as it fits into the column."""
    longest = row._meta.get_field(field).max_length
    return [value for value in [*bad, f"{good}\n", f" {good}", ""] if len(value) <= longest]


@pytest.mark.parametrize(("make", "field", "good", "bad"), CASES, ids=[case[1] for case in CASES])
def test_form_and_database_agree(make, field, good, bad):
    row = make(**{field: good})
    row.full_clean()
    for value in spoiled(row, field, good, bad):
        assert refused_every_way(row, **{field: value}) == {IDENTIFIERS[field].message}, value


@pytest.mark.parametrize(("make", "field", "good", "bad"), CASES, ids=[case[1] for case in CASES])
def test_a_form_says_how_it_should_look(make, field, good, bad):
    row = make()
    for value in spoiled(row, field, good, bad):
        setattr(row, field, value)
        with pytest.raises(ValidationError) as caught:
            row.full_clean()
        # Empty text is refused before, as missing, where the identifier is required.
        assert IDENTIFIERS[field].message in caught.value.messages or not value, value


def test_every_identifier_has_an_example_of_its_form_and_a_link():
    for kind, identifier in IDENTIFIERS.items():
        assert identifier.matches(identifier.example), kind
        assert identifier.example in identifier.link(identifier.example)
        assert identifier.link(identifier.example).startswith("https://")


@pytest.mark.parametrize("make", [builders.mechanism, builders.autoantibody])
def test_gene_symbols_are_checked_by_forms(make):
    row = make(genes=["IFNB1", "C1orf112", "HLA-DRB1"])
    row.full_clean()
    row.genes = ["IFNB1", "not a gene", "ifnb1"]
    with pytest.raises(ValidationError, match="Not written like a gene symbol: not a gene, ifnb1"):
        row.full_clean()
    for wrong in (["not a gene"], ["IFNB1", "ifnb1"], ["IFNB1\n"], [""]):
        assert refused_every_way(row, genes=wrong) == {"Genes are written as HGNC symbols, like IFNB1."}


@pytest.mark.parametrize(
    ("make", "field"),
    [
        *((make, "slug") for make in (builders.treatment, builders.mechanism, builders.autoantibody)),
        *((make, "slug") for make in (builders.manifestation, builders.outcome_measure, builders.reference)),
        *((make, "code") for make in (builders.evidence_level, builders.certainty_level)),
        (builders.release, "name"),
    ],
)
@pytest.mark.parametrize("wrong", ["two words", "a/b", "é", "", "a\n"])
def test_what_names_a_record_in_its_address_can_stand_there(make, field, wrong):
    ways = attempts(make(), **{field: wrong})
    told = "The name of a record in its address has letters, figures, hyphens and underscores only."
    # Any other way it is refused as well, because what names a record never changes.
    assert {refused(ways[way]) for way in ("bulk_create", "SQL INSERT")} == {told}


def test_a_link_leads_where_it_says():
    doi = IDENTIFIERS["doi"]
    assert doi.link("10.1000/182") == "https://doi.org/10.1000/182"
    assert doi.link("10.1016/S0140-6736(00)12345-6") == "https://doi.org/10.1016/S0140-6736(00)12345-6"
    assert (
        doi.link('10.1002/(SICI)1<2::AID>3.0.CO;2-#?%25&x="é"')
        == "https://doi.org/10.1002/(SICI)1%3C2::AID%3E3.0.CO;2-%23%3F%2525%26x%3D%22%C3%A9%22"
    )
    assert IDENTIFIERS["hpo_id"].link("HP:0003761") == "https://hpo.jax.org/browse/term/HP:0003761"

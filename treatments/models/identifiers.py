"""Identifiers of other registries: how each is written, and where it leads.

The one table behind form validation, database checks and outgoing links.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models


@dataclass(frozen=True)
class Identifier:
    """One registry: its name, the exact form of its identifiers, an example, the address of a record."""

    name: str
    pattern: str
    example: str
    url: str

    def link(self, value: str) -> str:
        """The address of the record that ``value`` names in its home registry."""
        return self.url.format(quote(value, safe="/:;()"))

    def matches(self, value: str) -> bool:
        """Whether ``value`` has the registry's form; says nothing about whether it exists."""
        return re.fullmatch(self.pattern, value) is not None

    @property
    def message(self) -> str:
        return f"This is not a {self.name} identifier; it looks like {self.example}."


IDENTIFIERS: dict[str, Identifier] = {
    "pmid": Identifier("PubMed", r"[1-9][0-9]{0,8}", "12345678", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    "doi": Identifier("DOI", r"10\.[0-9]{4,9}/[^\s]+", "10.1000/182", "https://doi.org/{}"),
    "pmcid": Identifier(
        "PubMed Central",
        r"PMC[1-9][0-9]*",
        "PMC1234567",
        "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    ),
    "nct_id": Identifier("ClinicalTrials.gov", r"NCT[0-9]{8}", "NCT00000000", "https://clinicaltrials.gov/study/{}"),
    "hpo_id": Identifier(
        "Human Phenotype Ontology",
        r"HP:[0-9]{7}",
        "HP:0000000",
        "https://hpo.jax.org/browse/term/{}",
    ),
    "atc_code": Identifier(
        "ATC",
        r"[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}",
        "A00AA00",
        "https://atcddd.fhi.no/atc_ddd_index/?code={}",
    ),
    "chembl_id": Identifier(
        "ChEMBL",
        r"CHEMBL[1-9][0-9]*",
        "CHEMBL1",
        "https://www.ebi.ac.uk/chembl/explore/compound/{}",
    ),
    "rxnorm_cui": Identifier(
        "RxNorm",
        r"[1-9][0-9]{0,7}",
        "1234",
        "https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm={}",
    ),
    "drugbank_id": Identifier("DrugBank", r"DB[0-9]{5}", "DB00000", "https://go.drugbank.com/drugs/{}"),
    "unii": Identifier("UNII", r"[A-Z0-9]{10}", "AAAAAAAAAA", "https://precision.fda.gov/uniisearch/srs/unii/{}"),
    "uniprot_id": Identifier(
        "UniProt",
        r"([OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2})",
        "P00000",
        "https://www.uniprot.org/uniprotkb/{}/entry",
    ),
    "gene": Identifier(
        "HGNC gene symbol",
        r"[A-Z][A-Za-z0-9-]{0,19}",
        "IFNB1",
        "https://www.genenames.org/tools/search/#!/?query={}",
    ),
    "reactome_id": Identifier("Reactome", r"R-HSA-[0-9]+", "R-HSA-0", "https://reactome.org/content/detail/{}"),
    "kegg_id": Identifier("KEGG pathway", r"hsa[0-9]{5}", "hsa00000", "https://www.genome.jp/dbget-bin/www_bget?{}"),
}


def validate_gene_symbols(values: list[str]) -> None:
    """Raise ``ValidationError`` naming every entry that is not written like an HGNC symbol."""
    wrong = [value for value in values if not IDENTIFIERS["gene"].matches(value)]
    if wrong:
        raise ValidationError(f"Not written like a gene symbol: {', '.join(wrong)}.")


def gene_symbols_check(model: str) -> models.CheckConstraint:
    """The database check that every entry of ``genes`` is written like an HGNC symbol."""
    return models.CheckConstraint(
        name=f"{model}_genes_form",
        condition=models.Func(
            models.F("genes"),
            models.Value(f"^({IDENTIFIERS['gene'].pattern})$"),
            function="treatments_all_match",
            output_field=models.BooleanField(),
        ),
        violation_error_message="Genes are written as HGNC symbols, like IFNB1.",
    )


def identifier_field(kind: str, *, unique: bool = False, help_text: str = "") -> models.CharField:
    """A nullable text column for an identifier of registry ``kind``; NULL means "not seen"."""
    identifier = IDENTIFIERS[kind]
    return models.CharField(
        f"{identifier.name} identifier",
        max_length=120,
        null=True,
        blank=True,
        unique=unique,
        validators=[RegexValidator(rf"^({identifier.pattern})\Z", identifier.message, code="identifier")],
        help_text=help_text or f"For example {identifier.example}.",
    )


def identifier_check(model: str, *kinds: str) -> list[models.CheckConstraint]:
    """Database checks that the columns named ``kinds`` hold NULL or a well-formed identifier."""
    return [
        models.CheckConstraint(
            name=f"{model}_{kind}_form",
            condition=models.Q(**{f"{kind}__isnull": True})
            | models.Q(**{f"{kind}__regex": f"^({IDENTIFIERS[kind].pattern})$"}),
            violation_error_message=IDENTIFIERS[kind].message,
        )
        for kind in kinds
    ]

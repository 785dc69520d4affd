"""Identifiers as people write and paste them: accessions, PMIDs, DOIs, NCT numbers, addresses of registries."""

import re
from urllib.parse import unquote

from treatments.models import Appraisal, Claim, Evidence, PhenotypeAssociation, Recommendation
from treatments.models.identifiers import IDENTIFIERS

from .kinds import Kind
from .names import Identified, Names

ACCESSION = re.compile(r"(EV|PA|RC|AP)([0-9]{5,17})(?:\s*V(?:ERSION)?\s*([0-9]{1,9}))?", re.IGNORECASE)
CLAIMS: dict[str, tuple[Kind, type[Claim]]] = {
    "EV": (Kind.EVIDENCE, Evidence),
    "PA": (Kind.PHENOTYPE_ASSOCIATION, PhenotypeAssociation),
    "RC": (Kind.RECOMMENDATION, Recommendation),
    "AP": (Kind.APPRAISAL, Appraisal),
}
# What may stand before an identifier. Without it a number is a PMID, and a RxNorm number is not told from one.
LABELS = {
    "pmid": r"(?:pmid|pubmed)\s*:?\s*|https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/",
    "doi": r"doi\s*:?\s*|(?:https?://)?(?:dx\.)?doi\.org/",
    "pmcid": r"(?:pmcid)\s*:?\s*|https?://(?:www\.)?(?:pmc\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pmc)/articles/",
    "nct_id": r"https?://(?:www\.)?(?:classic\.)?clinicaltrials\.gov/(?:ct2/show|study|show)/",
    "rxnorm_cui": r"(?:rxnorm|rxcui)\s*:?\s*",
}
ALWAYS_LABELLED = ("rxnorm_cui",)


def identified(text: str, names: Names) -> Identified | None:
    """The one record that ``text`` is an identifier of; None where it is none, or fits several.

    A claim is named by its accession if it was ever published, a version as "EV00001 v1". Terms and sources no longer
    in use are named too: their address says what replaced them.
    """
    text = text.strip().rstrip(".,;")
    if match := ACCESSION.fullmatch(text):
        return claim(match[1].upper(), match[2], match[3])
    found = {entry for registry, value in readings(text) for entry in names.by_identifier(registry, value)}
    return found.pop() if len(found) == 1 else None


def readings(text: str) -> list[tuple[str, str]]:
    """Each registry whose identifier ``text`` may be, with the identifier in lower case."""
    possible = []
    for kind, identifier in IDENTIFIERS.items():
        label = re.match(LABELS[kind], text, re.IGNORECASE) if kind in LABELS else None
        if label is None and kind in ALWAYS_LABELLED:
            continue
        value = unquote(text[label.end() :]).strip().rstrip("/") if label else text
        if re.fullmatch(identifier.pattern, value, re.IGNORECASE):
            possible.append((kind, value.casefold()))
    return possible


def claim(prefix: str, digits: str, version: str | None) -> Identified | None:
    """The claim of this accession, or its version, if readers may see it."""
    kind, model = CLAIMS[prefix]
    versions = model._default_manager.filter(accession=f"{prefix}{digits}").public().order_by("-version")
    if version:
        versions = versions.filter(version=int(version))
    found: Claim | None = versions.only("accession", "version", "status").first()
    if found is None:
        return None
    published = found.status == "published"
    return Identified(
        kind=kind,
        pk=found.pk,
        label=str(found) if version else found.accession,
        url=found.get_version_url() if version else found.get_absolute_url(),
        in_use=published,
    )

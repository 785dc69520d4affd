"""PubMed's MEDLINE format, which E-utilities answer with and .nbib files hold."""

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from Bio import Medline

from treatments.models.choices import PublicationType, RetractionStatus
from treatments.models.identifiers import IDENTIFIERS

from .records import Record, doi_in, plain, reference_record, says_retracted, title_of, year_in

# The most telling first: a guideline that PubMed also calls a review is a guideline.
TYPES = {
    "practice guideline": PublicationType.GUIDELINE,
    "guideline": PublicationType.GUIDELINE,
    "meta-analysis": PublicationType.META_ANALYSIS,
    "systematic review": PublicationType.SYSTEMATIC_REVIEW,
    "randomized controlled trial": PublicationType.RANDOMIZED_TRIAL,
    "case reports": PublicationType.CASE_REPORT,
    "review": PublicationType.REVIEW,
}
"""PubMed's publication types that say what a reference is. Of others ("Clinical Trial") a person decides."""

# Each tag names the notice; the citation that carries it is the publication which the notice is about.
STANDINGS = (
    ("RIN", RetractionStatus.RETRACTED),  # Retraction in
    ("ECI", RetractionStatus.EXPRESSION_OF_CONCERN),  # Expression of concern in
    ("EIN", RetractionStatus.CORRECTED),  # Erratum in
    ("CRI", RetractionStatus.CORRECTED),  # Corrected and republished in
    ("PRIN", RetractionStatus.CORRECTED),  # Partial retraction in, which PubMed counts as an erratum
)
NOTICES = {
    "ROF": "This is the notice of a retraction, not the retracted publication.",
    "EFR": "This is an erratum to another publication.",
    "ECF": "This is an expression of concern about another publication.",
}


def records_in(text: str, origin: str) -> Iterator[Record]:
    """Every record of a text that has a title; lines that are none are passed over."""
    # Without a line of its own for each record's end, a blank one ends it: what PubMed writes. Windows' line ends and
    # form feeds would end it elsewhere.
    lines = io.StringIO("\n".join(re.split(r"\r\n|\r|\n", text)) + "\n")
    for found in Medline.parse(_proper(lines)):
        record = _record(dict(found), origin)
        if record.title:
            yield record


def _proper(lines: Iterator[str]) -> Iterator[str]:
    """The lines that have MEDLINE's form: a tag and its text, or the continuation of a text."""
    inside = False
    for line in lines:
        if re.match(r"[A-Z]{2,4} *- ", line[:6]):
            if line.startswith("PMID") and inside:  # some programs leave out the blank line between records
                yield "\n"
            inside = True
            yield line
        elif line.startswith("      ") and inside:
            yield line
        elif not line.strip():
            inside = False
            yield "\n"


def _record(said: dict[str, Any], origin: str) -> Record:
    def one(tag: str) -> str:
        value = said.get(tag, "")
        return plain(value[0] if isinstance(value, list) and value else value)

    def several(tag: str) -> list[str]:
        value = said.get(tag, [])
        return [plain(item) for item in (value if isinstance(value, list) else [value])]

    types = {kind.casefold() for kind in several("PT")}
    pmid, pmcid = one("PMID"), one("PMC").upper()
    retracted = "retracted publication" in types or says_retracted(said.get("TI"))
    standings = [standing for tag, standing in STANDINGS if said.get(tag)]
    standing = RetractionStatus.RETRACTED if retracted else next(iter(standings), RetractionStatus.NONE_RECORDED)
    return reference_record(
        {
            "title": title_of(said.get("TI") or said.get("TT") or said.get("BTI") or ""),
            "authors": ", ".join(filter(None, [*several("AU"), *several("CN")])),
            "journal": one("TA") or one("JT"),
            "year": year_in(one("DP")) or year_in(one("DEP")[:4]),
            "volume": one("VI"),
            "issue": one("IP"),
            "pages": one("PG"),
            "pmid": pmid,
            "doi": _doi(said),
            "pmcid": pmcid if IDENTIFIERS["pmcid"].matches(pmcid) else "",
            "publication_type": next((kind for word, kind in TYPES.items() if word in types), ""),
            "retraction_status": standing,
        },
        origin=origin,
        address=IDENTIFIERS["pmid"].link(pmid) if IDENTIFIERS["pmid"].matches(pmid) else "",
        abstract=one("AB"),
        remarks=tuple(remark for tag, remark in NOTICES.items() if said.get(tag)),
    )


def _doi(said: dict[str, Any]) -> str:
    """The DOI among the article's identifiers, each of which says in brackets what it is."""
    for tag in ("LID", "AID"):
        values = said.get(tag, [])
        text = " ".join(values) if isinstance(values, list) else values
        words = re.sub(r"\[doi\]", " [doi] ", text, flags=re.IGNORECASE).split()
        for word, kind in pairwise(words):
            if kind == "[doi]" and (doi := doi_in(word)):
                return doi
    return ""

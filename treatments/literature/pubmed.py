"""PubMed through NCBI's E-utilities: publications by identifier, and the answers to a query, page by page.

https://www.ncbi.nlm.nih.gov/books/NBK25497/ asks for a tool and an e-mail address, and for at most three requests a
second, ten with a key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from treatments.models.identifiers import IDENTIFIERS

from .medline import records_in
from .records import Record
from .service import Service, ServiceError, batches, identification

NAME = "PubMed"
A_BATCH = 100
DOIS_A_BATCH = 20
MOST_OF_A_QUERY = 9_999
"""The last position of an answer that PubMed hands out."""


@dataclass(frozen=True)
class Page:
    """A part of the answer to a query: how many papers it has in all, and the PMIDs of this part."""

    count: int
    pmids: list[str]


def by_pmid(pmids: Sequence[str]) -> dict[str, Record]:
    """The publications with these PMIDs, as far as PubMed has them."""
    found = {}
    for batch in batches(list(dict.fromkeys(pmids)), A_BATCH):
        text = _ask("/efetch.fcgi", id=",".join(batch), rettype="medline", retmode="text")
        records = list(records_in(text, NAME))
        # Of numbers that it does not know, PubMed says so in a line, or says nothing.
        if not records and text.strip() and "error occurred" not in text.lower():
            raise ServiceError(f"{NAME} gave an answer that cannot be read.")
        for record in records:
            if pmid := record.values.get("pmid"):
                found[pmid] = record
    return {pmid: found[pmid] for pmid in pmids if pmid in found}


def by_doi(dois: Sequence[str]) -> dict[str, Record]:
    """The publications with these DOIs, by DOI in lower case, as far as PubMed has them."""
    pmids: list[str] = []
    for batch in batches(dois, DOIS_A_BATCH):
        term = " OR ".join(f'"{doi.replace(chr(34), "")}"[doi]' for doi in batch)
        pmids += _search(term=term, retmax=A_BATCH).pmids
    # A search may find more than was asked for: only the record itself says which DOI it has.
    return {record.values["doi"].lower(): record for record in by_pmid(pmids).values() if "doi" in record.values}


def by_pmcid(pmcids: Sequence[str]) -> dict[str, Record]:
    """The publications with these PMCIDs, as far as both PubMed Central and PubMed have them."""
    pmids = {}
    for batch in batches(pmcids, A_BATCH):
        answer = _json(_ask("/esummary.fcgi", db="pmc", id=",".join(p[3:] for p in batch), retmode="json"))
        summaries = answer.get("result")
        for pmcid in batch:
            summary = summaries.get(pmcid[3:]) if isinstance(summaries, dict) else None
            if pmid := _pmid_of(summary):
                pmids[pmcid] = pmid
    found = by_pmid(list(pmids.values()))
    return {pmcid: found[pmid] for pmcid, pmid in pmids.items() if pmid in found}


def search(term: str, first: date, last: date, position: int, size: int) -> Page:
    """The papers that came into PubMed from ``first`` to ``last`` and answer ``term``, from ``position`` on."""
    return _search(
        term=term,
        datetype="edat",
        mindate=f"{first:%Y/%m/%d}",
        maxdate=f"{last:%Y/%m/%d}",
        retstart=position,
        retmax=size,
    )


def _search(**question: Any) -> Page:
    answer = _json(_ask("/esearch.fcgi", retmode="json", **question)).get("esearchresult")
    if not isinstance(answer, dict):
        raise ServiceError(f"{NAME} gave an answer that cannot be read.")
    if refusal := answer.get("ERROR"):
        raise ServiceError(f"{NAME} did not understand the query: {str(refusal)[:200]}")
    count, pmids = str(answer.get("count", "")), answer.get("idlist")
    if not count.isdigit() or not isinstance(pmids, list):
        raise ServiceError(f"{NAME} gave an answer that cannot be read.")
    return Page(int(count), [str(pmid) for pmid in pmids if str(pmid).isdigit()])


def _ask(path: str, **question: Any) -> str:
    key = settings.NCBI_API_KEY
    service = Service(NAME, settings.EUTILITIES_URL, 10 if key else 3)
    form = {"db": "pubmed", **question, "tool": settings.LITERATURE_TOOL, **identification()}
    text = service.post(path, {**form, "api_key": key} if key else form)
    if text is None:
        raise ServiceError(f"{NAME} cannot be reached at the address that is set for it.")
    return text


def _json(text: str) -> dict[str, Any]:
    return Service(NAME, settings.EUTILITIES_URL, 3).object_in(text)


def _pmid_of(summary: Any) -> str:
    identifiers = summary.get("articleids") if isinstance(summary, dict) else None
    for one in identifiers if isinstance(identifiers, list) else []:
        if isinstance(one, dict) and one.get("idtype") == "pmid" and IDENTIFIERS["pmid"].matches(str(one.get("value"))):
            return str(one["value"])
    return ""

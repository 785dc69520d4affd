"""Crossref's REST API: publications by DOI, with what publishers and Retraction Watch report about their standing.

Requests that name a mail address go to its "polite pool" (https://api.crossref.org/).
"""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings

from treatments.models.choices import RetractionStatus

from .records import GRAVITY, Record, author_name, doi_in, plain, reference_record, says_retracted, title_of, year_in
from .service import Service, ServiceError, batches

NAME = "Crossref"
A_BATCH = 20

STANDINGS = {
    "retraction": RetractionStatus.RETRACTED,
    "withdrawal": RetractionStatus.RETRACTED,
    "removal": RetractionStatus.RETRACTED,
    "expression_of_concern": RetractionStatus.EXPRESSION_OF_CONCERN,
    "correction": RetractionStatus.CORRECTED,
    "corrigendum": RetractionStatus.CORRECTED,
    "erratum": RetractionStatus.CORRECTED,
    "partial_retraction": RetractionStatus.CORRECTED,
}
"""What an update of each type says about the publication that it updates."""


def by_doi(dois: Sequence[str]) -> dict[str, Record]:
    """The publications with these DOIs, by DOI in lower case, as far as Crossref has them."""
    found: dict[str, Record] = {}
    # A filter has signs of its own, so a DOI with unusual ones in it is asked for alone.
    together = [doi for doi in dois if re.fullmatch(r"[\w./()-]+", doi)]
    for batch in batches(together, A_BATCH):
        answer = _service().get(
            "/works", {**_asker(), "filter": ",".join(f"doi:{doi}" for doi in batch), "rows": A_BATCH}
        )
        items = _message(answer).get("items")
        if not isinstance(items, list):
            raise ServiceError(f"{NAME} gave an answer that cannot be read.")
        _keep(found, items)
    for doi in dois:
        if doi not in together and (answer := _service().get(f"/works/{quote(doi, safe='')}", _asker())) is not None:
            _keep(found, [_message(answer)])
    return {doi.lower(): found[doi.lower()] for doi in dois if doi.lower() in found}


def _service() -> Service:
    return Service(NAME, settings.CROSSREF_URL, 3 if settings.LITERATURE_EMAIL else 1)


def _asker() -> dict[str, str]:
    return {"mailto": settings.LITERATURE_EMAIL} if settings.LITERATURE_EMAIL else {}


def _message(answer: str | None) -> dict[str, Any]:
    message = _service().object_in(answer).get("message")
    if not isinstance(message, dict):
        raise ServiceError(f"{NAME} gave an answer that cannot be read.")
    return message


def _keep(found: dict[str, Record], works: list[Any]) -> None:
    for work in works:
        record = _record(work) if isinstance(work, dict) else None
        if record is not None and record.title and "doi" in record.values:
            found[record.values["doi"].lower()] = record


def _record(work: dict[str, Any]) -> Record:
    title = _first(work.get("title"))
    updates = [kind for one in _dicts(work.get("updated-by")) if (kind := _kind(one)) in STANDINGS]
    standing = max(
        (STANDINGS[kind] for kind in updates), key=GRAVITY.__getitem__, default=RetractionStatus.NONE_RECORDED
    )
    if says_retracted(title) and not _dicts(work.get("update-to")):
        standing = RetractionStatus.RETRACTED
    doi = doi_in(work.get("DOI"))
    return reference_record(
        {
            "title": title_of(title),
            "authors": ", ".join(filter(None, map(_author, _dicts(work.get("author"))))),
            "journal": plain(_first(work.get("short-container-title")) or _first(work.get("container-title"))),
            "year": _year(work),
            "volume": plain(work.get("volume")),
            "issue": plain(work.get("issue")),
            "pages": plain(work.get("page") or work.get("article-number")),
            "doi": doi,
            "retraction_status": standing,
        },
        origin=NAME,
        address=f"https://api.crossref.org/works/{quote(doi)}" if doi else "",
        abstract=re.sub(r"^abstract\b[\s:.]*", "", plain(work.get("abstract")), flags=re.IGNORECASE),
        remarks=tuple(_remarks(work)),
    )


def _remarks(work: dict[str, Any]) -> list[str]:
    """That this is a notice about another publication, or no article of a journal at all."""
    remarks = []
    for one in _dicts(work.get("update-to")):
        kind = _kind(one).replace("_", " ")
        remarks.append(f"This is a notice ({kind}) about {doi_in(one.get('DOI')) or 'another publication'}.")
    if work.get("type") == "posted-content":
        remarks.append("This is a preprint; it was not reviewed by peers.")
    return remarks


def _kind(update: dict[str, Any]) -> str:
    return plain(update.get("type")).lower().replace("-", "_").replace(" ", "_")


def _author(person: dict[str, Any]) -> str:
    if person.get("family"):
        suffix = plain(person.get("suffix"))
        return f"{author_name(person['family'], person.get('given'))} {suffix}".strip()
    return plain(person.get("name"))


def _year(work: dict[str, Any]) -> int | None:
    for name in ("published-print", "issued", "published", "published-online"):
        when = work.get(name)
        parts = when.get("date-parts") if isinstance(when, dict) else None
        first = _first(parts) if isinstance(parts, list) else None
        if isinstance(first, list) and first and (year := year_in(first[0])):
            return year
    return None


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) and values else values if isinstance(values, str) else ""


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []

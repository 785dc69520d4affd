"""Where facts were read, and the identifiers that lead to their home."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.text import Truncator

from treatments.models import Reference
from treatments.models.identifiers import IDENTIFIERS


@dataclass(frozen=True)
class Link:
    """One identifier with the registry it belongs to and the address of its record there."""

    kind: str
    registry: str
    value: str
    url: str


def identifier_links(record: Any, *kinds: str) -> list[Link]:
    """A link for every identifier among ``kinds`` that was seen for ``record``."""
    return [
        Link(kind, IDENTIFIERS[kind].name, value, IDENTIFIERS[kind].link(value))
        for kind in kinds
        if (value := getattr(record, kind))
    ]


def gene_links(symbols: Iterable[str]) -> list[Link]:
    gene = IDENTIFIERS["gene"]
    return [Link("gene", gene.name, symbol, gene.link(symbol)) for symbol in symbols]


REFERENCE_IDENTIFIERS = ("pmid", "doi", "pmcid")
TREATMENT_IDENTIFIERS = ("atc_code", "chembl_id", "rxnorm_cui", "drugbank_id", "unii")


@dataclass(frozen=True)
class SourceCheck:
    """One reading of a source; ``site`` is the host of ``url``, both empty where no address was kept."""

    what: str
    primary: bool
    url: str
    site: str
    note: str
    on: str


def _site(address: str) -> str:
    """The host of an address; empty for what is none, which only SQL could have written."""
    try:
        return urlsplit(address).netloc.removeprefix("www.")
    except ValueError:
        return ""


def source_checks(record: Any) -> list[SourceCheck]:
    """What was read for ``record``, primary sources first."""
    checks = [
        SourceCheck(
            what=check["what"],
            primary=check["grade"] == "primary",
            url=check.get("source", ""),
            site=_site(check.get("source", "")),
            note=check.get("note", ""),
            on=check.get("on", ""),
        )
        for check in record.source_checks
    ]
    return sorted(checks, key=lambda check: not check.primary)


def byline(reference: Reference) -> str:
    """First author, journal and year, as far as known; for use beside the title."""
    return ", ".join(part for part in (reference.first_author, reference.journal, str(reference.year or "")) if part)


def briefly(reference: Reference) -> str:
    """How a narrow column names it: first author or the beginning of the title, and the year."""
    named = reference.first_author or Truncator(reference.title).chars(48)
    return f"{named}, {reference.year}" if reference.year else named


def sentence(text: str) -> str:
    """``text`` with a full stop, once: "Example A et al." has its own."""
    return text if text.endswith((".", "…", "?", "!")) else f"{text}."


def citation(reference: Reference) -> str:
    """ "N Engl J Med 2022;387(14):1264-1278", as far as it is known."""
    issue = f"({reference.issue})" if reference.issue else ""
    volume = f"{reference.volume}{issue}"
    where = f"{volume}:{reference.pages}" if volume and reference.pages else volume or reference.pages
    when = ";".join(part for part in (str(reference.year or ""), where) if part)
    return " ".join(part for part in (reference.journal, when) if part)

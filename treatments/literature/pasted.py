"""Identifiers in what somebody pasted: one or fifty, with any separators, bare, labelled or as addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from treatments.models.identifiers import IDENTIFIERS
from treatments.search.identifiers import readings

MOST_IDENTIFIERS = 200
LONGEST_TEXT = 50_000
KINDS = ("pmid", "doi", "pmcid", "nct_id")
OF_TRIALS = "nct_id"

_LABEL = re.compile(
    r"(pmids?|pubmed|dois?|pmcids?|pmc|nct|ids?|and|und)[:=]?|[-–—•*·]|\(?\d{1,3}[.)]",
    re.IGNORECASE,
)
# Where a comma or the like ends an identifier: before the beginning of another. DOIs may have such signs in them.
_BETWEEN = re.compile(
    r"(?<![,;|])[,;|]++(?=\s*(?:10\.\d{4,9}/|https?://|pmc\d|nct\d|pmid|pmcid|doi\b|\d+(?:[\s,;|]|$)))", re.IGNORECASE
)
_WITHIN_ADDRESS = (
    ("nct_id", re.compile(r"\b(NCT\d{8})\b", re.IGNORECASE)),
    ("pmcid", re.compile(r"/(PMC\d+)\b", re.IGNORECASE)),
    ("doi", re.compile(r"(10\.\d{4,9}/[^\s?#]+)")),
    ("pmid", re.compile(r"(?:pubmed[^/]{0,40}(?:/[a-z]+){0,5}/|/med/)(\d{1,9})\b", re.IGNORECASE)),
)
_BEHIND_A_DOI = re.compile(r"/(full|abstract|pdf|epdf|meta|fulltext|html?)$", re.IGNORECASE)


class TooMuchError(Exception):
    """More than is taken at once; the message says how much that is."""


@dataclass(frozen=True)
class Pasted:
    """One identifier of ``kind`` ("" where it is none), and how it was written."""

    written: str
    kind: str = ""
    value: str = ""


def identifiers_in(text: str) -> list[Pasted]:
    """The identifiers of a text in their order, each once, and between them what is none. Raises ``TooMuchError``."""
    if len(text) > LONGEST_TEXT:
        raise TooMuchError(f"This is {len(text):,} characters long; at most {LONGEST_TEXT:,} are taken at once.")
    found = list(dict.fromkeys(_without_neighbours(_pasted(text))))
    seen: set[tuple[str, str]] = set()
    once = []
    for one in found:
        key = (one.kind, one.value.lower() or one.written)
        if key not in seen:
            seen.add(key)
            once.append(one)
    if sum(1 for one in once if one.kind) > MOST_IDENTIFIERS:
        raise TooMuchError(f"There are more than {MOST_IDENTIFIERS} identifiers here. Paste fewer at once.")
    return once


def _pasted(text: str) -> Iterator[Pasted]:
    for piece in _BETWEEN.sub(" ", text).split():
        token = piece.strip("\"'“”‘’<>[]{},;|")
        if not token or _LABEL.fullmatch(token):
            continue
        understood = _understood(token)
        if understood is None and re.search(r"[,;|]", token):
            parts = [part for part in re.split(r"[,;|]", token) if part]
            readable = [_understood(part) for part in parts]
            if any(readable):
                yield from (one or Pasted(part) for one, part in zip(readable, parts, strict=True))
                continue
        yield understood or Pasted(token)


def _understood(token: str) -> Pasted | None:
    token = token.rstrip(".:")
    if "://" in token or re.match(r"(www|pubmed|doi|dx|clinicaltrials|pmc|europepmc)\.", token, re.IGNORECASE):
        for kind, pattern in _WITHIN_ADDRESS:
            if found := pattern.search(unquote(token)):
                value = _BEHIND_A_DOI.sub("", found[1].rstrip("/.,;")) if kind == "doi" else found[1]
                return _written(kind, value, token)
        return None
    for text in (token, token.strip("()")):
        kinds = {kind for kind, _ in readings(text)} & set(KINDS)
        if len(kinds) == 1:
            kind = kinds.pop()
            label = re.match(r"(?:[a-z]+\s*[:=]?\s*)??(?=\d|PMC|NCT)", text, re.IGNORECASE)
            return _written(kind, text[label.end() :] if label else text, token)
    return None


def _written(kind: str, value: str, token: str) -> Pasted | None:
    value = value if kind == "doi" else value.upper()
    return Pasted(token, kind, value) if IDENTIFIERS[kind].matches(value) else None


def _without_neighbours(found: Iterator[Pasted]) -> Iterator[Pasted]:
    """What was not understood and stands together is one thing: a sentence, a citation."""
    unknown: list[str] = []
    for one in found:
        if one.kind:
            if unknown:
                yield Pasted(" ".join(unknown)[:300])
                unknown = []
            yield one
        else:
            unknown.append(one.written)
    if unknown:
        yield Pasted(" ".join(unknown)[:300])

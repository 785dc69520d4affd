"""What a service or a file says about a publication or a trial, before anything of it is stored."""

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.db import models

from treatments.models import Reference, Trial
from treatments.models.choices import RetractionStatus
from treatments.models.identifiers import IDENTIFIERS
from treatments.models.vocabulary import YEAR_FROM, YEAR_TO

REFERENCE, TRIAL = "reference", "trial"
MODELS: dict[str, type[models.Model]] = {REFERENCE: Reference, TRIAL: Trial}
FILE = "the file "
REFERENCE_IDENTIFIERS = ("pmid", "doi", "pmcid")

GRAVITY = {
    RetractionStatus.NONE_RECORDED: 0,
    RetractionStatus.CORRECTED: 1,
    RetractionStatus.EXPRESSION_OF_CONCERN: 2,
    RetractionStatus.RETRACTED: 3,
}
"""How much a publication's standing matters to somebody who relies on it."""

LONGEST_TITLE, LONGEST_AUTHORS, LONGEST_ABSTRACT = 2_000, 20_000, 20_000

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_RETRACTED_TITLE = re.compile(r"^\[?(retracted( article| paper)?|retraction|withdrawn)\s*[:\]]\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Record:
    """One publication or trial as one source describes it. What was not said is not among ``values``."""

    kind: str
    values: Mapping[str, Any]
    """Fields of ``Reference`` or ``Trial`` by name, clean, and short enough for their columns."""

    origin: str
    """Who says so: "PubMed", "Crossref", "ClinicalTrials.gov", or a file by its name."""

    address: str = ""
    """Where it can be read; empty for a file."""

    abstract: str = ""
    remarks: tuple[str, ...] = field(default=())
    """What a person should know before taking it over, in sentences."""

    @property
    def origin_for_readers(self) -> str:
        """Who says so, where readers see it: what somebody called a file of theirs is no business of readers."""
        return "a citation file" if self.origin.startswith(FILE) else self.origin

    @property
    def title(self) -> str:
        return str(self.values.get("title", ""))

    def identifiers(self) -> dict[str, str]:
        """The registries that know it, with its identifier there."""
        names = ("nct_id",) if self.kind == TRIAL else REFERENCE_IDENTIFIERS
        return {name: self.values[name] for name in names if self.values.get(name)}

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        return cls(**{**content, "remarks": tuple(content["remarks"])})


def reference_record(
    said: Mapping[str, Any], *, origin: str, address: str = "", abstract: str = "", remarks: tuple[str, ...] = ()
) -> Record:
    """A publication from what was ``said``, with a remark for everything that does not fit its column."""
    return _record(REFERENCE, said, origin, address, abstract, remarks)


def trial_record(said: Mapping[str, Any], *, origin: str, address: str = "") -> Record:
    return _record(TRIAL, said, origin, address, "", ())


def merged(first: Record, second: Record) -> Record:
    """One publication from two sources: the first is believed, the second fills gaps, the graver standing counts."""
    values = {**second.values, **first.values}
    standings = [one.values["retraction_status"] for one in (first, second) if "retraction_status" in one.values]
    if standings:
        values["retraction_status"] = max(standings, key=lambda said: GRAVITY[RetractionStatus(said)])
    return Record(
        first.kind,
        values,
        f"{first.origin} and {second.origin}",
        first.address or second.address,
        first.abstract or second.abstract,
        tuple(dict.fromkeys((*first.remarks, *second.remarks))),
    )


def plain(text: Any) -> str:
    """Text on one line, without markup, entities and characters that cannot be stored."""
    if not isinstance(text, (str, int, float)):
        return ""
    text = html.unescape(_TAG.sub("", str(text)))
    text = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def title_of(text: Any) -> str:
    """A title as references carry it: no full stop at the end, no brackets of a translated title, no "RETRACTED:"."""
    title = _RETRACTED_TITLE.sub("", plain(text))
    if title.endswith(".") and not title.endswith("..."):
        title = title[:-1]
    if title.startswith("[") and title.endswith("]") and "]" not in title[:-1]:
        title = title[1:-1].removesuffix(".")
    return title[:LONGEST_TITLE]


def says_retracted(title: Any) -> bool:
    """Whether a title begins with a mark of retraction, which publishers put there."""
    return _RETRACTED_TITLE.match(plain(title)) is not None


def year_in(text: Any) -> int | None:
    """The first year in a date as it was written; ``None`` without one that a publication can have."""
    found = re.search(r"(?<!\d)(\d{4})(?!\d)", plain(text))
    year = int(found[1]) if found else 0
    return year if YEAR_FROM <= year <= YEAR_TO else None


def doi_in(text: Any) -> str:
    """The DOI that a text is or, as an address, leads to; empty without one."""
    found = re.search(IDENTIFIERS["doi"].pattern, plain(text))
    return found[0].rstrip(".,;") if found else ""


def author_name(family: Any, given: Any = "") -> str:
    """A person as PubMed writes one: "Example AB"."""
    initials = "".join(part[0].upper() for part in re.split(r"[\s.\-‐]+", plain(given)) if part)
    return f"{plain(family)} {initials}".strip()


def _record(
    kind: str, said: Mapping[str, Any], origin: str, address: str, abstract: str, remarks: tuple[str, ...]
) -> Record:
    values, left_out = {}, []
    for name, value in said.items():
        if value in (None, ""):
            continue
        column: Any = MODELS[kind]._meta.get_field(name)
        if isinstance(value, str):
            longest = column.max_length or {"authors": LONGEST_AUTHORS}.get(name, LONGEST_TITLE)
            unfit = len(value) > longest or (name in IDENTIFIERS and not IDENTIFIERS[name].matches(value))
            if unfit:
                shown = value if len(value) <= 60 else f"{value[:60]}…"
                left_out.append(f"“{shown}” does not fit the field {column.verbose_name} and was left out.")
                continue
        values[name] = value
    return Record(kind, values, origin, address, plain(abstract)[:LONGEST_ABSTRACT], (*remarks, *left_out))

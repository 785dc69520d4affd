"""How a page of this site is cited: as text, and claims also as RIS and BibTeX."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format

from treatments.models import Claim, DatasetRevision
from treatments.models.choices import ClaimStatus
from treatments.titles import title

from .citations import as_bibtex, as_ris, bibtex_entry, latex

NAME = str(settings.SPECTACULAR_SETTINGS["TITLE"])


@dataclass(frozen=True)
class Citation:
    """What is needed to find again exactly what was read. ``standing`` says when a claim no longer stands."""

    title: str
    dated: str
    standing: str
    address: str

    @property
    def words(self) -> str:
        """All but the address, in the order of a reference list."""
        called = self.title if self.title.endswith((".", "?", "!")) else f"{self.title}."
        parts = [f"{NAME}.", called, self.dated, self.standing]
        return " ".join(part for part in parts if part)

    @property
    def text(self) -> str:
        """The whole citation, on one line."""
        return f"{self.words} {self.address}"


def cite_claim(claim: Claim, revision: DatasetRevision) -> Citation:
    """The citation of this very version, at its permanent address."""
    return Citation(
        title=f"{claim.accession}, version {claim.version}: {title(claim)}",
        dated=f"Published {_day(claim.published_at)}. Data revision {revision.number}.",
        standing=_standing(claim),
        address=settings.SITE_URL + claim.get_version_url(),
    )


def cite_page(name: str, path: str, revision: DatasetRevision) -> Citation:
    """The citation of a page that shows the present state of the data; ``path`` holds its query too."""
    when = f", {_day(revision.changed_at)}" if revision.number else ""
    return Citation(
        title=name, dated=f"Data revision {revision.number}{when}.", standing="", address=settings.SITE_URL + path
    )


def _standing(claim: Claim) -> str:
    if claim.status == ClaimStatus.RETRACTED:
        return f"Retracted {_day(claim.retracted_at)}."
    if claim.status == ClaimStatus.SUPERSEDED:
        return f"Superseded {_day(claim.superseded_at)}."
    return ""


def _day(when: date | datetime | None) -> str:
    return date_format(when, "j F Y") if when else ""


def claim_ris(claim: Any, revision: DatasetRevision) -> str:
    """A version of a claim as a record of RIS."""
    citation = cite_claim(claim, revision)
    return as_ris(
        [
            {
                "type_of_reference": "DATA",
                "id": f"{claim.accession}v{claim.version}",
                "title": citation.title,
                "secondary_title": NAME,
                "year": claim.published_at.year,
                "date": f"{claim.published_at:%Y/%m/%d}/",
                "edition": f"Version {claim.version}",
                "accession_number": claim.accession,
                "urls": [citation.address],
                "notes": [f"Data revision {revision.number}.", *([citation.standing] if citation.standing else [])],
            }
        ]
    )


def claim_bibtex(claim: Any, revision: DatasetRevision) -> str:
    """A version of a claim as an entry of BibTeX."""
    citation = cite_claim(claim, revision)
    entry = bibtex_entry(
        "misc",
        f"{claim.accession}v{claim.version}",
        {
            "title": f"{{{latex(citation.title)}}}",
            "howpublished": latex(NAME),
            "year": str(claim.published_at.year),
            "edition": f"Version {claim.version}",
            "url": citation.address,
            "note": latex(f"{citation.dated} {citation.standing}".strip()),
        },
    )
    return as_bibtex([entry])

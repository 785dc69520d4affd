"""What vocabulary and sources lack: identifiers, bibliographic facts, a status that was seen lately."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from treatments.models import Autoantibody, Manifestation, Mechanism, Reference, Treatment, Trial
from treatments.models.choices import (
    AutoantibodyGroup,
    AutoantibodyKind,
    MechanismKind,
    PublicationType,
    TreatmentKind,
    TrialStatus,
)

from .finding import Finding, Record
from .reading import listed

# These end a trial: what was seen of them once stays true.
FINAL = (TrialStatus.COMPLETED, TrialStatus.TERMINATED, TrialStatus.WITHDRAWN)
# Published elsewhere than in journals, and seldom in PubMed.
OUTSIDE_JOURNALS = (PublicationType.REGISTRY, PublicationType.LABEL, PublicationType.NEWS_REPORT)
SUBSTANCES = (TreatmentKind.SMALL_MOLECULE, TreatmentKind.BIOLOGIC)


@dataclass(frozen=True)
class Expected:
    """One thing that a record should have: the columns that may hold it, and what it is called."""

    name: str
    columns: tuple[str, ...]
    nothing: Any = None
    """What an empty column holds."""

    @property
    def missing(self) -> Q:
        """The rows in which all the columns are empty."""
        if self.nothing is None:
            return Q(**{f"{column}__isnull": True for column in self.columns})
        return Q(**dict.fromkeys(self.columns, self.nothing))

    def is_missing_of(self, row: Any) -> bool:
        return all(getattr(row, column) == self.nothing for column in self.columns)


EXPECTED: tuple[tuple[type[Any], Q, tuple[Expected, ...]], ...] = (
    (
        Reference,
        ~Q(publication_type__in=OUTSIDE_JOURNALS),
        (
            Expected("PMID, DOI and PMCID", ("pmid", "doi", "pmcid")),
            Expected("authors", ("authors",), ""),
            Expected("journal", ("journal",), ""),
            Expected("year", ("year",)),
        ),
    ),
    (Manifestation, Q(), (Expected("HPO term", ("hpo_id",)),)),
    (
        Autoantibody,
        Q(kind=AutoantibodyKind.SPECIFICITY) & ~Q(group=AutoantibodyGroup.NONE),
        (Expected("UniProt identifier", ("uniprot_id",)), Expected("gene of the antigen", ("genes",), [])),
    ),
    (
        Treatment,
        Q(kind__in=SUBSTANCES),
        (Expected("ChEMBL identifier", ("chembl_id",)),),
    ),
    (Mechanism, Q(kind=MechanismKind.TARGET), (Expected("gene", ("genes",), []),)),
    (Mechanism, Q(kind=MechanismKind.PATHWAY), (Expected("Reactome and KEGG pathway", ("reactome_id", "kegg_id")),)),
)
"""Which records should have what. Whether it exists elsewhere is for a person to see."""


def missing_identifiers(today: date) -> Iterator[Finding]:
    """Records that lack what other systems know them by, or what a citation needs."""
    for model, which, expected in EXPECTED:
        lacking = Q()
        for one in expected:
            lacking |= one.missing
        for row in model.objects.filter(which, lacking, retired_on=None).defer("search_vector").order_by("pk"):
            names = [one.name for one in expected if one.is_missing_of(row)]
            record = Record.of(row)
            yield Finding(
                "missing-identifier",
                (record,),
                f"{record.kind.label} {record.name}: {listed(names)} not recorded.",
                names,
            )


def trial_status_old(today: date) -> Iterator[Finding]:
    """Trials that may have ended since: last seen over a year before ``today``, undated, or of unknown status."""
    for trial in Trial.objects.filter(retired_on=None).exclude(status__in=FINAL).defer("search_vector"):
        seen = _latest(trial.status_as_of)
        years = (today - seen).days // 365 if seen else None
        if trial.status == TrialStatus.UNKNOWN:
            told = "its status was never seen"
        elif seen is None:
            told = f"nobody recorded when it was seen to be {trial.get_status_display().lower()}"
        elif years:
            told = f"it was last seen to be {trial.get_status_display().lower()} on {trial.status_as_of}"
        else:
            continue
        yield Finding(
            "trial-status",
            (Record.of(trial),),
            f"Trial {trial}: {told}.",
            # The years: a status that was let pass comes back a year later.
            [trial.status, trial.status_as_of, years],
        )


def _latest(seen: str) -> date | None:
    """The last day that a partial date can mean: of 2025, the 31st of December."""
    if not seen:
        return None
    year, month, day = ([int(part) for part in seen.split("-")] + [0, 0])[:3]
    if day:
        return date(year, month, day)
    following = date(year + month // 12, month % 12 + 1, 1) if month else date(year + 1, 1, 1)
    return date.fromordinal(following.toordinal() - 1)

"""Phenotype associations as a table: one row a pair, one cell a population."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from treatments.models import PhenotypeAssociation
from treatments.models.choices import AssociationStrength, Population

from .figures import association_effect, association_frequency

STRENGTHS = {strength.value: number for number, strength in enumerate(AssociationStrength)}


@dataclass(frozen=True)
class Finding:
    """What is known for one population."""

    claim: PhenotypeAssociation
    frequency: str
    effect: str


@dataclass(frozen=True)
class Row:
    """One manifestation of an antibody, or one antibody of a manifestation."""

    term: object
    findings: list[Finding]


def finding(claim: PhenotypeAssociation) -> Finding:
    return Finding(claim, association_frequency(claim), association_effect(claim))


def rows(claims: Iterable[PhenotypeAssociation], side: Literal["manifestation", "autoantibody"]) -> list[Row]:
    """One row for each term on ``side``, most characteristic first; populations in a fixed order."""
    populations = {population.value: number for number, population in enumerate(Population)}
    found: dict[object, list[Finding]] = {}
    for claim in sorted(claims, key=lambda claim: populations[claim.population]):
        found.setdefault(getattr(claim, side), []).append(finding(claim))
    return sorted(
        (Row(term, findings) for term, findings in found.items()),
        key=lambda row: (min(STRENGTHS[part.claim.strength] for part in row.findings), str(row.term)),
    )


def claims(found: Iterable[Row]) -> list[PhenotypeAssociation]:
    """The associations of ``found`` in the order they are shown."""
    return [part.claim for row in found for part in row.findings]

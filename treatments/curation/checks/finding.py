"""What a check says: one sentence about one or more records, and the facts it was said of."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Model

from treatments.models import (
    Autoantibody,
    Claim,
    Evidence,
    Manifestation,
    Mechanism,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Treatment,
    Trial,
)
from treatments.models.choices import RecordType

MODELS: dict[RecordType, type[Model]] = {
    RecordType.EVIDENCE: Evidence,
    RecordType.PHENOTYPE_ASSOCIATION: PhenotypeAssociation,
    RecordType.RECOMMENDATION: Recommendation,
    RecordType.TREATMENT: Treatment,
    RecordType.MECHANISM: Mechanism,
    RecordType.AUTOANTIBODY: Autoantibody,
    RecordType.MANIFESTATION: Manifestation,
    RecordType.REFERENCE: Reference,
    RecordType.TRIAL: Trial,
}
"""The kinds of record that findings are about."""

KINDS = {model: kind for kind, model in MODELS.items()}


class Severity(StrEnum):
    """How sure a finding is a fault: it is one, it probably is one, or something is missing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True)
class Record:
    """A row that a finding is about, by the name that stays: accession, slug or registry number."""

    kind: RecordType
    name: str
    pk: int

    @classmethod
    def of(cls, row: Any) -> "Record":
        field = "accession" if isinstance(row, Claim) else "nct_id" if isinstance(row, Trial) else "slug"
        return cls(KINDS[type(row)], getattr(row, field), row.pk)


@dataclass(frozen=True)
class Finding:
    """Something that a check found.

    ``about`` tells findings of one check about the same records apart. ``facts`` are what the finding was made from:
    while they stay, it is the same finding; when they change, whoever dismissed it has judged something else.
    """

    check: str
    records: tuple[Record, ...]
    sentence: str
    facts: Any
    about: str = ""

    @property
    def kind(self) -> RecordType:
        return self.records[0].kind

    @cached_property
    def key(self) -> str:
        """Names the finding in addresses, whatever its figures are."""
        return _digest(self._subject)[:16]

    @cached_property
    def fingerprint(self) -> str:
        """Changes when the facts do."""
        return _digest([*self._subject, self.facts])

    @property
    def _subject(self) -> list[Any]:
        return [self.check, sorted(f"{record.kind}:{record.name}" for record in self.records), self.about]


@dataclass(frozen=True)
class Check:
    """One kind of finding: what it is called, why it matters, how grave it is, and how it is found."""

    name: str
    title: str
    explanation: str
    severity: Severity
    find: Callable[[date], Iterable[Finding]]


def _digest(said: Any) -> str:
    # As text: 79 and 79.0 are different figures.
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()

"""What became of the claims of one kind in this database."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection

from treatments.models import PhenotypeAssociation
from treatments.models.choices import ClaimStatus
from treatments.models.claims import OPEN_STATES

from .schema import Key


class ClaimHistory:
    """The versions of every claim of a kind, as far as a load has to know them."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.by_key: dict[str, set[str]] = defaultdict(set)
        self.by_phenotype: dict[Key, set[str]] = defaultdict(set)
        self.latest_version: dict[str, int] = {}
        self.reasons: dict[str, str] = {}
        self.from_data_set: set[str] = set()

    def is_local(self, accession: str) -> bool:
        """Whether a claim of this site has the accession that never came with a data set."""
        return accession in self.latest_version and accession not in self.from_data_set

    def reason_to_leave(self, accession: str) -> str:
        """Why a load must not touch the claim; empty when it may."""
        if self.is_local(accession):
            return "it was written here and never came with a data set."
        return self.reasons.get(accession, "")

    def add(self, version: dict[str, Any]) -> None:
        """Take note of a version; a claim's versions come oldest first."""
        accession, status = version["accession"], version["status"]
        if version["key"]:
            self.by_key[version["key"]].add(accession)
        if version["release_id"]:
            self.from_data_set.add(accession)
        self.latest_version[accession] = version["version"]
        number = version["version"]
        if status in OPEN_STATES:
            self.reasons[accession] = f"version {number} is being worked on here."
        elif status == ClaimStatus.RETRACTED:
            self.reasons[accession] = f"it was retracted here on {version['retracted_at']:%Y-%m-%d}."
        elif version["release_id"] is None:
            self.reasons[accession] = f"version {number} was published here on {version['published_at']:%Y-%m-%d}."
        else:
            self.reasons.pop(accession, None)

    def advance_accessions(self, accessions: Iterable[str]) -> None:
        """See to it that no new claim is ever given one of these accessions."""
        prefix = self.model.ACCESSION_PREFIX
        numbers = [int(found[1]) for name in accessions if (found := re.fullmatch(f"{prefix}([0-9]+)", name))]
        if not any(numbers):
            return
        with connection.cursor() as cursor:
            sequence = connection.ops.quote_name(self.model.accession_sequence())
            cursor.execute(
                f"SELECT setval(%s, %s) FROM {sequence} WHERE last_value < %s OR NOT is_called",  # noqa: S608
                [self.model.accession_sequence(), max(numbers), max(numbers)],
            )


def read_history(model: Any) -> ClaimHistory:
    """The history of all claims of ``model``, in one query or two."""
    history = ClaimHistory(model)
    names = ("accession", "version", "status", "key", "release_id", "published_at", "retracted_at")
    for version in model.objects.order_by("accession", "version").values(*names):
        history.add(version)
    if model is PhenotypeAssociation:
        columns = ("autoantibody__slug", "manifestation__slug", "population")
        rows = model.objects.values_list("accession", *columns)
        for accession, *named in rows:
            history.by_phenotype[tuple(named)].add(accession)
    return history

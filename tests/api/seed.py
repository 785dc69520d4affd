"""The data set as it is written down, to compare answers with."""

import functools
from pathlib import Path
from typing import Any

import yaml

import treatments.dataset

SEED = Path(treatments.dataset.__file__).with_name("seed")

# Each endpoint with what its records are called by.
KEYS = {
    "treatments": "slug",
    "mechanisms": "slug",
    "autoantibodies": "slug",
    "manifestations": "slug",
    "evidence": "accession",
    "phenotype-associations": "accession",
    "recommendations": "accession",
    "appraisals": "accession",
    "references": "slug",
    "trials": "nct_id",
    "outcome-measures": "slug",
    "evidence-levels": "code",
    "certainty-levels": "code",
}
CLAIMS = ("evidence", "phenotype-associations", "recommendations", "appraisals")
# Endpoints that answer a question with one document instead of listing records.
ANSWERS = ("evidence-map", "finder")
# The list that is not one of records.
TOLD = ("changes",)
# Records that no file of the data set lists.
RELEASES = "releases"
RELEASE = "2026-11"
# One that lists records of every kind, and what it is asked.
SEARCH = "search"
SEARCHED = "q=tif1g"
VOCABULARY = tuple(name for name in KEYS if name not in CLAIMS)


@functools.cache
def rows(endpoint: str) -> list[dict[str, Any]]:
    """What the file of this endpoint says."""
    text = (SEED / f"{endpoint.replace('-', '_')}.yaml").read_text()
    return yaml.load(text, Loader=yaml.CSafeLoader) or []


def keys(endpoint: str) -> set[str]:
    return {row[KEYS[endpoint]] for row in rows(endpoint)}


def row(endpoint: str, key: str) -> dict[str, Any]:
    return next(one for one in rows(endpoint) if one[KEYS[endpoint]] == key)

"""What readers are shown of releases: without the content of files, which only a download needs."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet

from treatments.changes.headers import SOURCES
from treatments.dataset.schema import TABLES
from treatments.models import Claim, Mechanism, Release, ReleaseFile
from treatments.models.choices import ChangeKind, RecordType

FILES = "snapshot__files"


def releases() -> QuerySet[Release]:
    """Every release, the newest first, with its snapshot and what its files are; not what changed, record by record."""
    return (
        Release.objects.select_related("snapshot__previous")
        .defer("snapshot__difference")
        .prefetch_related(Prefetch(FILES, ReleaseFile.objects.defer("content")))
    )


def release_with_changes() -> QuerySet[Release]:
    """The same, with every record that changed."""
    return Release.objects.select_related("snapshot__previous").prefetch_related(
        Prefetch(FILES, ReleaseFile.objects.defer("content"))
    )


def record_url(change: Mapping[str, Any]) -> str:
    """The permanent page of what changed: the version of a claim, or the record; empty for one that was removed."""
    kind = RecordType(change["type"])
    model = SOURCES[kind].model
    if issubclass(model, Claim):
        return model(accession=change["key"], version=change["version"]).get_version_url()
    if change["kind"] == ChangeKind.REMOVED:
        return ""
    if kind == RecordType.MECHANISM_INTERACTION:
        return Mechanism(slug=change["key"].partition(" ")[0]).get_absolute_url()
    table = next(table for table in TABLES if table.model is model)
    return model(**{table.key[0]: change["key"]}).get_absolute_url()

"""A release as its page shows it: what it holds, its files, and what changed since the release before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from treatments.changes.headers import SOURCES
from treatments.dataset.schema import TABLES
from treatments.models import Release, ReleaseFile
from treatments.models.choices import ChangeKind, RecordType, ReleaseForm
from treatments.releases.reading import record_url

from .changes import DONE, LISTS

LISTED = 100  # records of one kind of change; the API has them all

PURPOSE = {
    ReleaseForm.YAML: "The data set itself, as it is loaded",
    ReleaseForm.JSON: "The same for programs, with the versions of claims",
    ReleaseForm.CSV: "Tables for a spreadsheet",
    ReleaseForm.MANIFEST: "Counts, sizes and checksums of all of it",
}
CHANGED = (
    (ChangeKind.PUBLISHED, "Claims added"),
    (ChangeKind.NEW_VERSION, "New versions of claims"),
    (ChangeKind.RETRACTED, "Claims retracted"),
    (ChangeKind.ADDED, "Vocabulary and sources added"),
    (ChangeKind.CHANGED, "Vocabulary and sources changed"),
    (ChangeKind.RETIRED, "Vocabulary and sources retired"),
    (ChangeKind.REMOVED, "Vocabulary and sources removed"),
)


@dataclass(frozen=True)
class FileLine:
    file: ReleaseFile
    purpose: str
    url: str


@dataclass(frozen=True)
class CountLine:
    """How many records of a kind a release holds, with the list that shows those of today."""

    name: str
    count: int
    url: str


@dataclass(frozen=True)
class ChangeLine:
    """One record that changed: "EV00001, version 2", what it is about, why, and in which fields."""

    title: str
    about: str
    url: str
    type: str
    reason: str
    fields: str


@dataclass(frozen=True)
class ChangeGroup:
    """Records that changed in one way; ``more`` of them are not listed."""

    kind: ChangeKind
    name: str
    count: int
    lines: list[ChangeLine]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def file_url(release: Release, file: ReleaseFile) -> str:
    return reverse("web:release-file", args=[release.name, file.name])


def file_lines(release: Release, files: Iterable[ReleaseFile]) -> list[FileLine]:
    return [FileLine(file, PURPOSE[ReleaseForm(file.form)], file_url(release, file)) for file in files]


def count_lines(counts: Mapping[str, int]) -> list[CountLine]:
    """Claims first, then what they point at."""
    lines = []
    for kind, source in SOURCES.items():
        table = next(table for table in TABLES if table.model is source.model)
        one, several, listed, _ = LISTS[kind]
        count = counts.get(table.name, 0)
        name = one if count == 1 else several
        lines.append(CountLine(name[:1].upper() + name[1:], count, reverse(f"web:{listed}")))
    return lines


def in_words(change_counts: Iterable[Mapping[str, Any]]) -> list[str]:
    """What changed, as a list has room for: "12 evidence entries published"."""
    told = []
    for one in change_counts:
        name, names, *_ = LISTS[RecordType(one["type"])]
        told.append(f"{one['count']} {name if one['count'] == 1 else names} {DONE[ChangeKind(one['kind'])]}")
    return told


def change_groups(changes: Iterable[Mapping[str, Any]]) -> list[ChangeGroup]:
    """Every kind of change that there was, each with the first of its records."""
    changes = list(changes)
    groups = []
    for kind, name in CHANGED:
        of_kind = [one for one in changes if one["kind"] == kind]
        if of_kind:
            groups.append(ChangeGroup(kind, name, len(of_kind), [_line(one) for one in of_kind[:LISTED]]))
    return groups


def _line(change: Mapping[str, Any]) -> ChangeLine:
    kind = RecordType(change["type"])
    claim = change["version"] is not None
    return ChangeLine(
        title=f"{change['key']}, version {change['version']}" if claim else change["name"],
        about=change["name"] if claim else "",
        url=record_url(change),
        type=str(kind.label).lower(),
        reason=change["reason"],
        fields=", ".join(field.replace("_", " ") for field in change["fields"]),
    )

"""The bytes of a release: the same data set always gives the same files, with the same checksums."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from treatments.dataset.schema import MANIFEST, SCHEMA_VERSION, TABLES, Values
from treatments.dataset.writing import as_yaml
from treatments.models import Claim
from treatments.models.choices import ClaimStatus, ReleaseForm

from .csv_tables import csv_tables
from .json_text import as_json

ZIP, JSON = "application/zip", "application/json"

README = """\
# {title}

Release {name} of the data set of the dermatomyositis treatment knowledge base, {released_on}.

{what}

A field that is absent or empty was not seen in any source. It never means "none" or "no".

Facts, each with its source; whoever passes facts on should pass their sources on with them. The wording is under the
terms of the project's licence. This is a reference work and not medical advice.
"""
WHAT = {
    ReleaseForm.YAML: (
        "These YAML files are the whole published data set. `manage.py load_dataset DIRECTORY` loads them, and\n"
        "`manage.py dump_dataset` then writes them again, byte for byte."
    ),
    ReleaseForm.JSON: (
        "These JSON files hold what the YAML files of the release hold, each claim with the number of its version."
        "\nFigures have the digits they were entered with."
    ),
    ReleaseForm.CSV: (
        "One table for each kind of record. What a record can have several of stands in a table of its own, named by\n"
        "the key of the record. Items of a list are separated by a vertical bar. Text that a spreadsheet would run as\n"
        "a formula has an apostrophe before it. Claims carry the number of their version."
    ),
}


@dataclass(frozen=True)
class Made:
    """A file as it is kept. ``members`` are the files within it, by name."""

    form: ReleaseForm
    name: str
    media_type: str
    content: bytes
    members: Mapping[str, bytes]

    def described(self) -> dict[str, Any]:
        """Its name, size in bytes and checksum, and those of what is in it."""
        return {
            "form": self.form.value,
            "name": self.name,
            **_measured(self.content),
            "files": [{"name": name, **_measured(content)} for name, content in self.members.items()],
        }


def _measured(content: bytes) -> dict[str, Any]:
    return {"size": len(content), "sha256": checksum(content)}


def checksum(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return sha256(content).hexdigest()


def versions_published() -> dict[str, dict[str, int]]:
    """Of every claim the version that is published, by the name of its table; one query a kind of claim."""
    return {
        table.name: dict(
            table.model._default_manager.filter(status=ClaimStatus.PUBLISHED).values_list("accession", "version")
        )
        for table in TABLES
        if issubclass(table.model, Claim)
    }


def bundles(release: Values, rows: Mapping[str, list[Values]], versions: Mapping[str, Mapping[str, int]]) -> list[Made]:
    """The data set ``rows`` (by the name of the table) as one archive each of YAML, JSON and CSV files."""
    numbered = {name: _numbered(found, versions.get(name)) for name, found in rows.items()}
    contents: dict[ReleaseForm, dict[str, bytes]] = {
        ReleaseForm.YAML: {MANIFEST.file: as_yaml(release)}
        | {table.file: as_yaml(rows[table.name]) for table in TABLES},
        ReleaseForm.JSON: {f"{MANIFEST.name}.json": as_json(release)}
        | {f"{table.name}.json": as_json(numbered[table.name]) for table in TABLES},
        ReleaseForm.CSV: {
            f"{found.name}.csv": found.content()
            for table, of_table in [(MANIFEST, [release]), *((table, numbered[table.name]) for table in TABLES)]
            for found in csv_tables(table, of_table)
        },
    }
    return [_bundle(form, release, members) for form, members in contents.items()]


def _numbered(rows: list[Values], versions: Mapping[str, int] | None) -> list[Values]:
    """Claims with the number of the version, after the accession."""
    if versions is None:
        return rows
    return [{"accession": row["accession"], "version": versions[row["accession"]], **row} for row in rows]


def _bundle(form: ReleaseForm, release: Values, members: dict[str, bytes]) -> Made:
    said = {name: str(release.get(name, "")) for name in ("name", "title", "released_on")}
    members = {"README.md": README.format(what=WHAT[form], **said).encode(), **members}
    directory = f"dataset-{release['name']}"
    date = release["released_on"]
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, inner in members.items():
            # Nothing of the machine or the moment: the day of the release, and one set of permissions.
            entry = zipfile.ZipInfo(f"{directory}/{name}", (date.year, date.month, date.day, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, inner)
    return Made(form, f"{directory}.{form.value}.zip", ZIP, content.getvalue(), members)


def members(content: bytes) -> dict[str, bytes]:
    """The files within an archive that ``bundles`` made, by their names."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def manifest(
    release: Values, revision: int, counts: Mapping[str, int], left_out: list[str], made: list[Made]
) -> dict[str, Any]:
    """What there is in a release, to be kept beside its bundles: counts, sizes and checksums."""
    return {
        "name": release["name"],
        "title": release["title"],
        "released_on": release["released_on"].isoformat(),
        "notes": release.get("notes", ""),
        "schema_version": SCHEMA_VERSION,
        "revision": revision,
        "counts": dict(counts),
        "left_out": left_out,
        "bundles": [one.described() for one in made],
    }


def manifest_file(name: str, content: Mapping[str, Any]) -> Made:
    return Made(ReleaseForm.MANIFEST, f"dataset-{name}.manifest.json", JSON, as_json(content), {})

"""What changed from one release to the next, told from their files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from treatments.changes.headers import SOURCES
from treatments.changes.telling import readable
from treatments.dataset.schema import TABLES, Table
from treatments.models import Claim
from treatments.models.choices import ChangeKind, ClaimStatus, RecordType
from treatments.titles import title

from .json_text import from_json

# The name of each table's kind of record, in the words of the list of changes.
TYPES: dict[str, RecordType] = {
    table.name: kind for table in TABLES for kind, source in SOURCES.items() if source.model is table.model
}


@dataclass(frozen=True)
class Changed:
    """One record that differs: of a claim ``version`` says which; ``fields`` are those that differ."""

    kind: ChangeKind
    table: Table
    key: tuple[str, ...]
    version: int | None = None
    fields: tuple[str, ...] = ()


def difference(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Changed]:
    """The records that differ between the JSON files of two releases, by table and key."""
    return [change for table in TABLES for change in _of_table(table, _rows(table, before), _rows(table, after))]


def _rows(table: Table, files: Mapping[str, bytes]) -> dict[tuple[str, ...], dict[str, Any]]:
    rows = from_json(files.get(f"{table.name}.json", b"[]"))
    return {tuple(row[name] for name in table.key): row for row in rows}


def _of_table(table: Table, before: dict[Any, dict[str, Any]], after: dict[Any, dict[str, Any]]) -> Iterator[Changed]:
    for key, row in after.items():
        old = before.get(key)
        if old == row:
            continue
        fields = tuple(
            name for name in _names(old, row) if name != "version" and (old or {}).get(name) != row.get(name)
        )
        if table.is_claim:
            kind = ChangeKind.PUBLISHED if old is None else ChangeKind.NEW_VERSION
            yield Changed(kind, table, key, _version(row), fields if old else ())
        elif old is None:
            yield Changed(ChangeKind.ADDED, table, key)
        elif row.get("retired_on") and not old.get("retired_on"):
            yield Changed(ChangeKind.RETIRED, table, key)
        else:
            yield Changed(ChangeKind.CHANGED, table, key, fields=fields)
    for key in before.keys() - after.keys():
        gone = before[key]
        yield Changed(ChangeKind.RETRACTED if table.is_claim else ChangeKind.REMOVED, table, key, _version(gone))


def _names(old: dict[str, Any] | None, row: dict[str, Any]) -> list[str]:
    return [*row, *(name for name in old or {} if name not in row)]


def _version(row: dict[str, Any]) -> int | None:
    return int(row["version"][0]) if "version" in row else None


# What is kept of it ---------------------------------------------------------------------------------------------------


def told(changes: list[Changed]) -> dict[str, Any]:
    """The changes with what each record is called and why it was retracted or retired, as they are kept.

    Reads the records as they are now; the number of queries depends on the kinds of records among them.
    """
    said: list[dict[str, Any]] = []
    for table in TABLES:
        of_table = sorted((one for one in changes if one.table is table), key=lambda one: (_order(one.kind), one.key))
        if of_table:
            records = _records(table, {one.key for one in of_table})
            said += [_said(one, records) for one in of_table]
    return {"changes": said}


def counted(changes: list[Changed]) -> list[dict[str, Any]]:
    """How many records of each type changed in each way."""
    counts: dict[tuple[ChangeKind, RecordType], int] = {}
    for one in changes:
        about = one.kind, TYPES[one.table.name]
        counts[about] = counts.get(about, 0) + 1
    ordered = sorted(counts, key=lambda about: (_order(about[0]), list(SOURCES).index(about[1])))
    return [{"kind": kind.value, "type": of.value, "count": counts[kind, of]} for kind, of in ordered]


def _order(kind: ChangeKind) -> int:
    return list(ChangeKind).index(kind)


def _records(table: Table, keys: set[tuple[str, ...]]) -> dict[tuple[Any, ...], Any]:
    """The public records with these keys; claims by accession and version."""
    rows = readable(TYPES[table.name])
    if issubclass(table.model, Claim):
        found = rows.filter(accession__in=[key[0] for key in keys])
        return {(row.accession, row.version): row for row in found}
    if len(table.key) == 1:
        found = rows.filter(**{f"{table.key[0]}__in": [key[0] for key in keys]})
        return {(getattr(row, table.key[0]),): row for row in found}
    return {(row.upstream.slug, row.downstream.slug, row.effect): row for row in rows}


def _said(one: Changed, records: Mapping[tuple[Any, ...], Any]) -> dict[str, Any]:
    record: Any = records.get((*one.key, one.version) if one.table.is_claim else one.key)
    reason = ""
    if one.kind == ChangeKind.RETRACTED:
        versions = [row for (accession, _), row in records.items() if accession == one.key[0]]
        withdrawn = [row for row in versions if row.status == ClaimStatus.RETRACTED]
        reason = withdrawn[-1].retraction_reason if withdrawn else ""
    elif one.kind == ChangeKind.NEW_VERSION:
        reason = record.change_note
    elif one.kind == ChangeKind.RETIRED:
        reason = record.retirement_reason
    return {
        "kind": one.kind.value,
        "type": TYPES[one.table.name].value,
        "key": _key(one),
        "version": one.version,
        "name": title(record) if record is not None else " ".join(one.key),
        "fields": list(one.fields),
        "reason": reason,
    }


def _key(one: Changed) -> str:
    """As addresses and the list of changes have it; of an interaction: upstream, effect, downstream."""
    if len(one.key) == 1:
        return one.key[0]
    upstream, downstream, effect = one.key
    return f"{upstream} {effect} {downstream}"

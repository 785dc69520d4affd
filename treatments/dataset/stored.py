"""What the database holds, as records of the same form as those of a file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from treatments.models import Appraisal, Claim
from treatments.models.choices import ClaimStatus
from treatments.models.records import SOURCE_CHECK_KEYS

from .parsing import in_choice_order
from .schema import MANIFEST, TABLES, Column, Form, Group, Key, Links, Part, Rows, Table, Values


@dataclass(frozen=True)
class StoredRow:
    """A row of the database and the values that readers are shown."""

    pk: Any
    values: Values


@dataclass
class Stored:
    """The public rows of every table by their key; of a claim, its published version."""

    rows: dict[str, dict[Key, StoredRow]] = field(default_factory=dict)
    keys: dict[type[models.Model], dict[Any, Key]] = field(default_factory=dict)
    needing_recheck: set[str] = field(default_factory=set)
    """The accessions of the published appraisals that readers are told to look at with care."""

    def of(self, table: Table) -> dict[Key, StoredRow]:
        return self.rows[table.name]


def read_stored() -> Stored:
    """Everything readable in the database, in a number of queries that does not depend on how much it is."""
    stored = Stored()
    raw = {}
    tables = (MANIFEST, *TABLES)
    for table in tables:
        raw[table.name] = list(_public(table).values("pk", *_names(table.columns())))
        stored.keys[table.model] = dict(_keys(table, raw[table.name], stored))
    for table in tables:
        parts = _Parts(table.parts, table.model, {row["pk"] for row in raw[table.name]}, stored)
        stored.rows[table.name] = {
            stored.keys[table.model][row["pk"]]: StoredRow(row["pk"], parts.values(row)) for row in raw[table.name]
        }
    appraisals: Any = Appraisal.objects.published().with_recheck()
    stored.needing_recheck = set(appraisals.filter(needs_recheck=True).values_list("accession", flat=True))
    return stored


def _public(table: Table) -> models.QuerySet:
    rows = table.model._default_manager.order_by("pk")
    return rows.filter(status=ClaimStatus.PUBLISHED) if issubclass(table.model, Claim) else rows


def _names(columns: Iterable[Column]) -> list[str]:
    return [column.column.attname for column in columns]


def _keys(table: Table, rows: list[dict[str, Any]], stored: Stored) -> Iterator[tuple[Any, Key]]:
    columns = {column.name: column for column in table.columns() if column.name in table.key}
    if table.is_claim:
        # Links name a claim whichever of its versions they point at.
        for pk, accession in table.model._default_manager.values_list("pk", "accession"):
            yield pk, (accession,)
        return
    for row in rows:
        values = {name: _value(column, row[column.column.attname], stored) for name, column in columns.items()}
        yield row["pk"], table.key_of(values)


def _value(column: Column, value: Any, stored: Stored) -> Any:
    if column.form is Form.LINK and value is not None:
        return stored.keys[column.links_to.model][value][0]
    if column.form is Form.CHECKS:
        # The database keeps the fields of a check in an order of its own.
        return [{name: check[name] for name in SOURCE_CHECK_KEYS if name in check} for check in value]
    return value


class _Parts:
    """The values of the rows of one model: its columns, and by owner everything that hangs on it."""

    def __init__(self, parts: tuple[Part, ...], model: type[models.Model], owners: set[Any], stored: Stored) -> None:
        self.parts = parts
        self.stored = stored
        self.lists: dict[str, dict[Any, Any]] = {}
        for part in parts:
            if isinstance(part, Links):
                self.lists[part.name] = self.links(part, owners)
            elif isinstance(part, Rows):
                self.lists[part.name] = self.rows(part, owners)

    def values(self, row: dict[str, Any]) -> Values:
        values: Values = {}
        for part in self.parts:
            value: Any
            if isinstance(part, Column):
                value = _value(part, row[part.column.attname], self.stored)
                if part.is_absent(value):
                    continue
            elif isinstance(part, Group):
                value = {
                    column.name: row[column.column.attname]
                    for column in part.columns
                    if not column.is_absent(row[column.column.attname])
                }
                if value and part.unit:
                    value["unit"] = part.unit
            else:
                value = self.lists[part.name].get(row["pk"], [])
            if part.required or value not in ([], {}):
                values[part.name] = value
        return values

    def links(self, links: Links, owners: set[Any]) -> dict[Any, list[str]]:
        found: dict[Any, list[str]] = defaultdict(list)
        keys = self.stored.keys[links.links_to.model]
        rows = links.model._default_manager.order_by("pk")
        for owner, target in rows.values_list(f"{links.owner}_id", f"{links.target}_id"):
            if owner in owners:
                found[owner].append(keys[target][0])
        return found

    def rows(self, rows: Rows, owners: set[Any]) -> dict[Any, Any]:
        owner = f"{rows.owner}_id"
        columns = [column for part in rows.parts for column in _columns_of(part)]
        names = {"pk", owner, *_names(columns), *([rows.by] if rows.by else [])}
        found = [row for row in rows.model._default_manager.order_by("pk").values(*names) if row[owner] in owners]
        parts = _Parts(rows.parts, rows.model, {row["pk"] for row in found}, self.stored)
        lists: dict[Any, list[Values]] = defaultdict(list)
        maps: dict[Any, Values] = defaultdict(dict)
        for row in found:
            if rows.by:
                maps[row[owner]][row[rows.by]] = parts.values(row)
            else:
                lists[row[owner]].append(parts.values(row))
        if rows.by:
            return {pk: in_choice_order(rows, values) for pk, values in maps.items()}
        return lists


def _columns_of(part: Part) -> tuple[Column, ...]:
    if isinstance(part, Column):
        return (part,)
    return part.columns if isinstance(part, Group) else ()

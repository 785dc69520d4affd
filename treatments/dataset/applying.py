"""From the records of a data set to rows of the database: what changes, whether it can, and then the change itself."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from treatments.models.choices import ClaimStatus

from .checking import phenotype_key
from .claims import ClaimHistory, read_history
from .constraints import broken_constraints
from .history import edited_here, interactions_once_here
from .parsing import Path, Record
from .problems import Place, Problem
from .reports import LeftAlone, LoadReport, Update
from .schema import (
    APPRAISALS,
    EVIDENCE,
    MANIFEST,
    MECHANISM_INTERACTIONS,
    PHENOTYPE_ASSOCIATIONS,
    TABLES,
    Column,
    Form,
    Group,
    Key,
    Links,
    Part,
    Rows,
    Table,
    Values,
)
from .stored import StoredRow, read_stored


@dataclass
class Child:
    """A row that hangs on another, and what hangs on it in turn."""

    row: models.Model
    place: Place
    children: list["Child"] = field(default_factory=list)


@dataclass
class Change:
    """A row to add, or to update in ``fields``, with the parts to write anew by the name of their list."""

    record: Record
    row: Any
    stored: StoredRow | None
    fields: tuple[str, ...]
    parts: dict[str, list[Child]] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.stored is None


def same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: 0.5 and 0.50 are not."""
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one.as_tuple() == other.as_tuple()
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


class Plan:
    """What a data set changes in this database.

    Making it adds to ``problems`` what only the database can tell; ``apply`` may follow when there are none.
    """

    def __init__(self, records: dict[str, list[Record]], problems: list[Problem]) -> None:
        self.records = records
        self.problems = problems
        self.stored = read_stored()
        self.report = LoadReport()
        self.changes: dict[str, list[Change]] = defaultdict(list)
        self.rows: dict[tuple[str, Key], Any] = {}
        self.histories: dict[str, ClaimHistory] = {}
        manifest = records[MANIFEST.name]
        self.release_name = str(manifest[0].values.get("name", "")) if manifest else ""
        for table in (MANIFEST, *TABLES):
            if table.is_claim:
                self.plan_claims(table)
            else:
                self.plan_vocabulary(table)
        for changes in self.changes.values():
            for change in changes:
                if change.record.sound:
                    self.build(change)
        problems.extend(self.clashes())
        problems.extend(self.broken_constraints())

    # Deciding ----------------------------------------------------------------------------------------------------

    def plan_vocabulary(self, table: Table) -> None:
        stored = self.stored.of(table)
        records = self.records[table.name]
        missing = table is MECHANISM_INTERACTIONS and any(record.key not in stored for record in records)
        taken_out = interactions_once_here() if missing else set()
        for record in records:
            before = stored.get(record.key)
            if before is None and record.key in taken_out:
                self.report.left_alone.append(LeftAlone(table, ", ".join(record.key), "it was taken out here."))
                continue
            row = table.model(pk=before.pk) if before else table.model()
            self.rows[table.name, record.key] = row
            self.compare(record, row, before)
        if table is not MANIFEST:
            self.note_absent(table, {record.key for record in records})

    def plan_claims(self, table: Table) -> None:
        stored = self.stored.of(table)
        history = self.histories[table.name] = read_history(table.model)
        present: set[Key] = set()
        for record in self.records[table.name]:
            self.recognise(record, history)
            accession = record.values.get("accession", "")
            before = stored.get((accession,))
            if accession:
                present.add((accession,))
                if before:
                    self.rows[table.name, record.key] = table.model(pk=before.pk)
            if before and same(record.values, before.values):
                self.report.unchanged[table.name] += 1
            elif self.is_taken(record, history):
                sentence = (
                    f"{accession} is a claim that was written here and never came with a data set;"
                    " this one needs another accession."
                )
                self.problem(record.place("accession"), sentence)
            elif reason := history.reason_to_leave(accession) or self.missing_basis(record):
                self.report.left_alone.append(LeftAlone(table, accession or record.values.get("key", ""), reason))
            else:
                row = table.model()
                self.compare(record, row, before)
                if accession:
                    self.rows[table.name, record.key] = row
        self.note_absent(table, present)

    def compare(self, record: Record, row: models.Model, before: StoredRow | None) -> None:
        """Note what is to be done about a record whose row in the database is ``before``."""
        table = record.table
        old = before.values if before else {}
        fields = tuple(part.name for part in table.parts if not same(record.values.get(part.name), old.get(part.name)))
        if before and not fields:
            self.report.unchanged[table.name] += 1
        else:
            self.changes[table.name].append(Change(record, row, before, fields))

    def recognise(self, record: Record, history: ClaimHistory) -> None:
        """Give a record without an accession that of the claim it is about, where there is one."""
        key = record.values.get("key")
        holders = history.by_key.get(key, set()) if key else set()
        accession = record.values.get("accession")
        if accession:
            if holders and accession not in holders:
                sentence = f'The key "{key}" belongs to {" and ".join(sorted(holders))} in the database.'
                self.problem(record.place("key"), sentence)
            return
        if not key and record.table is PHENOTYPE_ASSOCIATIONS:
            holders = history.by_phenotype.get(phenotype_key(record.values), set())
        if len(holders) > 1:
            sentence = f"This could be {' or '.join(sorted(holders))} in the database; give the accession."
            self.problem(record.place(), sentence)
        elif holders:
            record.values = {"accession": next(iter(holders)), **record.values}

    def is_taken(self, record: Record, history: ClaimHistory) -> bool:
        """Whether the file gives the record an accession that this site has given to a claim of its own."""
        accession = record.values.get("accession", "")
        named = ("accession",) in record.lines
        known = accession in history.by_key.get(record.values.get("key", ""), set())
        return named and not known and history.is_local(accession)

    def missing_basis(self, record: Record) -> str:
        """Why an appraisal cannot be published here: evidence it rests on is not."""
        if record.table is not APPRAISALS:
            return ""
        names = record.values.get("rests_on", [])
        in_file = {evidence.key for evidence in self.records[EVIDENCE.name]}
        gone = [name for name in names if (name,) in in_file and (EVIDENCE.name, (name,)) not in self.rows]
        return f"it rests on {', '.join(gone)}, which is not published here." if gone else ""

    def note_absent(self, table: Table, present: set[Key]) -> None:
        absent = [", ".join(key) for key in self.stored.of(table) if key not in present]
        if absent:
            self.report.not_in_data_set[table.name] = sorted(absent)

    # Building ----------------------------------------------------------------------------------------------------

    def build(self, change: Change) -> None:
        table, record = change.record.table, change.record
        self.fill(change.row, table.parts, record.values)
        if table.is_claim:
            change.row.accession = record.values.get("accession", f"{table.model.ACCESSION_PREFIX}00000")
            change.row.release = self.rows.get((MANIFEST.name, (self.release_name,)))
            if change.stored:
                history = self.histories[table.name]
                change.row.version = history.latest_version[change.row.accession] + 1
                change.row.supersedes = table.model(pk=change.stored.pk)
                change.row.change_note = f"Updated with release {self.release_name}."
        for part in table.parts:
            if isinstance(part, Links | Rows) and (table.is_claim or part.name in change.fields):
                change.parts[part.name] = list(self.children(part, change.row, record.values, record, (part.name,)))

    def fill(self, row: models.Model, parts: Iterable[Part], values: Values) -> None:
        """Set the columns of ``row``; one that is absent from ``values`` becomes what the model starts with."""
        for part in parts:
            if isinstance(part, Group):
                self.fill(row, part.columns, values.get(part.name, {}))
            elif isinstance(part, Column):
                value = values.get(part.name, part.column.get_default())
                if part.form is Form.LINK and value is not None:
                    value = self.rows.get((part.links_to.name, (value,)))
                setattr(row, part.column.name, value)

    def children(
        self, part: Links | Rows, owner: models.Model, values: Values, record: Record, path: Path
    ) -> Iterator[Child]:
        content = values.get(part.name, [])
        if isinstance(part, Links):
            for number, key in enumerate(content):
                target = self.rows.get((part.links_to.name, (key,)))
                if target is not None:
                    row = part.model(**{part.owner: owner, part.target: target})
                    yield Child(row, record.place(*path, number))
            return
        for name, value in content.items() if part.by else enumerate(content):
            row = part.model(**{part.owner: owner, **({part.by: name} if part.by else {})})
            self.fill(row, part.parts, value)
            here = (*path, name)
            child = Child(row, record.place(*here))
            for inner in part.parts:
                if isinstance(inner, Links | Rows):
                    child.children += self.children(inner, row, value, record, (*here, inner.name))
            yield child

    # Checking against the database -------------------------------------------------------------------------------

    def problem(self, place: Place, sentence: str) -> None:
        self.problems.append(Problem(place, sentence))

    def clashes(self) -> Iterator[Problem]:
        """Values that must be unique and that a row outside the data set holds."""
        for table in TABLES:
            present = {record.key for record in self.records[table.name]}
            for column in _unique_columns(table):
                holders = self.holders(table, column)
                for change in self.changes[table.name]:
                    value = change.record.values.get(column.name)
                    holder = holders.get(column.as_compared(value))
                    if value is not None and holder not in (None, change.record.key) and holder not in present:
                        yield Problem(
                            change.record.place(column.name),
                            f'{column.name} "{value}" belongs to {table.title} "{", ".join(holder or ())}" in the'
                            " database, which is not in this data set.",
                        )

    def holders(self, table: Table, column: Column) -> dict[Any, Key]:
        return {
            column.as_compared(row.values[column.name]): key
            for key, row in self.stored.of(table).items()
            if column.name in row.values
        }

    def broken_constraints(self) -> Iterator[Problem]:
        by_model: dict[type, list[tuple[Any, Place]]] = defaultdict(list)
        for changes in self.changes.values():
            for change in changes:
                if change.record.sound:
                    by_model[type(change.row)].append((change.row, change.record.place()))
                    for children in change.parts.values():
                        for child in _with_children(children):
                            by_model[type(child.row)].append((child.row, child.place))
        for rows in by_model.values():
            for broken in broken_constraints([row for row, _ in rows]):
                yield Problem(rows[broken.position][1], broken.message)

    # Applying ----------------------------------------------------------------------------------------------------

    def apply(self) -> LoadReport:
        """Write the changes; the caller holds the transaction."""
        self.now = timezone.now()
        for table in (MANIFEST, *TABLES):
            changes = self.changes[table.name]
            if table.is_claim:
                self.publish(table, changes)
            else:
                self.update(table, [change for change in changes if not change.is_new])
                self.add(table, [change for change in changes if change.is_new])
            self.report.added[table.name] = sum(change.is_new for change in changes)
            if (self.release_name,) in self.stored.of(MANIFEST):
                self.note_said_otherwise(table, changes)
        return self.report

    def note_said_otherwise(self, table: Table, changes: list[Change]) -> None:
        """Note what a release of this name, when it was loaded before, did not say, unless it was edited here."""
        edited = {update.name for update in self.report.updated if update.table is table and update.edited_here}
        names = [change.row.accession if table.is_claim else ", ".join(change.record.key) for change in changes]
        self.report.said_otherwise += [f"{table.title} {name}" for name in names if name not in edited]

    def update(self, table: Table, changes: list[Change]) -> None:
        if not changes:
            return
        edited = edited_here(table, {change.row.pk: change.fields for change in changes})
        for change in changes:
            name = ", ".join(change.record.key)
            self.report.updated.append(Update(table, name, change.fields, change.row.pk in edited))
        self.free_unique_values(table, changes)
        names = {name for change in changes for name in change.fields}
        columns = [column.column.name for column in _columns_named(table, names)]
        if columns:
            rows = [change.row for change in changes]
            table.model._default_manager.bulk_update(rows, columns)
        for part in table.parts:
            if isinstance(part, Links | Rows) and part.name in names:
                owners = [change.row for change in changes if part.name in change.fields]
                part.model._default_manager.filter(**{f"{part.owner}__in": owners}).delete()
        _create_parts(changes)

    def free_unique_values(self, table: Table, changes: list[Change]) -> None:
        """Take unique values that move between rows from those that hold them now."""
        for column in _unique_columns(table):
            holders = self.holders(table, column)
            moving = [
                self.stored.of(table)[holder].pk
                for change in changes
                if (holder := holders.get(column.as_compared(change.record.values.get(column.name))))
                not in (None, change.record.key)
            ]
            if moving:
                nobodys = None if column.column.null else F(column.name) + 10_000
                table.model._default_manager.filter(pk__in=moving).update(**{column.column.name: nobodys})

    def add(self, table: Table, changes: list[Change]) -> None:
        if not changes:
            return
        rows = [change.row for change in changes]
        _number(rows)
        table.model._default_manager.bulk_create(rows)
        _create_parts(changes)

    def publish(self, table: Table, changes: list[Change]) -> None:
        """Write the new versions as drafts with all their parts, then publish them all at once."""
        if not changes:
            return
        model: Any = table.model
        self.histories[table.name].advance_accessions(change.row.accession for change in changes)
        for change in changes:
            if "accession" not in change.record.values:
                change.row.accession = model.next_accession()
            if change.stored:
                self.report.updated.append(Update(table, change.row.accession, change.fields))
        self.add(table, changes)
        replaced = [change.stored.pk for change in changes if change.stored]
        model.objects.filter(pk__in=replaced).update(status=ClaimStatus.SUPERSEDED, superseded_at=self.now)
        written = [change.row.pk for change in changes]
        model.objects.filter(pk__in=written).update(status=ClaimStatus.PUBLISHED, published_at=self.now)


def _unique_columns(table: Table) -> list[Column]:
    return [column for column in table.columns() if column.is_unique and column.name not in table.key]


def _columns_named(table: Table, names: set[str]) -> Iterator[Column]:
    for part in table.parts:
        if part.name in names:
            if isinstance(part, Column):
                yield part
            elif isinstance(part, Group):
                yield from part.columns


def _with_children(children: list[Child]) -> Iterator[Child]:
    for child in children:
        yield child
        yield from _with_children(child.children)


def _number(rows: list[Any]) -> None:
    """Give rows their primary keys beforehand, so that they can point at one another."""
    primary_key = rows[0]._meta.pk
    if not isinstance(primary_key, models.AutoField):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [rows[0]._meta.db_table, primary_key.column, len(rows)],
        )
        numbers = sorted(number for (number,) in cursor.fetchall())
    for row, number in zip(rows, numbers, strict=True):
        row.pk = number


def _create_parts(changes: list[Change]) -> None:
    """Write the parts of all changed rows, one statement a model, in the order of the files."""
    level = [child for change in changes for children in change.parts.values() for child in children]
    while level:
        by_model: dict[Any, list[models.Model]] = defaultdict(list)
        for child in level:
            by_model[type(child.row)].append(child.row)
        for model, rows in by_model.items():
            model._default_manager.bulk_create(rows)
        level = [inner for child in level for inner in child.children]

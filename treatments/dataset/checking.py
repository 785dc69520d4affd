"""Rules between the records of a data set: what one record alone cannot show."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import models

from treatments.models.choices import AutoantibodyKind, ResultKind, TreatmentKind

from .parsing import Record
from .problems import Place, Problem
from .schema import AUTOANTIBODIES, EVIDENCE, MECHANISMS, PHENOTYPE_ASSOCIATIONS, TREATMENTS, Key, Rows, Table, Values

PHENOTYPE_KEY = ("autoantibody", "manifestation", "population")


def check(records: dict[str, list[Record]], unreadable: set[str]) -> Iterator[Problem]:
    """Every problem between records; ``unreadable`` names the tables whose rows are not all known."""
    for rows in records.values():
        for record in rows:
            yield from check_record(record)
    known = {name: {record.key for record in rows} for name, rows in records.items()}
    for rows in records.values():
        yield from _duplicates(rows)
        for record in rows:
            yield from _unknown_links(record, known, unreadable)
    yield from _cycles(records[MECHANISMS.name])
    for table in (TREATMENTS, AUTOANTIBODIES):
        for record in records[table.name]:
            yield from _parts_fit_kind(record)


def check_record(record: Record) -> Iterator[Problem]:
    """What one record shows by itself."""
    yield from _repeated_parts(record)
    if record.table is EVIDENCE:
        yield from _percentages(record)


def _duplicates(rows: list[Record]) -> Iterator[Problem]:
    if not rows:
        return
    table = rows[0].table
    # The names of a row together are its key; every other unique column stands for itself.
    sets: list[tuple[str, ...]] = [table.key]
    sets += [(column.name,) for column in table.columns() if column.is_unique and (column.name,) != table.key]
    if table.is_claim:
        sets.append(("key",))
    columns = {column.name: column for column in table.columns()}
    for names in sets:
        first: dict[tuple[Any, ...], Record] = {}
        for record in rows:
            value = tuple(columns[name].as_compared(record.values.get(name)) for name in names)
            if None in value:
                continue
            if value in first:
                shown = ", ".join(f'{name} "{record.values[name]}"' for name in names)
                yield Problem(record.place(names[0]), f"{shown} is used already, on line {first[value].line}.")
            first.setdefault(value, record)
    if table.is_claim:
        yield from _nameless_claims(table, rows)


def _nameless_claims(table: Table, rows: list[Record]) -> Iterator[Problem]:
    """Claims without an accession must be recognisable otherwise, or a second load would add them again."""
    seen: dict[Key, Record] = {}
    for record in rows:
        if "accession" in record.values or "key" in record.values:
            continue
        if table is not PHENOTYPE_ASSOCIATIONS:
            yield Problem(record.place(), 'A row needs an "accession" or a "key" to be recognised by.')
            continue
        named = phenotype_key(record.values)
        if named in seen:
            line = seen[named].line
            sentence = f"The same antibody, manifestation and population stand on line {line}; give accessions."
            yield Problem(record.place(), sentence)
        seen.setdefault(named, record)


def phenotype_key(values: Values) -> Key:
    return tuple(str(values.get(name)) for name in PHENOTYPE_KEY)


def _repeated_parts(record: Record) -> Iterator[Problem]:
    """Parts that a unique constraint of their model would refuse."""
    for part in record.table.parts:
        if not isinstance(part, Rows) or part.by:
            continue
        for constraint in part.model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint):
                continue
            names = [name for name in constraint.fields if name != part.owner]
            seen = set()
            for number, row in enumerate(record.values.get(part.name, [])):
                value = tuple(row.get(name) for name in names)
                if value in seen:
                    yield Problem(
                        record.place(part.name, number), f'"{part.name}" has the same {" and ".join(names)} twice.'
                    )
                seen.add(value)


def _unknown_links(record: Record, known: dict[str, set[Key]], unreadable: set[str]) -> Iterator[Problem]:
    for link in record.links:
        if link.table.name not in unreadable and link.key not in known[link.table.name]:
            sentence = f'"{link.name}" names "{link.key[0][:80]}", which is not in {link.table.file}.'
            yield Problem(Place(record.table.file, link.line), sentence)


def _cycles(mechanisms: list[Record]) -> Iterator[Problem]:
    parents = {record.values.get("slug"): record.values.get("parent") for record in mechanisms}
    for record in mechanisms:
        slug = record.values.get("slug")
        above, seen = parents.get(slug), set()
        while above is not None and above != slug and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above is not None and above == slug:
            yield Problem(record.place("parent"), f'"{slug}" stands below itself: follow its parents upwards.')


def _parts_fit_kind(record: Record) -> Iterator[Problem]:
    """Members for a class alone, components for a combination alone; the database checks it at commit."""
    values = record.values
    kind = values.get("kind", AutoantibodyKind.SPECIFICITY)
    members, components = len(values.get("members", [])), len(values.get("components", []))
    if kind in (TreatmentKind.CLASS, AutoantibodyKind.CLASS):
        if not members:
            yield Problem(record.place("kind"), "A class needs at least one of its members.")
    elif members:
        yield Problem(record.place("members"), "Only a class has members.")
    if kind == TreatmentKind.COMBINATION:
        if components < 2:
            yield Problem(record.place("kind"), "A combination needs two or more components.")
    elif components:
        yield Problem(record.place("components"), "Only a combination has components.")


def _percentages(record: Record) -> Iterator[Problem]:
    """A share that its own counts contradict by a whole percent, which no way of rounding explains."""
    for number, result in enumerate(record.values.get("results", [])):
        for arm in ("treated", "control"):
            figures = result.get(arm, {})
            if result.get("kind") != ResultKind.PROPORTION or figures.get("unit") != "%":
                continue
            events, total, value = (figures.get(name) for name in ("events", "total", "value"))
            if events is None or not total or value is None:
                continue
            share = Decimal(100) * events / total
            if abs(share - value) >= 1:
                yield Problem(
                    record.place("results", number, arm),
                    f"{arm.capitalize()}: {events} of {total} is {share:.2f} %, not {value} %.",
                )

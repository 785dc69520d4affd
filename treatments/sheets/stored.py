"""What the database holds, as the cells of a sheet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from treatments.dataset.schema import Column, Links
from treatments.models import Evidence, Result

from .cells import cell, checks_cell, fingerprint, list_cell
from .columns import CLAIM_COLUMNS, ENTRY, FINGERPRINT, HEADINGS, RESULT_COLUMNS, RESULT_NUMBER, VERSION, SheetColumn
from .naming import Names


@dataclass
class Content:
    """What an entry says, cell by cell: its own columns, and those of each of its results."""

    claim: dict[str, str] = field(default_factory=dict)
    results: list[dict[str, str]] = field(default_factory=list)

    @cached_property
    def fingerprint(self) -> str:
        claim = [self.claim.get(column.name, "") for column in CLAIM_COLUMNS]
        return fingerprint([claim, [[row.get(column.name, "") for column in RESULT_COLUMNS] for row in self.results]])


def contents(queryset: QuerySet, names: Names) -> dict[int, Content]:
    """The content of every entry of ``queryset`` by primary key, in a number of queries that does not grow with it."""
    columns = [column for column in CLAIM_COLUMNS if isinstance(column.part, Column)]
    found: dict[int, Content] = {}
    for pk, *values in queryset.values_list("pk", *(_attribute(column) for column in columns)):
        claim = {column.name: _cell(column, value, names) for column, value in zip(columns, values, strict=True)}
        found[pk] = Content(claim)
    for column in CLAIM_COLUMNS:
        if isinstance(column.part, Links):
            _add_links(column, found, names)
    _add_results(found, names)
    return found


def _attribute(column: SheetColumn) -> str:
    return str(column.part.column.attname)


def _cell(column: SheetColumn, value: Any, names: Names) -> str:
    if column.name == "source_checks":
        return checks_cell(value)
    if column.links_to is not None and value is not None:
        return names.of(column.links_to).keys[value]
    return cell(value)


def _add_links(column: SheetColumn, found: dict[int, Content], names: Names) -> None:
    part = column.part
    keys = names.of(part.links_to).keys
    named: dict[int, list[str]] = defaultdict(list)
    rows = part.model._default_manager.filter(**{f"{part.owner}__in": found.keys()}).order_by("pk")
    for owner, target in rows.values_list(f"{part.owner}_id", f"{part.target}_id"):
        named[owner].append(keys[target])
    for pk, content in found.items():
        content.claim[column.name] = list_cell(named[pk])


def _add_results(found: dict[int, Content], names: Names) -> None:
    rows = Result.objects.filter(evidence__in=found.keys()).order_by("pk")
    for owner, *values in rows.values_list("evidence_id", *(_attribute(column) for column in RESULT_COLUMNS)):
        row = {column.name: _cell(column, value, names) for column, value in zip(RESULT_COLUMNS, values, strict=True)}
        found[owner].results.append(row)


def sheet_rows(queryset: QuerySet) -> Iterable[list[str]]:
    """The rows of a sheet of ``queryset``, which holds at most one version of each entry: one for each result."""
    versions = {row["pk"]: row for row in queryset.values("pk", "accession", "version", "status").order_by("accession")}
    found = contents(Evidence.objects.filter(pk__in=versions), Names())
    for pk, version in versions.items():
        content = found[pk]
        for number, result in enumerate(content.results or [{}], start=1):
            row = {ENTRY: version["accession"], **result}
            if content.results:
                row[RESULT_NUMBER] = str(number)
            if number == 1:
                told = f"v{version['version']}, {version['status'].replace('_', ' ')}"
                row |= {VERSION: told, **content.claim, FINGERPRINT: content.fingerprint}
            yield [row.get(heading, "") for heading in HEADINGS]

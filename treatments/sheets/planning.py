"""What a sheet would change: entry by entry, checked by the rules of forms, data set files and database."""

import difflib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

import tablib
from django.contrib.auth.models import User
from django.db import models

from treatments.dataset.checking import check_record
from treatments.dataset.constraints import broken_constraints
from treatments.dataset.schema import EVIDENCE, Column, Form, Group, Links, Part, Values
from treatments.models import Assignment, Evidence, Result
from treatments.models.choices import ClaimStatus

from .columns import CLAIM_COLUMNS, COLUMNS, FINGERPRINT, RESULT_COLUMNS, RESULTS, SheetColumn
from .naming import Names
from .reading import Entry, Sheet, SheetProblem, all_problems, parse_entry, place_of, read_sheet
from .stored import Content, contents

CHUNK = 250


class Outcome(StrEnum):
    """What becomes of an entry; the words of django-import-export."""

    NEW = "new"
    UPDATE = "update"
    SKIP = "skip"
    INVALID = "invalid"


class Progress(NamedTuple):
    """How far a step is, of how many."""

    step: str
    done: int
    total: int


@dataclass(frozen=True)
class Difference:
    """A cell that says something else than the database; ``result`` numbers the result it is of, from 1."""

    column: str
    before: str
    after: str
    result: int = 0


@dataclass
class Planned:
    """An entry of the sheet, what becomes of it, and what it says then."""

    entry: Entry
    outcome: Outcome = Outcome.INVALID
    before: Any = None  # the version that is edited or revised
    differences: list[Difference] = field(default_factory=list)
    content: Content = field(default_factory=Content)
    record: Any = None  # of the data set, once the parser took it
    note: str = ""

    @property
    def is_revision(self) -> bool:
        return self.outcome is Outcome.UPDATE and self.before.status == ClaimStatus.PUBLISHED

    @property
    def changed(self) -> set[str]:
        return {difference.column for difference in self.differences if not difference.result}

    @property
    def results_changed(self) -> bool:
        return any(difference.result for difference in self.differences)


class Versions(NamedTuple):
    """The version of an accession that readers see and the one that is being worked on, where there are such."""

    published: Any = None
    open: Any = None
    latest: Any = None


@dataclass
class Plan:
    """What a sheet changes when ``person`` imports it. Nothing is imported while there are ``problems``."""

    person: User
    sheet: Sheet = field(default_factory=Sheet)
    planned: list[Planned] = field(default_factory=list)
    names: Names = field(default_factory=Names)

    @cached_property
    def problems(self) -> list[SheetProblem]:
        return list(all_problems(self.sheet))

    def of(self, outcome: Outcome) -> list[Planned]:
        return [one for one in self.planned if one.outcome is outcome]

    @cached_property
    def digest(self) -> str:
        """A name for the changes: what was seen in the preview is what is made, or it is shown anew."""
        changes = [
            [one.entry.label, one.outcome, str(one.before), [[*vars(change).values()] for change in one.differences]]
            for one in self.planned
        ]
        return hashlib.sha256(json.dumps(changes).encode()).hexdigest()

    def make(self, dataset: tablib.Dataset) -> Iterator[Progress]:
        """Work the plan out; the caller holds the transaction, and the locks where the plan is to be carried out."""
        self.sheet = read_sheet(dataset, self.names)
        entries = self.sheet.entries
        total = len(entries)
        yield Progress("Read", total, total)
        deciding = _Deciding(self)
        for start in range(0, total, CHUNK):
            for entry in entries[start : start + CHUNK]:
                self.planned.append(deciding.decide(entry))
            yield Progress("Checked", min(start + CHUNK, total), total)
        self._ask_the_database()
        for one in self.planned:
            if one.entry.problems:
                one.outcome = Outcome.INVALID
        yield Progress("Asked the database about", total, total)

    def _ask_the_database(self) -> None:
        """Add what the check constraints refuse. No rule is written a second time for sheets."""
        writing = [one for one in self.planned if one.record is not None and not one.entry.problems]
        places: list[tuple[Entry, int]] = []
        rows: list[models.Model] = []
        for one in writing:
            places.append((one.entry, one.entry.row))
            rows.append(self.row(one))
        self._add_broken(rows, places)
        places, rows = [], []
        for one in writing:
            for number, row in enumerate(self.results(one, None)):
                at = one.entry.result_rows
                places.append((one.entry, at[number] if number < len(at) else one.entry.row))
                rows.append(row)
        self._add_broken(rows, places)

    def _add_broken(self, rows: list[models.Model], places: list[tuple[Entry, int]]) -> None:
        for broken in broken_constraints(rows):
            entry, row = places[broken.position]
            columns = [name.removesuffix("_id") for name in broken.columns]
            entry.problem(row, ", ".join(name for name in columns if name in COLUMNS), broken.message)

    # Rows of the database

    def row(self, one: Planned) -> Evidence:
        """The entry as a new draft, without its parts, not saved."""
        row = Evidence(accession="EV00000")
        self.fill(row, EVIDENCE.parts, one.record.values)
        return row

    def results(self, one: Planned, owner: Evidence | None) -> list[Result]:
        """The results of an entry as rows of ``owner``, not saved."""
        rows = []
        for values in one.record.values.get("results", []):
            row = Result(evidence=owner) if owner is not None else Result()
            self.fill(row, RESULTS.parts, values)
            rows.append(row)
        return rows

    def links(self, one: Planned, column: SheetColumn, owner: Evidence) -> list[models.Model]:
        """The antibodies or manifestations of an entry as rows of ``owner``, not saved."""
        part = column.part
        pks = self.names.of(part.links_to).pks
        return [
            part.model(**{part.owner: owner, f"{part.target}_id": pks[key]})
            for key in one.record.values.get(part.name, [])
        ]

    def fill(self, row: models.Model, parts: tuple[Part, ...], values: Values) -> None:
        """Set the columns of ``row``; one that is absent from ``values`` becomes what the model starts with."""
        for part in parts:
            if isinstance(part, Group):
                self.fill(row, part.columns, values.get(part.name, {}))
            elif isinstance(part, Column) and part.name not in ("accession", "key"):
                self.set(row, part, values)

    def set(self, row: models.Model, part: Column, values: Values) -> None:
        value = values.get(part.name, part.column.get_default())
        if part.form is Form.LINK and value is not None:
            value = self.names.of(part.links_to).pks[value]
        setattr(row, part.column.attname, value)


class _Deciding:
    """Decides about entries one by one; what it needs of the database is read beforehand."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        entries = plan.sheet.entries
        self.versions = _versions({entry.accession for entry in entries} - {""})
        wanted = {version.pk for found in self.versions.values() for version in found[:2] if version is not None}
        stored = Evidence.objects.filter(pk__in=wanted)
        self.same_as: dict[str, str] = {}
        if any(not entry.accession for entry in entries):
            stored = Evidence.objects.published() | Evidence.objects.open()
            accessions = dict(stored.values_list("pk", "accession"))
        self.contents = contents(stored, plan.names)
        if any(not entry.accession for entry in entries):
            self.same_as = {content.fingerprint: accessions[pk] for pk, content in self.contents.items()}
        self.seen: dict[str, int] = {}
        in_hand = Assignment.objects.filter(accession__in=self.versions).exclude(person=plan.person)
        self.in_hand = {row.accession: row.person for row in in_hand.select_related("person")}

    def decide(self, entry: Entry) -> Planned:
        one = Planned(entry)
        if entry.problems:
            return one
        if entry.accession:
            self.decide_stored(one)
        else:
            self.decide_new(one)
        if one.outcome in (Outcome.NEW, Outcome.UPDATE):
            self.check(one)
        return one

    def decide_new(self, one: Planned) -> None:
        one.outcome, one.content = Outcome.NEW, _with_defaults(one.entry.content)
        known = one.content.fingerprint
        if known in self.same_as:
            one.outcome, one.note = Outcome.SKIP, f"{self.same_as[known]} says exactly this."
        elif known in self.seen:
            one.entry.problem(one.entry.row, "", f"The entry of row {self.seen[known]} says exactly the same.")
        self.seen.setdefault(known, one.entry.row)

    def decide_stored(self, one: Planned) -> None:
        entry = one.entry
        versions = self.versions.get(entry.accession)
        if versions is None:
            entry.problem(entry.row, "entry", f"There is no {entry.accession}. Call a new entry something like new 1.")
            return
        for version in (versions.open, versions.published):
            if version is not None and not self.differences(entry, self.contents[version.pk]):
                one.outcome, one.before = Outcome.SKIP, version
                return
        if refusal := self.refusal(versions):
            entry.problem(entry.row, "entry", refusal)
            return
        one.before = versions.open or versions.published
        before = self.contents[one.before.pk]
        if entry.fingerprint and entry.fingerprint != before.fingerprint:
            entry.problem(
                entry.row,
                FINGERPRINT,
                f"{one.before} is not what was exported any more: it was changed since. Export it again.",
            )
            return
        one.outcome = Outcome.UPDATE
        one.differences = self.differences(entry, before)
        one.content = Content(before.claim | entry.content.claim, self.results_of(entry, before))

    def refusal(self, versions: Versions) -> str:
        """Why the entry cannot be changed by this person now; empty when it can."""
        latest, draft = versions.latest, versions.open
        if draft is None and versions.published is None:
            return f"{latest} is {latest.get_status_display().lower()}: it is not revised any more."
        if draft is None:
            return ""
        if draft.status == ClaimStatus.IN_REVIEW:
            return f"{draft} is in review, and fixed until it is published or sent back."
        if draft.author_id not in (None, self.plan.person.pk):
            return f"{draft} is a draft of {draft.author}, and only they import into it."
        if draft.accession in self.in_hand:
            return f"{self.in_hand[draft.accession]} is working on {draft}."
        return ""

    def differences(self, entry: Entry, before: Content) -> list[Difference]:
        found = [
            Difference(name, before.claim[name], text)
            for name, text in entry.content.claim.items()
            if text != before.claim[name]
        ]
        now = self.results_of(entry, before)
        for number in range(max(len(now), len(before.results))):
            old = before.results[number] if number < len(before.results) else {}
            new = now[number] if number < len(now) else {}
            found += [
                Difference(column.name, old.get(column.name, ""), new.get(column.name, ""), number + 1)
                for column in RESULT_COLUMNS
                if old.get(column.name, "") != new.get(column.name, "")
            ]
        return found

    def results_of(self, entry: Entry, before: Content) -> list[dict[str, str]]:
        return entry.content.results if self.plan.sheet.has_results else before.results

    # Checking

    def check(self, one: Planned) -> None:
        one.record = parse_entry(one.entry, one.content, self.plan.sheet)
        self.check_names(one)
        if one.record is not None and not one.entry.problems:
            for problem in check_record(one.record):
                one.entry.problem(*place_of(problem.place.line, self.plan.sheet), problem.sentence)

    def check_names(self, one: Planned) -> None:
        """That every row named is there and, unless it was named before, not retired."""
        entry, before = one.entry, self.contents[one.before.pk] if one.before else Content()
        for column in CLAIM_COLUMNS:
            row = entry.rows_of_cells.get(column.name, entry.row)
            self.check_cell(entry, row, column, one.content.claim.get(column.name, ""), before.claim)
        for number, result in enumerate(one.content.results):
            old = before.results[number] if number < len(before.results) else {}
            row = entry.result_rows[number] if number < len(entry.result_rows) else entry.row
            for column in RESULT_COLUMNS:
                self.check_cell(entry, row, column, result.get(column.name, ""), old)

    def check_cell(self, entry: Entry, row: int, column: SheetColumn, text: str, before: dict[str, str]) -> None:
        table = column.links_to
        if table is None or not text:
            return
        named = self.plan.names.of(table)
        several = isinstance(column.part, Links)
        split = [name.strip() for name in text.split(";")] if several else [text]
        known = before.get(column.name, "").split("; ") if several else [before.get(column.name, "")]
        for name in split:
            if name not in named.pks:
                near = difflib.get_close_matches(name[:80], named.pks, n=1)
                hint = f" Did you mean “{near[0]}”?" if near else ""
                entry.problem(row, column.name, f"names “{name[:80]}”, which is no {table.title} here.{hint}")
            elif name in named.retired and name not in known:
                entry.problem(row, column.name, f"names “{name}”, which is retired.")


def _versions(accessions: set[str]) -> dict[str, Versions]:
    found: dict[str, Versions] = {}
    rows = Evidence.objects.filter(accession__in=accessions).select_related("author")
    for version in rows.only("accession", "version", "status", "author").order_by("accession", "version"):
        now = found.get(version.accession, Versions())._replace(latest=version)
        if version.status == ClaimStatus.PUBLISHED:
            now = now._replace(published=version)
        elif version.is_open:
            now = now._replace(open=version)
        found[version.accession] = now
    return found


def _with_defaults(content: Content) -> Content:
    """The content of a new entry, with what the model says where the sheet says nothing."""
    claim = dict(content.claim)
    for column in CLAIM_COLUMNS:
        if column.choices and isinstance(column.part, Column) and column.part.column.has_default():
            claim[column.name] = claim.get(column.name) or str(column.part.column.get_default())
    return Content(claim, content.results)

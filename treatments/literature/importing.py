"""From what services and files say to references and trials: what would be added, then the adding, all or nothing."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import count
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils.text import capfirst, slugify

from treatments.curation.problems import sentence
from treatments.curation.roles import permission_name
from treatments.curation.workflow import Person, WorkflowError
from treatments.models import Reference, Trial
from treatments.models.choices import PublicationType, RetractionStatus

from . import clinicaltrials, pubmed
from .duplicates import Stored, identifier_key
from .looking_up import Answer
from .records import GRAVITY, MODELS, REFERENCE, TRIAL, Record

PRIMARY_ORIGINS = (pubmed.NAME, clinicaltrials.NAME)
LONGEST_NOTE = 1_000
_LOCK = 4_206_001
"""The number of the lock that makes imports wait for each other, so that two never add the same paper."""


class State(StrEnum):
    NEW = "new"
    POSSIBLE = "possible"
    HERE = "here"
    REPEATED = "repeated"
    NOT_FOUND = "not_found"
    NOT_ASKED = "not_asked"
    NOT_UNDERSTOOD = "not_understood"


ADDABLE = (State.NEW, State.POSSIBLE)


@dataclass(frozen=True)
class Suggestion:
    """A field in which a source says otherwise than what is here."""

    name: str
    label: str
    here: str
    said: str
    grave: bool = False
    """Whether the source knows of a retraction or the like that is not recorded here."""


@dataclass(frozen=True)
class Row:
    """One thing that was asked for or was in the file, and what can be done with it."""

    number: int
    state: State
    answer: Answer
    row: Any = None
    """What is here already, or may be the same."""

    same_as: int = 0
    """The number of the row that is the same publication."""

    suggestions: tuple[Suggestion, ...] = ()

    @property
    def record(self) -> Record:
        assert self.answer.record is not None  # noqa: S101
        return self.answer.record

    @property
    def kind(self) -> str:
        return (
            TRIAL if self.answer.kind == "nct_id" or (self.answer.record and self.record.kind == TRIAL) else REFERENCE
        )


@dataclass(frozen=True)
class Choice:
    """What a person decided about a row."""

    add: bool = False
    publication_type: str = ""
    take: frozenset[str] = frozenset()
    """Names of the fields to take over into what is here."""


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)


# What would be added --------------------------------------------------------------------------------------------------


def rows_for(answers: Sequence[Answer]) -> list[Row]:
    """Every answer with what is here of it. The number of queries does not depend on how many there are."""
    stored = Stored()
    stored.prepare(answer.record for answer in answers if answer.record is not None)
    seen: dict[Any, int] = {}
    rows = []
    for number, answer in enumerate(answers, start=1):
        row = _row(number, answer, stored, seen)
        rows.append(row)
        if row.state in (*ADDABLE, State.HERE):
            for key in _keys(row, stored):
                seen.setdefault(key, number)
    return rows


def fingerprint(rows: Sequence[Row]) -> str:
    """Changes when somebody changed what the rows were compared with."""
    content = [(row.state, row.row and row.row.pk, [(one.name, one.here) for one in row.suggestions]) for row in rows]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _row(number: int, answer: Answer, stored: Stored, seen: Mapping[Any, int]) -> Row:
    record = answer.record
    if record is None:
        here = stored.by_identifier(answer.kind, answer.value) if answer.kind else None
        if here is not None:
            return Row(number, State.HERE, answer, here)
        missing = State.NOT_FOUND if answer.asked else State.NOT_ASKED
        return Row(number, missing if answer.kind else State.NOT_UNDERSTOOD, answer)
    match = stored.match(record)
    if match is None and answer.kind and (here := stored.by_identifier(answer.kind, answer.value)):
        return Row(number, State.HERE, answer, here)  # the service knows it under another number
    candidate = Row(number, State.NEW, answer)
    if same := next((seen[key] for key in _keys(candidate, stored) if key in seen), 0):
        return Row(number, State.REPEATED, answer, same_as=same)
    if match is None:
        return candidate
    if not match.certain:
        return Row(number, State.POSSIBLE, answer, match.row)
    return Row(number, State.HERE, answer, match.row, suggestions=suggestions(match.row, record))


def _keys(row: Row, stored: Stored) -> list[Any]:
    if row.answer.record is None:
        return [identifier_key(row.answer.kind, row.answer.value)]
    keys: list[Any] = [identifier_key(*pair) for pair in row.record.identifiers().items()]
    # A title alone makes two one only where there is nothing else to tell them by.
    return keys or [key for key in [stored.title_key(row.record)] if key]


def suggestions(row: Any, record: Record) -> tuple[Suggestion, ...]:
    """The fields that a source fills, or fills otherwise. It never suggests to forget a retraction."""
    found = []
    for name, said in record.values.items():
        column: Any = type(row)._meta.get_field(name)
        here = getattr(row, name)
        if here == said or (name == "publication_type" and here):  # a person's judgement, finer than PubMed's
            continue
        if name == "status_as_of" and row.status != record.values.get("status"):  # goes with the status
            continue
        grave = False
        if name == "retraction_status":
            if GRAVITY[RetractionStatus(said)] <= GRAVITY[RetractionStatus(here)]:
                continue
            grave = True
        elif _alike(here, said):
            continue
        label = "Standing" if name == "retraction_status" else capfirst(str(column.verbose_name))
        found.append(Suggestion(name, label, _shown(column, here), _shown(column, said), grave))
    return tuple(sorted(found, key=lambda one: not one.grave))


def _alike(here: Any, said: Any) -> bool:
    """Whether two texts differ in nothing but case, spaces and signs at their ends."""
    return isinstance(here, str) and isinstance(said, str) and _bare(here) == _bare(said)


def _bare(text: str) -> str:
    return " ".join(text.casefold().replace("‐", "-").split()).rstrip(".")


def _shown(column: Any, value: Any) -> str:
    if value in (None, ""):
        return ""
    return str(dict(column.flatchoices).get(value, value)) if column.choices else str(value)


# Adding ---------------------------------------------------------------------------------------------------------------


def may_import(by: Person) -> bool:
    """Whether somebody may add references, and change those that are here."""
    return all(
        by.has_perm(permission_name(model, action)) for model in (Reference, Trial) for action in ("add", "change")
    )


def do_import(
    answers: Sequence[Answer],
    choices: Mapping[int, Choice],
    seen: str,
    by: Person,
    note: str,
    today: date,
    also: Callable[[list[Any]], None] | None = None,
) -> Imported:
    """Add what was chosen and take over the fields that were, in one transaction, with a reason in the history.

    ``seen`` is the fingerprint of the rows that the person chose from; ``also`` is done with what was added, in the
    same transaction. Raises ``WorkflowError`` with every reason not to, and then nothing is stored.
    """
    if not may_import(by):
        raise WorkflowError("Your roles do not include this: references are added by somebody who may.")
    if len(note) > LONGEST_NOTE or "\x00" in note:
        raise WorkflowError(f"A reason has at most {LONGEST_NOTE:,} characters, all of which can be stored.")
    try:
        with transaction.atomic():
            one_at_a_time()
            rows = rows_for(answers)
            if fingerprint(rows) != seen:
                raise WorkflowError(
                    "Somebody else changed references meanwhile. Nothing was added. The list shows how they are now."
                )
            chosen = _chosen(rows, choices)
            origins = ", ".join(dict.fromkeys(row.record.origin for row in chosen))
            reason = " ".join(filter(None, [f"Imported from {origins}.", note.strip()]))
            with pghistory.context(user=by.pk, step="import", reason=reason):
                done = _write(chosen, choices, today)
                if also is not None:
                    also(done.added)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return done
    except DatabaseError as refusal:
        raise WorkflowError(f"{sentence(refusal)} Nothing was added.") from refusal


def one_at_a_time() -> None:
    """Wait until no other transaction adds papers: two that add the same one at once would not see each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _chosen(rows: Sequence[Row], choices: Mapping[int, Choice]) -> list[Row]:
    chosen, problems = [], []
    for row in rows:
        choice = choices.get(row.number, Choice())
        if choice.add and row.state in ADDABLE:
            if row.kind == REFERENCE and choice.publication_type not in PublicationType.values:
                problems.append(f"Choose a publication type for number {row.number}.")
            chosen.append(row)
        elif row.state == State.HERE and choice.take & {one.name for one in row.suggestions}:
            chosen.append(row)
    if problems:
        raise WorkflowError(" ".join(problems[:5]))
    if not chosen:
        raise WorkflowError("Nothing is chosen. Mark what is to be added or taken over.")
    return chosen


def _write(chosen: Sequence[Row], choices: Mapping[int, Choice], today: date) -> Imported:
    done = Imported()
    for row in chosen:
        choice = choices[row.number]
        if row.state != State.HERE:
            done.added.append(added(row, choice.publication_type, today))
            continue
        names = [one.name for one in row.suggestions if one.name in choice.take]
        if "status" in names:
            names.append("status_as_of")
        model: Any = type(row.row)
        here = model._default_manager.select_for_update().get(pk=row.row.pk)
        for name in names:
            setattr(here, name, row.record.values[name])
        here.source_checks = [*here.source_checks, _source_check(row.record, names, today)]
        _validated(here, row).save()
        done.changed.append(here)
    return done


def added(row: Row, publication_type: str, read_on: date) -> Any:
    """The reference or trial of a row, stored; ``WorkflowError`` where it cannot be."""
    values = dict(row.record.values)
    if row.kind == REFERENCE:
        values |= {"publication_type": publication_type, "slug": _free_slug(row.record)}
    checks = [_source_check(row.record, list(row.record.values), read_on)]
    new = _validated(MODELS[row.kind](**values, source_checks=checks), row)
    new.save()
    return new


def _validated(row: Any, about: Row) -> Any:
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as problem:
        raise WorkflowError(f"Number {about.number}: {' '.join(problem.messages)}") from problem
    return row


def _source_check(record: Record, names: Sequence[str], today: date) -> dict[str, str]:
    """Where the fields were read. A file's content was checked by nobody here, wherever it says that it comes from."""
    primary = record.origin.startswith(PRIMARY_ORIGINS) and bool(record.address)
    model: Any = MODELS[record.kind]
    labels = [str(model._meta.get_field(name).verbose_name) for name in names if name != "publication_type"]
    return {
        "what": ", ".join(labels) or "the record",
        "grade": "primary" if primary else "secondary",
        **({"source": record.address} if record.address else {}),
        "note": f"imported from {record.origin_for_readers}",
        "on": today.isoformat(),
    }


def _free_slug(record: Record) -> str:
    """A name for the address of a new reference that no other has: first author, year, first words of the title."""
    author = record.values.get("authors", "").partition(",")[0].rpartition(" ")[0]
    words = slugify(record.title).split("-")[:5]
    parts = [slugify(author)[:25], str(record.values.get("year", "")), "-".join(words)]
    base = "-".join(part for part in parts if part)[:72].strip("-") or "reference"
    taken = set(Reference.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for number in count(1) if (slug := f"{base}-{number}" if number > 1 else base) not in taken)

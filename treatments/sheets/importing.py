"""Carrying out what a sheet says: all of it or nothing, in one transaction, told step by step."""

from collections.abc import Generator, Iterator
from typing import Any

import pghistory
import tablib
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, models, transaction

from treatments.curation.problems import sentence
from treatments.curation.roles import permission_name
from treatments.curation.workflow import WorkflowError, required_text, start_revision
from treatments.dataset.schema import Column, Links
from treatments.models import Evidence, Result

from .columns import CLAIM_COLUMNS
from .planning import CHUNK, Outcome, Plan, Planned, Progress
from .reading import ACCESSION

STEP = "import"
LINKS = [column for column in CLAIM_COLUMNS if isinstance(column.part, Links)]


class ImportRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure of the program
    """Nothing was imported; the sentence says why, and ``plan`` what the sheet would change now."""

    def __init__(self, sentence: str, plan: Plan | None = None) -> None:
        self.plan = plan
        super().__init__(sentence)


def may_import(person: Any) -> bool:
    """Whether ``person`` may draft and edit evidence, which an import does."""
    return all(person.has_perm(permission_name(Evidence, action)) for action in ("add", "change"))


def preview(dataset: tablib.Dataset, person: User) -> Generator[Progress, None, Plan]:
    """What importing the sheet would change. Writes nothing."""
    plan = Plan(person)
    with transaction.atomic():
        yield from plan.make(dataset)
    return plan


def import_sheet(
    dataset: tablib.Dataset, person: User, *, file_name: str, reason: str = "", seen: str | None = None
) -> Generator[Progress, None, Plan]:
    """Make drafts of what the sheet says and answer the plan that was carried out.

    A new entry becomes a draft of ``person``; a published one a revision, for ``reason``; a draft of theirs is edited.
    Raises ``ImportRefused``, with nothing written, where there are problems, or where the changes are not those of
    which the digest was ``seen``. Stopped on the way, it has written nothing either.
    """
    if not may_import(person):
        raise ImportRefused("Your roles do not include this: evidence is imported by somebody who may draft it.")
    plan = Plan(person)
    try:
        reason = required_text(reason, "") if reason.strip() else ""
        # For the history, which readers do not see; the name of a file is no business of theirs.
        note = f"{reason} (imported from {file_name})" if reason else f"Imported from {file_name}."
        said = {"step": STEP, "reason": note, "imported_from": file_name}
        with transaction.atomic(), pghistory.context(user=person.pk, **said):
            _keep_from_changing(dataset)
            yield from plan.make(dataset)
            if plan.problems:
                raise ImportRefused("There are problems in the sheet. Nothing was imported.", plan)
            if seen is not None and seen != plan.digest:
                raise ImportRefused(
                    "What the sheet changes is not what you saw: somebody changed entries meanwhile. Look again;"
                    " nothing was imported.",
                    plan,
                )
            if not reason and any(one.is_revision for one in plan.planned):
                raise ImportRefused("Published entries are revised: say why. Nothing was imported.", plan)
            yield from _write(plan, reason, said)
            with connection.cursor() as cursor:  # what would wait for the commit is said now
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except WorkflowError as refusal:
        raise ImportRefused(f"{refusal} Nothing was imported.", plan) from refusal
    except DatabaseError as error:
        raise ImportRefused(f"{sentence(error)} Nothing was imported.", plan) from error
    return plan


def _keep_from_changing(dataset: tablib.Dataset) -> None:
    """Lock every version of the entries named, so that what was planned is still so when it is written."""
    cells = {str(cell).strip().upper() for row in dataset for cell in row if ACCESSION.fullmatch(str(cell).strip())}
    versions = Evidence.objects.select_for_update(of=("self",)).filter(accession__in=cells)
    list(versions.order_by("accession", "version").values_list("pk", flat=True))


def _write(plan: Plan, reason: str, said: dict[str, str]) -> Iterator[Progress]:
    new, changed = plan.of(Outcome.NEW), plan.of(Outcome.UPDATE)
    total = len(new) + len(changed)
    for start in range(0, len(new), CHUNK):
        _add(plan, new[start : start + CHUNK])
        yield Progress("Written", min(start + CHUNK, len(new)), total)
    for number, one in enumerate(changed, start=1):
        _change(plan, one, reason, said)
        if number % 50 == 0 or number == len(changed):
            yield Progress("Written", len(new) + number, total)


def _add(plan: Plan, chunk: list[Planned]) -> None:
    rows = []
    for one in chunk:
        row = plan.row(one)
        row.accession, row.author = Evidence.next_accession(), plan.person
        rows.append(row)
    Evidence.objects.bulk_create(rows)
    parts: dict[Any, list[models.Model]] = {Result: []}
    for one, row in zip(chunk, rows, strict=True):
        one.before = row
        parts[Result] += plan.results(one, row)
        for column in LINKS:
            parts.setdefault(column.part.model, []).extend(plan.links(one, column, row))
    for model, found in parts.items():
        model._default_manager.bulk_create(found)


def _change(plan: Plan, one: Planned, reason: str, said: dict[str, str]) -> None:
    """Write the differences into the draft, first made where there is none; what is the same stays untouched."""
    if one.is_revision:
        draft = start_revision(one.before, plan.person, reason)
    else:
        draft = Evidence.objects.get(pk=one.before.pk)
    with pghistory.context(**said):  # a revision that was started said something else of the whole import
        _write_differences(plan, one, draft)
    one.before = draft


def _write_differences(plan: Plan, one: Planned, draft: Evidence) -> None:
    columns = [column for column in CLAIM_COLUMNS if column.name in one.changed]
    for column in columns:
        if isinstance(column.part, Column):
            plan.set(draft, column.part, one.record.values)
    if any(isinstance(column.part, Column) for column in columns):
        draft.save()
    for column in LINKS:
        if column in columns:
            part = column.part
            part.model._default_manager.filter(**{part.owner: draft}).delete()
            part.model._default_manager.bulk_create(plan.links(one, column, draft))
    if one.results_changed:
        Result.objects.filter(evidence=draft).delete()
        Result.objects.bulk_create(plan.results(one, draft))

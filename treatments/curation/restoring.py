"""Taking a draft back to an earlier state, as its history tells it: its fields, results and links.

Nothing is lost by it. What the draft said before is in the history like every state before that, and can be restored in
turn. What was submitted or published is never restored: a published claim is revised.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django.db import DatabaseError, models, transaction
from django.db.models import GeneratedField, Model
from django.utils.text import capfirst

from treatments.models import Claim
from treatments.models.choices import ClaimStatus

from .history import FieldChange, differences, events_of
from .problems import sentence
from .roles import permission_name
from .workflow import NOT_REVISED, Person, WorkflowError, parts_of, required_text

STEP = "restore"
# Why this version is needed is part of what its author writes; the rest belongs to its path, not to its content.
NOT_RESTORED = NOT_REVISED - {"change_note"} | {"accession"}


@dataclass(frozen=True)
class RowChange:
    """What becomes of the claim, or of one of its results and links: "Result added", and field by field."""

    what: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class _Row:
    """A row as it was: its model, its primary key, the event that tells it."""

    model: type[Model]
    pk: Any
    event: Any


def obstacle_to_restoring(claim: Claim, by: Person) -> str:
    """Why ``by`` cannot take the claim back to an earlier state; empty where nothing stands in the way."""
    if claim.status != ClaimStatus.DRAFT:
        return (
            f"{claim} is {claim.get_status_display().lower()}: only a draft can be taken back to an earlier state."
            " A published claim is revised."
        )
    if not by.has_perm(permission_name(claim, "change")):
        return "Your roles do not include this: a draft is restored by somebody who may edit it."
    return ""


def states_of(claim: Claim) -> list[datetime]:
    """The moments at which the draft was changed, the latest first; the first of them is what it says now."""
    moments: set[datetime] = set()
    for model, owner in [(type(claim), "pgh_obj"), *parts_of(type(claim))]:
        moments.update(events_of(model).filter(**{owner: claim.pk}).values_list("pgh_created_at", flat=True))
    return sorted(moments, reverse=True)


def preview(claim: Claim, moment: datetime) -> list[RowChange]:
    """What restoring the state of ``moment`` would change now; empty where the draft says the same."""
    return list(_changes(claim, _state(claim, moment)))


def restore(claim: Claim, moment: datetime, by: Person, reason: str) -> Claim:
    """Make the draft say what it said at ``moment``, with the results and links that it had then.

    Raises ``WorkflowError`` where that cannot be, and has then changed nothing.
    """
    reason = required_text(reason, "Say why the earlier state is restored.")
    try:
        with (
            transaction.atomic(),
            pghistory.context(user=by.pk, step=STEP, reason=reason, restored_to=moment.isoformat()),
        ):
            model: Any = type(claim)
            locked = model.objects.select_for_update().filter(pk=claim.pk).first()
            if locked is None:
                raise WorkflowError(f"{claim} does not exist any more.")
            if problem := obstacle_to_restoring(locked, by):
                raise WorkflowError(problem)
            state = _state(locked, moment)
            if not any(_changes(locked, state)):
                raise WorkflowError("The draft says the same already; nothing was changed.")
            _write(locked, state)
    except DatabaseError as error:
        raise WorkflowError(sentence(error)) from error
    claim.refresh_from_db()
    return claim


def _state(claim: Claim, moment: datetime) -> list[_Row]:
    """The claim and its parts as they were after everything that happened up to ``moment``, parts in their order."""
    rows = []
    for model, owner in [(type(claim), "pgh_obj"), *parts_of(type(claim))]:
        events = events_of(model).filter(**{owner: claim.pk}, pgh_created_at__lte=moment)
        last = events.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
        rows += [_Row(model, event.pgh_obj_id, event) for event in last if event.pgh_label != "delete"]
    if not any(row.model is type(claim) for row in rows):
        raise WorkflowError(f"The history of {claim} does not go back as far as that.")
    return rows


def _present(claim: Claim) -> Iterator[Model]:
    for model, owner in parts_of(type(claim)):
        yield from model._default_manager.filter(**{owner: claim.pk}).order_by("pk")


def _changes(claim: Claim, state: list[_Row]) -> Iterator[RowChange]:
    model = type(claim)
    then = {(row.model, row.pk): row.event for row in state}
    now: dict[tuple[type[Model], Any], Model] = {(model, claim.pk): claim}
    now |= {(type(part), part.pk): part for part in _present(claim)}
    owners = {owner for _, owner in parts_of(model)}
    for key in [*now, *(key for key in then if key not in now)]:
        of, _ = key
        left_out = NOT_RESTORED if of is model else {"id", *owners}
        fields = [field for field in _fields(of) if field.name not in left_out]
        told = differences(fields, now.get(key), then.get(key))
        verb = "added again" if key not in now else "taken away" if key not in then else "changed"
        if told or key not in now or key not in then:
            yield RowChange(f"{capfirst(of._meta.verbose_name)} {verb}", told)


def _fields(model: type[Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, GeneratedField)]


def _write(claim: Any, state: list[_Row]) -> None:
    model = type(claim)
    kept = {(row.model, row.pk) for row in state}
    present = {(type(part), part.pk): part for part in _present(claim)}
    # Taken away first, and what was moved after that: two rows of a claim may not say the same for a moment.
    for key, part in present.items():
        if key not in kept:
            part.delete()
    for row in state:
        if row.model is model:
            _copy(row.event, claim, NOT_RESTORED)
            claim.save()
        elif (row.model, row.pk) in present:
            part = present[row.model, row.pk]
            if _copy(row.event, part, {"id"}):
                part.save()
        else:
            # Under its own primary key: lists are shown in their order.
            part = row.model(pk=row.pk)
            _copy(row.event, part, {"id"})
            part.save(force_insert=True)


def _copy(event: Any, row: Model, left_out: set[str]) -> bool:
    """Give ``row`` what ``event`` tells; whether that is anything else than it has."""
    changed = False
    for field in _fields(type(row)):
        if field.name in left_out or field.name in ("created_at", "updated_at"):
            continue
        value = getattr(event, field.attname)
        if repr(getattr(row, field.attname)) != repr(value):  # 79 and 79.0 are different figures
            setattr(row, field.attname, value)
            changed = True
    return changed

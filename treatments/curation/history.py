"""What the database recorded about a row: who changed what, when and why, with before and after."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import F, Model, QuerySet
from django.utils.text import capfirst
from pghistory.models import Context

from .people import name_of

OUTSIDE = "Outside the site (shell or SQL)"
COMMANDS = {"load_dataset": "Load of the data set", "migrate": "Migration of the database"}
"""What is told of changes that a command made and nobody was signed in for; others are called by their name."""
# Kept in the history, and of no interest to a person: the first two are told by the change itself.
NOT_TOLD = {"id", "created_at", "updated_at"}
VERBS = {"insert": "added", "update": "changed", "delete": "deleted"}


@dataclass(frozen=True)
class FieldChange:
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Recorded:
    """One insert, update or delete of a row or of one of its parts, as the database recorded it."""

    owner: Any
    event: Any
    what: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class Change:
    """What a curator is told of a recorded change: also who made it, in which step of what, and why."""

    when: datetime
    who: str
    reason: str
    what: str
    fields: list[FieldChange]
    step: str = ""


def events_of(model: type[Model]) -> QuerySet[Any]:
    """Every recorded insert, update and delete of a model's rows."""
    tracked: Any = model
    return tracked.pgh_event_model.objects.all()


def tracked_parts(model: type[Model], path: str = "") -> list[tuple[type[Model], str]]:
    """What belongs to a row and has a history of its own: each model, and the path from it to the row.

    Parts of parts are among them: the references of a prevalence lead to its autoantibody by
    ``prevalence__autoantibody``.
    """
    found: list[tuple[type[Model], str]] = []
    for relation in model._meta.related_objects:
        if relation.on_delete is models.CASCADE and hasattr(relation.related_model, "pgh_event_model"):
            way = f"{relation.field.name}__{path}" if path else relation.field.name
            found += [(relation.related_model, way), *tracked_parts(relation.related_model, way)]
    return found


def recorded(model: type[Model], keys: Iterable[Any]) -> list[Recorded]:
    """Everything that ever happened to the rows of ``model`` with these primary keys and to their parts.

    The events of a row are in the order they were written. The number of queries depends on the kinds of rows
    involved, not on how many rows or events there are.
    """
    keys = list(keys)
    events = list(events_of(model).filter(pgh_obj_id__in=keys).annotate(owner=F("pgh_obj_id")).order_by("pgh_id"))
    whole = {}  # the field by which a part names what it belongs to says nothing new
    for part, path in tracked_parts(model):
        whole[part] = path.partition("__")[0]
        events += events_of(part).filter(**{f"{path}__in": keys}).annotate(owner=F(path)).order_by("pgh_id")
    texts = texts_of_rows_named(events)
    before: dict[tuple[type, Any], Any] = {}
    told = []
    for event in events:
        same_row, changed = (type(event), event.pgh_obj_id), event.pgh_tracked_model
        what = f"{capfirst(changed._meta.verbose_name)} {VERBS[event.pgh_label]}"
        fields = changed_fields(before.get(same_row), event, texts, whole.get(changed))
        told.append(Recorded(event.owner, event, what, fields))
        before[same_row] = event
    return told


def changes_of(row: Model) -> list[Change]:
    """Everything that ever happened to a row and its parts, the latest first.

    The number of queries depends on the kinds of rows involved, not on how many changes there are.
    """
    told = recorded(type(row), [row.pk])
    contexts = Context.objects.in_bulk({one.event.pgh_context_id for one in told} - {None})
    about = [contexts[key].metadata if (key := one.event.pgh_context_id) in contexts else {} for one in told]
    people = people_named(about)
    changes = [
        Change(
            when=one.event.pgh_created_at,
            who=made_by(found, people),
            reason=found.get("reason") or "",
            what=one.what,
            fields=one.fields,
            step=step_of(found),
        )
        for one, found in zip(told, about, strict=True)
    ]
    # Stable: what happened in one transaction stays in the order it was written, row before parts.
    return sorted(changes, key=lambda change: change.when, reverse=True)


def made_by(about: Mapping[str, Any], people: Mapping[Any, str]) -> str:
    """Who made a change, as its context says: a person, a command, or somebody who was not signed in."""
    if user := about.get("user"):
        return people.get(user, f"Person {user}, no longer here")
    if command := about.get("command"):
        told = COMMANDS.get(command, f"Command {command}")
        return f"{told} ({about['release']})" if about.get("release") else told
    return OUTSIDE


def step_of(about: Mapping[str, Any]) -> str:
    """The step of a workflow that a change was made in: "request changes"; empty for an ordinary edit."""
    return str(about.get("step") or "").replace("_", " ")


def people_named(contexts: Iterable[Mapping[str, Any]]) -> dict[Any, str]:
    """What the people are called who are named in contexts, by primary key; one query."""
    users = get_user_model()._default_manager.in_bulk({pk for about in contexts if (pk := about.get("user"))})
    return {pk: name_of(user) for pk, user in users.items()}


def _told_fields(event: Model) -> list[Any]:
    return [f for f in event._meta.concrete_fields if not f.name.startswith("pgh_") and f.name not in NOT_TOLD]


def changed_fields(
    before: Any, event: Any, texts: dict[tuple[type, Any], str], left_out: str | None
) -> list[FieldChange]:
    """Field by field; for a new or deleted row all that it says."""
    told = []
    deleted = event.pgh_label == "delete"
    for field in _told_fields(event):
        if field.name == left_out:
            continue
        old = _text(field, before, texts) if before is not None else ""
        new = "" if deleted else _text(field, event, texts)
        if old != new:
            told.append(FieldChange(capfirst(str(field.verbose_name)), old, new))
    return told


def differences(fields: Iterable[Any], before: Any, after: Any) -> list[FieldChange]:
    """In which of ``fields`` two rows or events differ, in words; None stands for a row that is not there."""
    given = [row for row in (before, after) if row is not None]
    texts = texts_of_rows_named(given)
    told = []
    for field in fields:
        if field.name in NOT_TOLD:
            continue
        old, new = (_text(field, row, texts) if row is not None else "" for row in (before, after))
        if old != new:
            told.append(FieldChange(capfirst(str(field.verbose_name)), old, new))
    return told


def _text(field: Any, event: Any, texts: dict[tuple[type, Any], str]) -> str:
    value = getattr(event, field.attname)
    if value is None or value == "" or value == []:
        return ""
    if field.is_relation:
        return texts.get((field.related_model, value), f"{field.related_model._meta.verbose_name} {value}")
    return value_in_words(field, value)


def value_in_words(field: Any, value: Any) -> str:
    """A column that points at no row, as a curator reads it; empty where nothing is recorded."""
    if value is None or value == "" or value == []:
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        return "\n".join(_check(item) if isinstance(item, dict) else str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def _check(source_check: dict[str, str]) -> str:
    return "; ".join(f"{name}: {text}" for name, text in source_check.items())


def texts_of_rows_named(rows: Iterable[Any]) -> dict[tuple[type, Any], str]:
    """What each row that the events (or rows) point at is called; two queries at most for each kind of row."""
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for row in rows:
        for field in _told_fields(row):
            if field.is_relation:
                wanted[field.related_model].add(getattr(row, field.attname))
    return {(model, pk): text for model, keys in wanted.items() for pk, text in names_of(model, keys - {None}).items()}


def names_of(model: type[Model], keys: Iterable[Any]) -> dict[Any, str]:
    """What the rows of ``model`` with these primary keys are called now; those that are gone, as they were last."""
    keys = set(keys)
    found = {pk: str(row) for pk, row in _naming(model).in_bulk(keys).items()}
    if (gone := keys - found.keys()) and hasattr(model, "pgh_event_model"):
        last = events_of(model).filter(pgh_obj_id__in=gone).order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
        found |= {event.pgh_obj_id: f"{as_it_was(model, event)} (deleted)" for event in last}
    return found


def _naming(model: type[Model]) -> QuerySet[Any]:
    """The rows of ``model`` with what their names are made of."""
    joined = [f.name for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey) and not f.null]
    return model._default_manager.select_related(*joined) if joined else model._default_manager.all()


def as_it_was(model: type[Model], event: Any) -> Model:
    """The row that an event tells of, as it was then."""
    names = {field.attname for field in model._meta.concrete_fields}
    return model(**{name: getattr(event, name) for name in names if hasattr(event, name)})

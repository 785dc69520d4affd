"""Which rows were edited on this site since a data set was last loaded, by the history the database keeps."""

from typing import Any

from treatments.curation.history import events_of
from treatments.models import MechanismInteraction

from .schema import Key, Links, Rows, Table

LOAD = "load_dataset"


def edited_here(table: Table, changed: dict[Any, tuple[str, ...]]) -> set[Any]:
    """The primary keys, of those ``changed`` in the named fields, whose last change was not made by a load."""
    edited = _last_changed_otherwise(table.model, "pgh_obj_id", set(changed))
    for part in table.parts:
        if isinstance(part, Links | Rows):
            owners = {pk for pk, fields in changed.items() if part.name in fields}
            if owners:
                edited |= _last_changed_otherwise(part.model, f"{part.owner}_id", owners)
    return edited


def interactions_once_here() -> set[Key]:
    """The interactions that this site ever had. One that is not there any more was deleted or changed by hand."""
    events = events_of(MechanismInteraction)
    return set(events.values_list("upstream__slug", "downstream__slug", "effect"))


def _last_changed_otherwise(model: Any, owner: str, owners: set[Any]) -> set[Any]:
    events = model.events.rel.related_model.objects.filter(**{f"{owner}__in": owners})
    last = events.order_by(owner, "-pgh_id").distinct(owner)
    return {pk for pk, command in last.values_list(owner, "pgh_context__metadata__command") if command != LOAD}

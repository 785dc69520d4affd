"""What the database recorded about a row: who changed what, when and why, with before and after."""

from typing import Any

from django.db.models import Model, QuerySet


def events_of(model: type[Model]) -> QuerySet[Any]:
    """Every recorded insert, update and delete of a model's rows."""
    tracked: Any = model
    return tracked.pgh_event_model.objects.all()

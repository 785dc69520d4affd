"""Full history: every insert, update and delete of a row is recorded by the database."""

from typing import TypeVar

import pghistory
from django.db import models
from django.db.models import GeneratedField

Model = TypeVar("Model", bound=type[models.Model])


def with_history(model: Model) -> Model:
    """Record each change of ``model`` in its event table, whichever way the change is made.

    Columns that the database computes from others are left out: they hold nothing new.
    """
    computed = [f.name for f in model._meta.concrete_fields if isinstance(f, GeneratedField)]
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=computed or None,
    )(model)

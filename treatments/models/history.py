"""Full history: every insert, update and delete of a row is recorded by the database."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, overload

import pghistory
import pgtrigger
import pgtrigger.core
from django.db import connections, models
from django.db.models import GeneratedField

from . import triggers

Model = TypeVar("Model", bound=type[models.Model])


@overload
def with_history(model: Model) -> Model: ...


@overload
def with_history(*, without: tuple[str, ...]) -> Callable[[Model], Model]: ...


def with_history(model: Any = None, *, without: tuple[str, ...] = ()) -> Any:
    """Record each change of ``model`` in its event table, whichever way the change is made.

    Columns that the database computes from others are left out, for they hold nothing new; so are those of ``without``.
    A row of which only ``updated_at`` changed is not recorded: one of its parts changed, and its history tells.
    """
    if model is None:
        return partial(_recorded, without=without)
    return _recorded(model, without)


def _recorded(model: Model, without: tuple[str, ...]) -> Model:
    computed = [f.name for f in model._meta.concrete_fields if isinstance(f, GeneratedField)]
    left_out = [*computed, *without]
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(condition=_changed(model)),
        pghistory.DeleteEvent(),
        exclude=left_out or None,
        meta={"triggers": triggers.never_truncated()},
    )(model)


def _changed(model: Model) -> pgtrigger.Condition:
    """That a row says something else than before; as text, because 79 and 79.0 are equal but different figures.

    A comparison of ``ROW(…)::record`` would be shorter, but PostgreSQL forgets the cast when it writes a trigger into a
    dump, and such a dump cannot be restored.
    """
    left_out = [str(f.column) for f in model._meta.concrete_fields if isinstance(f, GeneratedField)]
    if "updated_at" not in {f.column for f in model._meta.concrete_fields}:
        return pgtrigger.Condition("OLD.* *<> NEW.*")
    names = ", ".join(f"'{column}'" for column in sorted(["updated_at", *left_out]))
    old, new = (f"(to_jsonb({row}.*) - ARRAY[{names}])::text" for row in ("OLD", "NEW"))
    return pgtrigger.Condition(f"({old} <> {new})")


def record_always(using: str, **kwargs: Any) -> None:
    """Take from ``pgtrigger.ignore``, a session setting, its power to switch the recording off.

    Each trigger of django-pghistory asks one function of the database whether it is to be ignored; django-pgtrigger
    writes that function anew with every trigger it installs, so this runs after every migration.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {pgtrigger.core._ignore_func_name()}(trigger_name name) RETURNS boolean"
            " LANGUAGE sql IMMUTABLE RETURN false"
        )


def pin_search_path(using: str, **kwargs: Any) -> None:
    """Let the functions behind our triggers find the tables they name in the schema that was migrated, and only there.

    A session finds a temporary table before one of ours, and can search another schema first; a rule that looked there
    would be got round, and history written there would be lost. Runs after every migration, because a function that is
    written anew loses its settings.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(PIN_SEARCH_PATH)


# Functions written in SQL are left out: the database reads their names once, when they are made.
PIN_SEARCH_PATH = r"""
DO $$
DECLARE
    found regprocedure;
BEGIN
    FOR found IN
        SELECT p.oid FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = current_schema()::regnamespace AND l.lanname = 'plpgsql'
            AND p.proname ~ '^(treatments_|pgtrigger_|_pgh_)'
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', found, current_schema());
    END LOOP;
END $$
"""


def begin_migrating(using: str, **kwargs: Any) -> None:
    """Let the history say of what migrations change that they did: for the session, since nobody is signed in.

    ``pghistory.context`` would write into the statements themselves, which those of migrations do not bear.
    """
    _say_of_session(using, str(uuid.uuid4()), '{"command": "migrate"}')


def end_migrating(using: str, **kwargs: Any) -> None:
    _say_of_session(using, "", "")


def _say_of_session(using: str, context: str, metadata: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, false), set_config('pghistory.context_metadata', %s, false)",
            [context, metadata],
        )

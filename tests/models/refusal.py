"""Trying to get something past the database by every way there is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models import GeneratedField

from treatments.curation.problems import sentence
from treatments.models import Release, Vocabulary


def refused(attempt: Callable[[], Any]) -> str:
    """What a person is told about ``attempt``, which the database must refuse, at commit at the latest."""

    def attempt_and_commit() -> None:
        with transaction.atomic():
            attempt()
            sql("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError) as caught:
        attempt_and_commit()
    return sentence(caught.value)


def sql(statement: str, parameters: Any = ()) -> int:
    """Run ``statement`` as somebody with ``psql`` would; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def stored(row: models.Model) -> dict[str, Any]:
    """The columns of a row as the database holds them."""
    return type(row)._default_manager.filter(pk=row.pk).values().get()


def adapted(row: models.Model, values: dict[str, Any]) -> dict[str, Any]:
    """``values`` of fields by column, fit to be a parameter of SQL."""
    found = {}
    for name, value in values.items():
        field: Any = row._meta.get_field(name)
        found[field.column] = field.get_db_prep_save(getattr(value, "pk", value), connection)
    return found


def attempts(row: models.Model, **bad: Any) -> dict[str, Callable[[], Any]]:
    """Every way to give ``row``, saved and valid until now, the values ``bad``."""
    model = type(row)
    manager = model._default_manager

    def spoiled() -> Any:
        instance = manager.get(pk=row.pk)
        for name, value in bad.items():
            setattr(instance, name, value)
        return instance

    # A row that is kept for good is not written anew but beside itself, with everything it has to itself changed.
    kept = issubclass(model, Vocabulary | Release)
    own = beside(row) if kept else {}

    def insert_in_bulk() -> None:
        instance = spoiled()
        for name, value in {**own, **bad}.items():
            setattr(instance, name, value)
        if not kept:
            manager.filter(pk=row.pk).delete()
        instance._state.adding = True
        manager.bulk_create([instance])

    columns = adapted(row, bad)
    assignments = ", ".join(f'"{column}" = %s' for column in columns)
    table, key = model._meta.db_table, model._meta.pk.column
    inserted = adapted(row, {**own, **bad})
    numbered = kept and inserted.get(key, 0) is None
    copied = [
        f.column
        for f in model._meta.concrete_fields
        if not isinstance(f, GeneratedField) and not (numbered and f.column == key)
    ]
    names = ", ".join(f'"{column}"' for column in copied)
    taken = ", ".join("%s" if column in inserted else f'old."{column}"' for column in copied)
    old = f'SELECT * FROM "{table}" WHERE "{key}" = %s'
    if not kept:
        old = f'DELETE FROM "{table}" WHERE "{key}" = %s RETURNING *'
    return {
        "save": lambda: spoiled().save(),
        "update": lambda: manager.filter(pk=row.pk).update(**bad),
        "bulk_update": lambda: manager.bulk_update([spoiled()], list(bad)),
        "bulk_create": insert_in_bulk,
        "SQL UPDATE": lambda: sql(
            f'UPDATE "{table}" SET {assignments} WHERE "{key}" = %s', [*columns.values(), row.pk]
        ),
        "SQL INSERT": lambda: sql(
            f'WITH old AS ({old}) INSERT INTO "{table}" ({names}) SELECT {taken} FROM old',
            [row.pk, *(inserted[column] for column in copied if column in inserted)],
        ),
    }


def beside(row: models.Model) -> dict[str, Any]:
    """What a copy of ``row`` needs to stand beside it: other values where a value stands once."""
    others: dict[str, Any] = {"slug": "a-copy", "name": "a-copy", "code": "copy", "nct_id": "NCT98999999", "rank": 999}
    unique = [field for field in row._meta.concrete_fields if field.unique]
    return {field.name: None if field.null or field.name == "id" else others[field.name] for field in unique}


def refused_every_way(row: models.Model, **bad: Any) -> set[str]:
    """What a person is told, over all the ways to write ``bad``, each of which the database must refuse."""
    before = stored(row)
    told = set()
    for way, attempt in attempts(row, **bad).items():
        try:
            told.add(refused(attempt))
        except pytest.fail.Exception:
            raise AssertionError(f"{way} was let through: {bad}") from None
        assert stored(row) == before, f"{way} left a trace"
    return told

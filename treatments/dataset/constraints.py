"""The check constraints of the database, asked about rows that are not written yet."""

import datetime
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models.expressions import BaseExpression


class Broken(NamedTuple):
    """That the row at ``position`` breaks a rule, in the rule's words, with the columns the rule is about."""

    position: int
    message: str
    columns: tuple[str, ...]


def broken_constraints(rows: Sequence[models.Model]) -> Iterator[Broken]:
    """Every row that a check constraint of its table refuses.

    All ``rows`` are of one model and unsaved. The database itself evaluates its constraints, in one query: no
    rule is written a second time for the files of a data set.
    """
    if not rows:
        return
    model = type(rows[0])
    conditions = _conditions(model._meta.db_table)
    if not conditions:
        return
    content = json.dumps([_as_json(row) for row in rows], default=_plain)
    table = connection.ops.quote_name(model._meta.db_table)
    checks = ", ".join(f"(%s, ({condition.replace('%', '%%')}))" for _, condition, _ in conditions)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT row.ordinality, checked.name FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"  # noqa: S608
            f" WITH ORDINALITY AS row, LATERAL (VALUES {checks}) AS checked(name, holds)"
            " WHERE NOT checked.holds ORDER BY 1, 2",
            [content, *(name for name, _, _ in conditions)],
        )
        found = cursor.fetchall()
    messages = {
        constraint.name: str(constraint.violation_error_message)
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }
    columns = {name: tuple(about) for name, _, about in conditions}
    for position, name in found:
        message = messages.get(name, f'The database refuses it by its rule "{name}".')
        yield Broken(position - 1, message, columns[name])


def _conditions(table: str) -> list[tuple[str, str, list[str]]]:
    """The name, the condition and the columns of every check constraint of ``table``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_expr(conbin, conrelid), ARRAY(SELECT attname::text FROM pg_attribute"
            " WHERE attrelid = conrelid AND attnum = ANY (conkey) ORDER BY attnum) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'c' ORDER BY conname",
            [table],
        )
        return cursor.fetchall()


def _as_json(row: models.Model) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for column in row._meta.concrete_fields:
        if isinstance(column, models.GeneratedField):
            continue
        value = getattr(row, column.attname)
        # A row that has no primary key yet still is itself and nobody else.
        if value is None and column.primary_key:
            value = -id(row)
        elif value is None and column.is_relation:
            target = getattr(row, column.name, None)
            value = None if target is None else -id(target)
        if not isinstance(value, BaseExpression):
            content[str(column.column)] = value
    return content


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a data set.")

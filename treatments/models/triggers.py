"""Rules that the database itself enforces, as triggers declared on the models.

The functions stand in the migrations. Each trigger calls its function directly, so
``pgtrigger.ignore`` (a session setting) cannot switch a rule off.
"""

from typing import Any

import pgtrigger
from django.db import models


class _Rule(pgtrigger.Trigger):
    """A trigger that runs a shared function of the database with fixed arguments."""

    func = "RETURN NULL;"  # never reached: the trigger executes ``function`` instead
    function: str
    arguments: tuple[str, ...] = ()

    def __init__(self, *, function: str = "", arguments: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.function = function or self.function
        self.arguments = arguments or self.arguments
        super().__init__(**kwargs)

    def render_execute(self, model: models.Model) -> str:
        quoted = ", ".join(f"'{argument}'" for argument in self.arguments)
        return f"{self.function}({quoted})"


class _Touch(_Rule):
    """Sets ``updated_at`` when, and only when, a row really changes, whoever changes it."""

    name = "touch"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    function = "treatments_touch"

    def render_execute(self, model: models.Model) -> str:
        # A BEFORE trigger does not see computed columns yet, so they are named and left out.
        self.arguments = tuple(
            str(field.column) for field in model._meta.concrete_fields if isinstance(field, models.GeneratedField)
        )
        return super().render_execute(model)


def touch() -> list[pgtrigger.Trigger]:
    return [_Touch()]


def natural_key(model: Any) -> str:
    """The column by which people know a record: the one, but for a number, that every row has for itself."""
    numbers = (models.AutoField, models.IntegerField)
    return next(
        str(field.column)
        for field in model._meta.concrete_fields
        if field.unique and not field.null and not isinstance(field, numbers)
    )


class _Kept(_Rule):
    """The natural key of a record never changes, and the record is never deleted."""

    name = "kept"
    when = pgtrigger.After
    operation = pgtrigger.Update | pgtrigger.Delete
    function = "treatments_keep_record"

    def render_execute(self, model: models.Model) -> str:
        self.arguments = (natural_key(model),)
        return super().render_execute(model)


def kept() -> list[pgtrigger.Trigger]:
    return [_Kept()]


class _TouchOwner(_Rule):
    """A change of a part is a change of the record it belongs to: that has a new ``updated_at``."""

    name = "touch_owner"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    function = "treatments_touch_owner"

    def render_execute(self, model: models.Model) -> str:
        # The column that names the owner, and the owner's table; where that is a part itself, on to its own owner.
        way: list[str] = []
        of: Any = model
        while link := _link_to_owner(of):
            of = link.related_model
            way += [link.column, of._meta.db_table]
        self.arguments = tuple(way)
        return super().render_execute(model)


def _link_to_owner(model: Any) -> Any:
    """The foreign key by which a row belongs to another; ``None`` where it belongs to none."""
    links = (field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey))
    return next((link for link in links if link.remote_field.on_delete is models.CASCADE), None)


def part_rows() -> list[pgtrigger.Trigger]:
    """Rows that belong to a public record and are shown with it."""
    return [_TouchOwner(), *public_rows()]


class _Bump(_Rule):
    level = pgtrigger.Statement
    when = pgtrigger.After


class _NoTruncate(_Rule):
    name = "no_truncate"
    level = pgtrigger.Statement
    when = pgtrigger.Before
    operation = pgtrigger.Truncate
    function = "treatments_refuse_truncate"


def public_rows() -> list[pgtrigger.Trigger]:
    """Every change of such a table grows the revision of the public data set; it is never emptied at one stroke."""
    return [
        _Bump(
            name="revision_on_insert",
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_rows"),
            function="treatments_bump_on_insert",
        ),
        _Bump(
            name="revision_on_update",
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
            function="treatments_bump_on_update",
        ),
        _Bump(
            name="revision_on_delete",
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(old="old_rows"),
            function="treatments_bump_on_delete",
        ),
        _NoTruncate(),
    ]


def never_emptied() -> list[pgtrigger.Trigger]:
    """The table keeps its rows: none is deleted, by DELETE or by TRUNCATE."""
    return [_NoTruncate(operation=pgtrigger.Truncate | pgtrigger.Delete)]


def never_truncated() -> list[pgtrigger.Trigger]:
    """The table is never emptied at one stroke, past what guards each row."""
    return [_NoTruncate()]


def only_added() -> list[pgtrigger.Trigger]:
    """The table only grows: no row of it is ever changed or deleted."""
    return [
        _Rule(
            name="only_added",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            function="treatments_refuse_change",
        ),
        _NoTruncate(),
    ]


def never_changed() -> list[pgtrigger.Trigger]:
    """What a release holds stays as it was written: it is neither changed nor deleted."""
    return [
        _Rule(
            name="never_changed",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            function="treatments_refuse_release_change",
        )
    ]


def fixed_once_cut() -> list[pgtrigger.Trigger]:
    """A release that has a snapshot is neither changed nor deleted."""
    return [
        _Rule(
            name="fixed_once_cut",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            function="treatments_guard_release",
        )
    ]


class _Late(_Rule):
    """Checked when the transaction commits, so that a row and its parts can be written in turn."""

    when = pgtrigger.After
    timing = pgtrigger.Deferred


def claim_rows() -> list[pgtrigger.Trigger]:
    """The life of a claim: its legal steps, how its versions follow, and that what was published never changes.

    Who publishes has declared their interests; a draft that was submitted or deleted is nobody's work any more.
    """
    return [
        _Touch(),
        _Rule(
            name="life_of_a_claim",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            function="treatments_guard_claim",
        ),
        _Rule(
            name="reviewer_declared",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            function="treatments_check_reviewer",
        ),
        _Rule(
            name="end_of_assignment",
            when=pgtrigger.After,
            operation=pgtrigger.Update | pgtrigger.Delete,
            function="treatments_end_assignment",
        ),
        # A claim begins as a draft, so that it becomes public by an update.
        _Late(name="versions_follow", operation=pgtrigger.Update, function="treatments_check_versions"),
        _Bump(
            name="revision_on_publication",
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
            function="treatments_bump_on_publication",
        ),
        _NoTruncate(),
    ]


def claim_parts(table: str, column: str) -> list[pgtrigger.Trigger]:
    """Results and links of a claim in ``table`` (named by ``column``): fixed once published."""
    return [
        _Rule(
            name="fixed_once_published",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            function="treatments_guard_claim_part",
            arguments=(table, column),
        ),
        _NoTruncate(),
    ]


def treatment_parts(column: str | None = None) -> list[pgtrigger.Trigger]:
    """Two or more components for a combination, one or more members for a class, none for others.

    On the treatment itself without ``column``, on its parts with the column that names it.
    """
    operation = (
        pgtrigger.Insert | pgtrigger.Update
        if column is None
        else pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    )
    return [
        _Late(
            name="parts_fit_kind",
            operation=operation,
            function="treatments_check_treatment_parts",
            arguments=(column or "id",),
        )
    ]


def autoantibody_members(column: str | None = None) -> list[pgtrigger.Trigger]:
    """One or more members for a class of autoantibodies, none for a single specificity."""
    operation = (
        pgtrigger.Insert | pgtrigger.Update
        if column is None
        else pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    )
    return [
        _Late(
            name="members_fit_kind",
            operation=operation,
            function="treatments_check_autoantibody_members",
            arguments=(column or "id",),
        )
    ]


def tree(table: str) -> list[pgtrigger.Trigger]:
    """No row of ``table`` is its own ancestor through ``parent_id``."""
    return [
        _Rule(
            name="no_cycle",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update,
            function="treatments_refuse_cycle",
            arguments=(table,),
        )
    ]

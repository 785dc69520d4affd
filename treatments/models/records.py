"""What every record has: when it was made and changed, and where its facts were read."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Func, GeneratedField
from django.db.models.functions import Now

SOURCE_CHECK_GRADES = ("primary", "secondary")
SOURCE_CHECK_KEYS = ("what", "grade", "source", "note", "on")
WEB_ADDRESS = URLValidator(schemes=["http", "https"])


def validate_source_checks(checks: Any) -> None:
    """Raise ``ValidationError`` with every problem of a list of source checks.

    A check is ``{what, grade, source?, note?, on?}``: what was read, whether the source is
    ``primary`` (publication, PubMed, PMC, registry, regulator) or ``secondary`` (any other page),
    its address, a remark, and the ISO date it was read on.
    """
    if not isinstance(checks, list):
        raise ValidationError("Source checks are a list.")
    problems = []
    for number, check in enumerate(checks, start=1):
        if not isinstance(check, dict):
            problems.append(f"Source check {number} is not a set of named fields.")
            continue
        unknown = sorted(set(check) - set(SOURCE_CHECK_KEYS))
        if unknown:
            problems.append(f"Source check {number} has unknown fields: {', '.join(unknown)}.")
        if not all(isinstance(check[key], str) for key in check):
            problems.append(f"Source check {number}: every field is text.")
            continue
        if not check.get("what"):
            problems.append(f'Source check {number} does not say "what" was checked.')
        if check.get("grade") not in SOURCE_CHECK_GRADES:
            problems.append(f'Source check {number}: "grade" is primary or secondary.')
        if check.get("grade") == "primary" and not check.get("source"):
            problems.append(f"Source check {number} is primary and must name its source.")
        if check.get("source") and not _is_web_address(check["source"]):
            problems.append(f"Source check {number}: “{check['source']}” is not a web address.")
        if check.get("on") and not _is_day(check["on"]):
            problems.append(f"Source check {number}: “{check['on']}” is not a date like 2026-11-20.")
    if problems:
        raise ValidationError(problems)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_web_address(text: str) -> bool:
    try:
        WEB_ADDRESS(text)
    except ValidationError:
        return False
    return True


def address_check(model: str, column: str) -> models.CheckConstraint:
    """The database check that ``column``, which names a record in its address, can stand there."""
    return models.CheckConstraint(
        name=f"{model}_{column}_form",
        condition=models.Q(**{f"{column}__regex": r"^[-a-zA-Z0-9_]+$"}),
        violation_error_message=(
            "The name of a record in its address has letters, figures, hyphens and underscores only."
        ),
    )


class Timed(models.Model):
    """A row that knows when it was made and last changed; the database keeps both (``touch``)."""

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Working(models.Model):
    """A row of the curators' own work. Readers never see it, so it raises no revision and is in no data set file."""

    class Meta:
        abstract = True


class Sourced(models.Model):
    """A row whose facts were read somewhere, and that says where."""

    source_checks = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_source_checks],
        help_text="Where the facts were read: what, grade (primary or secondary), source, note, on.",
    )
    primary_checked = GeneratedField(
        expression=Func(
            F("source_checks"),
            function="treatments_has_primary_check",
            output_field=models.BooleanField(),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        help_text="Whether anything was read in a primary source.",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_source_checks_form",
                condition=Func(
                    F("source_checks"),
                    function="treatments_source_checks_valid",
                    output_field=models.BooleanField(),
                ),
                violation_error_message="A source check says what was read, its grade and, if primary, its source.",
            )
        ]

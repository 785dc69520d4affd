"""Column types and expressions shared by the models."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, GeneratedField

MAX_SIGNIFICANT_DIGITS = 15  # what a JSON reader's double holds without loss


def validate_figure(value: Decimal) -> None:
    """Raise ``ValidationError`` for a figure that is not finite or, written out, has over 15 digits."""
    if not value.is_finite():
        raise ValidationError("A figure must be a finite number.")
    _, digits, exponent = value.as_tuple()
    if len(digits) + max(int(exponent), 0) > MAX_SIGNIFICANT_DIGITS:
        raise ValidationError("A figure has at most 15 digits.")


class ChoiceField(models.CharField):
    """One word of a fixed list; the database refuses any other."""

    def db_check(self, connection: Any) -> str:
        values = [str(value) for value, _ in self.flatchoices]
        listed = ", ".join(f"'{value}'" for value in ([*values, ""] if self.blank else values))
        return f'"{self.column}" IN ({listed})'


class FigureInput(forms.DecimalField):
    """A figure as it is typed: 79 and 79.0 are different, so replacing one by the other is a change."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        if super().has_changed(initial, data):
            return True
        return initial is not None and str(initial) != str(self.to_python(data))


class FigureField(models.DecimalField):
    """A number kept exactly as its source printed it: 79, 79.0 and 79.00 stay what they are.

    PostgreSQL's ``numeric`` without precision stores the digits and their scale, so nothing is
    rounded and no zero is added.
    """

    default_validators = [validate_figure]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        # Django asks for max_digits and decimal_places, which this column does not have; where they are set, the
        # admin pads every figure it shows to so many places.
        return [error for error in super().check(**kwargs) if error.id not in ("fields.E130", "fields.E132")]

    def db_type(self, connection: Any) -> str:
        return "numeric"

    def db_check(self, connection: Any) -> str:
        return (
            f"\"{self.column}\" NOT IN ('NaN', 'Infinity', '-Infinity') AND"
            f" length(ltrim(translate(\"{self.column}\"::text, '-.', ''), '0')) <= {MAX_SIGNIFICANT_DIGITS}"
        )

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if hasattr(value, "as_sql"):
            return value
        return self.to_python(value)

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        # A step would make browsers refuse figures with more digits.
        widget = forms.NumberInput(attrs={"step": "any"})
        return super().formfield(*args, **{"form_class": FigureInput, "widget": widget, **kwargs})


class _Text(Func):
    """An array column as one text, usable in a generated column."""

    function = "treatments_join"
    output_field = models.TextField()


def _as_text(names: tuple[str, ...], arrays: tuple[str, ...]) -> Func | models.Value:
    parts = [_Text(F(name)) if name in arrays else F(name) for name in names]
    if not parts:
        return models.Value("")
    return Func(*parts, function="treatments_words", output_field=models.TextField())


def search_index(model: str) -> GinIndex:
    """The index that full-text search over ``model`` reads."""
    return GinIndex(fields=["search_vector"], name=f"{model}_search")


def search_vector(
    a: tuple[str, ...],
    b: tuple[str, ...] = (),
    c: tuple[str, ...] = (),
    *,
    arrays: tuple[str, ...] = (),
) -> GeneratedField:
    """A full-text column over the named columns, weighted A, B and C, kept by the database.

    Accents are dropped, Greek letters spelled out and slashes read as spaces, so "TIF1γ" and "TIF1 gamma" meet.
    """
    return GeneratedField(
        expression=Func(
            _as_text(a, arrays),
            _as_text(b, arrays),
            _as_text(c, arrays),
            function="treatments_vector",
            output_field=SearchVectorField(),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

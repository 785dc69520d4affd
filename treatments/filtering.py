"""What filters are made of: the strict FilterSet, which refuses what it does not know, and the kinds of filter.

``filters`` puts them together, once for each kind of record.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.db.models import F, Func, Model, Q, QuerySet, TextChoices, Value
from django.http import QueryDict

from .models import (
    Mechanism,
    PhenotypeAssociation,
)

TEXT_CONFIG = "english"  # of the search columns
MAX_SEARCH_LENGTH = 200
MAX_ALLOWED_LISTED = 100  # a longer list of allowed values is looked up at its own endpoint


@dataclass(frozen=True)
class Problem:
    """What is wrong with one parameter, and what it takes instead where that can be listed."""

    parameter: str
    detail: str
    allowed: list[str] = field(default_factory=list)


def text_query(text: str) -> SearchQuery:
    """``text`` as a full-text query in web-search syntax, folded like the columns it is put to."""
    folded = Func(Value(text), function="treatments_fold")
    return SearchQuery(folded, config=TEXT_CONFIG, search_type="websearch")


def validate_searchable(text: str) -> None:
    """Raise ``ValidationError`` where there is nothing to search for."""
    if not re.search(r"[^\W_]", text):
        raise ValidationError("A search needs at least one letter or digit.")


class AnyOf(django_filters.MultipleChoiceFilter):
    """The column has any of the values given, out of a fixed list."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=choices.choices, **kwargs)
        self.extra["error_messages"] = {"invalid_choice": "“%(value)s” is not one of the values."}

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class AnyLinked(django_filters.ModelMultipleChoiceFilter):
    """The row is linked to any of the records named, by a foreign key or through a link table."""

    def __init__(self, model: type[Model], key: str = "slug", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(queryset=model._default_manager.all(), to_field_name=key, **kwargs)
        self.extra["error_messages"] = {
            "invalid_choice": f"There is no {model._meta.verbose_name} “%(value)s”.",
            "invalid_pk_value": f"There is no {model._meta.verbose_name} “%(pk)s”.",
        }

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return self.linked_to(qs, list(value)) if value else qs

    def linked_to(self, qs: QuerySet, records: Iterable[Model]) -> QuerySet:
        """The rows linked to any of ``records``, which may be a queryset that nobody has evaluated yet."""
        # A subquery, so that a row linked twice is not listed twice.
        linked = qs.model._default_manager.filter(**{f"{self.field_name}__in": records})
        return qs.filter(pk__in=linked.values("pk"))


class MechanismAndBelow(AnyLinked):
    """As ``AnyLinked``, for the mechanisms named and everything below them in the tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Mechanism, **kwargs)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return self.linked_to(qs, Mechanism.objects.at_or_below(value)) if value else qs


class AssociatedWith(AnyLinked):
    """The autoantibody has a published association with any of the manifestations named; drafts do not count."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        published = PhenotypeAssociation.objects.published().filter(manifestation__in=list(value))
        return qs.filter(pk__in=published.values("autoantibody"))


class TrueOrFalse(django_filters.TypedChoiceFilter):
    """A yes-or-no question; anything but true and false is refused (Django's own field guesses)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=(("true", "Yes"), ("false", "No")),
            coerce=lambda value: value == "true",
            empty_value=None,
            **kwargs,
        )
        self.extra["error_messages"] = {"invalid_choice": "“%(value)s” is neither true nor false."}


class Named(TrueOrFalse):
    """Whether the row is linked to any record of this kind at all."""

    def filter(self, qs: QuerySet, value: bool | None) -> QuerySet:
        if value is None:
            return qs
        if not value:
            return qs.filter(**{f"{self.field_name}__isnull": True})
        # A subquery, so that a row linked twice is not listed twice.
        linked = qs.model._default_manager.filter(**{f"{self.field_name}__isnull": False})
        return qs.filter(pk__in=linked.values("pk"))


class LayoutChoice(django_filters.ChoiceFilter):
    """One way out of a few to lay the answer out, the first unless said otherwise; it leaves no row out."""

    def __init__(self, choices: type[TextChoices], **kwargs: Any) -> None:
        super().__init__(choices=choices.choices, **kwargs)
        self.extra["error_messages"] = {"invalid_choice": "“%(value)s” is not one of the values."}

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return qs


class LayoutParts(AnyOf):
    """What is shown of each row; it leaves no row out."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs


class TextSearch(django_filters.CharFilter):
    """Full-text search over the row's own text and over the related records named in ``through``."""

    def __init__(self, *through: str, **kwargs: Any) -> None:
        self.through = through
        super().__init__(label="Search", max_length=MAX_SEARCH_LENGTH, validators=[validate_searchable], **kwargs)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        query = text_query(value)
        found = Q(search_vector=query)
        for name in self.through:
            related = qs.model._meta.get_field(name).related_model
            # A subquery, so that a row linked to several that match is not listed several times.
            matching = related._default_manager.filter(search_vector=query).values("pk")
            found |= Q(pk__in=qs.model._default_manager.filter(**{f"{name}__in": matching}).values("pk"))
        if hasattr(qs.model, "accession"):
            found |= Q(accession=value.strip().upper())
        return qs.filter(found)


class StableOrdering(django_filters.OrderingFilter):
    """Orders by the keys asked for and then by primary key, so that pages never overlap."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        # What is not known comes last, whichever way it goes.
        keys: list[Any] = [
            F(name.removeprefix("-")).desc(nulls_last=True) if name.startswith("-") else F(name).asc(nulls_last=True)
            for name in map(self.get_ordering_value, value or [])
        ]
        return qs.order_by(*(keys or qs.query.order_by or qs.model._meta.ordering), "pk")


def ordering(**fields: str) -> StableOrdering:
    """An ordering by public names, each given with the column it stands for."""
    return StableOrdering(
        fields=[(column, name) for name, column in fields.items()],
        label="Order by",
        error_messages={"invalid_choice": "“%(value)s” is not something to order by."},
    )


class StrictFilterSet(django_filters.FilterSet):
    """Refuses what it does not know, and says what it takes.

    ``problems`` lists everything wrong with the parameters given; ``qs`` is only for a valid set.
    """

    passthrough: tuple[str, ...] = ("page", "page_size", "format")
    takes_empty: bool = True  # a form sends its empty fields along; a program that does has lost a value
    narrows_nothing: tuple[str, ...] = ("ordering",)  # how the answer is laid out: no filter that could be taken away

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        self.names_given = list(data or ())
        self.names_empty: list[str] = []
        if data is not None:
            data = data.copy()
            for name in list(data):
                values = [value for value in data.getlist(name) if value.strip()]
                if len(values) < len(data.getlist(name)):
                    self.names_empty.append(name)
                data.setlist(name, values)
                if not values:
                    del data[name]
        super().__init__(data if data is not None else QueryDict(), *args, **kwargs)

    @property
    def known(self) -> list[str]:
        return [*self.filters, *self.passthrough]

    def is_valid(self) -> bool:
        return not self.problems

    @property
    def problems(self) -> list[Problem]:
        if not hasattr(self, "_problems"):
            self._problems = [*self._unknown(), *self._empty(), *self._repeated(), *self._invalid()]
        return self._problems

    def _unknown(self) -> Iterable[Problem]:
        for name in self.names_given:
            if name not in self.filters and name not in self.passthrough:
                near = difflib.get_close_matches(name, self.known, n=1)
                hint = f" Did you mean “{near[0]}”?" if near else ""
                yield Problem(name, f"There is no such parameter.{hint}", self.known)

    def _empty(self) -> Iterable[Problem]:
        for name in self._refused_empty:
            yield Problem(name, "This parameter has no value. Give it one, or leave it out.")

    @property
    def _refused_empty(self) -> list[str]:
        return [] if self.takes_empty else [name for name in self.names_empty if name in self.known]

    def _repeated(self) -> Iterable[Problem]:
        for name in [*self.filters, *self.passthrough]:
            many = isinstance(self.filters.get(name), AnyOf | AnyLinked)
            if not many and len(self.data.getlist(name)) > 1:
                yield Problem(name, "This parameter takes one value; it was given more than once.")

    def _invalid(self) -> Iterable[Problem]:
        for name, errors in self.form.errors.get_json_data().items():
            for error in errors if name not in self._refused_empty else []:
                yield Problem(name, error["message"], self._allowed(name))

    def _allowed(self, name: str) -> list[str]:
        found = self.filters[name]
        if key := found.extra.get("to_field_name"):
            values = found.extra["queryset"].order_by(key).values_list(key, flat=True)
            values = [*values[: MAX_ALLOWED_LISTED + 1], *filter(None, [found.extra.get("null_value")])]
            return values if len(values) <= MAX_ALLOWED_LISTED else []
        if "choices" in found.extra:
            return [value for value, _ in found.extra["choices"]]
        return []

"""Query parameters: filters, ordering and pages, all refused when unknown, repeated or out of range."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import exceptions
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from treatments.filtering import (
    AnyLinked,
    AnyOf,
    LayoutChoice,
    Problem,
    StableOrdering,
    StrictFilterSet,
    TextSearch,
    TrueOrFalse,
)
from treatments.filters import Since
from treatments.finder_filter import OneAutoantibody, OneOf
from treatments.models import DatasetRevision

from .problems import InvalidParameters


class BoundedPages(PageNumberPagination):
    """Pages of 50 rows, or as many as asked for, up to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"

    def problems(self, request: Request) -> Iterator[Problem]:
        """What is wrong with the page and its size as asked for; a page past the last one is found out later."""
        ranges = {"page": ("a whole number from 1", None), "page_size": ("a whole number from 1 to 200", 200)}
        for name, (allowed, highest) in ranges.items():
            value = request.query_params.get(name, "")
            if not value:
                continue
            number = int(value) if value.isascii() and value.isdigit() else 0
            if number < 1 or (highest and number > highest):
                yield Problem(name, f"“{value[:80]}” is not {allowed}.", [allowed])

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound:
            # The only way it fails, once `problems` is empty.
            raise exceptions.NotFound("There is no such page; this list is shorter.") from None

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            parameter("page", "Which page, from 1.", {"type": "integer", "minimum": 1, "default": 1}),
            parameter("page_size", "Rows a page.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
        ]


class StrictFilters(BaseFilterBackend):
    """Puts the FilterSet of the view to its list, and refuses what the FilterSet refuses."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        found = view.filterset_class(request.query_params, queryset=queryset)
        require_valid(found, request, view.paginator)
        return found.qs

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [described(name, one) for name, one in view.filterset_class.base_filters.items()]


def require_valid(asked: StrictFilterSet, request: Request, pages: BoundedPages | None = None) -> None:
    """Raise ``InvalidParameters`` for everything that ``asked`` and ``pages`` do not take, empty values included."""
    asked.passthrough = ("page", "page_size") if pages else ()
    asked.takes_empty = False
    if problems := [*asked.problems, *(pages.problems(request) if pages else ())]:
        raise InvalidParameters(problems)


def refuse_parameters(request: Request, pages: BoundedPages | None = None) -> None:
    """Raise ``InvalidParameters`` for anything but ``pages``: for addresses that take no filters."""
    require_valid(StrictFilterSet(request.query_params, queryset=DatasetRevision.objects.none()), request, pages)


# Description for the schema -------------------------------------------------------------------------------------------

EXAMPLES = {
    "autoantibody": "anti-mda5",
    "certainty": "low",
    "gene": "JAK1",
    "guideline": "johnson-2024-acr-chest-ild",
    "level": "2",
    "manifestation": "calcinosis",
    "mechanism": "jak-stat",
    "outcome_measure": "total-improvement-score",
    "parent": "type-i-ifn",
    "pmid": "39609094",
    "doi": "10.1002/art.43066",
    "pmcid": "PMC12123255",
    "published_since": "2026-01-01",
    "q": "tif1g",
    "reference": "abatacept-iim-phase3",
    "search": "tofacitinib",
    "since": "2026-11-01",
    "treatment": "ivig",
    "trial": "NCT03215927",
}


def parameter(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema, **more}


def described(name: str, one: django_filters.Filter) -> dict[str, Any]:
    """A filter as an OpenAPI parameter."""
    label = str(one.label)
    example = {"example": EXAMPLES[name]} if name in EXAMPLES else {}
    match one:
        case StableOrdering():
            keys = [value for value, _ in one.extra["choices"]]
            return parameter(
                name,
                "One or more keys, separated by commas; a minus sign turns one round.",
                {"type": "array", "items": {"type": "string", "enum": keys}},
                style="form",
                explode=False,
            )
        case AnyOf():
            values = [value for value, _ in one.extra["choices"]]
            return repeatable(name, f"{label}. Repeat for any of several.", {"type": "string", "enum": values})
        case AnyLinked():
            key = {"slug": "slug", "code": "code", "nct_id": "NCT number"}[one.extra["to_field_name"]]
            return repeatable(name, f"{label}, by {key}. Repeat for any of several.", {"type": "string"}, **example)
        case LayoutChoice():
            values = [value for value, _ in one.extra["choices"]]
            return parameter(name, f"{label}.", {"type": "string", "enum": values, "default": values[0]})
        case OneAutoantibody():
            return parameter(name, f"{label}, by slug, or “unknown”.", {"type": "string"}, **example)
        case OneOf():
            values = [value for value, _ in one.extra["choices"]]
            return parameter(name, f"{label}.", {"type": "string", "enum": values})
        case TrueOrFalse():
            return parameter(name, f"{label}.", {"type": "boolean"})
        case TextSearch():
            words = 'Words to find; "quotes", OR and -minus work as in a web search.'
            return parameter(name, words, {"type": "string", "maxLength": one.extra["max_length"]}, **example)
        case Since():
            asked = "On this day (YYYY-MM-DD, in UTC) or later; or after the revision of this number."
            return parameter(name, asked, {"type": "string", "maxLength": one.extra["max_length"]}, **example)
        case django_filters.DateFilter():
            return parameter(name, f"{label}.", {"type": "string", "format": "date"}, **example)
        case django_filters.NumberFilter():
            limits = {"minimum": one.extra["min_value"], "maximum": one.extra["max_value"]}
            return parameter(name, f"{label}.", {"type": "integer", **limits})
    needed = {"required": True} if one.extra.get("required") else {}
    return parameter(name, f"{label}.", {"type": "string", "maxLength": one.extra["max_length"]}, **example, **needed)


def repeatable(name: str, description: str, items: dict[str, Any], **more: Any) -> dict[str, Any]:
    if "example" in more:
        more["example"] = [more["example"]]
    return parameter(name, description, {"type": "array", "items": items}, style="form", explode=True, **more)

"""What all records of the API have in common: how values are written, and how records name each other.

* A record names another by its slug (or accession, NCT number, code) and name only; the rest is at its own address.
* A text, date or number that was not seen is ``null``, never an empty string; ``null`` never means "none".
* A figure is the number its source printed, as a JSON number without loss.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Model, Prefetch, QuerySet
from django.db.models.fields import CharField, Field, TextField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from treatments.models import Reference
from treatments.models.fields import FigureField
from treatments.models.identifiers import IDENTIFIERS
from treatments.models.records import SOURCE_CHECK_GRADES


def number(value: Decimal) -> int | float:
    """The JSON number of a figure."""
    return int(value) if value.as_tuple().exponent == 0 else float(value)


@extend_schema_field(OpenApiTypes.NUMBER)
class Figure(serializers.Field):
    """A decimal as a JSON number: 47 stays an integer, 6.9 is written 6.9.

    Figures have at most 15 significant digits, which a double holds exactly.
    """

    def to_representation(self, value: Decimal) -> int | float:
        return number(value)


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string", "format": "uri"}})
class Related(serializers.Field):
    """Addresses of the lists that hold what refers to this record.

    ``lists`` maps each list's name to the filter that selects it.
    """

    def __init__(self, **lists: str) -> None:
        super().__init__(source="*", read_only=True, help_text="Lists of what refers to this record.")
        self.lists = lists

    def to_representation(self, value: Model) -> dict[str, str]:
        request = self.context["request"]
        return {
            name: f"{reverse(f'api:{endpoint(name)}-list', request=request)}?{urlencode({by: natural_key(value)})}"
            for name, by in self.lists.items()
        }

    def __deepcopy__(self, memo: dict[int, Any]) -> "Related":
        return type(self)(**self.lists)


def endpoint(name: str) -> str:
    """The last part of the address of a list, from the name it has in a record."""
    return name.replace("_", "-")


def natural_key(record: Model) -> str:
    """What the record is called in addresses and filters."""
    for name in ("slug", "accession", "nct_id", "code", "name"):
        if hasattr(record, name):
            return getattr(record, name)
    raise TypeError(f"{type(record).__name__} has no natural key")


class Address(serializers.HyperlinkedIdentityField):
    """The address of a record in this API."""

    def __init__(self, list_name: str, lookup_field: str = "slug") -> None:
        self.given = (list_name, lookup_field)
        super().__init__(
            view_name=f"api:{list_name}-detail", lookup_field=lookup_field, help_text="This record in the API."
        )

    def __deepcopy__(self, memo: dict[int, Any]) -> "Address":
        return type(self)(*self.given)


@extend_schema_field(OpenApiTypes.URI)
class PageAddress(serializers.Field):
    """The address of the page that shows a record to people."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True, help_text="The page that shows this to people.")

    def to_representation(self, value: Any) -> str:
        return self.context["request"].build_absolute_uri(value.get_absolute_url())

    def __deepcopy__(self, memo: dict[int, Any]) -> "PageAddress":
        return type(self)()


class Link(serializers.Serializer):
    """Another record, by slug and name."""

    slug = serializers.SlugField(read_only=True)
    name = serializers.CharField(read_only=True)


class ReferenceLink(serializers.Serializer):
    """A publication, by slug and the way a text names it: author, journal, year."""

    slug = serializers.SlugField(read_only=True)
    name = serializers.CharField(read_only=True, source="__str__")


class TrialLink(serializers.Serializer):
    """A registered trial, by its number and acronym."""

    nct_id = serializers.CharField(read_only=True)
    acronym = serializers.CharField(read_only=True, allow_null=True)

    def to_representation(self, instance: Model) -> dict[str, Any]:
        return nulls(super().to_representation(instance))


class SourceCheck(serializers.Serializer):
    """Where facts were read. Primary: the publication, PubMed, PMC, a registry, a regulator; secondary: elsewhere."""

    what = serializers.CharField(read_only=True, help_text="What was read there.")
    grade = serializers.ChoiceField(read_only=True, choices=SOURCE_CHECK_GRADES)
    source = serializers.CharField(  # type: ignore[assignment]
        read_only=True, allow_null=True, help_text="The address it was read at."
    )
    note = serializers.CharField(read_only=True, allow_null=True)
    on = serializers.CharField(read_only=True, allow_null=True, help_text="The date it was read, as exact as noted.")


class ExternalLink(serializers.Serializer):
    """An identifier of another registry, and the record it names there."""

    registry = serializers.CharField(read_only=True)
    identifier = serializers.CharField(read_only=True)
    url = serializers.URLField(read_only=True)


@extend_schema_field(ExternalLink(many=True))
class ExternalLinks(serializers.Field):
    """Links to other registries, made from the columns named; those not seen are left out."""

    def __init__(self, *kinds: str) -> None:
        super().__init__(source="*", read_only=True, help_text="This record in other registries, as far as known.")
        self.kinds = kinds

    def to_representation(self, value: Model) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for kind in self.kinds:
            registry = IDENTIFIERS["gene" if kind == "genes" else kind]
            named_by = getattr(value, kind) or []
            found += [
                {"registry": registry.name, "identifier": identifier, "url": registry.link(identifier)}
                for identifier in ([named_by] if isinstance(named_by, str) else named_by)
            ]
        return found

    def __deepcopy__(self, memo: dict[int, Any]) -> "ExternalLinks":
        return type(self)(*self.kinds)


def nulls(values: dict[str, Any]) -> dict[str, Any]:
    """The same with ``None`` for empty text."""
    return {name: None if value == "" else value for name, value in values.items()}


class Record(serializers.ModelSerializer):
    """Base of all records: read-only, with ``null`` for what was not seen.

    ``joined`` names the foreign keys it follows, ``fetched`` what it reads besides, so that a list costs the same
    number of queries however long it is.
    """

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {FigureField: Figure}

    joined: ClassVar[tuple[str, ...]] = ()
    fetched: ClassVar[tuple[str | Prefetch, ...]] = ()

    def build_standard_field(self, field_name: str, model_field: Field) -> tuple[type, dict[str, Any]]:
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        wanted = {"choices", "child", "help_text"} & kwargs.keys()
        kept = {name: kwargs[name] for name in wanted}
        unseen = isinstance(model_field, CharField | TextField) and model_field.blank
        if model_field.null or unseen:
            kept["allow_null"] = True
        return field_class, kept if field_name == "child" else kept | {"read_only": True}

    def to_representation(self, instance: Model) -> dict[str, Any]:
        return nulls(super().to_representation(instance))

    @classmethod
    def read(cls, queryset: QuerySet) -> QuerySet:
        """``queryset`` with everything this serializer looks at."""
        wanted = columns(queryset.model)
        for name in cls.joined:
            linked = queryset.model._meta.get_field(name).related_model
            wanted += [f"{name}__{column}" for column in naming_columns(linked)]
        if cls.joined:  # without names select_related() would follow every foreign key
            queryset = queryset.select_related(*cls.joined)
        return queryset.only(*wanted).prefetch_related(*cls.fetched)


def columns(model: type[Model]) -> list[str]:
    """The names of all columns but the search vector, which is large and never shown."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if not isinstance(field, SearchVectorField)
        and not isinstance(getattr(field, "output_field", None), SearchVectorField)
    ]


def naming_columns(model: type[Model]) -> Sequence[str]:
    """The columns by which links name a record of this model."""
    if model is Reference:
        return ("slug", "title", "authors", "journal", "year")
    present = {field.name for field in model._meta.concrete_fields}
    return [
        name
        for name in (
            "slug",
            "name",
            "nct_id",
            "acronym",
            "accession",
            "version",
            "status",
            "code",
            "title",
            "released_on",
        )
        if name in present
    ]


def named(path: str, model: type[Model]) -> Prefetch:
    """Prefetches the records at ``path`` with what links name them by, and no more."""
    return Prefetch(path, queryset=model._default_manager.only(*naming_columns(model)))

"""What changed: the endpoint for programs that keep up with the data set."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from treatments.changes import Change, Headers, changes
from treatments.filters import ChangeFilter
from treatments.models import Claim, DatasetRevision, MechanismInteraction
from treatments.models.choices import ChangeKind, RecordType
from treatments.titles import title

from .endpoints import ENDPOINTS
from .parameters import BoundedPages, described, require_valid
from .serializers.records import natural_key, nulls


class ChangeRow(serializers.Serializer):
    """One record changed by one transaction.

    Of a claim: a version was `published`, replaced another (`new_version`) or was `retracted`. Of vocabulary and
    sources: a record was `added`, `changed`, `retired` or `removed`.
    """

    revision = serializers.IntegerField(
        allow_null=True, help_text="Of the data set, made by this change; null where the history does not go back."
    )
    changed_at = serializers.DateTimeField(source="at")
    kind = serializers.ChoiceField(ChangeKind.choices)
    type = serializers.ChoiceField(RecordType.choices, source="record_type")
    key = serializers.SerializerMethodField(help_text="Accession, slug, NCT number or code.")
    name = serializers.SerializerMethodField()
    version = serializers.SerializerMethodField(help_text="Of a claim.")
    replaces = serializers.SerializerMethodField(help_text="The version that a new version of a claim replaced.")
    reason = serializers.CharField(source="why", allow_null=True, help_text="As noted for readers.")
    release = serializers.SerializerMethodField(help_text="The release of the data set that it came with.")
    url = serializers.SerializerMethodField(help_text="The record in this API; null for one that was removed.")
    version_url = serializers.SerializerMethodField(help_text="The permanent address of the version of a claim.")

    def to_representation(self, instance: Change) -> dict[str, Any]:
        return nulls(super().to_representation(instance))

    def get_key(self, change: Change) -> str:
        record = change.record
        if isinstance(record, MechanismInteraction):
            return f"{record.upstream.slug} {record.effect} {record.downstream.slug}"
        return natural_key(record)

    def get_name(self, change: Change) -> str:
        return title(change.record)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_version(self, change: Change) -> int | None:
        return change.record.version if isinstance(change.record, Claim) else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_replaces(self, change: Change) -> int | None:
        return change.record.supersedes.version if change.kind == ChangeKind.NEW_VERSION else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_release(self, change: Change) -> str | None:
        return change.release.name if change.release else None

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_url(self, change: Change) -> str | None:
        if not change.has_page:
            return None
        record = change.record
        named = record.upstream if isinstance(record, MechanismInteraction) else record
        return self._address(f"{ENDPOINTS[type(named)]}-detail", natural_key(named))

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_version_url(self, change: Change) -> str | None:
        if not isinstance(change.record, Claim):
            return None
        name = f"{ENDPOINTS[type(change.record)]}-version"
        return self._address(name, change.record.accession, change.record.version)

    def _address(self, name: str, *arguments: Any) -> str:
        return reverse(f"api:{name}", args=arguments, request=self.context["request"])


class ChangeFilters(BaseFilterBackend):
    """The parameters of the page of changes, for the schema; the view itself refuses and reads them."""

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [described(name, one) for name, one in ChangeFilter.base_filters.items()]


class Changes(GenericAPIView):
    """What changed in public, the latest first.

    `since` takes a day (changes on it, in UTC, or later) or a revision (changes after it): a program keeps the
    `X-Dataset-Revision` of the answer it last processed, asks for what came after, and misses nothing. A change may be
    told twice when transactions overlapped or the list grew between two pages.
    """

    queryset = DatasetRevision.objects.none()
    serializer_class = ChangeRow
    pagination_class = BoundedPages
    filter_backends = [ChangeFilters]
    filterset_class = None

    @extend_schema(
        responses=ChangeRow(many=True), tags=["changes"], operation_id="changes_list", summary="List what changed"
    )
    def get(self, request: Request) -> Response:
        asked, pages = ChangeFilter(request.query_params), BoundedPages()
        require_valid(asked, request, pages)
        headers = pages.paginate_queryset(Headers(asked.scope), request, view=self)
        rows = self.get_serializer(changes(headers), many=True)
        return pages.get_paginated_response(rows.data)

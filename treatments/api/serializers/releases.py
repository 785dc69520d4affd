"""Releases of the data set, with their files and what changed from one to the next."""

import json
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from treatments.models import Release, ReleaseFile
from treatments.models.choices import ChangeKind, RecordType, ReleaseForm
from treatments.releases.reading import record_url, release_with_changes, releases

from .records import Address, PageAddress, Record, nulls


class ReleaseFileLink(serializers.ModelSerializer):
    """A file of a release. It never changes, and stays at its address."""

    form = serializers.ChoiceField(ReleaseForm.choices, read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = ReleaseFile
        fields = ["form", "name", "media_type", "size", "sha256", "url"]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, file: ReleaseFile) -> str:
        named = [self.context["release"], file.name]
        return reverse("web:release-file", args=named, request=self.context["request"])


class ChangeCount(serializers.Serializer):
    """How many records of one type changed in one way since the release before."""

    kind = serializers.ChoiceField(ChangeKind.choices, read_only=True)
    type = serializers.ChoiceField(RecordType.choices, read_only=True)
    count = serializers.IntegerField(read_only=True)


class RecordChange(serializers.Serializer):
    """A record that differs from the release before."""

    kind = serializers.ChoiceField(ChangeKind.choices, read_only=True)
    type = serializers.ChoiceField(RecordType.choices, read_only=True)
    key = serializers.CharField(read_only=True, help_text="Accession, slug, NCT number or code.")
    version = serializers.IntegerField(read_only=True, allow_null=True, help_text="Of a claim.")
    name = serializers.CharField(read_only=True)
    fields_changed = serializers.ListField(
        source="fields", child=serializers.CharField(), read_only=True, help_text="Names of fields in the files."
    )
    reason = serializers.CharField(read_only=True, allow_null=True, help_text="As noted for readers.")
    html_url = serializers.SerializerMethodField(
        help_text="The version of a claim, at its permanent address, or the record; null for one that was removed."
    )

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_html_url(self, change: dict[str, Any]) -> str | None:
        path = record_url(change)
        return self.context["request"].build_absolute_uri(path) if path else None

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return nulls(super().to_representation(instance))


COUNTS = {"type": ["object", "null"], "additionalProperties": {"type": "integer"}}


class ReleaseRow(Record):
    """A named snapshot of the data set. It is ``null`` throughout where no files were kept of a release."""

    url = Address("releases", "name")
    html_url = PageAddress()
    revision = serializers.IntegerField(
        source="snapshot.revision", read_only=True, allow_null=True, help_text="Of the data set, made by the release."
    )
    schema_version = serializers.IntegerField(
        source="snapshot.schema_version", read_only=True, allow_null=True, help_text="Of the form of the files."
    )
    previous = serializers.CharField(
        source="snapshot.previous.name", read_only=True, allow_null=True, help_text="The release compared with."
    )
    counts = serializers.SerializerMethodField(help_text="Rows of each file of the data set.")
    changes = serializers.SerializerMethodField(help_text="Since the release before, in numbers.")
    files = serializers.SerializerMethodField(help_text="Bundles of all files, and the manifest.")

    class Meta:
        model = Release
        fields = [
            *("url", "html_url", "name", "title", "released_on", "notes", "revision", "schema_version"),
            *("counts", "previous", "changes", "files"),
        ]

    @classmethod
    def read(cls, queryset: QuerySet) -> QuerySet:
        return releases()

    @extend_schema_field(COUNTS)
    def get_counts(self, release: Release) -> dict[str, int] | None:
        snapshot = getattr(release, "snapshot", None)
        return snapshot.counts if snapshot else None

    @extend_schema_field(ChangeCount(many=True))
    def get_changes(self, release: Release) -> list[dict[str, Any]]:
        snapshot = getattr(release, "snapshot", None)
        return snapshot.change_counts if snapshot else []

    @extend_schema_field(ReleaseFileLink(many=True))
    def get_files(self, release: Release) -> Any:
        snapshot = getattr(release, "snapshot", None)
        if not snapshot:
            return []
        context = {**self.context, "release": release.name}
        return ReleaseFileLink(snapshot.files.all(), many=True, context=context).data


class ReleaseRecord(ReleaseRow):
    """A release with its manifest and every record that changed since the release before."""

    manifest = serializers.SerializerMethodField(help_text="What the file of this name says: counts and checksums.")
    left_out = serializers.SerializerMethodField(help_text="What was published and is not in the files, and why.")
    difference = serializers.SerializerMethodField(help_text="Every record that changed since the release before.")

    class Meta(ReleaseRow.Meta):
        fields = [*ReleaseRow.Meta.fields, "left_out", "difference", "manifest"]

    @classmethod
    def read(cls, queryset: QuerySet) -> QuerySet:
        return release_with_changes()

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_manifest(self, release: Release) -> dict[str, Any] | None:
        found = ReleaseFile.objects.filter(snapshot__release=release, form=ReleaseForm.MANIFEST).first()
        return json.loads(bytes(found.content)) if found else None

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_left_out(self, release: Release) -> list[str]:
        snapshot = getattr(release, "snapshot", None)
        return snapshot.left_out if snapshot else []

    @extend_schema_field(RecordChange(many=True))
    def get_difference(self, release: Release) -> Any:
        snapshot = getattr(release, "snapshot", None)
        changes = snapshot.difference.get("changes", []) if snapshot else []
        return RecordChange(changes, many=True, context=self.context).data

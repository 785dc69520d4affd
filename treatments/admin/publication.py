"""The public data set as a whole. Nobody writes these rows by hand: triggers and the loader do."""

from typing import Any

from django.contrib import admin

from treatments.models import DatasetRevision, Release

from .records import ReadOnly, RecordAdmin


@admin.register(Release)
class ReleaseAdmin(ReadOnly, RecordAdmin):
    list_display = ("name", "title", "released_on")
    search_fields = ("name", "title")
    date_hierarchy = "released_on"
    fieldsets = ((None, {"fields": ("name", "title", "released_on", "notes")}),)

    def view_on_site(self, row: Any) -> None:
        """No page of its own."""


@admin.register(DatasetRevision)
class DatasetRevisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("number", "changed_at")
    fields = ("number", "changed_at")

"""The public data set as a whole. Editors cut releases; nobody writes the revision by hand: triggers do."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from treatments.models import DatasetRevision, Release
from treatments.releases import cut
from treatments.web.presenters.releases import count_lines, file_lines, in_words

from .records import ReadOnly, RecordAdmin

ABOUT_CUTTING = (
    "Everything that is published at this moment goes into the release: no drafts, no people, no comments. Its files"
    " are kept for good under this name; neither can be changed or taken back."
)
NO_FILES = "No files were kept of this release."


@admin.register(Release)
class ReleaseAdmin(RecordAdmin):
    """A release is cut by adding it. Afterwards nothing about it changes."""

    list_display = ("name", "title", "released_on")
    search_fields = ("name", "title")
    date_hierarchy = "released_on"
    fieldsets = (
        (None, {"fields": ("name", "title", "released_on", "notes")}),
        ("What it holds", {"fields": ("files_shown", "counts_shown", "changes_shown")}),
    )
    cutting = ((None, {"fields": ("name", "title", "notes"), "description": ABOUT_CUTTING}),)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.cutting

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("files_shown", "counts_shown", "changes_shown") if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The month as the name, or the day where the month had its release."""
        today = timezone.localdate()
        month = f"{today:%Y-%m}"
        name = today.isoformat() if Release.objects.filter(name=month).exists() else month
        return {"name": name, "title": f"Data set of {today:%B %Y}", **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Cut it; what is refused becomes an error of the form."""
        obj.__dict__.update(cut(obj.name, obj.title, obj.notes).__dict__)

    @admin.display(description="Files")
    def files_shown(self, release: Release) -> SafeString | str:
        snapshot = getattr(release, "snapshot", None)
        if snapshot is None:
            return NO_FILES
        lines = file_lines(release, snapshot.files.defer("content"))
        items = ((line.url, line.file.name, line.file.size, line.file.sha256) for line in lines)
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>, {} bytes<br><code>{}</code>', items)

    @admin.display(description="Rows")
    def counts_shown(self, release: Release) -> str:
        snapshot = getattr(release, "snapshot", None)
        if snapshot is None:
            return "Not recorded."
        return ", ".join(f"{line.count} {line.name.lower()}" for line in count_lines(snapshot.counts))

    @admin.display(description="Changes")
    def changes_shown(self, release: Release) -> str:
        snapshot = getattr(release, "snapshot", None)
        if snapshot is None or snapshot.previous is None:
            return "There is no earlier release to compare it with."
        changed = ", ".join(in_words(snapshot.change_counts)) or "nothing changed"
        return f"Since {snapshot.previous}: {changed}."


@admin.register(DatasetRevision)
class DatasetRevisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("number", "changed_at")
    fields = ("number", "changed_at")

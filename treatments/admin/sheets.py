"""Spreadsheets at the list of evidence: export, template, import with a preview, and the list of imports."""

import hashlib
from collections.abc import Generator, Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from treatments.models import EvidenceImport
from treatments.sheets.formats import CSV, MAX_BYTES, XLSX, FileRefused, format_of
from treatments.sheets.importing import ImportRefused, import_sheet, may_import, preview
from treatments.sheets.planning import Outcome, Plan, Planned, Progress
from treatments.sheets.resource import BOTH, SCOPES, EvidenceResource, in_scope, run

from .records import ReadOnly, RecordAdmin

SCOPE, FORMAT = "_scope", "_format"
FORMATS: dict[str, tuple[str, type[CSV] | type[XLSX]]] = {
    "xlsx": ("XLSX, for Excel and LibreOffice: values to choose from, figures stay as typed", XLSX),
    "csv": ("CSV, for programs: Excel drops zeros from figures and makes dates of text", CSV),
}
PROBLEMS_SHOWN = 1000
ENTRIES_SHOWN = 500
KEPT_FOR = timedelta(days=1)
PROGRESS_HERE = "<!-- progress -->"
"""Where the steps of an import are written into its page while they happen."""


class SheetsAdmin(admin.ModelAdmin):
    """Adds the pages of spreadsheets to the admin of evidence."""

    change_list_template = "admin/sheets/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("export/", view(self.export_view), name="treatments_evidence_export"),
            path("export/file/", view(self.file_view), name="treatments_evidence_file"),
            path("template/", view(self.template_view), name="treatments_evidence_template"),
            path("import/", view(self.upload_view), name="treatments_evidence_import"),
            path("import/<int:pk>/", view(self.preview_view), name="treatments_evidence_import_preview"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"may_import": may_import(request.user), **(extra_context or {})}
        return super().changelist_view(request, context)

    # Export

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Asks what to export and as what; the filters of the list that one comes from hold."""
        listed = self._listed(request)
        if isinstance(listed, HttpResponse):
            return listed
        context = {
            "scopes": [(name, label, in_scope(listed, name).count()) for name, label in SCOPES.items()],
            "formats": [(name, label) for name, (label, _) in FORMATS.items()],
            "chosen": BOTH,
            "filters": list(request.GET.items()),
        }
        return self._page(request, "admin/sheets/export.html", "Export evidence", context)

    def file_view(self, request: HttpRequest) -> HttpResponse:
        """The file. An address that names no scope or format that there is leads back to the form."""
        asked = request.GET.copy()
        scope, kind = asked.pop(SCOPE, [""])[-1], asked.pop(FORMAT, [""])[-1]
        request.GET = asked  # type: ignore[assignment]
        if scope not in SCOPES or kind not in FORMATS:
            self.message_user(request, "Choose what to export, and as what.", messages.ERROR)
            return HttpResponseRedirect(_with_query(reverse("admin:treatments_evidence_export"), request))
        listed = self._listed(request)
        if isinstance(listed, HttpResponse):
            return listed
        dataset = EvidenceResource().export(in_scope(listed, scope))
        try:
            return _file(FORMATS[kind][1](), dataset, f"evidence-{scope}-{timezone.localdate()}")
        except FileRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(_with_query(reverse("admin:treatments_evidence_export"), request))

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """The empty workbook to fill in."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return _file(XLSX(), EvidenceResource().export(self.model._default_manager.none()), "evidence-template")

    def _listed(self, request: HttpRequest) -> QuerySet | HttpResponse:
        """What the list shows under the filters of the request, on all its pages."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            found: QuerySet = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            self.message_user(request, "The list has no such filter.", messages.ERROR)
            return HttpResponseRedirect(reverse("admin:treatments_evidence_changelist"))
        return found

    # Import

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Takes a file; what it would change is shown next."""
        if not may_import(request.user):
            raise PermissionDenied
        problem = ""
        if request.method == "POST":
            try:
                upload = _store(request)
            except FileRefused as refusal:
                problem = str(refusal)
            else:
                return HttpResponseRedirect(reverse("admin:treatments_evidence_import_preview", args=[upload.pk]))
        context = {"problem": problem, "megabytes": MAX_BYTES // 1024 // 1024}
        return self._page(request, "admin/sheets/upload.html", "Import evidence", context, 400 if problem else 200)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """What an uploaded file would change, row by row; confirmed, it is imported."""
        if not may_import(request.user):
            raise PermissionDenied
        upload = EvidenceImport.objects.filter(pk=pk, uploaded_by=request.user.pk).first()
        if upload is None:
            raise Http404(f"You have no upload {pk}; it may have been there for too long.")
        if request.method == "POST" and upload.imported_at is None:
            return self._import(request, upload)
        context: dict[str, Any] = {"upload": upload}
        if upload.imported_at is None:
            dataset = format_of(upload.file_name).create_dataset(bytes(upload.content))
            context |= _told(run(preview(dataset, request.user)))  # type: ignore[arg-type]
        return self._page(request, "admin/sheets/preview.html", f"Import of {upload.file_name}", context)

    def _import(self, request: HttpRequest, upload: EvidenceImport) -> StreamingHttpResponse:
        """Imports the file while the page is sent, so that its reader sees how far it is. Needs no script."""
        context = self._context(request, f"Import of {upload.file_name}", {"upload": upload})
        page = render_to_string("admin/sheets/importing.html", context, request)
        steps = _imported(request, upload.pk, request.POST.get("reason", ""), request.POST.get("seen", ""))
        response = StreamingHttpResponse(_while(page, steps, upload))
        # Compressed, the steps would be held back until there are enough of them.
        response["Content-Encoding"] = "identity"
        response["X-Accel-Buffering"] = "no"
        return response

    # Pages

    def _page(
        self, request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        return TemplateResponse(request, template, self._context(request, title, context), status=status)

    def _context(self, request: HttpRequest, title: str, context: dict[str, Any]) -> dict[str, Any]:
        request.current_app = self.admin_site.name
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": None,
            "opts": self.opts,
            **context,
        }


@admin.register(EvidenceImport)
class EvidenceImportAdmin(ReadOnly, RecordAdmin):
    """Who imported what, from which file, and when."""

    list_display = ("file_name", "uploaded_by", "uploaded_at", "imported_at", "added", "changed")
    list_select_related = ("uploaded_by",)
    list_filter = ("uploaded_by",)
    search_fields = ("file_name", "reason", "sha256")
    fields = ("file_name", "sha256", "uploaded_by", "uploaded_at", "imported_at", "reason", "added", "changed")

    def view_on_site(self, row: Any) -> None:
        """No page that readers see."""


def _with_query(address: str, request: HttpRequest) -> str:
    return f"{address}?{request.GET.urlencode()}" if request.GET else address


def _file(kind: CSV | XLSX, dataset: Any, name: str) -> HttpResponse:
    response = HttpResponse(kind.export_data(dataset), content_type=kind.get_content_type())
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind.EXTENSION}"'
    return response


def _store(request: HttpRequest) -> EvidenceImport:
    """The file that was sent, kept for the preview. Raises ``FileRefused`` where it cannot be read."""
    file = request.FILES.get("file")
    if file is None or not file.name:
        raise FileRefused("Choose a file.")
    if file.size is None or file.size > MAX_BYTES:
        raise FileRefused(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    if len(file.name) > 200:
        raise FileRefused("The name of the file is longer than 200 characters.")
    content = file.read()
    format_of(file.name).create_dataset(content)
    # Previews that nobody confirmed: a file is not kept for ever.
    EvidenceImport.objects.filter(imported_at=None, uploaded_at__lt=timezone.now() - KEPT_FOR).delete()
    digest = hashlib.sha256(content).hexdigest()
    return EvidenceImport.objects.create(
        file_name=file.name,
        sha256=digest,
        content=content,
        uploaded_by=request.user,  # type: ignore[misc]
    )


def _imported(request: HttpRequest, pk: int, reason: str, seen: str) -> Generator[Progress, None, Plan]:
    """The steps of an import that is made once, whoever sends the form twice."""
    with transaction.atomic():
        upload = EvidenceImport.objects.select_for_update().get(pk=pk)
        if upload.imported_at is not None:
            raise ImportRefused("The file was imported a moment ago. It was not imported again.")
        dataset = format_of(upload.file_name).create_dataset(bytes(upload.content))
        plan = yield from import_sheet(
            dataset,
            request.user,  # type: ignore[arg-type]
            file_name=upload.file_name,
            reason=reason,
            seen=seen,
        )
        upload.imported_at, upload.content, upload.reason = timezone.now(), b"", reason.strip()
        upload.added, upload.changed = len(plan.of(Outcome.NEW)), len(plan.of(Outcome.UPDATE))
        upload.save()
    return plan


def _while(page: str, steps: Generator[Progress, None, Plan], upload: EvidenceImport) -> Iterator[str]:
    """The page of an import, with a line for every step as it is made and what came of it at the end."""
    head, tail = page.split(PROGRESS_HERE)
    yield f'{head}<ol class="import-steps">'
    context: dict[str, Any] = {"upload": upload}
    try:
        while True:
            step = next(steps)
            yield format_html("<li>{} {} of {} entries</li>", step.step, step.done, step.total)
    except StopIteration as end:
        context |= _told(end.value)
    except ImportRefused as refusal:
        context["refusal"] = str(refusal)
    finally:
        steps.close()  # where the reader left in the middle, nothing was written
    yield f"</ol>{render_to_string('admin/sheets/outcome.html', context)}{tail}"


def _told(plan: Plan) -> dict[str, Any]:
    """A plan as a page tells it: bounded, with the number of what is not shown."""
    new, changed = plan.of(Outcome.NEW), plan.of(Outcome.UPDATE)
    return {
        "digest": plan.digest,
        "problems": plan.problems[:PROBLEMS_SHOWN],
        "problem_count": len(plan.problems),
        "more_problems": max(len(plan.problems) - PROBLEMS_SHOWN, 0),
        "new": [_row(one) for one in new[:ENTRIES_SHOWN]],
        "new_count": len(new),
        "changed": [_row(one) for one in changed[:ENTRIES_SHOWN]],
        "changed_count": len(changed),
        "more_entries": max(len(new) - ENTRIES_SHOWN, 0) + max(len(changed) - ENTRIES_SHOWN, 0),
        "skipped_count": len(plan.of(Outcome.SKIP)),
        "same": [one for one in plan.of(Outcome.SKIP) if one.note][:ENTRIES_SHOWN],
        "revises": any(one.is_revision for one in changed),
    }


def _row(one: Planned) -> dict[str, Any]:
    written = one.before is not None and one.before.pk is not None
    return {
        "entry": one.entry,
        "version": one.before,
        "content": one.content,
        "is_revision": one.is_revision,
        "differences": one.differences,
        "url": reverse("admin:treatments_evidence_change", args=[one.before.pk]) if written else "",
    }

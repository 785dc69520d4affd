"""The audit log: who changed what, when and why, over everything, for editors; to read, to filter, to take away."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.text import capfirst

from treatments.curation.audit import NOBODY, Asked, AuditTrail, Entry, kinds
from treatments.curation.audit_export import MEDIA_TYPES, lines
from treatments.curation.people import name_of
from treatments.models import AuditLog

from .paging import page_links
from .records import ReadOnly

CHANGES_A_PAGE = 50
DAY = forms.DateInput(attrs={"type": "date"})


class AuditForm(forms.Form):
    """What is asked of the log. Days are in UTC, as the times in the log are."""

    person = forms.ChoiceField(label="Who", required=False)
    since = forms.DateField(label="From day", required=False, widget=DAY, input_formats=["%Y-%m-%d"])
    until = forms.DateField(label="To day", required=False, widget=DAY, input_formats=["%Y-%m-%d"])
    kind = forms.ChoiceField(label="Kind of record", required=False)
    key = forms.CharField(
        label="Which one",
        required=False,
        max_length=200,
        help_text="Accession, slug, NCT number, code or sign-in name; choose the kind too.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_staff=True).order_by("username")
        self._choices("person", [("", "Anybody"), (NOBODY, "Nobody signed in (command, migration, shell, SQL)")])
        self._choices("person", [(str(one.pk), name_of(one)) for one in people])
        named = [(name, str(capfirst(model._meta.verbose_name))) for name, model in kinds().items()]
        self._choices("kind", [("", "All"), *sorted(named, key=lambda pair: pair[1])])

    def _choices(self, name: str, more: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [*field.choices, *more]

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first.")
        if until == date.max:
            self.add_error("until", "There is no day after that.")
        if asked.get("key") and not asked.get("kind"):
            self.add_error("kind", "Choose the kind of record that this is.")
        return asked


@admin.register(AuditLog)
class AuditLogAdmin(ReadOnly, admin.ModelAdmin):
    """Its list is put together from the histories of all kinds of rows."""

    list_display = ()  # the list below is its own

    def get_urls(self) -> list[URLPattern]:
        export = path(
            "export.<slug:form>", self.admin_site.admin_view(self.export_view), name="treatments_auditlog_export"
        )
        listed = path("", self.admin_site.admin_view(self.changelist_view), name="treatments_auditlog_changelist")
        return [export, listed]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        form = self._form(request)
        valid = form.is_valid()
        page: Any = None
        if valid:
            trail: Any = AuditTrail(Asked(**form.cleaned_data))
            page = Paginator(trail, CHANGES_A_PAGE).get_page(request.GET.get("p"))
        query = request.GET.copy()
        query.pop("p", None)
        context = {
            **self.admin_site.each_context(request),
            "title": "Audit log",
            "subtitle": None,
            "opts": self.opts,
            "form": form,
            "page": page,
            "entries": [(entry, _address(entry)) for entry in page] if page else [],
            "pages": page_links(request.GET, page) if page else [],
            "query": query.urlencode(),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/audit_log.html", context, status=200 if valid else 400)

    def export_view(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """The changes asked for as a file, the oldest first, sent as they are read."""
        asked = self._form(request)
        if form not in MEDIA_TYPES:
            raise Http404(f"The audit log is not written as {form}.")
        if not asked.is_valid():
            return self.changelist_view(request)
        entries = AuditTrail(Asked(**asked.cleaned_data)).oldest_first()
        response = StreamingHttpResponse(lines(entries, form), content_type=MEDIA_TYPES[form])
        response["Content-Disposition"] = f'attachment; filename="audit-log.{form}"'
        return response

    def _form(self, request: HttpRequest) -> AuditForm:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return AuditForm(request.GET)


def _address(entry: Entry) -> str:
    """The history of the record, where the admin has one."""
    model, key = entry.record
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[quote(key)])
    except NoReverseMatch:
        return ""

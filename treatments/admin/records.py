"""What every record has in the admin: comfortable fields, refusals in words, its history, its public page.

What the database refuses, at commit at the latest, becomes an error of the form, and everything typed stays.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

import pghistory
from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DataError, IntegrityError, OperationalError, connection
from django.db.models import Field, ForeignKey, Model, Q, QuerySet, TextField
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from treatments.curation.history import changes_of
from treatments.curation.problems import sentence
from treatments.curation.workflow import WorkflowError
from treatments.models.records import Working

from .choices import best_first, found_by_name
from .fields import LinesField, RowSelect, SourceChecksField, source_checks_as_list
from .paging import page_links

logger = logging.getLogger(__name__)

CHANGES_A_PAGE = 50
SOURCE_CHECKS_HELP = (
    "What was read, and where. Primary: the publication itself, PubMed, PMC, a registry or a regulator; give its"
    " address. Secondary: anything else. Three more empty rows appear after saving."
)


class RecordForm(forms.ModelForm):
    """A form that also shows what the database refused when it was first saved, and asks why a record is changed."""

    refusal = ""
    needs_reason = False
    reason = forms.CharField(
        required=False,
        strip=True,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text="Why you change this. Kept in the history, for your colleagues.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = self.needs_reason

    def why(self) -> str:
        """What the history says of why the record was changed."""
        return str(self.cleaned_data.get("reason") or "")

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.refusal:
            self.add_error(None, self.refusal)
        return cleaned


REASON: Any = ("Reason", {"fields": ("reason",)})


class ComfortableFields(BaseModelAdmin):
    """How the columns that a plain input cannot hold are edited and, where they cannot be edited, shown."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "source_checks":
            return SourceChecksField(required=False, label="Source checks", help_text=SOURCE_CHECKS_HELP)
        if isinstance(db_field, ArrayField):
            kwargs["form_class"] = LinesField
        elif isinstance(db_field, TextField):
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RowSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="Source checks")
    def source_checks_shown(self, row: Any) -> str:
        return source_checks_as_list(row.source_checks) if row.source_checks else "None recorded."


def for_reading(fieldsets: Iterable[Any]) -> list[Any]:
    """Fieldsets as they are for somebody who only looks: source checks as a list with links."""
    return [
        (
            title,
            {
                **options,
                "fields": ["source_checks_shown" if f == "source_checks" else f for f in options["fields"]],
            },
        )
        for title, options in fieldsets
    ]


class PartInline(ComfortableFields, admin.TabularInline):
    """Rows that belong to a record, edited on its page."""

    extra = 1

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and self.template == admin.TabularInline.template:
            # In a table the heading of the column is all that names it, and no screen reader puts the two together.
            field.widget.attrs.setdefault("aria-label", str(field.label or db_field.verbose_name).capitalize())
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # A part is called after the rows it points at.
        named = [f.name for f in self.model._meta.concrete_fields if isinstance(f, ForeignKey)]
        return super().get_queryset(request).select_related(*named)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        has_checks = "source_checks" in (self.fields or ())
        return ("source_checks_shown",) if has_checks and not self.has_change_permission(request, obj) else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if self.has_change_permission(request, obj) else for_reading(fieldsets)


NATURAL_KEYS = {"slug", "code", "nct_id"}


class AwaitingPrimaryCheck(admin.SimpleListFilter):
    title = "source checks"
    parameter_name = "checked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("primary", "read in a primary source"), ("awaiting", "awaiting a check against the primary source")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in ("primary", "awaiting"):
            return queryset.filter(primary_checked=self.value() == "primary")
        return queryset


class RecordAdmin(ComfortableFields, admin.ModelAdmin):
    """A record with its history and its public page. Records are retired or retracted, not deleted."""

    form = RecordForm
    object_history_template = "admin/record_history.html"
    list_per_page = 50

    def view_on_site(self, row: Any) -> str | None:
        return row.get_absolute_url()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if not self.has_change_permission(request, obj):
            return for_reading(fieldsets)
        return [*fieldsets, REASON] if self.asks_why(obj) else fieldsets

    def asks_why(self, row: Any) -> bool:
        """Whether the form asks for a reason: for changes of what readers see. What is new says itself why."""
        return row is not None and not issubclass(self.model, Working)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # The natural key is the row's address and its name in the data set files: another one would be another row.
        return [field.name for field in self.opts.fields if field.name in NATURAL_KEYS] if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """What an autocomplete offers: what answers to the term under any of its names, nothing that is retired."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if not is_autocomplete(request):
            return found, duplicates
        if places := found_by_name(request, self.model, search_term):
            found = best_first(queryset.filter(Q(pk__in=places) | Q(pk__in=found.order_by().values("pk"))), places)
            duplicates = False
        if "retired_on" in {field.name for field in self.model._meta.fields}:
            found = found.filter(retired_on__isnull=True)
        return found, duplicates

    # Refusals in words

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", "")
        form.needs_reason = self.asks_why(obj)
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if why := form.why():
            pghistory.context(reason=why)  # for everything that this request writes
        super().save_model(request, obj, form, change)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return told_on_the_form(request, lambda: super(RecordAdmin, self).changeform_view(request, *args, **kwargs))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # Rules that wait for the commit would speak when it is too late to show the form again.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    # History

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Who changed what, when and why, on this page or anywhere else, with before and after."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404(f"There is no {self.opts.verbose_name} {object_id}.")
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        page = Paginator(changes_of(row), CHANGES_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {row}",
            "subtitle": None,
            "page": page,
            "pages": page_links(request.GET, page),
            "object": row,
            "opts": self.opts,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)


def told_on_the_form(request: HttpRequest, show: Callable[[], Any]) -> Any:
    """What ``show`` answers; where the database refuses what it saves, the form again, with the reason."""
    try:
        return show()
    except (IntegrityError, DataError, OperationalError, WorkflowError) as refusal:
        if request.method != "POST" or hasattr(request, "refusal"):
            raise
        # Everything was rolled back. With the reason on it the form is not valid, so it is only shown.
        request.refusal = str(refusal) if isinstance(refusal, WorkflowError) else sentence(refusal)  # type: ignore[attr-defined]
        logger.info("refused at %s: %s", request.path, refusal)
        return show()


def is_autocomplete(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"


class ReadOnly:
    """Mixed into the admin of rows that nobody writes by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

"""Publications and registered trials."""

from django.contrib import admin

from treatments.models import Reference, Trial, TrialResult, TrialTreatment

from .importing import ImportsRecords
from .records import AwaitingPrimaryCheck, PartInline, RecordAdmin
from .retirement import RETIREMENT, SOURCES, Retired
from .work import WorkFilter


@admin.register(Reference)
class ReferenceAdmin(ImportsRecords):
    list_display = (
        "slug",
        "title",
        "journal",
        "year",
        "publication_type",
        "pmid",
        "retraction_status",
        "primary_checked",
    )
    list_filter = (WorkFilter, "publication_type", "retraction_status", AwaitingPrimaryCheck, Retired)
    search_fields = ("slug", "title", "authors", "pmid", "doi", "pmcid", "year")
    autocomplete_fields = ("successor",)
    fieldsets = (
        (None, {"fields": ("slug", "title", "authors", "publication_type", "retraction_status")}),
        ("Where it appeared", {"fields": ("journal", ("year", "volume", "issue", "pages"))}),
        ("Identifiers", {"fields": (("pmid", "pmcid", "doi"),)}),
        SOURCES,
        RETIREMENT,
    )


class TrialTreatmentInline(PartInline):
    model = TrialTreatment
    verbose_name = "treatment"
    autocomplete_fields = ("treatment",)


class TrialResultInline(PartInline):
    model = TrialResult
    verbose_name = "published report"
    autocomplete_fields = ("reference",)


@admin.register(Trial)
class TrialAdmin(RecordAdmin):
    change_list_template = "admin/literature/change_list.html"
    list_display = ("nct_id", "acronym", "title", "phase", "status", "status_as_of", "enrollment", "primary_checked")
    list_filter = ("status", "phase", AwaitingPrimaryCheck, Retired)
    search_fields = ("nct_id", "acronym", "title", "sponsor")
    autocomplete_fields = ("successor",)
    inlines = (TrialTreatmentInline, TrialResultInline)
    fieldsets = (
        (None, {"fields": (("nct_id", "acronym"), "title", "sponsor")}),
        ("State", {"fields": (("phase", "status", "status_as_of"), "enrollment", "note")}),
        SOURCES,
        RETIREMENT,
    )

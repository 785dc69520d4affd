"""What claims point at: levels, outcome measures, mechanisms, autoantibodies, manifestations, treatments.

Edited in place; a term that is no longer used is retired, with its successor, and keeps its address.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from treatments.models import (
    Approval,
    Autoantibody,
    AutoantibodyMember,
    CertaintyLevel,
    EvidenceLevel,
    Manifestation,
    Mechanism,
    MechanismInteraction,
    MechanismInteractionReference,
    MechanismOfAction,
    MechanismReference,
    OutcomeMeasure,
    OutcomeMeasureReference,
    OutcomeThreshold,
    Prevalence,
    PrevalenceReference,
    Treatment,
    TreatmentComponent,
    TreatmentMember,
    TreatmentReference,
)
from treatments.models.choices import AutoantibodyKind, TreatmentKind

from .records import AwaitingPrimaryCheck, PartInline, RecordAdmin
from .retirement import RETIREMENT, SOURCES, Retired
from .work import WorkFilter


class ReferenceInline(PartInline):
    """The references of a term, in the order they are shown."""

    verbose_name = "reference"
    verbose_name_plural = "references"
    autocomplete_fields = ("reference",)


class PartsFormSet(BaseInlineFormSet):
    """The parts of a whole: how many there must be follows from the kind that the whole is given on the same page."""

    kind: str
    fewest: int
    too_few: str
    not_such: str

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if self.instance.kind == self.kind and len(kept) < self.fewest:
            raise ValidationError(self.too_few)
        if self.instance.kind != self.kind and kept:
            raise ValidationError(self.not_such)


# Levels ---------------------------------------------------------------------------------------------------------------


@admin.register(EvidenceLevel, CertaintyLevel)
class LevelAdmin(RecordAdmin):
    list_display = ("code", "rank", "label", "primary_checked")
    list_filter = (AwaitingPrimaryCheck, Retired)
    search_fields = ("code", "label")
    fieldsets = ((None, {"fields": (("code", "rank"), "label", "description")}), SOURCES, RETIREMENT)


# Outcome measures -----------------------------------------------------------------------------------------------------


class OutcomeThresholdInline(PartInline):
    model = OutcomeThreshold


class OutcomeMeasureReferenceInline(ReferenceInline):
    model = OutcomeMeasureReference


@admin.register(OutcomeMeasure)
class OutcomeMeasureAdmin(RecordAdmin):
    list_display = ("name", "abbreviation", "unit", "minimum", "maximum", "better", "primary_checked")
    list_filter = ("better", AwaitingPrimaryCheck, Retired)
    search_fields = ("name", "abbreviation", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("successor",)
    inlines = (OutcomeThresholdInline, OutcomeMeasureReferenceInline)
    fieldsets = (
        (None, {"fields": ("name", ("slug", "abbreviation"), "description")}),
        ("Scale", {"fields": (("unit", "minimum", "maximum", "better"),)}),
        SOURCES,
        RETIREMENT,
    )


# Mechanisms -----------------------------------------------------------------------------------------------------------


class MechanismReferenceInline(ReferenceInline):
    model = MechanismReference


@admin.register(Mechanism)
class MechanismAdmin(RecordAdmin):
    list_display = ("name", "kind", "parent", "genes", "reactome_id", "kegg_id", "primary_checked")
    list_select_related = ("parent",)
    list_filter = ("kind", AwaitingPrimaryCheck, Retired)
    search_fields = ("name", "slug", "genes", "description")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent", "successor")
    inlines = (MechanismReferenceInline,)
    fieldsets = (
        (None, {"fields": ("name", "slug", ("kind", "parent"), "description")}),
        ("Identifiers", {"fields": ("genes", ("reactome_id", "kegg_id"))}),
        SOURCES,
        RETIREMENT,
    )


class MechanismInteractionReferenceInline(ReferenceInline):
    model = MechanismInteractionReference


@admin.register(MechanismInteraction)
class MechanismInteractionAdmin(RecordAdmin):
    list_display = ("upstream", "effect", "downstream", "note")
    list_display_links = ("upstream", "effect", "downstream")
    list_select_related = ("upstream", "downstream")
    list_filter = ("effect",)
    search_fields = ("upstream__name", "downstream__name", "note")
    autocomplete_fields = ("upstream", "downstream")
    inlines = (MechanismInteractionReferenceInline,)
    fieldsets = ((None, {"fields": (("upstream", "effect", "downstream"), "note")}),)

    def view_on_site(self, row: Any) -> str | None:
        return row.upstream.get_absolute_url()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # It has no address of its own that would have to stay: a wrong one is taken out, and history keeps it.
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


# Autoantibodies -------------------------------------------------------------------------------------------------------


class AutoantibodyMembersFormSet(PartsFormSet):
    kind = AutoantibodyKind.CLASS
    fewest = 1
    too_few = "A class needs at least one member."
    not_such = "Only a class has members; this is a single specificity."


class AutoantibodyMemberInline(PartInline):
    model = AutoantibodyMember
    formset = AutoantibodyMembersFormSet
    fk_name = "autoantibody_class"
    verbose_name = "member (of a class)"
    verbose_name_plural = "members (of a class)"
    autocomplete_fields = ("member",)


class PrevalenceInline(PartInline):
    model = Prevalence
    show_change_link = True  # its references have a page of their own


@admin.register(Autoantibody)
class AutoantibodyAdmin(RecordAdmin):
    list_display = ("name", "kind", "group", "antigen", "genes", "uniprot_id", "primary_checked")
    list_filter = ("group", "kind", AwaitingPrimaryCheck, Retired)
    search_fields = ("name", "full_name", "synonyms", "antigen", "genes", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("successor",)
    inlines = (PrevalenceInline, AutoantibodyMemberInline)
    fieldsets = (
        (None, {"fields": ("name", "slug", "full_name", ("kind", "group"), "synonyms", "description")}),
        ("Antigen", {"fields": ("antigen", "genes", "uniprot_id")}),
        ("Detection", {"fields": ("detection_note",)}),
        SOURCES,
        RETIREMENT,
    )


class PrevalenceReferenceInline(ReferenceInline):
    model = PrevalenceReference


@admin.register(Prevalence)
class PrevalenceAdmin(RecordAdmin):
    list_display = ("autoantibody", "population", "low", "high", "unit")
    list_select_related = ("autoantibody",)
    list_filter = ("population",)
    search_fields = ("autoantibody__name", "note")
    autocomplete_fields = ("autoantibody",)
    inlines = (PrevalenceReferenceInline,)
    fieldsets = ((None, {"fields": (("autoantibody", "population"), ("low", "high", "unit"), "note")}),)

    def view_on_site(self, row: Any) -> str | None:
        return row.autoantibody.get_absolute_url()


# Manifestations -------------------------------------------------------------------------------------------------------


@admin.register(Manifestation)
class ManifestationAdmin(RecordAdmin):
    list_display = ("name", "hpo_id", "synonyms", "primary_checked")
    list_filter = (AwaitingPrimaryCheck, Retired)
    search_fields = ("name", "synonyms", "slug", "hpo_id")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("successor",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "synonyms", "description", "hpo_id")}),
        SOURCES,
        RETIREMENT,
    )


# Treatments -----------------------------------------------------------------------------------------------------------


class TreatmentMembersFormSet(PartsFormSet):
    kind = TreatmentKind.CLASS
    fewest = 1
    too_few = "A class needs at least one member."
    not_such = "Only a class has members; take them out or choose the kind “class”."


class TreatmentMemberInline(PartInline):
    model = TreatmentMember
    formset = TreatmentMembersFormSet
    fk_name = "treatment_class"
    verbose_name = "member (of a class)"
    verbose_name_plural = "members (of a class)"
    autocomplete_fields = ("member",)


class TreatmentComponentsFormSet(PartsFormSet):
    kind = TreatmentKind.COMBINATION
    fewest = 2
    too_few = "A combination needs two or more components."
    not_such = "Only a combination has components; take them out or choose the kind “combination”."


class TreatmentComponentInline(PartInline):
    model = TreatmentComponent
    formset = TreatmentComponentsFormSet
    fk_name = "combination"
    extra = 2
    verbose_name = "component (of a combination)"
    verbose_name_plural = "components (of a combination)"
    autocomplete_fields = ("component",)


class MechanismOfActionInline(PartInline):
    model = MechanismOfAction
    verbose_name_plural = "mechanisms of action"
    autocomplete_fields = ("mechanism",)


class ApprovalInline(PartInline):
    model = Approval
    template = "admin/edit_inline/stacked.html"
    fields = (("region", "agency", "year", "for_dermatomyositis"), "indication", "source_checks")


class TreatmentReferenceInline(ReferenceInline):
    model = TreatmentReference


@admin.register(Treatment)
class TreatmentAdmin(RecordAdmin):
    list_display = ("name", "kind", "stage", "drug_class", "atc_code", "chembl_id", "primary_checked")
    list_filter = (WorkFilter, "kind", "stage", AwaitingPrimaryCheck, Retired)
    search_fields = ("name", "synonyms", "brand_names", "slug", "drug_class")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("successor",)
    inlines = (
        MechanismOfActionInline,
        ApprovalInline,
        TreatmentReferenceInline,
        TreatmentComponentInline,
        TreatmentMemberInline,
    )
    fieldsets = (
        (None, {"fields": ("name", "slug", ("kind", "stage"), "drug_class", "summary", "in_review_figure")}),
        ("Names and routes", {"fields": (("synonyms", "brand_names", "routes"),)}),
        (
            "Safety",
            {"fields": ("monitoring", "boxed_warning", "contraindications", "pregnancy", "label_note")},
        ),
        ("Identifiers", {"fields": (("atc_code", "chembl_id", "rxnorm_cui"), ("drugbank_id", "unii"))}),
        SOURCES,
        RETIREMENT,
    )

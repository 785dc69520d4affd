"""Claims: drafts are edited here, and go through review to readers by the buttons of ``steps``."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError
from django.db.models import Field, ForeignKey, QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from treatments.curation.appraisals import evidence_to_pick
from treatments.curation.completeness import needed_to_submit
from treatments.curation.interests import obstacle_to_reviewing
from treatments.curation.plausibility import submit_explained
from treatments.curation.problems import sentence
from treatments.curation.roles import REVIEW, permission_name
from treatments.curation.workflow import Step, obstacle, submission_of
from treatments.models import (
    Appraisal,
    AppraisalEvidence,
    Claim,
    Evidence,
    EvidenceAutoantibody,
    EvidenceManifestation,
    PhenotypeAssociation,
    PhenotypeAssociationReference,
    Recommendation,
    RecommendationAutoantibody,
    RecommendationManifestation,
    Result,
)
from treatments.models.choices import ClaimStatus
from treatments.models.claims import PUBLIC_STATES
from treatments.models.rules import FIGURES_BY_KIND

from .meanwhile import notice
from .plausible import PlausibleAdmin, obliged
from .records import REASON, AwaitingPrimaryCheck, PartInline, RecordForm, for_reading, is_autocomplete
from .restoring import RestorableAdmin
from .sheets import SheetsAdmin
from .steps import BUTTONS

SUBMIT = "_submit_for_review"
WORD_TO_THE_REVIEWER = "_word_to_the_reviewer"

VERSION = (
    "accession",
    "version",
    "status",
    "supersedes",
    "author",
    "submitted_at",
    "reviewer",
    "reviewed_at",
    "release",
    "published_at",
    "superseded_at",
    "retracted_at",
    "retracted_by",
    "retraction_reason",
)


def is_editable(claim: Any) -> bool:
    return claim is None or claim.status == ClaimStatus.DRAFT


def is_change_page(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.url_name or "").endswith("_change")


def sends_a_form(request: HttpRequest) -> bool:
    """Whether somebody saves a claim that they saw as a draft; it may be none any more, which the form then says."""
    return request.method == "POST" and is_change_page(request)


class ClaimForm(RecordForm):
    """A draft, saved as far as it goes; what is only needed to submit it is asked for then, all at once.

    A new claim needs no reason yet; the next version of a published one has its change note, or a reason typed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in needed_to_submit(type(self.instance)):
            if name in self.fields:
                self.fields[name].required = SUBMIT in self.data

    def why(self) -> str:
        return super().why() or (self.cleaned_data.get("change_note", "") if self.instance.version > 1 else "")

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.instance.version > 1 and not (cleaned or {}).get("change_note"):
            self.add_error("change_note", "Say why this version is made; readers will see it.")
        if not is_editable(self.instance):
            self.add_error(
                None,
                f"{self.instance} is {self.instance.get_status_display().lower()} meanwhile and can no longer be"
                " edited. Nothing was saved; what you typed is still below.",
            )
        return cleaned


class ClaimPartInline(PartInline):
    """Results and links of a claim: edited with it, fixed with it."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._open(request, obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._open(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._open(request, obj) and super().has_delete_permission(request, obj)

    @staticmethod
    def _open(request: HttpRequest, claim: Any) -> bool:
        return is_editable(claim) or sends_a_form(request)


class ClaimAdmin(RestorableAdmin, PlausibleAdmin):
    form = ClaimForm
    change_form_template = "admin/claims/change_form.html"
    date_hierarchy = "published_at"
    ordering = ("-updated_at", "-pk")
    actions = None
    content: tuple[Any, ...]
    """The fieldsets of what the claim says; what every claim has comes after them."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sections = [
            *self.content,
            ("Sources", {"fields": ("source_checks", "last_checked_on")}),
            ("Change", {"fields": ("change_note",)}),
        ]
        if obj is not None and self.has_change_permission(request, obj):
            sections.append(REASON)
        if obj is not None:
            told = [name for name in VERSION if getattr(obj, name) not in (None, "")]
            sections.append(("This version", {"fields": told}))
        return sections if self.has_change_permission(request, obj) else for_reading(sections)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return VERSION

    def view_on_site(self, claim: Any) -> str | None:
        return claim.get_version_url() if claim.status in PUBLIC_STATES else None

    def asks_why(self, row: Any) -> bool:
        return False  # see ``ClaimForm``

    # Who may edit what, when

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (is_editable(obj) or sends_a_form(request)) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A draft can be thrown away by its author; what was submitted or published is kept."""
        allowed = admin.ModelAdmin.has_delete_permission(self, request, obj)
        return allowed and obj is not None and is_editable(obj) and obj.author_id == request.user.pk

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        claim = super().get_object(request, object_id, from_field)
        if claim is not None and sends_a_form(request):
            # Until the form is saved nobody else changes or submits the claim; who did just before is noticed.
            list(self.model._default_manager.select_for_update().filter(pk=claim.pk))
            claim = super().get_object(request, object_id, from_field)
        if claim is not None and is_editable(claim) and is_change_page(request):
            # Before the form reads its rows: a state older than what the form shows is told later, a newer one never.
            columns = {field.name for field in self.opts.fields}
            fields = [name for name in self.get_form(request, claim, change=True).base_fields if name in columns]
            request.state, meanwhile = notice(request, claim, fields)  # type: ignore[attr-defined]
            if meanwhile is not None:
                # With a refusal the form is not valid: it is only shown.
                request.meanwhile, request.refusal = meanwhile, meanwhile.sentence  # type: ignore[attr-defined]
        return claim

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except IntegrityError as refusal:  # published by somebody else a moment ago
            self.message_user(request, sentence(refusal), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:index"))

    # Saving, and submitting in one go

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.author = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if SUBMIT in request.POST:
            submit_explained(form.instance, request.user, request.POST.get(WORD_TO_THE_REVIEWER, ""))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return (
            self._submitted(request, obj)
            or self.doubted(request, obj)
            or super().response_add(request, obj, post_url_continue)
        )

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._submitted(request, obj) or self.doubted(request, obj) or super().response_change(request, obj)

    def _submitted(self, request: HttpRequest, claim: Any) -> HttpResponse | None:
        if SUBMIT not in request.POST:
            return None
        self.message_user(request, BUTTONS[Step.SUBMIT].done.format(claim), messages.SUCCESS)
        return HttpResponseRedirect(self.address_of(claim))

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context |= {"submit_button": SUBMIT, "word": WORD_TO_THE_REVIEWER}
        context["typed_word"] = request.POST.get(WORD_TO_THE_REVIEWER, "")
        if hasattr(request, "state"):
            context["state_token"] = request.state.token()
            context["meanwhile"] = getattr(request, "meanwhile", None)
        if obj is not None and change:
            context["editable"] = is_editable(obj) and self.has_change_permission(request, obj)
            # While the form is open, submitting saves it too: what was typed is not left behind.
            context["buttons"] = [
                item for item in self.buttons(obj, request.user) if item["button"] is not BUTTONS[Step.SUBMIT]
            ]
            context["submission"] = submission_of(obj)
            if is_open_for_review(request, obj):
                context["why_not_publish"] = obstacle(Step.PUBLISH, obj, request.user)
                context["undeclared"] = bool(obstacle_to_reviewing(request.user))
            context |= self.together(request, obj)
        context |= self.plausibility(request, context, obj)
        form = context["adminform"].form
        context["obliged"] = [form.fields[name].label for name in obliged(form)]
        return super().render_change_form(request, context, add, change, form_url, obj)


def is_open_for_review(request: HttpRequest, claim: Claim) -> bool:
    return claim.status == ClaimStatus.IN_REVIEW and request.user.has_perm(permission_name(claim, REVIEW))


# Evidence -------------------------------------------------------------------------------------------------------------


class ResultInline(ClaimPartInline):
    model = Result
    template = "admin/edit_inline/stacked.html"
    autocomplete_fields = ("measure",)
    fieldsets = (
        (None, {"fields": (("measure", "kind", "timepoint"), "label")}),
        ("Treated", {"fields": (("treated_events", "treated_total", "treated_value", "treated_unit"),)}),
        ("Control", {"fields": (("control_events", "control_total", "control_value", "control_unit"),)}),
        (
            "Effect",
            {
                "fields": (
                    ("effect_value", "effect_ci_low", "effect_ci_high", "effect_ci_level", "effect_unit"),
                    "p_value",
                )
            },
        ),
    )

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "kind" and field is not None:
            field.widget.attrs["data-figures"] = json.dumps(FIGURES_BY_KIND)  # for the script that shows the usual ones
        return field


class EvidenceAutoantibodyInline(ClaimPartInline):
    model = EvidenceAutoantibody
    verbose_name = "autoantibody"
    verbose_name_plural = "autoantibodies: the cohort was selected by, or the result reported separately for, these"
    autocomplete_fields = ("autoantibody",)


class EvidenceManifestationInline(ClaimPartInline):
    model = EvidenceManifestation
    verbose_name = "manifestation"
    verbose_name_plural = "manifestations"
    autocomplete_fields = ("manifestation",)


@admin.register(Evidence)
class EvidenceAdmin(SheetsAdmin, ClaimAdmin):
    list_display = (
        "__str__",
        "status",
        "treatment",
        "reference",
        "design",
        "level",
        "aspect",
        "direction",
        "author",
        "updated_at",
    )
    list_select_related = ("treatment", "reference", "level", "author")
    list_filter = (
        "status",
        AwaitingPrimaryCheck,
        "aspect",
        "direction",
        "level",
        "design",
        "analysis",
        "population",
        "setting",
    )
    search_fields = (
        "accession",
        "statement",
        "treatment__name",
        "treatment__synonyms",
        "reference__title",
        "reference__authors",
        "reference__pmid",
        "trial__nct_id",
    )
    autocomplete_fields = ("treatment", "reference", "trial")
    inlines = (ResultInline, EvidenceAutoantibodyInline, EvidenceManifestationInline)
    content = (
        (None, {"fields": ("treatment", "reference", "trial")}),
        (
            "Study",
            {"fields": (("design", "analysis"), ("level", "level_note"), ("population", "setting"))},
        ),
        ("Groups", {"fields": (("n_treated", "n_control"), "regimen", "comparator")}),
        ("Finding", {"fields": (("aspect", "direction"), "statement", "safety", "limitations")}),
    )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        queryset, duplicates = super().get_search_results(request, queryset, search_term)
        if is_autocomplete(request):  # an appraisal rests on what readers can read
            queryset = queryset.filter(pk__in=evidence_to_pick(search_term, request.GET).values("pk"))
        return queryset, duplicates


# Phenotype associations -----------------------------------------------------------------------------------------------


class PhenotypeAssociationReferenceInline(ClaimPartInline):
    model = PhenotypeAssociationReference
    verbose_name = "reference"
    verbose_name_plural = "references"
    autocomplete_fields = ("reference",)


@admin.register(PhenotypeAssociation)
class PhenotypeAssociationAdmin(ClaimAdmin):
    list_display = (
        "__str__",
        "status",
        "autoantibody",
        "manifestation",
        "population",
        "strength",
        "frequency_low",
        "frequency_high",
        "author",
        "updated_at",
    )
    list_select_related = ("autoantibody", "manifestation", "author")
    list_filter = ("status", AwaitingPrimaryCheck, "strength", "population", "autoantibody")
    search_fields = ("accession", "autoantibody__name", "manifestation__name", "note")
    autocomplete_fields = ("autoantibody", "manifestation")
    inlines = (PhenotypeAssociationReferenceInline,)
    content = (
        (None, {"fields": ("autoantibody", "manifestation", ("population", "strength"))}),
        ("How often", {"fields": (("frequency_low", "frequency_high"),)}),
        (
            "Compared with others",
            {"fields": (("effect_kind", "effect_value", "effect_ci_low", "effect_ci_high"), "note")},
        ),
    )


# Recommendations ------------------------------------------------------------------------------------------------------


class RecommendationAutoantibodyInline(ClaimPartInline):
    model = RecommendationAutoantibody
    verbose_name = "autoantibody"
    verbose_name_plural = "autoantibodies"
    autocomplete_fields = ("autoantibody",)


class RecommendationManifestationInline(ClaimPartInline):
    model = RecommendationManifestation
    verbose_name = "manifestation"
    verbose_name_plural = "manifestations"
    autocomplete_fields = ("manifestation",)


@admin.register(Recommendation)
class RecommendationAdmin(ClaimAdmin):
    list_display = (
        "__str__",
        "status",
        "body",
        "guideline",
        "treatment",
        "direction",
        "strength",
        "population",
        "author",
        "updated_at",
    )
    list_select_related = ("guideline", "treatment", "author")
    list_filter = ("status", AwaitingPrimaryCheck, "direction", "strength", "population", "setting")
    search_fields = ("accession", "body", "statement", "treatment__name", "guideline__title", "guideline__pmid")
    autocomplete_fields = ("guideline", "treatment")
    inlines = (RecommendationAutoantibodyInline, RecommendationManifestationInline)
    content = (
        (None, {"fields": ("guideline", "body", "treatment", ("population", "setting"))}),
        ("Recommendation", {"fields": ("statement", ("direction", "strength"), "quality", "note")}),
    )


# Appraisals -----------------------------------------------------------------------------------------------------------


class AppraisalEvidenceInline(ClaimPartInline):
    model = AppraisalEvidence
    verbose_name = "evidence entry"
    verbose_name_plural = "rests on"
    autocomplete_fields = ("evidence",)

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        # A version replaced since can stay, so that its successor can be put beside it.
        kwargs.setdefault("queryset", Evidence.objects.public())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Appraisal)
class AppraisalAdmin(ClaimAdmin):
    list_display = (
        "__str__",
        "status",
        "treatment",
        "manifestation",
        "autoantibody",
        "population",
        "certainty",
        "recheck",
        "author",
        "updated_at",
    )
    list_select_related = ("treatment", "manifestation", "autoantibody", "certainty", "author")
    list_filter = ("status", "certainty", "population")
    search_fields = ("accession", "treatment__name", "manifestation__name", "autoantibody__name", "bottom_line")
    autocomplete_fields = ("treatment", "manifestation", "autoantibody")
    inlines = (AppraisalEvidenceInline,)

    class Media:
        js = (Script("admin-theme/appraisal.js", type="module"),)

    content = (
        (None, {"fields": ("treatment", "manifestation", "autoantibody", "population")}),
        ("Bottom line", {"fields": ("certainty", "bottom_line")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        appraisals: Any = super().get_queryset(request)
        return appraisals.with_recheck()

    @admin.display(description="needs re-check", boolean=True)
    def recheck(self, appraisal: Any) -> bool | None:
        return appraisal.needs_recheck if appraisal.status == ClaimStatus.PUBLISHED else None

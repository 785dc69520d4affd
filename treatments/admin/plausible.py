"""What is implausible, contradictory or missing in a claim, shown on its form: when it is saved, and while it is typed.

The rules are in ``treatments.curation``; a script on the page sends the form here as it stands and shows the answer.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst

from treatments.curation.completeness import needed_to_submit
from treatments.curation.plausibility import Doubt, doubts, doubts_about, explain
from treatments.models import Claim, Evidence, Result
from treatments.web.views.preview import preview

from .together import TogetherAdmin

REASON = "_reason-"
ANCHOR = "#plausible"


class PlausibleAdmin(TogetherAdmin):
    """The admin of a claim whose form says what looks wrong with it."""

    def get_urls(self) -> list[URLPattern]:
        name = self._check_name
        check = self.admin_site.admin_view(self.check_view)
        own = [
            path("check/", check, name=name),
            path("<path:object_id>/check/", check, name=name),
            path(
                "<path:object_id>/as-readers-see-it/",
                self.admin_site.admin_view(self.readers_view),
                name=self._readers_name,
            ),
        ]
        return [*own, *super().get_urls()]

    @property
    def _check_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_check"

    @property
    def _readers_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_as_readers_see_it"

    def readers_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The claim as readers will see it; one that they see already is shown at its own address."""
        claim = self.get_object(request, unquote(object_id))
        if claim is None:
            raise Http404(f"There is no {self.opts.verbose_name} {object_id}.")
        if not self.has_view_permission(request, claim):
            raise PermissionDenied
        if not claim.is_open:
            return HttpResponseRedirect(claim.get_version_url())
        return preview(request, claim, self.address_of(claim), _missing(claim))

    def check_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """What would be said of the form as it is sent; nothing is saved."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        claim = None
        if object_id is not None:
            claim = self.get_object(request, unquote(object_id))
            if claim is None:
                raise Http404(f"There is no {self.opts.verbose_name} {object_id}.")
        if not (self.has_change_permission(request, claim) if claim else self.has_add_permission(request)):
            raise PermissionDenied
        form: Any = self.get_form(request, claim, change=claim is not None)(request.POST, instance=claim)
        form.is_valid()
        formsets: list[Any] = []
        for formset, inline in self.get_formsets_with_inlines(request, claim):
            prefix = formset.get_default_prefix()
            formsets.append(formset(**self.get_formset_kwargs(request, form.instance, inline, prefix)))
        return render(request, "admin/claims/plausible.html", said_of(form, formsets, request.POST))

    def plausibility(self, request: HttpRequest, context: dict[str, Any], claim: Any) -> dict[str, Any]:
        """What the page of a claim shows of it: of what was typed where that is shown again, else of what is saved."""
        form = context["adminform"].form
        said: dict[str, Any] = {}
        if form.is_bound:
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            said = said_of(form, formsets, request.POST)
            said["contradictions"] = []  # the form shows them as its errors
        elif claim is not None and claim.is_open:
            said = {"doubts": _asked(doubts(claim), {}), "missing": _missing(claim)}
        editable = context.get("editable") or claim is None
        if editable:
            keys = [quote(claim.pk)] if claim is not None else []
            said["check_url"] = reverse(f"admin:{self._check_name}", args=keys)
            said["explains"] = True
        if claim is not None and claim.is_open:
            said["preview_url"] = reverse(f"admin:{self._readers_name}", args=[quote(claim.pk)])
        return said

    def doubted(self, request: HttpRequest, claim: Any) -> HttpResponse | None:
        """After saving: back to the form where there is something to explain, unless the person goes on elsewhere."""
        still = getattr(request, "open_doubts", [])
        if not still or {"_addanother", "_continue", "_popup"} & set(request.POST):
            return None
        if len(still) == 1:
            what = "One thing in it looks implausible: correct it, or say below why it is right."
        else:
            what = f"{len(still)} things in it look implausible: correct them, or say below why they are right."
        self.message_user(
            request,
            f"{claim} was saved as a draft. {what} Until then it cannot be submitted.",
            messages.WARNING,
        )
        return HttpResponseRedirect(self.address_of(claim) + ANCHOR)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        given = [name for name in request.POST if name.startswith(REASON)]
        reasons = {name.removeprefix(REASON): request.POST.get(name, "") for name in given}
        request.open_doubts = explain(form.instance, request.user, reasons, form.why())  # type: ignore[attr-defined]


def said_of(form: Any, formsets: Iterable[Any], typed: Any) -> dict[str, Any]:
    """What is implausible, contradictory and missing in a form as it was typed."""
    claim = form.instance
    contradictions = [str(error) for error in form.non_field_errors()]
    found: list[Doubt] = []
    for formset in formsets:
        for number, row in enumerate(formset.forms, start=1):
            if not row.has_changed() and not row.instance.pk:
                continue
            name = capfirst(str(formset.model._meta.verbose_name))
            contradictions += [f"{name} {number}: {error}" for error in row.non_field_errors()]
    if isinstance(claim, Evidence):
        found = doubts_about(claim, _results(formsets))
    return {
        "doubts": _asked(found, typed),
        "contradictions": contradictions,
        "missing": _missing(claim, form),
        "explains": True,
    }


def _results(formsets: Iterable[Any]) -> list[Result]:
    """The results that a form has, as far as they say what was measured and how."""
    return [
        row.instance
        for formset in formsets
        if formset.model is Result
        for row in formset.forms
        if (row.has_changed() or row.instance.pk) and not getattr(row, "cleaned_data", {}).get("DELETE")
        if row.is_valid() is not None and row.instance.measure_id and row.instance.kind
    ]


def _asked(found: list[Doubt], typed: Any) -> list[dict[str, Any]]:
    return [
        {"doubt": doubt, "name": REASON + doubt.key, "reason": typed.get(REASON + doubt.key, "")} for doubt in found
    ]


def obliged(form: Any) -> list[str]:
    """The fields that a draft must have to be saved: columns that are never empty."""
    columns = {field.name for field in form.instance._meta.concrete_fields}
    late = needed_to_submit(type(form.instance))
    return [name for name, field in form.fields.items() if field.required and name in columns and name not in late]


def _missing(claim: Claim, form: Any = None) -> list[str]:
    """What is still to be entered, by label: what a draft needs to be saved, then what it needs to be submitted."""
    names = obliged(form) if form is not None else []
    names += needed_to_submit(type(claim))
    return [
        capfirst(str(getattr(claim._meta.get_field(name), "verbose_name", name)))
        for name in names
        if getattr(claim, getattr(claim._meta.get_field(name), "attname", name)) in (None, "")
    ]

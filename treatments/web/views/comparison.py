"""Treatments side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from treatments.comparison import ComparisonFilter
from treatments.models import Appraisal, Evidence, Recommendation, Treatment
from treatments.models.choices import TreatmentKind
from treatments.web import reading
from treatments.web.presenters.comparison import comparison, differing
from treatments.web.presenters.comparison_table import Column, column

from .pages import Context

SUGGESTED = 10


def compare(request: HttpRequest) -> HttpResponse:
    """The comparison of two to four treatments; with fewer, the way to choose them.

    What cannot be compared answers 404 where a treatment does not exist or is retired, else 400, and keeps the others.
    """
    asked = ComparisonFilter(request.GET, queryset=Treatment.objects.all())
    if asked.problems:
        only_missing = len(asked.problems) == len(asked.missing)
        context = {
            "problems": asked.problems,
            "instead": asked.in_their_place,
            "instead_names": _names(asked.in_their_place),
            "instead_url": _query(asked.in_their_place),
            **_choosing(asked.in_their_place),
        }
        return render(request, "web/compare_choose.html", context, status=404 if only_missing else 400)
    chosen = asked.chosen
    if len(chosen) < ComparisonFilter.FEWEST:
        alike = reading.studied_alike(chosen[0])[:SUGGESTED] if chosen else []
        context = {
            "only": chosen[0] if chosen else None,
            "alike": [(other, _query([*chosen, other])) for other in alike],
            **_choosing(chosen),
        }
        return render(request, "web/compare_choose.html", context)
    return render(request, "web/compare.html", {**_compared(chosen, _wants_differences(asked)), **_choosing(chosen)})


def _wants_differences(asked: ComparisonFilter) -> bool:
    return bool(asked.form.cleaned_data["differences"])


def _query(treatments: list[Treatment], **more: str) -> str:
    """The query that compares ``treatments``, in this order."""
    return urlencode({"treatment": [treatment.slug for treatment in treatments], **more}, doseq=True)


def _names(treatments: list[Treatment]) -> str:
    """The names in one line. Some have commas and "and" in them; no line begins with the dot."""
    return "\u00a0· ".join(treatment.name for treatment in treatments)


def _choosing(chosen: list[Treatment]) -> Context:
    """What the form needs: as many fields as treatments can be compared, and all treatments by kind."""
    treatments = list(Treatment.objects.in_use().only("slug", "name", "kind"))
    kinds = [(kind.label, [found for found in treatments if found.kind == kind]) for kind in TreatmentKind]
    slugs = [treatment.slug for treatment in chosen]
    return {
        "fields": [*slugs, *[""] * (ComparisonFilter.MOST - len(slugs))],
        "kinds": [(label, found) for label, found in kinds if found],
    }


def _compared(chosen: list[Treatment], differences_only: bool) -> Context:
    columns = _columns(chosen)
    sections = comparison(columns)
    shown = differing(sections) if differences_only else sections
    rows = [row for section in sections for row in section.rows]
    return {
        "columns": [(one, _query([other for other in chosen if other != one.treatment])) for one in columns],
        "names": _names(chosen),
        "slugs": " ".join(treatment.slug for treatment in chosen),
        "width": len(columns) + 1,
        "parts": shown,
        "same_rows": sum(row.same for row in rows),
        "differences_only": differences_only,
        "all_query": _query(chosen),
        "differences_query": _query(chosen, differences="true"),
    }


def _columns(chosen: list[Treatment]) -> list[Column]:
    """The columns of ``chosen``, in its order, from as many queries however many there are."""
    records = {treatment.pk: treatment for treatment in reading.compared(chosen)}
    about = {treatment.pk for record in records.values() for treatment in (record, *record.classes.all())}
    evidence = reading.evidence_rows(Evidence.objects.published().filter(treatment__in=about))
    evidence = evidence.select_related("trial").defer("trial__search_vector")
    recommendations = reading.recommendation_rows(Recommendation.objects.published().filter(treatment__in=about))
    appraisals = reading.appraisal_rows(Appraisal.objects.published().filter(treatment__in=about))
    found = list(evidence), list(recommendations.order_by("-guideline__year", "accession")), list(appraisals)
    return [column(records[treatment.pk], *found) for treatment in chosen]

"""The pages of plots, and the drawings themselves as SVG, PNG or the specification they are drawn from."""

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from treatments.charts import drawing
from treatments.charts.canvas import NothingToDrawError
from treatments.models import (
    Autoantibody,
    DatasetRevision,
    EvidenceLevel,
    OutcomeMeasure,
    PhenotypeAssociation,
    Treatment,
    Vocabulary,
)
from treatments.web import reading
from treatments.web.drawings import JSON, PNG, Form
from treatments.web.presenters import phenotype, pictures
from treatments.web.presenters.forest import measure_plots
from treatments.web.presenters.pictures import Drawing
from treatments.web.presenters.years import years

from .pages import Context, retired, term_page

TYPES = {JSON: "application/json", PNG: "image/png"}
SVG_TYPE = "image/svg+xml; charset=utf-8"


# Drawings ------------------------------------------------------------------------------------------------------------


def _answer(draw: Drawing, form: Form, name: str) -> HttpResponse:
    """The drawing in the form asked for; 404 where there is nothing to draw."""
    try:
        chart = draw(form.layout, form.theme)
    except NothingToDrawError as problem:
        raise Http404(str(problem)) from problem
    content: str | bytes
    if form.file == JSON:
        content = json.dumps(chart.spec, ensure_ascii=False, separators=(",", ":"))
    else:
        content = drawing.png(chart) if form.file == PNG else drawing.svg(chart)
    response = HttpResponse(content, content_type=TYPES.get(form.file, SVG_TYPE))
    response["Content-Disposition"] = f'inline; filename="{name}{form.ending}"'
    return response


def _drawing_of(model: type[Vocabulary], ending: str, draw: Callable[..., Drawing]) -> Callable[..., HttpResponse]:
    """The view of a drawing about one row of ``model``; the rest of the address is handed to ``draw``."""

    def view(request: HttpRequest, slug: str, form: Form, **where: str) -> HttpResponse:
        record: Any = get_object_or_404(model._default_manager.select_related("successor"), slug=slug)
        if record.retired_on:
            return retired(request, record)
        name = "-".join([slug, *where.values(), ending])
        return _answer(draw(record, DatasetRevision.current().number, **where), form, name)

    return view


def _results(treatment: Treatment, revision: int, measure: str) -> Drawing:
    classes = list(treatment.classes.all())
    found = get_object_or_404(OutcomeMeasure, slug=measure)
    claims = reading.results_on(found, [treatment, *classes])
    plots = measure_plots(claims, {row.pk: row.name for row in classes})
    if not plots:
        raise Http404("No result on this measure is recorded for this treatment.")
    return pictures.forest_drawing(treatment.name, plots[0], revision)


def _years_of_treatment(treatment: Treatment, revision: int) -> Drawing:
    found = years(reading.evidence_by_year(treatment=treatment), EvidenceLevel.objects.all())
    return pictures.years_drawing(treatment.name, found.strips, revision)


def _years_of_autoantibody(antibody: Autoantibody, revision: int) -> Drawing:
    found = years(reading.evidence_by_year(autoantibodies=antibody), EvidenceLevel.objects.all())
    return pictures.years_drawing(antibody.name, found.strips, revision)


def _phenotype(antibody: Autoantibody, revision: int) -> Drawing:
    claims = reading.association_rows(PhenotypeAssociation.objects.published().filter(autoantibody=antibody))
    rows = phenotype.rows(claims, "manifestation")
    return pictures.phenotype_drawing(antibody.name, phenotype.claims(rows), revision)


treatment_results_drawing = _drawing_of(Treatment, "results", _results)
treatment_years_drawing = _drawing_of(Treatment, "by-year", _years_of_treatment)
autoantibody_years_drawing = _drawing_of(Autoantibody, "by-year", _years_of_autoantibody)
phenotype_drawing = _drawing_of(Autoantibody, "phenotype", _phenotype)


def evidence_years_drawing(request: HttpRequest, form: Form) -> HttpResponse:
    found = years(reading.evidence_by_year(), EvidenceLevel.objects.all())
    return _answer(pictures.years_drawing("", found.strips, DatasetRevision.current().number), form, "evidence-by-year")


# Pages ---------------------------------------------------------------------------------------------------------------


def plots(request: HttpRequest) -> HttpResponse:
    """Where all plots are."""
    found = years(reading.evidence_by_year(), EvidenceLevel.objects.all())
    revision = DatasetRevision.current().number
    context = {
        "years": found,
        "picture": pictures.years_picture(found, "", revision, "web:evidence-years-drawing"),
        "treatments": reading.treatments_with_results(),
        "autoantibodies": reading.autoantibodies_with_frequencies(),
    }
    return render(request, "web/plots.html", context)


def _treatment_plots(treatment: Treatment) -> Context:
    classes = list(treatment.classes.all())
    claims = list(reading.direct_evidence(treatment__in=[treatment, *classes]))
    revision = DatasetRevision.current().number
    found = years(reading.evidence_by_year(treatment=treatment), EvidenceLevel.objects.all())
    measured = measure_plots(claims, {row.pk: row.name for row in classes})
    return {
        "classes": classes,
        "plots": [
            (plot, pictures.forest_picture(treatment.name, treatment.slug, plot, revision) if plot.drawn else None)
            for plot in measured
        ],
        "drawn": sum(plot.drawn for plot in measured),
        "result_count": sum(len(plot.results) for plot in measured),
        "years": found,
        "years_picture": pictures.years_picture(
            found, treatment.name, revision, "web:treatment-years-drawing", treatment.slug
        ),
    }


treatment_plots = term_page(Treatment, "web/treatment_plots.html", _treatment_plots)

"""Home, methods, and what robots read."""

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from treatments.models import (
    Autoantibody,
    CertaintyLevel,
    Evidence,
    EvidenceLevel,
    Manifestation,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Treatment,
    Trial,
)
from treatments.models.rules import USUAL_LEVEL
from treatments.tally import Tally
from treatments.web import reading
from treatments.web.presenters.evidence import entry
from treatments.web.presenters.finder_form import antibody_choices
from treatments.web.presenters.home import antibody_groups

LATEST = 6
MOST_STUDIED = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    antibodies = reading.evidence_tallies("autoantibodies")
    manifestations = reading.evidence_tallies("manifestations")
    treatments = reading.evidence_tallies("treatment")
    in_use = list(Autoantibody.objects.in_use().defer("search_vector"))
    counted = [(antibody, antibodies.get(antibody.pk, Tally())) for antibody in in_use]
    features = sorted(
        (
            (found, manifestations.get(found.pk, Tally()))
            for found in Manifestation.objects.in_use().defer("search_vector")
        ),
        key=lambda pair: (-pair[1].total, pair[0].name),
    )
    latest = reading.evidence_rows().order_by("-published_at", F("reference__year").desc(nulls_last=True), "accession")
    studied = [
        (found, treatments[found.pk])
        for found in Treatment.objects.in_use().filter(pk__in=treatments).defer("search_vector")
    ]
    context = {
        "antibody_groups": antibody_groups(counted),
        "manifestations": features,
        "ask_antibodies": antibody_choices(in_use),
        "ask_manifestations": [found for found, count in features if count.efficacy],
        "treatments": sorted(studied, key=lambda pair: (-pair[1].total, pair[0].name))[:MOST_STUDIED],
        "numbers": [
            ("evidence entries", Evidence.objects.published().count(), "web:evidence-list"),
            ("treatments", Treatment.objects.in_use().count(), "web:treatments"),
            ("recommendations", Recommendation.objects.published().count(), "web:recommendations"),
            ("phenotype associations", PhenotypeAssociation.objects.published().count(), "web:phenotype-associations"),
            ("references", Reference.objects.in_use().count(), "web:references"),
            ("trials", Trial.objects.in_use().count(), "web:trials"),
        ],
        "latest": [entry(claim) for claim in latest[:LATEST]],
        "levels": EvidenceLevel.objects.in_use(),
    }
    return render(request, "web/home.html", context)


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    claims = Evidence.objects.published()
    by_level: dict[str, list[str]] = {}
    for design, level in USUAL_LEVEL.items():
        by_level.setdefault(level, []).append(str(design.label))  # type: ignore[attr-defined]
    context = {
        "levels": [(level, by_level.get(level.code, [])) for level in EvidenceLevel.objects.in_use()],
        "certainties": CertaintyLevel.objects.in_use(),
        "evidence_count": claims.count(),
        "awaiting_count": claims.awaiting_primary_check().count(),
    }
    return render(request, "web/methods.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read; the API is for programs, and lists have endless combinations of filters."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /*?"]
    # What a question to the finder answers may be found; the files of a long sitemap must be.
    lines += ["Allow: /find/?autoantibody=", "Allow: /find/?manifestation=", "Allow: /sitemap-*.xml?p=", ""]
    lines += [f"Sitemap: {settings.SITE_URL}{reverse('interop:sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")

"""How many queries each page takes: written down, compared, and the same however many rows there are.

After a change on purpose, ``UPDATE_QUERY_COUNTS=1 pytest tests/web/test_query_counts.py`` writes the new counts; the
difference is then part of the commit.
"""

import json
import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders
from treatments.models import MechanismOfAction, Treatment, TrialResult, TrialTreatment
from treatments.web.drawings import Form

pytestmark = pytest.mark.django_db

BASELINE = Path(__file__).parent / "query_counts.json"

PAGES = {
    "home": ("web:home",),
    "methods": ("web:methods",),
    "changes": ("web:changes",),
    "finder": ("web:finder",),
    "finder, behind a row": ("web:finder-treatment", "tofacitinib"),
    "finder, file": ("web:finder-download",),
    "treatments": ("web:treatments",),
    "treatment": ("web:treatment", "tofacitinib"),
    "treatment, class": ("web:treatment", "jak-inhibitors"),
    "compare": ("web:compare",),
    "mechanisms": ("web:mechanisms",),
    "mechanism": ("web:mechanism", "jak-stat"),
    "mechanism map as SVG": ("web:mechanism-map-svg",),
    "mechanism map as PNG": ("web:mechanism-map-png",),
    "autoantibodies": ("web:autoantibodies",),
    "autoantibody": ("web:autoantibody", "anti-mda5"),
    "autoantibody, class": ("web:autoantibody", "anti-synthetase"),
    "manifestations": ("web:manifestations",),
    "manifestation": ("web:manifestation", "calcinosis"),
    "outcome measures": ("web:outcome-measures",),
    "outcome measure": ("web:outcome-measure", "total-improvement-score"),
    "evidence levels": ("web:evidence-levels",),
    "evidence level": ("web:evidence-level", "2"),
    "certainty levels": ("web:certainty-levels",),
    "certainty level": ("web:certainty-level", "low"),
    "references": ("web:references",),
    "reference": ("web:reference", "aggarwal-2022-ivig"),
    "trials": ("web:trials",),
    "trial": ("web:trial", "NCT02728752"),
    "evidence list": ("web:evidence-list",),
    "evidence, CSV": ("web:evidence-csv",),
    "evidence, Excel": ("web:evidence-xlsx",),
    "evidence, JSON": ("web:evidence-json",),
    "evidence, RIS": ("web:evidence-ris",),
    "evidence map": ("web:map",),
    "evidence map, CSV": ("web:map-csv",),
    "evidence": ("web:evidence", "EV00001"),
    "evidence version": ("web:evidence-version", "EV00001", 1),
    "phenotype associations": ("web:phenotype-associations",),
    "phenotype association": ("web:phenotype-association", "PA00001"),
    "recommendations": ("web:recommendations",),
    "recommendation": ("web:recommendation", "RC00001"),
    "appraisals": ("web:appraisals",),
    "plots": ("web:plots",),
    "plots of a treatment": ("web:treatment-plots", "tofacitinib"),
    "drawing of results": ("web:treatment-results-drawing", "tofacitinib", "cdasi", Form()),
    "drawing of years": ("web:treatment-years-drawing", "tofacitinib", Form()),
    "drawing of years, antibody": ("web:autoantibody-years-drawing", "anti-mda5", Form()),
    "drawing of all years": ("web:evidence-years-drawing", Form()),
    "drawing of a phenotype": ("web:phenotype-drawing", "anti-mda5", Form()),
}

# Pages that answer a question: what is asked.
QUESTIONS = {
    "search": "/search/?q=calcinosis",
    "search, one kind": "/search/?q=calcinosis&kind=evidence",
    "search, misspelt": "/search/?q=calcinossis",
    "search, nothing found": "/search/?q=abrocitinib",
    "suggestions": "/search/suggestions/?q=calc",
}


def queries_of(client, url) -> int:
    """The queries of a page that was not kept in memory."""
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        assert response.status_code == 200
        response.getvalue()  # a file may be read while it is sent
    return len(queries)


def test_every_page_takes_as_many_queries_as_written_down(client):
    addresses = {page: reverse(name, args=args) for page, (name, *args) in PAGES.items()} | QUESTIONS
    counts = {page: queries_of(client, address) for page, address in addresses.items()}
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        BASELINE.write_text(json.dumps(counts, indent=2) + "\n")
    assert counts == json.loads(BASELINE.read_text())


def add_rows(count: int, about: dict) -> None:
    """``count`` published claims of each kind, all about the same records."""
    for _ in range(count):
        claim = builders.evidence(
            treatment=about["treatment"],
            reference=about["reference"],
            trial=about["trial"],
            autoantibodies=[about["autoantibody"]],
            manifestations=[about["manifestation"]],
        )
        builders.result(claim, measure=about["measure"])
        builders.published(claim, release=about["release"])
        # Claims that name the same records, and records that name the same ones.
        builders.published(
            builders.recommendation(
                treatment=about["treatment"],
                guideline=about["reference"],
                autoantibodies=[about["autoantibody"]],
                manifestations=[about["manifestation"]],
            ),
            release=about["release"],
        )
        builders.published(
            builders.phenotype_association(
                autoantibody=about["autoantibody"],
                manifestation=about["manifestation"],
                references=[about["reference"]],
            ),
            release=about["release"],
        )
        other = builders.treatment()
        MechanismOfAction.objects.create(treatment=other, mechanism=about["mechanism"], action="inhibits")
        trial = builders.trial()
        TrialTreatment.objects.create(trial=trial, treatment=about["treatment"])
        TrialResult.objects.create(trial=trial, reference=about["reference"])
        builders.mechanism(parent=about["mechanism"])
        builders.mechanism_interaction(upstream=about["mechanism"])


def test_no_page_takes_more_queries_for_200_rows_than_for_10(client):
    about = {
        "treatment": builders.treatment(),
        "reference": builders.reference(),
        "trial": builders.trial(),
        "autoantibody": builders.autoantibody(),
        "manifestation": builders.manifestation(),
        "mechanism": builders.mechanism(),
        "measure": builders.outcome_measure(),
        "release": builders.release(),
    }
    MechanismOfAction.objects.create(treatment=about["treatment"], mechanism=about["mechanism"], action="inhibits")
    urls = [about[name].get_absolute_url() for name in about if name != "release"]
    urls += [reverse(name) for name, *args in PAGES.values() if not args]
    urls += [reverse("web:treatment-plots", args=[about["treatment"].slug])]
    urls += [
        reverse("web:treatment-results-drawing", args=[about["treatment"].slug, about["measure"].slug, Form("json")])
    ]
    urls += [f"{reverse('web:evidence-list')}?treatment={about['treatment'].slug}"]
    urls += ["/search/?q=made+finding", "/search/?q=example&kind=evidence", "/search/suggestions/?q=exampl"]
    asked = f"?autoantibody={about['autoantibody'].slug}&manifestation={about['manifestation'].slug}"
    urls += [reverse("web:finder") + asked, reverse("web:finder-treatment", args=[about["treatment"].slug]) + asked]
    add_rows(10, about)
    few = {url: queries_of(client, url) for url in urls}
    add_rows(190, about)
    assert Treatment.objects.count() > 200
    assert {url: queries_of(client, url) for url in urls} == few

"""How many queries each page takes: written down, compared, and the same however many rows there are.

After a change on purpose, ``UPDATE_QUERY_COUNTS=1 pytest tests/web/test_query_counts.py`` writes the new counts; the
difference is then part of the commit.
"""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, crowd
from treatments.models import Treatment
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
    "phenotype association version": ("web:phenotype-association-version", "PA00001", 1),
    "recommendations": ("web:recommendations",),
    "recommendation": ("web:recommendation", "RC00001"),
    "recommendation version": ("web:recommendation-version", "RC00001", 1),
    "appraisals": ("web:appraisals",),
    "releases": ("web:releases",),
    "release": ("web:release", "2026-11"),
    "file of a release": ("web:release-file", "2026-11", "dataset-2026-11.yaml.zip"),
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


def queries_of(client, url, status=200) -> int:
    """The queries of a page that was not kept in memory."""
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        assert response.status_code == status
        response.getvalue()  # a file may be read while it is sent
    return len(queries)


def test_every_page_takes_as_many_queries_as_written_down(client):
    addresses = {page: reverse(name, args=args) for page, (name, *args) in PAGES.items()} | QUESTIONS
    counts = {page: queries_of(client, address) for page, address in addresses.items()}
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        BASELINE.write_text(json.dumps(counts, indent=2) + "\n")
    assert counts == json.loads(BASELINE.read_text())


def test_no_page_takes_more_queries_for_200_rows_than_for_10(client):
    about = crowd.records()
    urls = [record.get_absolute_url() for name, record in about.items() if name != "release"]
    urls += [reverse(name) for name, *args in PAGES.values() if not args]
    urls += [reverse("web:treatment-plots", args=[about["treatment"].slug])]
    urls += [
        reverse("web:treatment-results-drawing", args=[about["treatment"].slug, about["measure"].slug, Form("json")])
    ]
    urls += [f"{reverse('web:evidence-list')}?treatment={about['treatment'].slug}"]
    urls += ["/search/?q=made+finding", "/search/?q=example&kind=evidence", "/search/suggestions/?q=exampl"]
    asked = f"?autoantibody={about['autoantibody'].slug}&manifestation={about['manifestation'].slug}"
    urls += [reverse("web:finder") + asked, reverse("web:finder-treatment", args=[about["treatment"].slug]) + asked]
    appraisal = crowd.add_rows(10, about)
    few = {url: queries_of(client, url) for url in urls} | of_a_claim(client, appraisal)
    appraisal = crowd.add_rows(190, about)
    assert Treatment.objects.count() > 200
    assert {url: queries_of(client, url) for url in urls} | of_a_claim(client, appraisal) == few


def of_a_claim(client, claim) -> dict[str, int]:
    """The queries of both addresses of a claim."""
    return {
        "published": queries_of(client, claim.get_absolute_url()),
        "version": queries_of(client, claim.get_version_url()),
    }


def test_pages_of_what_no_longer_stands_take_as_many_queries_as_written_down(client):
    claim = builders.published(builders.evidence())
    revision = builders.evidence(accession=claim.accession, version=2, supersedes=claim)
    builders.superseded(claim)
    builders.published(revision)
    retired = builders.treatment(retired_on=date(2026, 11, 1), retirement_reason="Made up.")
    counts = {"superseded": queries_of(client, claim.get_version_url())}
    builders.retracted(revision)
    counts |= {
        "retracted": queries_of(client, claim.get_absolute_url(), 410),
        "version of a retracted claim": queries_of(client, revision.get_version_url()),
        "retired": queries_of(client, retired.get_absolute_url(), 410),
    }
    assert counts == {"superseded": 9, "retracted": 3, "version of a retracted claim": 8, "retired": 3}


def test_pages_with_an_appraisal_take_as_many_queries_as_written_down(client):
    about = crowd.records()
    appraisal = crowd.add_rows(1, about)
    asked = f"?autoantibody={about['autoantibody'].slug}&manifestation={about['manifestation'].slug}"
    pages = {
        "appraisal": appraisal.get_absolute_url(),
        "appraisal version": appraisal.get_version_url(),
        "treatment": about["treatment"].get_absolute_url(),
        "autoantibody": about["autoantibody"].get_absolute_url(),
        "manifestation": about["manifestation"].get_absolute_url(),
        "finder": reverse("web:finder") + asked,
    }
    assert {page: queries_of(client, address) for page, address in pages.items()} == {
        "appraisal": 8,
        "appraisal version": 8,
        "treatment": 23,
        "autoantibody": 19,
        "manifestation": 14,
        "finder": 22,
    }

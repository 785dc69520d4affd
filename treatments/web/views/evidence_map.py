"""The evidence map as a page, and as a file."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from treatments.errors import bad_request_answer
from treatments.evidence_map import Columns, EvidenceMapFilter, evidence_map
from treatments.models import Evidence
from treatments.tally import DIRECTIONS
from treatments.web.downloads import csv_file
from treatments.web.presenters import evidence_map as presenter
from treatments.web.presenters.filters import chips, facet, hidden

from .pages import Context

FACETS = ("population", "setting", "level", "treatment_kind", "mechanism", "autoantibody", "manifestation")


def _asked(request: HttpRequest) -> EvidenceMapFilter:
    return EvidenceMapFilter(request.GET, queryset=Evidence.objects.published())


def page(request: HttpRequest) -> HttpResponse:
    """The map with its filters. A query with something wrong answers 400 and keeps what was typed."""
    asked = _asked(request)
    controls = {name: facet(asked, name) for name in asked.filters}
    layout = {name: controls[name] for name in asked.narrows_nothing}
    context: Context = {
        "problems": asked.problems,
        "facets": [controls[name] for name in FACETS],
        "layout": layout,
        "chips": chips(asked, controls.values()),
        "hidden": [] if asked.problems else hidden(asked, [*FACETS, "group", "empty"]),
        # The same table without filters.
        "unfiltered": urlencode([(name, shown) for name, shown in asked.data.items() if name in layout]),
        "map": None,
    }
    if not asked.problems:
        found = evidence_map(asked)
        context |= {
            "map": found,
            "tabs": [(choice, choice == found.layout.columns) for choice in Columns],
            "groups": presenter.groups(found, reverse("web:evidence-list")),
            "column_groups": presenter.column_groups(found.columns),
            "directions": DIRECTIONS,
            "can_leave_out_unselected": presenter.can_leave_out_unselected(found),
        }
    return render(request, "web/evidence_map.html", context, status=400 if asked.problems else 200)


def download(request: HttpRequest) -> HttpResponse:
    """The map as CSV, one line a cell."""
    asked = _asked(request)
    if asked.problems:
        return bad_request_answer(request, "This map cannot be made as it was asked for.", asked.problems)
    found = evidence_map(asked)
    rows = presenter.csv_rows(found, request.build_absolute_uri(reverse("web:evidence-list")))
    return csv_file(f"evidence-map-{found.layout.columns.value}.csv", presenter.CSV_HEADER, rows)

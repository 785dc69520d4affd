"""What all pages share: lists with their filters, vocabulary that may be retired, claims and their versions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from treatments.facets import COUNTED, facet_counts
from treatments.filtering import Problem, StrictFilterSet
from treatments.models import Claim, ClaimQuerySet, Vocabulary
from treatments.models.choices import ClaimStatus
from treatments.web.presenters.filters import Facet, chips, facet, hidden, only
from treatments.web.presenters.ordering import order
from treatments.web.presenters.sources import source_checks

ROWS_A_PAGE = 25
Context = dict[str, Any]
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class ListPage:
    """One list: what it filters, how its rows are loaded and shown, and which filters have a control.

    ``showing`` is what parameters that narrow nothing bring to the page.
    """

    name: str
    row_name: tuple[str, str]  # one, several
    filterset: type[StrictFilterSet]
    queryset: Callable[[], QuerySet]
    rows: Callable[[QuerySet], QuerySet]
    template: str
    context: Callable[[list[Any]], Context]
    shown: tuple[str, ...] = ()
    more: tuple[str, ...] = field(default=())
    rows_a_page: int = ROWS_A_PAGE
    showing: Callable[[StrictFilterSet, list[Any]], Context] | None = None


def page_number(raw: str) -> int | None:
    """The number of the page asked for, or None where it is not one."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 and int(raw) > 0 else None


def page_problems(request: HttpRequest) -> list[Problem]:
    """What is wrong with the page asked for, but for one past the last, which is found out later."""
    if page_number(request.GET.get("page", "1")) is None:
        return [Problem("page", "A page is a whole number from 1.")]
    return []


def list_page(page: ListPage) -> View:
    """The view of a list. A query with something wrong answers 400 and keeps what was typed; a page
    that does not exist is 404."""

    def view(request: HttpRequest) -> HttpResponse:
        filterset = page.filterset(request.GET, queryset=page.queryset())
        filterset.passthrough = ("page",)
        problems = [*filterset.problems, *page_problems(request)]
        shown, more = _facets(filterset, page.shown, page.more)
        names = [*page.shown, *page.more, "search", "ordering"]
        context: Context = {
            "list_name": page.name,
            "row_name": page.row_name,
            "problems": problems,
            "facets": shown,
            "more_facets": more,
            "facet_groups": [shown, more],
            "search": facet(filterset, "search") if "search" in filterset.filters else None,
            "ordering": order(filterset),
            "chips": chips(filterset, [*shown, *more]),
            "hidden": [] if problems else hidden(filterset, names),
            "query": only(filterset.data, filterset.filters),
            "query_unfiltered": only(filterset.data, filterset.narrows_nothing),
            "page": None,
        }
        if not problems:
            found = _page_of(request, page, filterset)
            rows = list(found.object_list)
            page_range = found.paginator.get_elided_page_range(found.number, on_each_side=2, on_ends=1)
            context |= {"page": found, "page_range": page_range, **page.context(rows)}
            if page.showing:
                context |= page.showing(filterset, rows)
        return render(request, page.template, context, status=400 if problems else 200)

    return view


def _facets(filterset: StrictFilterSet, *groups: tuple[str, ...]) -> list[list[Facet]]:
    """The controls of each group of filters, with what each of their values would give."""
    counts = {}
    if filterset.is_valid():
        names = [name for group in groups for name in group if isinstance(filterset.filters[name], COUNTED)]
        counts = facet_counts(filterset, names)
    return [[facet(filterset, name, counts.get(name)) for name in group] for group in groups]


def _page_of(request: HttpRequest, page: ListPage, filterset: StrictFilterSet) -> Page:
    return found_page(request, page.rows(filterset.qs), page.rows_a_page)


def found_page(request: HttpRequest, rows: Any, rows_a_page: int) -> Page:
    """The page of ``rows`` that is asked for; 404 where the list is shorter."""
    paginator = Paginator(rows, rows_a_page)
    number = page_number(request.GET.get("page", "1")) or 1
    if number > paginator.num_pages:
        raise Http404(f"There is no page {number}: the last one is {paginator.num_pages}.")
    return paginator.page(number)


def retired(request: HttpRequest, record: Vocabulary) -> HttpResponse:
    """410, with why ``record`` is no longer used and what took its place."""
    return render(request, "410.html", {"record": record, "retired": True}, status=410)


def term_page(model: type[Vocabulary], template: str, context: Callable[[Any], Context]) -> View:
    """The view of one vocabulary row, found by what the address holds of it.

    A retired one answers 410 and names its successor.
    """

    def view(request: HttpRequest, **where: str) -> HttpResponse:
        record = get_object_or_404(model._default_manager.select_related("successor"), **where)
        if record.retired_on:
            return retired(request, record)
        shared = {"record": record, "checks": source_checks(record)}
        return render(request, template, {**shared, **context(record)})

    return view


@dataclass(frozen=True)
class ClaimPage:
    """One kind of claim: how a version is loaded, and what its page shows."""

    model: type[Claim]
    load: Callable[[QuerySet], QuerySet]
    template: str
    context: Callable[[Any], Context]


def _public_versions(model: type[Claim], accession: str) -> list[Claim]:
    """All versions readers may see, newest first; 404 where there is none."""
    claims = cast(ClaimQuerySet, model._default_manager.filter(accession=accession))
    versions = list(claims.public().order_by("-version"))
    if not versions:
        raise Http404("There is no published claim under this accession.")
    return versions


def show(request: HttpRequest, page: ClaimPage, versions: list[Claim], pk: int, **context: Any) -> HttpResponse:
    """The page of one version of a claim, beside all its public ``versions``."""
    record = page.load(page.model._default_manager.filter(pk=pk)).get()
    current = next((version for version in versions if version.status == ClaimStatus.PUBLISHED), None)
    shared = {"record": record, "current": current, "versions": versions, "checks": source_checks(record)}
    return render(request, page.template, {**shared, **page.context(record), **context})


def claim_page(page: ClaimPage) -> View:
    """The view of a claim: its published version, or 410 with the reason once it is retracted."""

    def view(request: HttpRequest, accession: str) -> HttpResponse:
        versions = _public_versions(page.model, accession)
        published = next((version for version in versions if version.status == ClaimStatus.PUBLISHED), None)
        if published is None:
            return render(request, "410.html", {"record": versions[0], "versions": versions}, status=410)
        return show(request, page, versions, published.pk, permanent=False)

    return view


def version_page(page: ClaimPage) -> View:
    """The view of one version, for good: superseded and retracted ones say so."""

    def view(request: HttpRequest, accession: str, version: int) -> HttpResponse:
        versions = _public_versions(page.model, accession)
        found = next((row for row in versions if row.version == version), None)
        if found is None:
            raise Http404("There is no such published version.")
        return show(request, page, versions, found.pk, permanent=True)

    return view

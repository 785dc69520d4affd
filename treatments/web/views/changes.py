"""The page of what changed, when and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from treatments.changes import Transactions, transactions
from treatments.filters import ChangeFilter
from treatments.web.presenters.changes import days
from treatments.web.presenters.filters import chips, facet

from .pages import Context, found_page, page_problems

TRANSACTIONS_A_PAGE = 25
SHOWN = ("kind", "treatment", "autoantibody", "since", "type")


def changes(request: HttpRequest) -> HttpResponse:
    """What each transaction changed in public, newest first. What is wrong with the query answers 400 and stays."""
    filterset = ChangeFilter(request.GET)
    filterset.passthrough = ("page",)
    problems = [*filterset.problems, *page_problems(request)]
    facets = [facet(filterset, name) for name in SHOWN]
    context: Context = {
        "list_name": "Changes",
        "row_name": ("data revision", "data revisions"),
        "problems": problems,
        "facets": facets,
        "chips": chips(filterset, facets),
        "page": None,
    }
    if not problems:
        scope = filterset.scope
        page = found_page(request, Transactions(scope), TRANSACTIONS_A_PAGE)
        page_range = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        found = transactions(scope, list(page.object_list))
        context |= {"page": page, "page_range": page_range, "days": days(found, scope)}
    return render(request, "web/changes.html", context, status=400 if problems else 200)

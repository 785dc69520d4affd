"""What a reader gets when something is wrong: a problem document from the API, a page anywhere else."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.views import defaults

from treatments.api.problems import problem
from treatments.filtering import Problem, StrictFilterSet
from treatments.models import DatasetRevision

API_PREFIX = "/api/"


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API_PREFIX)


def bad_request_answer(request: HttpRequest, detail: str, problems: Iterable[Problem] = ()) -> HttpResponse:
    """400, saying what is wrong with the request and with each of its parameters."""
    problems = list(problems)
    if is_api(request):
        return problem(request, 400, detail, problems=problems)
    text = " ".join([detail, *(f"{found.parameter}: {found.detail}".lstrip(": ") for found in problems)])
    try:
        page = render_to_string("400.html", {"detail": text, "problems": problems}, request)
    except TemplateDoesNotExist:
        return HttpResponse(f"{text}\n", status=400, content_type="text/plain; charset=utf-8")
    return HttpResponse(page, status=400)


def takes_only(view: Callable[..., HttpResponse], *names: str) -> Callable[..., HttpResponse]:
    """``view`` for an address that takes no parameters but ``names``: any other is refused, never ignored."""

    @wraps(view)
    def refusing(request: HttpRequest, *args: Any, **where: Any) -> HttpResponse:
        asked = StrictFilterSet(request.GET, queryset=DatasetRevision.objects.none())
        asked.passthrough = names
        if asked.problems:
            return bad_request_answer(request, "This address does not take these parameters.", asked.problems)
        return view(request, *args, **where)

    return refusing


# The handlers of knowledgebase.urls -----------------------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, DisallowedHost) and not is_api(request):
        # A page names its own address, and this request has none that can be trusted.
        return HttpResponse(
            "This site does not answer to that host name.\n", status=400, content_type="text/plain; charset=utf-8"
        )
    return bad_request_answer(request, "The request cannot be read.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem(request, 403, "This is not open to readers.")
    return defaults.permission_denied(request, exception)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without the token of this session: sent from a page opened before the last sign-in, or a forgery.

    ``reason`` is Django's, for the log; it tells a reader nothing.
    """
    if is_api(request):
        return problem(request, 403, "This is not open to readers.")
    return HttpResponse(render_to_string("403_csrf.html", request=request), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem(request, 404, "There is nothing at this address. /api/v1/ lists what there is.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if is_api(request):
        return problem(request, 500, "Something went wrong here; the request may be fine. It has been logged.")
    return defaults.server_error(request)

"""Errors of the API, as RFC 9457 problem documents."""

from collections.abc import Iterable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.encoding import escape_uri_path
from rest_framework import exceptions
from rest_framework.request import Request

from treatments.filtering import Problem

MEDIA_TYPE = "application/problem+json"


class InvalidParameters(exceptions.APIException):
    """The query asks for something that does not exist; ``problems`` says what, parameter by parameter."""

    status_code = 400
    default_detail = "The query has parameters or values that this address does not take."

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = list(problems)


class Gone(exceptions.APIException):
    """Something that was public and no longer stands; ``facts`` says why and what to read instead."""

    status_code = 410

    def __init__(self, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.facts = facts


def problem(
    request: HttpRequest | Request, status: int, detail: str, *, problems: Iterable[Problem] = (), **facts: Any
) -> JsonResponse:
    """A problem document; ``problems`` become its ``errors``, ``facts`` further members."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": escape_uri_path(request.path),
    }
    errors = [asdict(found) for found in problems]
    if errors:
        document["errors"] = errors
    return JsonResponse(document | facts, status=status, content_type=MEDIA_TYPE)


def as_problem(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """What the REST framework answers with when a view raises ``error``; ``None`` leaves it to Django's 500."""
    request = context["request"]
    match error:
        case InvalidParameters():
            return problem(request, error.status_code, str(error.detail), problems=error.problems)
        case Gone():
            return problem(request, error.status_code, str(error.detail), **error.facts)
        case exceptions.NotAcceptable():
            offered = ", ".join(renderer.media_type for renderer in context["view"].get_renderers())
            return problem(request, error.status_code, f"This address answers in {offered} only.")
        case exceptions.MethodNotAllowed():
            return problem(
                request, error.status_code, f"This API is read-only: {request.method} is not among its methods."
            )
        case exceptions.APIException():
            return problem(request, error.status_code, str(error.detail))
        case Http404():
            return problem(request, 404, str(error) or "There is nothing at this address.")
        case PermissionDenied():
            return problem(request, 403, "This is not open to readers.")
    return None

"""Lets web pages of other sites read the API: it is public, read-only and knows no cookie."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from treatments.errors import is_api


class CrossOriginReads:
    """Marks every answer of the API, errors included, as readable from anywhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_api(request):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = "ETag, X-Dataset-Revision"
            if request.method == "OPTIONS":
                response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
                response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
                response["Access-Control-Max-Age"] = "86400"
        return response

"""Turns away requests that no view should have to think about, with 400 and a reason."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse

from treatments.errors import bad_request_answer
from treatments.filtering import Problem

MAX_PARAMETERS = 200
MAX_PARAMETER_LENGTH = 2_000
MAX_QUERY_LENGTH = 20_000

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class RequestGuard:
    """Refuses null bytes, text that is not UTF-8, and parameters too long or too many to be meant."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            return bad_request_answer(request, "The address contains a null byte.")
        if problems := list(problems_of_query(request)):
            return bad_request_answer(request, "The query cannot be read.", problems)
        return self.get_response(request)


def problems_of_query(request: HttpRequest) -> Iterator[Problem]:
    """Everything wrong with the form of the parameters, whatever they are called."""
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    pairs = [pair for pair in query.split(b"&") if pair]
    if len(pairs) > MAX_PARAMETERS:
        yield Problem("", f"There are {len(pairs)} parameters; at most {MAX_PARAMETERS} are taken.")
        return
    for pair in pairs:
        raw_name, _, raw_value = pair.partition(b"=")
        name, _ = decoded(raw_name)
        shown = name[:80].replace("\0", "\ufffd")
        for raw in (raw_name, raw_value):
            text, problem = decoded(raw)
            if problem:
                yield Problem(shown, problem)
            elif len(text) > MAX_PARAMETER_LENGTH:
                yield Problem(
                    shown, f"This is {len(text):,} characters long; at most {MAX_PARAMETER_LENGTH:,} are taken."
                )
    if len(query) > MAX_QUERY_LENGTH:
        yield Problem("", f"The query is {len(query):,} bytes long; at most {MAX_QUERY_LENGTH:,} are taken.")


def decoded(raw: bytes) -> tuple[str, str]:
    """A name or value as text, and what is wrong with it."""
    unquoted = unquote_to_bytes(raw.replace(b"+", b" "))
    text = unquoted.decode("utf-8", "replace")
    if _BROKEN_ESCAPE.search(raw):
        return text, "A percent sign is written %25; this one is followed by no two hexadecimal digits."
    if b"\0" in unquoted:
        return text, "This contains a null byte."
    try:
        unquoted.decode()
    except UnicodeDecodeError:
        return text, "This is not UTF-8."
    return text, ""

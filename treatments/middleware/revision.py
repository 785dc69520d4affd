"""Answers readers from memory while the public data set has not changed, and proves to them that it has not.

The public data change rarely and are read constantly. What a reader gets depends on four things only: the code, the
revision of the data set, the address asked for and the form asked for. One key made of them is both the ETag and the
name under which the answer is kept, so a kept answer cannot be out of date and nothing is ever purged.
"""

from collections.abc import Callable
from hashlib import blake2b

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from treatments.middleware.code_version import code_version
from treatments.models import DatasetRevision

# What belongs to a person, and what carries an ETag of its own.
NOT_PUBLIC = ("/admin/", "/accounts/", settings.STATIC_URL)
# Not the default one, where sign-in counts attempts: a flood of odd queries must not push those out.
KEPT = "answers"
# Request headers that choose between forms of the same page.
FORM_HEADERS = ("Accept", "HX-Request", "HX-Boosted", "HX-History-Restore-Request")
# With CACHES' bound on the number of entries this bounds the memory a flood of odd queries can take.
MAX_KEPT_BYTES = 512 * 1024


class RevisionedAnswers:
    """Gives every public answer an ETag, answers 304 after one small query, and keeps answers per revision."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or request.path.startswith(NOT_PUBLIC):
            return self.get_response(request)
        # Before anything else is read: what is written meanwhile can only make the answer newer than its label.
        current = DatasetRevision.current()
        revision = current.number
        key = answer_key(request, current)
        etag = f'W/"{key}"'
        asked = parse_etags(request.headers.get("If-None-Match", ""))
        if any(tag.removeprefix("W/") == f'"{key}"' for tag in asked):
            return labelled(not_modified(), revision, etag)

        response: HttpResponseBase | None = recall(key)
        if response is None:
            response = self.get_response(request)
            if response.has_header("ETag"):
                return response  # what has a label of its own, like the file of a release, depends on no revision
            if response.status_code != 200 or depends_on_reader(response):
                return labelled(response, revision)
            keep(key, request, response)
        # "*" matches whatever exists, so only a page that turned out to exist.
        return labelled(not_modified() if asked == ["*"] else response, revision, etag)


def answer_key(request: HttpRequest, revision: DatasetRevision) -> str:
    """The one name of what this request gets at this revision from this code."""
    parts = [code_version(), revision.state, request.build_absolute_uri()]
    parts += [request.headers.get(name, "") for name in FORM_HEADERS]
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def depends_on_reader(response: HttpResponseBase) -> bool:
    """Whether the answer may differ between two readers: it then has no ETag and is never kept."""
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    return bool(response.cookies) or "cookie" in varies


def recall(key: str) -> HttpResponse | None:
    kept = caches[KEPT].get(f"answer:{key}")
    if kept is None:
        return None
    content, headers = kept
    return HttpResponse(content, headers=headers)


def keep(key: str, request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep a complete, ordinary answer. Streams, large bodies, pages with a policy of their own and what says itself
    that it is not to be kept ("no-store") are made anew."""
    if "no-store" in response.get("Cache-Control", ""):
        return
    own_policy = any(name.startswith("_csp") for name in vars(response)) or getattr(request, "_csp_nonce", None)
    if isinstance(response, HttpResponse) and not own_policy and len(response.content) <= MAX_KEPT_BYTES:
        caches[KEPT].set(f"answer:{key}", (response.content, dict(response.items())))


def not_modified() -> HttpResponse:
    response = HttpResponse(status=304)
    del response["Content-Type"]
    # The reader's copy keeps the policy it came with; a header here would replace it.
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response


def labelled(response: HttpResponseBase, revision: int, etag: str = "") -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", "no-cache")
    response["X-Dataset-Revision"] = str(revision)
    patch_vary_headers(response, FORM_HEADERS)
    if etag:
        response["ETag"] = etag
    return response

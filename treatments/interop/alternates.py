"""The same in other forms: what a page links programs and feed readers to."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from treatments.api.endpoints import ENDPOINTS
from treatments.api.serializers.records import natural_key
from treatments.models import Autoantibody, Claim, Treatment
from treatments.models.choices import ClaimStatus
from treatments.titles import title

JSON, ATOM = "application/json", "application/atom+xml"
# Pages whose endpoint is not called what they are.
ENDPOINTS_OF_PAGES = {f"web:{name}": f"api:{name}-list" for name in ENDPOINTS.values()} | {
    "web:evidence-list": "api:evidence-list",
    "web:changes": "api:changes",
    "web:map": "api:evidence-map",
    "web:finder": "api:finder",
    "web:search": "api:search",
}
OF_PAGES = ("page", "view", "column")  # what only a page is asked
FEEDS: dict[type, str] = {Treatment: "interop:treatment-feed", Autoantibody: "interop:autoantibody-feed"}


@dataclass(frozen=True)
class Alternate:
    type: str
    title: str
    url: str


def endpoint(record: Any) -> str:
    """The endpoint that answers for a record, which is also the beginning of its page's address."""
    return ENDPOINTS.get(type(record), "")


def record_in_api(record: Any) -> str:
    """The path of a record in the API, of a claim that no longer stands that of the version; empty without one."""
    name = endpoint(record)
    if not name:
        return ""
    if not isinstance(record, Claim):
        return reverse(f"api:{name}-detail", args=[natural_key(record)])
    if record.status == ClaimStatus.PUBLISHED:
        return reverse(f"api:{name}-detail", args=[record.accession])
    return reverse(f"api:{name}-version", args=[record.accession, record.version])


def list_in_api(page: str, query: QueryDict) -> str:
    """The path of what a list page shows, with its filters; empty where the API has no such list.

    How the page lays them out, and the fields of its form that were left empty, are nothing to ask a program's list.
    """
    name = ENDPOINTS_OF_PAGES.get(page)
    if not name:
        return ""
    given = [(key, value) for key, values in query.lists() if key not in OF_PAGES for value in values]
    filters = [(key, value) for key, value in given if value.strip()]
    return reverse(name) + (f"?{urlencode(filters)}" if filters else "")


def feed(record: Any) -> Alternate | None:
    """The feed of what changes about a record, where it has one."""
    name = FEEDS.get(type(record))
    if not name:
        return None
    address = settings.SITE_URL + reverse(name, args=[record.slug])
    return Alternate(ATOM, f"{title(record)}: changed claims", address)


def changes_page(record: Any) -> str:
    """The path of what changed about a record, where changes can be asked for by it."""
    name = {Treatment: "treatment", Autoantibody: "autoantibody"}.get(type(record))
    return f"{reverse('web:changes')}?{urlencode({name: record.slug})}" if name else ""


def alternates(record: Any, page: str, query: QueryDict) -> list[Alternate]:
    """Every other form of a page: the record or list as JSON, and the feeds to follow it by."""
    path = record_in_api(record) if record is not None else list_in_api(page, query)
    found = [Alternate(JSON, "As JSON", settings.SITE_URL + path)] if path else []
    own = feed(record)
    everything = Alternate(ATOM, "All changed claims", settings.SITE_URL + reverse("interop:claims-feed"))
    return [*found, *([own] if own else []), everything]

"""Tags and filters of the page templates."""

import json
from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse

from treatments.models import DatasetRevision
from treatments.web.presenters import figures, sources

register = template.Library()

NAVIGATION = (
    ("Find", "web:finder"),
    ("Treatments", "web:treatments"),
    ("Autoantibodies", "web:autoantibodies"),
    ("Manifestations", "web:manifestations"),
    ("Mechanisms", "web:mechanisms"),
    ("Evidence", "web:evidence-list"),
    ("Evidence map", "web:map"),
    ("Recommendations", "web:recommendations"),
    ("Trials", "web:trials"),
    ("References", "web:references"),
    ("Methods", "web:methods"),
)

HTMX = {
    # No style element and no evaluated text: the content security policy allows neither.
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    # Nothing of what was read stays in the browser, and going back shows the page as it is now, scripts and all.
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    # A refused question is answered with a page that says what was wrong with it.
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "400", "swap": True},
        {"code": "...", "swap": False, "error": True},
    ],
}

register.filter("figure", figures.figure)
register.filter("prevalence_range", figures.prevalence_range)
register.filter("byline", sources.byline)
register.filter("briefly", sources.briefly)
register.filter("sentence", sources.sentence)
register.filter("source_checks", sources.source_checks)


@register.simple_tag
def data_revision() -> DatasetRevision:
    """The present revision of the public data."""
    return DatasetRevision.current()


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> list[dict[str, str]]:
    """The main sections; ``current`` is "page" on the section's own page and "true" below it."""
    path = context["request"].path if "request" in context else ""
    items = []
    for label, name in NAVIGATION:
        url = reverse(name)
        current = "page" if path == url else "true" if path.startswith(url) else ""
        items.append({"label": label, "url": url, "current": current})
    return items


@register.simple_tag
def absolute(path: str) -> str:
    """The full public address of ``path`` on this site."""
    return f"{settings.SITE_URL}{path}"


@register.simple_tag
def htmx_configuration() -> str:
    """How htmx behaves on every page, as JSON."""
    return json.dumps(HTMX, separators=(",", ":"))


@register.filter
def of(mapping: Mapping, key: Any) -> Any:
    """``mapping[key]``, None where absent."""
    return mapping.get(key)

"""Addresses of the present list: under other filters, and of its other pages."""

from django.core.paginator import Page
from django.http import QueryDict


def asked_with(asked: QueryDict, **changes: str | None) -> str:
    """The present query with ``changes``, with its question mark; what is set to ``None`` is left out."""
    query = asked.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query else ""


def page_links(asked: QueryDict, page: Page) -> list[tuple[int | str, str]]:
    """The numbers of the pages with their addresses, for ``admin/pager.html``; a gap has none."""
    return [
        (number, asked_with(asked, p=str(number)) if isinstance(number, int) else "")
        for number in page.paginator.get_elided_page_range(page.number)
    ]

"""Saved queries, asked again and again: what came into PubMed since the last time, page by page.

Each page is stored together with the place that it ends at, in one transaction: a run that breaks off, wherever that
is, is taken up at the next page by the run after it. Days are read again for a while, because PubMed enters papers
late; what was seen before is left out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from treatments.models import LiteratureQuery

from . import pubmed
from .inbox import known_pmids, take_in
from .service import ServiceError

PAGE = 100
READ_AGAIN = timedelta(days=3)
PLACE = ("asked", "covered_until", "reading_from", "reading_until", "position")
"""What a run writes; the rest of a query may be edited meanwhile."""

_LOCK = 4_206_002


class BusyError(Exception):
    """Another run is filling the inbox."""


@contextmanager
def alone() -> Iterator[None]:
    """Keeps other runs from asking the same at the same time; ``BusyError`` where one is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise BusyError("Another run is filling the inbox at the moment.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def watch(query: LiteratureQuery, today: date) -> int:
    """Read what the query finds up to ``today``, and say how many papers were never seen before.

    Raises ``ServiceError``; what was read until then stays, and so does the place.
    """
    new = 0
    try:
        _begin(query, today)
        while query.reading_until is not None:
            new += _read_page(query, today)
    except ServiceError as problem:
        LiteratureQuery.objects.filter(pk=query.pk).update(last_problem=str(problem))
        raise
    LiteratureQuery.objects.filter(pk=query.pk).update(last_run_at=timezone.now(), last_problem="")
    return new


def _begin(query: LiteratureQuery, today: date) -> None:
    """Take up where the last run broke off; else begin with the days after it, and a few before them once more."""
    asked = f"{query.since} {query.term}"
    if query.asked != asked:  # somebody changed the question: every day has to be read anew
        query.asked, query.covered_until, query.reading_from, query.reading_until = asked, None, None, None
    if query.reading_until is None:
        first = query.since if query.covered_until is None else max(query.covered_until - READ_AGAIN, query.since)
        query.reading_from, query.reading_until, query.position = min(first, today), today, 0
    query.save(update_fields=PLACE)


def _read_page(query: LiteratureQuery, today: date) -> int:
    """The next page of the days that are being read; when it was the last, the days are done."""
    assert query.reading_from is not None and query.reading_until is not None  # noqa: S101, PT018
    page = pubmed.search(query.term, query.reading_from, query.reading_until, query.position, PAGE)
    if page.count > pubmed.MOST_OF_A_QUERY:
        _read_fewer_days(query)
        return 0
    known = known_pmids(page.pmids)
    records = pubmed.by_pmid([pmid for pmid in page.pmids if pmid not in known])
    with transaction.atomic():
        new = take_in(list(records.values()), query=query)
        query.position += len(page.pmids)
        if not page.pmids or query.position >= page.count:
            query.covered_until = query.reading_until
            unread = query.covered_until < today
            query.reading_from = query.covered_until + timedelta(days=1) if unread else None
            query.reading_until, query.position = (today if unread else None), 0
        query.save(update_fields=PLACE)
    return new


def _read_fewer_days(query: LiteratureQuery) -> None:
    """PubMed hands out only so many papers of an answer: ask for half the days."""
    assert query.reading_from is not None and query.reading_until is not None  # noqa: S101, PT018
    days = (query.reading_until - query.reading_from).days
    if days == 0:
        raise ServiceError(
            f"The query finds more than {pubmed.MOST_OF_A_QUERY:,} papers of one day ({query.reading_from}), more than"
            " PubMed hands out. Make it narrower."
        )
    query.reading_until, query.position = query.reading_from + timedelta(days=days // 2), 0
    query.save(update_fields=PLACE)

"""The search of the pages as JSON."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from treatments.filtering import MAX_SEARCH_LENGTH, validate_searchable
from treatments.search import Kind, SearchParameters, answer

from .parameters import BoundedPages, StrictFilters, require_valid
from .serializers.search import SearchRecord, search_record


class Asked(SearchParameters):
    """As for pages, but a text must be given: a program that leaves it out has made a mistake."""

    q = django_filters.CharFilter(
        label="Names, words or an identifier",
        required=True,
        max_length=MAX_SEARCH_LENGTH,
        validators=[validate_searchable],
        error_messages={"required": "Say what to search for."},
    )


class Search(APIView):
    """Everything public that answers to a text: records called so, then those about it, then those that mention it.

    All words must be found, in a record's own text or in the names of what it is linked to; "quotes", `or` and `-minus`
    work as in a web search. Accessions, PMIDs, DOIs, NCT numbers and other identifiers find their record. A misspelt
    name is put right only where nothing answers to what was asked, and `read_as` says so.
    """

    filter_backends = [StrictFilters, BoundedPages]
    filterset_class = Asked

    @extend_schema(operation_id="search", summary="Search everything", responses=SearchRecord, tags=["search"])
    def get(self, request: Request) -> Response:
        asked, pages = Asked(request.query_params), BoundedPages()
        require_valid(asked, request, pages)
        found = answer(asked.text)
        hits = found.of(asked.kinds or Kind)
        page = pages.paginate_queryset(hits, request, view=self)
        links = pages.get_next_link(), pages.get_previous_link()
        return Response(search_record(found, page, len(hits), links, request))

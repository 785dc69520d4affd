"""The finder as JSON."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from treatments.finder_filter import FinderFilter
from treatments.finder_reading import answer

from .parameters import StrictFilters, require_valid
from .serializers.finder import FinderAnswer, answer_record


class Finder(APIView):
    """What was tried for a phenotype: treatments by how directly their evidence speaks to it, then by how strong it is.

    Tiers, most direct first: `antibody_and_manifestation`, `antibody`, `manifestation`, `disease` (in patients not
    selected by antibody). Within one: best level, directions at that level, patients treated, slug. A treatment stands
    once, in the best tier that its efficacy evidence reaches, and its figures count the entries of that tier; what else
    there is stands beside them. Several manifestations mean any of them. Nothing asked: the disease overall. The order
    is for reading, not advice.
    """

    filter_backends = [StrictFilters]
    filterset_class = FinderFilter

    @extend_schema(
        operation_id="finder", summary="Rank treatments for a phenotype", responses=FinderAnswer, tags=["finder"]
    )
    def get(self, request: Request) -> Response:
        asked = FinderFilter(request.query_params)
        require_valid(asked, request)
        return Response(answer_record(answer(asked.question), request))

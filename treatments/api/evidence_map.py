"""The evidence map as JSON."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from treatments.evidence_map import EvidenceMapFilter, evidence_map
from treatments.models import Evidence

from .parameters import StrictFilters, require_valid
from .serializers.evidence_map import MapRecord, map_record


class EvidenceMap(APIView):
    """Treatments against autoantibodies, or against manifestations: best level, directions and counts, cell by cell.

    Only cells that hold entries are listed. An entry that names two columns counts in both.
    """

    filter_backends = [StrictFilters]
    filterset_class = EvidenceMapFilter

    @extend_schema(operation_id="evidence_map", summary="The evidence map", responses=MapRecord, tags=["evidence-map"])
    def get(self, request: Request) -> Response:
        asked = EvidenceMapFilter(request.query_params, queryset=Evidence.objects.published())
        require_valid(asked, request)
        filters: dict[str, list[str]] = {}
        for name, value in asked.evidence:
            filters.setdefault(name, []).append(value)
        return Response(map_record(evidence_map(asked), filters, request))

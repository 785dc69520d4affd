"""The endpoints. Every one is public and read-only; what a record holds stands in ``serializers``."""

from typing import Any, ClassVar

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from treatments import filters
from treatments.models import (
    Appraisal,
    Autoantibody,
    CertaintyLevel,
    DatasetRevision,
    Evidence,
    EvidenceLevel,
    Manifestation,
    Mechanism,
    OutcomeMeasure,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Release,
    Treatment,
    Trial,
)
from treatments.models.choices import ClaimStatus

from . import serializers as shown
from .parameters import BoundedPages, StrictFilters, refuse_parameters
from .problems import Gone
from .schema import SCHEMA_RENDERERS, OnceForAll


class PublicViewSet(ReadOnlyModelViewSet):
    """Base of all endpoints: ``row`` is what a list holds, ``record`` what the address of one record answers."""

    filter_backends = [StrictFilters]
    pagination_class = BoundedPages
    lookup_value_regex = "[^/]+"
    queryset: Any
    row: ClassVar[type[shown.Record]]
    record: ClassVar[type[shown.Record]]

    def get_serializer_class(self) -> type[shown.Record]:
        return self.row if self.action == "list" else self.record

    def get_queryset(self) -> Any:
        return self.get_serializer_class().read(super().get_queryset())

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        refuse_parameters(request)
        return super().retrieve(request, *args, **kwargs)

    def one(self, queryset: Any) -> Any:
        """The row of ``queryset`` that the address names."""
        return queryset.filter(**{self.lookup_field: self.kwargs[self.lookup_field]}).first()

    def unknown(self) -> exceptions.NotFound:
        name = self.kwargs[self.lookup_field][:80]
        return exceptions.NotFound(f"There is no {self.queryset.model._meta.verbose_name} “{name}”.")


class VocabularyViewSet(PublicViewSet):
    """Base of what claims point at. A retired term answers 410 and names its successor."""

    lookup_field = "slug"

    def get_queryset(self) -> Any:
        return super().get_queryset().in_use() if self.action == "list" else super().get_queryset()

    def get_object(self) -> Any:
        found = self.one(self.get_queryset())
        if found is None:
            raise self.unknown()
        if found.retired_on:
            raise self.retired(found)
        return found

    def retired(self, term: Any) -> Gone:
        successor = term.successor and {
            self.lookup_field: getattr(term.successor, self.lookup_field),
            "name": str(term.successor),
            "url": self.reverse_action("detail", args=[getattr(term.successor, self.lookup_field)]),
        }
        instead = f" Use “{successor['name']}” instead." if successor else ""
        return Gone(
            f"“{term}” was retired on {term.retired_on}.{instead}",
            reason=term.retirement_reason,
            retired_on=term.retired_on.isoformat(),
            successor=successor,
        )


class ClaimViewSet(PublicViewSet):
    """Base of what is asserted: the published version, and every version that ever was, at its permanent address."""

    lookup_field = "accession"

    def get_queryset(self) -> Any:
        published_only = self.action in ("list", "retrieve")
        return super().get_queryset().published() if published_only else super().get_queryset().public()

    def get_object(self) -> Any:
        if found := self.one(self.get_queryset()):
            return found
        last = self.one(self.queryset.public().order_by("-version"))
        if last is None or last.status != ClaimStatus.RETRACTED:
            raise self.unknown()
        raise Gone(
            f"{last.accession} was retracted on {last.retracted_at:%Y-%m-%d}: {last.retraction_reason}",
            reason=last.retraction_reason,
            retracted_at=last.retracted_at.isoformat(),
            last_version=self.reverse_action("version", args=[last.accession, last.version]),
        )

    @extend_schema(responses=shown.VersionRow(many=True), filters=False)
    @action(detail=True, filter_backends=[], filterset_class=None)
    def versions(self, request: Request, accession: str) -> Response:
        """Every published version, newest first."""
        refuse_parameters(request, BoundedPages())
        found = self.queryset.public().filter(accession=accession).order_by("-version")
        page = self.paginate_queryset(found)
        if not page:
            raise self.unknown()
        rows = shown.VersionRow(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(rows.data)

    @action(detail=True, url_path="versions/(?P<version>[0-9]{1,9})")
    def version(self, request: Request, accession: str, version: str) -> Response:
        """One version, as it was published; its permanent address."""
        refuse_parameters(request)
        found = self.one(self.get_queryset().filter(version=int(version)))
        if found is None:
            raise exceptions.NotFound(f"There is no version {version} of “{accession[:80]}”.")
        return Response(self.get_serializer(found).data)


# Vocabulary and sources -----------------------------------------------------------------------------------------------


class Treatments(VocabularyViewSet):
    """Drugs, biologics, blood products, cell therapies, procedures, combinations of them, and classes."""

    queryset = Treatment.objects.all()
    filterset_class = filters.TreatmentFilter
    row, record = shown.TreatmentRow, shown.TreatmentRecord


class Mechanisms(VocabularyViewSet):
    """The tree of pathways, targets and processes that treatments act on."""

    queryset = Mechanism.objects.all()
    filterset_class = filters.MechanismFilter
    row, record = shown.MechanismRow, shown.MechanismRecord


class Autoantibodies(VocabularyViewSet):
    """Myositis-specific and myositis-associated antibodies, their classes, and their absence."""

    queryset = Autoantibody.objects.all()
    filterset_class = filters.AutoantibodyFilter
    row, record = shown.AutoantibodyRow, shown.AutoantibodyRecord


class Manifestations(VocabularyViewSet):
    """Clinical features of the disease, and a few domains of safety and activity that studies report on."""

    queryset = Manifestation.objects.all()
    filterset_class = filters.ManifestationFilter
    row, record = shown.ManifestationRow, shown.ManifestationRecord


class References(VocabularyViewSet):
    """Publications."""

    queryset = Reference.objects.all()
    filterset_class = filters.ReferenceFilter
    row, record = shown.ReferenceRow, shown.ReferenceRecord


class Trials(VocabularyViewSet):
    """Registry records of trials."""

    queryset = Trial.objects.all()
    filterset_class = filters.TrialFilter
    lookup_field = "nct_id"
    row, record = shown.TrialRow, shown.TrialRecord


class OutcomeMeasures(VocabularyViewSet):
    """What studies measure: scores, laboratory values, events."""

    queryset = OutcomeMeasure.objects.all()
    filterset_class = filters.OutcomeMeasureFilter
    row, record = shown.OutcomeMeasureRow, shown.OutcomeMeasureRecord


class EvidenceLevels(VocabularyViewSet):
    """The levels of the Oxford CEBM 2011 table for treatment benefit."""

    queryset = EvidenceLevel.objects.all()
    filterset_class = filters.EvidenceLevelFilter
    lookup_field = "code"
    row, record = shown.EvidenceLevelRow, shown.EvidenceLevelRecord


class CertaintyLevels(VocabularyViewSet):
    """The levels of certainty of evidence as GRADE uses them."""

    queryset = CertaintyLevel.objects.all()
    filterset_class = filters.CertaintyLevelFilter
    lookup_field = "code"
    row, record = shown.CertaintyLevelRow, shown.CertaintyLevelRecord


# Claims ---------------------------------------------------------------------------------------------------------------


class EvidenceEntries(ClaimViewSet):
    """What publications report about treatments: in whom, what was measured, which way it points."""

    queryset = Evidence.objects.all()
    filterset_class = filters.EvidenceFilter
    row, record = shown.EvidenceRow, shown.EvidenceRecord


class PhenotypeAssociations(ClaimViewSet):
    """How manifestations go with autoantibodies: how often, and compared with others."""

    queryset = PhenotypeAssociation.objects.all()
    filterset_class = filters.PhenotypeAssociationFilter
    row, record = shown.PhenotypeAssociationRow, shown.PhenotypeAssociationRecord


class Recommendations(ClaimViewSet):
    """Statements of guidelines, with their direction and strength."""

    queryset = Recommendation.objects.all()
    filterset_class = filters.RecommendationFilter
    row, record = shown.RecommendationRow, shown.RecommendationRecord


class Appraisals(ClaimViewSet):
    """Bottom lines of curators, with the certainty GRADE gives them."""

    queryset = Appraisal.objects.with_recheck()
    filterset_class = filters.AppraisalFilter
    row, record = shown.AppraisalRow, shown.AppraisalRecord


# The data set as a whole ----------------------------------------------------------------------------------------------


class Releases(PublicViewSet):
    """Named snapshots of everything published, with files that never change and what changed between them."""

    queryset = Release.objects.all()
    filterset_class = filters.ReleaseFilter
    lookup_field = "name"
    row, record = shown.ReleaseRow, shown.ReleaseRecord

    def get_object(self) -> Any:
        if found := self.one(self.get_queryset()):
            return found
        raise self.unknown()


# About the API --------------------------------------------------------------------------------------------------------


class RootRecord(serializers.Serializer):
    """What there is, and which state of the data set it is."""

    name = serializers.CharField()
    version = serializers.CharField(help_text="Of the API.")
    revision = serializers.IntegerField(help_text="Grows whenever anything public changes.")
    revision_at = serializers.DateTimeField(allow_null=True, help_text="When it last did.")
    licence = serializers.URLField(help_text="Under what terms software and data set may be used.")
    notice = serializers.CharField()
    documentation = serializers.DictField(child=serializers.URLField())
    endpoints = serializers.DictField(child=serializers.URLField())


class Root(APIView):
    """What there is, and which state of the data set it is."""

    @extend_schema(responses=RootRecord, tags=["about"], operation_id="root", summary="What there is")
    def get(self, request: Request) -> Response:
        from .urls import router

        refuse_parameters(request)
        revision = DatasetRevision.current()
        return Response(
            RootRecord(
                {
                    "name": settings.SPECTACULAR_SETTINGS["TITLE"],
                    "version": settings.SPECTACULAR_SETTINGS["VERSION"],
                    "revision": revision.number,
                    "revision_at": revision.changed_at,
                    "licence": reverse("web:methods", request=request) + "#licence",
                    "notice": "A reference work, not medical advice: it shows what was studied, in whom, how strongly.",
                    "documentation": {
                        "schema": reverse("api:schema", request=request),
                        "swagger": reverse("api:docs", request=request),
                        "redoc": reverse("api:redoc", request=request),
                    },
                    "endpoints": {
                        prefix: reverse(f"api:{basename}-list", request=request)
                        for prefix, _, basename in router.registry
                    }
                    | {
                        name: reverse(f"api:{name}", request=request)
                        for name in ("changes", "evidence-map", "finder", "search")
                    },
                }
            ).data
        )


class Schema(SpectacularAPIView):
    """This API in OpenAPI 3.1: JSON, or YAML where the request prefers it."""

    renderer_classes = SCHEMA_RENDERERS
    generator_class = OnceForAll

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        refuse_parameters(request)
        return super().get(request, *args, **kwargs)


class SwaggerUI(APIView):
    """The schema as a page on which every call can be tried. Everything it loads comes from here."""

    renderer_classes = [TemplateHTMLRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        refuse_parameters(request)
        return Response(template_name="api/swagger_ui.html")


class ReDoc(APIView):
    """The schema as a page to read. Everything it loads comes from here."""

    renderer_classes = [TemplateHTMLRenderer]
    # ReDoc makes its style in the browser: empty style elements, filled through their object model, and one fixed text
    # for its scroll bars. The policy of this page names these two by their hashes and still allows no other.
    OWN_STYLES = (
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
    )

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        refuse_parameters(request)
        # As a header and not by decorator, so that it is kept along with the page.
        policy = build_policy(update={"style-src": self.OWN_STYLES})
        return Response(template_name="api/redoc.html", headers={HEADER: policy})

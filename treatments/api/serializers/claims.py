"""What is asserted: evidence, phenotype associations, recommendations, appraisals.

A row or record is one published version of a claim. Who wrote and who reviewed a version is not shown: accounts are
not part of the public data set. A version that came with a release of the data set names it.
"""

from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Prefetch
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from treatments.api.endpoints import ENDPOINTS
from treatments.models import (
    Appraisal,
    Autoantibody,
    Claim,
    Evidence,
    Manifestation,
    OutcomeMeasure,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Release,
    Result,
)
from treatments.models.choices import AssociationEffectKind, ClaimStatus
from treatments.models.claims import PUBLIC_STATES

from .records import (
    Address,
    Figure,
    Link,
    PageAddress,
    Record,
    ReferenceLink,
    SourceCheck,
    TrialLink,
    named,
    nulls,
    number,
)
from .vocabulary import Sourced

PUBLIC_STATUSES = [(state.value, state.label) for state in ClaimStatus if state in PUBLIC_STATES]


@extend_schema_field(OpenApiTypes.URI)
class VersionAddress(serializers.Field):
    """The permanent address of a version of a claim in the API."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True, help_text="The permanent address of this very version.")

    def to_representation(self, value: Any) -> str:
        arguments = [value.accession, value.version]
        return reverse(f"api:{ENDPOINTS[type(value)]}-version", args=arguments, request=self.context["request"])

    def __deepcopy__(self, memo: dict[int, Any]) -> "VersionAddress":
        return type(self)()


@extend_schema_field(OpenApiTypes.URI)
class VersionsAddress(serializers.Field):
    """The address of the list of versions of a claim in the API."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True, help_text="Every published version of this claim.")

    def to_representation(self, value: Any) -> str:
        return reverse(
            f"api:{ENDPOINTS[type(value)]}-versions", args=[value.accession], request=self.context["request"]
        )

    def __deepcopy__(self, memo: dict[int, Any]) -> "VersionsAddress":
        return type(self)()


class ClaimPageAddress(PageAddress):
    """The page of a claim; of a version that no longer stands, the page of that version."""

    def to_representation(self, value: Any) -> str:
        if value.status == ClaimStatus.PUBLISHED:
            return super().to_representation(value)
        return self.context["request"].build_absolute_uri(value.get_version_url())


class ReleaseLink(serializers.ModelSerializer):
    """The release of the data set that a version came with."""

    class Meta:
        model = Release
        fields = ["name", "title", "released_on"]
        read_only_fields = fields


class VersionLink(serializers.Serializer):
    """A version of a claim, at its permanent address."""

    accession = serializers.CharField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    status = serializers.ChoiceField(PUBLIC_STATUSES, read_only=True)
    url = VersionAddress()


class VersionRow(VersionLink):
    """One published version of a claim: when it stood, and why it was made or withdrawn."""

    change_note = serializers.CharField(read_only=True, allow_null=True)
    published_at = serializers.DateTimeField(read_only=True)
    superseded_at = serializers.DateTimeField(read_only=True, allow_null=True)
    retracted_at = serializers.DateTimeField(read_only=True, allow_null=True)
    retraction_reason = serializers.CharField(read_only=True, allow_null=True)

    def to_representation(self, instance: Claim) -> dict[str, Any]:
        return nulls(super().to_representation(instance))


class ClaimRow(Sourced):
    """Base of the rows of a list of claims."""

    COMMON: ClassVar = ("awaiting_primary_check", "last_checked_on", "published_at")

    published_at = serializers.DateTimeField(read_only=True)


class ClaimRecord(Sourced):
    """Base of a complete version of a claim."""

    NAMES: ClassVar = ("url", "html_url", "version_url", "versions_url", "accession", "version", "status", "key")
    LIFE: ClassVar = (
        *("change_note", "release", "submitted_at", "reviewed_at", "published_at", "supersedes", "superseded_by"),
        *("superseded_at", "retracted_at", "retraction_reason", "last_checked_on"),
        *("source_checks", "awaiting_primary_check", "created_at", "updated_at"),
    )
    JOINED: ClassVar = ("release", "supersedes", "superseded_by")

    html_url = ClaimPageAddress()
    version_url = VersionAddress()
    versions_url = VersionsAddress()
    status = serializers.ChoiceField(PUBLIC_STATUSES, read_only=True)
    published_at = serializers.DateTimeField(read_only=True)
    release = ReleaseLink(read_only=True, allow_null=True)
    supersedes = VersionLink(read_only=True, allow_null=True, help_text="The version before this one.")
    superseded_by = serializers.SerializerMethodField(help_text="The published version that replaced this one.")
    source_checks = SourceCheck(many=True, read_only=True)

    @extend_schema_field(VersionLink(allow_null=True))
    def get_superseded_by(self, claim: Claim) -> dict[str, Any] | None:
        successor = getattr(claim, "superseded_by", None)
        # The next version may still be a draft, and readers are told of none.
        if successor is None or successor.status not in PUBLIC_STATES:
            return None
        return VersionLink(successor, context=self.context).data


# Evidence -------------------------------------------------------------------------------------------------------------


class Arm(serializers.Serializer):
    """The figures of one arm, as printed; counts may be given without a value and the other way round."""

    events = serializers.IntegerField(read_only=True, allow_null=True)
    total = serializers.IntegerField(read_only=True, allow_null=True)
    value = Figure(read_only=True, allow_null=True)
    unit = serializers.CharField(read_only=True, allow_null=True)


class Effect(serializers.Serializer):
    """The between-group estimate, or the model's where there is one group, with its interval."""

    value = Figure(read_only=True)
    ci_low = Figure(read_only=True, allow_null=True)
    ci_high = Figure(read_only=True, allow_null=True)
    ci_level = Figure(read_only=True, allow_null=True, help_text="Percent, mostly 95.")
    unit = serializers.CharField(read_only=True, allow_null=True)


class ResultRecord(Record):
    """One measured outcome, with the figures as the source printed them."""

    measure = Link(read_only=True)
    treated = serializers.SerializerMethodField()
    control = serializers.SerializerMethodField()
    effect = serializers.SerializerMethodField()

    class Meta:
        model = Result
        fields = ["measure", "label", "timepoint", "kind", "treated", "control", "effect", "p_value"]

    @extend_schema_field(Arm(allow_null=True))
    def get_treated(self, result: Result) -> dict[str, Any] | None:
        return figures(result, "treated", Arm)

    @extend_schema_field(Arm(allow_null=True))
    def get_control(self, result: Result) -> dict[str, Any] | None:
        return figures(result, "control", Arm)

    @extend_schema_field(Effect(allow_null=True))
    def get_effect(self, result: Result) -> dict[str, Any] | None:
        return figures(result, "effect", Effect)


def figures(
    row: Result | PhenotypeAssociation, part: str, shape: type[serializers.Serializer]
) -> dict[str, Any] | None:
    """The columns of ``row`` that begin with ``part``, in ``shape``; ``None`` where nothing was given."""
    values = {name: getattr(row, f"{part}_{name}") for name in shape._declared_fields}
    written = {name: number(value) if isinstance(value, Decimal) else value for name, value in nulls(values).items()}
    return written if any(value is not None for value in written.values()) else None


RESULTS = (
    Prefetch("results", queryset=Result.objects.order_by("pk")),
    named("results__measure", OutcomeMeasure),
)
COHORT = (named("autoantibodies", Autoantibody), named("manifestations", Manifestation))


class EvidenceRow(ClaimRow):
    url = Address("evidence", "accession")
    treatment = Link(read_only=True)
    reference = ReferenceLink(read_only=True)
    trial = TrialLink(read_only=True, allow_null=True)
    level = serializers.CharField(source="level_id", read_only=True)
    autoantibodies = Link(many=True, read_only=True)
    manifestations = Link(many=True, read_only=True)
    results = ResultRecord(many=True, read_only=True)

    joined = ("treatment", "reference", "trial")
    fetched = (*COHORT, *RESULTS)

    class Meta:
        model = Evidence
        fields = [
            *("url", "accession", "version", "treatment", "reference", "trial", "design", "analysis", "aspect"),
            *("level", "population", "setting", "autoantibodies", "manifestations", "comparator", "regimen"),
            *("n_treated", "n_control", "direction", "statement", "results", *ClaimRow.COMMON),
        ]


class EvidenceRecord(ClaimRecord):
    """What one publication reports about one treatment: in whom, what was measured, which way it points.

    `autoantibodies` means that the cohort was selected by, or the result reported separately for, these antibodies;
    empty means unselected disease. Safety entries (`aspect`) never count as efficacy.
    """

    url = Address("evidence", "accession")
    treatment = Link(read_only=True)
    reference = ReferenceLink(read_only=True)
    trial = TrialLink(read_only=True, allow_null=True)
    level = serializers.CharField(source="level_id", read_only=True)
    autoantibodies = Link(many=True, read_only=True)
    manifestations = Link(many=True, read_only=True)
    results = ResultRecord(many=True, read_only=True)
    appraisals = VersionLink(many=True, read_only=True, help_text="Published appraisals that rest on this version.")

    joined = ("treatment", "reference", "trial", *ClaimRecord.JOINED)
    fetched = (
        *COHORT,
        *RESULTS,
        Prefetch("appraisals", queryset=Appraisal.objects.published().only("accession", "version", "status")),
    )

    class Meta:
        model = Evidence
        fields = [
            *(*ClaimRecord.NAMES, "treatment", "reference", "trial", "design", "analysis", "aspect", "level"),
            *("level_note", "population", "setting", "autoantibodies", "manifestations", "comparator", "regimen"),
            *("n_treated", "n_control", "direction", "statement", "results", "safety", "limitations", "appraisals"),
            *ClaimRecord.LIFE,
        ]


# Phenotype associations -----------------------------------------------------------------------------------------------


class AssociationEffect(serializers.Serializer):
    """How much more, or less, often than in others."""

    kind = serializers.ChoiceField(AssociationEffectKind.choices, read_only=True)
    value = Figure(read_only=True)
    ci_low = Figure(read_only=True, allow_null=True)
    ci_high = Figure(read_only=True, allow_null=True)


class PhenotypeAssociationRow(ClaimRow):
    url = Address("phenotype-associations", "accession")
    autoantibody = Link(read_only=True)
    manifestation = Link(read_only=True)
    effect = serializers.SerializerMethodField()

    joined = ("autoantibody", "manifestation")

    class Meta:
        model = PhenotypeAssociation
        fields = [
            *("url", "accession", "version", "autoantibody", "manifestation", "population", "strength"),
            *("frequency_low", "frequency_high", "effect", *ClaimRow.COMMON),
        ]

    @extend_schema_field(AssociationEffect(allow_null=True))
    def get_effect(self, association: PhenotypeAssociation) -> dict[str, Any] | None:
        return figures(association, "effect", AssociationEffect)


class PhenotypeAssociationRecord(ClaimRecord):
    """How a manifestation goes with an autoantibody in a population: how often (percent), and compared with others."""

    url = Address("phenotype-associations", "accession")
    autoantibody = Link(read_only=True)
    manifestation = Link(read_only=True)
    effect = serializers.SerializerMethodField()
    references = ReferenceLink(many=True, read_only=True)

    joined = ("autoantibody", "manifestation", *ClaimRecord.JOINED)
    fetched = (named("references", Reference),)

    class Meta:
        model = PhenotypeAssociation
        fields = [
            *(*ClaimRecord.NAMES, "autoantibody", "manifestation", "population", "strength", "frequency_low"),
            *("frequency_high", "effect", "note", "references", *ClaimRecord.LIFE),
        ]

    @extend_schema_field(AssociationEffect(allow_null=True))
    def get_effect(self, association: PhenotypeAssociation) -> dict[str, Any] | None:
        return figures(association, "effect", AssociationEffect)


# Recommendations ------------------------------------------------------------------------------------------------------


class RecommendationRow(ClaimRow):
    url = Address("recommendations", "accession")
    guideline = ReferenceLink(read_only=True)
    treatment = Link(read_only=True, allow_null=True)
    autoantibodies = Link(many=True, read_only=True)
    manifestations = Link(many=True, read_only=True)

    joined = ("guideline", "treatment")
    fetched = COHORT

    class Meta:
        model = Recommendation
        fields = [
            *("url", "accession", "version", "guideline", "body", "treatment", "autoantibodies", "manifestations"),
            *("population", "setting", "direction", "strength", "statement", *ClaimRow.COMMON),
        ]


class RecommendationRecord(ClaimRecord):
    """A statement of a guideline, in our words, with the direction and grade the guideline gives it.

    `treatment` is null where the statement is about none in particular.
    """

    url = Address("recommendations", "accession")
    guideline = ReferenceLink(read_only=True)
    treatment = Link(read_only=True, allow_null=True)
    autoantibodies = Link(many=True, read_only=True)
    manifestations = Link(many=True, read_only=True)

    joined = ("guideline", "treatment", *ClaimRecord.JOINED)
    fetched = COHORT

    class Meta:
        model = Recommendation
        fields = [
            *(*ClaimRecord.NAMES, "guideline", "body", "treatment", "autoantibodies", "manifestations"),
            *("population", "setting", "direction", "strength", "quality", "statement", "note", *ClaimRecord.LIFE),
        ]


# Appraisals -----------------------------------------------------------------------------------------------------------


class AppraisalRow(ClaimRow):
    url = Address("appraisals", "accession")
    treatment = Link(read_only=True)
    manifestation = Link(read_only=True)
    autoantibody = Link(read_only=True, allow_null=True)
    certainty = serializers.CharField(source="certainty_id", read_only=True)
    needs_recheck = serializers.BooleanField(read_only=True)

    joined = ("treatment", "manifestation", "autoantibody")

    class Meta:
        model = Appraisal
        fields = [
            *("url", "accession", "version", "treatment", "manifestation", "autoantibody", "population"),
            *("certainty", "bottom_line", "needs_recheck", *ClaimRow.COMMON),
        ]


class AppraisalRecord(ClaimRecord):
    """A curator's bottom line on a treatment for a manifestation, with the certainty GRADE gives it.

    `needs_recheck`: evidence it rests on was replaced or withdrawn, or newer evidence was published in its scope.
    """

    url = Address("appraisals", "accession")
    treatment = Link(read_only=True)
    manifestation = Link(read_only=True)
    autoantibody = Link(read_only=True, allow_null=True)
    certainty = serializers.CharField(source="certainty_id", read_only=True)
    needs_recheck = serializers.BooleanField(read_only=True)
    rests_on = VersionLink(many=True, read_only=True)

    joined = ("treatment", "manifestation", "autoantibody", *ClaimRecord.JOINED)
    fetched = (Prefetch("rests_on", queryset=Evidence.objects.public().only("accession", "version", "status")),)

    class Meta:
        model = Appraisal
        fields = [
            *(*ClaimRecord.NAMES, "treatment", "manifestation", "autoantibody", "population", "certainty"),
            *("bottom_line", "needs_recheck", "rests_on", *ClaimRecord.LIFE),
        ]

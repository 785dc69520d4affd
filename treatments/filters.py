"""The one definition of every filter, used by pages and by the API alike.

Filters are named in the singular and take slugs, codes or accessions. Repeating one means "any
of"; different ones must all hold. An unknown parameter or value is refused, never ignored.
"""

import re
from contextlib import suppress
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.http import QueryDict

from .changes import Scope
from .filtering import (
    MAX_SEARCH_LENGTH,
    AnyLinked,
    AnyOf,
    AssociatedWith,
    MechanismAndBelow,
    Named,
    StrictFilterSet,
    TextSearch,
    TrueOrFalse,
    ordering,
)
from .models import (
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
from .models.choices import (
    Analysis,
    Aspect,
    AssociationStrength,
    AutoantibodyGroup,
    AutoantibodyKind,
    Better,
    ChangeKind,
    Design,
    Direction,
    KnownOrNot,
    MechanismKind,
    Population,
    PublicationType,
    RecommendationDirection,
    RecommendationStrength,
    RecordType,
    RetractionStatus,
    Setting,
    TreatmentKind,
    TreatmentStage,
    TrialPhase,
    TrialStatus,
)
from .models.identifiers import IDENTIFIERS
from .search.identifiers import readings

GENE = IDENTIFIERS["gene"]


class Identified(django_filters.CharFilter):
    """The record has this identifier, written or pasted in any way that the search takes; anything else is refused."""

    def __init__(self, registry: str, **kwargs: Any) -> None:
        self.registry = registry
        super().__init__(field_name=registry, max_length=MAX_SEARCH_LENGTH, validators=[self.validate], **kwargs)

    def validate(self, text: str) -> None:
        """Raise ``ValidationError`` where ``text`` is not written as the registry writes its identifiers."""
        if self.registry not in dict(readings(text)):
            raise ValidationError(IDENTIFIERS[self.registry].message)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__iexact": dict(readings(value))[self.registry]}) if value else qs


class LevelFilterSet(StrictFilterSet):
    ordering = ordering(rank="rank")


class EvidenceLevelFilter(LevelFilterSet):
    class Meta:
        model = EvidenceLevel
        fields: list[str] = []


class CertaintyLevelFilter(LevelFilterSet):
    class Meta:
        model = CertaintyLevel
        fields: list[str] = []


class OutcomeMeasureFilter(StrictFilterSet):
    better = AnyOf(Better, label="Better")
    search = TextSearch()
    ordering = ordering(name="name")

    class Meta:
        model = OutcomeMeasure
        fields: list[str] = []


class MechanismFilter(StrictFilterSet):
    kind = AnyOf(MechanismKind, label="Kind")
    parent = AnyLinked(Mechanism, label="Directly below")
    gene = django_filters.CharFilter(
        method="with_gene",
        label="Gene symbol",
        max_length=20,
        validators=[RegexValidator(rf"^({GENE.pattern})\Z", GENE.message, flags=re.IGNORECASE)],
    )
    search = TextSearch()
    ordering = ordering(name="name", kind="kind")

    class Meta:
        model = Mechanism
        fields: list[str] = []

    def with_gene(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        # Symbols are in capitals but for a few, such as C4orf3.
        return queryset.filter(genes__overlap=[value, value.upper()])


class AutoantibodyFilter(StrictFilterSet):
    group = AnyOf(AutoantibodyGroup, label="Group")
    kind = AnyOf(AutoantibodyKind, label="Kind")
    manifestation = AssociatedWith(Manifestation, label="Manifestation")
    search = TextSearch()
    ordering = ordering(name="name", group="group")

    class Meta:
        model = Autoantibody
        fields: list[str] = []


class ManifestationFilter(StrictFilterSet):
    search = TextSearch()
    ordering = ordering(name="name")

    class Meta:
        model = Manifestation
        fields: list[str] = []


class TreatmentFilter(StrictFilterSet):
    kind = AnyOf(TreatmentKind, label="Kind")
    stage = AnyOf(TreatmentStage, label="Stage")
    mechanism = MechanismAndBelow(field_name="mechanisms", label="Mechanism")
    approved = TrueOrFalse(method="with_approval", label="Approved for dermatomyositis")
    in_review_figure = AnyOf(KnownOrNot, label="In the review's figure")
    search = TextSearch()
    ordering = ordering(name="name", kind="kind", stage="stage")

    class Meta:
        model = Treatment
        fields: list[str] = []

    def with_approval(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        approved = Q(pk__in=Treatment.objects.filter(approvals__for_dermatomyositis=True))
        return queryset.filter(approved if value else ~approved)


class ReferenceFilter(StrictFilterSet):
    publication_type = AnyOf(PublicationType, label="Publication type")
    retraction_status = AnyOf(RetractionStatus, label="Retraction status")
    year_from = django_filters.NumberFilter(
        field_name="year",
        lookup_expr="gte",
        label="From year",
        min_value=1850,
        max_value=2100,
        decimal_places=0,
    )
    year_to = django_filters.NumberFilter(
        field_name="year",
        lookup_expr="lte",
        label="To year",
        min_value=1850,
        max_value=2100,
        decimal_places=0,
    )
    pmid = Identified("pmid", label="PubMed identifier")
    doi = Identified("doi", label="DOI")
    pmcid = Identified("pmcid", label="PubMed Central identifier")
    search = TextSearch()
    ordering = ordering(year="year", title="title", slug="slug", journal="journal")

    class Meta:
        model = Reference
        fields: list[str] = []


class TrialFilter(StrictFilterSet):
    treatment = AnyLinked(Treatment, field_name="treatments", label="Treatment")
    status = AnyOf(TrialStatus, label="Status")
    phase = AnyOf(TrialPhase, label="Phase")
    search = TextSearch("treatments")
    ordering = ordering(nct_id="nct_id", status="status", phase="phase", enrollment="enrollment")

    class Meta:
        model = Trial
        fields: list[str] = []


class ClaimFilterSet(StrictFilterSet):
    """What all claims can be asked for."""

    primary_checked = TrueOrFalse(label="Checked against a primary source")
    published_since = django_filters.DateFilter(
        field_name="published_at", lookup_expr="date__gte", label="Published since (YYYY-MM-DD)"
    )


class EvidenceFilter(ClaimFilterSet):
    treatment = AnyLinked(Treatment, label="Treatment")
    mechanism = MechanismAndBelow(field_name="treatment__mechanisms", label="Mechanism")
    autoantibody = AnyLinked(Autoantibody, field_name="autoantibodies", label="Autoantibody")
    manifestation = AnyLinked(Manifestation, field_name="manifestations", label="Manifestation")
    autoantibody_named = Named(field_name="autoantibodies", label="Selected by or reported for an autoantibody")
    manifestation_named = Named(field_name="manifestations", label="Names a manifestation")
    population = AnyOf(Population, label="Population")
    setting = AnyOf(Setting, label="Setting")
    level = AnyLinked(EvidenceLevel, key="code", label="Evidence level")
    direction = AnyOf(Direction, label="Direction")
    aspect = AnyOf(Aspect, label="Aspect")
    design = AnyOf(Design, label="Design")
    analysis = AnyOf(Analysis, label="Analysis")
    treatment_kind = AnyOf(TreatmentKind, field_name="treatment__kind", label="Treatment kind")
    outcome_measure = AnyLinked(OutcomeMeasure, field_name="results__measure", label="Outcome measure")
    reference = AnyLinked(Reference, label="Reference")
    trial = AnyLinked(Trial, key="nct_id", label="Trial")
    search = TextSearch("treatment", "reference", "trial", "autoantibodies", "manifestations")
    ordering = ordering(
        level="level_id",
        accession="accession",
        treatment="treatment__name",
        year="reference__year",
        n_treated="n_treated",
        published="published_at",
    )

    class Meta:
        model = Evidence
        fields: list[str] = []


class PhenotypeAssociationFilter(ClaimFilterSet):
    autoantibody = AnyLinked(Autoantibody, label="Autoantibody")
    manifestation = AnyLinked(Manifestation, label="Manifestation")
    population = AnyOf(Population, label="Population")
    strength = AnyOf(AssociationStrength, label="Strength")
    reference = AnyLinked(Reference, field_name="references", label="Reference")
    search = TextSearch("autoantibody", "manifestation")
    ordering = ordering(
        accession="accession",
        autoantibody="autoantibody__name",
        manifestation="manifestation__name",
        frequency="frequency_high",
    )

    class Meta:
        model = PhenotypeAssociation
        fields: list[str] = []


class RecommendationFilter(ClaimFilterSet):
    treatment = AnyLinked(Treatment, label="Treatment")
    mechanism = MechanismAndBelow(field_name="treatment__mechanisms", label="Mechanism")
    autoantibody = AnyLinked(Autoantibody, field_name="autoantibodies", label="Autoantibody")
    manifestation = AnyLinked(Manifestation, field_name="manifestations", label="Manifestation")
    population = AnyOf(Population, label="Population")
    setting = AnyOf(Setting, label="Setting")
    direction = AnyOf(RecommendationDirection, label="Direction")
    strength = AnyOf(RecommendationStrength, label="Strength")
    guideline = AnyLinked(Reference, label="Guideline")
    search = TextSearch("treatment", "guideline", "autoantibodies", "manifestations")
    ordering = ordering(
        accession="accession",
        treatment="treatment__name",
        year="guideline__year",
        strength="strength",
    )

    class Meta:
        model = Recommendation
        fields: list[str] = []


class AppraisalFilter(ClaimFilterSet):
    treatment = AnyLinked(Treatment, label="Treatment")
    manifestation = AnyLinked(Manifestation, label="Manifestation")
    autoantibody = AnyLinked(Autoantibody, label="Autoantibody")
    population = AnyOf(Population, label="Population")
    certainty = AnyLinked(CertaintyLevel, key="code", label="Certainty")
    search = TextSearch("treatment", "manifestation", "autoantibody")
    ordering = ordering(accession="accession", treatment="treatment__name", certainty="certainty__rank")

    class Meta:
        model = Appraisal
        fields: list[str] = []


class ReleaseFilter(StrictFilterSet):
    """Releases are few: they are listed, the newest first, and not filtered."""

    class Meta:
        model = Release
        fields: list[str] = []


class SinceField(forms.CharField):
    """A day, or a revision of the data set."""

    def clean(self, value: Any) -> date | int | None:
        text = super().clean(value)
        if not text:
            return None
        if re.fullmatch("[0-9]{1,15}", text):
            current = DatasetRevision.current().number
            if int(text) > current:
                raise ValidationError(f"There is no revision {int(text)} yet; the data set is at {current}.")
            return int(text)
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            with suppress(ValueError):
                return date.fromisoformat(text)
        raise ValidationError("This is neither a day, such as 2026-11-01, nor the number of a revision.")


class Since(django_filters.Filter):
    """Changes on a day or later, or after a revision."""

    field_class = SinceField


class ChangeFilter(StrictFilterSet):
    """What changed; ``scope`` is what the parameters ask for."""

    kind = AnyOf(ChangeKind, label="What happened")
    type = AnyOf(RecordType, label="Type of record")
    treatment = AnyLinked(Treatment, label="Treatment")
    autoantibody = AnyLinked(Autoantibody, label="Autoantibody")
    since = Since(label="Since day or revision", max_length=20)

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **{"queryset": DatasetRevision.objects.none(), **kwargs})

    @property
    def scope(self) -> Scope:
        """Only for a valid set."""
        asked = self.form.cleaned_data
        since = asked["since"]
        return Scope(
            kinds=tuple(asked["kind"]),
            types=tuple(asked["type"]),
            treatments=tuple(asked["treatment"]),
            autoantibodies=tuple(asked["autoantibody"]),
            since=since if isinstance(since, date) else None,
            after_revision=since if isinstance(since, int) else None,
        )

"""What is asserted and needs review: evidence, phenotype associations, recommendations, appraisals.

Each row is one version of a claim. It begins as a draft and, once published, never changes: the
database refuses it (see ``triggers.claim_rows``). A correction is a new version of the same
accession.
"""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.urls import reverse

from . import triggers
from .choices import (
    Analysis,
    Aspect,
    AssociationEffectKind,
    AssociationStrength,
    ClaimStatus,
    Design,
    Direction,
    Population,
    RecommendationDirection,
    RecommendationStrength,
    ResultKind,
    Setting,
)
from .fields import ChoiceField, FigureField, search_index, search_vector
from .history import with_history
from .publication import Release
from .records import Sourced, Timed
from .rules import direction_fits_aspect, level_fits_design
from .sources import Reference, Trial
from .vocabulary import (
    Autoantibody,
    CertaintyLevel,
    EvidenceLevel,
    Manifestation,
    OutcomeMeasure,
    Treatment,
)

OPEN_STATES = (ClaimStatus.DRAFT, ClaimStatus.IN_REVIEW)
PUBLIC_STATES = (ClaimStatus.PUBLISHED, ClaimStatus.SUPERSEDED, ClaimStatus.RETRACTED)
RATIO_KINDS = (ResultKind.HAZARD_RATIO, ResultKind.ODDS_RATIO, ResultKind.RISK_RATIO)


class ClaimQuerySet(models.QuerySet):
    def published(self) -> Self:
        """The versions that readers are shown."""
        return self.filter(status=ClaimStatus.PUBLISHED)

    def public(self) -> Self:
        """Everything that is or was published, superseded and retracted versions included."""
        return self.filter(status__in=PUBLIC_STATES)

    def open(self) -> Self:
        """Drafts and claims in review."""
        return self.filter(status__in=OPEN_STATES)

    def efficacy(self) -> Self:
        return self.filter(aspect=Aspect.EFFICACY)

    def safety(self) -> Self:
        return self.filter(aspect=Aspect.SAFETY)

    def awaiting_primary_check(self) -> Self:
        """Claims of which nothing was read in a primary source yet."""
        return self.filter(primary_checked=False)


class EvidenceQuerySet(ClaimQuerySet):
    def best_level_first(self) -> Self:
        """The order in which evidence is listed unless another is asked for."""
        return self.order_by("level_id", "accession")


def person(related_name: str, help_text: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name=related_name,
        help_text=help_text,
    )


class Claim(Timed, Sourced):
    """One version of something asserted, with the people or the release it comes from."""

    ACCESSION_PREFIX: ClassVar[str]
    url_name: ClassVar[str]

    accession = models.CharField(max_length=20, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    status = ChoiceField(max_length=12, choices=ClaimStatus, default=ClaimStatus.DRAFT, editable=False)
    key = models.CharField(
        max_length=80,
        blank=True,
        editable=False,
        help_text="The stable name of the claim in a data set it came with.",
    )
    author = person("authored_%(class)s", "Who wrote this version.")
    reviewer = person("reviewed_%(class)s", "Who published it; never its author.")
    release = models.ForeignKey(
        Release,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)s_claims",
        editable=False,
        help_text="The release of the data set that this version came with.",
    )
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        editable=False,
    )
    superseded_at = models.DateTimeField(null=True, blank=True, editable=False)
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)
    retracted_by = person("retracted_%(class)s", "Who retracted it.")
    retraction_reason = models.TextField(blank=True)
    change_note = models.TextField(blank=True, help_text="Why this version was made.")
    last_checked_on = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = ClaimQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["accession", "-version"]
        constraints = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(fields=["accession", "version"], name="%(class)s_one_row_a_version"),
            models.UniqueConstraint(
                fields=["accession"],
                condition=Q(status=ClaimStatus.PUBLISHED),
                name="%(class)s_one_published_version",
                violation_error_message="Another version of this claim is published.",
            ),
            models.UniqueConstraint(
                fields=["accession"],
                condition=Q(status__in=OPEN_STATES),
                name="%(class)s_one_open_revision",
                violation_error_message="A revision of this claim is open already.",
            ),
            models.CheckConstraint(name="%(class)s_status_known", condition=Q(status__in=ClaimStatus.values)),
            models.CheckConstraint(
                name="%(class)s_two_people",
                condition=Q(author__isnull=True) | Q(reviewer__isnull=True) | ~Q(author=F("reviewer")),
                violation_error_message="Nobody reviews their own claim.",
            ),
            models.CheckConstraint(
                name="%(class)s_release_or_people",
                condition=Q(release__isnull=True)
                | Q(author__isnull=True, reviewer__isnull=True, submitted_at__isnull=True),
                violation_error_message="A claim comes with a release or from people, not from both.",
            ),
            models.CheckConstraint(
                name="%(class)s_publication_complete",
                condition=Q(status__in=OPEN_STATES)
                | (
                    Q(published_at__isnull=False)
                    & (
                        Q(release__isnull=False)
                        | Q(
                            author__isnull=False,
                            reviewer__isnull=False,
                            submitted_at__isnull=False,
                            reviewed_at__isnull=False,
                        )
                    )
                ),
                violation_error_message="A published claim carries author and reviewer, two persons, or a release.",
            ),
            models.CheckConstraint(
                name="%(class)s_versions_linked",
                condition=Q(version=1, supersedes__isnull=True) | Q(version__gt=1, supersedes__isnull=False),
                violation_error_message="Version 1 supersedes nothing; every later version names the one before.",
            ),
            models.CheckConstraint(
                name="%(class)s_superseded_complete",
                condition=Q(status=ClaimStatus.SUPERSEDED, superseded_at__isnull=False)
                | (~Q(status=ClaimStatus.SUPERSEDED) & Q(superseded_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="%(class)s_retraction_complete",
                condition=(Q(status=ClaimStatus.RETRACTED, retracted_at__isnull=False) & ~Q(retraction_reason=""))
                | (~Q(status=ClaimStatus.RETRACTED) & Q(retracted_at__isnull=True, retraction_reason="")),
                violation_error_message="A retraction is dated and gives a public reason.",
            ),
        ]
        triggers = triggers.claim_rows()

    def __str__(self) -> str:
        return f"{self.accession} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.accession:
            self.accession = self.next_accession()
        super().save(*args, **kwargs)

    @classmethod
    def next_accession(cls) -> str:
        """A new accession, never given before: the prefix and five or more digits of a sequence."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(%s)", [cls.accession_sequence()])
            return f"{cls.ACCESSION_PREFIX}{cursor.fetchone()[0]:05d}"

    @classmethod
    def accession_sequence(cls) -> str:
        return f"treatments_accession_{cls.ACCESSION_PREFIX.lower()}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATES

    def get_absolute_url(self) -> str:
        """The address of the claim, which shows the version published at the time of reading."""
        return reverse(self.url_name, args=[self.accession])

    def get_version_url(self) -> str:
        """The permanent address of this very version."""
        return reverse(f"{self.url_name}-version", args=[self.accession, self.version])


def accession_form(model: str, prefix: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_accession_form", condition=Q(accession__regex=f"^{prefix}[0-9]{{5,}}$")
    )


def text_given(model: str, field: str) -> models.CheckConstraint:
    """A draft may still lack the text; what is reviewed or read may not."""
    return models.CheckConstraint(
        name=f"{model}_{field}_given",
        condition=Q(status=ClaimStatus.DRAFT) | ~Q(**{field: ""}),
        violation_error_message=f"Only a draft can be without {field.replace('_', ' ')}.",
    )


class ClaimPart(models.Model):
    """A result or link of a claim, in the order it was entered; fixed once the claim is published."""

    class Meta:
        abstract = True
        ordering = ["pk"]


@with_history
class Evidence(Claim):
    """What one publication reports about one treatment: in whom, what was measured, which way it points.

    ``autoantibodies`` means that the cohort was selected by, or the result reported separately
    for, these antibodies. Empty means unselected disease.
    """

    ACCESSION_PREFIX = "EV"
    url_name = "web:evidence"

    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="evidence")
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="evidence")
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    design = ChoiceField(max_length=40, choices=Design)
    analysis = ChoiceField(
        max_length=30,
        choices=Analysis,
        blank=True,
        help_text="How the figures relate to the study, where they are not its main comparison.",
    )
    aspect = ChoiceField(max_length=10, choices=Aspect, default=Aspect.EFFICACY)
    level = models.ForeignKey(EvidenceLevel, on_delete=models.PROTECT, related_name="evidence")
    level_note = models.TextField(blank=True, help_text="Why the level was moved.")
    population = ChoiceField(max_length=10, choices=Population)
    setting = ChoiceField(max_length=20, choices=Setting, default=Setting.ANY)
    autoantibodies = models.ManyToManyField(Autoantibody, through="EvidenceAutoantibody", related_name="evidence")
    manifestations = models.ManyToManyField(Manifestation, through="EvidenceManifestation", related_name="evidence")
    comparator = models.TextField(blank=True)
    regimen = models.TextField(blank=True)
    n_treated = models.PositiveIntegerField("treated (n)", null=True, blank=True)
    n_control = models.PositiveIntegerField("control (n)", null=True, blank=True)
    direction = ChoiceField(max_length=20, choices=Direction)
    statement = models.TextField()
    safety = models.TextField(blank=True)
    limitations = models.TextField(blank=True)
    search_vector = search_vector(
        ("statement",),
        ("regimen", "comparator"),
        ("safety", "limitations", "level_note", "key"),
    )

    objects: ClassVar[Any] = EvidenceQuerySet.as_manager()

    class Meta(Claim.Meta):
        verbose_name_plural = "evidence"
        constraints = [
            *Claim.Meta.constraints,
            accession_form("evidence", "EV"),
            text_given("evidence", "statement"),
            models.CheckConstraint(
                name="evidence_level_fits_design",
                condition=level_fits_design(),
                violation_error_message="This design cannot carry that level.",
            ),
            models.CheckConstraint(
                name="evidence_direction_fits_aspect",
                condition=direction_fits_aspect(),
                violation_error_message="That direction does not go with this aspect.",
            ),
        ]
        indexes = [
            search_index("evidence"),
            models.Index(
                fields=["level", "accession"],
                condition=Q(status=ClaimStatus.PUBLISHED),
                name="evidence_published_by_level",
            ),
        ]


def _arm_checks(arm: str) -> list[models.CheckConstraint]:
    events, total, value, unit = (f"{arm}_{part}" for part in ("events", "total", "value", "unit"))
    return [
        models.CheckConstraint(
            name=f"result_{arm}_events_within_total",
            condition=Q(**{f"{events}__isnull": True})
            | Q(**{f"{total}__isnull": True})
            | Q(**{f"{events}__lte": F(total)}),
            violation_error_message=f"{arm.capitalize()}: there cannot be more events than patients.",
        ),
        models.CheckConstraint(
            name=f"result_{arm}_unit_with_value",
            condition=Q(**{unit: ""}) | Q(**{f"{value}__isnull": False}),
            violation_error_message=f"{arm.capitalize()}: a unit needs a value.",
        ),
    ]


@with_history
class Result(ClaimPart):
    """One measured outcome of an evidence entry, with the figures as the source printed them."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="results")
    measure = models.ForeignKey(OutcomeMeasure, on_delete=models.PROTECT, related_name="results")
    label = models.CharField(max_length=300)
    timepoint = models.CharField(max_length=60, blank=True)
    kind = ChoiceField(max_length=20, choices=ResultKind)
    treated_events = models.PositiveIntegerField(null=True, blank=True)
    treated_total = models.PositiveIntegerField(null=True, blank=True)
    treated_value = FigureField()
    treated_unit = models.CharField(max_length=60, blank=True)
    control_events = models.PositiveIntegerField(null=True, blank=True)
    control_total = models.PositiveIntegerField(null=True, blank=True)
    control_value = FigureField()
    control_unit = models.CharField(max_length=60, blank=True)
    effect_value = FigureField(help_text="The between-group estimate, or the model's where there is one group.")
    effect_ci_low = FigureField()
    effect_ci_high = FigureField()
    effect_ci_level = FigureField(help_text="Percent, mostly 95.")
    effect_unit = models.CharField(max_length=60, blank=True)
    p_value = models.CharField(max_length=120, blank=True, help_text="As printed, e.g. <0.05.")

    class Meta(ClaimPart.Meta):
        constraints = [
            *_arm_checks("treated"),
            *_arm_checks("control"),
            models.CheckConstraint(
                name="result_interval_contains_effect",
                condition=Q(effect_ci_low__isnull=True)
                | Q(effect_ci_high__isnull=True)
                | Q(effect_value__isnull=True)
                | Q(effect_ci_low__lte=F("effect_value"), effect_ci_high__gte=F("effect_value")),
                violation_error_message="The confidence interval does not contain the effect.",
            ),
            models.CheckConstraint(
                name="result_interval_ordered",
                condition=Q(effect_ci_low__isnull=True)
                | Q(effect_ci_high__isnull=True)
                | Q(effect_ci_low__lte=F("effect_ci_high")),
                violation_error_message="The confidence interval ends before it begins.",
            ),
            models.CheckConstraint(
                name="result_effect_given_for_interval",
                condition=Q(effect_value__isnull=False)
                | Q(
                    effect_ci_low__isnull=True,
                    effect_ci_high__isnull=True,
                    effect_ci_level__isnull=True,
                    effect_unit="",
                ),
                violation_error_message="A confidence interval needs the effect it belongs to.",
            ),
            models.CheckConstraint(
                name="result_ci_level_sensible",
                condition=Q(effect_ci_level__isnull=True) | Q(effect_ci_level__gt=0, effect_ci_level__lt=100),
                violation_error_message="A confidence level lies between 0 and 100 percent.",
            ),
            models.CheckConstraint(
                name="result_ratio_positive",
                condition=~Q(kind__in=RATIO_KINDS) | Q(effect_value__isnull=True) | Q(effect_value__gt=0),
                violation_error_message="A ratio is greater than zero.",
            ),
        ]
        triggers = triggers.claim_parts("treatments_evidence", "evidence_id")

    def __str__(self) -> str:
        return self.label


@with_history
class EvidenceAutoantibody(ClaimPart):
    """The cohort was selected by, or the result reported separately for, this antibody."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="autoantibody_links")
    autoantibody = models.ForeignKey(Autoantibody, on_delete=models.PROTECT, related_name="evidence_links")

    class Meta(ClaimPart.Meta):
        constraints = [models.UniqueConstraint(fields=["autoantibody", "evidence"], name="evidence_autoantibody_once")]
        triggers = triggers.claim_parts("treatments_evidence", "evidence_id")

    def __str__(self) -> str:
        return str(self.autoantibody)


@with_history
class EvidenceManifestation(ClaimPart):
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="manifestation_links")
    manifestation = models.ForeignKey(Manifestation, on_delete=models.PROTECT, related_name="evidence_links")

    class Meta(ClaimPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["manifestation", "evidence"], name="evidence_manifestation_once")
        ]
        triggers = triggers.claim_parts("treatments_evidence", "evidence_id")

    def __str__(self) -> str:
        return str(self.manifestation)


@with_history
class PhenotypeAssociation(Claim):
    """How a manifestation goes with an autoantibody in a population: how often, and compared with others."""

    ACCESSION_PREFIX = "PA"
    url_name = "web:phenotype-association"

    autoantibody = models.ForeignKey(Autoantibody, on_delete=models.PROTECT, related_name="phenotype_associations")
    manifestation = models.ForeignKey(Manifestation, on_delete=models.PROTECT, related_name="phenotype_associations")
    population = ChoiceField(max_length=10, choices=Population)
    strength = ChoiceField(max_length=20, choices=AssociationStrength)
    frequency_low = FigureField(help_text="Percent of those with the antibody, lowest reported.")
    frequency_high = FigureField(help_text="Percent of those with the antibody, highest reported.")
    effect_kind = ChoiceField(max_length=40, choices=AssociationEffectKind, blank=True)
    effect_value = FigureField()
    effect_ci_low = FigureField()
    effect_ci_high = FigureField()
    note = models.TextField(blank=True)
    references = models.ManyToManyField(
        Reference,
        through="PhenotypeAssociationReference",
        related_name="phenotype_associations",
    )
    search_vector = search_vector(("note",))

    class Meta(Claim.Meta):
        indexes = [search_index("phenotypeassociation")]
        constraints = [
            *Claim.Meta.constraints,
            accession_form("phenotypeassociation", "PA"),
            models.CheckConstraint(
                name="phenotypeassociation_frequency_range",
                condition=Q(frequency_low__isnull=True, frequency_high__isnull=True)
                | Q(
                    # Said, because a comparison with nothing is not false, and would pass.
                    frequency_low__isnull=False,
                    frequency_high__isnull=False,
                    frequency_low__gte=0,
                    frequency_high__lte=100,
                    frequency_low__lte=F("frequency_high"),
                ),
                violation_error_message="A range in percent: 0 ≤ low ≤ high ≤ 100.",
            ),
            models.CheckConstraint(
                name="phenotypeassociation_effect_complete",
                condition=Q(
                    effect_kind="",
                    effect_value__isnull=True,
                    effect_ci_low__isnull=True,
                    effect_ci_high__isnull=True,
                )
                | (~Q(effect_kind="") & Q(effect_value__isnull=False, effect_value__gt=0)),
                violation_error_message="An effect has a kind and a value greater than zero.",
            ),
            models.CheckConstraint(
                name="phenotypeassociation_interval_contains_effect",
                condition=Q(effect_ci_low__isnull=True)
                | Q(effect_ci_high__isnull=True)
                | Q(effect_ci_low__lte=F("effect_value"), effect_ci_high__gte=F("effect_value")),
                violation_error_message="The confidence interval does not contain the effect.",
            ),
        ]


@with_history
class PhenotypeAssociationReference(ClaimPart):
    association = models.ForeignKey(PhenotypeAssociation, on_delete=models.CASCADE, related_name="reference_links")
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="phenotype_association_links")

    class Meta(ClaimPart.Meta):
        constraints = [models.UniqueConstraint(fields=["reference", "association"], name="association_reference_once")]
        triggers = triggers.claim_parts("treatments_phenotypeassociation", "association_id")

    def __str__(self) -> str:
        return str(self.reference)


@with_history
class Recommendation(Claim):
    """A statement of a guideline, in our words, with the direction and grade the guideline gives it."""

    ACCESSION_PREFIX = "RC"
    url_name = "web:recommendation"

    guideline = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="recommendations")
    body = models.CharField(max_length=200, blank=True, help_text="Who issued the guideline.")
    treatment = models.ForeignKey(
        Treatment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        help_text="Empty where the statement is about none in particular.",
    )
    autoantibodies = models.ManyToManyField(
        Autoantibody, through="RecommendationAutoantibody", related_name="recommendations"
    )
    manifestations = models.ManyToManyField(
        Manifestation, through="RecommendationManifestation", related_name="recommendations"
    )
    population = ChoiceField(max_length=10, choices=Population)
    setting = ChoiceField(max_length=20, choices=Setting, default=Setting.ANY)
    direction = ChoiceField(max_length=20, choices=RecommendationDirection)
    strength = ChoiceField(max_length=20, choices=RecommendationStrength)
    quality = models.TextField(blank=True, help_text="The grading as the guideline words it.")
    statement = models.TextField()
    note = models.TextField(blank=True)
    search_vector = search_vector(("statement",), ("body",), ("quality", "note", "key"))

    class Meta(Claim.Meta):
        indexes = [search_index("recommendation")]
        constraints = [
            *Claim.Meta.constraints,
            accession_form("recommendation", "RC"),
            text_given("recommendation", "statement"),
        ]


@with_history
class RecommendationAutoantibody(ClaimPart):
    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="autoantibody_links")
    autoantibody = models.ForeignKey(Autoantibody, on_delete=models.PROTECT, related_name="recommendation_links")

    class Meta(ClaimPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["autoantibody", "recommendation"], name="recommendation_autoantibody_once")
        ]
        triggers = triggers.claim_parts("treatments_recommendation", "recommendation_id")

    def __str__(self) -> str:
        return str(self.autoantibody)


@with_history
class RecommendationManifestation(ClaimPart):
    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="manifestation_links")
    manifestation = models.ForeignKey(Manifestation, on_delete=models.PROTECT, related_name="recommendation_links")

    class Meta(ClaimPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["manifestation", "recommendation"],
                name="recommendation_manifestation_once",
            )
        ]
        triggers = triggers.claim_parts("treatments_recommendation", "recommendation_id")

    def __str__(self) -> str:
        return str(self.manifestation)


class AppraisalQuerySet(ClaimQuerySet):
    def with_recheck(self) -> Self:
        """Annotate ``needs_recheck``: evidence it rests on was replaced or withdrawn (``basis_fell``), or
        ``newer_evidence`` was published in its scope (same treatment and manifestation, a population
        that overlaps, and the same antibody where the appraisal names one).

        Derived when read, so it cannot be out of date.
        """
        fallen = AppraisalEvidence.objects.filter(appraisal=OuterRef("pk")).exclude(
            evidence__status=ClaimStatus.PUBLISHED
        )
        newer = (
            Evidence.objects.published()
            .annotate(
                antibody_in_scope=ExpressionWrapper(OuterRef("autoantibody"), models.BigIntegerField()),
                population_in_scope=ExpressionWrapper(OuterRef("population"), models.CharField()),
            )
            .filter(
                Q(antibody_in_scope__isnull=True) | Q(autoantibody_links__autoantibody=F("antibody_in_scope")),
                Q(population=F("population_in_scope"))
                | Q(population=Population.MIXED)
                | Q(population_in_scope=Population.MIXED),
                treatment=OuterRef("treatment"),
                manifestation_links__manifestation=OuterRef("manifestation"),
                published_at__gt=OuterRef("published_at"),
            )
            .exclude(appraisal_links__appraisal=OuterRef("pk"))
        )
        return self.annotate(
            basis_fell=Exists(fallen), newer_evidence=Exists(newer), needs_recheck=Exists(fallen) | Exists(newer)
        )


@with_history
class Appraisal(Claim):
    """A curator's bottom line on a treatment for a manifestation, with the certainty GRADE gives it."""

    ACCESSION_PREFIX = "AP"
    url_name = "web:appraisal"

    treatment = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="appraisals")
    manifestation = models.ForeignKey(Manifestation, on_delete=models.PROTECT, related_name="appraisals")
    autoantibody = models.ForeignKey(
        Autoantibody,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appraisals",
    )
    population = ChoiceField(max_length=10, choices=Population)
    certainty = models.ForeignKey(CertaintyLevel, on_delete=models.PROTECT, related_name="appraisals")
    bottom_line = models.TextField()
    rests_on = models.ManyToManyField(Evidence, through="AppraisalEvidence", related_name="appraisals")
    search_vector = search_vector(("bottom_line",))

    objects: ClassVar[Any] = AppraisalQuerySet.as_manager()

    class Meta(Claim.Meta):
        indexes = [search_index("appraisal")]
        constraints = [
            *Claim.Meta.constraints,
            accession_form("appraisal", "AP"),
            text_given("appraisal", "bottom_line"),
        ]


@with_history
class AppraisalEvidence(ClaimPart):
    """A version of an evidence entry that an appraisal rests on."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.CASCADE, related_name="evidence_links")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="appraisal_links")

    class Meta(ClaimPart.Meta):
        constraints = [models.UniqueConstraint(fields=["evidence", "appraisal"], name="appraisal_evidence_once")]
        triggers = triggers.claim_parts("treatments_appraisal", "appraisal_id")

    def __str__(self) -> str:
        return str(self.evidence)

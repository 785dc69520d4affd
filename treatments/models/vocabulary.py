"""What claims point at: levels, outcome measures, mechanisms, autoantibodies, manifestations, treatments.

Vocabulary is edited in place; the database keeps its full history. A term that is no longer used
is retired, not deleted: it stays, marked, and names its successor.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse

from . import triggers
from .choices import (
    AutoantibodyGroup,
    AutoantibodyKind,
    Better,
    InteractionEffect,
    KnownOrNot,
    MechanismAction,
    MechanismKind,
    Population,
    TreatmentKind,
    TreatmentStage,
)
from .fields import ChoiceField, FigureField, search_index, search_vector
from .history import with_history
from .identifiers import gene_symbols_check, identifier_check, identifier_field, validate_gene_symbols
from .records import Sourced, Timed, address_check

YEAR_FROM, YEAR_TO = 1850, 2100  # a publication or approval outside is a typing error


def years(model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_year_sensible",
        condition=Q(year__isnull=True) | Q(year__range=(YEAR_FROM, YEAR_TO)),
        violation_error_message=f"A year lies between {YEAR_FROM} and {YEAR_TO}.",
    )


def texts(verbose_name: str, help_text: str = "", **kwargs: Any) -> ArrayField:
    return ArrayField(
        models.CharField(max_length=300),
        verbose_name=verbose_name,
        default=list,
        blank=True,
        help_text=help_text or "One a line.",
        **kwargs,
    )


class VocabularyQuerySet(models.QuerySet):
    def in_use(self) -> Self:
        """Rows that readers are shown: those not retired."""
        return self.filter(retired_on__isnull=True)


class Vocabulary(Timed, Sourced):
    """A row that claims point at, with its natural key and, once retired, its successor."""

    retired_on = models.DateField(null=True, blank=True)
    retirement_reason = models.TextField(blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")

    objects: ClassVar[Any] = VocabularyQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_retirement_complete",
                condition=Q(retired_on__isnull=True, successor__isnull=True, retirement_reason="")
                | (Q(retired_on__isnull=False) & ~Q(retirement_reason="")),
                violation_error_message="A retired row has a date and a reason; only a retired row has a successor.",
            ),
            models.CheckConstraint(
                name="%(class)s_not_own_successor",
                condition=Q(successor__isnull=True) | ~Q(successor=F("pk")),
                violation_error_message="A row cannot succeed itself.",
            ),
        ]
        triggers = [*triggers.touch(), *triggers.kept(), *triggers.public_rows()]


class Term(Vocabulary):
    """Vocabulary with a slug, its natural key and address, and a name."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=300)
    url_name: str

    class Meta(Vocabulary.Meta):
        abstract = True
        ordering = ["name"]
        constraints = [*Vocabulary.Meta.constraints, address_check("%(class)s", "slug")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse(self.url_name, args=[self.slug])


class Part(models.Model):
    """A row that belongs to a vocabulary row; lists keep the order they were entered in."""

    class Meta:
        abstract = True
        ordering = ["pk"]
        triggers = triggers.part_rows()


class Level(Vocabulary):
    """One step of a published scale; ``rank`` 1 is the best."""

    code = models.CharField(max_length=20, primary_key=True)
    rank = models.PositiveSmallIntegerField(unique=True)
    label = models.CharField(max_length=120)
    description = models.TextField()
    url_name: str

    class Meta(Vocabulary.Meta):
        abstract = True
        ordering = ["rank"]
        constraints = [*Vocabulary.Meta.constraints, address_check("%(class)s", "code")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse(self.url_name, args=[self.code])


@with_history
class EvidenceLevel(Level):
    """A level of the Oxford CEBM 2011 table for treatment benefit, 1 (best) to 5."""

    url_name = "web:evidence-level"

    class Meta(Level.Meta):
        pass

    def __str__(self) -> str:
        return f"Level {self.code}"


@with_history
class CertaintyLevel(Level):
    """A level of certainty of evidence as GRADE uses it, high to very low."""

    url_name = "web:certainty-level"

    class Meta(Level.Meta):
        pass


@with_history
class OutcomeMeasure(Term):
    """Something that studies measure: a score, a laboratory value, an event; its range and thresholds."""

    abbreviation = models.CharField(max_length=30, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    minimum = FigureField()
    maximum = FigureField()
    better = ChoiceField(max_length=10, choices=Better)
    description = models.TextField(blank=True)
    references = models.ManyToManyField("Reference", through="OutcomeMeasureReference", related_name="outcome_measures")
    search_vector = search_vector(("name", "abbreviation"), (), ("description",))
    url_name = "web:outcome-measure"

    class Meta(Term.Meta):
        indexes = [search_index("outcomemeasure")]
        constraints = [
            *Term.Meta.constraints,
            models.CheckConstraint(
                name="outcomemeasure_range_ordered",
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(minimum__lt=F("maximum")),
                violation_error_message="The minimum lies below the maximum.",
            ),
        ]


@with_history
class OutcomeThreshold(Part):
    """A cut-off of an outcome measure, in its unit, where known for one population."""

    outcome_measure = models.ForeignKey(OutcomeMeasure, on_delete=models.CASCADE, related_name="thresholds")
    label = models.CharField(max_length=120)
    value = FigureField(null=False, blank=False)
    population = ChoiceField(max_length=10, choices=Population, blank=True)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["outcome_measure", "label", "population"], name="threshold_once")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.value}"


@with_history
class OutcomeMeasureReference(Part):
    outcome_measure = models.ForeignKey(OutcomeMeasure, on_delete=models.CASCADE)
    reference = models.ForeignKey("Reference", on_delete=models.PROTECT)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["outcome_measure", "reference"], name="outcome_measure_reference_once")
        ]

    def __str__(self) -> str:
        return str(self.reference)


class MechanismQuerySet(VocabularyQuerySet):
    def at_or_below(self, mechanisms: Iterable["Mechanism"]) -> Self:
        """``mechanisms`` and everything below them in the tree, in one query when evaluated."""
        tree = RawSQL(
            """
            WITH RECURSIVE below(id) AS (
                SELECT unnest(%s::bigint[])
                UNION
                SELECT m.id FROM treatments_mechanism m JOIN below ON m.parent_id = below.id
            ) SELECT id FROM below
            """,
            [[mechanism.pk for mechanism in mechanisms]],
        )
        return self.filter(pk__in=tree)


@with_history
class Mechanism(Term):
    """A node of the mechanism tree: a pathway, a target in it, or a process of the disease."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    kind = ChoiceField(max_length=10, choices=MechanismKind)
    description = models.TextField()
    genes = texts(
        "genes",
        "HGNC symbols, one a line.",
        validators=[validate_gene_symbols],
    )
    reactome_id = identifier_field("reactome_id")
    kegg_id = identifier_field("kegg_id")
    references = models.ManyToManyField("Reference", through="MechanismReference", related_name="mechanisms")
    search_vector = search_vector(("name",), ("genes",), ("description",), arrays=("genes",))
    url_name = "web:mechanism"

    objects: ClassVar[Any] = MechanismQuerySet.as_manager()

    class Meta(Term.Meta):
        indexes = [search_index("mechanism")]
        constraints = [
            *Term.Meta.constraints,
            *identifier_check("mechanism", "reactome_id", "kegg_id"),
            gene_symbols_check("mechanism"),
        ]
        triggers = [*Term.Meta.triggers, *triggers.tree("treatments_mechanism")]

    def clean(self) -> None:
        seen = set()
        above = self.parent
        while above is not None and above.pk not in seen:
            if above.pk == self.pk:
                raise ValidationError({"parent": "A mechanism cannot stand below itself."})
            seen.add(above.pk)
            above = above.parent


@with_history
class MechanismReference(Part):
    mechanism = models.ForeignKey(Mechanism, on_delete=models.CASCADE)
    reference = models.ForeignKey("Reference", on_delete=models.PROTECT)

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["mechanism", "reference"], name="mechanism_reference_once")]

    def __str__(self) -> str:
        return str(self.reference)


@with_history
class MechanismInteraction(Timed):
    """An edge of the mechanism map: what one mechanism does to the next, as the references state it."""

    upstream = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="acts_on")
    downstream = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="acted_on_by")
    effect = ChoiceField(max_length=10, choices=InteractionEffect)
    note = models.TextField(blank=True)
    references = models.ManyToManyField(
        "Reference",
        through="MechanismInteractionReference",
        related_name="mechanism_interactions",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["upstream", "downstream", "effect"], name="mechanism_interaction_once"),
            models.CheckConstraint(
                name="mechanism_interaction_of_two",
                condition=~Q(upstream=F("downstream")),
                violation_error_message="A mechanism does not interact with itself.",
            ),
        ]
        triggers = [*triggers.touch(), *triggers.public_rows()]

    def __str__(self) -> str:
        return f"{self.upstream} {self.effect} {self.downstream}"


@with_history
class MechanismInteractionReference(Part):
    interaction = models.ForeignKey(MechanismInteraction, on_delete=models.CASCADE)
    reference = models.ForeignKey("Reference", on_delete=models.PROTECT)

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["interaction", "reference"], name="interaction_reference_once")]

    def __str__(self) -> str:
        return str(self.reference)


@with_history
class Autoantibody(Term):
    """A myositis-specific or myositis-associated antibody, a class of them, or their absence."""

    kind = ChoiceField(max_length=20, choices=AutoantibodyKind, default=AutoantibodyKind.SPECIFICITY)
    members = models.ManyToManyField(
        "self",
        through="AutoantibodyMember",
        through_fields=("autoantibody_class", "member"),
        symmetrical=False,
        related_name="classes",
    )
    full_name = models.CharField(max_length=300)
    synonyms = texts("synonyms")
    antigen = models.CharField(max_length=300, blank=True)
    genes = texts(
        "genes",
        "HGNC symbols of the antigen, one a line.",
        validators=[validate_gene_symbols],
    )
    uniprot_id = identifier_field("uniprot_id")
    group = ChoiceField(max_length=20, choices=AutoantibodyGroup)
    description = models.TextField()
    detection_note = models.TextField(blank=True)
    search_vector = search_vector(
        ("name", "full_name", "synonyms", "antigen"),
        ("genes",),
        ("description", "detection_note"),
        arrays=("synonyms", "genes"),
    )
    url_name = "web:autoantibody"

    class Meta(Term.Meta):
        indexes = [search_index("autoantibody")]
        verbose_name_plural = "autoantibodies"
        constraints = [
            *Term.Meta.constraints,
            *identifier_check("autoantibody", "uniprot_id"),
            gene_symbols_check("autoantibody"),
        ]
        triggers = [*Term.Meta.triggers, *triggers.autoantibody_members()]


@with_history
class AutoantibodyMember(Part):
    """One member of a class of autoantibodies."""

    autoantibody_class = models.ForeignKey(Autoantibody, on_delete=models.CASCADE, related_name="member_links")
    member = models.ForeignKey(Autoantibody, on_delete=models.PROTECT, related_name="class_links")

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["autoantibody_class", "member"], name="autoantibody_member_once"),
            models.CheckConstraint(
                name="autoantibody_not_own_member",
                condition=~Q(autoantibody_class=F("member")),
                violation_error_message="A class is not its own member.",
            ),
        ]
        triggers = [
            *Part.Meta.triggers,
            *triggers.autoantibody_members("autoantibody_class_id"),
        ]

    def __str__(self) -> str:
        return str(self.member)


@with_history
class Prevalence(Part):
    """How often an autoantibody is found in a population: the range that studies report."""

    autoantibody = models.ForeignKey(Autoantibody, on_delete=models.CASCADE, related_name="prevalences")
    population = ChoiceField(max_length=10, choices=Population)
    low = FigureField(null=False, blank=False)
    high = FigureField(null=False, blank=False)
    unit = models.CharField(max_length=60, help_text="Percent of whom.")
    note = models.TextField(blank=True)
    references = models.ManyToManyField("Reference", through="PrevalenceReference", related_name="prevalences")

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["autoantibody", "population"], name="prevalence_once_a_population"),
            models.CheckConstraint(
                name="prevalence_range",
                condition=Q(low__gte=0, high__lte=100, low__lte=F("high")),
                violation_error_message="A range in percent: 0 ≤ low ≤ high ≤ 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.autoantibody}: {self.low}-{self.high} {self.unit}"


@with_history
class PrevalenceReference(Part):
    prevalence = models.ForeignKey(Prevalence, on_delete=models.CASCADE)
    reference = models.ForeignKey("Reference", on_delete=models.PROTECT)

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["prevalence", "reference"], name="prevalence_reference_once")]

    def __str__(self) -> str:
        return str(self.reference)


@with_history
class Manifestation(Term):
    """A clinical feature of the disease, or a domain that studies report on (mortality, infection)."""

    description = models.TextField()
    hpo_id = identifier_field("hpo_id")
    synonyms = texts("synonyms")
    search_vector = search_vector(("name", "synonyms"), (), ("description",), arrays=("synonyms",))
    url_name = "web:manifestation"

    class Meta(Term.Meta):
        indexes = [search_index("manifestation")]
        constraints = [*Term.Meta.constraints, *identifier_check("manifestation", "hpo_id")]


@with_history
class Treatment(Term):
    """A drug, biologic, blood product, cell therapy, procedure, physical or topical therapy,
    a named combination of treatments, or a class that stands for its members."""

    kind = ChoiceField(max_length=20, choices=TreatmentKind)
    members = models.ManyToManyField(
        "self",
        through="TreatmentMember",
        through_fields=("treatment_class", "member"),
        symmetrical=False,
        related_name="classes",
    )
    components = models.ManyToManyField(
        "self",
        through="TreatmentComponent",
        through_fields=("combination", "component"),
        symmetrical=False,
        related_name="combinations",
    )
    drug_class = models.CharField(max_length=120, blank=True)
    stage = ChoiceField(max_length=30, choices=TreatmentStage)
    in_review_figure = ChoiceField(
        max_length=10,
        choices=KnownOrNot,
        default=KnownOrNot.UNKNOWN,
        help_text="Whether the legend of the review's Figure 1 (Sevim et al. 2024) names it.",
    )
    synonyms = texts("synonyms")
    brand_names = texts("brand names")
    routes = texts("routes")
    summary = models.TextField()
    mechanisms = models.ManyToManyField(Mechanism, through="MechanismOfAction", related_name="treatments")
    monitoring = texts("monitoring")
    boxed_warning = models.TextField(blank=True, help_text='Empty means "not recorded", never "none".')
    contraindications = texts("contraindications")
    pregnancy = models.TextField(blank=True)
    label_note = models.TextField(blank=True, help_text="What could not be read of the label.")
    atc_code = identifier_field("atc_code")
    chembl_id = identifier_field("chembl_id")
    rxnorm_cui = identifier_field("rxnorm_cui")
    drugbank_id = identifier_field("drugbank_id")
    unii = identifier_field("unii")
    references = models.ManyToManyField("Reference", through="TreatmentReference", related_name="treatments")
    search_vector = search_vector(
        ("name", "synonyms", "brand_names"),
        ("drug_class",),
        ("summary",),
        arrays=("synonyms", "brand_names"),
    )
    url_name = "web:treatment"

    class Meta(Term.Meta):
        indexes = [search_index("treatment")]
        constraints = [
            *Term.Meta.constraints,
            *identifier_check("treatment", "atc_code", "chembl_id", "rxnorm_cui", "drugbank_id", "unii"),
        ]
        triggers = [*Term.Meta.triggers, *triggers.treatment_parts()]


@with_history
class TreatmentMember(Part):
    """One member of a class of treatments."""

    treatment_class = models.ForeignKey(Treatment, on_delete=models.CASCADE, related_name="member_links")
    member = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="class_links")

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["treatment_class", "member"], name="treatment_member_once"),
            models.CheckConstraint(
                name="treatment_not_own_member",
                condition=~Q(treatment_class=F("member")),
                violation_error_message="A class is not its own member.",
            ),
        ]
        triggers = [*Part.Meta.triggers, *triggers.treatment_parts("treatment_class_id")]

    def __str__(self) -> str:
        return str(self.member)


@with_history
class TreatmentComponent(Part):
    """One component of a combination; a class stands for any of its members."""

    combination = models.ForeignKey(Treatment, on_delete=models.CASCADE, related_name="component_links")
    component = models.ForeignKey(Treatment, on_delete=models.PROTECT, related_name="combination_links")

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(fields=["combination", "component"], name="treatment_component_once"),
            models.CheckConstraint(
                name="treatment_not_own_component",
                condition=~Q(combination=F("component")),
                violation_error_message="A combination is not its own component.",
            ),
        ]
        triggers = [*Part.Meta.triggers, *triggers.treatment_parts("combination_id")]

    def __str__(self) -> str:
        return str(self.component)


@with_history
class TreatmentReference(Part):
    treatment = models.ForeignKey(Treatment, on_delete=models.CASCADE)
    reference = models.ForeignKey("Reference", on_delete=models.PROTECT)

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["treatment", "reference"], name="treatment_reference_once")]

    def __str__(self) -> str:
        return str(self.reference)


@with_history
class MechanismOfAction(Part):
    """What a treatment does to a mechanism."""

    treatment = models.ForeignKey(Treatment, on_delete=models.CASCADE, related_name="mechanisms_of_action")
    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="mechanisms_of_action")
    action = ChoiceField(max_length=20, choices=MechanismAction)
    note = models.TextField(blank=True)

    class Meta(Part.Meta):
        verbose_name_plural = "mechanisms of action"
        constraints = [
            models.UniqueConstraint(fields=["treatment", "mechanism", "action"], name="mechanism_of_action_once")
        ]

    def __str__(self) -> str:
        return f"{self.treatment} {self.action} {self.mechanism}"


@with_history
class Approval(Sourced, Part):
    """An indication for which an agency approved a treatment in a region."""

    treatment = models.ForeignKey(Treatment, on_delete=models.CASCADE, related_name="approvals")
    region = models.CharField(max_length=60)
    agency = models.CharField(max_length=60, blank=True)
    indication = models.TextField()
    for_dermatomyositis = models.BooleanField(
        null=True,
        blank=True,
        help_text="Whether the label names dermatomyositis; empty where the wording was not seen.",
    )
    year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Part.Meta):
        constraints = [*Sourced.Meta.constraints, years("approval")]

    def __str__(self) -> str:
        return f"{self.region}: {self.indication}"

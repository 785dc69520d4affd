"""What can be found: every kind of public record, where its rows come from, and what each is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import CharField, F, IntegerField, QuerySet, TextChoices, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, LPad

from treatments.models import (
    Appraisal,
    Autoantibody,
    Evidence,
    Manifestation,
    Mechanism,
    OutcomeMeasure,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Treatment,
    Trial,
)


class Kind(TextChoices):
    """The kinds of records, in the order in which they are shown."""

    TREATMENT = "treatment", "Treatments"
    AUTOANTIBODY = "autoantibody", "Autoantibodies"
    MANIFESTATION = "manifestation", "Manifestations"
    MECHANISM = "mechanism", "Mechanisms"
    OUTCOME_MEASURE = "outcome_measure", "Outcome measures"
    EVIDENCE = "evidence", "Evidence"
    RECOMMENDATION = "recommendation", "Recommendations"
    APPRAISAL = "appraisal", "Appraisals"
    PHENOTYPE_ASSOCIATION = "phenotype_association", "Phenotype associations"
    TRIAL = "trial", "Trials"
    REFERENCE = "reference", "References"


TERMS = (Kind.TREATMENT, Kind.AUTOANTIBODY, Kind.MANIFESTATION, Kind.MECHANISM, Kind.OUTCOME_MEASURE)
CLAIMS = (Kind.EVIDENCE, Kind.RECOMMENDATION, Kind.APPRAISAL, Kind.PHENOTYPE_ASSOCIATION)
SOURCES = (Kind.TRIAL, Kind.REFERENCE)


def _newest_first(path: str) -> LPad:
    """A text that sorts by the year at ``path``, newest first, unknown last."""
    year = Coalesce(F(path), Value(0), output_field=IntegerField())
    return LPad(Cast(Value(9999) - year, CharField()), 4, Value("0"))


@dataclass(frozen=True)
class Searched:
    """How one kind is searched.

    ``public`` gives the rows that readers may see, and nothing else ever is looked at. ``links`` are the records that
    a row is about or comes from: it is found by their names too. ``tie`` orders rows that answer equally well.
    ``texts`` are its columns of running text.
    """

    public: Callable[[], QuerySet]
    tie: tuple[Combinable, ...]
    texts: tuple[str, ...]
    links: Mapping[Kind, str] = field(default_factory=dict)

    def order(self) -> Concat:
        """The ``tie`` as one text."""
        return Concat(*(Cast(part, CharField()) for part in self.tie), Value(""), output_field=CharField())


SEARCHED: dict[Kind, Searched] = {
    Kind.TREATMENT: Searched(Treatment.objects.in_use, (F("name"),), ("summary",)),
    Kind.AUTOANTIBODY: Searched(Autoantibody.objects.in_use, (F("name"),), ("description", "detection_note")),
    Kind.MANIFESTATION: Searched(Manifestation.objects.in_use, (F("name"),), ("description",)),
    Kind.MECHANISM: Searched(Mechanism.objects.in_use, (F("name"),), ("description",)),
    Kind.OUTCOME_MEASURE: Searched(OutcomeMeasure.objects.in_use, (F("name"),), ("description",)),
    Kind.EVIDENCE: Searched(
        Evidence.objects.published,
        (F("level"), F("accession")),
        ("statement", "regimen", "comparator", "safety", "limitations"),
        {
            Kind.TREATMENT: "treatment",
            Kind.AUTOANTIBODY: "autoantibodies",
            Kind.MANIFESTATION: "manifestations",
            Kind.TRIAL: "trial",
            Kind.REFERENCE: "reference",
        },
    ),
    Kind.RECOMMENDATION: Searched(
        Recommendation.objects.published,
        (_newest_first("guideline__year"), F("accession")),
        ("statement", "body", "quality", "note"),
        {
            Kind.TREATMENT: "treatment",
            Kind.AUTOANTIBODY: "autoantibodies",
            Kind.MANIFESTATION: "manifestations",
            Kind.REFERENCE: "guideline",
        },
    ),
    Kind.APPRAISAL: Searched(
        Appraisal.objects.published,
        (F("accession"),),
        ("bottom_line",),
        {Kind.TREATMENT: "treatment", Kind.AUTOANTIBODY: "autoantibody", Kind.MANIFESTATION: "manifestation"},
    ),
    Kind.PHENOTYPE_ASSOCIATION: Searched(
        PhenotypeAssociation.objects.published,
        (F("accession"),),
        ("note",),
        {Kind.AUTOANTIBODY: "autoantibody", Kind.MANIFESTATION: "manifestation", Kind.REFERENCE: "references"},
    ),
    Kind.TRIAL: Searched(Trial.objects.in_use, (F("nct_id"),), ("title", "note"), {Kind.TREATMENT: "treatments"}),
    Kind.REFERENCE: Searched(
        Reference.objects.in_use, (_newest_first("year"), F("slug")), ("title", "authors", "journal")
    ),
}

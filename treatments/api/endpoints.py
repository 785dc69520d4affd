"""Which endpoint answers for which kind of record."""

from django.db.models import Model

from treatments.models import (
    Appraisal,
    Autoantibody,
    CertaintyLevel,
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

ENDPOINTS: dict[type[Model], str] = {
    Treatment: "treatments",
    Mechanism: "mechanisms",
    Autoantibody: "autoantibodies",
    Manifestation: "manifestations",
    Evidence: "evidence",
    PhenotypeAssociation: "phenotype-associations",
    Recommendation: "recommendations",
    Appraisal: "appraisals",
    Reference: "references",
    Trial: "trials",
    OutcomeMeasure: "outcome-measures",
    EvidenceLevel: "evidence-levels",
    CertaintyLevel: "certainty-levels",
    Release: "releases",
}

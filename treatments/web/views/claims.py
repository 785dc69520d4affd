"""Pages of evidence, phenotype associations, recommendations and appraisals, with all their versions."""

from django.db.models import Prefetch, QuerySet

from treatments.filters import AppraisalFilter, PhenotypeAssociationFilter, RecommendationFilter
from treatments.models import Appraisal, Evidence, PhenotypeAssociation, Recommendation
from treatments.web import reading
from treatments.web.presenters.evidence import entry
from treatments.web.presenters.figures import result_row
from treatments.web.presenters.phenotype import finding
from treatments.web.presenters.sources import REFERENCE_IDENTIFIERS, citation, identifier_links

from .pages import ClaimPage, Context, ListPage, claim_page, list_page, version_page

# Evidence ------------------------------------------------------------------------------------------------------


def _load_evidence(found: QuerySet) -> QuerySet:
    appraisals = Appraisal.objects.published().select_related("manifestation")
    return (
        reading.evidence_rows(found)
        .select_related("treatment", "reference", "level", "trial", "release")
        .prefetch_related(Prefetch("appraisals", appraisals))
    )


def _evidence(claim: Evidence) -> Context:
    rows = [result_row(result) for result in claim.results.all()]
    return {
        "results": rows,
        "has_controls": any(row.control for row in rows),
        "has_effects": any(row.effect for row in rows),
        "has_p_values": any(row.p_value for row in rows),
        "citation": citation(claim.reference),
        "identifiers": identifier_links(claim.reference, *REFERENCE_IDENTIFIERS),
    }


EVIDENCE = ClaimPage(Evidence, _load_evidence, "web/evidence.html", _evidence)
evidence = claim_page(EVIDENCE)
evidence_version = version_page(EVIDENCE)

# Phenotype associations ----------------------------------------------------------------------------------------

ASSOCIATION = ClaimPage(
    PhenotypeAssociation,
    lambda found: reading.association_rows(found).select_related("autoantibody", "manifestation", "release"),
    "web/phenotype_association.html",
    lambda claim: {
        "finding": finding(claim),
        "references": [
            (row, citation(row), identifier_links(row, *REFERENCE_IDENTIFIERS)) for row in claim.references.all()
        ],
    },
)
phenotype_association = claim_page(ASSOCIATION)
phenotype_association_version = version_page(ASSOCIATION)
phenotype_associations = list_page(
    ListPage(
        name="Phenotype associations",
        row_name=("association", "associations"),
        filterset=PhenotypeAssociationFilter,
        queryset=PhenotypeAssociation.objects.published,
        rows=reading.association_rows,
        template="web/phenotype_associations.html",
        context=lambda rows: {"rows": [finding(claim) for claim in rows]},
        shown=("autoantibody", "manifestation", "population", "strength"),
        more=("primary_checked", "published_since"),
    )
)

# Recommendations -----------------------------------------------------------------------------------------------

RECOMMENDATION = ClaimPage(
    Recommendation,
    lambda found: reading.recommendation_rows(found).select_related("treatment", "guideline", "release"),
    "web/recommendation.html",
    lambda claim: {
        "citation": citation(claim.guideline),
        "identifiers": identifier_links(claim.guideline, *REFERENCE_IDENTIFIERS),
    },
)
recommendation = claim_page(RECOMMENDATION)
recommendation_version = version_page(RECOMMENDATION)
recommendations = list_page(
    ListPage(
        name="Recommendations",
        row_name=("recommendation", "recommendations"),
        filterset=RecommendationFilter,
        queryset=Recommendation.objects.published,
        rows=reading.recommendation_rows,
        template="web/recommendations.html",
        context=lambda rows: {"rows": rows},
        shown=("treatment", "manifestation", "autoantibody", "population", "direction", "strength"),
        more=("mechanism", "setting", "primary_checked", "published_since"),
    )
)

# Appraisals ----------------------------------------------------------------------------------------------------


def _load_appraisal(found: QuerySet) -> QuerySet:
    # Every version it rests on, superseded and retracted ones too: a reader must see what has changed.
    rests_on = Prefetch("rests_on", reading.evidence_rows(Evidence.objects.public()))
    return (
        found.with_recheck()  # type: ignore[attr-defined]
        .select_related("treatment", "manifestation", "autoantibody", "certainty", "release")
        .prefetch_related(rests_on)
    )


APPRAISAL = ClaimPage(
    Appraisal,
    _load_appraisal,
    "web/appraisal.html",
    lambda claim: {"entries": [entry(evidence) for evidence in claim.rests_on.all()]},
)
appraisal = claim_page(APPRAISAL)
appraisal_version = version_page(APPRAISAL)
appraisals = list_page(
    ListPage(
        name="Appraisals",
        row_name=("appraisal", "appraisals"),
        filterset=AppraisalFilter,
        queryset=Appraisal.objects.published,
        rows=reading.appraisal_rows,
        template="web/appraisals.html",
        context=lambda rows: {"rows": rows},
        shown=("treatment", "manifestation", "autoantibody", "population", "certainty"),
    )
)

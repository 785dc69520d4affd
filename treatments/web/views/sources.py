"""Pages of references and trials."""

from django.db.models import F

from treatments.filters import ReferenceFilter, TrialFilter
from treatments.models import PhenotypeAssociation, Recommendation, Reference, Trial
from treatments.web import reading
from treatments.web.presenters.evidence import entry
from treatments.web.presenters.phenotype import finding
from treatments.web.presenters.sources import REFERENCE_IDENTIFIERS, citation, identifier_links

from .pages import Context, ListPage, list_page, term_page


def _reference(reference: Reference) -> Context:
    associations = PhenotypeAssociation.objects.published().filter(references=reference)
    recommendations = Recommendation.objects.published().filter(guideline=reference)
    return {
        "citation": citation(reference),
        "identifiers": identifier_links(reference, *REFERENCE_IDENTIFIERS),
        "entries": [entry(claim) for claim in reading.direct_evidence(reference=reference)],
        "recommendations": list(reading.recommendation_rows(recommendations)),
        "associations": [finding(claim) for claim in reading.association_rows(associations)],
        "trials": list(reference.trials.all()),
        "treatments": list(reference.treatments.all()),
        "mechanisms": list(reference.mechanisms.all()),
        "outcome_measures": list(reference.outcome_measures.all()),
        "prevalences": list(reference.prevalences.select_related("autoantibody")),
        "interactions": list(reference.mechanism_interactions.select_related("upstream", "downstream")),
    }


def _reference_rows(rows: list[Reference]) -> Context:
    uses = reading.reference_uses(rows)
    return {"rows": [(row, citation(row), identifier_links(row, *REFERENCE_IDENTIFIERS), uses[row.pk]) for row in rows]}


reference = term_page(Reference, "web/reference.html", _reference)
references = list_page(
    ListPage(
        name="References",
        row_name=("reference", "references"),
        filterset=ReferenceFilter,
        queryset=lambda: Reference.objects.in_use().order_by(F("year").desc(nulls_last=True), "slug"),
        rows=reading.lean_rows,
        template="web/references.html",
        context=_reference_rows,
        shown=("publication_type", "year_from", "year_to", "retraction_status"),
        more=("pmid", "doi", "pmcid"),
    )
)


def _trial(trial: Trial) -> Context:
    return {
        "treatments": list(trial.treatments.all()),
        "results": list(trial.results.all()),
        "entries": [entry(claim) for claim in reading.direct_evidence(trial=trial)],
        "registry": identifier_links(trial, "nct_id")[0],
    }


trial = term_page(Trial, "web/trial.html", _trial)
trials = list_page(
    ListPage(
        name="Trials",
        row_name=("trial", "trials"),
        filterset=TrialFilter,
        queryset=Trial.objects.in_use,
        rows=reading.trial_rows,
        template="web/trials.html",
        context=lambda rows: {"rows": rows},
        shown=("status", "phase", "treatment"),
    )
)

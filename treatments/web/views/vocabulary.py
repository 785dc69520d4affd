"""Pages of treatments, mechanisms, autoantibodies, manifestations, outcome measures and levels."""

from typing import Any

from django.db.models import Prefetch

from treatments.filters import (
    AutoantibodyFilter,
    CertaintyLevelFilter,
    EvidenceLevelFilter,
    ManifestationFilter,
    MechanismFilter,
    OutcomeMeasureFilter,
    TreatmentFilter,
)
from treatments.models import (
    Appraisal,
    Autoantibody,
    CertaintyLevel,
    DatasetRevision,
    Evidence,
    EvidenceLevel,
    Manifestation,
    Mechanism,
    MechanismOfAction,
    OutcomeMeasure,
    PhenotypeAssociation,
    Prevalence,
    Recommendation,
    Treatment,
)
from treatments.models.choices import AutoantibodyGroup
from treatments.tally import Tally, strongest_first, tally
from treatments.web import reading
from treatments.web.presenters import mechanisms as trees
from treatments.web.presenters import phenotype, years
from treatments.web.presenters.approvals import approved_in, dermatomyositis_first
from treatments.web.presenters.evidence import (
    by_autoantibody,
    by_manifestation,
    by_treatment,
    entry,
)
from treatments.web.presenters.figures import figure, measure_range, prevalence_range
from treatments.web.presenters.forest import measure_plots
from treatments.web.presenters.pictures import forest_picture, phenotype_picture, years_picture
from treatments.web.presenters.sources import TREATMENT_IDENTIFIERS, gene_links, identifier_links

from . import mechanism_map
from .pages import Context, ListPage, list_page, term_page

NO_EVIDENCE = Tally()
MANY_RESULTS = 2  # on one measure: as many as are worth a plot on the page of a treatment


def _with_tallies(records: list[Any], by: str) -> list[tuple[Any, Tally]]:
    counts = reading.evidence_tallies(by, **{f"{by}__in": [record.pk for record in records]})
    return [(record, counts.get(record.pk, NO_EVIDENCE)) for record in records]


def _recommendations(**about: object) -> list[Recommendation]:
    found = reading.recommendation_rows(Recommendation.objects.published().filter(**about))
    return list(found.order_by("-guideline__year", "accession").distinct())


def _appraisals(**about: object) -> list[Appraisal]:
    return list(reading.appraisal_rows(Appraisal.objects.published().filter(**about)))


# Treatments ----------------------------------------------------------------------------------------------------


def _treatment(treatment: Treatment) -> Context:
    classes = list(treatment.classes.all())
    approvals = dermatomyositis_first(treatment.approvals.all())
    claims = reading.direct_evidence(treatment__in=[treatment, *classes])
    names = {row.pk: row.name for row in classes}
    entries = [
        entry(claim, f"Reported for the class: {names[claim.treatment_id]}" if claim.treatment_id in names else "")
        for claim in claims
    ]
    efficacy = [row for row in entries if row.claim.aspect == "efficacy"]
    safety = [row for row in entries if row.claim.aspect == "safety"]
    plots = measure_plots((row.claim for row in entries), names)
    revision = DatasetRevision.current().number
    actions = list(treatment.mechanisms_of_action.select_related("mechanism"))
    return {
        "plots": [
            (plot, forest_picture(treatment.name, treatment.slug, plot, revision))
            for plot in plots
            if plot.drawn >= MANY_RESULTS
        ],
        "other_plots": [plot for plot in plots if plot.drawn < MANY_RESULTS],
        "identifiers": identifier_links(treatment, *TREATMENT_IDENTIFIERS),
        "actions": actions,
        "outlines": mechanism_map.outlines_of(treatment, actions),
        "approvals": approvals,
        "approved_in": approved_in(approvals),
        "classes": classes,
        "members": _with_tallies(list(treatment.members.all()), "treatment"),
        "components": list(treatment.components.all()),
        "combinations": list(treatment.combinations.all()),
        "entries": entries,
        "own": tally(row.claim for row in entries if not row.reported_for),
        "of_class": tally(row.claim for row in entries if row.reported_for),
        "by_manifestation": by_manifestation(efficacy),
        "by_antibody": [group for group in by_autoantibody(efficacy) if group.term],
        "safety": sorted(safety, key=lambda row: strongest_first(row.claim)),
        "recommendations": _recommendations(treatment__in=[treatment, *classes]),
        "appraisals": _appraisals(treatment=treatment),
        "trials": list(reading.trials_of(treatment)),
        "references": list(treatment.references.all()),
    }


treatment = term_page(Treatment, "web/treatment.html", _treatment)
treatments = list_page(
    ListPage(
        name="Treatments",
        row_name=("treatment", "treatments"),
        filterset=TreatmentFilter,
        queryset=Treatment.objects.in_use,
        rows=reading.treatment_rows,
        template="web/treatments.html",
        context=lambda rows: {
            "rows": [(row, approved_in(row.approvals.all()), count) for row, count in _with_tallies(rows, "treatment")]
        },
        shown=("kind", "stage", "mechanism", "approved", "in_review_figure"),
    )
)


# Mechanisms ----------------------------------------------------------------------------------------------------


def _mechanism(mechanism: Mechanism) -> Context:
    mechanisms = list(reading.all_mechanisms())
    roots = trees.tree(mechanisms, reading.actions())
    above, node = trees.find(roots, mechanism.pk)
    below = [part.mechanism for part in node.below()]
    acting: dict[Treatment, list[MechanismOfAction]] = {}
    for action in reading.treatments_at([mechanism, *below]):
        acting.setdefault(action.treatment, []).append(action)
    counts = reading.evidence_tallies("treatment", treatment__in=list(acting))
    interactions = list(reading.interactions_of(mechanism))
    return {
        "outlines": mechanism_map.outlines_at(mechanism, mechanisms),
        "above": above,
        "node": node,
        "genes": gene_links(mechanism.genes),
        "identifiers": identifier_links(mechanism, "reactome_id", "kegg_id"),
        "treatments": [(found, actions, counts.get(found.pk, NO_EVIDENCE)) for found, actions in acting.items()],
        "evidence_count": sum(count.total for count in counts.values()),
        "upstream": [row for row in interactions if row.downstream_id == mechanism.pk],
        "downstream": [row for row in interactions if row.upstream_id == mechanism.pk],
        "references": list(mechanism.references.all()),
    }


mechanism = term_page(Mechanism, "web/mechanism.html", _mechanism)
mechanisms = list_page(
    ListPage(
        name="Mechanisms",
        row_name=("mechanism", "mechanisms"),
        filterset=MechanismFilter,
        queryset=Mechanism.objects.in_use,
        rows=reading.lean_rows,
        template="web/mechanisms.html",
        context=mechanism_map.beside,
        shown=("kind", "gene"),
        more=("parent",),
        rows_a_page=500,  # the tree is read as a whole
    )
)


# Autoantibodies ------------------------------------------------------------------------------------------------


def _relation(claim: Evidence, antibody: Autoantibody, classes: list, members: list) -> str:
    """What an entry is about where it is not about ``antibody`` itself."""
    named = {found.pk: found.name for found in claim.autoantibodies.all()}
    if antibody.pk in named:
        return ""
    of_class = [row.name for row in classes if row.pk in named]
    if of_class:
        return f"Reported for the class: {', '.join(of_class)}"
    return f"Reported for a member: {', '.join(row.name for row in members if row.pk in named)}"


def _autoantibody(antibody: Autoantibody) -> Context:
    classes, members = list(antibody.classes.all()), list(antibody.members.all())
    claims = reading.direct_evidence(
        pk__in=Evidence.objects.filter(autoantibodies__in=[antibody, *classes, *members]).values("pk")
    )
    entries = [entry(claim, _relation(claim, antibody, classes, members)) for claim in claims]
    efficacy = [row for row in entries if row.claim.aspect == "efficacy"]
    associations = reading.association_rows(PhenotypeAssociation.objects.published().filter(autoantibody=antibody))
    found = phenotype.rows(associations, "manifestation")
    by_year = years.years(
        years.by_year(row.claim for row in entries if not row.reported_for), EvidenceLevel.objects.all()
    )
    revision = DatasetRevision.current().number
    return {
        "phenotype_picture": phenotype_picture(antibody.name, antibody.slug, phenotype.claims(found), revision),
        "years": by_year,
        "years_picture": years_picture(
            by_year, antibody.name, revision, "web:autoantibody-years-drawing", antibody.slug
        ),
        "genes": gene_links(antibody.genes),
        "identifiers": identifier_links(antibody, "uniprot_id"),
        "prevalences": [
            (row, prevalence_range(row), list(row.references.all()))
            for row in antibody.prevalences.prefetch_related("references")
        ],
        "phenotype": found,
        "classes": classes,
        "members": _with_tallies(members, "autoantibodies"),
        "own": tally(row.claim for row in entries if not row.reported_for),
        "related": tally(row.claim for row in entries if row.reported_for),
        "by_treatment": by_treatment(efficacy),
        "by_manifestation": by_manifestation(efficacy),
        "safety": sorted(
            (row for row in entries if row.claim.aspect == "safety"), key=lambda row: strongest_first(row.claim)
        ),
        "recommendations": _recommendations(autoantibodies__in=[antibody, *classes, *members]),
        "appraisals": _appraisals(autoantibody=antibody),
    }


def _autoantibody_rows(rows: list[Autoantibody]) -> Context:
    counted = _with_tallies(rows, "autoantibodies")
    groups = [(group.label, [pair for pair in counted if pair[0].group == group.value]) for group in AutoantibodyGroup]
    return {"groups": [(label, pairs) for label, pairs in groups if pairs], "rows": counted}


autoantibody = term_page(Autoantibody, "web/autoantibody.html", _autoantibody)
autoantibodies = list_page(
    ListPage(
        name="Autoantibodies",
        row_name=("autoantibody", "autoantibodies"),
        filterset=AutoantibodyFilter,
        queryset=Autoantibody.objects.in_use,
        rows=lambda found: found.defer("search_vector").prefetch_related(
            Prefetch("prevalences", Prevalence.objects.all())
        ),
        template="web/autoantibodies.html",
        context=_autoantibody_rows,
        shown=("group", "kind", "manifestation"),
        rows_a_page=50,
    )
)


# Manifestations ------------------------------------------------------------------------------------------------


def _manifestation(manifestation: Manifestation) -> Context:
    entries = [entry(claim) for claim in reading.direct_evidence(manifestation_links__manifestation=manifestation)]
    efficacy = [row for row in entries if row.claim.aspect == "efficacy"]
    associations = reading.association_rows(
        PhenotypeAssociation.objects.published().filter(manifestation=manifestation)
    )
    return {
        "identifiers": identifier_links(manifestation, "hpo_id"),
        "own": tally(row.claim for row in entries),
        "by_treatment": by_treatment(efficacy),
        "by_antibody": [group for group in by_autoantibody(efficacy) if group.term],
        "safety": sorted(
            (row for row in entries if row.claim.aspect == "safety"), key=lambda row: strongest_first(row.claim)
        ),
        "phenotype": phenotype.rows(associations, "autoantibody"),
        "recommendations": _recommendations(manifestation_links__manifestation=manifestation),
        "appraisals": _appraisals(manifestation=manifestation),
    }


manifestation = term_page(Manifestation, "web/manifestation.html", _manifestation)
manifestations = list_page(
    ListPage(
        name="Manifestations",
        row_name=("manifestation", "manifestations"),
        filterset=ManifestationFilter,
        queryset=Manifestation.objects.in_use,
        rows=reading.lean_rows,
        template="web/manifestations.html",
        context=lambda rows: {"rows": _with_tallies(rows, "manifestations")},
        rows_a_page=50,
    )
)


# Outcome measures ----------------------------------------------------------------------------------------------


def _outcome_measure(measure: OutcomeMeasure) -> Context:
    claims = reading.direct_evidence(pk__in=Evidence.objects.filter(results__measure=measure).values("pk"))
    return {
        "range": measure_range(measure),
        "thresholds": [(row, figure(row.value)) for row in measure.thresholds.all()],
        "references": list(measure.references.all()),
        "entries": [entry(claim) for claim in sorted(claims, key=strongest_first)],
    }


def _outcome_measure_rows(rows: list[OutcomeMeasure]) -> Context:
    counts = reading.evidence_tallies("results__measure")
    return {"rows": [(row, measure_range(row), counts.get(row.pk, NO_EVIDENCE)) for row in rows]}


outcome_measure = term_page(OutcomeMeasure, "web/outcome_measure.html", _outcome_measure)
outcome_measures = list_page(
    ListPage(
        name="Outcome measures",
        row_name=("outcome measure", "outcome measures"),
        filterset=OutcomeMeasureFilter,
        queryset=OutcomeMeasure.objects.in_use,
        rows=reading.lean_rows,
        template="web/outcome_measures.html",
        context=_outcome_measure_rows,
        shown=("better",),
        rows_a_page=50,
    )
)


# Levels --------------------------------------------------------------------------------------------------------


def _evidence_level(level: EvidenceLevel) -> Context:
    claims = Evidence.objects.published().filter(level=level)
    counts = reading.evidence_tallies("level")
    return {
        "tally": counts.get(level.pk, NO_EVIDENCE),
        "designs": sorted(
            {claim.get_design_display() for claim in claims.order_by().distinct("design").only("design")}
        ),
        "levels": list(EvidenceLevel.objects.in_use()),
    }


def _certainty_level(level: CertaintyLevel) -> Context:
    return {"appraisals": _appraisals(certainty=level), "levels": list(CertaintyLevel.objects.in_use())}


evidence_level = term_page(EvidenceLevel, "web/evidence_level.html", _evidence_level)
evidence_levels = list_page(
    ListPage(
        name="Evidence levels",
        row_name=("level", "levels"),
        filterset=EvidenceLevelFilter,
        queryset=EvidenceLevel.objects.in_use,
        rows=lambda found: found,
        template="web/evidence_levels.html",
        context=lambda rows: {"rows": _with_tallies(rows, "level")},
    )
)
certainty_level = term_page(CertaintyLevel, "web/certainty_level.html", _certainty_level)
certainty_levels = list_page(
    ListPage(
        name="Certainty levels",
        row_name=("level", "levels"),
        filterset=CertaintyLevelFilter,
        queryset=CertaintyLevel.objects.in_use,
        rows=lambda found: found,
        template="web/certainty_levels.html",
        context=lambda rows: {"rows": rows},
    )
)

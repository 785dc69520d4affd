"""What pages read: querysets with everything a page needs loaded at once, and counts in one query each."""

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Count, F, Prefetch, Q, QuerySet

from treatments.mechanism_map.figure import Figure, figure
from treatments.models import (
    Autoantibody,
    Evidence,
    EvidenceManifestation,
    Mechanism,
    MechanismInteraction,
    MechanismOfAction,
    OutcomeMeasure,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Result,
    Treatment,
    Trial,
)
from treatments.models.choices import ClaimStatus
from treatments.models.claims import AppraisalQuerySet
from treatments.tally import Tally, tallies

SEARCH = "search_vector"  # large, and of no use to a reader


def _lean(queryset: QuerySet, *related: str) -> QuerySet:
    """``queryset`` with ``related`` joined, the search columns of all left out."""
    vectors = [f"{name}__{SEARCH}" for name in related]
    return queryset.select_related(*related).defer(SEARCH, *vectors)


def evidence_rows(queryset: QuerySet | None = None) -> QuerySet:
    """Evidence with all that a row shows."""
    queryset = Evidence.objects.published() if queryset is None else queryset
    return _lean(queryset, "treatment", "reference").prefetch_related(
        Prefetch("autoantibodies", Autoantibody.objects.defer(SEARCH)),
        "manifestations",
        Prefetch("results", Result.objects.select_related("measure").defer(f"measure__{SEARCH}")),
    )


def evidence_list_rows(queryset: QuerySet) -> QuerySet:
    """Evidence with all that a reader may choose to see of a row."""
    return _lean(evidence_rows(queryset), "treatment", "reference", "trial")


def recommendation_rows(queryset: QuerySet | None = None) -> QuerySet:
    """Recommendations with all that a row shows."""
    queryset = Recommendation.objects.published() if queryset is None else queryset
    return _lean(queryset, "treatment", "guideline").prefetch_related("autoantibodies", "manifestations")


def association_rows(queryset: QuerySet | None = None) -> QuerySet:
    """Phenotype associations with all that a row shows."""
    queryset = PhenotypeAssociation.objects.published() if queryset is None else queryset
    return _lean(queryset, "autoantibody", "manifestation").prefetch_related("references")


def appraisal_rows(queryset: QuerySet) -> QuerySet:
    """Appraisals with all that a row shows, and whether each needs a re-check."""
    return (
        cast(AppraisalQuerySet, queryset)
        .with_recheck()
        .select_related("treatment", "manifestation", "autoantibody", "certainty")
        .prefetch_related(Prefetch("rests_on", Evidence.objects.only("accession", "version", "status")))
    )


def treatment_rows(queryset: QuerySet) -> QuerySet:
    return queryset.defer(SEARCH).prefetch_related(
        Prefetch("mechanisms_of_action", MechanismOfAction.objects.select_related("mechanism")),
        "approvals",
    )


def trial_rows(queryset: QuerySet) -> QuerySet:
    return queryset.defer(SEARCH).prefetch_related("treatments")


def lean_rows(queryset: QuerySet) -> QuerySet:
    """Rows of their own, with nothing of what they are linked to."""
    return queryset.defer(SEARCH)


def reference_uses(references: Iterable[Reference]) -> dict[int, dict[str, int]]:
    """For each reference, how many published evidence entries, recommendations and associations rest on it."""
    keys = [reference.pk for reference in references]
    uses: dict[int, dict[str, int]] = {key: {} for key in keys}
    counted: list[tuple[str, QuerySet, str]] = [
        ("evidence", Evidence.objects.published(), "reference"),
        ("recommendations", Recommendation.objects.published(), "guideline"),
        ("associations", PhenotypeAssociation.objects.published(), "references"),
    ]
    for name, claims, path in counted:
        rows = claims.filter(**{f"{path}__in": keys}).order_by().values_list(path).annotate(count=Count("pk"))
        for key, count in rows:
            if key in uses:
                uses[key][name] = count
    return uses


def evidence_tallies(by: str, **scope: object) -> dict[Any, Tally]:
    """Counts of published evidence for each value of ``by`` (a path from evidence), one query."""
    rows = (
        Evidence.objects.published()
        .filter(**{f"{by}__isnull": False}, **scope)
        .order_by()
        .values_list(by, "level", "direction", "aspect")
        .annotate(count=Count("pk", distinct=True))
    )
    return tallies(rows)


def evidence_by_year(**scope: object) -> dict[int | None, Tally]:
    """Counts of published evidence for each year of publication, None where that is not recorded; one query."""
    rows = (
        Evidence.objects.published()
        .filter(**scope)
        .order_by()
        .values_list("reference__year", "level", "direction", "aspect")
        .annotate(count=Count("pk", distinct=True))
    )
    return tallies(rows)


def treatments_with_results() -> QuerySet:
    """Treatments in use whose own published evidence has results, by name, each with their number."""
    published = Q(evidence__status=ClaimStatus.PUBLISHED)
    return (
        Treatment.objects.in_use()
        .defer(SEARCH)
        .annotate(result_count=Count("evidence__results", filter=published))
        .filter(result_count__gt=0)
        .order_by("name")
    )


def autoantibodies_with_frequencies() -> QuerySet:
    """Autoantibodies in use with published frequencies of manifestations, by name, each with their number."""
    published = Q(
        phenotype_associations__status=ClaimStatus.PUBLISHED, phenotype_associations__frequency_low__isnull=False
    )
    return (
        Autoantibody.objects.in_use()
        .defer(SEARCH)
        .annotate(frequency_count=Count("phenotype_associations", filter=published))
        .filter(frequency_count__gt=0)
        .order_by("name")
    )


def results_on(measure: OutcomeMeasure, treatments: Iterable[Treatment]) -> QuerySet:
    """Published evidence on ``treatments`` with results on ``measure``, and of its results these only."""
    on_measure = Result.objects.filter(measure=measure).select_related("measure").defer(f"measure__{SEARCH}")
    claims = Evidence.objects.published().filter(
        treatment__in=list(treatments), pk__in=Result.objects.filter(measure=measure).values("evidence")
    )
    return _lean(claims, "treatment", "reference").prefetch_related(
        Prefetch("autoantibodies", Autoantibody.objects.defer(SEARCH)), Prefetch("results", on_measure)
    )


def direct_evidence(**about: object) -> QuerySet:
    """Published evidence about exactly this, best level first."""
    return evidence_rows(Evidence.objects.published().filter(**about).best_level_first())


def all_mechanisms() -> QuerySet:
    return Mechanism.objects.in_use().defer(SEARCH)


def actions() -> QuerySet:
    """(mechanism, treatment) for every action of a treatment in use."""
    return MechanismOfAction.objects.filter(treatment__retired_on__isnull=True).values_list("mechanism", "treatment")


def interactions() -> QuerySet:
    """Every interaction between mechanisms in use."""
    return MechanismInteraction.objects.filter(upstream__retired_on__isnull=True, downstream__retired_on__isnull=True)


def mechanism_figure(rows: Iterable[MechanismInteraction]) -> Figure:
    """The figure of all mechanisms in use, with these interactions and every treatment in use; three queries."""
    treatments = Treatment.objects.in_use().only("slug", "name", "kind", "stage")
    return figure(all_mechanisms(), rows, MechanismOfAction.objects.all(), treatments)


def mechanism_outline(mechanisms: Iterable[Mechanism]) -> Figure:
    """The figure of ``mechanisms`` and what they do to each other, without treatments; one query."""
    return figure(mechanisms, interactions())


def interaction_rows(queryset: QuerySet) -> QuerySet:
    """Interactions with both mechanisms and their references."""
    return queryset.select_related("upstream", "downstream").prefetch_related("references")


def interactions_of(mechanism: Mechanism) -> QuerySet:
    """Interactions on either side of ``mechanism``."""
    return interaction_rows(MechanismInteraction.objects.filter(Q(upstream=mechanism) | Q(downstream=mechanism)))


def treatments_at(mechanisms: Iterable[Mechanism]) -> QuerySet:
    """What acts on any of ``mechanisms``, by mechanism and treatment."""
    return (
        MechanismOfAction.objects.filter(mechanism__in=list(mechanisms), treatment__retired_on__isnull=True)
        .select_related("mechanism", "treatment")
        .order_by("treatment__name", "mechanism__name")
    )


def trials_of(treatment: Treatment) -> QuerySet:
    return Trial.objects.in_use().filter(treatments=treatment).defer(SEARCH)


def compared(treatments: Iterable[Treatment]) -> QuerySet:
    """``treatments`` with everything a comparison shows of the records themselves, in no particular order."""
    lean = Treatment.objects.defer(SEARCH)
    return (
        Treatment.objects.defer(SEARCH)
        .filter(pk__in=[treatment.pk for treatment in treatments])
        .prefetch_related(
            Prefetch("mechanisms_of_action", MechanismOfAction.objects.select_related("mechanism")),
            "approvals",
            Prefetch("classes", lean),
            Prefetch("members", lean),
            Prefetch("components", lean),
            Prefetch("trials", Trial.objects.in_use().defer(SEARCH)),
        )
    )


def studied_alike(treatment: Treatment) -> QuerySet:
    """Other treatments with efficacy evidence for the same manifestations; ``shared`` counts these, most first."""
    evidence = Evidence.objects.published().efficacy()
    same = EvidenceManifestation.objects.filter(evidence__in=evidence.filter(treatment=treatment))
    return (
        Treatment.objects.in_use()
        .defer(SEARCH)
        .filter(evidence__in=evidence, evidence__manifestations__in=same.values("manifestation"))
        .exclude(pk=treatment.pk)
        .annotate(shared=Count("evidence__manifestations", distinct=True))
        .order_by("-shared", "name")
    )


def results_by_accession(accessions: Iterable[str]) -> dict[str, list[Result]]:
    """The results of published evidence entries, in the order they were entered."""
    found: dict[str, list[Result]] = {}
    results = Result.objects.filter(evidence__in=published_evidence(accessions))
    for result in results.select_related("measure").defer(f"measure__{SEARCH}").annotate(of=F("evidence__accession")):
        found.setdefault(result.of, []).append(result)
    return found


def cited_entries(accessions: Iterable[str]) -> dict[str, Evidence]:
    """Published evidence entries with the publication that each rests on, and no more."""
    own = ("accession", "version", "status", "direction", "primary_checked")
    cited = ("slug", "title", "authors", "journal", "year", "pmid", "doi", "pmcid")
    columns = (*own, *(f"reference__{name}" for name in cited))
    return {row.accession: row for row in published_evidence(accessions).select_related("reference").only(*columns)}


def published_evidence(accessions: Iterable[str]) -> QuerySet[Evidence]:
    """The published versions of these entries."""
    return Evidence.objects.published().filter(accession__in=list(accessions))

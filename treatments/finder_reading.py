"""Reads what the finder ranks, and what stands beside a ranked treatment: guidelines, trials, appraisals.

Published claims only. A constant number of queries, whatever is asked and however much there is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet

from treatments.finder import Entry, Kinship, Question, Ranking, rank, speaks_to
from treatments.finder_words import Names
from treatments.models import (
    Appraisal,
    Approval,
    Autoantibody,
    AutoantibodyMember,
    Evidence,
    EvidenceAutoantibody,
    EvidenceManifestation,
    Manifestation,
    Recommendation,
    Treatment,
    TreatmentMember,
    TrialTreatment,
)
from treatments.models.choices import RUNNING_TRIALS, Setting
from treatments.models.claims import AppraisalQuerySet
from treatments.models.sources import Trial


@dataclass(frozen=True)
class Answer:
    """The ranking, and by slug of a treatment what a reader needs beside it.

    ``statements`` are guideline statements in the scope of the question, on any treatment or on none in particular.
    """

    ranking: Ranking
    kinship: Kinship
    names: Names
    treatments: Mapping[str, Treatment]
    statements: list[Recommendation]
    trials: Mapping[str, list[Trial]]
    appraisals: list[Appraisal]

    @property
    def question(self) -> Question:
        return self.ranking.question

    def recommendations(self, treatment: str) -> list[Recommendation]:
        """Statements on the treatment, and on a class that it belongs to."""
        names = {treatment, *(name for name, members in self.kinship.treatments.items() if treatment in members)}
        return [claim for claim in self.statements if claim.treatment and claim.treatment.slug in names]

    @property
    def other_statements(self) -> list[Recommendation]:
        """Statements on treatments that have no row, or on none in particular."""
        shown = {row.treatment for row in (*self.ranking.rows, *self.ranking.unranked)}
        return [claim for claim in self.statements if not claim.treatment or claim.treatment.slug not in shown]

    @property
    def other_trials(self) -> dict[str, list[Trial]]:
        """Running trials of treatments that have no row."""
        shown = {row.treatment for row in (*self.ranking.rows, *self.ranking.unranked)}
        return {slug: trials for slug, trials in self.trials.items() if slug not in shown}


def published_entries() -> list[Entry]:
    """Every published evidence entry, as the ranking sees it."""

    def slugs(model: type[EvidenceAutoantibody | EvidenceManifestation], name: str) -> ArraySubquery:
        return ArraySubquery(model._default_manager.filter(evidence=OuterRef("pk")).order_by("pk").values(name))

    rows = (
        Evidence.objects.published()
        .order_by()
        .values_list(
            slugs(EvidenceAutoantibody, "autoantibody__slug"),
            slugs(EvidenceManifestation, "manifestation__slug"),
            *("accession", "treatment__slug", "level_id", "direction", "aspect", "population", "setting", "n_treated"),
        )
    )
    return [
        Entry(*facts, autoantibodies=tuple(antibodies), manifestations=tuple(features))  # type: ignore[misc]
        for antibodies, features, *facts in rows
    ]


def kinship() -> Kinship:
    return Kinship(
        antibodies=_members(AutoantibodyMember.objects.values_list("autoantibody_class__slug", "member__slug")),
        treatments=_members(TreatmentMember.objects.values_list("treatment_class__slug", "member__slug")),
    )


def _members(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, member in pairs:
        found.setdefault(name, set()).add(member)
    return {name: frozenset(members) for name, members in found.items()}


def answer(question: Question) -> Answer:
    """Everything the finder says to ``question``."""
    related = kinship()
    approvals = Prefetch("approvals", Approval.objects.defer("source_checks"))
    treatments = {
        row.slug: row
        for row in Treatment.objects.only("slug", "name", "boxed_warning", "retired_on").prefetch_related(approvals)
    }
    return Answer(
        ranking=rank(question, published_entries(), related),
        kinship=related,
        names=Names(
            autoantibodies=dict(Autoantibody.objects.values_list("slug", "name")),
            manifestations=dict(Manifestation.objects.values_list("slug", "name")),
            treatments={slug: row.name for slug, row in treatments.items()},
        ),
        treatments=treatments,
        statements=[claim for claim in _recommendations() if _is_about(question, claim, related)],
        trials=_running_trials(),
        appraisals=[claim for claim in _appraisals() if _is_about(question, claim, related)],
    )


def _recommendations() -> QuerySet[Recommendation]:
    """The strongest statement of the newest guideline first."""
    return (
        Recommendation.objects.published()
        .select_related("treatment", "guideline")
        .only(
            *("accession", "version", "status", "direction", "strength", "statement", "body", "population", "setting"),
            *("primary_checked", "treatment__slug", "treatment__name"),
            *(f"guideline__{name}" for name in ("slug", "title", "authors", "journal", "year")),
        )
        .prefetch_related(
            Prefetch("autoantibodies", Autoantibody.objects.only("slug", "name")),
            Prefetch("manifestations", Manifestation.objects.only("slug", "name")),
        )
        .order_by("-guideline__year", "accession")
    )


def _appraisals() -> QuerySet[Appraisal]:
    return (
        cast(AppraisalQuerySet, Appraisal.objects.published())
        .with_recheck()
        .select_related("treatment", "manifestation", "autoantibody", "certainty")
        .prefetch_related(Prefetch("rests_on", Evidence.objects.only("accession", "version", "status")))
        .order_by("certainty__rank", "accession")
    )


def _is_about(question: Question, claim: Recommendation | Appraisal, related: Kinship) -> bool:
    if isinstance(claim, Appraisal):
        antibodies = [claim.autoantibody.slug] if claim.autoantibody else []
        features = [claim.manifestation.slug]
        setting = Setting.ANY.value  # an appraisal is about all of them
    else:
        antibodies = [antibody.slug for antibody in claim.autoantibodies.all()]
        features = [feature.slug for feature in claim.manifestations.all()]
        setting = claim.setting
    return speaks_to(question, antibodies, features, claim.population, setting, related)


def _running_trials() -> dict[str, list[Trial]]:
    """Trials that recruit, will recruit or go on, by slug of each treatment they test. None says in which phenotype."""
    found: dict[str, list[Trial]] = {}
    links = TrialTreatment.objects.filter(trial__status__in=RUNNING_TRIALS, trial__retired_on__isnull=True)
    columns = ("treatment__slug", "trial__nct_id", "trial__acronym", "trial__title", "trial__phase")
    more = ("trial__status", "trial__status_as_of", "trial__enrollment")
    for link in links.select_related("trial", "treatment").only(*columns, *more):
        found.setdefault(link.treatment.slug, []).append(link.trial)
    return {slug: sorted(trials, key=lambda trial: trial.nct_id) for slug, trials in found.items()}

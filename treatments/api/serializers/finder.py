"""The answer of the finder: what it holds, and how it is written."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from treatments.finder import LeftOut, Match, Row, Tier
from treatments.finder_reading import Answer
from treatments.finder_words import reason
from treatments.models import Recommendation
from treatments.models.choices import (
    RUNNING_TRIALS,
    Aspect,
    Direction,
    Population,
    RecommendationDirection,
    RecommendationStrength,
    Setting,
)
from treatments.tally import Tally, tally

from .claims import AppraisalRow
from .evidence_map import Directions
from .records import Link

TIERS = Tier.choices
PATIENT_POPULATIONS = [(value.value, value.label) for value in Population if value != Population.MIXED]
PATIENT_SETTINGS = [(value.value, value.label) for value in Setting if value != Setting.ANY]
RUNNING_STATUSES = [(status.value, status.label) for status in RUNNING_TRIALS]
LEFT_OUT_BY = [("population", "Population"), ("setting", "Setting")]


class FinderQuestion(serializers.Serializer):
    """What was asked, as understood. Null or empty: not asked about."""

    autoantibody = serializers.CharField(allow_null=True, help_text="A slug, or “unknown”.")
    manifestation = serializers.ListField(child=serializers.SlugField())
    population = serializers.ChoiceField(PATIENT_POPULATIONS, allow_null=True)
    setting = serializers.ChoiceField(PATIENT_SETTINGS, allow_null=True)


class FinderEntries(serializers.Serializer):
    """Entries that stand beside those counted, with counts of their own."""

    best_level = serializers.CharField(allow_null=True, help_text="Null: nothing on efficacy.")
    directions = Directions()
    evidence = serializers.ListField(child=serializers.CharField(), help_text="Accessions, strongest entry first.")


class FinderPart(FinderEntries):
    """Efficacy that is less direct than what the row counts."""

    tier = serializers.ChoiceField(TIERS, allow_null=True, help_text="Null: other antibodies, other manifestations.")


class FinderClass(FinderEntries):
    """What was reported for a class that the treatment belongs to; never counted for the member."""

    treatment = Link(help_text="The class.")
    safety = serializers.ListField(child=serializers.CharField(), help_text="Accessions of entries on safety.")


class FinderRecommendation(serializers.Serializer):
    """A guideline statement in the scope of the question."""

    accession = serializers.CharField()
    url = serializers.URLField()
    direction = serializers.ChoiceField(RecommendationDirection.choices)
    strength = serializers.ChoiceField(RecommendationStrength.choices)
    treatment = Link(allow_null=True, help_text="The treatment itself, or a class that it belongs to.")


class FinderTrial(serializers.Serializer):
    """A trial of the treatment that runs or is about to; its record does not say in which phenotype."""

    nct_id = serializers.CharField()
    url = serializers.URLField()
    status = serializers.ChoiceField(RUNNING_STATUSES)


class FinderUnranked(serializers.Serializer):
    """A treatment, with what there is of it beside entries that count."""

    treatment = Link()
    url = serializers.URLField(help_text="The treatment in this API.")
    html_url = serializers.URLField(help_text="The page with everything that stands behind this row.")
    further = FinderPart(many=True, help_text="Efficacy in less direct tiers, then in other antibodies.")
    reported_for_class = FinderClass(many=True)
    safety = serializers.ListField(child=serializers.CharField(), help_text="Accessions; never counted as efficacy.")
    recommendations = FinderRecommendation(many=True)
    trials = FinderTrial(many=True)
    approved_for_dermatomyositis = serializers.BooleanField(
        allow_null=True, help_text="True where a label names the disease; null where none was seen to."
    )
    boxed_warning = serializers.BooleanField(
        allow_null=True, help_text="True where one is recorded; null where none was seen."
    )


class FinderResult(FinderUnranked):
    """A ranked treatment. Level, directions and patients count the entries in `evidence` and no others."""

    tier = serializers.ChoiceField(TIERS)
    reason = serializers.CharField(help_text="Why it stands there, in words.")
    best_level = serializers.CharField()
    directions = Directions()
    patients = serializers.IntegerField(
        help_text="Treated, summed over the entries; those in overlapping reports are counted more than once."
    )
    entries_without_number = serializers.IntegerField(help_text="Entries that do not say how many were treated.")
    evidence = serializers.ListField(child=serializers.CharField(), help_text="Accessions, strongest entry first.")


class FinderLeftOut(serializers.Serializer):
    """Entries that fit but for the population or setting asked about."""

    by = serializers.ChoiceField(LEFT_OUT_BY)
    values = serializers.ListField(child=serializers.CharField())
    evidence = serializers.ListField(child=serializers.CharField(), help_text="Accessions.")


class FinderAnswer(serializers.Serializer):
    """Treatments for a phenotype, in the order of display: directness, level, direction, number treated."""

    query = FinderQuestion()
    results = FinderResult(many=True)
    unranked = FinderUnranked(
        many=True,
        help_text="Treatments with evidence in other antibodies, for their class or on safety only, by slug.",
    )
    left_out = FinderLeftOut(many=True)
    recommendations = FinderRecommendation(
        many=True, help_text="Statements in scope on treatments that are not in the answer, or on none in particular."
    )
    appraisals = AppraisalRow(
        many=True, help_text="Curators' bottom lines in scope, the most certain first; to be read before the results."
    )


# Writing it -----------------------------------------------------------------------------------------------------------


def answer_record(answer: Answer, request: Request) -> dict[str, Any]:
    """``answer`` in the shape of ``FinderAnswer``."""
    question = answer.question
    return {
        "query": {
            "autoantibody": question.autoantibody or None,
            "manifestation": list(question.manifestations),
            "population": question.population or None,
            "setting": question.setting or None,
        },
        "results": [_result(row, answer, request) for row in answer.ranking.rows],
        "unranked": [_unranked(row, answer, request) for row in answer.ranking.unranked],
        "left_out": [_left_out(part) for part in answer.ranking.left_out],
        "recommendations": _recommendations(answer.other_statements, request),
        "appraisals": AppraisalRow(answer.appraisals, many=True, context={"request": request}).data,
    }


def _result(row: Row, answer: Answer, request: Request) -> dict[str, Any]:
    return {
        "tier": row.tier,
        "reason": reason(row, answer.question, answer.names),
        "treatment": _treatment(row.treatment, answer),
        "best_level": row.tally.best_level,
        "directions": _directions(row.tally),
        "patients": row.patients,
        "entries_without_number": row.without_number,
        "evidence": _accessions(row.matches),
    } | _unranked(row, answer, request)


def _unranked(row: Row, answer: Answer, request: Request) -> dict[str, Any]:
    treatment = answer.treatments[row.treatment]
    page = reverse("web:finder-treatment", args=[row.treatment], request=request)
    asked = urlencode(answer.question.parameters)
    parts = [*((tier, [match for match in row.further if match.tier == tier]) for tier in Tier), (None, row.elsewhere)]
    return {
        "treatment": _treatment(row.treatment, answer),
        "url": reverse("api:treatments-detail", args=[row.treatment], request=request),
        "html_url": f"{page}?{asked}" if asked else page,
        "further": [{"tier": tier, **_part(matches)} for tier, matches in parts if matches],
        "reported_for_class": list(_of_classes(row, answer)),
        "safety": _accessions(row.safety),
        "recommendations": _recommendations(answer.recommendations(row.treatment), request),
        "trials": [
            {
                "nct_id": trial.nct_id,
                "url": reverse("api:trials-detail", args=[trial.nct_id], request=request),
                "status": trial.status,
            }
            for trial in answer.trials.get(row.treatment, [])
        ],
        "approved_for_dermatomyositis": any(found.for_dermatomyositis for found in treatment.approvals.all()) or None,
        "boxed_warning": bool(treatment.boxed_warning) or None,
    }


def _of_classes(row: Row, answer: Answer) -> Iterator[dict[str, Any]]:
    for name in dict.fromkeys(match.entry.treatment for match in row.of_class):
        matches = [match for match in row.of_class if match.entry.treatment == name]
        efficacy = [match for match in matches if match.entry.aspect == Aspect.EFFICACY]
        safety = [match for match in matches if match.entry.aspect == Aspect.SAFETY]
        yield {"treatment": _treatment(name, answer), **_part(efficacy), "safety": _accessions(safety)}


def _part(matches: Iterable[Match]) -> dict[str, Any]:
    found = list(matches)
    counted = tally(match.entry for match in found)
    return {
        "best_level": counted.best_level or None,
        "directions": _directions(counted),
        "evidence": _accessions(found),
    }


def _directions(counted: Tally) -> dict[str, int]:
    return {direction.value: counted.directions[direction.value] for direction in Direction}


def _accessions(matches: Iterable[Match]) -> list[str]:
    return [match.entry.accession for match in matches]


def _treatment(slug: str, answer: Answer) -> dict[str, str]:
    return {"slug": slug, "name": answer.names.treatments[slug]}


def _recommendations(claims: Iterable[Recommendation], request: Request) -> list[dict[str, Any]]:
    return [
        {
            "accession": claim.accession,
            "url": reverse("api:recommendations-detail", args=[claim.accession], request=request),
            "direction": claim.direction,
            "strength": claim.strength,
            "treatment": claim.treatment and {"slug": claim.treatment.slug, "name": claim.treatment.name},
        }
        for claim in claims
    ]


def _left_out(part: LeftOut) -> dict[str, Any]:
    return {"by": part.parameter, "values": part.values, "evidence": _accessions(part.matches)}

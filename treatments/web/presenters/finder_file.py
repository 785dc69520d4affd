"""The answer of the finder as rows of a file: one a treatment, ranked ones in their order, then the others."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from treatments.finder import Match, Question, Row
from treatments.finder_reading import Answer
from treatments.finder_words import reason
from treatments.models.choices import Direction, RecommendationDirection

from .approvals import approved_in
from .finder import Best
from .finder_form import address

HEADER = (
    *("position", "tier", "reason", "treatment", "slug", "best_level"),
    *(direction.value for direction in Direction),
    "at_best_level",
    *("patients", "entries_without_number", "evidence"),
    *("best_result", "best_result_label", "best_result_evidence"),
    *("further_evidence", "in_other_autoantibodies", "reported_for_class", "safety_evidence"),
    *("recommendations_for", "recommendations_against", "no_recommendation_made", "recommendations_on_class"),
    *("approved_for_dermatomyositis_in", "boxed_warning", "running_trials", "appraisals", "url"),
)


def name(question: Question) -> str:
    """What the file is called: after what was asked."""
    asked = (question.autoantibody, *question.manifestations, question.population, question.setting)
    return "-".join(["finder", *(part.replace("_", "-") for part in asked if part)])[:120] + ".csv"


def rows(answer: Answer, best: Mapping[str, Best], absolute: Callable[[str], str]) -> Iterator[list[Any]]:
    """One row a treatment, as in ``HEADER``. What is several things is separated by semicolons."""
    for position, row in enumerate(answer.ranking.rows, start=1):
        yield _row(row, answer, best.get(row.treatment), absolute, position)
    for row in answer.ranking.unranked:
        yield _row(row, answer, None, absolute, None)


def _row(
    row: Row, answer: Answer, best: Best | None, absolute: Callable[[str], str], position: int | None
) -> list[Any]:
    treatment = answer.treatments[row.treatment]
    statements = answer.recommendations(row.treatment)
    pointing = {
        direction: [claim.accession for claim in statements if claim.direction == direction]
        for direction in RecommendationDirection
    }
    appraisals = [claim.accession for claim in answer.appraisals if claim.treatment.slug == row.treatment]
    return [
        position,
        row.tier.value if row.tier else "not_ranked",
        reason(row, answer.question, answer.names),
        treatment.name,
        treatment.slug,
        row.tally.best_level,
        *(row.tally.directions[direction.value] for direction in Direction),
        row.at_best_level.in_words,
        # Where no entry says how many, the number is not nought but not recorded.
        row.patients if row.without_number < len(row.matches) else None,
        row.without_number,
        _accessions(row.matches),
        *((best.figures, best.label, best.entry.accession) if best else ("", "", "")),
        *map(_accessions, (row.further, row.elsewhere, row.of_class, row.safety)),
        *("; ".join(pointing[direction]) for direction in RecommendationDirection),
        "; ".join(claim.accession for claim in statements if claim.treatment and claim.treatment.slug != row.treatment),
        "; ".join(approved_in(treatment.approvals.all())),
        "recorded" if treatment.boxed_warning else "not recorded",
        "; ".join(trial.nct_id for trial in answer.trials.get(row.treatment, [])),
        "; ".join(appraisals),
        absolute(address("web:finder-treatment", answer.question, row.treatment)),
    ]


def _accessions(matches: Iterable[Match]) -> str:
    return "; ".join(match.entry.accession for match in matches)

"""What stands behind one treatment in an answer of the finder: every entry, statement and trial, group by group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from treatments.finder import Match, Row, Tier
from treatments.finder_reading import Answer
from treatments.finder_words import question_title, reason, relation, tier_reason, tier_title
from treatments.models import Appraisal, Evidence, Recommendation, Treatment
from treatments.models.sources import Trial
from treatments.tally import Tally, tally

from .approvals import approved_in
from .evidence import Entry, entry


@dataclass(frozen=True)
class Part:
    """Entries that belong together, strongest first, with why they do and how they point."""

    title: str
    note: str
    entries: list[Entry]
    tally: Tally


@dataclass(frozen=True)
class Behind:
    """Everything on one treatment; ``counted`` is the part that its figures in the answer count, if it is ranked."""

    treatment: Treatment
    title: str
    reason: str
    approved_in: list[str]
    counted: Part | None
    further: list[Part]
    safety: Part | None
    statements: list[Recommendation]
    trials: list[Trial]
    appraisals: list[Appraisal]


def all_matches(row: Row) -> list[Match]:
    """Every entry of a row, counted or not, of its own or of its class."""
    return [*row.matches, *row.further, *row.elsewhere, *row.of_class, *row.safety]


def behind(row: Row, answer: Answer, claims: Mapping[str, Evidence]) -> Behind:
    """What the page of ``row`` shows; ``claims`` by accession."""
    question, names = answer.question, answer.names

    def part(title: str, note: str, matches: Iterable[Match]) -> Part | None:
        found = list(matches)
        entries = [
            entry(claims[match.entry.accession], relation(match, row, question, names))
            for match in found
            if match.entry.accession in claims
        ]
        return Part(title, note, entries, tally(match.entry for match in found)) if entries else None

    def tier_part(tier: Tier) -> Part | None:
        return part(tier_title(tier, question, names), tier_reason(tier, question, names), row.in_tier(tier))

    treatment = answer.treatments[row.treatment]
    lower = [tier_part(tier) for tier in Tier if tier != row.tier]
    others = "Other autoantibodies" if question.names_antibody else "Selected for an autoantibody"
    lower.append(part(others, "Studied in patients selected for them, for other manifestations", row.elsewhere))
    lower.append(part("Its class", "Reported for a class that it belongs to", row.of_class))
    return Behind(
        treatment=treatment,
        title=question_title(question, names),
        reason=reason(row, question, names),
        approved_in=approved_in(treatment.approvals.all()),
        counted=tier_part(row.tier) if row.tier else None,
        further=[found for found in lower if found],
        safety=part("Safety", "Never counted as efficacy", row.safety),
        statements=answer.recommendations(row.treatment),
        trials=answer.trials.get(row.treatment, []),
        appraisals=[claim for claim in answer.appraisals if claim.treatment.slug == row.treatment],
    )

"""The answer of the finder as tiers and rows to show."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from treatments.finder import LeftOut, Match, Question, Row, Tier
from treatments.finder_reading import Answer
from treatments.finder_words import entries, left_out, question_title, reason, relation, shares, tier_reason, tier_title
from treatments.models import Appraisal, Evidence, Recommendation, Result, Treatment
from treatments.models.choices import RecommendationDirection
from treatments.models.sources import Trial
from treatments.tally import Tally, tally

from .approvals import approved_in
from .figures import ResultRow, headline
from .finder_form import address
from .sources import REFERENCE_IDENTIFIERS, Link, briefly, identifier_links


@dataclass(frozen=True)
class Best:
    """The result that stands for the strongest entry that has one in figures."""

    entry: Evidence
    level: str
    direction: str
    figures: str
    label: str
    relation: str
    cited: str
    source: Link | None


def first_in_figures(row: Row, results: Mapping[str, list[Result]]) -> tuple[Match, ResultRow] | None:
    """The result that stands for the strongest entry behind ``row`` that has one, as far as ``results`` go.

    Entries are asked from the strongest on: best level, then direction, then number treated, then accession.
    """
    for match in row.matches:
        if shown := headline(results.get(match.entry.accession, ()), match.entry.aspect):
            return match, shown
    return None


def best_result(row: Row, answer: Answer, match: Match, result: ResultRow, entry: Evidence) -> Best:
    """``result`` of ``entry`` as what ``row`` shows in figures."""
    return Best(
        entry=entry,
        level=match.entry.level_id,
        direction=entry.get_direction_display(),
        figures=result.in_short,
        label=result.measured,
        relation=relation(match, row, answer.question, answer.names),
        cited=briefly(entry.reference),
        source=next(iter(identifier_links(entry.reference, *REFERENCE_IDENTIFIERS)), None),
    )


@dataclass(frozen=True)
class Beside:
    """Entries that stand beside the figures of a row, with a tally of their own."""

    title: str
    tally: Tally


@dataclass(frozen=True)
class Statements:
    """Guideline statements by direction: its code, its name and how many; ``on`` names the class they are on."""

    on: str
    counts: list[tuple[str, str, int]]

    @property
    def total(self) -> int:
        return sum(count for _, _, count in self.counts)


@dataclass(frozen=True)
class RowView:
    """A treatment as the page shows it; ``reason`` only where it says more than the heading of its tier."""

    row: Row
    treatment: Treatment
    url: str
    reason: str
    best: Best | None
    approved_in: list[str]
    further: list[Beside]
    statements: list[Statements]
    trials: list[Trial]
    safety: Tally

    @property
    def at_best_level(self) -> str:
        """ "1 no benefit": what is at the best level, where the row has entries that point elsewhere below it."""
        at_best = self.row.at_best_level
        return at_best.in_words if len(at_best.mix) < len(self.row.tally.mix) else ""

    @property
    def treated(self) -> str:
        """ "3 entries, 44 treated", or "7 treated in 2 of 3 entries" where one does not say how many."""
        total, missing = self.row.tally.efficacy, self.row.without_number
        if missing == total:
            return f"{entries(total)}, number treated not recorded"
        if missing:
            return f"{self.row.patients} treated in {total - missing} of {entries(total)}"
        return f"{entries(total)}, {self.row.patients} treated"

    @property
    def treated_briefly(self) -> str:
        """The same where there is little room, as on paper: "n = 44", "n = 7 in 2 of 3", "n not recorded"."""
        total, missing = self.row.tally.efficacy, self.row.without_number
        if missing == total:
            return "n not recorded"
        return f"n = {self.row.patients} in {total - missing} of {total}" if missing else f"n = {self.row.patients}"

    @property
    def all_of_it(self) -> str:
        """What the row unfolds to: "All 33 entries, 1 guideline statement, 1 trial"."""
        total = self.row.tally.efficacy + sum(part.tally.total for part in self.further) + self.safety.total
        parts = [entries(total)]
        if said := sum(part.total for part in self.statements):
            parts.append(f"{said} guideline statement{'' if said == 1 else 's'}")
        if running := len(self.trials):
            parts.append(f"{running} trial{'' if running == 1 else 's'}")
        return f"Show {', '.join(parts)}"


@dataclass(frozen=True)
class TierView:
    """A tier with its heading, the reason why its treatments stand there, and their rows."""

    tier: Tier
    title: str
    reason: str
    rows: list[RowView]


@dataclass(frozen=True)
class LeftOutView:
    words: str
    url: str


@dataclass(frozen=True)
class Apart:
    """Treatments that could not be ranked, and why."""

    title: str
    note: str
    rows: list[RowView]


@dataclass(frozen=True)
class AnswerView:
    """The whole answer: tiers that have rows, what could not be ranked, and what there is no evidence on."""

    title: str
    summary: str
    tiers: list[TierView]
    apart: list[Apart]
    left_out: list[LeftOutView]
    appraisals: list[Appraisal]
    statements: list[Recommendation]
    trials: list[tuple[Treatment, list[Trial]]]

    @property
    def unranked(self) -> int:
        return sum(len(part.rows) for part in self.apart)


def counted_statements(claims: Iterable[Recommendation], treatment: str) -> list[Statements]:
    """How many statements point which way, in a fixed order: on the treatment itself, then on each class of it."""
    found: dict[str, list[str]] = {}
    for claim in claims:
        about = claim.treatment
        on = about.name if about and about.slug != treatment else ""
        found.setdefault(on, []).append(claim.direction)
    return [
        Statements(
            on,
            [
                (direction.value, str(direction.label).lower(), pointing.count(direction.value))
                for direction in RecommendationDirection
                if direction.value in pointing
            ],
        )
        for on, pointing in sorted(found.items())
    ]


def beside(row: Row, answer: Answer) -> list[Beside]:
    """Efficacy that the figures of ``row`` do not count, most direct first."""
    question, names = answer.question, answer.names
    parts = []
    for tier in Tier:
        matches = [match for match in row.further if match.tier == tier]
        marked = f" ({'; '.join(of)})" if (of := shares(matches, question)) else ""
        parts.append((f"{tier_title(tier, question, names)}{marked}", matches))
    parts.append(("Other autoantibodies", list(row.elsewhere)))
    by_class: dict[str, list[Match]] = {}
    for match in row.of_class:
        by_class.setdefault(match.entry.treatment, []).append(match)
    parts += [(f"Reported for the class: {names.treatments[slug]}", found) for slug, found in by_class.items()]
    return [Beside(title, tally(match.entry for match in found)) for title, found in parts if found]


def _in_particular(why: str, tier_words: str) -> str:
    """What a reason says beyond what the heading of the tier says already."""
    beyond = why.removeprefix(tier_words).removeprefix("; ")
    return beyond[:1].upper() + beyond[1:]


def row_view(row: Row, answer: Answer, best: Best | None, tier_words: str = "") -> RowView:
    treatment = answer.treatments[row.treatment]
    return RowView(
        row=row,
        treatment=treatment,
        url=address("web:finder-treatment", answer.question, row.treatment),
        reason=_in_particular(reason(row, answer.question, answer.names), tier_words),
        best=best,
        approved_in=approved_in(treatment.approvals.all()),
        further=beside(row, answer),
        statements=counted_statements(answer.recommendations(row.treatment), row.treatment),
        trials=answer.trials.get(row.treatment, []),
        safety=tally(match.entry for match in row.safety),
    )


def _left_out(part: LeftOut, question: Question) -> LeftOutView:
    wider = replace(question, population="") if part.parameter == "population" else replace(question, setting="")
    return LeftOutView(left_out(part, question), address("web:finder", wider))


def in_short(answer: Answer) -> str:
    """What was found, in a sentence: what a screen reader says when the answer changes."""
    ranking = answer.ranking
    if not ranking.rows:
        return "No treatment with efficacy evidence that fits."
    counts = [
        f"{len(rows)} {tier_title(tier, answer.question, answer.names)}"
        for tier in Tier
        if (rows := ranking.in_tier(tier))
    ]
    number = len(ranking.rows)
    return f"{number} treatment{'' if number == 1 else 's'}: {'; '.join(counts)}."


def answer_view(answer: Answer, best: Mapping[str, Best]) -> AnswerView:
    """``answer`` as the page shows it; ``best`` by slug of the treatment."""
    question, names, ranking = answer.question, answer.names, answer.ranking
    tiers = []
    for tier in Tier:
        words = tier_reason(tier, question, names)
        rows = [row_view(row, answer, best.get(row.treatment), words) for row in ranking.in_tier(tier)]
        if rows:
            tiers.append(TierView(tier, tier_title(tier, question, names), words, rows))
    return AnswerView(
        title=question_title(question, names),
        summary=in_short(answer),
        tiers=tiers,
        apart=list(_apart(answer)),
        left_out=[_left_out(part, question) for part in ranking.left_out],
        appraisals=answer.appraisals,
        statements=answer.other_statements,
        trials=[(answer.treatments[slug], trials) for slug, trials in answer.other_trials.items()],
    )


def _apart(answer: Answer) -> Iterator[Apart]:
    views = [row_view(row, answer, None) for row in answer.ranking.unranked]
    another = "another autoantibody" if answer.question.names_antibody else "an autoantibody"
    parts = (
        (
            "Only in other autoantibodies"
            if answer.question.names_antibody
            else "Only in patients with an autoantibody",
            f"Studied in patients selected for {another}, for other manifestations: not the disease overall.",
            [view for view in views if view.row.elsewhere],
        ),
        (
            "Only as members of a class",
            "Reported for their class, never for themselves.",
            [view for view in views if not view.row.elsewhere and view.row.of_class],
        ),
        (
            "Safety only",
            "Nothing on efficacy is recorded that fits.",
            [view for view in views if not view.row.elsewhere and not view.row.of_class],
        ),
    )
    yield from (Apart(*part) for part in parts if part[2])

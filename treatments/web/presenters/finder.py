"""The finder's form, and its answer as rows to show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from treatments.filters import FinderFilter
from treatments.finder import UNKNOWN, LeftOut, Match, Question, Row, Tier
from treatments.finder_reading import Answer
from treatments.finder_words import left_out, question_title, reason, relation, tier_reason, tier_title
from treatments.models import Autoantibody, Evidence, Manifestation, Recommendation, Result, Treatment
from treatments.models.choices import AutoantibodyGroup, Population, RecommendationDirection, Setting
from treatments.models.sources import Trial
from treatments.tally import Tally, tally

from .approvals import approved_in
from .figures import result_row
from .sources import REFERENCE_IDENTIFIERS, Link, identifier_links

NO_ANTIBODY = "Negative or unknown"

# The form -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Form:
    """The controls of the finder, holding what was asked."""

    antibodies: list[tuple[str, list[Choice]]]
    manifestations: list[Choice]
    populations: list[Choice]
    settings: list[Choice]
    errors: Mapping[str, list[str]]


def antibody_choices(antibodies: Iterable[Autoantibody], chosen: str = "") -> list[tuple[str, list[Choice]]]:
    """Antibodies by group; their absence and not knowing them stand together, as different answers."""
    groups: dict[str, list[Choice]] = {str(group.label): [] for group in AutoantibodyGroup}
    groups[NO_ANTIBODY] = groups.pop(str(AutoantibodyGroup.NONE.label))
    for antibody in antibodies:
        label = NO_ANTIBODY if antibody.group == AutoantibodyGroup.NONE else str(antibody.get_group_display())
        groups[label].append(Choice(antibody.slug, antibody.name, antibody.slug == chosen))
    groups[NO_ANTIBODY].append(Choice(UNKNOWN, "Unknown or not tested", chosen == UNKNOWN))
    return [(label, choices) for label, choices in groups.items() if choices]


def form(
    filterset: FinderFilter, antibodies: Iterable[Autoantibody], manifestations: Iterable[Manifestation]
) -> Form:
    """The form for ``filterset``, with what was typed. Manifestations chosen stand first."""
    typed = {name: filterset.data.getlist(name) for name in filterset.filters}
    features = [Choice(row.slug, row.name, row.slug in typed["manifestation"]) for row in manifestations]
    errors: dict[str, list[str]] = {}
    for problem in filterset.problems:
        errors.setdefault(problem.parameter, []).append(problem.detail)
    return Form(
        antibodies=antibody_choices(antibodies, "".join(typed["autoantibody"][-1:])),
        manifestations=sorted(features, key=lambda choice: not choice.chosen),
        populations=[
            Choice(value, label, value in typed["population"])
            for value, label in ((Population.ADULT.value, "Adults"), (Population.JUVENILE.value, "Juveniles"))
        ],
        settings=[
            Choice(setting.value, str(setting.label), setting.value in typed["setting"])
            for setting in Setting
            if setting != Setting.ANY
        ],
        errors=errors,
    )


# The address ----------------------------------------------------------------------------------------------------------


def query(question: Question, **changed: str) -> str:
    """The query string of a question, with nothing empty in it; ``changed`` takes the place of single values."""
    single = {
        "autoantibody": question.autoantibody,
        "population": question.population,
        "setting": question.setting,
    } | changed
    pairs = [("autoantibody", single["autoantibody"])]
    pairs += [("manifestation", slug) for slug in question.manifestations]
    pairs += [("population", single["population"]), ("setting", single["setting"])]
    return urlencode([(name, value) for name, value in pairs if value])


def address(name: str, question: Question, *args: str) -> str:
    """The address of a page of the finder with the whole question in it."""
    asked = query(question)
    return f"{reverse(name, args=args)}?{asked}" if asked else reverse(name, args=args)


# The answer -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Best:
    """The first result with figures of the strongest entry that has one."""

    entry: Evidence
    level: str
    direction: str
    figures: str
    label: str
    relation: str
    source: Link | None


def best_result(
    row: Row,
    answer: Answer,
    results: Mapping[str, list[Result]],
    entries: Mapping[str, Evidence],
) -> Best | None:
    """The best single result behind the figures of ``row``; None where none of its entries has figures.

    Entries are asked from the strongest on: best level, then direction, then number treated, then accession.
    """
    for match in row.matches:
        for result in results.get(match.entry.accession, ()):
            shown = result_row(result)
            if not shown.in_short:
                continue
            entry = entries[match.entry.accession]
            return Best(
                entry=entry,
                level=match.entry.level_id,
                direction=entry.get_direction_display(),
                figures=shown.in_short,
                label=f"{shown.label}, {shown.timepoint}" if shown.timepoint else shown.label,
                relation=relation(match, row, answer.question, answer.names),
                source=next(iter(identifier_links(entry.reference, *REFERENCE_IDENTIFIERS)), None),
            )
    return None


@dataclass(frozen=True)
class Beside:
    """Entries that stand beside the figures of a row, with a tally of their own."""

    title: str
    tally: Tally


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
    statements: list[tuple[str, str, int]]  # direction, its name, how many
    trials: list[Trial]
    safety: Tally


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
class AnswerView:
    """The whole answer: tiers that have rows, then what could not be ranked and why."""

    title: str
    tiers: list[TierView]
    other_antibodies: list[RowView]
    class_only: list[RowView]
    safety_only: list[RowView]
    left_out: list[LeftOutView]
    summary: str


def counted_statements(claims: Iterable[Recommendation]) -> list[tuple[str, str, int]]:
    """How many statements point which way, in a fixed order."""
    found = [claim.direction for claim in claims]
    return [
        (direction.value, str(direction.label).lower(), found.count(direction.value))
        for direction in RecommendationDirection
        if direction.value in found
    ]


def beside(row: Row, answer: Answer) -> list[Beside]:
    """Efficacy that the figures of ``row`` do not count, most direct first."""
    question, names = answer.question, answer.names
    parts = [
        (tier_title(tier, question, names), [match for match in row.further if match.tier == tier]) for tier in Tier
    ]
    parts.append(("Other autoantibodies", list(row.elsewhere)))
    by_class: dict[str, list[Match]] = {}
    for match in row.of_class:
        by_class.setdefault(match.entry.treatment, []).append(match)
    parts += [(f"Reported for the class: {names.treatments[slug]}", found) for slug, found in by_class.items()]
    return [Beside(title, tally(match.entry for match in found)) for title, found in parts if found]


def row_view(row: Row, answer: Answer, best: Best | None, tier_words: str = "") -> RowView:
    treatment = answer.treatments[row.treatment]
    why = reason(row, answer.question, answer.names) if row.tier else ""
    return RowView(
        row=row,
        treatment=treatment,
        url=address("web:finder-treatment", answer.question, row.treatment),
        reason="" if why == tier_words else why,
        best=best,
        approved_in=approved_in(treatment.approvals.all()),
        further=beside(row, answer),
        statements=counted_statements(answer.recommendations(row.treatment)),
        trials=answer.trials.get(row.treatment, []),
        safety=tally(match.entry for match in row.safety),
    )


def _left_out(part: LeftOut, question: Question) -> LeftOutView:
    asked = query(question, **{part.parameter: ""})
    return LeftOutView(left_out(part, question), f"{reverse('web:finder')}?{asked}" if asked else reverse("web:finder"))


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


def answer_view(answer: Answer, best: Mapping[str, Best | None]) -> AnswerView:
    """``answer`` as the page shows it; ``best`` by slug of the treatment."""
    question, names, ranking = answer.question, answer.names, answer.ranking
    tiers = []
    for tier in Tier:
        words = tier_reason(tier, question, names)
        rows = [row_view(row, answer, best.get(row.treatment), words) for row in ranking.in_tier(tier)]
        if rows:
            tiers.append(TierView(tier, tier_title(tier, question, names), words, rows))
    unranked = [row_view(row, answer, None) for row in ranking.unranked]
    return AnswerView(
        title=question_title(question, names),
        tiers=tiers,
        other_antibodies=[view for view in unranked if view.row.elsewhere],
        class_only=[view for view in unranked if not view.row.elsewhere and view.row.of_class],
        safety_only=[view for view in unranked if not view.row.elsewhere and not view.row.of_class],
        left_out=[_left_out(part, question) for part in ranking.left_out],
        summary=in_short(answer),
    )

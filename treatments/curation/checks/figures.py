"""The figures of one entry against each other, and against the direction it is given."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Q

from treatments.models import Evidence, Result
from treatments.models.choices import Aspect, Better, Direction, ResultKind
from treatments.models.claims import RATIO_KINDS
from treatments.models.rules import ADVERSE_EVENTS

from .finding import Finding, Record
from .reading import (
    ARMS,
    arm_in_words,
    current,
    current_results,
    figures_in_words,
    figures_of,
    named,
    number,
    with_results,
)

PERCENT = re.compile(r"^(%|percent|per cent)( of .*)?$", re.IGNORECASE)
CHECKED_DIRECTIONS = (Direction.SUPPORTS, Direction.NO_BENEFIT, Direction.HARM)
TIME = re.compile(r"\b(day|week|month|year)s?\b", re.IGNORECASE)

# What a label says was counted. "Relapse-free" and "alive" are wished for, "relapse" and "death" are not; where it
# says both, or nothing that is known here, nobody can tell which way is better.
WISHED_FOR = re.compile(
    r"\w+-free\b|\b(improv\w*|respon(se|ded|der|ders)|remission|inactive|alive|surviv\w*|resol\w*|healed|weaned"
    r"|came off|withdrawn|tapered|reduc\w*|reached|achiev\w*)",
    re.IGNORECASE,
)
NOT_WISHED_FOR = re.compile(
    r"\b(mortality|deaths?|died|dead|relaps\w*|recurren\w*|flares?|progression|fail\w*|worsen\w*|persist\w*|infections?"
    r"|adverse|discontinu\w*|eruption|emphysema|need(ed)? for)\b(?!-free)",
    re.IGNORECASE,
)


def percentages_disagree(today: date) -> Iterator[Finding]:
    """A percentage that is not events of total, beyond what rounding or cutting off the last digit explains."""
    given = Q()
    for arm in ARMS:
        given |= Q(**{f"{arm}_{part}__isnull": False for part in ("events", "value")}, **{f"{arm}_total__gt": 0})
    for result in current_results().filter(given):
        yield from percentages_of(result)


def percentages_of(result: Result) -> Iterator[Finding]:
    """What is wrong with the percentages of one result, saved or not."""
    if result.kind != ResultKind.PROPORTION:
        return  # survival is estimated over time, with patients lost on the way: it is not events of total
    for arm in ARMS:
        events, total, value, unit = (getattr(result, f"{arm}_{p}") for p in ("events", "total", "value", "unit"))
        if events is None or not total or value is None or (unit and not PERCENT.match(unit)):
            continue
        exact = Decimal(100 * events) / total
        last_digit = Decimal(1).scaleb(min(int(value.as_tuple().exponent), 0))
        if abs(exact - value) >= last_digit:
            yield Finding(
                "percentage",
                (Record.of(result.evidence),),
                f"{result.evidence.accession}: {events} of {total} is {exact:.1f} %, but {number(value)}"
                f" {'%' if unit else 'without a unit'} is entered for the {arm} arm ({named(result)}).",
                [events, total, number(value)],
                f"{named(result)}, {arm}",
            )


def direction_against_figures(today: date) -> Iterator[Finding]:
    """An entry whose direction its own comparison with a control contradicts. Safety has no such rule."""
    entries = current(Evidence).filter(aspect=Aspect.EFFICACY, direction__in=CHECKED_DIRECTIONS)
    for entry in with_results(entries.filter(results__isnull=False).distinct().select_related("treatment")):
        yield from direction_of(entry, list(entry.results.all()))


def direction_of(entry: Evidence, results: list[Result]) -> Iterator[Finding]:
    """What the results of one entry, saved or not, say against its direction."""
    if entry.aspect != Aspect.EFFICACY or entry.direction not in CHECKED_DIRECTIONS:
        return
    outcomes = [result for result in results if result.measure.slug != ADVERSE_EVENTS]
    if told := _contradiction(entry, outcomes):
        said, result = told
        yield Finding(
            "direction",
            (Record.of(entry),),
            f"{entry.accession} says “{entry.get_direction_display().lower()}” of {entry.treatment}, but {said}:"
            f" {named(result)}, {figures_in_words(result)}.",
            [entry.direction, [[named(result), figures_of(result)] for result in outcomes]],
        )


def _contradiction(entry: Evidence, outcomes: list[Result]) -> tuple[str, Result] | None:
    intervals = [(result, _interval_says(result)) for result in outcomes]
    if entry.direction == Direction.SUPPORTS:
        for result, says in intervals:
            if says == "worse":
                return "the interval leaves no room for a benefit", result
        arms = [(result, favours) for result in outcomes if (favours := _figures_favour(result)) is not None]
        if arms and not any(favours for _, favours in arms):
            return "the treated arm did no better than the control arm", arms[0][0]
        return None
    if intervals and not any(says == "worse" for _, says in intervals):
        for result, says in intervals:
            if says == "better":
                return "the interval lies wholly on the side of benefit", result
    return None


def better_when(result: Result) -> str | None:
    """Whether more or less of what a result counted is better for patients; ``None`` where it does not say.

    A mean is one of the measure itself. A proportion, rate or ratio is one of what the label names: the share that
    improved by a score of which less is better is better when higher.
    """
    better = result.measure.better
    if result.kind in (ResultKind.MEAN_CHANGE, ResultKind.MEDIAN_CHANGE, ResultKind.MEAN_DIFFERENCE):
        return better
    wished, not_wished = WISHED_FOR.search(result.label), NOT_WISHED_FOR.search(WISHED_FOR.sub("", result.label))
    if wished and not_wished:
        return None
    if wished:
        return Better.HIGHER
    if not_wished:
        return Better.LOWER
    counts_patients = "%" in result.measure.unit or better == Better.HIGHER
    return better if counts_patients else None


def _figures_favour(result: Result) -> bool | None:
    """Whether the treated arm did better than the control arm; ``None`` where they cannot be compared."""
    way = better_when(result)
    if way is None or any(TIME.fullmatch(getattr(result, f"{arm}_unit").strip()) for arm in ARMS):
        return None
    if result.kind == ResultKind.MEAN_DIFFERENCE and result.effect_value is not None:
        return result.effect_value > 0 if way == Better.HIGHER else result.effect_value < 0
    treated, control = _size(result, "treated"), _size(result, "control")
    if treated is None or control is None or result.treated_unit != result.control_unit:
        return None
    return treated > control if way == Better.HIGHER else treated < control


def _size(result: Result, arm: str) -> Decimal | None:
    events, total, value = (getattr(result, f"{arm}_{part}") for part in ("events", "total", "value"))
    if value is not None:
        return value
    return Decimal(events) / total if events is not None and total else None


def _interval_says(result: Result) -> str:
    """ "better" or "worse" where the interval of a comparison excludes the other, else nothing."""
    bounds: tuple[Decimal | None, Decimal | None] = result.effect_ci_low, result.effect_ci_high
    low, high = bounds
    between_groups = result.kind in (*RATIO_KINDS, ResultKind.MEAN_DIFFERENCE) or bool(
        arm_in_words(result, "treated") and arm_in_words(result, "control")
    )
    way = better_when(result)
    if low is None or high is None or way is None or not between_groups:
        return ""
    no_difference = 1 if result.kind in RATIO_KINDS else 0
    if low > no_difference:
        return "better" if way == Better.HIGHER else "worse"
    if high < no_difference:
        return "worse" if way == Better.HIGHER else "better"
    return ""

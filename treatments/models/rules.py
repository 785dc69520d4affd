"""What goes with what: the one table used by forms, imports, checks and the database.

Levels are those of the Oxford CEBM 2011 table for treatment benefit, which lets a level be
lowered for poor quality or imprecision, and raised for a large effect. ``USUAL_LEVEL`` is the
level a design has before that; ``LEVELS_BY_DESIGN`` says how far it can be moved at all.
"""

from django.db.models import Q

from .choices import Aspect, Design, Direction, ResultKind

USUAL_LEVEL: dict[str, str] = {
    Design.META_ANALYSIS: "1",
    Design.RANDOMIZED_CONTROLLED_TRIAL: "2",
    Design.CONTROLLED_TRIAL_NONRANDOMIZED: "3",
    Design.PROSPECTIVE_COHORT: "3",
    Design.RETROSPECTIVE_COHORT: "3",
    Design.OPEN_LABEL_TRIAL: "4",
    Design.CASE_CONTROL: "4",
    Design.CASE_SERIES: "4",
    Design.CASE_REPORT: "5",
    Design.EXPERT_OPINION: "5",
}

LEVELS_BY_DESIGN: dict[str, tuple[str, ...]] = {
    Design.META_ANALYSIS: ("1", "2", "3", "4", "5"),
    Design.RANDOMIZED_CONTROLLED_TRIAL: ("1", "2", "3", "4", "5"),
    Design.CONTROLLED_TRIAL_NONRANDOMIZED: ("2", "3", "4", "5"),
    Design.PROSPECTIVE_COHORT: ("2", "3", "4", "5"),
    Design.RETROSPECTIVE_COHORT: ("2", "3", "4", "5"),
    Design.OPEN_LABEL_TRIAL: ("2", "3", "4", "5"),
    Design.CASE_CONTROL: ("3", "4", "5"),
    Design.CASE_SERIES: ("3", "4", "5"),
    Design.CASE_REPORT: ("4", "5"),
    Design.EXPERT_OPINION: ("5",),
}

# The outcome measure by slug. An entry on efficacy may carry results on it beside its own; they never speak for it.
ADVERSE_EVENTS = "adverse-events"
# Likewise; its results count survivors in one publication and deaths in the next.
SURVIVAL = "survival"

DIRECTIONS_BY_ASPECT: dict[str, tuple[str, ...]] = {
    Aspect.EFFICACY: (
        Direction.SUPPORTS,
        Direction.MIXED,
        Direction.NO_BENEFIT,
        Direction.HARM,
        Direction.INCONCLUSIVE,
    ),
    # Safety is never a benefit shown or missing: "no benefit" belongs to efficacy alone.
    Aspect.SAFETY: (
        Direction.SUPPORTS,
        Direction.MIXED,
        Direction.HARM,
        Direction.INCONCLUSIVE,
    ),
}


_ARMS = ("treated", "control")
_COUNTS = tuple(f"{arm}_{part}" for arm in _ARMS for part in ("events", "total"))
_SIZES = tuple(f"{arm}_total" for arm in _ARMS)
_VALUES = tuple(f"{arm}_{part}" for arm in _ARMS for part in ("value", "unit"))
_EFFECT = ("effect_value", "effect_ci_low", "effect_ci_high", "effect_ci_level", "effect_unit")

FIGURES_BY_KIND: dict[str, tuple[str, ...]] = {
    ResultKind.PROPORTION: (*_COUNTS, *_VALUES, *_EFFECT),
    ResultKind.MEAN_CHANGE: (*_SIZES, *_VALUES, *_EFFECT),
    ResultKind.MEDIAN_CHANGE: (*_SIZES, *_VALUES, *_EFFECT),
    ResultKind.MEAN_DIFFERENCE: (*_SIZES, *_VALUES, *_EFFECT),
    ResultKind.SURVIVAL: (*_COUNTS, *_VALUES, *_EFFECT),
    ResultKind.RATE: (*_COUNTS, *_VALUES, *_EFFECT),
    ResultKind.HAZARD_RATIO: (*_COUNTS, *_EFFECT[:-1]),
    ResultKind.ODDS_RATIO: (*_COUNTS, *_EFFECT[:-1]),
    ResultKind.RISK_RATIO: (*_COUNTS, *_EFFECT[:-1]),
}
"""The figures that a kind of result usually has: what a form asks for first. A source may print others."""


def level_fits_design() -> Q:
    """The database condition that a design carries only levels it can carry."""
    condition = Q()
    for design, levels in LEVELS_BY_DESIGN.items():
        condition |= Q(design=design, level__in=levels)
    return condition


def direction_fits_aspect() -> Q:
    """The database condition that an aspect carries only directions that make sense for it."""
    condition = Q()
    for aspect, directions in DIRECTIONS_BY_ASPECT.items():
        condition |= Q(aspect=aspect, direction__in=directions)
    return condition

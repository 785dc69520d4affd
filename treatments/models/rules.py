"""What goes with what: the one table used by forms, imports, checks and the database.

Levels are those of the Oxford CEBM 2011 table for treatment benefit, which lets a level be
lowered for poor quality or imprecision, and raised for a large effect. ``USUAL_LEVEL`` is the
level a design has before that; ``LEVELS_BY_DESIGN`` says how far it can be moved at all.
"""

from django.db.models import Q

from .choices import Aspect, Design, Direction

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

"""What of a result can stand on an axis: its estimates with their intervals, and what cannot, and why.

Nothing is pooled or converted: an estimate is one figure of one arm or one comparison of one result. Figures of
different kinds or units have different scales and never share an axis.
"""

import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from treatments.models import Result
from treatments.models.choices import ResultKind
from treatments.models.claims import RATIO_KINDS

from .intervals import CONFIDENCE_LEVEL, exact_interval

# Beyond these an axis says nothing; such a figure is a slip, and is listed instead.
LARGEST, LARGEST_RATIO = 1e9, 1e4
# Counts and the percentage printed beside them speak of the same patients if they are this close, in points.
ROUNDING = 1
PERCENT = "%"


class Role(StrEnum):
    """Whose figure it is."""

    TREATED = "treated"
    CONTROL = "control"
    MODEL = "model"  # the model's estimate for the treated, beside what was observed in them
    COMPARISON = "comparison"


class Interval(StrEnum):
    """Where an interval comes from."""

    SOURCE = "source"
    COMPUTED = "computed"
    NONE = "none"


OF_GROUPS = {
    ResultKind.PROPORTION: "Patients with the outcome",
    ResultKind.SURVIVAL: "Survival and other time-to-event figures",
    ResultKind.RATE: "Rates",
    ResultKind.MEAN_CHANGE: "Mean changes, or means at follow-up",
    ResultKind.MEDIAN_CHANGE: "Median changes, or medians at follow-up",
    ResultKind.MEAN_DIFFERENCE: "Means of the groups",
}
OF_COMPARISONS = {
    ResultKind.PROPORTION: "Difference between the shares of patients",
    ResultKind.SURVIVAL: "Difference between the groups in time-to-event figures",
    ResultKind.RATE: "Difference between the rates",
    ResultKind.MEAN_CHANGE: "Difference between the mean changes",
    ResultKind.MEDIAN_CHANGE: "Difference between the median changes",
    ResultKind.MEAN_DIFFERENCE: "Difference between the means",
    ResultKind.HAZARD_RATIO: "Hazard ratio",
    ResultKind.ODDS_RATIO: "Odds ratio",
    ResultKind.RISK_RATIO: "Risk ratio",
}
# Kinds whose counts are patients with the outcome out of all of them.
COUNTED = (ResultKind.PROPORTION, ResultKind.SURVIVAL, *RATIO_KINDS)
# Kinds that may follow one group alone; the model's estimate for it is then no comparison.
OF_ONE_GROUP = (
    ResultKind.PROPORTION,
    ResultKind.SURVIVAL,
    ResultKind.RATE,
    ResultKind.MEAN_CHANGE,
    ResultKind.MEDIAN_CHANGE,
)
KINDS = [kind.value for kind in ResultKind]


@dataclass(frozen=True)
class Scale:
    """What one axis measures: a kind of figure, of groups or between them, in one unit."""

    kind: str
    comparison: bool
    unit: str

    @property
    def ratio(self) -> bool:
        """Whether it is logarithmic, with "no difference" at 1."""
        return self.comparison and self.kind in RATIO_KINDS

    @property
    def percent(self) -> bool:
        """Whether it runs from 0 to 100."""
        return (
            not self.comparison and self.unit == PERCENT and self.kind in (ResultKind.PROPORTION, ResultKind.SURVIVAL)
        )

    @property
    def reference(self) -> int | None:
        """Where there is no difference between groups; None for figures of groups."""
        return (1 if self.ratio else 0) if self.comparison else None

    @property
    def title(self) -> str:
        titles = OF_COMPARISONS if self.comparison else OF_GROUPS
        return titles[ResultKind(self.kind)]

    @property
    def axis(self) -> str:
        """The axis in words, with its unit."""
        if self.ratio:
            return f"{self.title}, log scale (1 = no difference)"
        if self.percent:
            return "% of patients"
        unit = self.unit or "unit not recorded"
        return f"{unit} (0 = no difference)" if self.comparison else unit

    @property
    def order(self) -> tuple:
        return (KINDS.index(self.kind), self.comparison, self.unit != PERCENT, self.unit)


@dataclass(frozen=True)
class Estimate:
    """One figure with its interval; ``gap`` says why an interval that might be expected is not there."""

    role: Role
    scale: Scale
    value: float
    low: float | None = None
    high: float | None = None
    level: float | None = None  # of the interval, in percent; None where the source does not say
    interval: Interval = Interval.NONE
    gap: str = ""
    of_effect: bool = False  # whether it is the effect of the result, not the figure of an arm


@dataclass(frozen=True)
class Reading:
    """What can be drawn of a result, and what cannot, in words. At least one of the two is there."""

    estimates: tuple[Estimate, ...]
    left_out: tuple[str, ...]


class NotDrawableError(Exception):
    """Why a figure cannot stand on an axis, in words for readers."""


@dataclass(frozen=True)
class _Arm:
    events: int | None
    total: int | None
    value: Decimal | None
    unit: str

    @property
    def empty(self) -> bool:
        return self.events is None and self.total is None and self.value is None

    @property
    def share(self) -> float | None:
        """Events of the total in percent; None where they were not both recorded."""
        if self.events is None or not self.total or self.events > self.total:
            return None
        return 100 * self.events / self.total


@dataclass(frozen=True)
class _Effect:
    value: Decimal | None
    ci_low: Decimal | None
    ci_high: Decimal | None
    ci_level: Decimal | None
    unit: str

    @property
    def has_interval(self) -> bool:
        return self.ci_low is not None or self.ci_high is not None


def read(result: Result) -> Reading:
    """The estimates of ``result``: each arm that has a figure, and the comparison.

    A point stands at events ÷ total where both are recorded, else at the figure printed. Where the source gives no
    interval, counts get an exact one, which is marked as computed.
    """
    estimates: list[Estimate] = []
    left_out: list[str] = []
    for role, find in ((Role.TREATED, _of_arm), (Role.CONTROL, _of_arm), (Role.COMPARISON, _of_effect)):
        try:
            found = find(result, role)
        except NotDrawableError as problem:
            left_out.append(f"{role}: {problem}")
        else:
            estimates += [found] if found else []
    if not estimates and not left_out:
        left_out.append("no figure recorded")
    return Reading(tuple(estimates), tuple(left_out))


def _arm(result: Result, role: Role) -> _Arm:
    return _Arm(*(getattr(result, f"{role}_{part}") for part in ("events", "total", "value", "unit")))


def _effect(result: Result) -> _Effect:
    return _Effect(*(getattr(result, f"effect_{part}") for part in ("value", "ci_low", "ci_high", "ci_level", "unit")))


def _of_arm(result: Result, role: Role) -> Estimate | None:
    arm = _arm(result, role)
    if arm.empty:
        return None
    kind = ResultKind.PROPORTION if result.kind in RATIO_KINDS else ResultKind(result.kind)
    share = arm.share if result.kind in COUNTED else None
    if arm.value is None:
        if share is None:
            raise NotDrawableError(_what_is_missing(result, arm))
        estimate = _placed(role, Scale(kind, False, PERCENT), share)
    else:
        estimate = _placed(role, Scale(kind, False, arm.unit), float(arm.value))
    if role is Role.TREATED and _effect_is_its_figure(result) and _effect(result).has_interval:
        return _with_interval_of_source(_effect(result), estimate)
    if re.search(r"\bCI\b", result.label):
        return replace(estimate, gap="an interval stands in the name of the result")
    if share is None or arm.events is None or arm.total is None or arm.unit not in ("", PERCENT):
        return estimate
    if arm.value is not None and abs(share - estimate.value) > ROUNDING:
        return replace(estimate, gap="none computed: the counts and the percentage do not agree")
    low, high = exact_interval(arm.events, arm.total)
    return replace(
        estimate,
        scale=Scale(kind, False, PERCENT),
        value=share,
        low=low,
        high=high,
        level=CONFIDENCE_LEVEL,
        interval=Interval.COMPUTED,
    )


def _what_is_missing(result: Result, arm: _Arm) -> str:
    if result.kind not in COUNTED:
        return "no figure recorded"
    if arm.total == 0:
        return "there were no patients"
    return "number of patients not recorded" if arm.total is None else "number with the outcome not recorded"


def _of_effect(result: Result, role: Role) -> Estimate | None:
    effect = _effect(result)
    if effect.value is None or _effect_is_its_figure(result):
        return None
    unit = "" if result.kind in RATIO_KINDS else effect.unit
    if _is_of_one_group(result):
        arm = _arm(result, Role.TREATED)
        role = Role.TREATED if arm.value is None and arm.share is None else Role.MODEL
    estimate = _placed(role, Scale(result.kind, role is Role.COMPARISON, unit), float(effect.value))
    return _with_interval_of_source(effect, replace(estimate, of_effect=True))


def _is_of_one_group(result: Result) -> bool:
    """Whether the effect is an estimate for the one group there is, not a comparison."""
    unit, treated = result.effect_unit, _arm(result, Role.TREATED)
    alone = _arm(result, Role.CONTROL).empty and result.kind in OF_ONE_GROUP
    if result.kind in (ResultKind.PROPORTION, ResultKind.SURVIVAL):
        return alone and unit == PERCENT
    return alone and (treated.value is None or unit == treated.unit)


def _effect_is_its_figure(result: Result) -> bool:
    """Whether the effect says the figure of the one group once more, as it does to carry its interval."""
    effect, treated = _effect(result), _arm(result, Role.TREATED)
    same = effect.value is not None and (effect.value, effect.unit) == (treated.value, treated.unit)
    return same and _is_of_one_group(result)


def _with_interval_of_source(effect: _Effect, estimate: Estimate) -> Estimate:
    """``estimate`` with the interval that the source gives for it, as far as that can be drawn."""
    if not effect.has_interval:
        return estimate
    if effect.ci_low is None or effect.ci_high is None:
        return replace(estimate, gap="only one end of the interval is recorded")
    try:
        low, high = (
            _placed(estimate.role, estimate.scale, float(end)).value for end in (effect.ci_low, effect.ci_high)
        )
    except NotDrawableError:
        return replace(estimate, gap="the interval reaches beyond what an axis can show")
    level = None if effect.ci_level is None else float(effect.ci_level)
    return replace(estimate, low=low, high=high, level=level, interval=Interval.SOURCE)


def _placed(role: Role, scale: Scale, value: float) -> Estimate:
    """An estimate at ``value``; raises ``NotDrawableError`` where that has no place on ``scale``."""
    if scale.percent and not 0 <= value <= 100:
        raise NotDrawableError("not between 0 and 100 %")
    if scale.ratio and not 1 / LARGEST_RATIO <= value <= LARGEST_RATIO:
        raise NotDrawableError("too far from 1 for an axis")
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise NotDrawableError("too large for an axis")
    return Estimate(role, scale, value)

"""Figures as their source printed them: nothing rounded, no zero added or dropped, nothing computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from treatments.models import OutcomeMeasure, PhenotypeAssociation, Prevalence, Result
from treatments.models.choices import Aspect, ResultKind
from treatments.models.claims import RATIO_KINDS
from treatments.models.rules import ADVERSE_EVENTS

ABBREVIATED_RATIOS = {
    ResultKind.HAZARD_RATIO.value: "HR",
    ResultKind.ODDS_RATIO.value: "OR",
    ResultKind.RISK_RATIO.value: "RR",
}


def figure(value: Decimal | int) -> str:
    """The number with exactly the digits it was entered with: 79, 79.0 and 79.00 stay apart."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def quantity(value: Decimal | int, unit: str) -> str:
    """A number and its unit: "79 %", "-9.36 points"."""
    return f"{figure(value)} {unit}".strip()


def span(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    """A range, as one number where both ends are the same; empty where nothing is recorded."""
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f"from {estimate(low, unit)}" if high is None else f"up to {estimate(high, unit)}"
    return quantity(low, unit) if low == high else f"{figure(low)} to {quantity(high, unit)}"


def arm(events: int | None, total: int | None, value: Decimal | None, unit: str) -> str:
    """One arm: "79 % (37/47)", "37/47", "64.1 % (n = 32)" or "87.5 %", whichever was printed.

    A percentage is never worked out from counts: what the source did not print is not shown.
    """
    if events is not None and total is not None:
        counts = f"{events}/{total}"
    elif events is not None:
        counts = f"{events} {'event' if events == 1 else 'events'}"
    elif total is not None:
        counts = f"n = {total}"
    else:
        counts = ""
    if value is None:
        return counts
    return f"{quantity(value, unit)} ({counts})" if counts else quantity(value, unit)


def interval(low: Decimal | None, high: Decimal | None, level: Decimal | None = None) -> str:
    """A confidence interval: "95 % CI -12.5 to -6.2"; its level only where the source gave one."""
    bounds = span(low, high, "")
    if not bounds:
        return ""
    return f"{figure(level)} % CI {bounds}" if level is not None else f"CI {bounds}"


@dataclass(frozen=True)
class ResultRow:
    """One measured outcome, ready for a table row."""

    label: str
    measure: OutcomeMeasure
    timepoint: str
    kind: str
    treated: str
    control: str
    effect_name: str
    effect: str
    interval: str
    p_value: str

    @property
    def measured(self) -> str:
        """What was measured and when; the time once, where the label says it already."""
        said = not self.timepoint or self.timepoint in self.label
        return self.label if said else f"{self.label}, {self.timepoint}"

    @property
    def in_short(self) -> str:
        """The figures in one line: both arms where there are two, else the effect."""
        arms = " vs ".join(part for part in (self.treated, self.control) if part)
        named = f"{self.effect_name} {self.effect}".strip()
        estimate = f"{named} ({self.interval})" if self.interval else named
        return "; ".join(part for part in (arms, estimate) if part)


def estimate(value: Decimal | None, unit: str) -> str:
    """An effect and its unit; empty where none is recorded."""
    return "" if value is None else quantity(value, unit)


def result_row(result: Result) -> ResultRow:
    """The table row of ``result``, whose measure must be loaded."""
    # A ratio is named in full; an abbreviation entered as its unit would say the same again.
    unit = "" if result.effect_unit == ABBREVIATED_RATIOS.get(result.kind) else result.effect_unit
    effect = estimate(result.effect_value, unit)
    return ResultRow(
        label=result.label,
        measure=result.measure,
        timepoint=result.timepoint,
        kind=result.get_kind_display(),
        treated=arm(result.treated_events, result.treated_total, result.treated_value, result.treated_unit),
        control=arm(result.control_events, result.control_total, result.control_value, result.control_unit),
        effect_name=result.get_kind_display() if effect and result.kind in RATIO_KINDS else "",
        effect=effect,
        interval=interval(result.effect_ci_low, result.effect_ci_high, result.effect_ci_level),
        p_value=result.p_value,
    )


def headline(results: Iterable[Result], aspect: str) -> ResultRow | None:
    """The result that stands for its entry: the first with figures, whose measure must be loaded; None without any.

    Adverse events never stand for an entry on efficacy, even where nothing else in it has figures.
    """
    rows = (
        result_row(result) for result in results if aspect == Aspect.SAFETY or result.measure.slug != ADVERSE_EVENTS
    )
    return next((row for row in rows if row.in_short), None)


def association_frequency(association: PhenotypeAssociation) -> str:
    """How many of those with the antibody have the manifestation: "20 to 45 %"; empty where not recorded."""
    return span(association.frequency_low, association.frequency_high, "%")


def association_effect(association: PhenotypeAssociation) -> str:
    """The comparison with others: "Odds ratio 3.3 (CI 1.2 to 9.1)"; empty where not recorded."""
    effect = estimate(association.effect_value, "")
    if not effect:
        return ""
    bounds = interval(association.effect_ci_low, association.effect_ci_high)
    named = f"{association.get_effect_kind_display()} {effect}"
    return f"{named} ({bounds})" if bounds else named


def prevalence_range(prevalence: Prevalence) -> str:
    """ "6.9 to 35 % of adult DM"."""
    return span(prevalence.low, prevalence.high, prevalence.unit)


def measure_range(measure: OutcomeMeasure) -> str:
    """The scale of a measure, "0 to 100"; empty where it has no fixed ends or they were not seen."""
    return span(measure.minimum, measure.maximum, "")

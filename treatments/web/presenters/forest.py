"""Results as forest plots and as the tables beside them. The plot shows what can stand on an axis, the table all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from treatments.charts.estimates import Estimate, Interval, Reading, Role, Scale, read
from treatments.charts.forest import Mark, Panel, Row
from treatments.charts.intervals import CONFIDENCE_LEVEL
from treatments.curation.checks.figures import better_when
from treatments.models import Evidence, OutcomeMeasure, Result
from treatments.models.choices import Aspect, Better, Population
from treatments.models.claims import RATIO_KINDS
from treatments.models.rules import SURVIVAL
from treatments.tally import strongest_first

from .figures import ABBREVIATED_RATIOS, ResultRow, arm, interval, quantity, result_row
from .sources import briefly

SEPARATOR = " · "
DEATHS = "Patients who died, or had an event counted with death"


@dataclass(frozen=True)
class Listed:
    """One result as a row of the table: its figures as entered, what was computed from them, and what is not drawn."""

    claim: Evidence
    row: ResultRow
    computed: list[str]
    not_drawn: list[str]
    drawn: bool
    reported_for: str


@dataclass(frozen=True)
class MeasurePlot:
    """All results of a treatment on one measure: panels to draw, and the rows of the table."""

    measure: OutcomeMeasure
    panels: list[Panel]
    results: list[Listed]

    @property
    def drawn(self) -> int:
        """How many of the results are in the plot."""
        return sum(listed.drawn for listed in self.results)

    @property
    def best_level(self) -> str:
        """The best level among the results drawn; without any, after all levels."""
        return min((listed.claim.level_id for listed in self.results if listed.drawn), default="9")

    @property
    def not_drawn(self) -> int:
        return len(self.results) - self.drawn


def measure_plots(claims: Iterable[Evidence], classes: Mapping[int, str]) -> list[MeasurePlot]:
    """One for each measure of the results of ``claims``: best level drawn first, then most to draw.

    ``classes`` names the treatments, by primary key, whose entries are reported for a class.
    """
    found: dict[OutcomeMeasure, list[tuple[Evidence, Result]]] = {}
    for claim in sorted(claims, key=strongest_first):
        for result in claim.results.all():
            found.setdefault(result.measure, []).append((claim, result))
    plots = [_measure_plot(measure, results, classes) for measure, results in found.items()]
    return sorted(plots, key=lambda plot: (plot.best_level, -plot.drawn, plot.measure.name))


def _measure_plot(
    measure: OutcomeMeasure, results: list[tuple[Evidence, Result]], classes: Mapping[int, str]
) -> MeasurePlot:
    panels: dict[tuple[str, Scale, bool], list[Row]] = {}
    listed = []
    for claim, result in results:
        reported_for = classes.get(claim.treatment_id, "")
        reading = read(result)
        for scale in dict.fromkeys(estimate.scale for estimate in reading.estimates):
            estimates = [estimate for estimate in reading.estimates if estimate.scale == scale]
            row = _row(claim, result, estimates, reported_for)
            panels.setdefault((claim.aspect, scale, scale.percent and _counts_deaths(result)), []).append(row)
        listed.append(_listed(claim, result, reading, reported_for))
    return MeasurePlot(
        measure,
        [
            Panel(_panel_title(aspect, DEATHS if deaths else scale.title), scale, tuple(rows))
            for (aspect, scale, deaths), rows in sorted(panels.items(), key=_panel_order)
        ],
        listed,
    )


def _panel_order(item: tuple[tuple[str, Scale, bool], list[Row]]) -> tuple:
    (aspect, scale, deaths), _ = item
    return (aspect, scale.order, deaths)


def _panel_title(aspect: str, title: str) -> str:
    return f"Safety: {title.lower()}" if aspect == Aspect.SAFETY else title


def _counts_deaths(result: Result) -> bool:
    """Whether a result on survival counts those who died: on one axis with survivors, more would look better."""
    return result.measure.slug == SURVIVAL and better_when(result) == Better.LOWER


def _listed(claim: Evidence, result: Result, reading: Reading, reported_for: str) -> Listed:
    return Listed(
        claim=claim,
        row=result_row(result),
        computed=[
            f"{estimate.role}: {_computed(estimate)} %"
            for estimate in reading.estimates
            if estimate.interval is Interval.COMPUTED
        ],
        not_drawn=[
            *reading.left_out,
            *(f"{estimate.role}: {estimate.gap}" for estimate in reading.estimates if estimate.gap),
        ],
        drawn=bool(reading.estimates),
        reported_for=reported_for,
    )


def _row(claim: Evidence, result: Result, estimates: list[Estimate], reported_for: str) -> Row:
    study = briefly(claim.reference)
    design = claim.get_design_display()
    if claim.analysis:
        design = f"{design}, {claim.get_analysis_display().lower()}"
    described = [design, f"level {claim.level_id}"]
    if claim.population != Population.ADULT:
        described.append(claim.get_population_display().lower())
    described += [antibody.name for antibody in claim.autoantibodies.all()]
    if reported_for:
        described.append(f"reported for the class: {reported_for}")
    measured = f"{result.label}, {result.timepoint}" if result.timepoint else result.label
    if claim.comparator and any(estimate.role in (Role.CONTROL, Role.COMPARISON) for estimate in estimates):
        measured = f"{measured}; control: {claim.comparator}"
    return Row(
        study=f"{study}{SEPARATOR}{claim.accession}",
        design=SEPARATOR.join(described),
        label=measured,
        marks=tuple(_mark(result, estimate) for estimate in estimates),
        entered={
            "evidence": claim.accession,
            "version": claim.version,
            "study": study,
            "design": claim.design,
            "level": claim.level_id,
            "aspect": claim.aspect,
            "result": result.label,
            "timepoint": result.timepoint,
            "kind": result.kind,
        },
    )


def _mark(result: Result, estimate: Estimate) -> Mark:
    part: dict[str, Any]
    if estimate.of_effect:
        part = {"value": result.effect_value, "unit": "" if result.kind in RATIO_KINDS else result.effect_unit}
        figures = f"{ABBREVIATED_RATIOS.get(result.kind, '')} {quantity(**part)}".strip()
    else:
        part = _of_arm(result, estimate.role)
        figures = arm(**part)
    entered = {name: float(value) if isinstance(value, Decimal) else value for name, value in part.items()}
    return Mark(estimate, figures, _interval(result, estimate), entered)


def _of_arm(result: Result, role: Role) -> dict[str, Any]:
    return {part: getattr(result, f"{role}_{part}") for part in ("events", "total", "value", "unit")}


def _interval(result: Result, estimate: Estimate) -> str:
    if estimate.interval is Interval.SOURCE:
        return interval(result.effect_ci_low, result.effect_ci_high, result.effect_ci_level)
    if estimate.interval is Interval.COMPUTED:
        return f"{CONFIDENCE_LEVEL} % CI {_computed(estimate)}, computed"
    return estimate.gap


def _computed(estimate: Estimate) -> str:
    """A computed interval, to one decimal: "64.3 to 89.3"."""
    return f"{estimate.low:.1f} to {estimate.high:.1f}"

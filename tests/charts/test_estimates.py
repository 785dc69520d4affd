"""What of a result can stand on an axis."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from treatments.charts.estimates import Estimate, Interval, Role, Scale, read
from treatments.charts.intervals import exact_interval
from treatments.models import Result
from treatments.models.choices import ResultKind

from .made_up import results


def result(kind: str = ResultKind.PROPORTION, **fields: Any) -> Result:
    figures = {
        name: Decimal(value) if isinstance(value, str) and value[-1:].isdigit() else value
        for name, value in fields.items()
    }
    return Result(kind=kind, **{"label": "Made-up response", **figures})


def only(found: Result) -> Estimate:
    (estimate,) = read(found).estimates
    return estimate


def test_counts_without_an_interval_get_an_exact_one_marked_as_computed():
    treated, control = read(
        result(
            treated_events=37,
            treated_total=47,
            treated_value="79",
            treated_unit="%",
            control_events=21,
            control_total=48,
        )
    ).estimates
    assert (treated.role, control.role) == (Role.TREATED, Role.CONTROL)
    assert treated.value == pytest.approx(100 * 37 / 47)
    assert (treated.low, treated.high, treated.level) == (*exact_interval(37, 47), 95)
    assert (control.low, control.high) == exact_interval(21, 48)
    assert treated.interval is control.interval is Interval.COMPUTED
    assert treated.scale == control.scale == Scale(ResultKind.PROPORTION, False, "%")


def test_the_interval_of_the_source_goes_before_a_computed_one():
    one_group = {"treated_value": "64.1", "treated_unit": "%", "effect_value": "64.1", "effect_unit": "%"}
    found = only(
        result(
            treated_events=20,
            treated_total=32,
            **one_group,
            effect_ci_low="46.3",
            effect_ci_high="78.7",
            effect_ci_level="95",
        )
    )
    assert (found.value, found.low, found.high, found.interval) == (64.1, 46.3, 78.7, Interval.SOURCE)
    # The same figure once more, with no interval, leaves the counts to compute from.
    assert (
        only(
            result(
                treated_events=20, treated_total=32, **{**one_group, "treated_value": "62.5", "effect_value": "62.5"}
            )
        ).interval
        is Interval.COMPUTED
    )


def test_a_percentage_without_counts_has_no_interval():
    found = only(result(treated_total=66, treated_value="33.3", treated_unit="%"))
    assert (found.value, found.low, found.interval) == (33.3, None, Interval.NONE)


def test_counts_that_contradict_the_percentage_compute_nothing():
    found = only(result(treated_events=5, treated_total=10, treated_value="80", treated_unit="%"))
    assert (found.value, found.interval) == (80, Interval.NONE)
    assert "do not agree" in found.gap


def test_an_interval_in_the_name_of_the_result_is_not_contradicted_by_a_computed_one():
    found = only(result(label="Improved; 95% CI 19.6 to 64.6%", treated_events=8, treated_total=19))
    assert (found.interval, found.gap) == (Interval.NONE, "an interval stands in the name of the result")


def test_a_difference_stands_on_an_axis_of_its_own():
    arms = {"treated_value": "79", "treated_unit": "%", "control_value": "44", "control_unit": "%"}
    *groups, difference = read(
        result(**arms, effect_value="35", effect_unit="percentage points", effect_ci_low="17", effect_ci_high="53")
    ).estimates
    assert {group.scale for group in groups} == {Scale(ResultKind.PROPORTION, False, "%")}
    assert difference.scale == Scale(ResultKind.PROPORTION, True, "percentage points")
    assert (difference.role, difference.scale.reference, difference.interval) == (Role.COMPARISON, 0, Interval.SOURCE)


@pytest.mark.parametrize("kind", [ResultKind.HAZARD_RATIO, ResultKind.ODDS_RATIO, ResultKind.RISK_RATIO])
def test_a_ratio_is_logarithmic_with_no_difference_at_1(kind: str):
    found = only(result(kind, effect_value="0.44", effect_ci_low="0.20", effect_ci_high="0.96", effect_unit="HR"))
    assert found.scale == Scale(kind, True, "")
    assert found.scale.ratio
    assert found.scale.reference == 1


def test_arms_in_different_units_never_share_an_axis():
    treated, control = read(
        result("mean_change", treated_value="-9.4", treated_unit="points", control_value="-12", control_unit="%")
    ).estimates
    assert treated.scale != control.scale


def test_a_change_of_one_group_is_no_comparison():
    found = only(
        result(
            "mean_change", effect_value="-18.29", effect_ci_low="-21.8", effect_ci_high="-14.78", effect_unit="points"
        )
    )
    assert (found.role, found.scale.comparison, found.interval) == (Role.TREATED, False, Interval.SOURCE)
    observed, model = read(
        result("mean_change", treated_value="-18", treated_unit="points", effect_value="-17.5", effect_unit="points")
    ).estimates
    assert (observed.role, model.role) == (Role.TREATED, Role.MODEL)
    assert only(result("mean_difference", effect_value="-6.5", effect_unit="points")).role is Role.COMPARISON


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "no figure recorded"),
        ({"treated_events": 7}, "treated: number of patients not recorded"),
        ({"treated_total": 20}, "treated: number with the outcome not recorded"),
        ({"treated_events": 0, "treated_total": 0}, "treated: there were no patients"),
        ({"treated_value": "140", "treated_unit": "%"}, "treated: not between 0 and 100 %"),
        ({"kind": "rate", "treated_events": 3, "treated_total": 9}, "treated: no figure recorded"),
        ({"kind": "rate", "treated_value": "1E+12"}, "treated: too large for an axis"),
        ({"kind": "odds_ratio", "effect_value": "0.00001"}, "comparison: too far from 1 for an axis"),
    ],
)
def test_what_cannot_be_drawn_says_why(fields: dict[str, Any], reason: str):
    reading = read(result(**fields))
    assert reading.estimates == ()
    assert reading.left_out == (reason,)


@pytest.mark.parametrize(
    ("ends", "gap"),
    [
        ({"effect_ci_low": "0.2"}, "only one end of the interval is recorded"),
        ({"effect_ci_low": "0", "effect_ci_high": "2"}, "the interval reaches beyond what an axis can show"),
    ],
)
def test_an_interval_that_cannot_be_drawn_says_why(ends: dict[str, str], gap: str):
    found = only(result("hazard_ratio", effect_value="0.5", **ends))
    assert (found.value, found.low, found.high, found.gap) == (0.5, None, None, gap)


@given(results())
def test_any_result_is_drawn_or_says_why_not_and_intervals_contain_their_estimates(fields: dict[str, Any]):
    reading = read(Result(**fields))
    assert reading.estimates or reading.left_out
    roles = [estimate.role for estimate in reading.estimates]
    assert len(roles) == len(set(roles))
    for estimate in reading.estimates:
        assert (estimate.interval is Interval.NONE) == (estimate.low is None) == (estimate.high is None)
        if estimate.low is not None and estimate.high is not None:
            assert estimate.low <= estimate.value <= estimate.high
        if estimate.scale.percent:
            assert 0 <= estimate.value <= 100
        if estimate.scale.ratio:
            assert estimate.value > 0

from decimal import Decimal

import pytest

from treatments.models import OutcomeMeasure, PhenotypeAssociation, Result
from treatments.web.presenters.figures import (
    arm,
    association_effect,
    association_frequency,
    figure,
    interval,
    quantity,
    result_row,
    span,
)


@pytest.mark.parametrize("digits", ["79", "79.0", "79.00", "-9.36", "0.0085", "10000", "0.10"])
def test_a_figure_keeps_every_digit_it_was_entered_with(digits):
    assert figure(Decimal(digits)) == digits


def test_no_figure_is_written_with_an_exponent():
    assert figure(Decimal("1E+4")) == "10000"


def test_a_quantity_without_unit_is_the_number_alone():
    assert quantity(Decimal("1.8"), "") == "1.8"


@pytest.mark.parametrize(
    ("events", "total", "value", "shown"),
    [
        (37, 47, "79", "79 % (37/47)"),
        (37, 47, None, "37/47"),
        (0, 12, None, "0/12"),
        (None, 32, "64.1", "64.1 % (n = 32)"),
        (None, None, "87.5", "87.5 %"),
        (3, None, None, "3 events"),
        (1, None, None, "1 event"),
        (None, 47, None, "n = 47"),
        (None, None, None, ""),
    ],
)
def test_an_arm_shows_what_was_printed_and_no_more(events, total, value, shown):
    assert arm(events, total, Decimal(value) if value else None, "%" if value else "") == shown


def test_an_interval_names_its_level_only_where_the_source_did():
    low, high = Decimal("-12.5"), Decimal("-6.20")
    assert interval(low, high, Decimal(95)) == "95 % CI -12.5 to -6.20"
    assert interval(low, high) == "CI -12.5 to -6.20"
    assert interval(None, None, Decimal(95)) == ""


def test_a_range_with_one_known_end_says_so():
    assert span(Decimal(5), None, "%") == "from 5 %"
    assert span(None, Decimal(5), "%") == "up to 5 %"
    assert span(Decimal("81.8"), Decimal("81.8"), "%") == "81.8 %"
    assert span(Decimal("6.9"), Decimal(35), "% of adult DM") == "6.9 to 35 % of adult DM"


def made_up_result(**fields):
    return Result(measure=OutcomeMeasure(slug="score", name="Example score"), label="Response", **fields)


def test_both_arms_and_the_effect_stand_in_one_line():
    row = result_row(
        made_up_result(
            kind="proportion",
            treated_events=37,
            treated_total=47,
            treated_value=Decimal(79),
            treated_unit="%",
            control_events=21,
            control_total=48,
            control_value=Decimal(44),
            control_unit="%",
            effect_value=Decimal(35),
            effect_unit="percentage points",
            effect_ci_low=Decimal(17),
            effect_ci_high=Decimal(53),
            effect_ci_level=Decimal(95),
        )
    )
    assert row.in_short == "79 % (37/47) vs 44 % (21/48); 35 percentage points (95 % CI 17 to 53)"


def test_a_ratio_is_named_once():
    row = result_row(made_up_result(kind="hazard_ratio", effect_value=Decimal("1.02"), effect_unit="HR"))
    assert row.in_short == "Hazard ratio 1.02"


def test_a_result_with_nothing_but_a_p_value_has_no_figures():
    row = result_row(made_up_result(kind="median_change", p_value="0.017"))
    assert row.in_short == ""
    assert row.p_value == "0.017"


def test_an_association_without_figures_shows_none():
    association = PhenotypeAssociation()
    assert association_frequency(association) == ""
    assert association_effect(association) == ""


def test_an_association_shows_its_effect_as_entered():
    association = PhenotypeAssociation(
        effect_kind="odds_ratio",
        effect_value=Decimal("3.30"),
        effect_ci_low=Decimal("1.2"),
        effect_ci_high=Decimal("9.1"),
    )
    assert association_effect(association) == "Odds ratio 3.30 (CI 1.2 to 9.1)"

"""Intervals that are computed, against the closed forms and against scipy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from treatments.charts.intervals import exact_interval


@pytest.mark.parametrize("total", [1, 3, 10, 47])
def test_none_and_all_have_the_intervals_of_the_closed_form(total: int):
    tail = 0.025 ** (1 / total)
    assert exact_interval(0, total) == pytest.approx((0, 100 * (1 - tail)))
    assert exact_interval(total, total) == pytest.approx((100 * tail, 100))


@given(st.integers(1, 2000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_it_is_scipys_exact_interval_and_contains_the_proportion(counts: tuple[int, int]):
    events, total = counts
    low, high = exact_interval(events, total)
    expected = binomtest(events, total).proportion_ci(confidence_level=0.95, method="exact")
    assert (low, high) == (100 * expected.low, 100 * expected.high)
    assert 0 <= low <= 100 * events / total <= high <= 100


@pytest.mark.parametrize("counts", [(2, 1), (-1, 3), (0, 0)])
def test_counts_that_are_no_proportion_are_refused(counts: tuple[int, int]):
    with pytest.raises(ValueError, match="must"):
        exact_interval(*counts)

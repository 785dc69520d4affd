"""Confidence intervals that are computed here, where a source prints counts and no interval."""

from functools import lru_cache

CONFIDENCE_LEVEL = 95  # percent
METHOD = "Clopper-Pearson"


@lru_cache(maxsize=4096)
def exact_interval(events: int, total: int) -> tuple[float, float]:
    """The exact 95 % interval of a proportion (Clopper and Pearson 1934), both ends in percent.

    Most series here are small, and many report none or all of their patients. The exact interval covers the true
    proportion in at least 95 of 100 such studies whatever that proportion is; Wilson's (1927), which Newcombe
    recommends for its narrower intervals, does so only on average. A reference work rather shows too wide an
    interval than too narrow a one. Raises ``ValueError`` unless 0 ≤ events ≤ total and total > 0.
    """
    # scipy.stats takes most of a second to import, which only plots should pay for; the server does so at its start.
    from scipy.stats import binomtest

    interval = binomtest(events, total).proportion_ci(confidence_level=CONFIDENCE_LEVEL / 100, method="exact")
    return 100 * float(interval.low), 100 * float(interval.high)

"""Results as the database may hold them, sensible or not."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from treatments.models.choices import ResultKind
from treatments.models.claims import RATIO_KINDS

UNITS = st.sampled_from(["%", "points", "mg/day", "percentage points", "days", "µg at follow-up (SD 3.2)", ""])
# What XML cannot hold, what breaks lines, and what is wider than a column.
TEXTS = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=1, max_size=300
) | st.sampled_from(["Made-up response", "W" * 300, "a\x0bb", "<b>&amp;", "95% CI 1 to 2", "ΔΔ 反応率 " * 9])
FIGURES = (
    st.decimals(-200, 200, places=1)
    | st.decimals(0, 100, places=2)
    | st.sampled_from([Decimal(text) for text in ("0", "1E+14", "-1E+14", "1E-300", "999999999999999", "0.000001")])
)
RATIOS = st.decimals("0.01", 20, places=2) | st.sampled_from([Decimal(text) for text in ("1E-9", "1E+9", "1", "0.05")])


@st.composite
def counts(draw: st.DrawFn) -> tuple[int | None, int | None]:
    """Events and total, either or both missing, events never more."""
    most = st.sampled_from([1, 3, 47, 1000, 2**31 - 1])
    total = draw(st.none() | st.integers(0, 60) | most)
    events = draw(st.none() | (st.integers(0, 60) if total is None else st.integers(0, total)))
    return events, total


@st.composite
def arms(draw: st.DrawFn, arm: str) -> dict[str, Any]:
    events, total = draw(counts())
    value = draw(st.none() | FIGURES)
    return {
        f"{arm}_events": events,
        f"{arm}_total": total,
        f"{arm}_value": value,
        f"{arm}_unit": "" if value is None else draw(UNITS),
    }


@st.composite
def results(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of a result that the database takes."""
    kind = draw(st.sampled_from(ResultKind.values))
    fields = {
        "kind": kind,
        "label": draw(TEXTS),
        "timepoint": draw(st.just("") | st.just("16 weeks")),
        **draw(arms("treated")),
        **draw(arms("control")),
    }
    numbers = RATIOS if kind in RATIO_KINDS else FIGURES
    repeated = st.none() if fields["treated_value"] is None or kind in RATIO_KINDS else st.just(fields["treated_value"])
    value = draw(st.none() | numbers | repeated)
    if value is not None:
        low, high = sorted([draw(FIGURES), draw(FIGURES)])
        fields |= {
            "effect_value": value,
            "effect_unit": draw(UNITS),
            "effect_ci_low": draw(st.none() | st.just(min(low, value))),
            "effect_ci_high": draw(st.none() | st.just(max(high, value))),
            "effect_ci_level": draw(st.sampled_from([None, Decimal(95), Decimal("90.0")])),
        }
    return fields

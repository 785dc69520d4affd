"""Evidence by year and level, and phenotype profiles, as specifications."""

import pytest

from treatments.charts import drawing
from treatments.charts.by_year import by_year_plot, strips
from treatments.charts.canvas import Chart, NothingToDrawError
from treatments.charts.look import DARK, LIGHT, NARROW, WIDE, Layout
from treatments.charts.phenotype import Frequency, phenotype_plot
from treatments.models.choices import Population
from treatments.tally import Tally, tallies

LEVELS = [("1", "Example reviews"), ("2", "Example trials"), ("4", "Example series")]
LOOKS = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=lambda layout: layout.name)


def counted() -> dict[int | None, Tally]:
    return tallies(
        [
            (2019, "2", "supports", "efficacy", 2),
            (2019, "2", "no_benefit", "efficacy", 1),
            (2021, "4", "supports", "efficacy", 5),
            (2021, "2", "supports", "safety", 4),
            (None, "4", "mixed", "efficacy", 3),
        ]
    )


def values(chart: Chart, key: str) -> list[dict]:
    found = [
        part for view in chart.spec["vconcat"] for layer in view["layer"] for part in [layer, *layer.get("layer", [])]
    ]
    return [value for part in found for value in part.get("data", {}).get("values", []) if key in value]


def test_levels_count_efficacy_safety_counts_apart_and_no_year_is_kept():
    found = {strip.key: (strip.counts, strip.without_year) for strip in strips(counted(), LEVELS)}
    assert found == {"1": ({}, 0), "2": ({2019: 3}, 0), "4": ({2021: 5}, 3), "safety": ({2021: 4}, 0)}


@LOOKS
def test_each_level_has_a_strip_under_its_name_and_all_share_one_scale(layout: Layout):
    chart = by_year_plot("Example", strips(counted(), LEVELS), layout, LIGHT, [])
    bars = [(value["level"], value["year"], value["entries"]) for value in values(chart, "entries")]
    assert bars == [("2", 2019, 3), ("4", 2021, 5), ("safety", 2021, 4)]
    scales = [
        layer["encoding"]["y"]["scale"]["domain"]
        for view in chart.spec["vconcat"]
        for layer in view["layer"]
        if layer["encoding"].get("y2")
    ]
    assert scales == [[0, 5]] * 3
    drawn = drawing.svg(chart)
    for name in ("Level 2: Example trials", "Level 4: Example series", "Safety, all levels"):
        assert f">{name}</text>" in drawn
    assert f'height="{chart.height}"' in drawn


def test_without_any_year_there_is_nothing_to_draw():
    with pytest.raises(NothingToDrawError):
        by_year_plot("Example", strips({None: counted()[None]}, LEVELS), WIDE, LIGHT, [])


@LOOKS
def test_a_phenotype_has_a_row_for_each_frequency(layout: Layout):
    rows = [
        Frequency("Example rash", Population.ADULT, "Hallmark", 12.5, 40, "12.5 to 40 %", {"association": "PA99998"}),
        Frequency("Example rash", Population.JUVENILE, "Typical", 7, 7, "7 %", {"association": "PA99999"}),
    ]
    chart = phenotype_plot("anti-Example: phenotype", rows, layout, DARK, [])
    found = [(value["association"], value["low"], value["high"], value["population"]) for value in values(chart, "low")]
    assert found == [("PA99998", 12.5, 40, "adult"), ("PA99999", 7, 7, "juvenile")]
    drawn = drawing.svg(chart)
    assert "12.5 to 40 %" in drawn
    assert f'height="{chart.height}"' in drawn

"""Forest plots: one row a result, one axis a kind and unit, drawn as large as they say."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.charts import drawing
from treatments.charts.canvas import Chart, NothingToDrawError
from treatments.charts.estimates import Estimate, Interval, Role, Scale
from treatments.charts.forest import DASHES, Mark, Panel, Row, forest_plot, ratio_ticks
from treatments.charts.look import DARK, LIGHT, NARROW, WIDE, Layout, Theme

SHARES = Scale("proportion", False, "%")
RATIOS = Scale("hazard_ratio", True, "")
LOOKS = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=lambda layout: layout.name)


def row(*estimates: Estimate, study: str = "Example A et al., 2024 · EV99999") -> Row:
    marks = tuple(Mark(estimate, "7/10", "95 % CI 1 to 2", {"events": 7, "total": 10}) for estimate in estimates)
    return Row(study, "Case series · level 4", "Made-up response, 16 weeks", marks, {"evidence": "EV99999"})


TREATED = Estimate(Role.TREATED, SHARES, 70, 34.8, 93.3, 95, Interval.COMPUTED)
CONTROL = Estimate(Role.CONTROL, SHARES, 30, 6.7, 65.2, 95, Interval.SOURCE)
RATIO = Estimate(Role.COMPARISON, RATIOS, 0.44, 0.2, 0.96, 95, Interval.SOURCE)


def plot(*panels: Panel, layout: Layout = WIDE, theme: Theme = LIGHT) -> Chart:
    return forest_plot("Exampletinib: example score", panels, layout, theme, ["A note."])


def layers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in [*spec.get("vconcat", []), *spec.get("layer", [])]:
        yield part
        yield from layers(part)


def values(chart: Chart) -> list[dict[str, Any]]:
    """The estimates that the specification holds."""
    found = [value for layer in layers(chart.spec) for value in layer.get("data", {}).get("values", [])]
    return [value for value in found if "estimate" in value]


@LOOKS
def test_the_specification_holds_each_estimate_once_and_no_other(layout: Layout):
    chart = plot(Panel("Shares", SHARES, (row(TREATED, CONTROL), row(TREATED))), layout=layout)
    assert [(value["group"], value["estimate"]) for value in values(chart)] == [
        ("treated", 70),
        ("control", 30),
        ("treated", 70),
    ]
    assert {(value["low"], value["high"], value["interval"]) for value in values(chart)} == {
        (34.8, 93.3, "computed"),
        (6.7, 65.2, "source"),
    }


def test_panels_have_axes_of_their_own_and_a_ratio_is_logarithmic_with_a_line_at_1():
    chart = plot(Panel("Shares", SHARES, (row(TREATED),)), Panel("Hazard ratio", RATIOS, (row(RATIO),)))
    scales = {
        view["encoding"]["x"]["axis"]["title"]: view["encoding"]["x"]["scale"]
        for view in layers(chart.spec)
        if view.get("encoding", {}).get("x", {}).get("axis") and view["encoding"]["x"]["axis"]["title"]
    }
    assert scales["% of patients"] == {"domain": [0, 100], "nice": False}
    ratio = scales["Hazard ratio, log scale (1 = no difference)"]
    assert ratio["type"] == "log"
    assert ratio["domain"][0] < 0.2 < 0.96 < ratio["domain"][1]
    lines = [layer["data"]["values"] for layer in layers(chart.spec) if layer.get("data")]
    assert lines.count([{"reference": 1}]) == 1


def test_a_computed_interval_differs_by_form_and_is_named():
    chart = plot(Panel("Shares", SHARES, (row(TREATED, CONTROL),)))
    whiskers = {
        layer["transform"][0]["filter"]["equal"]: layer["mark"].get("strokeDash")
        for layer in layers(chart.spec)
        if layer.get("transform") and layer["mark"]["type"] == "rule"
    }
    assert whiskers == {"source": None, "computed": DASHES}
    drawn = drawing.svg(chart)
    assert "computed here: exact 95 % interval" in drawn
    assert "interval from the source" in drawn


def test_arms_differ_by_form():
    chart = plot(Panel("Shares", SHARES, (row(TREATED, CONTROL),)))
    shapes = next(
        layer["encoding"]["shape"]["scale"] for layer in layers(chart.spec) if "shape" in layer.get("encoding", {})
    )
    form = dict(zip(shapes["domain"], shapes["range"], strict=True))
    assert len(set(form.values())) == len(form)


@LOOKS
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("rows", [1, 12])
def test_a_drawing_is_as_large_as_announced_and_described_in_words(layout: Layout, theme: Theme, rows: int):
    panels = [Panel("Shares", SHARES, (row(TREATED, CONTROL),) * rows), Panel("Ratio", RATIOS, (row(RATIO),))]
    chart = plot(*panels, layout=layout, theme=theme)
    root = ElementTree.fromstring(drawing.svg(chart))  # noqa: S314 - drawn here
    assert (root.get("width"), root.get("height")) == (str(chart.width), str(chart.height))
    assert root.get("viewBox") == f"0 0 {chart.width} {chart.height}"
    title, desc = (root.find(f"{{{drawing.SVG}}}{name}") for name in ("title", "desc"))
    assert title is not None and title.text == "Exampletinib: example score"  # noqa: PT018
    assert desc is not None and desc.text and desc.text.count("Control: 7/10") == rows  # noqa: PT018
    # The policy of the site lets no style attribute through, and nothing is to be loaded.
    assert not [part for part in root.iter() if part.get("style") or part.tag.endswith(("style", "script", "image"))]
    assert theme.surface in drawing.svg(chart)


def test_a_png_has_twice_the_pixels():
    chart = plot(Panel("Shares", SHARES, (row(TREATED),)))
    image = drawing.png(chart)
    assert image.startswith(b"\x89PNG")
    size = int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")
    assert size == (2 * chart.width, 2 * chart.height)


def test_a_plot_of_nothing_is_refused():
    with pytest.raises(NothingToDrawError):
        plot()


@given(st.lists(st.floats(1e-4, 1e4), min_size=1, max_size=9))
def test_the_ticks_of_a_ratio_reach_beyond_every_figure_and_mark_1(numbers: list[float]):
    ticks = ratio_ticks(numbers)
    assert ticks == sorted(set(ticks))
    assert ticks[0] < min(numbers) <= max(numbers) < ticks[-1]
    assert 1 in ticks

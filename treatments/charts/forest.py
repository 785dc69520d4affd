"""Forest plots: the results of a treatment on one outcome measure, each in its own row, nothing pooled.

Results that measure different things stand in different panels: a panel has one kind of figure, of groups or between
them, in one unit, from efficacy or from safety entries. The forms of the marks, not only their colours, say whose
figure it is and whether its interval was printed or computed.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .canvas import Chart, Frame, Lines, NothingToDrawError, Spec, View, chart, heading, lines_between, vertical
from .estimates import Estimate, Interval, Role, Scale
from .look import LINE, NARROW, SMALL, WIDE, Layout, Theme, text_width, wrap

FRAMES = {WIDE.name: (306, 236), NARROW.name: (20, 280)}  # left edge and width of the plotting area
NAMES = {
    Role.TREATED: "Treated",
    Role.CONTROL: "Control",
    Role.MODEL: "Model",
    Role.COMPARISON: "Difference",
}
SHAPES = {Role.TREATED: "circle", Role.CONTROL: "square", Role.MODEL: "triangle-up", Role.COMPARISON: "diamond"}
LEGEND = {
    Role.TREATED: "treated",
    Role.CONTROL: "control",
    Role.MODEL: "model's estimate for the treated",
    Role.COMPARISON: "between the groups",
    Interval.SOURCE: "interval from the source",
    Interval.COMPUTED: "computed here: exact 95 % interval",
}
DASHES = [4, 3]
ROW_PADDING = 9
LONG = 700  # pixels; more rows than a screen shows
ROUND_RATIOS = (1, 2, 5)


@dataclass(frozen=True)
class Mark:
    """One estimate in a row, with its figures in words and, beside them, as they were entered."""

    estimate: Estimate
    figures: str
    interval: str
    entered: dict[str, Any]

    @property
    def words(self) -> str:
        """ "Treated: 79 % (37/47)"; a ratio names itself."""
        return self.figures if self.estimate.scale.ratio else f"{NAMES[self.estimate.role]}: {self.figures}"


@dataclass(frozen=True)
class Row:
    """One result of one study: who and when, how, what was measured."""

    study: str
    design: str
    label: str
    marks: tuple[Mark, ...]
    entered: dict[str, Any]


@dataclass(frozen=True)
class Panel:
    """Rows on one axis."""

    title: str
    scale: Scale
    rows: tuple[Row, ...]


def forest_plot(title: str, panels: Iterable[Panel], layout: Layout, theme: Theme, notes: Iterable[str]) -> Chart:
    """The plot of ``panels``, one below the other. Raises ``NothingToDrawError`` where none has a row."""
    panels = list(panels)
    if not any(panel.rows for panel in panels):
        raise NothingToDrawError("A forest plot needs a figure.")
    frame = Frame(layout, theme, *FRAMES[layout.name])
    views = []
    for number, panel in enumerate(panels):
        views += [heading(frame, panel.title, above=14 if number else 6), *_rows(frame, panel)]
    marks = [mark for panel in panels for row in panel.rows for mark in row.marks]
    views.append(_legend(frame, marks))
    return chart(frame, views, title=title, description=_in_words(title, panels), notes=notes)


def _in_words(title: str, panels: Iterable[Panel]) -> str:
    """Everything the plot shows, for those who do not see it."""
    parts = [f"{title}. Forest plot; every row is one result, nothing is pooled."]
    for panel in panels:
        parts.append(f"{panel.title}:")
        for row in panel.rows:
            figures = "; ".join(f"{mark.words}, {mark.interval}" if mark.interval else mark.words for mark in row.marks)
            parts.append(f"{row.study}, {row.design}: {row.label}: {figures}.")
    return " ".join(parts)


# Rows ----------------------------------------------------------------------------------------------------------------


@dataclass
class _Placed:
    """Where everything of a panel stands, in pixels from its top."""

    words: Lines
    figures: Lines
    values: list[Spec]
    rules: list[Spec]
    height: float = 0


def _rows(frame: Frame, panel: Panel) -> list[View]:
    placed = _Placed(Lines(frame), Lines(frame), [], [])
    place = _place_beside if frame.layout.beside else _place_below
    for number, row in enumerate(panel.rows):
        if number:
            placed.rules.append({"y": placed.height})
        place(frame, placed, row)
    height = round(placed.height + 4)
    beside = frame.plot + 14 if frame.layout.beside else frame.text_left
    layers = [
        lines_between(frame, placed.rules, height),
        *_reference(frame, panel.scale),
        *_marks(frame, panel.scale, placed.values, height),
        *placed.words.layers(height, frame.text_left, halo=not frame.layout.beside),
        *placed.figures.layers(height, beside, halo=not frame.layout.beside),
    ]
    rows = View(height, layers, axis=True)
    return [*_axis_above(frame, panel.scale, placed.values), rows] if height > LONG else [rows]


def _axis_above(frame: Frame, scale: Scale, values: list[Spec]) -> list[View]:
    """The axis once more, where it would else be out of sight."""
    x = _horizontal(frame, scale, values)("estimate")
    x = {**x, "axis": {**x["axis"], "orient": "top", "title": None, "grid": False}}
    layer = {"data": {"values": []}, "mark": "point", "encoding": {"x": x}}
    return [View(22, []), View(1, [layer])]


def _value(row: Row, mark: Mark, y: float) -> Spec:
    estimate = mark.estimate
    return {
        "y": y,
        **row.entered,
        **mark.entered,
        "group": estimate.role.value,
        "estimate": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "interval": estimate.interval.value,
        "interval_level": estimate.level,
    }


def _place_words(placed: _Placed, row: Row, room: float) -> None:
    placed.words.add(wrap(row.study, room, bold=True), bold=True)
    placed.words.add(wrap(row.design, room, SMALL), size=SMALL, soft=True)
    placed.words.add(wrap(row.label, room))


def _place_beside(frame: Frame, placed: _Placed, row: Row) -> None:
    """Words at the left, marks in the middle, figures at the right."""
    top = placed.height + ROW_PADDING - 3
    placed.words.y = placed.figures.y = top
    _place_words(placed, row, frame.left - frame.layout.margin - 14)
    room = frame.layout.width - frame.left - frame.plot - 14 - frame.layout.margin
    for mark in row.marks:
        placed.values.append(_value(row, mark, placed.figures.y + 12))
        placed.figures.add(wrap(mark.words, room))
        placed.figures.add(wrap(mark.interval, room, SMALL), size=SMALL, soft=True)
        placed.figures.gap(4)
    placed.height = max(placed.words.y, placed.figures.y) + ROW_PADDING


def _place_below(frame: Frame, placed: _Placed, row: Row) -> None:
    """Words over the whole width, and below them each mark under its figures."""
    placed.words.y = placed.height + ROW_PADDING - 3
    _place_words(placed, row, frame.layout.room)
    placed.figures.y = placed.words.y + 2
    for mark in row.marks:
        placed.figures.add(wrap(mark.words, frame.layout.room))
        placed.figures.add(wrap(mark.interval, frame.layout.room, SMALL), size=SMALL, soft=True)
        placed.values.append(_value(row, mark, placed.figures.y + 12))
        placed.figures.gap(22)
    placed.height = placed.figures.y + ROW_PADDING


# Marks ---------------------------------------------------------------------------------------------------------------


def _reference(frame: Frame, scale: Scale) -> list[Spec]:
    if scale.reference is None:
        return []
    return [
        {
            "data": {"values": [{"reference": scale.reference}]},
            "mark": {"type": "rule", "color": frame.theme.ink_soft, "strokeWidth": 1.5},
            "encoding": {"x": {"field": "reference", "type": "quantitative"}},
        }
    ]


def _marks(frame: Frame, scale: Scale, values: list[Spec], height: int) -> list[Spec]:
    theme = frame.theme
    x = _horizontal(frame, scale, values)
    y = vertical(height)
    whisker = {"x": x("low"), "x2": {"field": "high"}, "y": y}
    ends = {"type": "tick", "orient": "vertical", "size": 9, "thickness": 1.5, "color": theme.ink}
    return [
        {
            "data": {"values": values},
            "layer": [
                {
                    "transform": [{"filter": {"field": "interval", "equal": Interval.SOURCE.value}}],
                    "mark": {"type": "rule", "color": theme.ink, "strokeWidth": 1.5},
                    "encoding": whisker,
                },
                *(
                    {
                        "transform": [{"filter": {"field": "interval", "equal": Interval.SOURCE.value}}],
                        "mark": ends,
                        "encoding": {"x": x(end), "y": y},
                    }
                    for end in ("low", "high")
                ),
                {
                    "transform": [{"filter": {"field": "interval", "equal": Interval.COMPUTED.value}}],
                    "mark": {"type": "rule", "color": theme.ink, "strokeWidth": 1.5, "strokeDash": DASHES},
                    "encoding": whisker,
                },
                {
                    "mark": {"type": "point", "size": 75, "opacity": 1, "strokeWidth": 2},
                    "encoding": {"x": x("estimate"), "y": y, **_forms(theme)},
                },
            ],
        }
    ]


def _forms(theme: Theme) -> Spec:
    """Who a point is about: by shape, by being filled or not, and last by colour."""
    roles = list(Role)
    colours = {Role.TREATED: theme.accent, Role.CONTROL: theme.second, Role.MODEL: theme.accent}
    strokes = [colours.get(role, theme.ink) for role in roles]
    fills = [theme.surface if role in (Role.CONTROL, Role.MODEL) else colours.get(role, theme.ink) for role in roles]
    channels = {"shape": [SHAPES[role] for role in roles], "stroke": strokes, "fill": fills}
    return {
        channel: {
            "field": "group",
            "type": "nominal",
            "scale": {"domain": [role.value for role in roles], "range": scale_range},
            "legend": None,
        }
        for channel, scale_range in channels.items()
    }


def _horizontal(frame: Frame, scale: Scale, values: list[Spec]) -> Any:
    """The encoding of a field on the axis of ``scale``, which leaves room for everything in ``values``."""
    numbers = [value[end] for value in values for end in ("estimate", "low", "high") if value[end] is not None]
    narrow = not frame.layout.beside
    axis: Spec = {"title": scale.axis, "titlePadding": 6}
    if scale.percent:
        spread: Spec = {"domain": [0, 100], "nice": False}
        axis["values"] = [0, 25, 50, 75, 100]
    elif scale.ratio:
        ticks = ratio_ticks(numbers)
        spread = {"type": "log", "domain": [ticks[0], ticks[-1]], "nice": False}
        axis |= {"values": _thinned(ticks), "format": "~g"}
    else:
        low, high = min(0, *numbers), max(0, *numbers)
        spread = {"domain": [low, high if high > low else low + 1], "nice": True}
        axis["tickCount"] = 4 if narrow else 5
    return lambda name: {"field": name, "type": "quantitative", "scale": spread, "axis": axis}


def ratio_ticks(numbers: Iterable[float]) -> list[float]:
    """Round numbers from below the least of ``numbers`` to above the greatest, 1 among them."""
    numbers = list(numbers)
    low, high = min(1, *numbers), max(1, *numbers)
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    series = [float(f"{step}e{decade}") for decade in decades for step in ROUND_RATIOS]
    first = max(number for number in series if number < low)
    last = min(number for number in series if number > high)
    return [number for number in series if first <= number <= last]


def _thinned(ticks: list[float]) -> list[float]:
    """``ticks`` as far as they can be told apart: beyond two decades only the powers of ten."""
    if len(ticks) <= 2 * len(ROUND_RATIOS) + 2:
        return ticks
    return [tick for tick in ticks if float(f"{tick:.0e}"[0]) == 1]


# Legend --------------------------------------------------------------------------------------------------------------


def _legend(frame: Frame, marks: Iterable[Mark]) -> View:
    """The forms that occur, with what each stands for."""
    marks = list(marks)
    there: list[Role | Interval] = [role for role in Role if any(mark.estimate.role is role for mark in marks)]
    there += [
        kind for kind in (Interval.SOURCE, Interval.COMPUTED) if any(mark.estimate.interval is kind for mark in marks)
    ]
    x, y = 0.0, float(LINE)
    values: list[Spec] = []
    for key in there:
        glyph = 22 if isinstance(key, Role) else 36
        width = glyph + text_width(LEGEND[key], SMALL) + 18
        if x and x + width > frame.layout.room:
            x, y = 0, y + LINE + 2
        values.append(
            {
                "x": x + frame.text_left + (6 if isinstance(key, Role) else 0),
                "end": x + frame.text_left + 28,
                "words": x + frame.text_left + glyph,
                "y": y - 4,
                "group": key.value,
                "text": LEGEND[key],
            }
        )
        x += width
    height = round(y + 6)
    return View(height, _legend_layers(frame, values, height))


def _legend_layers(frame: Frame, values: list[Spec], height: int) -> list[Spec]:
    theme, y = frame.theme, vertical(height)
    pixels = {"domain": [0, frame.plot], "range": [0, frame.plot], "nice": False, "zero": False}
    x = {"field": "x", "type": "quantitative", "scale": pixels, "axis": None}
    end = {**x, "field": "end"}

    def of(*keys: Role | Interval) -> Spec:
        return {"values": [value for value in values if value["group"] in keys]}

    rule = {"type": "rule", "color": theme.ink, "strokeWidth": 1.5}
    tick = {"type": "tick", "orient": "vertical", "size": 9, "thickness": 1.5, "color": theme.ink}
    line = {"x": x, "x2": {"field": "end"}, "y": y}
    return [
        {"data": of(Interval.SOURCE), "mark": rule, "encoding": line},
        {"data": of(Interval.SOURCE), "mark": tick, "encoding": {"x": x, "y": y}},
        {"data": of(Interval.SOURCE), "mark": tick, "encoding": {"x": end, "y": y}},
        {"data": of(Interval.COMPUTED), "mark": {**rule, "strokeDash": DASHES}, "encoding": line},
        {
            "data": of(*Role),
            "mark": {"type": "point", "size": 75, "opacity": 1, "strokeWidth": 2},
            "encoding": {"x": x, "y": y, **_forms(theme)},
        },
        {
            "data": {"values": values},
            "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": SMALL, "color": theme.ink},
            "encoding": {"x": {**x, "field": "words"}, "y": y, "text": {"field": "text"}},
        },
    ]

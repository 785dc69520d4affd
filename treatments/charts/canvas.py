"""A plot as a column of views of exact size, so that a page can leave room for it before it is drawn.

All views share one horizontal frame: the plotting area begins ``left`` pixels from the edge and is ``plot`` wide; text
may stand beside it. Heights add up to the height of the whole: `autosize: none` and `bounds: flush` make Vega take
them as they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .look import FONT, LINE, SMALL, TEXT, TITLE, Layout, Theme, printable, wrap

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.4.0.json"
Spec = dict[str, Any]
AXIS_ROOM = 46  # ticks, labels and title below a view


class NothingToDrawError(ValueError):
    """There is no figure that a plot could show."""


@dataclass(frozen=True)
class Frame:
    layout: Layout
    theme: Theme
    left: int
    plot: int

    @property
    def text_left(self) -> int:
        """Where text at the left margin stands, counted from the plotting area."""
        return self.layout.margin - self.left


@dataclass(frozen=True)
class View:
    height: int
    layers: list[Spec]
    axis: bool = False
    resolve: Spec = field(default_factory=dict)


@dataclass(frozen=True)
class Chart:
    """A specification with the size it is drawn in and what it shows in words."""

    title: str
    description: str
    width: int
    height: int
    spec: Spec


def vertical(height: float) -> Spec:
    """The encoding of a ``y`` that is counted in pixels from the top of a view."""
    scale = {"domain": [0, height], "range": [0, height], "nice": False, "zero": False}
    return {"field": "y", "type": "quantitative", "axis": None, "scale": scale}


def texts(items: list[Spec], height: float, x: float, **style: Any) -> Spec:
    """Text at one distance from the left: ``items`` of {y, text}."""
    mark = {"type": "text", "align": "left", "baseline": "alphabetic", **style}
    return {
        "data": {"values": items},
        "mark": mark,
        "encoding": {"x": {"value": x}, "y": vertical(height), "text": {"field": "text"}},
    }


@dataclass
class Lines:
    """Lines of text one below the other, to be put into a view."""

    frame: Frame
    y: float = 0
    items: dict[tuple, list[Spec]] = field(default_factory=dict)

    def gap(self, pixels: float) -> None:
        self.y += pixels

    def add(self, lines: Iterable[str], *, size: int = TEXT, soft: bool = False, bold: bool = False) -> None:
        for line in lines:
            self.y += LINE + (4 if size > TEXT else 0)
            self.items.setdefault((size, soft, bold), []).append({"y": self.y - 5, "text": line})

    def layers(self, height: float, x: float, *, halo: bool = False) -> list[Spec]:
        """The lines at ``x``; with a ``halo`` what lies behind them is kept away."""
        theme = self.frame.theme
        layers = []
        for (size, soft, bold), items in self.items.items():
            type_ = {"fontSize": size, "fontWeight": "bold" if bold else "normal"}
            if halo:
                layers.append(texts(items, height, x, **type_, stroke=theme.surface, strokeWidth=4))
            layers.append(texts(items, height, x, **type_, color=theme.ink_soft if soft else theme.ink))
        return layers


def lines_between(frame: Frame, items: list[Spec], height: float) -> Spec:
    """Thin rules from margin to margin, at each ``y`` of ``items``."""
    right = frame.layout.width - frame.left - frame.layout.margin
    return {
        "data": {"values": items},
        "mark": {"type": "rule", "color": frame.theme.rule},
        "encoding": {"x": {"value": frame.text_left}, "x2": {"value": right}, "y": vertical(height)},
    }


def heading(frame: Frame, text: str, note: str = "", *, title: bool = False, above: int = 0) -> View:
    """A view of words: the title of the whole, or of what stands below it."""
    lines = Lines(frame)
    lines.gap(above)
    size = TITLE if title else TEXT
    lines.add(wrap(text, frame.layout.room, size, bold=True), size=size, bold=True)
    lines.add(wrap(note, frame.layout.room, SMALL), size=SMALL, soft=True)
    height = round(lines.y + 6)
    return View(height, lines.layers(height, frame.text_left))


def chart(frame: Frame, views: list[View], *, title: str, description: str, notes: Iterable[str]) -> Chart:
    """``views`` below ``title`` and above ``notes``, in one column."""
    title, description = printable(title), printable(description)
    last = Lines(frame)
    last.gap(8)
    for note in notes:
        last.add(wrap(note, frame.layout.room, SMALL), size=SMALL, soft=True)
    closing = View(round(last.y + 2), last.layers(round(last.y + 2), frame.text_left))
    column: list[View] = []
    for view in [heading(frame, title, title=True), *views, closing]:
        column.append(view)
        if view.axis:
            column.append(View(AXIS_ROOM, []))
    height = sum(view.height for view in column)
    layout = frame.layout
    spec: Spec = {
        "$schema": SCHEMA,
        "description": description,
        "autosize": "none",
        "background": frame.theme.surface,
        "padding": {
            "left": frame.left,
            "right": layout.width - frame.left - frame.plot,
            "top": layout.margin,
            "bottom": height + layout.margin,
        },
        "bounds": "flush",
        "spacing": 0,
        "config": config(frame.theme),
        "vconcat": [_view(frame, view) for view in column],
    }
    return Chart(title, description, layout.width, height + 2 * layout.margin, spec)


def _view(frame: Frame, view: View) -> Spec:
    nothing: Spec = {"data": {"values": []}, "mark": "rule", "encoding": {}}
    spec: Spec = {"width": frame.plot, "height": view.height, "layer": view.layers or [nothing]}
    return {**spec, "resolve": view.resolve} if view.resolve else spec


def config(theme: Theme) -> Spec:
    return {
        "aria": False,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": theme.ink_soft,
            "labelFontSize": SMALL,
            "titleColor": theme.ink_soft,
            "titleFontSize": SMALL,
            "titleFontWeight": "normal",
            "gridColor": theme.rule,
            "domainColor": theme.rule_strong,
            "tickColor": theme.rule_strong,
        },
    }

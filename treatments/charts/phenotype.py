"""How often those with an antibody have each manifestation: lowest to highest frequency reported, by population."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from treatments.models.choices import Population

from .canvas import Chart, Frame, Lines, NothingToDrawError, Spec, View, chart, lines_between, vertical
from .look import LINE, NARROW, SMALL, WIDE, Layout, Theme, wrap

FRAMES = {WIDE.name: (306, 290), NARROW.name: (20, 280)}
ROW_PADDING = 6
# Populations by form: a filled, an open and a turned mark at the ends of the range.
SHAPES = {Population.ADULT: "circle", Population.JUVENILE: "square", Population.MIXED: "diamond"}


@dataclass(frozen=True)
class Frequency:
    """One range in percent, with its words; ``entered`` is the claim it comes from."""

    manifestation: str
    population: Population
    strength: str
    low: float
    high: float
    figures: str
    entered: dict[str, Any]

    @property
    def described(self) -> str:
        return f"{self.population.label} · {self.strength.lower()}"


def phenotype_plot(
    title: str, frequencies: Iterable[Frequency], layout: Layout, theme: Theme, notes: Iterable[str]
) -> Chart:
    """A row for each of ``frequencies``, in their order. Raises ``NothingToDrawError`` where there are none."""
    frequencies = list(frequencies)
    if not frequencies:
        raise NothingToDrawError("No frequency is recorded.")
    frame = Frame(layout, theme, *FRAMES[layout.name])
    view = _rows(frame, frequencies)
    words = [
        f"{row.manifestation}, {row.population.label.lower()}, {row.strength.lower()}: {row.figures}."
        for row in frequencies
    ]
    description = f"{title}. Percent of those with the antibody, lowest to highest reported. {' '.join(words)}"
    return chart(frame, [view], title=title, description=description, notes=notes)


def _rows(frame: Frame, frequencies: list[Frequency]) -> View:
    words, figures = Lines(frame), Lines(frame)
    values: list[Spec] = []
    rules: list[Spec] = []
    bottom = 6.0
    before = ""
    for row in frequencies:
        if row.manifestation != before:
            rules += [{"y": bottom}] if before else []
            bottom += ROW_PADDING
        words.y = bottom - 3
        room = frame.left - frame.layout.margin - 14 if frame.layout.beside else frame.layout.room
        if row.manifestation != before:
            words.add(wrap(row.manifestation, room, bold=True), bold=True)
        before = row.manifestation
        if frame.layout.beside:
            words.add(wrap(row.described, room, SMALL), size=SMALL, soft=True)
            figures.y = words.y - LINE
            figures.add([row.figures])
            y = words.y - 9
            bottom = words.y + ROW_PADDING
        else:
            words.add(wrap(f"{row.described} · {row.figures}", room, SMALL), size=SMALL, soft=True)
            y = words.y + 11
            bottom = y + 9 + ROW_PADDING
        values.append({"y": y, **row.entered, "low": row.low, "high": row.high, "population": row.population.value})
    height = round(bottom + 2)
    narrow = not frame.layout.beside
    layers = [
        lines_between(frame, rules, height),
        *_ranges(frame, values, height),
        *words.layers(height, frame.text_left, halo=narrow),
        *figures.layers(height, frame.plot + 14, halo=narrow),
    ]
    return View(height, layers, axis=True)


def _ranges(frame: Frame, values: list[Spec], height: int) -> list[Spec]:
    theme, y = frame.theme, vertical(height)
    populations = list(SHAPES)
    colours = [theme.accent, theme.second, theme.ink]
    forms = {
        "shape": [SHAPES[population] for population in populations],
        "stroke": colours,
        "fill": [theme.accent, theme.surface, theme.ink],
    }

    def of_population(scale_range: list[str]) -> Spec:
        scale = {"domain": [population.value for population in populations], "range": scale_range}
        return {"field": "population", "type": "nominal", "scale": scale, "legend": None}

    def x(name: str) -> Spec:
        axis = {"title": "% of those with the antibody", "titlePadding": 6, "values": [0, 25, 50, 75, 100]}
        return {"field": name, "type": "quantitative", "scale": {"domain": [0, 100], "nice": False}, "axis": axis}

    point = {"type": "point", "size": 65, "opacity": 1, "strokeWidth": 2}
    return [
        {
            "data": {"values": values},
            "layer": [
                {
                    "mark": {"type": "rule", "strokeWidth": 3},
                    "encoding": {"x": x("low"), "x2": {"field": "high"}, "y": y, "color": of_population(colours)},
                },
                *(
                    {
                        "mark": point,
                        "encoding": {
                            "x": x(end),
                            "y": y,
                            **{name: of_population(scale_range) for name, scale_range in forms.items()},
                        },
                    }
                    for end in ("low", "high")
                ),
            ],
        }
    ]

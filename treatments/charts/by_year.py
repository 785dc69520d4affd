"""How much was published when, and how strong it is: a strip of bars for each level, all on one scale.

The levels are told apart by standing in strips of their own, under their names. Safety has its own strip: it never
counts as efficacy. Which way the entries point is not shown here, and the plot says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from treatments.tally import Tally

from .canvas import Chart, Frame, NothingToDrawError, Spec, View, chart, heading
from .look import NARROW, WIDE, Layout, Theme

FRAMES = {WIDE.name: (44, 700), NARROW.name: (36, 272)}
STRIP = 54
FEWEST_YEARS = 10  # a single year would be one bar as wide as the page
SAFETY = "safety"


@dataclass(frozen=True)
class Strip:
    """Entries of one level, or on safety, in the years that have any."""

    key: str
    name: str
    counts: dict[int, int]
    without_year: int

    @property
    def total(self) -> int:
        return sum(self.counts.values()) + self.without_year


def strips(tallies: Mapping[int | None, Tally], levels: Iterable[tuple[str, str]]) -> list[Strip]:
    """A strip for each of ``levels`` (code and name), and one for safety, from counts by year; None is no year."""
    found = [
        _strip(code, f"Level {code}: {name}", {year: tally.levels[code] for year, tally in tallies.items()})
        for code, name in levels
    ]
    return [*found, _strip(SAFETY, "Safety, all levels", {year: tally.safety for year, tally in tallies.items()})]


def _strip(key: str, name: str, counts: Mapping[int | None, int]) -> Strip:
    dated = {year: count for year, count in sorted(counts.items(), key=lambda item: item[0] or 0) if year and count}
    return Strip(key, name, dated, counts.get(None, 0))


def by_year_plot(title: str, found: list[Strip], layout: Layout, theme: Theme, notes: Iterable[str]) -> Chart:
    """The strips that have entries with a year. Raises ``NothingToDrawError`` where none has."""
    shown = [strip for strip in found if strip.counts]
    if not shown:
        raise NothingToDrawError("No entry has a year.")
    years = [year for strip in shown for year in strip.counts]
    last = max(years)
    first = min(*years, last - FEWEST_YEARS + 1)
    most = max(count for strip in shown for count in strip.counts.values())
    frame = Frame(layout, theme, *FRAMES[layout.name])
    views: list[View] = []
    for strip in shown:
        entries = sum(strip.counts.values())
        views += [
            heading(frame, strip.name, _entries(entries), above=8),
            _bars(frame, strip, (first, last), most, axis=strip is shown[-1]),
        ]
    return chart(frame, views, title=title, description=_in_words(title, shown), notes=notes)


def _entries(count: int) -> str:
    return f"{count} {'entry' if count == 1 else 'entries'} with a year"


def _in_words(title: str, shown: Iterable[Strip]) -> str:
    parts = [f"{title}. Number of entries by year of publication, whichever way they point."]
    for strip in shown:
        counts = ", ".join(f"{year}: {count}" for year, count in strip.counts.items())
        parts.append(f"{strip.name}: {counts}.")
    return " ".join(parts)


def _bars(frame: Frame, strip: Strip, span: tuple[int, int], most: int, *, axis: bool) -> View:
    theme = frame.theme
    first, last = span
    years: Spec = {"domain": [first - 0.5, last + 0.5], "nice": False, "zero": False}
    labels: Spec = {"format": "d", "grid": False, "values": _marked(first, last), "title": "Year of publication"}
    values = [
        {"level": strip.key, "year": year, "entries": count, "from": year - 0.4, "to": year + 0.4}
        for year, count in strip.counts.items()
    ]
    counts: Spec = {"domain": [0, most], "range": [STRIP, 0], "nice": False}
    count_axis = {"title": None, "values": [0, most], "format": "d", "domain": False, "ticks": False}
    layer = {
        "data": {"values": values},
        "mark": {"type": "rect", "color": theme.second if strip.key == SAFETY else theme.level},
        "encoding": {
            "x": {"field": "from", "type": "quantitative", "scale": years, "axis": labels if axis else None},
            "x2": {"field": "to"},
            "y": {"field": "entries", "type": "quantitative", "scale": counts, "axis": count_axis},
            "y2": {"datum": 0},
        },
    }
    return View(STRIP, [layer], axis=axis)


def _marked(first: int, last: int) -> list[int]:
    """The years that are written under the axis: every fifth, or every tenth of many."""
    step = 10 if last - first > 30 else 5 if last - first > 12 else 2
    return [year for year in range(first, last + 1) if year % step == 0]

"""The mechanism map on paper: panels in columns, arrows between them, everything with its place.

``draw`` is pure: the same figure and width give the same drawing. A drawing has whole numbers only and lies inside
``width`` x ``height``, its corner at the origin.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from . import routing
from .arrows import DrawnArrow, drawn
from .boxes import Panel, panel
from .columns import Stacks, columns
from .figure import Acting, Figure, Pathway, Place

TITLE_UNPLACED = "No mechanism is recorded"
NO_ROW = 0  # the key of what is drawn like a mechanism but is none
MOST_FOR_GUTTERS = 40  # percent of the width
MARGIN = 2  # at the sides where no arrow runs: room for half a frame's line


@dataclass(frozen=True)
class Scale:
    """How much room things have: what is narrowest, and what stands between them."""

    column: int  # the narrowest, where there are several
    gutter: int  # to begin with
    least_gutter: int
    between: int  # panels of a column


FULL = Scale(column=225, gutter=44, least_gutter=28, between=16)
SMALL = Scale(column=110, gutter=30, least_gutter=22, between=10)


@dataclass(frozen=True)
class Drawing:
    """``panels`` stand column by column, each column from top to bottom. ``unplaced`` is a last panel, as wide as the
    sheet, with the treatments that act on no mechanism of the figure."""

    width: int
    height: int
    panels: tuple[Panel, ...]
    unplaced: Panel | None
    arrows: tuple[DrawnArrow, ...]


def draw(figure: Figure, width: int, small: bool = False) -> Drawing:
    """``figure`` in as many columns as have room in ``width``; ``small`` is for a figure of pathways alone."""
    pathway_of = figure.pathway_of()
    links = [(pathway_of[arrow.upstream], pathway_of[arrow.downstream]) for arrow in figure.arrows]
    layout = _Layout(figure, width, SMALL if small else FULL, small)
    heights = layout.heights()
    count = len(layout.columns)
    layout.columns = columns(list(heights), [link for link in links if link[0] != link[1]], count, heights)

    # Once to see which ways arrows take and how much room they need, once with that room.
    sheet = layout.sheet()
    ways = routing.ways(figure.arrows, sheet)
    layout.make_room(ways, routing.routes(ways, sheet))
    sheet = layout.sheet()
    unplaced = layout.unplaced(sheet.bottom)
    return Drawing(
        width,
        (unplaced.box.bottom if unplaced else sheet.bottom) + MARGIN,
        tuple(one for stack in sheet.columns for one in stack),
        unplaced,
        tuple(drawn(route) for route in routing.routes(ways, sheet)),
    )


class _Layout:
    """A drawing in the making: which pathways stand in which column, and the room between them."""

    def __init__(self, figure: Figure, width: int, scale: Scale, small: bool) -> None:
        self.figure = figure
        self.width = width
        self.scale = scale
        self.small = small
        self.pathways = {pathway.head.key: pathway for pathway in figure.pathways}
        self.joined = {(arrow.upstream, arrow.downstream) for arrow in figure.arrows}
        room = (width + scale.gutter) // (scale.column + scale.gutter)
        count = max(1, min(room, len(figure.pathways)))
        self.columns: Stacks = ((),) * count
        self.gutters = [scale.gutter] * (count + 1)  # the width of each, from left to right
        self.passing: Counter[routing.Gap] = Counter()  # arrows that pass through each gap

    @property
    def column_width(self) -> int:
        return (self.width - sum(self.gutters)) // len(self.columns)

    def panel(self, key: int, x: int, y: int) -> Panel:
        """The panel of a pathway at the present width of columns."""
        return panel(self.pathways[key], x, y, self.column_width, self.joined, self.small)

    def heights(self) -> dict[int, int]:
        """The height that the panel of each pathway takes in a column."""
        return {key: self.panel(key, 0, 0).box.height + self.scale.between for key in self.pathways}

    def sheet(self) -> routing.Sheet:
        """Every panel in its place, for the present gutters and gaps."""
        x = 0
        gutters, columns, ends = [], [], [0]
        for number, keys in enumerate(self.columns):
            gutters.append((x, self.gutters[number]))
            x += self.gutters[number]
            y = MARGIN + self._room((number, 0))
            stack = []
            for place, key in enumerate(keys, start=1):
                stack.append(self.panel(key, x, y))
                y = stack[-1].box.bottom + self._room((number, place))
                ends.append(y)
                y += self.scale.between
            columns.append(stack)
            x += self.column_width
        gutters.append((x, self.width - x))
        return routing.Sheet(columns, gutters, max(ends))

    def make_room(self, ways: Sequence[routing.Way], routes: Sequence[routing.Route]) -> None:
        """Make gutters and gaps as wide as the arrows in them need."""
        self.passing = Counter(gap for way in ways for gap in way.gaps)
        last = len(self.gutters) - 1
        for number in range(len(self.gutters)):
            lanes = routing.lanes(routes, number)
            least = MARGIN if number in (0, last) else self.scale.least_gutter
            self.gutters[number] = max(least, 2 * routing.BORDER + routing.LANE * (lanes - 1)) if lanes else least
        # However many arrows there are, most of the width is for what they join.
        most = self.width * MOST_FOR_GUTTERS // 100
        if sum(self.gutters) > most:
            self.gutters = [width * most // sum(self.gutters) for width in self.gutters]

    def _room(self, gap: routing.Gap) -> int:
        """The height that a gap has for arrows that pass through it."""
        return routing.SLOT * self.passing[gap] + (routing.EDGE if self.passing[gap] else 0)

    def unplaced(self, bottom: int) -> Panel | None:
        """The panel of treatments without a mechanism, below everything else."""
        if not self.figure.unplaced:
            return None
        place = Place(NO_ROW, "", TITLE_UNPLACED, acting=(Acting("", self.figure.unplaced),))
        y = bottom + self.scale.between if self.figure.pathways else MARGIN
        return panel(Pathway(place), MARGIN, y, self.width - 2 * MARGIN)

"""Which way arrows take: in the gutters between columns and the gaps between panels, never through a box.

Every gutter is a channel with lanes. An arrow leaves its box sideways, runs along a lane and enters the other box
sideways; one that passes a whole column does so in a gap between two of its panels. Two places that stand one right
below the other are joined by a short drop instead.

Heights are shared out so that no two arrows run on top of each other: what meets a gutter from its left, from its
right, and through the gaps of even and of odd columns has a remainder of its own modulo ``SLOT``. Only where a box has
more arrows at one side than there is room do some share a height.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .boxes import Panel, PlaceBox
from .figure import Arrow

SLOT = 8  # between arrows at one side of a box, and in one gap
LANE = 8  # between arrows in a gutter
BORDER = 13  # lanes keep this far from the columns, so that arrowheads have room
EDGE = 6  # arrows keep this far from the corners of a box
DROP_APART = 16  # between drops that join the same two boxes
MOST_ROUNDS = 12  # of swapping lanes

LEFT, RIGHT = "left", "right"  # of a gutter
_REMAINDER = {LEFT: 0, RIGHT: 4}
_GAP_REMAINDER = (2, 6)  # of even and odd columns

Point = tuple[int, int]
Gap = tuple[int, int]  # column, and how many of its panels stand above


@dataclass(frozen=True)
class Way:
    """The way of an arrow in words: the gutter and side where it starts and ends, and the gaps it passes between."""

    arrow: Arrow
    start: tuple[int, str] | None = None  # none where it is a drop
    end: tuple[int, str] | None = None
    gaps: tuple[Gap, ...] = ()


@dataclass
class Run:
    """A piece of a route along a gutter, between two heights, with the side it comes from and the one it leaves to."""

    gutter: int
    start: int
    start_side: str
    end: int
    end_side: str
    x: int = 0

    @property
    def top(self) -> int:
        return min(self.start, self.end)

    @property
    def bottom(self) -> int:
        return max(self.start, self.end)

    def meets(self, other: "Run") -> bool:
        """Whether the two cannot have the same lane."""
        return self.top < other.bottom + SLOT and other.top < self.bottom + SLOT

    def crossings(self, other: "Run") -> int:
        """How often the two cross when this one's lane lies left of the other's."""
        mine = ((self.start, self.start_side), (self.end, self.end_side))
        its = ((other.start, other.start_side), (other.end, other.end_side))
        return sum(side == RIGHT and other.top < y < other.bottom for y, side in mine) + sum(
            side == LEFT and self.top < y < self.bottom for y, side in its
        )


@dataclass
class Route:
    """An arrow with the corners of its way."""

    arrow: Arrow
    start: Point
    end: Point
    runs: list[Run] = field(default_factory=list)

    @property
    def points(self) -> list[Point]:
        corners = [corner for run in self.runs for corner in ((run.x, run.start), (run.x, run.end))]
        return [self.start, *corners, self.end]


@dataclass
class Sheet:
    """Panels where they stand, column by column and each from top to bottom.

    ``gutters`` are (x, width) from the left edge to the right one; ``bottom`` is where the longest column ends.
    """

    columns: list[list[Panel]]
    gutters: list[tuple[int, int]]
    bottom: int

    def __post_init__(self) -> None:
        self.column: dict[int, int] = {}
        self.boxes: dict[int, PlaceBox] = {}
        self.order: dict[int, tuple[int, int]] = {}  # of each place: its panel and its number in it
        for number, panels in enumerate(self.columns):
            for panel in panels:
                for rank, place in enumerate(panel.places):
                    key = place.place.key
                    self.column[key] = number
                    self.boxes[key] = place
                    self.order[key] = (panel.pathway.head.key, rank)

    def middle(self, key: int) -> int:
        box = self.boxes[key].box
        return box.y + box.height // 2

    def gap(self, gap: Gap) -> tuple[int, int]:
        """The heights between which a gap lies."""
        panels = self.columns[gap[0]]
        above = panels[gap[1] - 1].box.bottom if gap[1] else 0
        below = panels[gap[1]].box.y if gap[1] < len(panels) else self.bottom
        return above, below


def ways(arrows: Iterable[Arrow], sheet: Sheet) -> list[Way]:
    """The way of each arrow, for panels that stand about as they do in ``sheet``."""
    found = []
    load: dict[int, list[tuple[int, int]]] = {}
    later = []
    for arrow in arrows:
        start, end = sheet.column[arrow.upstream], sheet.column[arrow.downstream]
        if _adjoin(arrow, sheet):
            found.append(Way(arrow))
        elif start == end:
            later.append(arrow)
        else:
            way = _across(arrow, start, end, sheet)
            found.append(way)
            heights = [sheet.middle(arrow.upstream), *(sum(sheet.gap(gap)) // 2 for gap in way.gaps)]
            heights.append(sheet.middle(arrow.downstream))
            step = 1 if start < end else -1
            for number, (one, other) in enumerate(pairwise(heights)):
                gutter = (start + 1 if step > 0 else start) + step * number
                load.setdefault(gutter, []).append((min(one, other), max(one, other)))
    for arrow in later:
        number = sheet.column[arrow.upstream]
        one, other = sheet.middle(arrow.upstream), sheet.middle(arrow.downstream)
        span = (min(one, other), max(one, other))
        # Down on the right, up on the left, unless it is fuller there.
        sides = [(number + 1, LEFT), (number, RIGHT)]
        sides = sides if one < other else sides[::-1]
        crowds = [sum(a < span[1] and span[0] < b for a, b in load.get(gutter, [])) for gutter, _ in sides]
        side = sides[crowds[1] < crowds[0]]
        load.setdefault(side[0], []).append(span)
        found.append(Way(arrow, side, side))
    return found


def _adjoin(arrow: Arrow, sheet: Sheet) -> bool:
    """Whether the places of ``arrow`` stand right above each other in one panel."""
    (one, above), (other, below) = sheet.order[arrow.upstream], sheet.order[arrow.downstream]
    return one == other and abs(above - below) == 1


def _across(arrow: Arrow, start: int, end: int, sheet: Sheet) -> Way:
    """The way from one column to another, through the gaps nearest to the straight line."""
    step = 1 if start < end else -1
    one, other = sheet.middle(arrow.upstream), sheet.middle(arrow.downstream)
    gaps = []
    for column in range(start + step, end, step):
        wanted = one + (other - one) * (column - start) // (end - start)
        numbers = range(len(sheet.columns[column]) + 1)
        gaps.append((column, min(numbers, key=lambda number: abs(sum(sheet.gap((column, number))) // 2 - wanted))))
    if step > 0:
        return Way(arrow, (start + 1, LEFT), (end, RIGHT), tuple(gaps))
    return Way(arrow, (start, RIGHT), (end + 1, LEFT), tuple(gaps))


def routes(found: Sequence[Way], sheet: Sheet) -> list[Route]:
    """The corners of every way, with lanes and heights given out."""
    heights = _heights(found, sheet)
    in_gaps = _heights_in_gaps(found, sheet)
    drops = _drops(found)
    traced = []
    for way in found:
        if way.start is None or way.end is None:
            traced.append(_drop(way.arrow, sheet, *drops[way.arrow]))
            continue
        start, end = heights[way.arrow, "start"], heights[way.arrow, "end"]
        route = Route(
            way.arrow,
            (_edge(way.arrow.upstream, way.start[1], sheet), start),
            (_edge(way.arrow.downstream, way.end[1], sheet), end),
        )
        gutter, side, y = *way.start, start
        for gap in way.gaps:
            onward = RIGHT if gap[0] == gutter else LEFT
            route.runs.append(Run(gutter, y, side, in_gaps[way.arrow, gap], onward))
            y = in_gaps[way.arrow, gap]
            gutter, side = (gutter + 1, LEFT) if onward == RIGHT else (gutter - 1, RIGHT)
        route.runs.append(Run(gutter, y, side, end, way.end[1]))
        traced.append(route)
    for number, (x, width) in enumerate(sheet.gutters):
        _give_lanes([run for route in traced for run in route.runs if run.gutter == number], x, width)
    return traced


def lanes(traced: Sequence[Route], gutter: int) -> int:
    """How many lanes the gutter has to have side by side."""
    return len({run.x for route in traced for run in route.runs if run.gutter == gutter})


def _edge(key: int, side: str, sheet: Sheet) -> int:
    """Where the side of a box is that faces a gutter whose ``side`` the box is on."""
    box = sheet.boxes[key].box
    return box.right if side == LEFT else box.x


def _heights(found: Sequence[Way], sheet: Sheet) -> dict[tuple[Arrow, str], int]:
    """At what height each arrow leaves its box and enters the other one."""
    ends: dict[tuple[int, str], list[tuple[int, Arrow, str]]] = {}
    for way in found:
        if way.start and way.end:
            first = sum(sheet.gap(way.gaps[0])) // 2 if way.gaps else sheet.middle(way.arrow.downstream)
            last = sum(sheet.gap(way.gaps[-1])) // 2 if way.gaps else sheet.middle(way.arrow.upstream)
            ends.setdefault((way.arrow.upstream, way.start[1]), []).append((first, way.arrow, "start"))
            ends.setdefault((way.arrow.downstream, way.end[1]), []).append((last, way.arrow, "end"))
    heights = {}
    for (key, side), group in ends.items():
        box = sheet.boxes[key].box
        slots = _slots(box.y + EDGE, box.bottom - EDGE, _REMAINDER[side])
        group.sort(key=lambda one: (one[0], one[2]))
        for (_, arrow, end), y in zip(group, _shared(slots, len(group)), strict=True):
            heights[arrow, end] = y
    return heights


def _heights_in_gaps(found: Sequence[Way], sheet: Sheet) -> dict[tuple[Arrow, Gap], int]:
    passing: dict[Gap, list[Way]] = {}
    for way in found:
        for gap in way.gaps:
            passing.setdefault(gap, []).append(way)
    heights = {}
    for gap, group in passing.items():
        above, below = sheet.gap(gap)
        slots = _slots(above + 3, below - 3, _GAP_REMAINDER[gap[0] % 2])
        group.sort(key=lambda way: sheet.middle(way.arrow.upstream) + sheet.middle(way.arrow.downstream))
        for way, y in zip(group, _shared(slots, len(group)), strict=True):
            heights[way.arrow, gap] = y
    return heights


def _slots(above: int, below: int, remainder: int) -> list[int]:
    """The heights with this remainder between two heights; the one nearest to their middle where there is none."""
    first = above + (remainder - above) % SLOT
    return list(range(first, below + 1, SLOT)) or [(above + below) // 2]


def _shared(slots: Sequence[int], count: int) -> list[int]:
    """``count`` of the slots, from their middle outwards; where there are too few, some stand for several."""
    if count <= len(slots):
        first = (len(slots) - count) // 2
        return list(slots[first : first + count])
    return [slots[number * len(slots) // count] for number in range(count)]


def _give_lanes(runs: list[Run], x: int, width: int) -> None:
    """Place each run across its gutter: few crossings, and no two on top of each other."""
    ordered = sorted(runs, key=lambda run: (run.top, run.bottom))
    for _ in range(MOST_ROUNDS):
        swapped = False
        for place in range(len(ordered) - 1):
            one, other = ordered[place], ordered[place + 1]
            if other.crossings(one) < one.crossings(other):
                ordered[place], ordered[place + 1] = other, one
                swapped = True
        if not swapped:
            break
    taken_lanes: list[int] = []
    for place, run in enumerate(ordered):
        before = [taken_lanes[other] + 1 for other in range(place) if run.meets(ordered[other])]
        taken_lanes.append(max(before, default=0))
    most = max(taken_lanes, default=0)
    wide = min(LANE * most, width - 2 * BORDER)
    for run, lane in zip(ordered, taken_lanes, strict=True):
        run.x = x + (width - wide) // 2 + (wide * lane // most if most else 0)


def _drops(found: Sequence[Way]) -> dict[Arrow, tuple[int, int]]:
    """For each drop its number among those that join the same two places, and how many there are."""
    joined: dict[frozenset[int], list[Arrow]] = {}
    for way in found:
        if way.start is None:
            joined.setdefault(frozenset((way.arrow.upstream, way.arrow.downstream)), []).append(way.arrow)
    return {arrow: (number, len(group)) for group in joined.values() for number, arrow in enumerate(group)}


def _drop(arrow: Arrow, sheet: Sheet, number: int, count: int) -> Route:
    one, other = sheet.boxes[arrow.upstream].box, sheet.boxes[arrow.downstream].box
    narrow = one if one.width < other.width else other
    x = narrow.x + narrow.width // 2 + DROP_APART * number - DROP_APART * (count - 1) // 2
    if one.y < other.y:
        return Route(arrow, (x, one.bottom), (x, other.y))
    return Route(arrow, (x, one.y), (x, other.bottom))

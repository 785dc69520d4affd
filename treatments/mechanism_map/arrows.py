"""How an arrow is drawn: a line with round turns, and an end whose form says what the interaction does."""

from collections.abc import Sequence
from dataclasses import dataclass

from .figure import Arrow
from .routing import Point, Route

CORNER = 5  # the radius of a turn
HEAD = 8  # the length of an arrowhead
HALF = 4  # half its width
BAR = 6  # half the length of the bar that says "inhibits"

# How far before the box the line stops, so that it does not show through its end.
_SHORTER = {"activates": HEAD - 1, "produces": HEAD, "inhibits": 2, "damages": 5}


@dataclass(frozen=True)
class DrawnArrow:
    """An interaction: the corners of its way, and the paths of its line and of its end."""

    arrow: Arrow
    points: tuple[Point, ...]
    line: str
    end: str


def drawn(route: Route) -> DrawnArrow:
    points = _corners(route.points)
    return DrawnArrow(
        route.arrow, tuple(points), line_path(points, route.arrow.effect), end_path(points, route.arrow.effect)
    )


def _corners(points: Sequence[Point]) -> list[Point]:
    """``points`` without those that lie on a straight line between their neighbours."""
    corners = list(points[:1])
    for point, after in zip(points[1:], [*points[2:], None], strict=True):
        if point == corners[-1]:
            continue
        straight = after is not None and (
            corners[-1][0] == point[0] == after[0] or corners[-1][1] == point[1] == after[1]
        )
        if not straight:
            corners.append(point)
    return corners


def _toward(start: Point, end: Point) -> tuple[int, int]:
    """The direction from one point to another that lies beside, above or below it."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    return (dx > 0) - (dx < 0), (dy > 0) - (dy < 0)


def line_path(points: Sequence[Point], effect: str) -> str:
    """The line, stopped short of its end."""
    dx, dy = _toward(points[-2], points[-1])
    shorter = _SHORTER[effect]
    stopped = [*points[:-1], (points[-1][0] - dx * shorter, points[-1][1] - dy * shorter)]
    path = [f"M{stopped[0][0]} {stopped[0][1]}"]
    for before, corner, after in zip(stopped, stopped[1:], stopped[2:], strict=False):
        radius = min(CORNER, _length(before, corner) // 2, _length(corner, after) // 2)
        back, on = _toward(corner, before), _toward(corner, after)
        path.append(f"L{corner[0] + back[0] * radius} {corner[1] + back[1] * radius}")
        path.append(f"Q{corner[0]} {corner[1]} {corner[0] + on[0] * radius} {corner[1] + on[1] * radius}")
    path.append(f"L{stopped[-1][0]} {stopped[-1][1]}")
    return "".join(path)


def _length(start: Point, end: Point) -> int:
    return abs(start[0] - end[0]) + abs(start[1] - end[1])


def end_path(points: Sequence[Point], effect: str) -> str:
    """The end: a head (activates), an open head (produces), a bar (inhibits) or a cross (damages)."""
    (x, y), (dx, dy) = points[-1], _toward(points[-2], points[-1])

    def at(back: int, aside: int) -> str:
        return f"{x - dx * back + dy * aside} {y - dy * back + dx * aside}"

    if effect == "inhibits":
        return f"M{at(2, -BAR)}L{at(2, BAR)}"
    if effect == "damages":
        return f"M{at(9, -HALF)}L{at(1, HALF)}M{at(9, HALF)}L{at(1, -HALF)}"
    return f"M{at(0, 0)}L{at(HEAD, -HALF)}L{at(HEAD, HALF)}Z"

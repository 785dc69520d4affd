"""Which pathway stands in which column, and above which other ones.

Both are found by search: from a first placement to the best of those one step away, until none is better.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import networkx as nx

from .order import Link, chained, forward

Columns = dict[int, int]  # the number of the column of each key
Stacks = tuple[tuple[int, ...], ...]  # the keys of each column from top to bottom
Placement = TypeVar("Placement")

# What is disliked about a placement, in units of one arrow that skips a column.
BACKWARDS = 3.0
SAME_COLUMN = 0.4
TOO_HIGH = 50.0  # a column, by its excess over a fair share
FROM_ITS_SIDE = 0.25  # a column between the left edge and what nothing acts on, the right edge and what acts on nothing
UPWARDS = 400  # an arrow within a column, in units of the drawing, beside the lengths of arrows
MOST_WORK = 60_000  # the search ends after so many looks at a pathway or an arrow, however large the figure


def columns(keys: Sequence[int], links: Sequence[Link], count: int, height: Mapping[int, int]) -> Stacks:
    """``keys`` in ``count`` columns, from left to right and each from top to bottom.

    Arrows run to the next column on the right where they can, what is linked stands at about the same height, and
    columns are about equally high. What is linked to nothing fills up the columns below.
    """
    linked = {key for link in links for key in link}
    graph = forward([key for key in keys if key in linked], links)
    # The parts of the map that hang together most come first.
    size = {key: len(part) for part in nx.weakly_connected_components(graph) for key in part}
    ordered = chained(sorted(graph, key=lambda key: -size[key]), links)
    fair = sum(height[key] for key in keys) / count
    column = _spread(ordered, graph, links, count, height, fair)
    stacks = _level(
        tuple(tuple(key for key in ordered if column[key] == number) for number in range(count)), graph, links, height
    )
    filled = [list(stack) for stack in stacks]
    ends = [sum(height[key] for key in stack) for stack in stacks]
    for key in sorted((key for key in keys if key not in linked), key=lambda key: -height[key]):
        shortest = ends.index(min(ends))
        filled[shortest].append(key)
        ends[shortest] += height[key]
    return tuple(tuple(stack) for stack in filled)


def _spread(
    ordered: Sequence[int],
    graph: nx.DiGraph,
    links: Sequence[Link],
    count: int,
    height: Mapping[int, int],
    fair: float,
) -> Columns:
    """The column of each key; ``fair`` is the height that none should pass."""
    first = [key for key in ordered if not graph.in_degree(key)]
    last = [key for key in ordered if not graph.out_degree(key)]

    def cost(column: Columns) -> float:
        heights = [0] * count
        for key in ordered:
            heights[column[key]] += height[key]
        total = sum(TOO_HIGH * (one / fair - 1) for one in heights if one > fair)
        total += FROM_ITS_SIDE * sum(column[key] for key in first)
        total += FROM_ITS_SIDE * sum(count - 1 - column[key] for key in last)
        return total + sum(_span_cost(column[end] - column[start]) for start, end in links)

    def near(column: Columns) -> Iterator[Columns]:
        for key in ordered:
            yield from ({**column, key: number} for number in range(count) if number != column[key])
        for one in ordered:
            for other in ordered:
                if column[one] < column[other]:
                    yield {**column, one: column[other], other: column[one]}

    # The search ends at the nearest good placement, so it starts from three.
    most = MOST_WORK // (len(ordered) + len(links) + 1)
    found = [_best(start, near, cost, most) for start in _starts(ordered, graph, count)]
    return min(found, key=cost)


def _span_cost(span: int) -> float:
    """What is disliked about an arrow that runs ``span`` columns to the right."""
    if span < 0:
        return BACKWARDS * -span
    return SAME_COLUMN if span == 0 else span - 1


def _starts(ordered: Sequence[int], graph: nx.DiGraph, count: int) -> list[Columns]:
    """Everything as far left as it can stand, as far right, and between; ``ordered`` goes downstream."""
    early: dict[int, int] = {}
    late: dict[int, int] = {}
    for key in ordered:
        early[key] = max((early[before] + 1 for before in graph.predecessors(key)), default=0)
    depth = max(early.values(), default=0)
    for key in reversed(ordered):
        late[key] = min((late[after] - 1 for after in graph.successors(key)), default=depth)
    return [
        {key: (late[key] * part + early[key] * (2 - part)) * count // (2 * (depth + 1)) for key in ordered}
        for part in range(3)
    ]


def _level(stacks: Stacks, graph: nx.DiGraph, links: Sequence[Link], height: Mapping[int, int]) -> Stacks:
    """The columns, each in an order that keeps arrows short and, within a column, downward."""
    column = {key: number for number, stack in enumerate(stacks) for key in stack}
    down = [(start, end) for start, end in links if column[start] == column[end] and graph.has_edge(start, end)]

    def cost(placed: Stacks) -> float:
        middle = _middles(placed, height)
        lengths = sum(abs(middle[start] - middle[end]) for start, end in links)
        return lengths + UPWARDS * sum(middle[start] > middle[end] for start, end in down)

    def near(placed: Stacks) -> Iterator[Stacks]:
        for number, stack in enumerate(placed):
            for place, key in enumerate(stack):
                rest = stack[:place] + stack[place + 1 :]
                for other in range(len(stack)):
                    if other != place:
                        yield (*placed[:number], (*rest[:other], key, *rest[other:]), *placed[number + 1 :])

    return _best(stacks, near, cost, MOST_WORK // (len(column) + len(links) + 1))


def _middles(stacks: Stacks, height: Mapping[int, int]) -> dict[int, float]:
    """The height at which the middle of each key stands."""
    middle = {}
    for stack in stacks:
        top = 0
        for key in stack:
            middle[key] = top + height[key] / 2
            top += height[key]
    return middle


def _best(
    start: Placement,
    near: Callable[[Placement], Iterable[Placement]],
    cost: Callable[[Placement], float],
    most: int,
) -> Placement:
    """A placement that none near it is better than, or the best one after ``most`` tries."""
    placed, lowest, tries = start, cost(start), 0
    better = True
    while better:
        better = False
        for other in near(placed):
            tries += 1
            now = cost(other)
            if now < lowest - 1e-9:
                placed, lowest, better = other, now, True
                break
            if tries >= most:
                return placed
    return placed

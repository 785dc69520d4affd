"""What is wrong with a drawing, in words: boxes that overlap, text that leaves its box, arrows that cross a box."""

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

from treatments.mechanism_map.boxes import Box, Line, Panel, PlaceBox
from treatments.mechanism_map.drawing import Drawing


def inside(inner: Box, outer: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
        and inner.width > 0
        and inner.height > 0
    )


def overlap(one: Box, other: Box) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def strip(start: tuple[int, int], end: tuple[int, int]) -> Box:
    """A straight piece of an arrow as a box; one of its sides is zero."""
    x, y = min(start[0], end[0]), min(start[1], end[1])
    return Box(x, y, abs(start[0] - end[0]), abs(start[1] - end[1]))


def cuts(piece: Box, box: Box) -> bool:
    """Whether a piece of an arrow runs inside ``box``; along its edge does not count."""
    return (
        max(piece.x, box.x) <= min(piece.right, box.right)
        and max(piece.y, box.y) <= min(piece.bottom, box.bottom)
        and box.x < piece.right
        and piece.x < box.right
        and box.y < piece.bottom
        and piece.y < box.bottom
    )


def pieces(points: Iterable[tuple[int, int]]) -> list[Box]:
    return [strip(start, end) for start, end in pairwise(points)]


def faults(drawing: Drawing) -> list[str]:
    return [*_boxes(drawing), *_arrows(drawing)]


def _boxes(drawing: Drawing) -> Iterator[str]:
    sheet = Box(0, 0, drawing.width, drawing.height)
    panels = [*drawing.panels, *([drawing.unplaced] if drawing.unplaced else [])]
    for panel in panels:
        if not inside(panel.box, sheet):
            yield f"{panel.pathway.head.name} lies outside the sheet: {panel.box}"
        yield from _panel(panel)
    for one, other in combinations(panels, 2):
        if overlap(one.box, other.box):
            yield f"{one.pathway.head.name} and {other.pathway.head.name} overlap"


def _panel(panel: Panel) -> Iterator[str]:
    for place in panel.places:
        if not inside(place.box, panel.box):
            yield f"{place.place.name} lies outside {panel.pathway.head.name}: {place.box} {panel.box}"
        yield from _place(place)
    for one, other in combinations(panel.places, 2):
        if overlap(one.box, other.box):
            yield f"{one.place.name} and {other.place.name} overlap"


def _place(place: PlaceBox) -> Iterator[str]:
    pieces: list[tuple[str, Box]] = [(f"chip {chip.agent.name}", chip.box) for chip in place.chips]
    pieces += [(f"line {line.text}", line.box) for line in (*place.title, *place.actions)]
    for name, box in pieces:
        if not inside(box, place.box):
            yield f"{name} leaves {place.place.name}: {box} {place.box}"
    for (one, box), (other, its) in combinations(pieces, 2):
        if overlap(box, its):
            yield f"{one} and {other} overlap in {place.place.name}"
    if place.press.height < 24 or not inside(place.press, place.box):
        yield f"{place.place.name} is too small to press"
    yield from (
        f"{chip.agent.name} is pressed with its place" for chip in place.chips if overlap(chip.box, place.press)
    )
    for chip in place.chips:
        if chip.box.height < 24 or chip.box.width < 24:
            yield f"{chip.agent.name} is too small to press"
        yield from (f"{line.text} leaves its chip" for line in chip.lines if not inside(line.box, chip.box))
        yield from (f"{one.text} and {other.text} overlap" for one, other in _touching(chip.lines))


def _touching(lines: tuple[Line, ...]) -> list[tuple[Line, Line]]:
    return [(one, other) for one, other in combinations(lines, 2) if overlap(one.box, other.box)]


def _arrows(drawing: Drawing) -> Iterator[str]:
    home = {place.place.key: panel for panel in drawing.panels for place in panel.places}
    for arrow in drawing.arrows:
        ends = (arrow.arrow.upstream, arrow.arrow.downstream)
        own = {home[key].pathway.head.key for key in ends}
        for piece in pieces(arrow.points):
            if min(piece.x, piece.y) < 0 or piece.right > drawing.width or piece.bottom > drawing.height:
                yield f"{arrow.arrow} leaves the sheet: {piece}"
            if piece.width and piece.height:
                yield f"{arrow.arrow} runs aslant"
            for panel in drawing.panels:
                boxes = [place.box for place in panel.places]
                if panel.pathway.head.key not in own:
                    boxes = [panel.box]
                yield from (f"{arrow.arrow} runs through {box}" for box in boxes if cuts(piece, box))
        for point, key in zip((arrow.points[0], arrow.points[-1]), ends, strict=True):
            box = next(place.box for place in home[key].places if place.place.key == key)
            if not (box.x <= point[0] <= box.right and box.y <= point[1] <= box.bottom):
                yield f"{arrow.arrow} does not meet {key} at {point}: {box}"

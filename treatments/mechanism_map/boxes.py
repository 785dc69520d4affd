"""How large a pathway's panel is, and what stands where in it, line by line, for a given width.

Positions are whole units of the drawing, one unit a CSS pixel at its natural size; y grows downwards.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .figure import Acting, Agent, Pathway, Place
from .text import Face, text_width, wrap

PATHWAY = Face("pathway", 14, 18, bold=True)
TARGET = Face("target", 12, 16, bold=True)
ACTION = Face("action", 11, 16)
CHIP = Face("treatment", 12, 15)
OUTLINE = Face("outline", 12, 15)

PAD = 8  # between the frame of a panel and what stands in it
TARGET_PAD = 6  # the same for a target
APART = 6  # between targets
ARROW_GAP = 18  # between two places that a short arrow joins
INDENT = 12  # a target below a target stands further in,
DEEPEST = 4  # down to this depth
ACTING_GAP = 4  # between a name and what acts on it
CHIP_HEIGHT = 24  # of one line: no link is smaller, so that each can be pressed (WCAG 2.5.8)
CHIP_GAP = 4
MARK = 20  # the room for the mark of the stage in front of a name
CHIP_END = 7

# How an action is said of the mechanism: "Janus kinase 1 (JAK1), inhibited by Tofacitinib".
DONE_BY = {
    "inhibits": "inhibited by",
    "blocks": "blocked by",
    "neutralizes": "neutralized by",
    "depletes": "depleted by",
    "removes": "removed by",
    "modulates": "modulated by",
    "stimulates": "stimulated by",
}


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True)
class Line:
    """One line of text; ``y`` is its baseline."""

    text: str
    x: int
    y: int
    face: Face

    @property
    def box(self) -> Box:
        """The room that the line takes at most."""
        return Box(self.x, self.y - self.face.size, text_width(self.text, self.face), self.face.line)


@dataclass(frozen=True)
class Chip:
    """A treatment at a place, and what it does there."""

    agent: Agent
    action: str
    box: Box
    lines: tuple[Line, ...]

    @property
    def mark(self) -> tuple[int, int]:
        """The middle of the mark of its stage."""
        return self.box.x + MARK // 2 + 1, self.box.y + CHIP_HEIGHT // 2


@dataclass(frozen=True)
class PlaceBox:
    """A mechanism with its name, and the treatments that act on it after words for what they do."""

    place: Place
    box: Box
    title: tuple[Line, ...]
    actions: tuple[Line, ...]
    chips: tuple[Chip, ...]

    @property
    def press(self) -> Box:
        """What of the box leads to the mechanism: all of it, or what lies above the treatments."""
        if not self.chips:
            return self.box
        return Box(self.box.x, self.box.y, self.box.width, self.title[-1].box.bottom + ACTING_GAP // 2 - self.box.y)


@dataclass(frozen=True)
class Panel:
    """A pathway: its frame, its head (as wide as the frame) and its targets from top to bottom."""

    pathway: Pathway
    box: Box
    head: PlaceBox
    targets: tuple[PlaceBox, ...]

    @property
    def places(self) -> tuple[PlaceBox, ...]:
        return (self.head, *self.targets)


def panel(
    pathway: Pathway, x: int, y: int, width: int, joined: Collection[tuple[int, int]] = (), small: bool = False
) -> Panel:
    """The panel of ``pathway`` with its corner at (``x``, ``y``).

    ``joined`` are pairs of places (by key): where one stands right below the other there is room for a short arrow.
    ``small`` panels are made for a figure of pathways alone.
    """
    head = _place(pathway.head, x, y, width, OUTLINE if small else PATHWAY, TARGET_PAD if small else PAD)
    targets: list[PlaceBox] = []
    for place in pathway.targets:
        above = targets[-1] if targets else head
        both = (above.place.key, place.key)
        gap = ARROW_GAP if both in joined or both[::-1] in joined else APART if targets else 0
        inset = PAD + INDENT * (min(place.depth, DEEPEST) - 1)
        targets.append(_place(place, x + inset, above.box.bottom + gap, width - inset - PAD, TARGET, TARGET_PAD))
    bottom = targets[-1].box.bottom + PAD if targets else head.box.bottom
    return Panel(pathway, Box(x, y, width, bottom - y), head, tuple(targets))


def _place(place: Place, x: int, y: int, width: int, face: Face, pad: int) -> PlaceBox:
    """A place: its name, then what acts on it."""
    texts = wrap(place.name, face, width - 2 * pad)
    title = tuple(
        Line(text, x + pad, y + pad + face.size + face.line * number, face) for number, text in enumerate(texts)
    )
    bottom = y + pad + face.line * len(texts)
    actions: list[Line] = []
    chips: list[Chip] = []
    if place.acting:
        actions, chips, bottom = _acting(place.acting, x + pad, bottom + ACTING_GAP, width - 2 * pad)
    return PlaceBox(place, Box(x, y, width, bottom + pad - y), title, tuple(actions), tuple(chips))


def _acting(acting: Iterable[Acting], x: int, y: int, width: int) -> tuple[list[Line], list[Chip], int]:
    """What acts on a place, set like words in lines: "inhibited by", then a chip for each treatment.

    The number is where the last line ends.
    """
    actions: list[Line] = []
    chips: list[Chip] = []
    for group in acting:
        at, high = x, 0  # where the next piece goes, and how high its row is so far
        if group.action:
            text = DONE_BY[group.action]
            actions.append(Line(text, x, y + (CHIP_HEIGHT + ACTION.size) // 2 - 2, ACTION))
            at, high = x + text_width(text, ACTION) + 6, CHIP_HEIGHT
        for number, agent in enumerate(group.agents):
            texts = wrap(agent.name, CHIP, width - MARK - CHIP_END)
            box_width = MARK + max(text_width(text, CHIP) for text in texts) + CHIP_END
            if at > x and at + box_width > x + width:
                if group.action and not number:
                    # Words alone in their row stand closer to what follows.
                    actions[-1] = Line(actions[-1].text, x, y + ACTION.size, ACTION)
                    high = ACTION.line - CHIP_GAP + 1
                at, y, high = x, y + high + CHIP_GAP, 0
            chips.append(_chip(agent, group.action, at, y, box_width, texts))
            at, high = chips[-1].box.right + CHIP_GAP, max(high, chips[-1].box.height)
        y += high + CHIP_GAP
    return actions, chips, y - CHIP_GAP


def _chip(agent: Agent, action: str, x: int, y: int, width: int, texts: tuple[str, ...]) -> Chip:
    first = y + (CHIP_HEIGHT + CHIP.size) // 2 - 2
    lines = tuple(Line(text, x + MARK, first + CHIP.line * number, CHIP) for number, text in enumerate(texts))
    return Chip(agent, action, Box(x, y, width, CHIP_HEIGHT + CHIP.line * (len(texts) - 1)), lines)

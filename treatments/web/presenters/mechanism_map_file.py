"""The mechanism map as a file of its own: with title, source and legend, and its colours written into it."""

from dataclasses import dataclass

from treatments.mechanism_map.boxes import Line
from treatments.mechanism_map.text import Face, text_width, wrap

from .mechanism_map import ArrowKey, ShownMap

MARGIN = 24
TITLE = Face("file-title", 20, 26, bold=True)
SOURCE = Face("file-source", 12, 17)
KEY = Face("file-key", 12, 20)
KEY_APART = 22
MARK_ROOM = 24  # in front of a key's text, for a mark,
FRAME_ROOM = 44  # and for an arrow or a frame

# The light colours of static/css/site.css; a test holds them equal.
COLOURS = {
    "paper": "#f8f7fa",
    "surface": "#ffffff",
    "sunken": "#f0edf4",
    "ink": "#1d1824",
    "ink_soft": "#554d60",
    "rule": "#dcd6e3",
    "rule_strong": "#857b92",
}
STAGE_COLOURS = {
    "conventional": "#44546a",
    "rediscovered_classic": "#8a5a00",
    "established": "#155a9c",
    "emerging": "#7a2fa0",
    "investigational": "#ad2672",
    "discontinued": "#5e5e66",
}
EFFECT_COLOURS = {
    "activates": "#1f4e79",
    "produces": "#00664f",
    "inhibits": "#8a4b00",
    "damages": "#a3241a",
}


@dataclass(frozen=True)
class Key:
    """An entry of the legend; its sign, a mark, an arrow or a class's frame, stands around (``x``, ``y``)."""

    x: int
    y: int
    line: Line
    stage: str = ""
    arrow: ArrowKey | None = None


@dataclass(frozen=True)
class Paper:
    """The map with what stands around it; the map itself begins at (``left``, ``top``)."""

    width: int
    height: int
    left: int
    top: int
    lines: list[Line]
    keys: list[Key]


def on_paper(shown: ShownMap, title: str, source: str) -> Paper:
    """``shown`` with its title, source and legend above it."""
    inner = shown.drawing.width
    y = MARGIN
    lines = []
    for text, face in ((title, TITLE), (source, SOURCE)):
        for part in wrap(text, face, inner):
            lines.append(Line(part, MARGIN, y + face.size, face))
            y += face.line
    y += KEY.line // 2
    signs: list[tuple[str, str, ArrowKey | None]] = [(label, stage, None) for stage, label in shown.stages]
    if shown.has_class:
        signs.append(("A class of treatments", "", None))
    keys: list[Key] = []
    for row in (signs, [(key.label, "", key) for key in shown.effects]):
        x = MARGIN
        for label, stage, arrow in row:
            before = MARK_ROOM if stage else FRAME_ROOM
            width = before + text_width(label, KEY)
            if x > MARGIN and x + width > MARGIN + inner:
                x, y = MARGIN, y + KEY.line
            middle = y + KEY.line // 2
            line = Line(label, x + before, middle + KEY.size // 3, KEY)
            keys.append(Key(x + before // 2 - 4, middle, line, stage, arrow))
            x += width + KEY_APART
        y += KEY.line if row else 0
    top = y + KEY.line // 2
    return Paper(inner + 2 * MARGIN, top + shown.drawing.height + MARGIN, MARGIN, top, lines, keys)

"""How plots look: colours, type, and how much room text takes."""

import re
from dataclasses import dataclass

# Arial and its metric twins are on every system, and the renderer brings one: text is as wide everywhere as it is here.
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
TEXT, SMALL, TITLE = 13, 12, 15
LINE = 17

# Widths of the letters of that family in thousandths of their size.
_WIDTHS = {
    letter: width
    for width, letters in {
        222: "ijl|'",
        278: " !,./:;ft[]I·",
        333: "-()r",
        500: "ckszvxyJ",
        556: "0123456789abdeghnopquL?$#–",
        584: "+<=>~±×",
        611: "FTZ",
        667: "ABEKPSVXY&",
        722: "CDHNRUw",
        778: "GOQ",
        833: "mM",
        889: "%",
        944: "W",
    }.items()
    for letter in letters
}
_OTHER, _WIDE = 600, 1000
_FIRST_WIDE = "\u1100"
_HEAVIER, _MORE = frozenset("bcdfghijklmnopqrstuvwxy"), 55  # what bold adds to these
# What an XML document cannot hold.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Theme:
    """The colours of one theme; the same as the tokens of the stylesheet."""

    name: str
    surface: str
    ink: str
    ink_soft: str
    rule: str
    rule_strong: str
    accent: str
    second: str  # --no-benefit: the slate that stands beside the accent
    level: str  # --level-bar


LIGHT = Theme("light", "#ffffff", "#1d1824", "#554d60", "#dcd6e3", "#857b92", "#63297f", "#3c4f66", "#1f4e79")
DARK = Theme("dark", "#1c1822", "#ece8f1", "#b5acc1", "#393243", "#857b94", "#d5aef0", "#aebfd4", "#8fc1ee")


@dataclass(frozen=True)
class Layout:
    """The room there is: ``wide`` for a desk, with words beside the plot; ``narrow`` for a phone, with words above."""

    name: str
    width: int
    margin: int

    @property
    def beside(self) -> bool:
        return self.name == "wide"

    @property
    def room(self) -> int:
        """The width between the margins."""
        return self.width - 2 * self.margin


WIDE = Layout("wide", 760, 16)
NARROW = Layout("narrow", 320, 12)


def printable(text: str) -> str:
    """``text`` in one line, without what an SVG file cannot hold."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of ``text`` in pixels, about right."""
    units = 0
    for letter in text:
        units += _WIDTHS.get(letter) or (_WIDE if letter >= _FIRST_WIDE else _OTHER)
        if bold and letter in _HEAVIER:
            units += _MORE
    return units * size / 1000


def wrap(text: str, width: float, size: float = TEXT, *, bold: bool = False, most: int = 6) -> list[str]:
    """``text`` in lines no wider than ``width``; what would need more than ``most`` of them ends in an ellipsis."""
    space = text_width(" ", size)
    lines: list[list[str]] = []
    taken = width + 1  # so that the first word begins a line
    for word in _words(printable(text), width, size, bold=bold):
        wide = text_width(word, size, bold=bold)
        if taken + space + wide <= width:
            lines[-1].append(word)
            taken += space + wide
        else:
            lines.append([word])
            taken = wide
    return _cut([" ".join(words) for words in lines], width, size, bold=bold, most=most)


def _cut(lines: list[str], width: float, size: float, *, bold: bool, most: int) -> list[str]:
    """The first ``most`` of ``lines``, the last with an ellipsis where there are more."""
    if len(lines) > most:
        last = lines[most - 1]
        while last and text_width(f"{last}…", size, bold=bold) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last.rstrip()}…"]
    return lines


def _words(text: str, width: float, size: float, *, bold: bool) -> list[str]:
    """The words of ``text``; those wider than a line are broken."""
    words = []
    for word in text.split():
        rest = word
        while text_width(rest, size, bold=bold) > width and len(rest) > 1:
            cut = next(
                (end for end in range(len(rest) - 1, 0, -1) if text_width(rest[:end], size, bold=bold) <= width), 1
            )
            words.append(rest[:cut])
            rest = rest[cut:]
        words.append(rest)
    return words

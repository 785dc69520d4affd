"""How wide text is before any browser has drawn it, and where it breaks.

Readers' fonts differ, so widths are those of DejaVu Sans, the widest of the fonts that pages are set in: text may come
out narrower than its box, not wider.
"""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Face:
    """One way that text is set in the figure: its size and the height of a line, in units of the drawing."""

    name: str
    size: int
    line: int
    bold: bool = False


# Advance widths of characters, in thousandths of the size, rounded up.
_PLAIN = {
    320: " '.,ijlIJ’·",
    360: "/\\:;|f-",
    415: "()[]tr!",
    500: '"*_`–',
    560: "“”sz?cçεLF",
    620: "kvxyγκPToδöaeéèY",
    660: "ESbdghnpqu0123456789${}μβαK",
    700: "AVXZBRC",
    790: "UNHDGOQ&",
    870: "wm#+<=>^~×−≥≤±M",
    1000: "@%W—",
}
_BOLD = {
    380: " '.,ijlIJ’·/\\|",
    440: ":;-f!",
    500: "()[]tr`_–",
    600: '"*?zcçsε',
    690: "xvykaeéèγTFEoδαöL“”",
    740: "hnubdgpq0123456789$κβ{}PCZYSμ",
    790: "BRXAVK",
    870: "UGDHNOQ&",
    1000: "wmM#+<=>^~×−≥≤±@—",
    1110: "%W",
}
_UNKNOWN = 1000  # as wide as the letter is high
FEWEST = 3  # letters before and after a hyphen at which a word may be broken
_WIDTHS = {
    bold: {character: width for width, characters in table.items() for character in characters}
    for bold, table in ((False, _PLAIN), (True, _BOLD))
}
_WIDTHS[False]["m"] = 980


def text_width(text: str, face: Face) -> int:
    """How wide ``text`` is at most, in units of the drawing."""
    widths = _WIDTHS[face.bold]
    return -(-sum(widths.get(character, _UNKNOWN) for character in text) * face.size // 1000)


@lru_cache(maxsize=4096)
def wrap(text: str, face: Face, width: int) -> tuple[str, ...]:
    """``text`` in lines no wider than ``width``, broken between words and after hyphens and slashes within them.

    A word wider than a line is broken with a hyphen wherever the line ends.
    """
    lines = [""]
    for piece in (part for word in text.split() for part in _parts(word, face, width)):
        if text_width((lines[-1] + piece).rstrip(), face) <= width:
            lines[-1] += piece
        else:
            lines.append(piece)
    return tuple(stripped for line in lines if (stripped := line.strip())) or ("",)


def _parts(word: str, face: Face, width: int) -> list[str]:
    """What of a word may stand on a line of its own; the last part with the space after it."""
    parts = []
    start = 0
    for place, character in enumerate(word, start=1):
        if character in "-/" and place - start >= FEWEST and len(word) - place >= FEWEST:
            parts.append(word[start:place])
            start = place
    parts.append(word[start:])
    *before, end = (piece for part in parts for piece in _broken(part, face, width))
    return [*before, f"{end} "]


def _broken(part: str, face: Face, width: int) -> list[str]:
    """``part`` in pieces that fit, each but the last with a hyphen."""
    pieces = []
    while text_width(part, face) > width and len(part) > 1:
        fits = next((end for end in range(len(part) - 1, 1, -1) if text_width(f"{part[:end]}-", face) <= width), 1)
        pieces.append(f"{part[:fits]}-")
        part = part[fits:]
    return [*pieces, part]

"""The addresses of drawn plots: one address without an ending, and an ending for each form of the drawing."""

import re
from dataclasses import dataclass

from treatments.charts.look import DARK, LIGHT, NARROW, WIDE, Layout, Theme

SVG, PNG, JSON = "svg", "png", "json"


@dataclass(frozen=True)
class Form:
    """How a plot is wanted: ".svg", ".narrow.svg", ".dark.png", ".narrow.dark.json". A desk and light unless said."""

    file: str = SVG
    layout: Layout = WIDE
    theme: Theme = LIGHT

    @property
    def ending(self) -> str:
        narrow = f".{NARROW.name}" if self.layout is NARROW else ""
        dark = f".{DARK.name}" if self.theme is DARK else ""
        return f"{narrow}{dark}.{self.file}"


class FormConverter:
    """The ending of an address as a ``Form``."""

    regex = rf"(?:\.{NARROW.name})?(?:\.{DARK.name})?\.(?:{SVG}|{PNG}|{JSON})"

    def to_python(self, value: str) -> Form:
        *looks, file = re.findall(r"[a-z]+", value)
        return Form(file, NARROW if NARROW.name in looks else WIDE, DARK if DARK.name in looks else LIGHT)

    def to_url(self, value: Form) -> str:
        return value.ending

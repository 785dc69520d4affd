"""Draws a specification: SVG for screens and print, PNG for slides.

The renderer runs in a thread of its own inside the process, starts at the first plot (about half a second) and serves
all threads; nothing is ever loaded from elsewhere. It is imported here and not at the start, because a process that
is forked afterwards would be left with a renderer that has no thread.
"""

from xml.etree import ElementTree

from .canvas import Chart
from .look import text_width

VEGA_LITE = "6.4"
PNG_SCALE = 2  # pixels of the image to one of the drawing, for print and dense screens
SVG = "http://www.w3.org/2000/svg"


def svg(chart: Chart) -> str:
    """The drawing, named and described for those who do not see it; no style attribute, no script."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(chart.spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own renderer wrote it
    root.attrib.pop("class", None)
    for name, text in (("desc", chart.description), ("title", chart.title)):
        part = ElementTree.Element(f"{{{SVG}}}{name}", {"id": name})
        part.text = text
        root.insert(0, part)
    for line in root.iter(f"{{{SVG}}}text"):
        _hold_width(line)
    root.attrib |= {"role": "img", "aria-labelledby": "title", "aria-describedby": "desc"}
    return ElementTree.tostring(root, encoding="unicode")


def _hold_width(text: ElementTree.Element) -> None:
    """Let ``text`` be as wide as the plot was laid out for, whatever font a reader's system puts in place of ours."""
    if text.get("text-anchor") == "start" and text.text:
        size = float(text.get("font-size", "0").removesuffix("px"))
        width = text_width(text.text, size, bold=text.get("font-weight") == "bold")
        text.attrib |= {"textLength": f"{width:.1f}", "lengthAdjust": "spacingAndGlyphs"}


def png(chart: Chart) -> bytes:
    """The same drawing as an image of ``PNG_SCALE`` times its size."""
    import vl_convert

    return vl_convert.svg_to_png(svg(chart), scale=PNG_SCALE)

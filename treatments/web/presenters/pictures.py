"""Plots as pages show them: the same drawing for both themes and two widths, with its size, and its downloads."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from treatments.charts.by_year import Strip, by_year_plot
from treatments.charts.canvas import Chart
from treatments.charts.forest import forest_plot
from treatments.charts.look import DARK, LIGHT, NARROW, WIDE, Layout, Theme
from treatments.charts.phenotype import Frequency, phenotype_plot
from treatments.models import PhenotypeAssociation
from treatments.models.choices import Population
from treatments.web.drawings import JSON, PNG, SVG, Form

from .figures import association_frequency
from .forest import MeasurePlot
from .years import Years

Drawing = Callable[[Layout, Theme], Chart]


@dataclass(frozen=True)
class Image:
    """The drawing in one theme, at both widths."""

    theme: str
    wide: str
    narrow: str


@dataclass(frozen=True)
class Picture:
    """A plot in a page. Sizes are in CSS pixels, so that nothing moves when it arrives."""

    alt: str
    images: list[Image]
    wide: Chart
    narrow: Chart
    svg: str
    png: str
    json: str


def picture(draw: Drawing, alt: str, name: str, *args: object) -> Picture:
    """The picture of ``draw``, whose addresses are named ``name`` and take ``args`` and the form."""

    def url(file: str, layout: Layout = WIDE, theme: Theme = LIGHT) -> str:
        return reverse(name, args=[*args, Form(file, layout, theme)])

    return Picture(
        alt=alt,
        images=[Image(theme.name, url(SVG, WIDE, theme), url(SVG, NARROW, theme)) for theme in (LIGHT, DARK)],
        wide=draw(WIDE, LIGHT),
        narrow=draw(NARROW, LIGHT),
        svg=url(SVG),
        png=url(PNG),
        json=url(JSON),
    )


def origin(revision: int) -> str:
    """The line that says where a drawing comes from, wherever it ends up."""
    return f"Dermatomyositis treatment knowledge base, data revision {revision}. Not medical advice."


# Results -------------------------------------------------------------------------------------------------------------


def forest_drawing(treatment: str, plot: MeasurePlot, revision: int) -> Drawing:
    notes = ["Each row is one result of one publication, as printed there. Nothing is pooled here."]
    if plot.not_drawn:
        left = f"{plot.not_drawn} more result{'' if plot.not_drawn == 1 else 's'}"
        notes.append(f"{left} without a figure that could be drawn: see the table on the page.")
    notes.append(origin(revision))
    title = f"{treatment}: {plot.measure.name}"
    return lambda layout, theme: forest_plot(title, plot.panels, layout, theme, notes)


def forest_picture(treatment: str, slug: str, plot: MeasurePlot, revision: int) -> Picture:
    alt = (
        f"Forest plot: {treatment}, {plot.measure.name}, {plot.drawn} result{'' if plot.drawn == 1 else 's'}."
        " The table that follows has the same figures."
    )
    return picture(
        forest_drawing(treatment, plot, revision), alt, "web:treatment-results-drawing", slug, plot.measure.slug
    )


# Years ---------------------------------------------------------------------------------------------------------------


def years_drawing(about: str, strips: list[Strip], revision: int) -> Drawing:
    """``about`` is what the entries are on; empty for all of them."""
    title = f"{about}: evidence by year and level" if about else "Evidence by year and level"
    notes = ["Number of entries by year of publication, whichever way they point.", *in_words(strips), origin(revision)]
    return lambda layout, theme: by_year_plot(title, strips, layout, theme, notes)


def years_picture(found: Years, about: str, revision: int, name: str, *args: object) -> Picture | None:
    """The picture of evidence by year; None where no entry has a year."""
    if not found.dated:
        return None
    of = f", {about}" if about else ""
    alt = f"Bars: evidence by year and level{of}. The table that follows has the same numbers."
    return picture(years_drawing(about, found.strips, revision), alt, name, *args)


def in_words(strips: Iterable[Strip]) -> list[str]:
    """What the strips cannot show: entries without a year, and levels without entries."""
    strips = list(strips)
    undated = [
        f"{strip.without_year} ({strip.name.partition(':')[0].lower()})" for strip in strips if strip.without_year
    ]
    empty = [strip.name.partition(":")[0].lower() for strip in strips if not strip.total]
    said = []
    if undated:
        said.append(f"Without a year, and so without a bar: {', '.join(undated)}.")
    if empty:
        said.append(f"No entry: {', '.join(empty)}.")
    return said


# Phenotypes ----------------------------------------------------------------------------------------------------------


def frequencies(claims: Iterable[PhenotypeAssociation]) -> list[Frequency]:
    """Those of ``claims`` that have a frequency, in their order."""
    return [
        Frequency(
            manifestation=claim.manifestation.name,
            population=Population(claim.population),
            strength=claim.get_strength_display(),
            low=low,
            high=high,
            figures=association_frequency(claim),
            entered={
                "association": claim.accession,
                "version": claim.version,
                "manifestation": claim.manifestation.name,
                "strength": claim.strength,
            },
        )
        for claim in claims
        for low, high in _range(claim)
    ]


def _range(claim: PhenotypeAssociation) -> Iterable[tuple[float, float]]:
    """The one range of ``claim``, as numbers to draw; nothing where no frequency is recorded."""
    ends: list[Decimal | None] = [claim.frequency_low, claim.frequency_high]
    low, high = ends
    return [] if low is None or high is None else [(float(low), float(high))]


def phenotype_drawing(antibody: str, claims: Iterable[PhenotypeAssociation], revision: int) -> Drawing:
    claims = list(claims)
    found = frequencies(claims)
    notes = ["Percent of those with the antibody: the lowest and the highest frequency reported."]
    if rest := len(claims) - len(found):
        notes.append(
            f"{rest} more association{'' if rest == 1 else 's'} without a frequency: see the table on the page."
        )
    notes.append(origin(revision))
    return lambda layout, theme: phenotype_plot(f"{antibody}: phenotype", found, layout, theme, notes)


def phenotype_picture(
    antibody: str, slug: str, claims: Iterable[PhenotypeAssociation], revision: int
) -> Picture | None:
    """The picture of the phenotype; None where no frequency is recorded."""
    claims = list(claims)
    if not frequencies(claims):
        return None
    alt = (
        f"Ranges: how often those with {antibody} have each manifestation. The table that follows has the same figures."
    )
    return picture(phenotype_drawing(antibody, claims, revision), alt, "web:phenotype-drawing", slug)

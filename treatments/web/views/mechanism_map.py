"""The mechanism map: on the page of all mechanisms, small on the pages of one, and as a file."""

from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format

from treatments.mechanism_map.drawing import draw
from treatments.mechanism_map.figure import Figure, pathways_only
from treatments.middleware.code_version import code_version
from treatments.models import DatasetRevision, Mechanism, MechanismOfAction, Treatment
from treatments.web import reading
from treatments.web.presenters import mechanism_map as presenter
from treatments.web.presenters import mechanism_map_file as files
from treatments.web.presenters import mechanisms as trees

from .pages import Context

WIDTH = 1200  # of the figure on a page and in a file: what a window of 1280 has room for
TITLE = "Mechanisms of dermatomyositis, and the treatments that act on them"
PNG_SCALE = 2  # dots a unit of the drawing: sharp in print up to A4
NARROW, WIDE = 328, 700  # of the pathways alone: on a phone of 360, and beside a table of contents

Outlines = dict[str, presenter.ShownMap]


def beside(rows: Sequence[Mechanism]) -> Context:
    """What the page of all mechanisms shows for ``rows``: their tree, and the map with them lit if they are not all."""
    interactions = list(reading.interaction_rows(reading.interactions()))
    whole = reading.mechanism_figure(interactions)
    places = [place for pathway in whole.pathways for place in pathway.places]
    acting = [(place.key, agent.key) for place in places for group in place.acting for agent in group.agents]
    found = {row.pk: "matches" for row in rows}
    lit = found if len(found) < len(places) else {}
    pathway_of = whole.pathway_of()
    shown = presenter.shown(whole, draw(whole, WIDTH), lit)
    return {
        "roots": trees.tree(rows, acting),
        "acting": presenter.in_words(whole),
        "unplaced": presenter.unplaced_in_words(whole),
        "placed": len({treatment for _, treatment in acting}),
        "map": shown,
        "outline": _outline(whole, NARROW, {pathway_of[key]: note for key, note in lit.items()}),
        "interactions": presenter.in_reading_order(interactions, shown),
    }


def outlines_of(treatment: Treatment, actions: Sequence[MechanismOfAction]) -> Outlines | None:
    """The pathways with those lit that ``treatment`` acts on; nothing where no mechanism is recorded."""
    if not actions:
        return None
    whole = reading.mechanism_outline(reading.all_mechanisms())
    done = presenter.acts_in(whole, actions)
    return _outlines(whole, {key: f"{treatment.name} {words}" for key, words in done.items()})


def outlines_at(mechanism: Mechanism, mechanisms: Sequence[Mechanism]) -> Outlines:
    """The pathways with the one lit that ``mechanism`` is or belongs to."""
    whole = reading.mechanism_outline(mechanisms)
    home = whole.pathway_of()[mechanism.pk]
    return _outlines(whole, {home: "this page" if home == mechanism.pk else f"{mechanism.name} belongs to it"})


def _outlines(whole: Figure, lit: dict[int, str]) -> Outlines:
    return {"narrow": _outline(whole, NARROW, lit), "wide": _outline(whole, WIDE, lit)}


def _outline(whole: Figure, width: int, lit: dict[int, str]) -> presenter.ShownMap:
    pathways = pathways_only(whole)
    return presenter.shown(pathways, draw(pathways, width, small=True), lit)


# As a file ------------------------------------------------------------------------------------------------------------


def svg(request: HttpRequest) -> HttpResponse:
    """The map as an SVG file that needs nothing else."""
    response = HttpResponse(_file(), content_type="image/svg+xml")
    # Opened by itself it is a document, whose own style the policy of pages would forbid.
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    response._csp_update = {"style-src": [f"'sha256-{digest}'"]}  # type: ignore[attr-defined]
    return response


def png(request: HttpRequest) -> HttpResponse:
    """The map as a PNG image, drawn once a revision: that takes a second, and it is too large for the answers kept."""
    # The revision is read before the data: the image may be newer than its name says, never older.
    name = f"mechanism-map-png:{code_version()}:{DatasetRevision.current().state}"
    return HttpResponse(cache.get_or_set(name, _image), content_type="image/png")


def _file() -> str:
    whole = reading.mechanism_figure(reading.interactions())
    shown = presenter.shown(whole, draw(whole, WIDTH))
    revision = DatasetRevision.current()
    source = (
        f"Dermatomyositis treatment knowledge base, {settings.SITE_URL}{reverse('web:mechanisms')}, data revision"
        f" {revision.number}, {date_format(revision.changed_at, 'j F Y')}. What is absent was not recorded. Not medical"
        " advice."
    )
    context = {
        "map": shown,
        "paper": files.on_paper(shown, TITLE, source),
        "title": TITLE,
        "source": source,
        "style": _style(),
        "base": settings.SITE_URL,
    }
    return render_to_string("web/mechanism_map.svg", context)


def _image() -> bytes:
    import vl_convert

    return vl_convert.svg_to_png(_file(), scale=PNG_SCALE)


@lru_cache
def _style() -> str:
    """The style sheet inside the file, the same for every file."""
    context = {
        "colours": files.COLOURS,
        "stages": files.STAGE_COLOURS.items(),
        "effects": files.EFFECT_COLOURS.items(),
    }
    return render_to_string("web/mechanism_map.css", context)

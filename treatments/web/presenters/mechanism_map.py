"""The mechanism map as pages show it: the drawing with its words, and what in it is lit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from treatments.mechanism_map.arrows import DrawnArrow, end_path, line_path
from treatments.mechanism_map.boxes import DONE_BY, Chip, Panel, PlaceBox
from treatments.mechanism_map.drawing import Drawing
from treatments.mechanism_map.figure import Agent, Arrow, Figure
from treatments.models import MechanismInteraction, MechanismOfAction
from treatments.models.choices import InteractionEffect, MechanismAction, TreatmentStage

_STAGE = {str(stage.value): str(stage.label) for stage in TreatmentStage}
_ACTION = {str(action.value): str(action.label).lower() for action in MechanismAction}
_EFFECT = {str(effect.value): str(effect.label) for effect in InteractionEffect}
KEY_ARROW = ((1, 8), (35, 8))  # an arrow of the legend, in 36 x 16


@dataclass(frozen=True)
class ShownChip:
    """A treatment; ``words`` begin with its name, which is what is seen of it."""

    chip: Chip
    words: str


@dataclass(frozen=True)
class ShownPlace:
    """A mechanism; ``note`` says why it is lit and is empty where it is not."""

    box: PlaceBox
    chips: list[ShownChip]
    note: str


@dataclass(frozen=True)
class ShownArrow:
    """An interaction; ``start`` and ``end`` are the slugs of the pathways it joins."""

    drawn: DrawnArrow
    words: str
    start: str
    end: str
    lit: bool


@dataclass(frozen=True)
class ShownPanel:
    """A panel with the arrows that start in it; ``lit`` where its pathway itself is."""

    panel: Panel
    places: list[ShownPlace]
    arrows: list[ShownArrow]
    lit: bool


@dataclass(frozen=True)
class ArrowKey:
    """An entry of the legend: a kind of arrow with its paths and its meaning."""

    effect: str
    label: str
    line: str
    end: str


@dataclass(frozen=True)
class ShownMap:
    """A drawing with its words. Where something is lit, the rest steps back.

    ``stages`` (value, label), ``effects`` and ``has_class`` are what of the legend occurs in the drawing.
    """

    drawing: Drawing
    panels: list[ShownPanel]
    some_lit: bool
    stages: list[tuple[str, str]]
    effects: list[ArrowKey]
    has_class: bool


def shown(figure: Figure, drawing: Drawing, lit: Mapping[int, str] | None = None) -> ShownMap:
    """``drawing`` of ``figure``; ``lit`` has the keys of the mechanisms that stand out, with the reason in words."""
    notes = lit or {}
    places = {place.key: place for pathway in figure.pathways for place in pathway.places}
    pathway_of = figure.pathway_of()
    arrows: dict[int, list[ShownArrow]] = {}
    for drawn in drawing.arrows:
        start, end = places[drawn.arrow.upstream], places[drawn.arrow.downstream]
        home, goal = pathway_of[start.key], pathway_of[end.key]
        words = f"{start.name} {_EFFECT[drawn.arrow.effect].lower()} {end.name}"
        touches = start.key in notes or end.key in notes
        arrows.setdefault(home, []).append(ShownArrow(drawn, words, places[home].slug, places[goal].slug, touches))
    panels = []
    for panel in drawing.panels if drawing.unplaced is None else (*drawing.panels, drawing.unplaced):
        boxes = [
            ShownPlace(box, [ShownChip(chip, _words(chip, box)) for chip in box.chips], notes.get(box.place.key, ""))
            for box in panel.places
        ]
        arrows_here = arrows.get(panel.pathway.head.key, [])
        panels.append(ShownPanel(panel, boxes, arrows_here, bool(boxes[0].note)))
    agents = [row.chip.agent for panel in panels for place in panel.places for row in place.chips]
    stages = {agent.stage for agent in agents}
    effects = {drawn.arrow.effect for drawn in drawing.arrows}
    return ShownMap(
        drawing,
        panels,
        some_lit=bool(notes),
        stages=[(stage, label) for stage, label in _STAGE.items() if stage in stages],
        effects=[
            ArrowKey(effect, label, line_path(KEY_ARROW, effect), end_path(KEY_ARROW, effect))
            for effect, label in _EFFECT.items()
            if effect in effects
        ],
        has_class=any(agent.is_class for agent in agents),
    )


def _words(chip: Chip, box: PlaceBox) -> str:
    does = f" {_ACTION[chip.action]} {box.place.name}" if chip.action else ""
    return f"{chip.agent.name}{does}. {_STAGE[chip.agent.stage]}."


def acts_in(figure: Figure, actions: Iterable[MechanismOfAction]) -> dict[int, str]:
    """For each pathway that these actions reach, by its key, what is done in it."""
    pathway_of = figure.pathway_of()
    done: dict[int, list[str]] = {}
    for action in actions:
        if action.mechanism_id in pathway_of:
            words = f"{_ACTION[action.action]} {action.mechanism.name}"
            done.setdefault(pathway_of[action.mechanism_id], []).append(words)
    return {key: "; ".join(words) for key, words in done.items()}


def in_words(figure: Figure) -> dict[int, list[tuple[str, list[tuple[Agent, str]]]]]:
    """For the key of each mechanism what acts on it: ("inhibited by", [(treatment, its stage in words)])."""
    return {
        place.key: [
            (DONE_BY[group.action], [(agent, _STAGE[agent.stage].lower()) for agent in group.agents])
            for group in place.acting
        ]
        for pathway in figure.pathways
        for place in pathway.places
        if place.acting
    }


def unplaced_in_words(figure: Figure) -> list[tuple[Agent, str]]:
    """Treatments that act on no mechanism of the figure, each with its stage in words."""
    return [(agent, _STAGE[agent.stage].lower()) for agent in figure.unplaced]


def in_reading_order(rows: Iterable[MechanismInteraction], shown_map: ShownMap) -> list[MechanismInteraction]:
    """The interactions that the map shows, as one meets them in it: by where they start."""
    by_arrow = {Arrow(row.upstream_id, row.downstream_id, row.effect): row for row in rows}
    return [by_arrow[arrow.drawn.arrow] for panel in shown_map.panels for arrow in panel.arrows]

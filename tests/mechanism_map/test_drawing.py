"""Where things stand in the map: for the real data, and for whatever curators may enter."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mechanism_map.geometry import faults, pieces
from treatments.mechanism_map.drawing import Drawing, draw
from treatments.mechanism_map.figure import Acting, Agent, Arrow, Figure, Pathway, Place, pathways_only
from treatments.models.choices import InteractionEffect, MechanismAction, TreatmentStage
from treatments.web import reading
from treatments.web.views.mechanism_map import NARROW, WIDE, WIDTH

# Narrow and wide letters, what words may be broken at, and letters whose width is not known.
words = st.text("ilaeWM-/γ中", min_size=1, max_size=30)
titles = st.lists(words, min_size=1, max_size=5).map(" ".join)


@st.composite
def figures(draw_from) -> Figure:
    """Any figure: names of any length, targets at any depth, arrows between anything."""
    number = iter(range(1, 1000))

    def place(depth: int) -> Place:
        agents = st.builds(
            Agent,
            key=st.integers(1, 99),
            slug=st.just("example"),
            name=titles,
            stage=st.sampled_from(list(TreatmentStage.values)),
            is_class=st.booleans(),
        )
        groups = st.builds(
            Acting, st.sampled_from(list(MechanismAction.values)), st.lists(agents, min_size=1, max_size=4).map(tuple)
        )
        acting = tuple(draw_from(st.lists(groups, max_size=3)))
        return Place(next(number), "example", draw_from(titles), depth, acting)

    pathways = []
    for _ in range(draw_from(st.integers(0, 9))):
        depths = draw_from(st.lists(st.integers(1, 7), max_size=4))
        pathways.append(Pathway(place(0), tuple(place(depth) for depth in depths)))
    keys = [one.key for pathway in pathways for one in pathway.places]
    arrows = []
    if len(keys) > 1:
        pairs = st.tuples(st.sampled_from(keys), st.sampled_from(keys)).filter(lambda pair: pair[0] != pair[1])
        drawn = draw_from(
            st.lists(st.tuples(pairs, st.sampled_from(list(InteractionEffect.values))), max_size=25, unique=True)
        )
        arrows = [Arrow(*pair, effect) for pair, effect in drawn]
    unplaced = draw_from(st.lists(titles, max_size=3))
    agents = tuple(Agent(100 + place, "example", name, "emerging") for place, name in enumerate(unplaced))
    return Figure(tuple(pathways), tuple(arrows), agents)


def shared(drawing: Drawing) -> list[tuple[Arrow, Arrow]]:
    """Arrows of which one runs on top of another for a while."""
    found = []
    for one, other in combinations(drawing.arrows, 2):
        for piece in pieces(one.points):
            for its in pieces(other.points):
                upright = piece.width == 0 and its.width == 0 and piece.x == its.x
                level = piece.height == 0 and its.height == 0 and piece.y == its.y
                along = min(piece.bottom, its.bottom) - max(piece.y, its.y)
                across = min(piece.right, its.right) - max(piece.x, its.x)
                if (upright and along > 0) or (level and across > 0):
                    found.append((one.arrow, other.arrow))
    return found


@given(figures(), st.sampled_from([NARROW, WIDE, WIDTH]))
@settings(max_examples=25)
def test_any_figure_fits_and_nothing_overlaps(figure: Figure, width: int):
    drawing = draw(figure, width)
    assert faults(drawing) == []
    assert drawing.width == width
    assert len(drawing.panels) == len(figure.pathways)
    assert {arrow.arrow for arrow in drawing.arrows} == set(figure.arrows)
    chips = [
        (place.place.key, chip.action, chip.agent)
        for panel in drawing.panels
        for place in panel.places
        for chip in place.chips
    ]
    entered = [
        (place.key, group.action, agent)
        for pathway in figure.pathways
        for place in pathway.places
        for group in place.acting
        for agent in group.agents
    ]
    assert sorted(chips, key=str) == sorted(entered, key=str)
    outline = pathways_only(figure)
    assert faults(draw(outline, NARROW, small=True)) == []


@pytest.fixture
def real(db) -> Figure:
    return reading.mechanism_figure(reading.interactions())


@pytest.mark.parametrize("width", [NARROW, WIDE, WIDTH])
def test_the_real_map_fits_nothing_overlaps_and_no_arrow_hides_another(real: Figure, width: int):
    drawing = draw(real, width)
    assert faults(drawing) == []
    assert shared(drawing) == []
    outline = draw(pathways_only(real), width, small=True)
    assert faults(outline) == []
    assert shared(outline) == []

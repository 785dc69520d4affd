"""What the mechanism map shows, before anything has a place on paper.

A pathway is a mechanism that stands at the top of the tree, with everything below it as its targets. Treatments stand
at the mechanisms they act on, grouped by what they do there; arrows are the recorded interactions.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from treatments.charts.look import printable
from treatments.models import Mechanism, MechanismInteraction, MechanismOfAction, Treatment
from treatments.models.choices import MechanismAction, TreatmentKind

from .order import chained

# Actions in the order of their list of words.
_ACTIONS = list(MechanismAction.values)


@dataclass(frozen=True)
class Agent:
    """A treatment in the figure."""

    key: int
    slug: str
    name: str
    stage: str
    is_class: bool = False


@dataclass(frozen=True)
class Acting:
    """Treatments that do the same to a mechanism; ``action`` is empty for those with no recorded mechanism."""

    action: str
    agents: tuple[Agent, ...]


@dataclass(frozen=True)
class Place:
    """A mechanism in the figure; ``depth`` 0 is a pathway itself. Without a slug it is no mechanism and no link."""

    key: int
    slug: str
    name: str
    depth: int = 0
    acting: tuple[Acting, ...] = ()


@dataclass(frozen=True)
class Pathway:
    """One panel of the figure: a mechanism at the top of the tree, and all below it in the order they are drawn."""

    head: Place
    targets: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.head, *self.targets)


@dataclass(frozen=True)
class Arrow:
    """What the mechanism with key ``upstream`` does to the one with key ``downstream``."""

    upstream: int
    downstream: int
    effect: str


@dataclass(frozen=True)
class Figure:
    """All that is drawn. ``unplaced`` are treatments that act on no mechanism of the figure."""

    pathways: tuple[Pathway, ...]
    arrows: tuple[Arrow, ...]
    unplaced: tuple[Agent, ...] = ()

    def pathway_of(self) -> dict[int, int]:
        """For the key of each mechanism, the key of its pathway."""
        return {place.key: pathway.head.key for pathway in self.pathways for place in pathway.places}


def figure(
    mechanisms: Iterable[Mechanism],
    interactions: Iterable[MechanismInteraction],
    actions: Iterable[MechanismOfAction] = (),
    treatments: Iterable[Treatment] = (),
) -> Figure:
    """The figure of these rows. What points at a row that is not among them (a retired one) is left out."""
    known = {mechanism.pk: mechanism for mechanism in mechanisms}
    agents = {row.pk: _agent(row) for row in treatments}
    acting: dict[int, list[tuple[str, Agent]]] = {}
    placed = set()
    for row in actions:
        if row.mechanism_id in known and row.treatment_id in agents:
            acting.setdefault(row.mechanism_id, []).append((row.action, agents[row.treatment_id]))
            placed.add(row.treatment_id)
    arrows = tuple(
        Arrow(row.upstream_id, row.downstream_id, row.effect)
        for row in interactions
        if row.upstream_id in known and row.downstream_id in known
    )
    below: dict[int | None, list[Mechanism]] = {}
    for mechanism in sorted(known.values(), key=lambda row: (row.name, row.slug)):
        below.setdefault(mechanism.parent_id if mechanism.parent_id in known else None, []).append(mechanism)

    def place(mechanism: Mechanism, depth: int) -> Place:
        here = _grouped(acting.get(mechanism.pk, []))
        return Place(mechanism.pk, mechanism.slug, printable(mechanism.name), depth, here)

    def targets(mechanism: Mechanism, depth: int) -> Iterator[Place]:
        children = below.get(mechanism.pk, [])
        branch_of = {key: child.pk for child in children for key in _keys(child.pk, below)}
        links = [
            (branch_of[arrow.upstream], branch_of[arrow.downstream])
            for arrow in arrows
            if arrow.upstream in branch_of and arrow.downstream in branch_of
        ]
        for key in chained([child.pk for child in children], links):
            yield place(known[key], depth)
            yield from targets(known[key], depth + 1)

    return Figure(
        tuple(Pathway(place(top, 0), tuple(targets(top, 1))) for top in below.get(None, [])),
        arrows,
        tuple(sorted((agent for key, agent in agents.items() if key not in placed), key=_by_name)),
    )


def pathways_only(whole: Figure) -> Figure:
    """The figure with pathways alone: what holds between their targets is said once between the pathways."""
    pathway_of = whole.pathway_of()
    between = {
        Arrow(pathway_of[arrow.upstream], pathway_of[arrow.downstream], arrow.effect): None for arrow in whole.arrows
    }
    return Figure(
        tuple(Pathway(replace(pathway.head, acting=())) for pathway in whole.pathways),
        tuple(arrow for arrow in between if arrow.upstream != arrow.downstream),
    )


def _agent(treatment: Treatment) -> Agent:
    is_class = treatment.kind == TreatmentKind.CLASS
    return Agent(treatment.pk, treatment.slug, printable(treatment.name), treatment.stage, is_class)


def _by_name(agent: Agent) -> tuple[str, str]:
    return agent.name, agent.slug


def _grouped(acting: Sequence[tuple[str, Agent]]) -> tuple[Acting, ...]:
    ordered = sorted(acting, key=lambda pair: (_ACTIONS.index(pair[0]), _by_name(pair[1])))
    return tuple(
        Acting(action, tuple(agent for _, agent in pairs)) for action, pairs in groupby(ordered, lambda pair: pair[0])
    )


def _keys(key: int, below: dict[int | None, list[Mechanism]]) -> Iterator[int]:
    """``key`` and the keys of everything below it."""
    yield key
    for child in below.get(key, []):
        yield from _keys(child.pk, below)

"""What the map shows follows from the records."""

from datetime import date

import pytest

from tests import builders
from treatments.mechanism_map.boxes import DONE_BY
from treatments.mechanism_map.drawing import draw
from treatments.mechanism_map.figure import Arrow, Figure, pathways_only
from treatments.models import Mechanism, MechanismInteraction, MechanismOfAction, Treatment
from treatments.models.choices import MechanismAction
from treatments.web import reading

pytestmark = pytest.mark.django_db


def figure() -> Figure:
    return reading.mechanism_figure(reading.interactions())


def agents_at(found: Figure, mechanism: Mechanism) -> dict[str, list[str]]:
    (place,) = [one for pathway in found.pathways for one in pathway.places if one.key == mechanism.pk]
    return {group.action: [agent.name for agent in group.agents] for group in place.acting}


def test_the_real_figure_has_every_mechanism_interaction_and_treatment():
    found = figure()
    keys = [place.key for pathway in found.pathways for place in pathway.places]
    assert sorted(keys) == sorted(Mechanism.objects.values_list("pk", flat=True))
    assert len(found.arrows) == MechanismInteraction.objects.count()
    placed = {
        (place.key, agent.key, group.action)
        for pathway in found.pathways
        for place in pathway.places
        for group in place.acting
        for agent in group.agents
    }
    assert placed == set(MechanismOfAction.objects.values_list("mechanism", "treatment", "action"))
    without = Treatment.objects.filter(mechanisms_of_action__isnull=True)
    assert {agent.key for agent in found.unplaced} == set(without.values_list("pk", flat=True))


def test_an_action_that_is_entered_puts_the_treatment_at_its_target():
    target, treatment = builders.mechanism(parent=builders.mechanism()), builders.treatment()
    assert treatment.name in [agent.name for agent in figure().unplaced]
    MechanismOfAction.objects.create(treatment=treatment, mechanism=target, action=MechanismAction.DEPLETES)
    assert agents_at(figure(), target) == {"depletes": [treatment.name]}
    assert treatment.name not in [agent.name for agent in figure().unplaced]


def test_an_interaction_that_is_entered_becomes_an_arrow_and_moves_what_it_joins():
    first, second = builders.mechanism("Aaa"), builders.mechanism("Bbb")
    before = draw(figure(), 1200)
    MechanismInteraction.objects.create(upstream=second, downstream=first, effect="inhibits")
    after = draw(figure(), 1200)
    assert Arrow(second.pk, first.pk, "inhibits") in {arrow.arrow for arrow in after.arrows}
    assert before.panels != after.panels


def test_what_is_retired_is_not_drawn():
    pathway = builders.mechanism()
    target = builders.mechanism(parent=pathway)
    treatment = builders.treatment()
    MechanismOfAction.objects.create(treatment=treatment, mechanism=target, action="inhibits")
    builders.mechanism_interaction(upstream=pathway, downstream=target)
    arrows = len(figure().arrows)
    for row in (treatment, pathway):
        row.retired_on, row.retirement_reason = date(2026, 11, 1), "Made up."
        row.save()
    found = figure()
    assert agents_at(found, target) == {}
    assert len(found.arrows) == arrows - 1
    assert target.pk in [one.head.key for one in found.pathways], "its parent is gone, so it stands by itself"


def test_targets_follow_each_other_as_they_act_on_each_other():
    pathway = builders.mechanism()
    last, first, loose = (builders.mechanism(name, parent=pathway) for name in ("Aaa", "Bbb", "Ccc"))
    part = builders.mechanism(parent=last)
    builders.mechanism_interaction(upstream=first, downstream=part)
    (found,) = [one for one in figure().pathways if one.head.key == pathway.pk]
    assert [(place.key, place.depth) for place in found.targets] == [
        (first.pk, 1),
        (last.pk, 1),
        (part.pk, 2),
        (loose.pk, 1),
    ]


def test_between_pathways_each_effect_is_said_once_and_nothing_within_one():
    one, other = builders.mechanism(), builders.mechanism()
    parts = [builders.mechanism(parent=one) for _ in range(2)]
    for part in parts:
        builders.mechanism_interaction(upstream=part, downstream=other)
    builders.mechanism_interaction(upstream=parts[0], downstream=parts[1])
    outline = pathways_only(figure())
    assert [arrow for arrow in outline.arrows if arrow.upstream == one.pk] == [Arrow(one.pk, other.pk, "activates")]
    assert all(not pathway.targets and not pathway.head.acting for pathway in outline.pathways)


def test_a_name_holds_nothing_that_an_svg_file_cannot():
    pathway = builders.mechanism(name="Pasted\x02 from\x0b a manuscript")
    (found,) = [one.head for one in figure().pathways if one.head.key == pathway.pk]
    assert found.name.startswith("Pasted from a manuscript")


def test_every_action_has_its_words():
    assert set(DONE_BY) == set(MechanismAction.values)

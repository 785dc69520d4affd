"""The table of what goes with what: the database lets through exactly what it says."""

import pytest
from django.db import IntegrityError, transaction

from tests import builders
from treatments.models import Evidence
from treatments.models.choices import Aspect, Design, Direction
from treatments.models.rules import DIRECTIONS_BY_ASPECT, LEVELS_BY_DESIGN, USUAL_LEVEL

pytestmark = pytest.mark.django_db

LEVELS = ("1", "2", "3", "4", "5")


def let_through(claim, **values):
    try:
        with transaction.atomic():
            Evidence.objects.filter(pk=claim.pk).update(**values)
    except IntegrityError:
        return False
    return True


def test_the_table_is_complete():
    assert set(LEVELS_BY_DESIGN) == set(USUAL_LEVEL) == set(Design.values)
    assert set(DIRECTIONS_BY_ASPECT) == set(Aspect.values)
    assert all(USUAL_LEVEL[design] in levels for design, levels in LEVELS_BY_DESIGN.items())


@pytest.mark.parametrize("design", Design.values)
def test_a_design_carries_the_levels_it_can_carry(design):
    claim = builders.evidence()
    levels = {code: builders.evidence_level(code) for code in LEVELS}
    carried = tuple(code for code in LEVELS if let_through(claim, design=design, level=levels[code]))
    assert carried == LEVELS_BY_DESIGN[design]


@pytest.mark.parametrize("aspect", Aspect.values)
def test_an_aspect_goes_with_the_directions_that_make_sense(aspect):
    claim = builders.evidence()
    fitting = {direction for direction in Direction.values if let_through(claim, aspect=aspect, direction=direction)}
    assert fitting == set(DIRECTIONS_BY_ASPECT[aspect])


@pytest.mark.parametrize("values", [{"design": "guesswork"}, {"aspect": "cost"}, {"direction": "for"}])
def test_words_outside_the_table_are_refused(values):
    assert not let_through(builders.evidence(), **values)

"""The words of a cell, and what stands above the columns."""

import pytest

from treatments.evidence_map import Column
from treatments.models import Autoantibody, Manifestation
from treatments.tally import Tally
from treatments.web.presenters.evidence_map import column_groups, in_words


def counted(*entries):
    tally = Tally()
    for level, direction, aspect, count in entries:
        tally.add(level, direction, aspect, count)
    return tally


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (counted(("4", "supports", "efficacy", 1)), "1 entry, best level 4, 1 supports"),
        (
            counted(("3", "supports", "efficacy", 6), ("4", "mixed", "efficacy", 1)),
            "7 entries, best level 3, 6 supports, 1 mixed",
        ),
        (
            counted(("2", "no_benefit", "efficacy", 1), ("3", "harm", "safety", 2)),
            "1 entry, best level 2, 1 no benefit; 2 on safety",
        ),
        (counted(("3", "harm", "safety", 1)), "no entry on efficacy, 1 on safety"),
    ],
)
def test_a_cell_in_words(tally, words):
    assert in_words(tally) == words


def column(term):
    return Column(term, term.name if term else "Not selected by antibody", Tally())


def test_antibodies_stand_under_their_groups_and_the_rest_under_unselected_disease():
    antibodies = [
        Autoantibody(name="anti-Example", group="dm_specific"),
        Autoantibody(name="anti-Sample", group="dm_specific"),
        Autoantibody(name="anti-Made-up", group="antisynthetase"),
    ]
    assert column_groups([column(term) for term in [*antibodies, None]]) == [
        ("Dermatomyositis-specific", 2),
        ("Antisynthetase", 1),
        ("Unselected disease", 1),
    ]


def test_nothing_stands_above_manifestations():
    assert column_groups([column(Manifestation(name="Example rash")), column(None)]) == []

from dataclasses import dataclass

import pytest

from treatments.models import Evidence
from treatments.tally import Tally, strongest_first, tallies, tally
from treatments.web.presenters.evidence import Entry, grouped


@dataclass(frozen=True)
class Term:
    slug: str

    def __str__(self) -> str:
        return self.slug


def made_up(accession="EV00001", level="3", direction="supports", aspect="efficacy", n_treated=None):
    return Evidence(accession=accession, level_id=level, direction=direction, aspect=aspect, n_treated=n_treated)


def row(claim):
    return Entry(claim, figures="", figures_label="", more_results=0)


def test_safety_never_counts_as_efficacy():
    counted = tally([made_up(), made_up(level="1", direction="harm", aspect="safety")])
    assert (counted.efficacy, counted.safety, counted.total) == (1, 1, 2)
    assert counted.best_level == "3"
    assert [part.direction for part in counted.mix] == ["supports"]


def test_directions_are_counted_apart_in_a_fixed_order():
    counted = tally([made_up(direction=one) for one in ("harm", "mixed", "supports", "no_benefit", "harm")])
    assert counted.in_words == "1 supports, 1 mixed, 1 no benefit, 2 harm"


def test_without_entries_there_is_no_best_level():
    assert Tally().best_level == ""
    assert not Tally().mix


def test_counts_from_rows_equal_counts_from_entries():
    counted = tallies(
        [(7, "2", "supports", "efficacy", 3), (7, "4", "harm", "safety", 2), (8, "5", "mixed", "efficacy", 1)]
    )
    assert (counted[7].efficacy, counted[7].safety, counted[7].best_level) == (3, 2, "2")
    assert counted[8].best_level == "5"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"level": "2", "direction": "harm"}, {"level": "3", "direction": "supports"}),
        ({"direction": "supports"}, {"direction": "mixed"}),
        ({"direction": "no_benefit"}, {"direction": "inconclusive"}),
        ({"n_treated": 40}, {"n_treated": 4}),
        ({"n_treated": 4}, {"n_treated": None}),
        ({"accession": "EV00001"}, {"accession": "EV00002"}),
    ],
)
def test_level_comes_before_direction_before_number_treated(first, second):
    assert strongest_first(made_up(**first)) < strongest_first(made_up(**second))


def test_an_entry_stands_in_every_group_it_belongs_to_and_the_rest_come_last():
    muscle, skin = Term("muscle"), Term("skin")
    of = {"EV00001": [muscle, skin], "EV00002": [skin], "EV00003": []}
    rows = [row(made_up(accession, level=level)) for accession, level in zip(of, "421", strict=True)]
    groups = grouped(rows, lambda claim: of[claim.accession], prefix="about", without="Nothing named")
    assert [group.anchor for group in groups] == ["about-skin", "about-muscle", "about-none"]
    assert [entry.claim.accession for entry in groups[0].entries] == ["EV00002", "EV00001"]
    assert groups[0].tally.best_level == "2"
    assert groups[-1].title == "Nothing named"


def test_no_entry_is_lost_by_grouping():
    rows = [row(made_up(f"EV{number:05}")) for number in range(1, 30)]
    groups = grouped(rows, lambda claim: [Term(claim.accession[-1])], prefix="about", without="")
    assert sorted(one.claim.accession for group in groups for one in group.entries) == [
        one.claim.accession for one in rows
    ]

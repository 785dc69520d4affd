import pytest

from treatments.models import Mechanism
from treatments.web.presenters.mechanisms import find, tree


def made_up_tree():
    rows = [
        Mechanism(pk=1, name="Pathway"),
        Mechanism(pk=2, name="Target", parent_id=1),
        Mechanism(pk=3, name="Deeper target", parent_id=2),
        Mechanism(pk=4, name="Other pathway"),
    ]
    return tree(rows, [(1, 10), (3, 11), (3, 10), (99, 12)])


def test_a_treatment_that_acts_below_reaches_every_node_above_once():
    first, other = made_up_tree()
    assert first.reach == {10, 11}
    assert [node.mechanism.pk for node in first.below()] == [2, 3]
    assert other.reach == set()


def test_the_way_down_to_a_node_is_outermost_first():
    above, node = find(made_up_tree(), 3)
    assert [mechanism.pk for mechanism in above] == [1, 2]
    assert node.mechanism.pk == 3
    with pytest.raises(KeyError):
        find(made_up_tree(), 5)


def test_a_node_whose_parent_was_filtered_away_stands_as_a_root():
    (root,) = tree([Mechanism(pk=3, parent_id=2)])
    assert root.mechanism.pk == 3

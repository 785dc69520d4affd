from itertools import permutations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from treatments.mechanism_map.columns import columns
from treatments.mechanism_map.order import chained, forward

KEYS = list(range(1, 9))
links = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).filter(lambda link: link[0] != link[1]))


@given(links)
def test_upstream_comes_first_except_where_links_run_in_circles(found: list[tuple[int, int]]):
    ordered = chained(KEYS, found)
    assert sorted(ordered) == KEYS
    graph = forward(KEYS, found)
    assert nx.is_directed_acyclic_graph(graph)
    assert all(ordered.index(start) < ordered.index(end) for start, end in graph.edges)
    if nx.is_directed_acyclic_graph(nx.DiGraph(found)):
        assert set(graph.edges) == set(found)


def test_a_circle_is_cut_where_it_holds_least():
    twice, once = [(1, 2), (1, 2), (2, 3)], [(3, 1)]
    for keys in permutations([1, 2, 3]):
        assert set(forward(keys, twice + once).edges) == {(1, 2), (2, 3)}


def test_what_follows_stands_right_behind_and_loose_ends_come_last():
    assert chained([4, 1, 2, 3, 5], [(1, 3), (2, 5)]) == [1, 3, 2, 5, 4]


@given(links, st.integers(1, 4))
def test_every_key_stands_in_one_column(found: list[tuple[int, int]], count: int):
    stacks = columns(KEYS, found, count, dict.fromkeys(KEYS, 100))
    assert len(stacks) == count
    assert sorted(key for stack in stacks for key in stack) == KEYS


def test_a_chain_runs_from_left_to_right():
    assert columns([3, 1, 2], [(1, 2), (2, 3)], 3, dict.fromkeys(KEYS, 100)) == ((1,), (2,), (3,))


def test_a_chain_in_one_column_runs_down():
    assert columns([3, 1, 2], [(1, 2), (2, 3)], 1, dict.fromkeys(KEYS, 100)) == ((1, 2, 3),)

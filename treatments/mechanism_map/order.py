"""What stands before what: upstream first.

Interactions may run in circles (interferon drives JAK-STAT, which drives interferon-stimulated genes). The few that
would have to run backwards are found by the greedy rule of Eades, Lin and Smyth (Inf Process Lett 1993;47:319-323).
"""

from collections.abc import Iterable, Sequence

import networkx as nx

Link = tuple[int, int]  # from, to


def forward(keys: Sequence[int], links: Iterable[Link]) -> nx.DiGraph:
    """The graph of ``links`` between ``keys`` without those that close a circle; ``weight`` counts repeated ones."""
    graph = nx.DiGraph()
    graph.add_nodes_from(keys)
    for start, end in links:
        if start != end:
            weight = graph.edges[start, end]["weight"] + 1 if graph.has_edge(start, end) else 1
            graph.add_edge(start, end, weight=weight)
    for component in list(nx.strongly_connected_components(graph)):
        if len(component) > 1:
            circle = graph.subgraph(component)
            rank = {key: place for place, key in enumerate(_least_feedback(circle.copy(), keys))}
            graph.remove_edges_from([(start, end) for start, end in circle.edges if rank[start] > rank[end]])
    return graph


def _least_feedback(circle: nx.DiGraph, keys: Sequence[int]) -> list[int]:
    """The keys of ``circle``, which is used up, in an order against which few links run.

    Ties go by the order of ``keys``.
    """
    left = {key: None for key in keys if key in circle}
    first: list[int] = []
    last: list[int] = []

    def balance(key: int) -> int:
        return circle.out_degree(key, weight="weight") - circle.in_degree(key, weight="weight")

    while left:
        sink = next((key for key in left if not circle.out_degree(key)), None)
        source = next((key for key in left if not circle.in_degree(key)), None)
        if sink is not None:
            last.append(sink)
            chosen = sink
        else:
            chosen = source if source is not None else max(left, key=balance)
            first.append(chosen)
        del left[chosen]
        circle.remove_node(chosen)
    return first + last[::-1]


def chained(keys: Sequence[int], links: Iterable[Link]) -> list[int]:
    """``keys`` with every one after those upstream of it, and what follows one right behind it where it can be.

    What is linked to nothing comes last; otherwise ties go by the order of ``keys``.
    """
    graph = forward(keys, links)
    waiting = {key: graph.in_degree(key) for key in keys}
    ready = sorted((key for key in keys if not waiting[key]), key=lambda key: not graph.degree(key))
    ordered = []
    while ready:
        key = ready.pop(0)
        ordered.append(key)
        freed = []
        for after in graph.successors(key):
            waiting[after] -= 1
            if not waiting[after]:
                freed.append(after)
        ready[:0] = sorted(freed, key=list(keys).index)
    return ordered

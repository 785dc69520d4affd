"""The mechanism tree, from rows that carry their parent's key."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from treatments.models import Mechanism


@dataclass
class Node:
    """A mechanism in its tree, with what acts on it and on everything below it."""

    mechanism: Mechanism
    children: list["Node"] = field(default_factory=list)
    treatments: set[int] = field(default_factory=set)

    @property
    def reach(self) -> set[int]:
        """Keys of the treatments that act here or anywhere below."""
        return self.treatments.union(*(child.reach for child in self.children))

    def below(self) -> Iterator["Node"]:
        """Every node under this one, depth first."""
        for child in self.children:
            yield child
            yield from child.below()


def tree(mechanisms: Iterable[Mechanism], actions: Iterable[tuple[int, int]] = ()) -> list[Node]:
    """The roots among ``mechanisms``; one whose parent is not among them stands as a root.

    ``actions`` are (mechanism key, treatment key).
    """
    nodes = {mechanism.pk: Node(mechanism) for mechanism in mechanisms}
    for mechanism, treatment in actions:
        if mechanism in nodes:
            nodes[mechanism].treatments.add(treatment)
    roots: list[Node] = []
    for node in nodes.values():
        above = node.mechanism.parent_id
        parent = nodes.get(above) if above else None
        (parent.children if parent else roots).append(node)
    return roots


def find(roots: Iterable[Node], key: int) -> tuple[list[Mechanism], Node]:
    """The ancestors of the mechanism ``key``, outermost first, and its node. KeyError when absent."""
    for root in roots:
        if root.mechanism.pk == key:
            return [], root
        try:
            above, node = find(root.children, key)
        except KeyError:
            continue
        return [root.mechanism, *above], node
    raise KeyError(key)

"""The law of sharing a second time, slowly: fractions, objects and recursion, from the words of the law.

Advances time from one event to the next (a leaf is full, a node is full). Shares nothing with `network.core.fill`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction


class Oversubscribed(Exception):
    """The guarantees under `node` are above its ceiling."""

    def __init__(self, node: int) -> None:
        super().__init__(node)
        self.node = node


@dataclass(kw_only=True, eq=False)
class Leaf:
    id: int
    base: int
    weight: int
    priority: int
    limit: int
    exact: Fraction = Fraction(0)
    stepped: int = 0

    def wants(self) -> bool:
        return self.weight > 0 and self.exact < self.limit

    def top(self) -> int:
        """No leaf gets above this; without weight it never rises above its base."""
        return self.limit if self.weight else min(self.limit, self.base)


@dataclass(kw_only=True, eq=False)
class Node:
    number: int
    ceiling: int
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)

    def path(self) -> Iterator[Node]:
        yield self
        if self.parent is not None:
            yield from self.parent.path()

    def below(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.below()

    def all_leaves(self) -> Iterator[Leaf]:
        for node in self.below():
            yield from node.leaves

    def exact(self) -> Fraction:
        return sum((leaf.exact for leaf in self.all_leaves()), Fraction(0))

    def stepped(self) -> int:
        return sum(leaf.stepped for leaf in self.all_leaves())

    def saturated(self) -> bool:
        return self.exact() == self.ceiling


StepTable = Sequence[tuple[int | None, int]]


def step_of(rate: Fraction, table: StepTable) -> int:
    return next(step for bound, step in table if bound is None or rate < bound)


def solve(root: Node, table: StepTable) -> None:
    """Write `exact` and `stepped` into every leaf under `root`. Raises Oversubscribed."""
    for leaf in root.all_leaves():
        leaf.exact = Fraction(min(leaf.limit, leaf.base))
    for node in sorted(root.below(), key=lambda each: each.number):
        if node.exact() > node.ceiling:
            raise Oversubscribed(node.number)
    for priority in sorted({leaf.priority for leaf in root.all_leaves()}):
        rise(root, priority)
    for leaf in root.all_leaves():
        step = step_of(leaf.exact, table)
        leaf.stepped = leaf.exact // step * step
    hand_out(root, table)


def rise(root: Node, priority: int) -> None:
    while True:
        rising = list(free_to_rise(root, priority))
        if not rising:
            return
        chosen = set(rising)
        waits = [(leaf.limit - leaf.exact) / leaf.weight for leaf in rising]
        for node in root.below():
            weight = sum(leaf.weight for leaf in node.all_leaves() if leaf in chosen)
            if weight:
                waits.append((node.ceiling - node.exact()) / weight)
        for leaf in rising:
            leaf.exact += leaf.weight * min(waits)


def free_to_rise(node: Node, priority: int) -> Iterator[Leaf]:
    if node.saturated():
        return
    yield from (leaf for leaf in node.leaves if leaf.priority == priority and leaf.wants())
    for child in node.children:
        yield from free_to_rise(child, priority)


def hand_out(node: Node, table: StepTable) -> None:
    """Children before their node: the deepest saturated node comes first."""
    for child in node.children:
        hand_out(child, table)
    if not node.saturated():
        return
    queue = []
    for leaf, path in own_leaves(node):
        step = step_of(leaf.exact, table)
        queue.append(((leaf.stepped - leaf.exact) / step, leaf.id, step, leaf, path))
    for _, _, step, leaf, path in sorted(queue, key=lambda entry: entry[:2]):
        if leaf.stepped + step <= leaf.top() and all(each.stepped() + step <= each.ceiling for each in path):
            leaf.stepped += step


def own_leaves(node: Node) -> Iterator[tuple[Leaf, list[Node]]]:
    """Leaves whose nearest saturated node is `node` and which are not at their limit, with all nodes above them."""
    for each in node.below():
        nearest = next(above for above in each.path() if above.saturated())
        if nearest is node:
            yield from ((leaf, list(each.path())) for leaf in each.leaves if leaf.exact < leaf.top())

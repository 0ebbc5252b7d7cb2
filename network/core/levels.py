"""A tree as columns, one level after another, so that a whole level is worked on at once.

Never knows what the numbers mean: the law of sharing is in `network.core.fill` and `network.core.rounding`.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Integers: TypeAlias = NDArray[np.int64]
Doubles: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


class Levels(NamedTuple):
    """Nodes numbered by depth, the root first and its own parent.

    `number[i]` is the new number of the caller's node i; `depth` and `parent` go by new numbers, and the nodes of depth d
    are `spans[d]`.
    """

    number: Integers
    depth: Integers
    parent: Integers
    spans: tuple[slice, ...]

    def parent_in_span(self, depth: int) -> Integers:
        """The parents of the nodes of `depth` (not the root's), counted from the first node of the level above."""
        parent: Integers = self.parent[self.spans[depth]] - self.spans[depth - 1].start
        return parent


def by_depth(node_parent: Integers) -> Levels:
    """Number the nodes by depth; nodes of one depth keep their order. Needs parent[i] < i for every i but the root."""
    parent = node_parent.copy()
    parent[0] = 0
    ancestor = parent
    depth = np.ones_like(parent)
    depth[0] = 0
    while ancestor.any():  # each round doubles the distance looked up
        depth += depth[ancestor]
        ancestor = ancestor[ancestor]
    order = np.argsort(depth, kind="stable")
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    ends = np.bincount(depth).cumsum().tolist()
    spans = tuple(slice(start, end) for start, end in zip([0, *ends], ends, strict=False))
    return Levels(number, depth[order], number[parent[order]], spans)


def totals(at: Integers, amount: Integers | Doubles, count: int) -> Doubles:
    """Sum of `amount` by place `at`, for whole non-negative amounts.

    Double precision is exact here: such sums only grow and are exact up to 2**53, and one that passes 2**53 comes out
    from 2**53 on. So what can stay below a ceiling (at most 10**13) is exact, and the comparison with it always right.
    """
    if count == 1:
        return np.array([amount.sum(dtype=np.float64)])
    if not amount.size:  # `bincount` would give integers
        return np.zeros(count)
    return np.bincount(at, amount, count)


def add_up(tree: Levels, own: Doubles) -> Doubles:
    """Doubles of whole subtrees from what hangs directly on each node, by new numbers; as exact as `totals`."""
    total = own.copy()
    for depth in range(len(tree.spans) - 1, 0, -1):
        below, here = tree.spans[depth], tree.spans[depth - 1]
        total[here] += totals(tree.parent_in_span(depth), total[below], here.stop - here.start)
    return total


def hanging(tree: Levels, node: Integers) -> dict[int, Integers | slice]:
    """What of the things that hang on `node` hangs on each depth; depths without any are left out."""
    if len(tree.spans) == 1:
        return {0: slice(None)}
    depth = tree.depth.take(node)
    counts = enumerate(np.bincount(depth).tolist())
    return {each: slice(None) if count == len(depth) else (depth == each).nonzero()[0] for each, count in counts if count}

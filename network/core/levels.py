"""A tree as columns, one level after another, so that a whole level is worked on at once.

Never knows what the numbers mean: the law of sharing is in `network.core.fill` and `network.core.rounding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Integers: TypeAlias = NDArray[np.int64]
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


class Pile:
    """Room for blocks of `rows` rows with `columns` columns in all.

    Taken at once, because many arrays of middling size cost a page fault for every 4 KiB, and one large one comes in
    large pages: at 10**6 leaves those faults took a third of the time.
    """

    def __init__(self, rows: int, columns: int) -> None:
        self._rows = rows
        self._room = np.empty(rows * columns, dtype=np.int64)
        self._used = 0

    def put(self, rows: Sequence[Integers]) -> Integers:
        """The rows as one block, each row one after the other in memory."""
        length = len(rows[0])
        start, self._used = self._used, self._used + self._rows * length
        block = self._room[start : self._used].reshape(self._rows, length)
        return np.stack(rows, out=block)


def totals(at: Integers, amount: Integers, count: int) -> Integers:
    """Sum of `amount` by place `at`."""
    sums = np.zeros(count, dtype=np.int64)
    add(sums, at, amount)
    return sums


def add(sums: Integers, at: Integers, amount: Integers) -> None:
    """Add each amount to the sum of its place. 64 bits without a check: see that sums cannot pass them."""
    if len(sums) == 1:
        sums += amount.sum()
    else:
        np.add.at(sums, at, amount)


def subtract(sums: Integers, at: Integers, amount: Integers) -> None:
    """Take each amount from the sum of its place."""
    if len(sums) == 1:
        sums -= amount.sum()
    else:
        np.subtract.at(sums, at, amount)


def add_up(tree: Levels, sums: Integers) -> None:
    """Make the sums of what hangs directly on each node (by new numbers) those of everything under it."""
    for below in tree.spans[:0:-1]:
        np.add.at(sums, tree.parent[below], sums[below])


def hanging(tree: Levels, node: Integers) -> dict[int, Integers | slice]:
    """What of the things that hang on `node` hangs on each depth; depths without any are left out."""
    if len(tree.spans) == 1:
        return {0: slice(None)}
    depth = tree.depth.take(node)
    counts = enumerate(np.bincount(depth).tolist())
    return {each: slice(None) if count == len(depth) else (depth == each).nonzero()[0] for each, count in counts if count}

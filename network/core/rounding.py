"""From exact rates to a device's steps: floor every leaf, then give each saturated node's missing steps to its leaves.

Never gives a leaf more than one step above the floor of its exact rate, and never passes a limit or a ceiling.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from math import lcm
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from network.core.levels import Doubles, Flags, Integers, Levels, add_up, hanging, totals

LARGEST_STEP: Final = 10**9
# So many leaves are put in order at once; more are screened first, because sorting would cost more than all the rest.
FEW: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The rates that a device can hold: below each bound the multiples of its step, from the last bound on of `above`.

    All in bit/s. Bounds rise, and each is a multiple of the steps on both of its sides, so that one step more than such
    a rate is such a rate again. Raises ValueError when that does not hold or the least common multiple of the steps is
    above 10**9.
    """

    below: tuple[tuple[int, int], ...] = ()
    above: int

    def __post_init__(self) -> None:
        bounds, sizes = [bound for bound, _ in self.below], self.sizes
        if min(sizes) < 1 or self.common > LARGEST_STEP:
            raise ValueError(f"steps must be at least 1 with a common multiple of at most {LARGEST_STEP}: {sizes}")
        if any(low >= high for low, high in pairwise([0, *bounds])):
            raise ValueError(f"bounds of steps must rise: {bounds}")
        if any(bound % lcm(*pair) for bound, pair in zip(bounds, pairwise(sizes), strict=True)):
            raise ValueError(f"a bound must be a multiple of the steps below and above it: {self.below}, {self.above}")

    @property
    def sizes(self) -> tuple[int, ...]:
        return (*(step for _, step in self.below), self.above)

    @property
    def common(self) -> int:
        """The smallest number that every step divides."""
        return lcm(*self.sizes)

    def at(self, rate: int) -> int:
        """The step at `rate` bit/s."""
        return self.sizes[bisect_right(self.below, rate, key=lambda pair: pair[0])]

    def floor(self, rate: int) -> int:
        """The largest rate that the device can hold and that is at most `rate` (bit/s, not negative)."""
        return rate - rate % self.at(rate)

    def at_each(self, rate: Integers) -> Integers:
        """`at` for a column."""
        step = np.full_like(rate, self.sizes[0])
        for (bound, _), size in zip(self.below, self.sizes[1:], strict=True):
            np.putmask(step, rate >= bound, size)
        return step


# Leaves that may get a step, one a column, in the order of their ids. Rows: the node that is looked at, the leaf's
# nearest saturated node, its step, its number.
_Takers: TypeAlias = Integers
_NODE, _STOPPER, _STEP, _LEAF = range(4)


class Exact(NamedTuple):
    """The exact rates of the leaves, in the order of their ids: whole + part / parts bit/s, at most `limit`.

    `node` is where a leaf hangs and `stopper` its nearest saturated node, -1 without one. `parts` is the same for all
    leaves of one stopper.
    """

    node: Integers
    stopper: Integers
    limit: Integers
    whole: Integers
    part: Integers
    parts: Integers


def settle(tree: Levels, ceiling: Integers, exact: Exact, steps: Steps) -> tuple[Integers, Integers]:
    """Stepped rates of the leaves and of the nodes.

    Every leaf is floored to its step, the step at its exact rate. Then, from the deepest saturated node to the root,
    what a node misses (its ceiling less the stepped sum under it) goes to its own leaves: those whose nearest saturated
    node it is and which are not at their limit. One pass in the order of the largest remainder (as a fraction of the
    leaf's own step), then of the id; each gets one step if that passes neither its limit nor the ceiling of any node
    above it, and is passed over if it does.
    """
    step = steps.at_each(exact.whole)
    rest = exact.whole % step
    rate = exact.whole - rest
    waiting = ((exact.whole < exact.limit) & (rate + step <= exact.limit) & (exact.stopper >= 0)).nonzero()[0]
    leaves = np.array([*(column.take(waiting) for column in (exact.node, exact.stopper, step)), waiting])
    leaves_at = hanging(tree, leaves[_NODE])
    room = ceiling - totals(exact.node, rate, len(ceiling)).astype(np.int64)
    knotted = np.zeros(len(rate), dtype=np.bool_)
    desk = _Desk(exact=exact, rest=rest, common=steps.common, room=room, knots={}, knotted=knotted)
    takers = leaves[:, :0]
    for depth in range(len(tree.spans) - 1, -1, -1):
        if depth in leaves_at:
            takers = _merged(takers, leaves[:, leaves_at[depth]])
        if takers.size:
            given = desk.hand_out(takers)
            rate[given[_LEAF]] += given[_STEP]
            takers = takers.take((takers[_STOPPER] != takers[_NODE]).nonzero()[0], axis=1)
            takers[_NODE] = tree.parent.take(takers[_NODE])
        if depth:
            span, above = tree.spans[depth], tree.spans[depth - 1]
            under = ceiling[span] - room[span]
            room[above] -= totals(tree.parent_in_span(depth), under, above.stop - above.start).astype(np.int64)
    return rate, add_up(tree, totals(exact.node, rate, len(ceiling))).astype(np.int64)


def _merged(takers: _Takers, more: _Takers) -> _Takers:
    if not takers.size:
        return more
    both = np.concatenate((takers, more), axis=1)
    return both.take(np.argsort(both[_LEAF], kind="stable"), axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Hands out steps. `room` is what each node can still take, right for the level at hand.

    A knot is a node below a leaf's stopper without room for a step of every leaf under it; `knots` has those above each
    leaf. They are rare, and only where they are is it looked at one leaf after another.
    """

    exact: Exact
    rest: Integers
    common: int
    room: Integers
    knots: dict[int, tuple[int, ...]]
    knotted: Flags

    def hand_out(self, takers: _Takers) -> _Takers:
        """Which of the `takers` of a level get their step now. `room` is used up; new knots are noted.

        Where not all steps fit, the order decides. What fits even if all before it get theirs is certain; what has no
        room left is out; in between the order is looked at, until nobody is left.
        """
        node = takers[_NODE]
        own = takers[_STOPPER] == node
        hard = (totals(node, takers[_STEP], len(self.room)) > self.room).take(node)
        self._tie(takers, hard > own)
        if self.knots:
            hard |= self._tangled(takers)
        given = [self._give(takers, own > hard)]
        takers = takers.take((own & hard).nonzero()[0], axis=1)
        while takers.size:
            remainder, parts = self._remainder(takers)
            certain, now = _screen(takers, remainder / parts, self.room)
            slow = np.zeros_like(now)
            if self.knots:
                slow = self._slow(takers, certain, now)
            given.append(self._give(takers, certain > slow))
            if self.knots:
                given.append(self._one_by_one(takers, remainder, slow))
            fits = _fitting(takers, remainder, now > slow, self.room)
            given.append(self._give(takers, fits))
            open_ = ~(certain | slow | fits) & (takers[_STEP] <= self.room.take(takers[_NODE]))
            takers = takers.take(open_.nonzero()[0], axis=1)
        return np.concatenate(given, axis=1)

    def _give(self, takers: _Takers, chosen: Flags) -> _Takers:
        given = takers.take(chosen.nonzero()[0], axis=1)
        if given.size:
            self.room[:] -= totals(given[_NODE], given[_STEP], len(self.room)).astype(np.int64)
        return given

    def _remainder(self, takers: _Takers) -> tuple[Integers, Integers]:
        """What flooring took, as a fraction of the leaf's step: numerators, and the denominator that a node's have.

        Below 2**62: the common multiple of the steps is at most 10**9, and parts below 2**31.
        """
        leaf = takers[_LEAF]
        parts = self.exact.parts.take(leaf)
        over = self.rest.take(leaf) * parts
        over += self.exact.part.take(leaf)
        over *= self.common // takers[_STEP]
        return over, parts * self.common

    def _tie(self, takers: _Takers, chosen: Flags) -> None:
        which = chosen.nonzero()[0]
        if which.size:
            self.knotted[takers[_LEAF, which]] = True
            for leaf, node in takers[[_LEAF, _NODE]][:, which].T.tolist():
                self.knots[leaf] = (*self.knots.get(leaf, ()), node)

    def _tangled(self, takers: _Takers) -> Flags:
        """Takers at nodes that have knotted leaves among the takers."""
        nodes = np.zeros(len(self.room), dtype=np.bool_)
        nodes[takers[_NODE, self.knotted.take(takers[_LEAF])]] = True
        tangled: Flags = nodes.take(takers[_NODE])
        return tangled

    def _slow(self, takers: _Takers, certain: Flags, now: Flags) -> Flags:
        """Whom to look at one by one: under knots all that are certain or next, beside them those who are next."""
        slow: Flags = (certain & self.knotted.take(takers[_LEAF])) | (now & self._tangled(takers))
        return slow

    def _one_by_one(self, takers: _Takers, remainder: Integers, chosen: Flags) -> _Takers:
        """The rule itself: in order, a step for each leaf that has room for it at its node and at every knot."""
        given: list[int] = []
        which = chosen.nonzero()[0]
        for index in which[np.argsort(-remainder[which], kind="stable")].tolist():
            node, _, step, leaf = takers[:, index].tolist()
            path = [node, *self.knots.get(leaf, ())]
            if (self.room[path] >= step).all():
                self.room[path] -= step
                given.append(index)
        return takers[:, given]


def _screen(takers: _Takers, fraction: Doubles, room: Integers) -> tuple[Flags, Flags]:
    """Which leaves have room at their node for certain, and which come next.

    Leaves are sorted into boxes by their fraction. In double precision two fractions may fall together but never change
    places, so one box as a whole comes before another.
    """
    size = takers.shape[1]
    if size <= FEW:
        return np.zeros(size, dtype=np.bool_), np.ones(size, dtype=np.bool_)
    dense = np.zeros_like(room)
    dense[takers[_NODE]] = 1
    node = dense.nonzero()[0]
    dense[node] = np.arange(len(node))
    boxes = min(4096, max(16, 4 * size // len(node)))
    box = np.minimum((1.0 - fraction) * boxes, boxes - 1).astype(np.int64)
    which = dense.take(takers[_NODE])
    asked = totals(which * boxes + box, takers[_STEP], len(node) * boxes).reshape(len(node), boxes).cumsum(axis=1)
    fitting = (asked <= room[node][:, np.newaxis]).sum(axis=1).take(which)
    return box < fitting, box == fitting


def _fitting(takers: _Takers, remainder: Integers, chosen: Flags, room: Integers) -> Flags:
    """Which of the chosen leaves have room at their node even if all chosen before them get their step."""
    which = chosen.nonzero()[0]
    which = which[np.lexsort((-remainder[which], takers[_NODE, which]))]
    node, step = takers[_NODE].take(which), takers[_STEP].take(which)
    total = step.cumsum()
    before = total - step
    before[1:][node[1:] == node[:-1]] = 0
    fits = np.zeros(len(chosen), dtype=np.bool_)
    fits[which] = total - np.maximum.accumulate(before) <= room.take(node)
    return fits

"""From exact rates to a device's steps: floor every leaf, then give each saturated node's missing steps to its leaves.

Never gives a leaf more than one step above the floor of its exact rate, and never passes a limit or a ceiling. So what
leaves at their limits lose by flooring may stay unused; limits on the device's steps lose nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from math import lcm
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from network.core.levels import Flags, Integers, Levels, Pile, hanging, subtract, totals

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


class Exact(NamedTuple):
    """Exact rates of leaves, in the order of their ids: whole + part / parts bit/s, at most `limit`.

    `node` is where a leaf hangs and `stopper` its nearest saturated node, -1 without one. `parts` is below 2**30 and the
    same for all leaves of one stopper.
    """

    node: Integers
    stopper: Integers
    limit: Integers
    whole: Integers
    part: Integers
    parts: Integers


# Leaves that may get one step more, one a column, in the order of their ids. Rows: the node that is looked at, the
# leaf's nearest saturated node, its step, its number, and what flooring took as a fraction of the step: numerator and
# denominator. Leaves with the same nearest saturated node have the same denominator.
Takers: TypeAlias = Integers
NODE, STOPPER, STEP, LEAF, REMAINDER, PARTS = range(6)


def step_down(exact: Exact, steps: Steps, first: int, rates: Integers, pile: Pile) -> Takers:
    """Floor leaves to their steps, each to the step at its exact rate; and who can take one step more below its limit.

    `first` is the number of the first leaf, from which on the floors are written into `rates`; `pile` has room for the
    takers. The fractions stay below 2**60: parts times a common multiple of at most 10**9.
    """
    step = steps.at_each(exact.whole)
    rest = exact.whole % step
    rate = np.subtract(exact.whole, rest, out=rates[first : first + len(rest)])
    waiting = ((rate + step <= exact.limit) & (exact.whole < exact.limit) & (exact.stopper >= 0)).nonzero()[0]
    step, parts = step.take(waiting), exact.parts.take(waiting)
    remainder = (rest.take(waiting) * parts + exact.part.take(waiting)) * (steps.common // step)
    node, stopper = exact.node.take(waiting), exact.stopper.take(waiting)
    return pile.put((node, stopper, step, waiting + first, remainder, parts * steps.common))


def settle(tree: Levels, ceiling: Integers, under: Integers, takers: Takers) -> Takers:
    """Which of the takers get their step. `under` is the sum of the floored rates of the leaves directly on each node.

    From the deepest saturated node to the root, what a node misses (its ceiling less the stepped sum under it) goes to
    its own leaves: those whose nearest saturated node it is and which are not at their limit. One pass in the order of
    the largest remainder (as a fraction of the leaf's own step), then of the id; each gets one step if that passes
    neither its limit nor the ceiling of any node above it, and is passed over if it does.
    """
    takers_at = hanging(tree, takers[NODE])
    knotted = np.zeros(int(takers[LEAF].max(initial=-1)) + 1, dtype=np.bool_)
    desk = _Desk(room=ceiling - under, knots={}, knotted=knotted)
    given, moving = [takers[:, :0]], takers[:, :0]
    for depth in range(len(tree.spans) - 1, -1, -1):
        if depth in takers_at:
            moving = _merged(moving, takers[:, takers_at[depth]])
        if moving.size:
            given.append(desk.hand_out(moving))
            moving = moving.take((moving[STOPPER] != moving[NODE]).nonzero()[0], axis=1)
            moving[NODE] = tree.parent.take(moving[NODE])
        if depth:
            span = tree.spans[depth]
            subtract(desk.room, tree.parent[span], ceiling[span] - desk.room[span])
    return np.concatenate(given, axis=1)


def _merged(takers: Takers, more: Takers) -> Takers:
    if not takers.size:
        return more
    both = np.concatenate((takers, more), axis=1)
    return both.take(np.argsort(both[LEAF], kind="stable"), axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Hands out steps. `room` is what each node can still take, right for the level at hand.

    A knot is a node below a leaf's stopper without room for a step of every leaf under it; `knots` has those above each
    leaf. They are rare, and only where they are is it looked at one leaf after another.
    """

    room: Integers
    knots: dict[int, tuple[int, ...]]
    knotted: Flags

    def hand_out(self, takers: Takers) -> Takers:
        """Which of the `takers` of a level get their step now. `room` is used up; new knots are noted.

        Where not all steps fit, the order decides. What fits even if all before it get theirs is certain; what has no
        room left is out; in between the order is looked at, until nobody is left.
        """
        node = takers[NODE]
        own = takers[STOPPER] == node
        hard = (totals(node, takers[STEP], len(self.room)) > self.room).take(node)
        self._tie(takers, hard > own)
        if self.knots:
            hard |= self._tangled(takers)
        given = [self._give(takers, own > hard)]
        takers = takers.take((own & hard).nonzero()[0], axis=1)
        while takers.size:
            certain, now = _screen(takers, self.room)
            if self.knots:
                slow = self._slow(takers, certain, now)
                given += [self._give(takers, certain > slow), self._one_by_one(takers, slow)]
                certain, now = certain | slow, now > slow
            else:
                given.append(self._give(takers, certain))
            fits = _fitting(takers, now, self.room)
            given.append(self._give(takers, fits))
            waiting = (takers[STEP] <= self.room.take(takers[NODE])) > (certain | fits)
            takers = takers.take(waiting.nonzero()[0], axis=1)
        return np.concatenate(given, axis=1)

    def _give(self, takers: Takers, chosen: Flags) -> Takers:
        which = chosen.nonzero()[0]
        if not which.size:
            return takers[:, :0]
        given = takers.take(which, axis=1)
        subtract(self.room, given[NODE], given[STEP])
        return given

    def _tie(self, takers: Takers, chosen: Flags) -> None:
        which = chosen.nonzero()[0]
        if which.size:
            self.knotted[takers[LEAF, which]] = True
            for leaf, node in takers[[LEAF, NODE]][:, which].T.tolist():
                self.knots[leaf] = (*self.knots.get(leaf, ()), node)

    def _tangled(self, takers: Takers) -> Flags:
        """Takers at nodes that have knotted leaves among the takers."""
        nodes = np.zeros(len(self.room), dtype=np.bool_)
        nodes[takers[NODE, self.knotted.take(takers[LEAF])]] = True
        tangled: Flags = nodes.take(takers[NODE])
        return tangled

    def _slow(self, takers: Takers, certain: Flags, now: Flags) -> Flags:
        """Whom to look at one by one: under knots all that are certain or next, beside them those who are next."""
        slow: Flags = (certain & self.knotted.take(takers[LEAF])) | (now & self._tangled(takers))
        return slow

    def _one_by_one(self, takers: Takers, chosen: Flags) -> Takers:
        """The rule itself: in order, a step for each leaf that has room for it at its node and at every knot."""
        which = chosen.nonzero()[0]
        if not which.size:
            return takers[:, :0]
        takers = takers.take(which[np.argsort(-takers[REMAINDER, which], kind="stable")], axis=1)
        given: list[int] = []
        for index, (node, _, step, leaf) in enumerate(takers[:REMAINDER].T.tolist()):
            path = [node, *self.knots.get(leaf, ())]
            if (self.room[path] >= step).all():
                self.room[path] -= step
                given.append(index)
        return takers[:, given]


def _screen(takers: Takers, room: Integers) -> tuple[Flags, Flags]:
    """Which leaves have room at their node for certain, and which come next.

    Leaves are sorted into boxes by their remainder. In double precision two fractions may fall together but never change
    places, so one box as a whole comes before another.
    """
    size = takers.shape[1]
    if size <= FEW:
        return np.zeros(size, dtype=np.bool_), np.ones(size, dtype=np.bool_)
    dense = np.zeros_like(room)
    dense[takers[NODE]] = 1
    node = dense.nonzero()[0]
    dense[node] = np.arange(len(node))
    boxes = min(4096, max(16, 4 * size // len(node)))
    box = np.minimum((1.0 - takers[REMAINDER] / takers[PARTS]) * boxes, boxes - 1).astype(np.int64)
    which = dense.take(takers[NODE])
    asked = totals(which * boxes + box, takers[STEP], len(node) * boxes).reshape(len(node), boxes).cumsum(axis=1)
    fitting = (asked <= room[node][:, np.newaxis]).sum(axis=1).take(which)
    return box < fitting, box == fitting


def _fitting(takers: Takers, chosen: Flags, room: Integers) -> Flags:
    """Which of the chosen leaves have room at their node even if all chosen before them get their step."""
    which = chosen.nonzero()[0]
    which = which[np.lexsort((-takers[REMAINDER, which], takers[NODE, which]))]
    node, step = takers[NODE, which], takers[STEP, which]
    total = step.cumsum()
    before = total - step
    before[1:][node[1:] == node[:-1]] = 0
    fits = np.zeros(len(chosen), dtype=np.bool_)
    fits[which] = total - np.maximum.accumulate(before) <= room.take(node)
    return fits

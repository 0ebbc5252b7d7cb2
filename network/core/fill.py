"""The law of sharing, solved exactly: what every leaf of an uplink's tree gets.

Every leaf gets min(limit, base). What is left goes to the leaves that still want, in priority order and within one
priority in proportion to weight, by progressive filling: a leaf has min(limit, base + weight * t) at time t, and when
the sum under a node reaches the node's ceiling, everything under it stops there. Then the rates are brought to the
device's steps (`network.core.rounding`).

Never reads, writes or waits, and never rounds on the way: times are fractions in 64-bit integers, and the bounds that
are checked at the door keep each of their products below 63 bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from network.core.levels import Flags, Integers, Levels, Pile, add, add_up, by_depth, hanging, subtract, totals
from network.core.rounding import LEAF, PARTS, STEP, Exact, Steps, settle, step_down
from network.errors import Refused

LARGEST_RATE: Final = 10**13
LARGEST_WEIGHT: Final = 1000
LOWEST_PRIORITY: Final = 7
MOST_LEAVES: Final = 2**20

# A moment of the filling is (whole, part, parts): whole = priority * _AGE + floor(t), and part / parts the rest of t.
# All of a priority comes before anything of the next, so moments are compared like numbers. With the bounds above
# floor(t) <= 10**13 < _AGE, parts <= 1000 * 2**20 < 2**30, and part * parts of two moments stays below 2**60.
_AGE_BITS: Final = 44
_AGE: Final = 2**_AGE_BITS
_NEVER: Final = (LOWEST_PRIORITY + 1) * _AGE

# As many leaves as are worked on in one piece: a dozen columns of them fit into a core's second-level cache, which is what
# keeps the time for a leaf nearly the same in large trees (measured).
_BLOCK: Final = 2**13

_COLUMN: Final = np.dtype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tree:
    """One uplink in one direction, as columns of int64. Rates in bit/s, each at most 10**13.

    Nodes: node 0 is the root, with parent -1; every other node comes after its parent. Leaves hang on any node:
    `leaf_base` is what a leaf has before anything is shared, `leaf_weight` 0..1000 (0 never rises above the base),
    `leaf_priority` 0..7 (0 first), `leaf_limit` the smaller of demand and own ceiling. `leaf_id` breaks ties. At most
    2**20 leaves and as many nodes. `node_name` says how a refusal calls the nodes; by number when it is empty.
    """

    node_parent: Integers
    node_ceiling: Integers
    leaf_id: Integers
    leaf_node: Integers
    leaf_base: Integers
    leaf_weight: Integers
    leaf_priority: Integers
    leaf_limit: Integers
    node_name: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filled:
    """What `fill` found, in the order of the tree's columns. Rates in bit/s on the device's steps.

    A saturated node is one whose ceiling the exact rates under it reach; its stepped rate may be less by a few steps.
    """

    rate: Integers
    node_rate: Integers
    node_saturated: Flags


def fill(tree: Tree, steps: Steps) -> Filled:
    """Solve the law for `tree`. Deterministic; the order of the leaves does not matter.

    Raises Refused: `fill.equal_ids`, `fill.out_of_range` (a number outside the bounds of `Tree`), `fill.too_many` or
    `fill.guarantees_above_ceiling` (the sum of min(limit, base) under some node is above its ceiling).
    """
    _check(tree)
    order = _id_order(tree.leaf_id)
    shape = by_depth(tree.node_parent)
    ceiling = np.empty_like(tree.node_ceiling)
    ceiling[shape.number] = tree.node_ceiling
    leaves = _leaves(tree, shape, order)
    guaranteed = np.zeros_like(ceiling)
    for _, block in _blocks(leaves):
        add(guaranteed, block.node, block.base)
    add_up(shape, guaranteed)
    if _above(guaranteed, ceiling).any():
        raise _oversubscribed(tree, shape, _above(guaranteed, ceiling))
    pile = Pile(_AT + 1, len(leaves.limit))
    stops, stopper = _stops(shape, ceiling - guaranteed, [_wanting(block, pile) for _, block in _blocks(leaves)])
    rate, pile = np.empty_like(leaves.limit), Pile(PARTS + 1, len(leaves.limit))
    takers = [step_down(_exact(block, stops, stopper), steps, first, rate, pile) for first, block in _blocks(leaves)]
    under = totals(leaves.node, rate, len(ceiling))
    given = settle(shape, ceiling, under, np.concatenate(takers, axis=1))
    rate[given[LEAF]] += given[STEP]
    add(under, leaves.node.take(given[LEAF]), given[STEP])
    add_up(shape, under)
    if order is not None:
        rate[order] = rate.copy()
    saturated = stopper == np.arange(len(stopper))
    return Filled(rate=rate, node_rate=under[shape.number], node_saturated=saturated[shape.number])


class _Leaves(NamedTuple):
    """Columns in the order of ids; nodes by their new numbers."""

    node: Integers
    base: Integers
    weight: Integers
    priority: Integers
    limit: Integers


def _leaves(tree: Tree, shape: Levels, order: Integers | None) -> _Leaves:
    columns = (tree.leaf_node, tree.leaf_base, tree.leaf_weight, tree.leaf_priority, tree.leaf_limit)
    node, base, weight, priority, limit = columns if order is None else (column[order] for column in columns)
    # Nodes are mostly written level by level already; a column that need not be made is memory that need not be touched.
    if not (shape.number == np.arange(len(shape.number))).all():
        node = shape.number.take(node)
    return _Leaves(node, base, weight, priority, limit)


def _blocks(leaves: _Leaves) -> Iterator[tuple[int, _Leaves]]:
    """The leaves in pieces, each with the number of its first leaf.

    No base is above its limit, and without weight the limit is the base. Priorities begin at 0, as only their order matters.
    """
    first_of_all = leaves.priority.min(initial=LOWEST_PRIORITY)
    for first in range(0, max(len(leaves.node), 1), _BLOCK):
        node, base, weight, priority, limit = (column[first : first + _BLOCK] for column in leaves)
        base = np.minimum(base, limit)
        yield first, _Leaves(node, base, weight, priority - first_of_all, np.where(weight > 0, limit, base))


# Moments, one a column: rows whole, part, parts.
_Moments: TypeAlias = Integers

# What rises with t under the nodes of a level, one riser a column: a leaf, or all that one node below stopped, taken as
# one. Rows: the moment (whole, part, weight) at which it has what it needs, the bit/s that it needs, and its node,
# counted from the first of the level. One array, because choosing columns is most of the work and then is one call; and
# lists of such arrays, so that large trees are worked on in pieces that stay in the processor's cache.
_Risers: TypeAlias = Integers
_WHOLE, _PART, _WEIGHT, _NEED, _AT = range(5)


def _exact(leaves: _Leaves, stops: _Moments, stopper: Integers) -> Exact:
    """The rates at the moments at which the nodes stop; what has no stopper is at its limit."""
    since, part, parts = stops.take(leaves.node, axis=1)
    since -= leaves.priority * _AGE
    part *= leaves.weight
    part[since < 0] = 0
    more = part // parts
    part -= more * parts
    whole = leaves.weight * np.minimum(np.maximum(since, 0), LARGEST_RATE)
    whole += leaves.base
    whole += more
    return Exact(leaves.node, stopper.take(leaves.node), leaves.limit, np.minimum(whole, leaves.limit), part, parts)


def _wanting(leaves: _Leaves, pile: Pile) -> _Risers:
    """The leaves that want more than they have, as risers; their nodes still by the tree's numbers."""
    need = leaves.limit - leaves.base
    chosen = need.nonzero()[0]
    need, weight = need.take(chosen), leaves.weight.take(chosen)
    whole = need // weight
    part = need - whole * weight
    whole += leaves.priority.take(chosen) * _AGE
    return pile.put((whole, part, weight, need, leaves.node.take(chosen)))


def _stops(tree: Levels, left: Integers, leaves: list[_Risers]) -> tuple[_Moments, Integers]:
    """When each node stops what is under it, and which node's ceiling that is: its own or one above; -1 for none.

    Level by level from the deepest, each node for itself. What a node stops becomes one riser with the node's sums of
    need and weight, which is full exactly when the node is: so every level is the problem of one level, in integers.
    Then from the root down: a node stops no later than the node above. At equal moments both are saturated.
    """
    stops = np.array([[_NEVER], [0], [1]]).repeat(len(left), axis=1)
    leaves_at = [hanging(tree, block[_AT]) for block in leaves]
    risers: list[_Risers] = []
    for depth in range(len(tree.spans) - 1, -1, -1):
        span = tree.spans[depth]
        for block, chosen in zip(leaves, leaves_at, strict=True):
            if depth in chosen:
                own = block[:, chosen[depth]]
                own[_AT] -= span.start
                risers.append(own)
        _reach(risers, left[span], stops[:, span])
        if depth:
            risers = _passing(risers, stops[:, span])
            parent = tree.parent[span] - tree.spans[depth - 1].start
            for block in risers:
                block[_AT] = parent.take(block[_AT])
    stopper = np.where(stops[_WHOLE] < _NEVER, np.arange(len(left)), -1)
    for span in tree.spans[1:]:
        parent = tree.parent[span]
        inherited = stops.take(parent, axis=1)
        lower = _earlier(inherited, stops[:, span], np.arange(len(parent))).nonzero()[0]
        if lower.size:
            stops[:, lower + span.start] = inherited[:, lower]
            stopper[lower + span.start] = stopper[parent[lower]]
    return stops, stopper


def _earlier(first: _Moments, second: _Moments, at: Integers) -> Flags:
    """Whether moment i of `first` is strictly before moment at[i] of `second`."""
    whole = second[_WHOLE].take(at)
    earlier: Flags = first[_WHOLE] < whole
    tied = (first[_WHOLE] == whole).nonzero()[0]
    if tied.size:
        (_, part, parts), (_, other, others) = first[:, tied], second[:, at[tied]]
        earlier[tied] = part * others < other * parts
    return earlier


def _reach(risers: list[_Risers], left: Integers, stops: _Moments) -> None:
    """Write into `stops` when each node of a level reaches its ceiling by itself."""
    age, left = _last_age(risers, left)
    bound = age >= 0
    if bound.any():
        weight, left = _newton([_of_age(block, age) for block in risers], left)
        whole = left // weight
        np.copyto(stops, np.array((whole + age * _AGE, left - whole * weight, weight)), where=bound)


def _last_age(risers: list[_Risers], left: Integers) -> tuple[Integers, Integers]:
    """The priority at which each node reaches its ceiling, -1 for never, and what is left for that priority."""
    count = len(left)
    ages = 1 + max((int(block[_WHOLE].max(initial=0)) >> _AGE_BITS for block in risers), default=0)
    sums = np.zeros(count * ages, dtype=np.int64)
    for block in risers:
        add(sums, block[_AT] if ages == 1 else block[_AT] * ages + (block[_WHOLE] >> _AGE_BITS), block[_NEED])
    if ages == 1:
        return -_above(left, sums).astype(np.int64), left
    wanted = sums.reshape(count, ages).cumsum(axis=1)
    short = _above(left[:, np.newaxis], wanted)
    last, never = short.argmin(axis=1), short[:, -1]
    before = np.where(never | (last == 0), 0, wanted[np.arange(count), last - 1])
    return np.where(never, -1, last), left - before


def _of_age(risers: _Risers, age: Integers) -> _Risers:
    """The risers of the priority at which their node reaches its ceiling, with moments since that priority began."""
    own = risers[_WHOLE] >> _AGE_BITS
    chosen = (own == age.take(risers[_AT])).nonzero()[0]
    if len(chosen) == len(own) and not own.any():
        return risers
    risers = risers.take(chosen, axis=1)
    risers[_WHOLE] &= _AGE - 1
    return risers


def _newton(risers: list[_Risers], left: Integers) -> tuple[Integers, Integers]:
    """The weight of what still rises when each node reaches its ceiling, and what is left for it: t = left / weight.

    The sum under a node is concave in t. While everything is taken to rise, t comes out too early or right, and what is
    full before it is full before the answer: that is taken out, and t looked at again until nothing more is full. So
    no sum passes a ceiling, and rounds are few: what the sum at t lacks, times the weight, falls to a quarter in each.
    """
    left, weight = left.copy(), np.zeros_like(left)
    for block in risers:
        add(weight, block[_AT], block[_WEIGHT])
    np.maximum(weight, 1, out=weight)
    exactly = False  # comparing whole numbers is cheaper and finds nearly all
    while True:
        whole = left // weight
        stop = np.array((whole, left - whole * weight, weight)) if exactly else whole
        found = False
        for number, block in enumerate(risers):
            at = block[_AT]
            earlier = _earlier(block[:_NEED], stop, at) if exactly else block[_WHOLE] < stop.take(at)
            full = earlier.nonzero()[0]
            if full.size:
                found = True
                gone, need, at = block[_WEIGHT:].take(full, axis=1)
                subtract(weight, at, gone)
                subtract(left, at, need)
                risers[number] = block.take((~earlier).nonzero()[0], axis=1)
        if exactly and not found:
            return weight, left
        exactly = not found
        risers = _gathered(risers)


def _gathered(risers: list[_Risers]) -> list[_Risers]:
    """As one piece when little is left."""
    if len(risers) > 1 and sum(block.shape[1] for block in risers) <= _BLOCK:
        return [np.concatenate(risers, axis=1)]
    return risers


def _passing(risers: list[_Risers], stops: _Moments) -> list[_Risers]:
    """What rises above a level: what is full before its node stops, and one riser for what each node stops."""
    whole, part, weight = stops
    if (whole == _NEVER).all():
        return risers
    passed = [block.take(_earlier(block[:_NEED], stops, block[_AT]).nonzero()[0], axis=1) for block in risers]
    left = (whole & (_AGE - 1)) * weight + part
    passed.append(np.array((whole, part, weight, left, np.arange(len(left)))).take(left.nonzero()[0], axis=1))
    return _gathered(passed)


def _above(one: Integers, other: Integers) -> Flags:
    """Whether sums are above others. Sums of all leaves may pass 2**63 but not 2**64, so they are compared unsigned."""
    above: Flags = one.view(np.uint64) > other.view(np.uint64)
    return above


def _check(tree: Tree) -> None:
    nodes, leaves = len(tree.node_ceiling), len(tree.leaf_id)
    if nodes < 1 or tree.node_parent.shape != (nodes,) or tree.leaf_id.shape != (leaves,) or tree.node_parent[0] != -1:
        raise ValueError("node 0 must be the root, with parent -1")
    if max(nodes, leaves) > MOST_LEAVES:
        raise Refused("fill.too_many", nodes=nodes, leaves=leaves, most=MOST_LEAVES)
    for name, column, count, largest in (
        ("node_ceiling", tree.node_ceiling, nodes, LARGEST_RATE),
        ("leaf_node", tree.leaf_node, leaves, nodes - 1),
        ("leaf_base", tree.leaf_base, leaves, LARGEST_RATE),
        ("leaf_weight", tree.leaf_weight, leaves, LARGEST_WEIGHT),
        ("leaf_priority", tree.leaf_priority, leaves, LOWEST_PRIORITY),
        ("leaf_limit", tree.leaf_limit, leaves, LARGEST_RATE),
    ):
        if column.shape != (count,) or column.dtype != _COLUMN:
            raise ValueError(f"{name} must be {count} numbers of int64")
        # A negative number seen as unsigned is larger than any bound.
        if count and column.view(np.uint64).max() > largest:
            index = int((column.view(np.uint64) > largest).argmax())
            raise Refused("fill.out_of_range", column=name, index=index, value=int(column[index]), largest=largest)
    if (tree.node_parent >= np.arange(nodes)).any() or (tree.node_parent[1:] < 0).any():
        raise ValueError("every node but the root must come after its parent")


def _id_order(ids: Integers) -> Integers | None:
    """The order of rising ids, None when they are in it. Raises Refused when two are equal."""
    if (ids[1:] > ids[:-1]).all():
        return None
    order = np.argsort(ids, kind="stable")
    ids = ids[order]
    equal = (ids[1:] == ids[:-1]).nonzero()[0]
    if equal.size:
        raise Refused("fill.equal_ids", leaf=int(ids[equal[0]]))
    return order


def _oversubscribed(tree: Tree, shape: Levels, above: Flags) -> Refused:
    """Name the first such node in the caller's order, with the exact sum however large."""
    node = int(above[shape.number].argmax())
    under = np.zeros(len(above), dtype=np.bool_)
    under[node] = True
    for each in range(node + 1, len(above)):
        under[each] = under[tree.node_parent[each]]
    guarantees = np.minimum(tree.leaf_base, tree.leaf_limit)[under[tree.leaf_node]]
    return Refused(
        "fill.guarantees_above_ceiling",
        node=tree.node_name[node] if tree.node_name else node,
        guarantees=sum(guarantees.tolist()),
        ceiling=int(tree.node_ceiling[node]),
    )

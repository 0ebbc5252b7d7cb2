"""Trees for the solver of the law of sharing and for its slow oracle: by hand, at random, and what the oracle says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from hypothesis import strategies as st

from network.core.fill import LARGEST_RATE, Filled, Tree, fill
from network.core.rounding import Steps
from tests.unit.core import fill_oracle

LINUX = Steps(below=((10**6, 8), (10**9, 1000)), above=10**6)
SMALL = Steps(below=((12, 3), (60, 4)), above=10)
NONE = Steps(above=1)

Column = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A tree as tuples, for the solver and the oracle alike. A leaf is (id, node, base, weight, priority, limit)."""

    parent: Column
    ceiling: Column
    leaves: tuple[tuple[int, int, int, int, int, int], ...]
    steps: Steps = LINUX

    def columns(self) -> tuple[Column, Column, Column, Column, Column, Column]:
        id, node, base, weight, priority, limit = tuple(zip(*self.leaves, strict=True)) or ((),) * 6
        return id, node, base, weight, priority, limit

    def tree(self) -> Tree:
        id, node, base, weight, priority, limit = (np.array(column, dtype=np.int64) for column in self.columns())
        return Tree(
            node_parent=np.array(self.parent, dtype=np.int64),
            node_ceiling=np.array(self.ceiling, dtype=np.int64),
            leaf_id=id,
            leaf_node=node,
            leaf_base=base,
            leaf_weight=weight,
            leaf_priority=priority,
            leaf_limit=limit,
        )

    def fill(self) -> Filled:
        return fill(self.tree(), self.steps)

    def rates(self) -> dict[int, int]:
        return dict(zip(self.columns()[0], self.fill().rate.tolist(), strict=True))

    def under(self, node: int) -> list[int]:
        """Positions of the leaves under `node`."""
        found = []
        for position, leaf in enumerate(self.leaves):
            above = leaf[1]
            while above > node:
                above = self.parent[above]
            if above == node:
                found.append(position)
        return found


def flat(ceiling: int, *leaves: tuple[int, int, int, int], steps: Steps = NONE) -> Case:
    """One level; a leaf is (base, weight, priority, limit), ids count from 1."""
    full = tuple((id, 0, base, weight, priority, limit) for id, (base, weight, priority, limit) in enumerate(leaves, start=1))
    return Case(parent=(-1,), ceiling=(ceiling,), leaves=full, steps=steps)


def amount(random: Random, kind: int) -> int:
    """A rate: nothing, tiny, small, around the bounds of the steps, close to the largest, any, any magnitude."""
    return (
        lambda: 0,
        lambda: random.randrange(40),
        lambda: random.randrange(10**4),
        lambda: random.choice((10**6, 10**9)) + random.randrange(-3000, 3000),
        lambda: LARGEST_RATE - random.randrange(5),
        lambda: random.randrange(LARGEST_RATE + 1),
        lambda: int(10 ** random.uniform(0, 13)),
    )[kind]()


def random_leaves(random: Random, nodes: int, count: int) -> Iterator[tuple[int, int, int, int, int, int]]:
    usual, heaviest, priorities = random.randrange(7), random.choice((1, 3, 32, 1000)), random.choice((1, 2, 8))
    rate = [lambda: amount(random, usual), lambda: amount(random, usual), lambda: amount(random, random.randrange(7))]
    bases, limits = ([random.choice(rate)() for _ in range(count)] for _ in range(2))
    match random.randrange(8):
        case 0:
            bases = bases[:1] * count
        case 1:
            limits = limits[:1] * count
        case 2:
            limits = bases
        case 3:
            bases = [base // 1000 for base in bases]
    ids = random.sample(range(100), count)
    for id, base, limit in zip(ids, bases, limits, strict=True):
        weight = random.choice((0, 1, random.randint(1, heaviest), random.randint(1, heaviest)))
        yield id, random.randrange(nodes), base, weight, random.randrange(priorities), limit


def random_case(seed: int, nodes: int, leaves: int) -> Case:
    """A tree of at most five levels whose ceilings bind often and whose guarantees fit."""
    random = Random(seed)
    parent, depth = [-1], [1]
    for _ in range(1, nodes):
        parent.append(random.choice([node for node in range(len(parent)) if depth[node] < 5]))
        depth.append(depth[parent[-1]] + 1)
    rows = tuple(random_leaves(random, nodes, leaves))
    least, most, ceiling = ([0] * nodes for _ in range(3))
    for _, node, base, _, _, limit in rows:
        least[node] += min(base, limit)
        most[node] += limit
    for node in range(nodes - 1, -1, -1):
        wanted = max(0, most[node] - least[node])
        spare = random.choice((0, wanted, LARGEST_RATE, random.randrange(20), *(random.randint(0, wanted) for _ in range(5))))
        ceiling[node] = min(least[node] + spare, LARGEST_RATE)
        if node:
            least[parent[node]] += least[node]
            most[parent[node]] += min(most[node], ceiling[node])
    if max(least) > LARGEST_RATE:  # too many of the largest: try again with other numbers
        return random_case(seed + 1, nodes, leaves)
    steps = random.choice((LINUX, SMALL, NONE))
    case = Case(parent=tuple(parent), ceiling=tuple(ceiling), leaves=rows, steps=steps)
    return random.choice((case, tightened(case, random)))


def tightened(case: Case, random: Random) -> Case:
    """Ceilings a little above what the nodes get: there rounding must watch nodes that are not saturated."""
    exact = replace(case, steps=NONE).fill().node_rate.tolist()
    near = (min(rate + random.randrange(1, 2 * case.steps.at(rate) + 1), LARGEST_RATE) for rate in exact)
    ceiling = (random.choice((old, min(old, new))) for old, new in zip(case.ceiling, near, strict=True))
    return replace(case, ceiling=(case.ceiling[0], *tuple(ceiling)[1:]))


def cases(largest_nodes: int = 7) -> st.SearchStrategy[Case]:
    """Shrinks to fewer nodes and leaves; their numbers come from the seed, because drawing each would take far longer."""
    return st.builds(random_case, st.integers(0, 2**32), st.integers(1, largest_nodes), st.integers(0, 9))


def solved(case: Case) -> tuple[list[int], list[int], list[bool]]:
    """The oracle's rates of the leaves, rates of the nodes, and which nodes are saturated."""
    nodes = [fill_oracle.Node(number=number, ceiling=ceiling) for number, ceiling in enumerate(case.ceiling)]
    for node, above in zip(nodes[1:], case.parent[1:], strict=True):
        node.parent = nodes[above]
        node.parent.children.append(node)
    leaves = []
    for id, at, base, weight, priority, limit in case.leaves:
        leaves.append(fill_oracle.Leaf(id=id, base=base, weight=weight, priority=priority, limit=limit))
        nodes[at].leaves.append(leaves[-1])
    table = ((bound, step) for bound, step in (*case.steps.below, (None, case.steps.above)))
    fill_oracle.solve(nodes[0], tuple(table))
    return [leaf.stepped for leaf in leaves], [node.stepped() for node in nodes], [node.saturated() for node in nodes]

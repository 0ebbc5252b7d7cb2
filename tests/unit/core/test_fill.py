"""The law of sharing against the slow oracle, leaf by leaf, and what must hold of every answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from types import ModuleType

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import network.core.fill as solver
from network.core import rounding
from network.core.fill import LARGEST_RATE, MOST_LEAVES, Filled, Tree, fill
from network.core.rounding import Steps
from network.errors import Refused
from network.messages.fill import MESSAGES

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


def solved(case: Case, oracle: ModuleType) -> tuple[list[int], list[int], list[bool]]:
    """The oracle's rates of the leaves, rates of the nodes, and which nodes are saturated."""
    nodes = [oracle.Node(number=number, ceiling=ceiling) for number, ceiling in enumerate(case.ceiling)]
    for node, above in zip(nodes[1:], case.parent[1:], strict=True):
        node.parent = nodes[above]
        node.parent.children.append(node)
    leaves = []
    for id, at, base, weight, priority, limit in case.leaves:
        leaves.append(oracle.Leaf(id=id, base=base, weight=weight, priority=priority, limit=limit))
        nodes[at].leaves.append(leaves[-1])
    table = ((bound, step) for bound, step in (*case.steps.below, (None, case.steps.above)))
    oracle.solve(nodes[0], tuple(table))
    return [leaf.stepped for leaf in leaves], [node.stepped() for node in nodes], [node.saturated() for node in nodes]


# --------------------------------------------------------------------------------------------------------- the oracle


@pytest.mark.parametrize("few", [0, rounding.FEW], ids=["screened", "sorted"])
def test_equals_the_oracle_leaf_by_leaf(fill_oracle: ModuleType, few: int) -> None:
    @settings(max_examples=1500, deadline=None)
    @given(cases())
    def equal(case: Case) -> None:
        filled = case.fill()
        rates, node_rates, saturated = solved(case, fill_oracle)
        assert filled.rate.tolist() == rates
        assert filled.node_rate.tolist() == node_rates
        assert filled.node_saturated.tolist() == saturated

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounding, "FEW", few)
        patch.setattr(solver, "_BLOCK", 3 + few)
        equal()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("few", [0, rounding.FEW], ids=["screened", "sorted"])
def test_equals_the_oracle_on_larger_trees(fill_oracle: ModuleType, monkeypatch: pytest.MonkeyPatch, seed: int, few: int) -> None:
    monkeypatch.setattr(rounding, "FEW", few)
    random = np.random.default_rng(seed)
    parent = (-1, *(0,) * 3, *(int(hub) for hub in random.integers(1, 4, 12)))
    leaves = []
    for id in random.permutation(90).tolist():
        base, weight, priority = random.integers(0, 60), random.integers(1, 33), random.choice((3, 3, 3, 1))
        limit = min(10**6, random.pareto(1.1) * 100) if random.random() > 0.1 else 0
        leaves.append((id, int(random.integers(4, 16)), int(base), int(weight), int(priority), int(limit)))
    case = Case(parent=parent, ceiling=(LARGEST_RATE,) * 16, leaves=tuple(leaves), steps=SMALL)
    filled = case.fill()
    least = [sum(min(leaves[each][2], leaves[each][5]) for each in case.under(node)) for node in range(16)]
    slack = (filled.node_rate - least).clip(0) * random.uniform((0.4,) + (0.3,) * 15, (0.6,) + (1.1,) * 15)
    case = replace(case, ceiling=tuple(low + int(more) for low, more in zip(least, slack, strict=True)))
    case = tightened(case, Random(seed))
    filled = case.fill()
    assert (filled.rate.tolist(), filled.node_rate.tolist(), filled.node_saturated.tolist()) == solved(case, fill_oracle)


def test_screening_many_leaves_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    count = 5000
    tree = Tree(
        node_parent=np.array([-1, *(0,) * 9]),
        node_ceiling=np.array([2 * 10**9, *(3 * 10**8,) * 9]),
        leaf_id=np.arange(count),
        leaf_node=random.integers(0, 10, count),
        leaf_base=random.integers(0, 1000, count),
        leaf_weight=random.integers(1, 33, count),
        leaf_priority=np.zeros(count, dtype=np.int64),
        leaf_limit=random.integers(0, 2 * 10**6, count),
    )
    rates = []
    for few in (0, 100, 10**6):
        monkeypatch.setattr(rounding, "FEW", few)
        rates.append(fill(tree, LINUX).rate)
    assert (rates[0] == rates[2]).all()
    assert (rates[1] == rates[2]).all()
    assert rates[0].sum() <= 2 * 10**9


# --------------------------------------------------------------------------------------------- what holds of all answers


@settings(max_examples=600, deadline=None)
@given(cases())
def test_sums_floors_work_and_determinism(case: Case) -> None:
    filled = case.fill()
    rate = filled.rate.tolist()
    for node, ceiling in enumerate(case.ceiling):
        under = sum(rate[position] for position in case.under(node))
        assert under == filled.node_rate[node] <= ceiling
    for given_rate, (_, _, base, weight, _, limit) in zip(rate, case.leaves, strict=True):
        assert given_rate == case.steps.floor(given_rate)
        assert case.steps.floor(min(base, limit)) <= given_rate <= limit
        if not weight:
            assert given_rate <= base
    above = {node: {node} for node in range(len(case.parent))}
    for node in range(1, len(case.parent)):
        above[node] |= above[case.parent[node]]
    for given_rate, (_, node, base, weight, _, limit) in zip(rate, case.leaves, strict=True):
        wants = weight and given_rate + case.steps.at(given_rate) <= limit and max(base, given_rate) < limit
        assert not wants or any(filled.node_saturated[each] for each in above[node]), "capacity is left and a leaf wants it"
    assert replace(case, leaves=case.leaves[::-1]).rates() == case.rates()


@settings(max_examples=300, deadline=None)
@given(cases(), st.integers(1, 200))
def test_nothing_is_left_when_all_is_in_whole_steps(case: Case, step: int) -> None:
    """With one step, and bases, limits and ceilings on it, a saturated node gives out all that it has."""
    largest = LARGEST_RATE // step
    scaled = replace(
        case,
        ceiling=tuple(min(ceiling, largest) * step for ceiling in case.ceiling),
        leaves=tuple((i, n, min(b, largest) * step, w, p, min(d, largest) * step) for i, n, b, w, p, d in case.leaves),
        steps=Steps(above=step),
    )
    try:
        filled = scaled.fill()
    except Refused:  # cut to the largest rate, the guarantees may not fit any more
        assume(False)
    saturated = filled.node_saturated
    assert filled.node_rate[saturated].tolist() == np.array(scaled.ceiling)[saturated].tolist()


@settings(max_examples=300, deadline=None)
@given(cases(largest_nodes=1), st.integers(1, 10**6))
def test_a_larger_ceiling_takes_nothing_from_anybody(case: Case, more: int) -> None:
    """On one level and without rounding; in a tree a branch that gets more may take it from another."""
    case = replace(case, steps=NONE, leaves=tuple((*leaf[:4], 3, leaf[5]) for leaf in case.leaves))
    larger = replace(case, ceiling=(min(case.ceiling[0] + more, LARGEST_RATE),))
    before, after = case.rates(), larger.rates()
    assert all(after[id] >= rate - 1 for id, rate in before.items()), "one bit/s may go to another by remainder"


@settings(max_examples=300, deadline=None)
@given(cases())
def test_lower_priorities_change_nothing_above_them(case: Case) -> None:
    """What priority 0 gets is the same whatever the others still want, up to the step that rounding moves."""
    without = replace(
        case, steps=NONE, leaves=tuple(leaf if leaf[4] == 0 else (*leaf[:5], min(leaf[2], leaf[5])) for leaf in case.leaves)
    )
    with_all, alone = replace(case, steps=NONE).rates(), without.rates()
    assert all(abs(with_all[leaf[0]] - alone[leaf[0]]) <= 1 for leaf in case.leaves if leaf[4] == 0)


# ------------------------------------------------------------------------------------------------------ cases by hand


def test_spare_is_divided_by_weight() -> None:
    assert flat(100, (10, 1, 3, 100), (10, 3, 3, 100)).rates() == {1: 30, 2: 70}


def test_a_higher_priority_is_served_first() -> None:
    assert flat(100, (10, 1, 3, 100), (10, 1, 0, 50)).rates() == {1: 50, 2: 50}
    assert flat(100, (10, 1, 3, 100), (10, 1, 0, 100)).rates() == {1: 10, 2: 90}


def test_idle_and_half_idle_leaves_leave_theirs_to_the_others() -> None:
    assert flat(90, (30, 1, 3, 0), (30, 1, 3, 10), (30, 1, 3, 100)).rates() == {1: 0, 2: 10, 3: 80}


def test_weight_zero_and_no_spare_stay_at_their_base() -> None:
    assert flat(100, (10, 0, 3, 100), (10, 5, 3, 10), (10, 1, 3, 100)).rates() == {1: 10, 2: 10, 3: 80}


def test_a_bound_hub_stops_its_leaves_and_the_others_go_on() -> None:
    leaves = ((1, 1, 10, 1, 3, 100), (2, 1, 10, 1, 3, 100), (3, 0, 10, 1, 3, 100))
    case = Case(parent=(-1, 0), ceiling=(100, 40), leaves=leaves, steps=NONE)
    assert case.rates() == {1: 20, 2: 20, 3: 60}
    assert case.fill().node_saturated.tolist() == [True, True]


def test_missing_steps_go_by_largest_remainder_and_then_by_id() -> None:
    assert flat(10, (0, 1, 3, 9), (0, 1, 3, 9), (0, 1, 3, 9)).rates() == {1: 4, 2: 3, 3: 3}
    assert flat(11, (0, 1, 3, 9), (0, 2, 3, 9)).rates() == {1: 4, 2: 7}
    whole = ((7, 0, 0, 1, 3, 9), (5, 0, 0, 1, 3, 9), (6, 0, 0, 1, 3, 9))
    assert Case(parent=(-1,), ceiling=(10,), leaves=whole, steps=NONE).rates() == {7: 3, 5: 4, 6: 3}


def test_a_missing_step_passes_no_ceiling_between() -> None:
    """Both leaves of node 1 have the largest remainders, and node 1 has room for one step of 10 only."""
    leaves = ((1, 1, 0, 9, 3, 90), (2, 1, 0, 9, 3, 90), (3, 0, 0, 12, 3, 90))
    rates = Case(parent=(-1, 0), ceiling=(61, 39), leaves=leaves, steps=Steps(above=10)).rates()
    assert rates == {1: 20, 2: 10, 3: 30}


def test_trees_without_leaves_and_ceilings_of_zero() -> None:
    assert flat(0).fill().node_rate.tolist() == [0]
    assert flat(0, (0, 1, 3, 10)).rates() == {1: 0}


def test_the_largest_numbers_stay_exact(fill_oracle: ModuleType) -> None:
    leaves = tuple((id, id % 3, 0, 1000 - id, 3, LARGEST_RATE - id) for id in range(40))
    case = Case(parent=(-1, 0, 1), ceiling=(LARGEST_RATE, LARGEST_RATE - 1, LARGEST_RATE // 3), leaves=leaves, steps=NONE)
    assert case.fill().rate.tolist() == solved(case, fill_oracle)[0]


def test_many_equal_leaves_share_equally() -> None:
    count = 30_000
    same = np.full(count, 1)
    tree = Tree(
        node_parent=np.array([-1]),
        node_ceiling=np.array([count * 8 * 5 + 8 * 100]),
        leaf_id=np.arange(count)[::-1].copy(),
        leaf_node=same * 0,
        leaf_base=same * 8,
        leaf_weight=same * 7,
        leaf_priority=same,
        leaf_limit=same * 10**12,
    )
    rate = fill(tree, LINUX).rate
    assert np.flatnonzero(rate == 48).tolist() == list(range(count - 100, count))
    assert np.count_nonzero(rate == 40) == count - 100


def test_sums_beyond_63_bits_stay_exact() -> None:
    """A million leaves that each want all there can be: their wishes add up to 10**19."""
    count = 1_000_000
    tree = Tree(
        node_parent=np.array([-1, 0]),
        node_ceiling=np.array([LARGEST_RATE, LARGEST_RATE]),
        leaf_id=np.arange(count),
        leaf_node=np.arange(count) % 2,
        leaf_base=np.zeros(count, dtype=np.int64),
        leaf_weight=np.ones(count, dtype=np.int64),
        leaf_priority=np.arange(count) // 2 % 2,
        leaf_limit=np.full(count, LARGEST_RATE),
    )
    filled = fill(tree, LINUX)
    assert filled.rate.reshape(-1, 4).T.tolist() == [[rate] * (count // 4) for rate in (2 * 10**7, 2 * 10**7, 0, 0)]
    assert filled.node_saturated.tolist() == [True, False]


# ---------------------------------------------------------------------------------------------------------- refusals


@settings(max_examples=200, deadline=None)
@given(cases(), st.data())
def test_guarantees_above_a_ceiling_are_refused_by_name(case: Case, data: st.DataObject) -> None:
    guaranteed = [sum(min(case.leaves[each][2], case.leaves[each][5]) for each in case.under(n)) for n in range(len(case.parent))]
    node = data.draw(st.sampled_from(range(len(case.parent))))
    assume(guaranteed[node] > 0)
    ceiling = data.draw(st.integers(0, guaranteed[node] - 1))
    changed = replace(case, ceiling=(*case.ceiling[:node], ceiling, *case.ceiling[node + 1 :]))
    with pytest.raises(Refused) as refused:
        changed.fill()
    assert refused.value.code == "fill.guarantees_above_ceiling"
    assert refused.value.fields == {"node": node, "guarantees": guaranteed[node], "ceiling": ceiling}


def test_a_refusal_names_the_node_and_is_exact_beyond_63_bits() -> None:
    count = 1_000_000
    same = np.full(count, 1)
    tree = Tree(
        node_parent=np.array([-1, 0]),
        node_ceiling=np.array([LARGEST_RATE, LARGEST_RATE]),
        leaf_id=np.arange(count),
        leaf_node=same,
        leaf_base=same * LARGEST_RATE,
        leaf_weight=same,
        leaf_priority=same,
        leaf_limit=same * LARGEST_RATE,
        node_name=("uplink", "hub:2"),
    )
    with pytest.raises(Refused) as refused:
        fill(tree, LINUX)
    assert refused.value.fields == {"node": "uplink", "guarantees": count * LARGEST_RATE, "ceiling": LARGEST_RATE}


def test_equal_ids_are_refused() -> None:
    leaves = ((4, 0, 0, 1, 3, 9), (2, 0, 0, 1, 3, 9), (4, 0, 0, 1, 3, 9))
    with pytest.raises(Refused) as refused:
        Case(parent=(-1,), ceiling=(10,), leaves=leaves).fill()
    assert (refused.value.code, refused.value.fields) == ("fill.equal_ids", {"leaf": 4})


@pytest.mark.parametrize(
    ("column", "value", "largest"),
    [
        ("node_ceiling", -1, LARGEST_RATE),
        ("node_ceiling", LARGEST_RATE + 1, LARGEST_RATE),
        ("leaf_node", 2, 1),
        ("leaf_node", -1, 1),
        ("leaf_base", -8, LARGEST_RATE),
        ("leaf_weight", 1001, 1000),
        ("leaf_weight", -1, 1000),
        ("leaf_priority", 8, 7),
        ("leaf_limit", -1, LARGEST_RATE),
        ("leaf_limit", 2**62, LARGEST_RATE),
    ],
)
def test_numbers_out_of_range_are_refused(column: str, value: int, largest: int) -> None:
    case = Case(parent=(-1, 0), ceiling=(10, 10), leaves=((1, 0, 1, 1, 3, 5), (2, 1, 1, 1, 3, 5)))
    tree = case.tree()
    getattr(tree, column)[1] = value
    with pytest.raises(Refused) as refused:
        fill(tree, LINUX)
    assert refused.value.code == "fill.out_of_range"
    assert refused.value.fields == {"column": column, "index": 1, "value": value, "largest": largest}


def test_too_many_leaves_are_refused() -> None:
    tree = flat(10).tree()
    many = np.zeros(MOST_LEAVES + 1, dtype=np.int64)
    with pytest.raises(Refused) as refused:
        fill(replace(tree, leaf_id=many, leaf_node=many), LINUX)
    assert refused.value.code == "fill.too_many"


@pytest.mark.parametrize("parent", [(0,), (-1, -1), (-1, 1), (-1, 2, 0)])
def test_a_node_comes_after_its_parent(parent: Column) -> None:
    with pytest.raises(ValueError, match="parent"):
        Case(parent=parent, ceiling=(10,) * len(parent), leaves=()).fill()


def test_every_refusal_has_words_for_its_fields() -> None:
    fields: dict[str, dict[str, object]] = {
        "fill.guarantees_above_ceiling": {"node": "hub:2", "guarantees": 11, "ceiling": 10},
        "fill.equal_ids": {"leaf": 4},
        "fill.out_of_range": {"column": "leaf_limit", "index": 1, "value": -1, "largest": 7},
        "fill.too_many": {"nodes": 1, "leaves": 2, "most": 1},
    }
    assert fields.keys() == MESSAGES.keys()
    for code, message in MESSAGES.items():
        for template in message:
            assert all(str(value) in template.format(**fields[code]) for value in fields[code].values())


# ------------------------------------------------------------------------------------------------------------- steps


def test_steps_of_linux() -> None:
    assert [LINUX.floor(rate) for rate in (0, 7, 999_999, 1_000_999, 999_999_999, 1_999_999_999)] == [
        0,
        0,
        999_992,
        1_000_000,
        999_999_000,
        1_999_000_000,
    ]
    rates = np.array([0, 999_999, 10**6, 10**9 - 1, 10**9, LARGEST_RATE])
    assert LINUX.at_each(rates).tolist() == [LINUX.at(rate) for rate in rates.tolist()] == [8, 8, 1000, 1000, 10**6, 10**6]


@pytest.mark.parametrize(
    ("below", "above"),
    [((), 0), (((10, 2), (10, 5)), 1), (((10, 3),), 5), (((10, 5),), 3), (((0, 1),), 1), ((), 10**9 + 1)],
)
def test_steps_that_do_not_fit_together_are_an_error(below: tuple[tuple[int, int], ...], above: int) -> None:
    with pytest.raises(ValueError, match="step"):
        Steps(below=below, above=above)

"""The law of sharing against the slow oracle, leaf by leaf, and what must hold of every answer."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import network.core.fill as solver
from network.core import rounding
from network.core.fill import LARGEST_RATE, Tree, fill
from network.core.rounding import Steps
from network.errors import Refused
from tests.unit.core.fill_cases import LINUX, NONE, SMALL, Case, cases, flat, solved, tightened

# --------------------------------------------------------------------------------------------------------- the oracle


@pytest.mark.parametrize("few", [0, rounding.FEW], ids=["screened", "sorted"])
def test_equals_the_oracle_leaf_by_leaf(few: int) -> None:
    @settings(max_examples=1500, deadline=None)
    @given(cases())
    def equal(case: Case) -> None:
        filled = case.fill()
        rates, node_rates, saturated = solved(case)
        assert filled.rate.tolist() == rates
        assert filled.node_rate.tolist() == node_rates
        assert filled.node_saturated.tolist() == saturated

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounding, "FEW", few)
        patch.setattr(solver, "_BLOCK", 3 + few)
        equal()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("few", [0, rounding.FEW], ids=["screened", "sorted"])
def test_equals_the_oracle_on_larger_trees(monkeypatch: pytest.MonkeyPatch, seed: int, few: int) -> None:
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
    assert (filled.rate.tolist(), filled.node_rate.tolist(), filled.node_saturated.tolist()) == solved(case)


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


def test_the_largest_numbers_stay_exact() -> None:
    leaves = tuple((id, id % 3, 0, 1000 - id, 3, LARGEST_RATE - id) for id in range(40))
    case = Case(parent=(-1, 0, 1), ceiling=(LARGEST_RATE, LARGEST_RATE - 1, LARGEST_RATE // 3), leaves=leaves, steps=NONE)
    assert case.fill().rate.tolist() == solved(case)[0]


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

"""How fast the law of sharing is solved, how that grows, and what a linear program needs for the same answer.

Measures `network.core.fill` on random trees that are the same in every run; asserts nothing and keeps nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from network.bench.rows import Row, median_row
from network.core.fill import Tree, fill
from network.core.rounding import Steps
from network.core.sharing import LINUX_TC

SIZES: Final = {10**3: 1.0, 10**4: 10.0, 10**5: 100.0, 10**6: 1000.0}  # leaves: bar in ms
RUNS: Final = {10**3: 101, 10**4: 31, 10**5: 11, 10**6: 7}
PAIRS: Final = 5
GROWTH: Final = 120.0
FASTER: Final = 20.0
SAME: Final = 1e-6
EXACT: Final = Steps(above=1)

Shape = Literal["one_level", "three_levels"]
WORDS: Final[dict[Shape, str]] = {"one_level": "one level", "three_levels": "root, hubs, offices"}


def measure(report: Callable[[Row], None]) -> None:
    """Rows `allocate.*`: times by size and shape, growth, priorities mixed, and the linear program."""
    for shape, words in WORDS.items():
        for size, bar in SIZES.items():
            tree = random_tree(size, shape)
            samples = [_milliseconds(tree) for _ in range(RUNS[size])]
            report(median_row(f"allocate.{shape}.{size}", f"{size} leaves, {words}", samples, "ms", "<=", bar))
        report(median_row(f"allocate.{shape}.growth", f"10⁶ to 10⁴ leaves, {words}", _growth(shape), "x", "<=", GROWTH))
        for size in SIZES:
            tree = random_tree(size, shape, priorities=8)
            samples = [_milliseconds(tree) for _ in range(RUNS[size])]
            report(median_row(f"allocate.{shape}.mixed.{size}", f"{size} leaves, {words}, eight priorities", samples, "ms"))
    _beside_linear_programs(report)


def random_tree(size: int, shape: Shape, priorities: int = 1) -> Tree:
    """Heavy-tailed demand, a tenth of the leaves idle, weights 1 to 32; the root binds, and so do some hubs and offices."""
    random = np.random.default_rng(size)
    base = random.integers(1, 30_000, size) * 8
    limit = np.minimum(random.pareto(1.2, size) * 800_000, 1e10).astype(np.int64)
    limit[random.random(size) < 0.1] = 0
    hubs, offices = {"one_level": (0, 0), "three_levels": (max(3, min(100, size // 300)), size // 10)}[shape]
    parent = np.concatenate(([-1], np.zeros(hubs, dtype=np.int64), 1 + np.arange(offices) % max(hubs, 1)))
    node = 1 + hubs + np.arange(size) % offices if offices else np.zeros(size, dtype=np.int64)
    least, most = (_under(parent, node, column) for column in (np.minimum(base, limit), limit))
    part = np.concatenate(([0.45], random.uniform(0.2, 1.4, len(parent) - 1)))
    return Tree(
        node_parent=parent,
        node_ceiling=(least + part * (most - least)).astype(np.int64) // 1000 * 1000 + 1000,
        leaf_id=np.arange(size),
        leaf_node=node,
        leaf_base=base,
        leaf_weight=random.integers(1, 33, size),
        leaf_priority=random.integers(0, priorities, size),
        leaf_limit=limit,
    )


def _under(parent: NDArray[np.int64], node: NDArray[np.int64], column: NDArray[np.int64]) -> NDArray[np.int64]:
    total = np.zeros_like(parent)
    np.add.at(total, node, column)
    for child in range(len(parent) - 1, 0, -1):
        total[parent[child]] += total[child]
    return total


def _milliseconds(tree: Tree, steps: Steps = LINUX_TC.steps) -> float:
    began = time.perf_counter()
    fill(tree, steps)
    return (time.perf_counter() - began) * 1000


def _growth(shape: Shape) -> list[float]:
    """Each large run beside the small ones just before and after it, so that both see the same machine."""
    small, large = random_tree(10**4, shape), random_tree(10**6, shape)
    found = []
    for _ in range(PAIRS):
        before = [_milliseconds(small) for _ in range(9)]
        took = _milliseconds(large)
        found.append(took / median(before + [_milliseconds(small) for _ in range(9)]))
    return found


def _beside_linear_programs(report: Callable[[Row], None]) -> None:
    tree = random_tree(10**3, "one_level")
    ratios, programs, apart = [], [], []
    for _ in range(PAIRS):
        own = median(_milliseconds(tree, EXACT) for _ in range(21))
        began = time.perf_counter()
        rates = by_linear_programs(tree)
        programs.append((time.perf_counter() - began) * 1000)
        ratios.append(programs[-1] / own)
        exact = fill(tree, EXACT).rate
        apart.append(float((np.abs(rates - exact) / np.maximum(exact, 10**6)).max()))
    what = "1000 leaves, one level, by iterated linear programs (HiGHS)"
    report(median_row("allocate.linear.time", what, programs, "ms"))
    report(median_row("allocate.linear.ratio", "linear programs to the solver, same tree", ratios, "x", ">=", FASTER))
    report(median_row("allocate.linear.apart", "largest difference of a leaf's rate between the two", apart, "of 1", "<=", SAME))


def by_linear_programs(tree: Tree) -> NDArray[np.float64]:
    """Rates in bit/s of a tree of one level and one priority: maximise the common fill t, fix what is full, repeat.

    The leanest program there is: the rates follow from t, so t is its only variable. In Mbit/s, because the solver's
    tolerances are absolute.
    """
    limit, ceiling = tree.leaf_limit / 1e6, float(tree.node_ceiling[0]) / 1e6
    rate = np.minimum(tree.leaf_base / 1e6, limit)
    rising = np.flatnonzero(rate < limit)
    while rising.size:
        base, weight, top = tree.leaf_base[rising] / 1e6, tree.leaf_weight[rising].astype(float), limit[rising]
        fixed = rate.sum() - rate[rising].sum()
        rows, bounds = np.append(weight, weight.sum()), np.append(top - base, ceiling - fixed - base.sum())
        found = linprog([-1.0], A_ub=rows[:, np.newaxis], b_ub=bounds, bounds=(0, None), method="highs")
        assert found.x is not None
        level = base + weight * found.x[0]
        full = level >= top * (1 - 1e-9)
        rate[rising] = np.where(full, top, level)
        if not full.any():
            break
        rising = rising[~full]
    return rate * 1e6

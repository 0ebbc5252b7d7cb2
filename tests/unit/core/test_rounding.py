"""A device's steps, and that sorting leaves into boxes first does not change who gets one more."""

from __future__ import annotations

import numpy as np
import pytest

from network.core import rounding
from network.core.fill import LARGEST_RATE, Tree, fill
from network.core.rounding import Steps
from tests.unit.core.fill_cases import LINUX


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

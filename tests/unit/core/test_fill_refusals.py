"""What the solver of the law of sharing refuses, and in which words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from network.core.fill import LARGEST_RATE, MOST_LEAVES, Tree, fill
from network.errors import Refused
from network.messages.fill import MESSAGES
from tests.unit.core.fill_cases import LINUX, Case, Column, cases, flat


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

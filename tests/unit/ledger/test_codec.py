"""A step survives being written down, for every step there can be; nothing else passes for one."""

from __future__ import annotations

import json
from copy import deepcopy
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.units import Bandwidth, Direction
from network.core.codec import decode_step, encode_step
from network.core.observed import Queue, Rule
from network.core.plan import Phase, QueueStep, RulesStep, ShaperStep, Step
from network.core.tree import ROOT, NodeId, NodeKind, ShaperId, leaf

_keys = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=32)
_ids = st.integers(0, 4095)
_numbers = st.integers(0, 10**13) | st.integers(0, 10**13).map(Bandwidth)
_nodes = st.builds(NodeId, st.sampled_from(NodeKind), _ids, _ids)
_shapers = st.builds(ShaperId, _ids, _keys, st.sampled_from(Direction))
_networks = st.builds(
    lambda address, length: IPv4Network((address, length), strict=False), st.integers(0, 2**32 - 1), st.integers(0, 32)
)
_rules = st.frozensets(st.builds(Rule, _networks, st.none() | _networks, _nodes), max_size=6)
_queues = st.builds(
    Queue,
    node=_nodes,
    parent=st.none() | _nodes,
    guarantee=_numbers,
    ceiling=_numbers,
    priority=st.integers(0, 7),
    quantum=_numbers,
    burst=_numbers,
    ceiling_burst=_numbers,
    buffer=st.none() | _numbers,
)
_heads = {"device": _keys, "shaper": _shapers, "phase": st.sampled_from(Phase)}
_steps: st.SearchStrategy[Step] = (
    st.builds(ShaperStep, **_heads, attach=st.booleans())
    | st.builds(QueueStep, **_heads, before=st.none() | _queues, after=st.none() | _queues)
    | st.builds(RulesStep, **_heads, before=_rules, after=_rules)
)


@settings(deadline=None, max_examples=60)
@given(_steps)
def test_a_step_comes_back_from_json_as_it_was(step: Step) -> None:
    assert decode_step(json.loads(json.dumps(encode_step(step)))) == step


@settings(deadline=None, max_examples=60)
@given(_rules)
def test_equal_sets_of_rules_are_written_alike(rules: frozenset[Rule]) -> None:
    shaper = ShaperId(1, "domestic", Direction.UP)
    other = frozenset(sorted(rules, key=lambda rule: str(rule.leaf), reverse=True))
    written = [
        json.dumps(encode_step(RulesStep(device="core", shaper=shaper, phase=Phase.POINT, before=before, after=frozenset())))
        for before in (rules, other)
    ]
    assert written[0] == written[1]


_QUEUE = Queue(
    node=leaf(7, 2), parent=ROOT, guarantee=8, ceiling=9, priority=3, quantum=1514, burst=15140, ceiling_burst=18168, buffer=9084
)
_VALUE = encode_step(
    QueueStep(device="core", shaper=ShaperId(1, "domestic", Direction.UP), phase=Phase.LOWER, before=None, after=_QUEUE)
)


def test_the_written_form_stays_readable_by_later_versions() -> None:
    assert _VALUE == {
        "step": "queue",
        "device": "core",
        "shaper": [1, "domestic", "up"],
        "phase": "lower",
        "before": None,
        "after": {
            "node": ["leaf", 7, 2],
            "parent": ["uplink", 0, 0],
            "guarantee": 8,
            "ceiling": 9,
            "priority": 3,
            "quantum": 1514,
            "burst": 15140,
            "ceiling_burst": 18168,
            "buffer": 9084,
        },
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("step",), "rules"),
        (("step",), "walk"),
        (("phase",), "LOWER"),
        (("phase",), 1),
        (("device",), None),
        (("shaper",), [1, "domestic"]),
        (("shaper", 0), 1.0),
        (("shaper", 2), "sideways"),
        (("after", "node", 0), "lane"),
        (("after", "node", 1), "7"),
        (("after", "guarantee"), 8.0),
        (("after", "guarantee"), True),
        (("after", "guarantee"), "8"),
        (("after", "weight"), 1),
        (("note",), "unknown"),
    ],
)
def test_anything_else_is_refused(path: tuple[Any, ...], value: object) -> None:
    changed: Any = deepcopy(_VALUE)
    place = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(ValueError, match="not a step"):
        decode_step(changed)


@pytest.mark.parametrize("value", [{}, {"step": "queue"}, [], None])
def test_what_is_no_step_at_all_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="not a step"):
        decode_step(value)

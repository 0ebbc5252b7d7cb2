"""A step as a JSON value and back, exactly: what the ledger writes today it can still read next year.

Pure. Never guesses: a value that is not precisely a step is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

from inventory.units import Direction
from network.core.observed import Queue, Rule
from network.core.plan import Phase, QueueStep, RulesStep, ShaperStep, Step
from network.core.tree import NodeId, NodeKind, ShaperId

_QUEUE_NUMBERS = ("guarantee", "ceiling", "priority", "quantum", "burst", "ceiling_burst")


def encode_step(step: Step) -> dict[str, Any]:
    """JSON types only. Equal steps give equal values: rules are in one order. Rates in bit/s, sizes in bytes."""
    head = {"device": str(step.device), "shaper": _encode_shaper(step.shaper), "phase": step.phase.name.lower()}
    match step:
        case ShaperStep():
            return {"step": "shaper", **head, "attach": bool(step.attach)}
        case QueueStep():
            return {"step": "queue", **head, "before": _encode_queue(step.before), "after": _encode_queue(step.after)}
        case RulesStep():
            return {"step": "rules", **head, "before": _encode_rules(step.before), "after": _encode_rules(step.after)}


def decode_step(value: Mapping[str, Any]) -> Step:
    """The step that `encode_step` made `value` from. Raises ValueError for anything else, unknown keys included."""
    try:
        step = _decode(value)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not a step: {value!r}") from error
    if _canonical(encode_step(step)) != _canonical(value):
        raise ValueError(f"not a step as this version writes it: {value!r}")
    return step


def _canonical(value: Mapping[str, Any]) -> str:
    """Text, so that 1, 1.0 and true stay three different things."""
    return json.dumps(value, sort_keys=True)


def _decode(value: Mapping[str, Any]) -> Step:
    device, shaper, phase = value["device"], _decode_shaper(value["shaper"]), Phase[value["phase"].upper()]
    match value["step"]:
        case "shaper":
            return ShaperStep(device=device, shaper=shaper, phase=phase, attach=value["attach"])
        case "queue":
            before, after = _decode_queue(value["before"]), _decode_queue(value["after"])
            return QueueStep(device=device, shaper=shaper, phase=phase, before=before, after=after)
        case "rules":
            rules = _decode_rules(value["before"]), _decode_rules(value["after"])
            return RulesStep(device=device, shaper=shaper, phase=phase, before=rules[0], after=rules[1])
        case kind:
            raise ValueError(f"no such kind of step: {kind!r}")


def _encode_shaper(shaper: ShaperId) -> list[Any]:
    return [int(shaper.uplink_id), str(shaper.uplink), shaper.direction.value]


def _decode_shaper(value: list[Any]) -> ShaperId:
    uplink_id, uplink, direction = value
    return ShaperId(uplink_id, uplink, Direction(direction))


def _encode_node(node: NodeId) -> list[Any]:
    return [node.kind.value, int(node.id), int(node.application)]


def _decode_node(value: list[Any]) -> NodeId:
    kind, id, application = value
    return NodeId(NodeKind(kind), id, application)


def _encode_queue(queue: Queue | None) -> dict[str, Any] | None:
    if queue is None:
        return None
    numbers = {name: int(getattr(queue, name)) for name in _QUEUE_NUMBERS}
    parent = None if queue.parent is None else _encode_node(queue.parent)
    buffer = None if queue.buffer is None else int(queue.buffer)
    return {"node": _encode_node(queue.node), "parent": parent, **numbers, "buffer": buffer}


def _decode_queue(value: Mapping[str, Any] | None) -> Queue | None:
    if value is None:
        return None
    numbers = {name: value[name] for name in _QUEUE_NUMBERS}
    parent = None if value["parent"] is None else _decode_node(value["parent"])
    return Queue(node=_decode_node(value["node"]), parent=parent, **numbers, buffer=value["buffer"])


def _encode_rules(rules: frozenset[Rule]) -> list[list[Any]]:
    written = [[str(rule.lan), None if rule.remote is None else str(rule.remote), _encode_node(rule.leaf)] for rule in rules]
    return sorted(written, key=repr)


def _decode_rules(value: list[list[Any]]) -> frozenset[Rule]:
    rules = set()
    for lan, remote, leaf in value:
        rules.add(Rule(IPv4Network(lan), None if remote is None else IPv4Network(remote), _decode_node(leaf)))
    return frozenset(rules)

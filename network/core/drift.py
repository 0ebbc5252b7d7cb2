"""What devices hold beside what they are to hold, for a person: what differs, where, and what would mend it. Pure.

Nothing here plans a change: a finding is read off the plan that `lajur apply` would carry out, so that what is told and what
would be done are never two things.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from inventory.regency import Regency
from network.core.allocate import Allocation
from network.core.links.difference import Line
from network.core.links.plan import EndPlan
from network.core.observed import DeviceState, Queue
from network.core.plan import Plan, QueueStep, RulesStep, ShaperStep
from network.core.tree import DEFAULT, ROOT, NodeId, NodeKind, ShaperId

APPLY: Final = "lajur apply"
RECOVER: Final = "lajur recover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One value of a queue or shaper that differs. `name`: `queues` (how many), `parent` (a node, in the truth's words),
    `guarantee` and `ceiling` (bit/s), `priority`, `quantum`, `burst`, `ceiling_burst` and `buffer` (bytes). None: not there."""

    name: str
    wanted: int | str | None = None
    found: int | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that differs. `what` is a message code (`drift.…`), `place` where on the device. `wanted` and `found` are in the
    device's own words, empty for what is not there and where `figures` say it. `mend` is a command; empty: a person, by hand.
    """

    device: str
    what: str
    place: str
    wanted: str = ""
    found: str = ""
    mend: str = ""
    figures: tuple[Figure, ...] = ()


def queue_drift(
    regency: Regency, plan: Plan, states: Mapping[str, DeviceState], allocations: Mapping[ShaperId, Allocation]
) -> Iterator[Finding]:
    """Everything by which the queues of the observed devices differ from what was allocated, in the order of the plan."""
    absent: set[ShaperId] = set()
    for step in plan.steps:
        if isinstance(step, ShaperStep) and step.attach:
            state = states[step.device].shapers.get(step.shaper)
            if state is None or not state.queues:
                absent.add(step.shaper)
            meant = allocations.get(step.shaper)
            figures = (Figure(name="queues", wanted=len(meant.queues)),) if meant else ()
            what = "drift.shaper_absent" if step.shaper in absent else "drift.shaper_part"
            yield Finding(device=step.device, what=what, place=str(step.shaper), mend=APPLY, figures=figures)
    names = _Names(regency)
    for (device, shaper, node), (before, after) in _queues(plan).items():
        if shaper not in absent:
            yield _queue(device, f"{shaper} {names.of(node)}", before, after, names)
    for step in plan.steps:
        if isinstance(step, RulesStep) and step.shaper not in absent:
            yield _rules(step, states)
    yield from _strangers(plan, allocations)
    for device, shown in states.items():
        if shown.armed is not None:
            yield Finding(device=device, what="drift.armed", place=shown.armed.run, mend=RECOVER)


def _queues(plan: Plan) -> Mapping[tuple[str, ShaperId, NodeId], tuple[Queue | None, Queue | None]]:
    """By queue: as it is, and as it is to be. A plan may lower a queue first and raise it later."""
    found: dict[tuple[str, ShaperId, NodeId], tuple[Queue | None, Queue | None]] = {}
    for step in plan.steps:
        if isinstance(step, QueueStep):
            key = (step.device, step.shaper, step.node)
            found[key] = (found[key][0] if key in found else step.before, step.after)
    return found


def _queue(device: str, place: str, before: Queue | None, after: Queue | None, names: _Names) -> Finding:
    there = after or before
    assert there is not None, "a queue is wanted, found, or both"
    if before is None or after is None:
        what = "drift.queue_absent" if before is None else "drift.queue_extra"
        differs = ["guarantee", "ceiling"] if there.node.is_leaf else ["ceiling"]
    else:
        what = "drift.queue"
        differs = [name for name in _FIGURES if _differs(before, after, name)]
    figures = tuple(Figure(name=name, wanted=_value(after, name, names), found=_value(before, name, names)) for name in differs)
    return Finding(device=device, what=what, place=place, mend=APPLY, figures=figures)


_FIGURES: Final = ("parent", "guarantee", "ceiling", "priority", "quantum", "burst", "ceiling_burst", "buffer")
_ROUNDED: Final = {"burst", "ceiling_burst", "buffer"}
"""Shown in the device's own units: a difference of one part in fifty is none."""


def _differs(before: Queue, after: Queue, name: str) -> bool:
    one, other = getattr(before, name) or 0, getattr(after, name) or 0
    if name in _ROUNDED:
        return bool(abs(one - other) * 50 > other)
    leaf_only = name in ("priority", "quantum") and not after.node.is_leaf
    return one != other and not leaf_only


def _value(queue: Queue | None, name: str, names: _Names) -> int | str | None:
    value: int | NodeId | None = getattr(queue, name, None)
    return names.of(value) if isinstance(value, NodeId) else value


def _rules(step: RulesStep, states: Mapping[str, DeviceState]) -> Finding:
    state = states[step.device].shapers.get(step.shaper)
    held = state.rules if state else frozenset()
    missing, extra = len(step.after - held), len(held - step.after)
    return Finding(
        device=step.device,
        what="drift.rules",
        place=str(step.shaper),
        wanted=f"{len(step.after)} (+{missing})",
        found=f"{len(held)} (-{extra})" if extra else str(len(held)),
        mend=APPLY,
    )


def _strangers(plan: Plan, allocations: Mapping[ShaperId, Allocation]) -> Iterator[Finding]:
    for shaper, lines in plan.foreign.items():
        device = allocations[shaper].place.device if shaper in allocations else "-"
        for line in lines:
            yield Finding(device=device, what="drift.foreign", place=str(shaper), found=line)


class _Names:
    """The nodes of a tree in the truth's words."""

    def __init__(self, regency: Regency) -> None:
        self._hubs = {hub.id: hub.key for hub in regency.hubs}
        self._offices = {office.id: office.key for office in regency.offices}
        self._applications = {application.id: application.key for application in regency.applications}

    def of(self, node: NodeId) -> str:
        if node in (ROOT, DEFAULT):
            return node.kind.value
        known = self._hubs if node.kind is NodeKind.HUB else self._offices
        name = known.get(node.id, f"#{node.id}")
        return f"{name}/{self._applications.get(node.application, node.application)}" if node.application else name


def link_drift(end: EndPlan) -> Iterator[Finding]:
    """Everything by which one end of a link differs: a line that was only changed as one finding, and so an end on which
    nothing stands yet."""
    if len(end.lines) >= _BARE and all(line.sign == "+" for line in end.lines):
        yield Finding(
            device=end.intent.device,
            what="drift.end_absent",
            place=f"{end.intent.link}: {end.intent.interface}",
            wanted=", ".join(line.text.strip() for line in end.lines if line.text.strip().startswith(_TELLING)),
            mend=_link_apply(end),
        )
        return
    waiting: list[Line] = []
    for line in end.lines:
        if line.sign == "+":
            partner = next((each for each in waiting if _same_statement(each, line)), None)
            if partner is not None:
                waiting.remove(partner)
            yield _line(end, wanted=line, found=partner)
        else:
            waiting.append(line)
    for line in waiting:
        yield _line(end, found=line)


def _same_statement(one: Line, other: Line) -> bool:
    """Two lines that say another value of the same thing: all but the last word is alike, or all before the value."""
    if one.section != other.section:
        return False
    names = [name for line in (one, other) for name, sign, _ in [line.text.partition("=")] if sign and " " not in name]
    if names:
        return len(names) == 2 and names[0] == names[1]
    words, others = one.text.split(), other.text.split()
    return words[:-1] == others[:-1] or any(words[: len(head)] == others[: len(head)] == head for head in _HEADS)


def _line(end: EndPlan, *, wanted: Line | None = None, found: Line | None = None) -> Finding:
    line = wanted or found
    assert line is not None, "a line is wanted, found, or both"
    what = "drift.link" if wanted and found else "drift.link_absent" if wanted else "drift.link_extra"
    return Finding(
        device=end.intent.device,
        what=what,
        place=f"{end.intent.link}: {line.section}" if line.section else end.intent.link,
        wanted=wanted.text.strip() if wanted else "",
        found=found.text.strip() if found else "",
        mend=_link_apply(end),
    )


_BARE: Final = 6
"""So many lines and more, none of them in the place of another, are an end that nobody has configured."""

_HEADS: Final = (["description"], ["ip", "ospf", "area"])
"""What more than one word follows."""

_TELLING: Final = ("ip address", "ip ospf area", "address ", "area ", "address=", "area=")


def _link_apply(end: EndPlan) -> str:
    return f"lajur link apply {end.intent.link}"

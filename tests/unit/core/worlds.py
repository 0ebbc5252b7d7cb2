"""Small regencies for the tests of the brain, made to measure or at random, and a device that only counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from inventory.regency import Regency
from network.core.allocate import Allocation, allocate
from network.core.intent import Boost, intend
from network.core.observed import DeviceState, Queue, Rule, ShaperState
from network.core.plan import QueueStep, RulesStep, ShaperStep, Step
from network.core.tree import NodeId, ShaperId

NOW = datetime(2026, 8, 20, 3, 0, tzinfo=UTC)
"""A Thursday; noon in Jayapura."""


def rate(kilobits: int) -> str:
    return f"{kilobits} kbit/s"


@dataclass(kw_only=True)
class World:
    """A regency in a few words; rates in kbit/s. `offices`: (hub number, class, access rate), ids and keys from 1 on."""

    uplinks: Mapping[str, int] = field(default_factory=lambda: {"main": 100_000})
    hubs: Sequence[int] = (1_000_000,)
    offices: Sequence[tuple[int, str, int]] = ((1, "plain", 1_000_000), (1, "plain", 1_000_000))
    classes: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {"plain": {"share": 10}})
    floor: int = 100
    reserves: Sequence[Mapping[str, Any]] = ()
    windows: Sequence[Mapping[str, Any]] = ()
    calendar: Mapping[str, Any] = field(default_factory=lambda: {"working_days": ["mon", "tue", "wed", "thu", "fri"]})
    zone: str = "Asia/Jayapura"
    headroom: int = 0
    default: int | None = None
    largest_move: int = 100
    contract: tuple[str, str] = ("2026-01-01", "2027-12-31")
    applications: int = 2

    def regency(self) -> Regency:
        return Regency.model_validate(
            {
                "head": {"key": "world", "name": "World", "timezone": self.zone},
                "uplinks": [self._uplink(number, key) for number, key in enumerate(self.uplinks, 1)],
                "hubs": [
                    {"id": number, "key": f"hub{number}", "name": "H", "device": f"hub-hub{number}"}
                    for number, _ in enumerate(self.hubs, 1)
                ],
                "links": self._links(),
                "devices": self._devices(),
                "offices": [self._office(number, hub, kind) for number, (hub, kind, _) in enumerate(self.offices, 1)],
                "applications": [
                    {"id": n, "key": f"app{n}", "name": "A", "owner": "O", "destinations": [f"198.18.{n}.0/24"]}
                    for n in range(1, self.applications + 1)
                ],
                "policy": {
                    "floors": {key: rate(self.floor) for key in self.uplinks},
                    "classes": self.classes,
                    "reserves": list(self.reserves),
                    "largest_move": self.largest_move,
                },
                "windows": list(self.windows),
                "calendar": self.calendar,
            }
        )

    def _uplink(self, number: int, key: str) -> dict[str, Any]:
        return {
            "id": number,
            "key": key,
            "name": key,
            "kind": "single",
            "provider": "P",
            "rate": rate(self.uplinks[key]),
            "headroom": self.headroom,
            "default_class": None if self.default is None else rate(self.default),
            "link": f"border-{key}",
            "contract": {"number": "C", "start": self.contract[0], "end": self.contract[1]},
        }

    def _office(self, number: int, hub: int, kind: str) -> dict[str, Any]:
        return {
            "id": number,
            "key": f"office{number}",
            "name": "O",
            "service_class": kind,
            "hub": f"hub{hub}",
            "device": f"r-office{number}",
            "lan": f"100.64.{number}.0/24",
        }

    def _links(self) -> list[dict[str, Any]]:
        def link(key: str, near: tuple[str, str], far: tuple[str, str], kilobits: int) -> dict[str, Any]:
            ends = [{"device": device, "interface": interface} for device, interface in (near, far)]
            return {"key": key, "ends": ends, "rate": rate(kilobits)}

        return [
            *(link(f"border-{key}", ("border", f"core{n}"), ("core", f"up{n}"), 10**7) for n, key in enumerate(self.uplinks, 1)),
            *(link(f"core-hub{n}", ("core", f"h{n}"), (f"hub-hub{n}", "core0"), kb) for n, kb in enumerate(self.hubs, 1)),
            *(
                link(f"hub{hub}-office{n}", (f"hub-hub{hub}", f"o{n}"), (f"r-office{n}", "wan0"), kb)
                for n, (hub, _, kb) in enumerate(self.offices, 1)
            ),
        ]

    def _devices(self) -> list[dict[str, Any]]:
        names = [("border", "border"), ("core", "core")]
        names += [(f"hub-hub{n}", "hub") for n, _ in enumerate(self.hubs, 1)]
        names += [(f"r-office{n}", "office") for n, _ in enumerate(self.offices, 1)]
        login = {"user": "lajur", "key": "env:KEY"}
        return [
            {"key": key, "role": role, "platform": "linux", "address": f"100.65.0.{n}", "login": login}
            for n, (key, role) in enumerate(names, 1)
        ]


def window(key: str, **fields: Any) -> dict[str, Any]:
    """A confirmed window of 8 to 17 o'clock, every day from 2026-08-18; `classes`, `offices`, `reserves` are its policy."""
    policy = {name: fields.pop(name) for name in ("classes", "offices", "reserves") if name in fields}
    base = {"confirmed": True, "start": "2026-08-18T08:00", "end": "2026-08-18T17:00", "recurrence": "FREQ=DAILY"}
    return {"key": key, "name": key, **base, **fields, "policy": policy}


CLASSES = ("alpha", "beta", "gamma")


@st.composite
def _classes(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    one = st.fixed_dictionaries(
        {
            "share": st.one_of(st.just(0), st.integers(1, 1000)),
            "weight": st.integers(1, 32),
            "priority": st.integers(0, 7),
            "spare": st.sampled_from(["lend", "lend", "none"]),
            "protected": st.booleans(),
        }
    )
    return {key: draw(one) for key in CLASSES}


def _reserve(application: int, uplink: str, kilobits: int, by_share: bool) -> dict[str, Any]:
    divide = "by_share" if by_share else "equally"
    return {"application": f"app{application}", "uplink": uplink, "rate": rate(kilobits), "divide": divide}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Random regencies whose floors and reserves mostly fit; two windows that change shares and reserves."""
    uplinks = {"main": draw(st.integers(4_000, 2_000_000))}
    if draw(st.booleans()):
        uplinks["other"] = draw(st.integers(2_000, 40_000))
    hubs = draw(st.lists(st.integers(3_000, 1_500_000), min_size=1, max_size=3))
    office = st.tuples(st.integers(1, len(hubs)), st.sampled_from(CLASSES), st.integers(1_000, 200_000))
    offices = draw(st.lists(office, min_size=1, max_size=7))
    reserves = [
        _reserve(application, uplink, draw(st.integers(10, 400)), draw(st.booleans()))
        for application in (1, 2)
        for uplink in uplinks
        if draw(st.booleans())
    ]
    windows = [
        window(
            key,
            precedence=draw(st.integers(0, 3)),
            classes={kind: {"share": draw(st.integers(0, 1000))} for kind in draw(st.sets(st.sampled_from(CLASSES)))},
            offices={"office1": {"share": draw(st.integers(0, 1000)), "weight": draw(st.integers(1, 32))}},
            reserves=[{**each, "rate": rate(draw(st.integers(10, 400)))} for each in reserves if draw(st.booleans())],
        )
        for key in ("one", "two")
    ]
    return World(
        uplinks=uplinks,
        hubs=hubs,
        offices=offices,
        classes=draw(_classes()),
        floor=draw(st.integers(1, 64)),
        reserves=reserves,
        windows=windows,
        headroom=draw(st.integers(0, 10)),
        default=draw(st.sampled_from([None, 64, 1_000])),
    )


@st.composite
def variants(draw: st.DrawFn, world: World) -> World:
    """The same regency later: other rates (so nodes come, go and move), fewer offices at the end, fewer reserves."""
    return replace(
        world,
        uplinks={key: draw(st.integers(kb // 2, kb * 2)) for key, kb in world.uplinks.items()},
        hubs=[draw(st.sampled_from([kb, kb // 2 + 1_000, kb * 3])) for kb in world.hubs],
        offices=[
            (hub, kind, draw(st.sampled_from([kb, kb // 2 + 500, kb * 10])))
            for hub, kind, kb in world.offices[: draw(st.integers(1, len(world.offices)))]
        ],
        reserves=[each for each in world.reserves if draw(st.booleans())],
        windows=(),
    )


@dataclass(kw_only=True)
class Counted:
    """Devices as plain dictionaries. Carries steps out one by one, as strictly as HTB does, or tolerantly as a restore does."""

    queues: dict[tuple[str, ShaperId], dict[NodeId, Queue]] = field(default_factory=dict)
    rules: dict[tuple[str, ShaperId], frozenset[Rule]] = field(default_factory=dict)
    incomplete: set[tuple[str, ShaperId]] = field(default_factory=set)

    def copy(self) -> Counted:
        return Counted(
            queues={place: dict(queues) for place, queues in self.queues.items()},
            rules=dict(self.rules),
            incomplete=set(self.incomplete),
        )

    def states(self, devices: Sequence[str] = ("core",)) -> dict[str, DeviceState]:
        return {
            device: DeviceState(
                shapers={
                    shaper: ShaperState(
                        queues=dict(queues),
                        rules=self.rules.get((device, shaper), frozenset()),
                        complete=(device, shaper) not in self.incomplete,
                    )
                    for (name, shaper), queues in self.queues.items()
                    if name == device
                }
            )
            for device in devices
        }

    def carry(self, step: Step, *, tolerant: bool = False) -> None:
        place = (step.device, step.shaper)
        if isinstance(step, ShaperStep):
            self._attach(place, step.attach)
        elif place not in self.queues:
            assert tolerant, f"{step}: the shaper does not stand"
        elif isinstance(step, RulesStep):
            assert tolerant or step.before == self.rules[place]
            assert tolerant or all(rule.leaf in self.queues[place] for rule in step.after), "a rule points at nothing"
            self.rules[place] = step.after
        else:
            self._queue(place, step, tolerant)

    def _attach(self, place: tuple[str, ShaperId], attach: bool) -> None:
        if attach:
            self.queues.setdefault(place, {})
            self.rules.setdefault(place, frozenset())
            self.incomplete.discard(place)
        else:
            self.queues.pop(place, None)
            self.rules.pop(place, None)

    def _queue(self, place: tuple[str, ShaperId], step: QueueStep, tolerant: bool) -> None:
        queues, node = self.queues[place], step.node
        assert tolerant or queues.get(node) == step.before, "planned from another state"
        if step.after is None:
            in_use = any(queue.parent == node for queue in queues.values()) or any(
                rule.leaf == node for rule in self.rules[place]
            )
            assert tolerant or not in_use, f"{node} is in use"
            if not in_use:
                queues.pop(node, None)
            return
        if step.before is None:
            assert step.after.parent is None or step.after.parent in queues, f"{node}: no parent"
            assert node not in queues or queues[node].parent == step.after.parent, "a device does not move a queue"
        elif node not in queues:
            assert tolerant
            return
        else:
            assert queues[node].parent == step.after.parent, "a device does not move a queue"
        queues[node] = step.after

    def excess(self, device: str, shaper: ShaperId) -> dict[NodeId, int]:
        """By how much the leaves below each node, or a leaf itself, are guaranteed more than the ceiling; only if they are."""
        queues = self.queues.get((device, shaper), {})
        under = dict.fromkeys(queues, 0)
        for node, queue in queues.items():
            above: NodeId | None = node
            while node.is_leaf and above is not None:
                under[above] += queue.guarantee
                above = queues[above].parent
        return {node: under[node] - queues[node].ceiling for node in queues if under[node] > queues[node].ceiling}


def standing(allocations: Mapping[ShaperId, Allocation]) -> Counted:
    """Devices that hold just these allocations."""
    counted = Counted()
    for shaper, allocation in allocations.items():
        place = (allocation.place.device, shaper)
        counted.queues[place], counted.rules[place] = dict(allocation.queues), allocation.rules
    return counted


def wished(allocations: Mapping[ShaperId, Allocation]) -> dict[str, dict[ShaperId, ShaperState]]:
    by_device: dict[str, dict[ShaperId, ShaperState]] = {}
    for shaper, allocation in allocations.items():
        by_device.setdefault(allocation.place.device, {})[shaper] = allocation.desired
    return by_device


def allocations(world: World, *boosts: Boost, windows: Iterable[str] = ()) -> dict[ShaperId, Allocation]:
    """What the world's policy gives at `NOW` with exactly these windows."""
    regency = world.regency()
    return allocate(regency, intend(regency, NOW, boosts, windows=frozenset(windows)))


def guarantees(allocation: Allocation) -> dict[NodeId, int]:
    return {node: queue.guarantee for node, queue in allocation.queues.items() if node.is_leaf}


def under(queues: Mapping[NodeId, Queue], node: NodeId) -> list[NodeId]:
    """The leaves below a node; a leaf is below itself."""
    found = []
    for each in queues:
        above: NodeId | None = each
        while above is not None and above != node:
            above = queues[above].parent
        if each.is_leaf and above == node:
            found.append(each)
    return found

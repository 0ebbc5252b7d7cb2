"""The story of the demo: a planning window opens and closes over a flooded regency. Plays and measures; draws nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from inventory.model import Office
from inventory.regency import Regency
from inventory.units import Direction
from network import labs
from network.bench.scene import SETTLE, Scene, floods, quiet, story
from network.bench.share import favoured_office, first_shaper, reserved_applications
from network.core.allocate import Allocation
from network.core.tree import NodeId, ShaperId, leaf
from network.services import observe
from network.services.apply import Wish
from network.services.hands import Hands
from network.services.shift import shift

REACT: Final = 2.0
MEASURE: Final = 8.0
"""Seconds after the last raise at which measuring begins, and for which it lasts."""

KEPT: Final = 0.98
FULL: Final = 0.99
QUICK: Final = 0.080
"""Parts of a guarantee and of the shaped rate, and seconds of a round trip, at which a promise counts as kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Before, during or after the window. Rates in bit/s by the class meter; round trips and `enforced` in seconds."""

    name: str
    allocation: Allocation
    rates: Mapping[NodeId, int]
    enforced: float
    commands: int
    rtt: float | None
    loss: float
    remade: int

    @property
    def used(self) -> float:
        """Part of the shaped rate that left."""
        return sum(rate for node, rate in self.rates.items() if node.is_leaf) / self.allocation.capacity

    def attained(self, nodes: tuple[NodeId, ...]) -> float:
        """The worst part of its guarantee that one of these leaves got."""
        return min(self.rates.get(node, 0) / self.allocation.queues[node].guarantee for node in nodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The mean of about a second that ended `at` seconds after the beginning."""

    at: float
    rates: Mapping[NodeId, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who measures itself: the licensing office, and the office whose planners type into the reserved application."""

    licensing: Office
    planning: Office
    application: str
    reserved: int
    """The application's permanent id in the truth."""
    shaper: ShaperId

    def asked(self, office: Office) -> tuple[NodeId, ...]:
        """The leaves in which traffic of the office waits: of the reserve, only the planners' part is asked for."""
        rest = leaf(office.id)
        return (rest, leaf(office.id, self.reserved)) if office.key == self.planning.key else (rest,)

    def sure(self, allocation: Allocation, office: Office) -> int:
        """The guarantee of what the office asks for, bit/s."""
        return sum(allocation.queues[node].guarantee for node in self.asked(office))


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    cast: Cast
    acts: tuple[Act, ...]
    points: tuple[Point, ...]
    marks: tuple[tuple[float, str], ...]
    """Seconds at which the window opened and closed."""


@dataclass(slots=True)
class _Line:
    """The time line, read once a second from the beginning to the end."""

    hands: Hands
    shaper: ShaperId
    began: float = field(default_factory=time.monotonic)
    points: list[Point] = field(default_factory=list)
    last: observe.Sample | None = None

    def now(self) -> float:
        return time.monotonic() - self.began

    def watch(self, seconds: float) -> None:
        """Note the rates of every second that passes."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(1.0, left))
            here = observe.sample(self.hands)
            if self.last is not None:
                self.points.append(Point(at=self.now(), rates=observe.rates(self.last, here)[self.shaper]))
            self.last = here

    def measure(self, seconds: float) -> tuple[Mapping[NodeId, int], observe.Sample]:
        """The mean over `seconds`, and the last reading."""
        first = observe.sample(self.hands)
        self.watch(seconds)
        last = observe.sample(self.hands)
        return observe.rates(first, last)[self.shaper], last


def cast(regency: Regency, allocations: Mapping[ShaperId, Allocation]) -> Cast:
    """The licensing office is the one with a public service that uses OSS; planning is who the window favours."""
    shaper = first_shaper(allocations)
    protected = {key for key, each in regency.policy.classes.items() if each.protected}
    licensing = next(
        (office for office in regency.offices if "dpmptsp" in office.key),
        next(office for office in regency.offices if office.service_class in protected or not protected),
    )
    application = reserved_applications(regency, shaper.uplink)[0]
    return Cast(
        licensing=licensing,
        planning=favoured_office(regency),
        application=application,
        reserved=regency.application(application).id,
        shaper=shaper,
    )


def play(scene: Scene, hands: Hands, tell: Callable[[str], None]) -> Story:
    """Baseline, flood, window open, window closed; each act is measured from two to ten seconds after its last raise."""
    regency = scene.regency
    scene.clock.set(quiet(regency))
    tell("bench.demo.baseline")
    allocations = scene.apply(hands, "demo").preview.allocations
    who = cast(regency, allocations)
    flows = floods(regency, who.shaper.uplink, Direction.DOWN)
    flows.append(
        labs.Flow(office=who.planning.key, uplink=who.shaper.uplink, direction=Direction.DOWN, application=who.application)
    )
    occurrence = story(regency)
    moments = (
        ("before", quiet(regency) + timedelta(minutes=1)),
        ("during", occurrence.start + timedelta(seconds=1)),
        ("after", occurrence.end + timedelta(seconds=1)),
    )
    acts: list[Act] = []
    marks: list[tuple[float, str]] = []
    with scene.flood(flows, 120):
        line = _Line(hands, who.shaper)
        line.watch(SETTLE)
        for name, moment in moments:
            tell(f"bench.demo.{name}")
            scene.clock.set(moment)
            marks.append((line.now(), name))
            acts.append(_act(scene, hands, name, who, line))
    return Story(cast=who, acts=tuple(acts), points=tuple(line.points), marks=tuple(marks[1:]))


def _act(scene: Scene, hands: Hands, name: str, who: Cast, line: _Line) -> Act:
    before = observe.sample(hands)
    began = time.monotonic()
    wish = Wish(regency=scene.regency, reason=f"demo {name}", now=scene.clock.now())
    run = shift(wish, hands).run
    enforced = time.monotonic() - began
    line.watch(REACT)
    target = labs.Target(office=who.licensing.key, uplink=who.shaper.uplink)
    with _probing(scene, target) as probe:
        rates, last = line.measure(MEASURE)
        result = probe.stop()[0]
    return Act(
        name=name,
        allocation=run.preview.allocations[who.shaper],
        rates=rates,
        enforced=enforced,
        commands=len(run.preview.plan.steps),
        rtt=result.percentile(95),
        loss=result.loss,
        remade=_remade(before, last),
    )


@contextmanager
def _probing(scene: Scene, target: labs.Target) -> Iterator[labs.RunningProbe]:
    with labs.RunningProbe(scene.lab, (target,), MEASURE + 10, 0.02) as running:
        yield running


def _remade(before: observe.Sample, after: observe.Sample) -> int:
    """Queues whose counters went back: they were thrown away with what waited in them."""
    return sum(
        counter.packets < before.states[device].shapers[shaper].counters[node].packets
        for device, state in after.states.items()
        for shaper, shown in state.shapers.items()
        for node, counter in shown.counters.items()
        if node in before.states[device].shapers[shaper].counters
    )

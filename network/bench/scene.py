"""What the measurements stand on: one lab of one regency, brought up once, and traffic and readings on it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from inventory.regency import Regency
from inventory.units import Direction
from network import labs, wiring
from network.clock import SimulatedClock
from network.core import calendar
from network.core.tree import NodeId, ShaperId
from network.services import observe
from network.services.apply import RunReport, Wish, apply
from network.services.hands import Hands
from network.settings import Settings

SETTLE: float = 3.0
"""Seconds that TCP is given to fill the queues before anything is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A lab with its hands on a clock of its own. `state` is a ledger that is thrown away with the scene."""

    regency: Regency
    settings: Settings
    lab: labs.LabState
    clock: SimulatedClock

    @contextmanager
    def hands(self) -> Iterator[Hands]:
        """New connections, nothing remembered."""
        with wiring.ground(self.settings, self.regency, via="lab", lab_id=self.lab.plan.lab, clock=self.clock) as ground:
            yield ground.hands

    def apply(self, hands: Hands, reason: str, regency: Regency | None = None) -> RunReport:
        return apply(Wish(regency=regency or self.regency, reason=reason, now=self.clock.now()), hands)

    def flood(self, flows: Sequence[labs.Flow], seconds: float) -> labs.RunningTraffic:
        return labs.Traffic(self.lab).start(flows, seconds)


@contextmanager
def scene(settings: Settings, regency: Regency, lab_id: str) -> Iterator[Scene]:
    """A lab of its own, gone at the end. The clock stands before the first window that will come."""
    with ExitStack() as stack:
        state = Path(stack.enter_context(TemporaryDirectory(prefix="lajur-bench-")))
        lab = labs.up(regency, lab_id, timeout=120)
        stack.callback(labs.down, lab_id)
        clock = SimulatedClock(quiet(regency))
        yield Scene(regency=regency, settings=replace(settings, state=state), lab=lab, clock=clock)


def quiet(regency: Regency) -> datetime:
    """A moment of no window, ten minutes before the window that the examples tell their story with."""
    return story(regency).start - timedelta(minutes=10)


def story(regency: Regency) -> calendar.Occurrence:
    """The first occurrence of the confirmed window that reserves most: the planning peak."""
    window = max(
        (each for each in regency.windows if each.confirmed),
        key=lambda each: sum(int(reserve.rate.down) for reserve in each.policy.reserves),
    )
    first = window.start.replace(tzinfo=regency.zone)
    return next(iter(calendar.occurrences(window, regency, first, first + timedelta(days=60))))


def floods(regency: Regency, uplink: str, direction: Direction) -> list[labs.Flow]:
    """Every office takes all it can get."""
    return [labs.Flow(office=office.key, uplink=uplink, direction=direction) for office in regency.offices]


def measured(hands: Hands, shaper: ShaperId, seconds: float) -> dict[NodeId, int]:
    """Bit/s of every node over `seconds`, by the class meter."""
    before = observe.sample(hands)
    time.sleep(max(0.0, seconds))
    return observe.rates(before, observe.sample(hands))[shaper]

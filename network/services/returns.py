"""What each device does by itself when windows and boosts have ended and nobody came: the promise that outlives us.

Plans from what a device is to hold now to what it is to hold then, end after end, until only the base policy is left.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import pairwise
from typing import Final

from inventory.regency import Regency
from network.core.allocate import Allocation, allocate, base
from network.core.codec import encode_step
from network.core.intent import Boost, Intent, intend
from network.core.observed import DeviceState, ShaperState
from network.core.plan import Step, make_plan
from network.core.ports import Return
from network.core.tree import ShaperId
from network.errors import Refused

RETURN_GRACE: Final = 60
"""Seconds after the end of a window or boost at which a device returns by itself."""

CLOCK_SLACK: Final = 5
"""Seconds by which a device's return timer may differ before it is set anew."""

_FURTHEST: Final = 4
"""Ends that are prepared for; whoever comes before the last of them prepares the next."""

Shapers = Mapping[str, Mapping[ShaperId, ShaperState]]
"""By device and shaper: what stands there."""


@dataclass(frozen=True, slots=True)
class Turning:
    """At `at` the device is to hold `shapers`, until the next."""

    at: datetime
    shapers: Shapers


def turnings(regency: Regency, intent: Intent, boosts: Sequence[Boost], usual: Mapping[ShaperId, Allocation]) -> list[Turning]:
    """What is to hold after each end that is known. `usual` is what the base policy gives."""
    found: list[Turning] = []
    end = intent.until
    while end is not None and len(found) < _FURTHEST:
        then = intend(regency, end, boosts)
        found.append(Turning(end, wished(_allocated(regency, then) if then.temporary else usual)))
        end = then.until
    return found


def _allocated(regency: Regency, intent: Intent) -> Mapping[ShaperId, Allocation]:
    try:
        return allocate(regency, intent)
    except Refused:
        return base(regency, intent)  # what will not fit then gives way; whoever comes meanwhile is told


def timers(held: Shapers, turns: Sequence[Turning], now: datetime) -> dict[str, tuple[Return, ...]]:
    """By device of `held`: the return timers of a device that holds that now."""
    found: dict[str, list[Return]] = {device: [] for device in held}
    for before, turn in pairwise((Turning(now, held), *turns)):
        seconds = int((turn.at - now).total_seconds()) + RETURN_GRACE
        states = {device: DeviceState(shapers=before.shapers.get(device, {})) for device in held}
        steps = make_plan(states, {device: turn.shapers[device] for device in held if device in turn.shapers}).steps
        for device in held:
            own = tuple(step for step in steps if step.device == device)
            name = f"return-{turn.at:%Y%m%dt%H%M%S}-{_mark(own)}"
            found[device].append(Return(name=name, seconds=max(0, seconds), steps=own))
    return {device: tuple(found[device]) for device in held}


def stand(states: Mapping[str, DeviceState], wanted: Mapping[str, tuple[Return, ...]]) -> bool:
    """Whether the devices count down just these already."""
    return all(_stands(states[device], wanted[device]) for device in wanted)


def wished(allocations: Mapping[ShaperId, Allocation]) -> dict[str, dict[ShaperId, ShaperState]]:
    """By device and shaper: the state that the allocations ask for."""
    by_device: dict[str, dict[ShaperId, ShaperState]] = {}
    for shaper, allocation in allocations.items():
        by_device.setdefault(allocation.place.device, {})[shaper] = allocation.desired
    return by_device


def _stands(state: DeviceState, wanted: tuple[Return, ...]) -> bool:
    held = {timer.name: timer.seconds_left for timer in state.returns}
    return held.keys() == {timer.name for timer in wanted} and all(
        abs(held[timer.name] - timer.seconds) <= CLOCK_SLACK for timer in wanted
    )


def _mark(steps: tuple[Step, ...]) -> str:
    """Eight letters that are the same for the same steps, in every process: a timer fits one state before it only."""
    return sha256(json.dumps([encode_step(step) for step in steps]).encode()).hexdigest()[:8]

"""What a dead controller left half done: finished where it only lacked its end, else gone back by the devices themselves.

Whoever holds every device of a regency finds no run alive there, so a run that is on record as running, and a timer of one
that still stands on a device, belong to somebody who died. Nothing here decides by what the record remembers alone: the
devices are read back, and the record is closed by what they show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from network.core.links.deeds import is_link_run
from network.core.observed import DeviceState
from network.core.plan import Step, holds, inverse
from network.core.ports import RunRecord
from network.errors import ArmExpired, DeviceMoved, NeedsPerson
from network.services.hands import Hands, RunEvent, Stage
from network.services.run import each

_PATIENCE: Final = 5
"""Seconds beyond a device's own timer for which we wait to see it back."""

_LOOK: Final = 5.0
_SOON: Final = 0.5
"""Seconds between two looks at a device that counts down, at most and at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A run whose controller died. `result`: done (the devices hold its plan), returned (they hold what was there before), or
    abandoned (neither; they are carried to the intent of now by whoever comes next)."""

    run: RunRecord
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The devices as they are once nothing is half done any more, and what was."""

    states: Mapping[str, DeviceState]
    settled: tuple[Settled, ...]


def left(regency: str, hands: Hands) -> tuple[RunRecord, ...]:
    """The runs on queues that are on record as running, newest first: of somebody who died, or who is at it now. Only looks."""
    return tuple(record for record in reversed(hands.ledger.unfinished(regency)) if not is_link_run(record.id))


def recover(run: str, regency: str, hands: Hands) -> Ground:
    """Hold every device and settle. Raises DeviceBusy while a run is alive, DeviceError for a device that does not answer, and
    NeedsPerson when one does not go back although its time is over."""
    names = tuple(sorted(hands.devices))
    with hands.runner.hold(names, run):
        ground = settle(run, regency, hands)
    stuck = {name: state.armed.run for name, state in ground.states.items() if state.armed}
    if stuck:
        raise NeedsPerson("recover.still_armed", devices=", ".join(stuck), runs=", ".join(sorted(set(stuck.values()))))
    return ground


def settle(run: str, regency: str, hands: Hands) -> Ground:
    """Finish, wait for what goes back, and close the record. The caller (`run`) holds every device of the regency."""
    names = tuple(sorted(hands.devices))
    dead = [record for record in left(regency, hands) if record.is_of(hands.place)]
    states = _observe(hands, names)
    for record in dead:
        states = _finished(record, states, hands)
    states = _gone_back(run, states, hands)
    settled = tuple(Settled(run=record, result=_result(record, states, hands)) for record in dead)
    for each_one in settled:
        hands.ledger.finish(each_one.run.id, each_one.result, hands.clock.now(), f"found by {run}")
    return Ground(states=states, settled=settled)


def close_gone(run: str, regency: str, hands: Hands, is_gone: Callable[[str], bool]) -> tuple[RunRecord, ...]:
    """Close the runs, of queues and of links, whose devices are gone with the lab that they were in: nothing of them holds
    anywhere, and nothing is to be recovered. `is_gone` judges a place. Newest first."""
    gone = tuple(record for record in reversed(hands.ledger.unfinished(regency)) if is_gone(record.place))
    for record in gone:
        hands.ledger.finish(record.id, "abandoned", hands.clock.now(), f"its lab is gone, found by {run}")
    return gone


def _finished(record: RunRecord, states: dict[str, DeviceState], hands: Hands) -> dict[str, DeviceState]:
    """Confirm a run that had been read back and had left its return timers: it lacked the confirming only."""
    armed = [name for name, state in states.items() if state.armed and state.armed.run == record.id]
    if not armed or Stage.RETURN_LEFT.value not in {phase for phase, _ in hands.ledger.marks(record.id)}:
        return states
    if not holds(states, _here(hands.ledger.steps(record.id), states)):
        return states
    with suppress(ArmExpired, DeviceMoved):  # it went back in this very moment: what it shows next decides
        each(hands, armed, lambda name: hands.devices[name].confirm(record.id))
    return _observe(hands, tuple(states))


def _gone_back(run: str, states: dict[str, DeviceState], hands: Hands) -> dict[str, DeviceState]:
    """Wait, within its own bound, for a device that somebody left armed."""
    began = hands.clock.monotonic()
    deadline = began + max(_left(states), default=0) + _PATIENCE
    while (left := _left(states)) and hands.clock.monotonic() < deadline:
        elapsed = hands.clock.monotonic() - began
        hands.listen(RunEvent(run=run, stage=Stage.WAITING, elapsed=elapsed, steps=max(left)))
        hands.clock.sleep(min(_LOOK, max(_SOON, *left)))
        states = _observe(hands, tuple(states))
    return states


def _left(states: Mapping[str, DeviceState]) -> list[int]:
    """Seconds, of every timer of a run that stands."""
    return [state.armed.seconds_left for state in states.values() if state.armed]


def _result(record: RunRecord, states: Mapping[str, DeviceState], hands: Hands) -> str:
    steps = _here(hands.ledger.steps(record.id), states)
    if not steps:
        return "abandoned"
    if holds(states, steps):
        return "done"
    return "returned" if holds(states, [inverse(step) for step in reversed(steps)]) else "abandoned"


def _here(steps: tuple[Step, ...], states: Mapping[str, DeviceState]) -> tuple[Step, ...]:
    """Those of devices that the truth still has."""
    return tuple(step for step in steps if step.device in states)


def _observe(hands: Hands, names: tuple[str, ...]) -> dict[str, DeviceState]:
    return each(hands, names, lambda name: hands.devices[name].observe())

"""What a service is given: the hands through their ports, and whoever listens. Names no concrete class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from network.core.ports import Clock, Device, RunLedger, Runner
from network.core.proofs import Proofs

HEAR: Final = 0.1
"""Seconds after which a loop that rests has heard that it is to end."""


class Stage(StrEnum):
    """Where a run is; progress displays, ledger and timings use the same words."""

    WAITING = "waiting"
    OBSERVED = "observed"
    GUARDED = "guarded"
    ARMED = "armed"
    LOWERED = "lowered"
    RAISED = "raised"
    POINTED = "pointed"
    READ_BACK = "read_back"
    CONFIRMED = "confirmed"
    RETURN_LEFT = "return_left"
    GOING_BACK = "going_back"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """A run reached `stage`, `elapsed` seconds after its decision. `steps` counts the commands of that stage."""

    run: str
    stage: Stage
    elapsed: float
    steps: int = 0
    device: str = ""


def _nobody(event: RunEvent) -> None:
    """Nobody listens."""


def rest(clock: Clock, seconds: float, stop: Callable[[], bool]) -> None:
    """Sleep between two rounds of a loop; over as soon as `stop` says so."""
    until = clock.monotonic() + seconds
    while not stop() and (left := until - clock.monotonic()) > 0:
        clock.sleep(min(left, HEAR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """The ports of one regency's ground. `proofs` None: no record of which links were proven, so that nobody asks for it.
    `place` is where the devices are, as `RunRecord` has it."""

    devices: Mapping[str, Device]
    ledger: RunLedger
    clock: Clock
    runner: Runner
    listen: Callable[[RunEvent], None] = field(default=_nobody)
    proofs: Proofs | None = None
    place: str = ""

"""A small regency on a twin in memory, with a ledger of its own and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from inventory import views
from inventory.load import load_regency
from inventory.regency import Regency
from network.clock import StepClock
from network.core.ports import Clock, Device
from network.drivers.memory import MemoryDevice, MemoryRouter
from network.errors import SessionCut
from network.ledger.sqlite import open_sqlite
from network.runners.threads import ThreadRunner
from network.services.apply import RunReport, Wish, apply
from network.services.hands import Hands, RunEvent
from network.wiring import places

TRUTH = Path(__file__).parents[3] / "inventory" / "regencies" / "manokwari"


class Unlucky:
    """A device whose connection breaks at the `at`-th call (from 1): before the device heard it, or after it did it.

    `gone` seconds long no new connection is taken.
    """

    def __init__(self, device: MemoryDevice, clock: Clock, at: int, how: str, gone: float) -> None:
        self._device, self._clock, self._at, self._how, self._gone = device, clock, at, how, gone
        self._silent_until: float | None = None
        self.calls = 0

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            self.calls += 1
            if self._silent_until is not None and self._clock.monotonic() < self._silent_until:
                raise self._cut(verb)
            if self.calls == self._at:
                self._silent_until = self._clock.monotonic() + self._gone
                if self._how == "after":
                    getattr(self._device, verb)(*arguments)
                raise self._cut(verb)
            return getattr(self._device, verb)(*arguments)

        return call

    @staticmethod
    def _cut(verb: str) -> SessionCut:
        return SessionCut("device.cut_before", device="core", step=verb, address="memory", total=1, reason="cut by the test")


@dataclass
class Bench:
    """One regency, one router, one ledger. `hands` may be given another device for the same router."""

    regency: Regency
    clock: StepClock
    router: MemoryRouter
    ledger: Any
    folder: Path
    events: list[RunEvent] = field(default_factory=list)

    def hands(self, device: Device | None = None) -> Hands:
        return Hands(
            devices={"core": device or MemoryDevice(self.router)},
            ledger=self.ledger,
            clock=self.clock,
            runner=ThreadRunner(self.folder / "locks", wait=0.2),
            listen=self.events.append,
        )

    def at(self, day: str, hour: str) -> None:
        self.clock.moment = datetime.fromisoformat(f"{day}T{hour}:00").replace(tzinfo=self.regency.zone)

    def wish(self) -> Wish:
        return Wish(regency=self.regency, reason="test", now=self.clock.now())

    def apply(self, device: Device | None = None) -> RunReport:
        return apply(self.wish(), self.hands(device))


@pytest.fixture(scope="session")
def regency() -> Regency:
    return views.small_copy(load_regency(TRUTH), 6)


@pytest.fixture
def bench(regency: Regency, tmp_path: Path) -> Iterator[Bench]:
    clock = StepClock(datetime(2026, 8, 18, 7, 50, tzinfo=regency.zone))
    router = MemoryRouter("core", places(regency)["core"], clock)
    with open_sqlite(tmp_path) as ledger:
        yield Bench(regency=regency, clock=clock, router=router, ledger=ledger, folder=tmp_path)

"""The grounds on which contracts are tried: a device in memory and a real router over SSH; a ledger in SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from network.core.observed import Counter
from network.core.ports import Device
from network.core.tree import NodeId, ShaperId
from network.drivers.memory import MemoryDevice, MemoryRouter
from network.ledger.store import SqlLedger
from tests.contract.postgres import Postgres
from tests.contract.records import Opener, opened_at
from tests.contract.router import Router, until
from tests.contract.wishes import PLACES


class Ground(Protocol):
    """A device, and what can happen to it."""

    def device(self) -> Device:
        """A new connection, as another controller would make it."""

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Let time pass until it holds; fails when that takes much too long."""

    def restart(self) -> None:
        """Everything that runs on the device ends and it starts again."""

    def lose(self) -> None:
        """Connections end and no new one is taken, while the device itself goes on."""

    def find_again(self) -> None:
        """New connections are taken again."""

    def cut(self) -> None:
        """Open connections end; new ones are taken."""

    def add_foreign(self, shaper: ShaperId) -> None:
        """Somebody makes a class of his own in the tree."""

    def wait_in(self, shaper: ShaperId, node: NodeId, packets: int) -> None:
        """So many packets of about 1000 bytes are sent through a leaf, faster than it may send."""


class StepClock:
    def __init__(self) -> None:
        self.moment = datetime(2027, 3, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class MemoryGround:
    def __init__(self) -> None:
        self.clock = StepClock()
        self.router = MemoryRouter("core", PLACES, self.clock)

    def device(self) -> Device:
        return MemoryDevice(self.router)

    def until(self, holds: Callable[[], bool], what: str) -> None:
        for _ in range(40):
            if holds():
                return
            self.clock.sleep(0.25)
        pytest.fail(f"not within ten seconds: {what}")

    def restart(self) -> None:
        self.router.restart()

    def lose(self) -> None:
        self.router.faults.unreachable = True

    def find_again(self) -> None:
        self.router.faults.unreachable = False

    def cut(self) -> None:
        """Nothing is kept open."""

    def add_foreign(self, shaper: ShaperId) -> None:
        self.router.foreign[shaper] = ("class htb 1:10",)

    def wait_in(self, shaper: ShaperId, node: NodeId, packets: int) -> None:
        self.router.send(shaper, node, Counter(bytes=1042, packets=1, drops=0, backlog=(packets - 1) * 1042))


class RouterGround:
    def __init__(self, router: Router) -> None:
        self.router = router
        self.opened: list[Device] = []

    def device(self) -> Device:
        self.opened.append(self.router.device(PLACES))
        return self.opened[-1]

    def until(self, holds: Callable[[], bool], what: str) -> None:
        until(holds, what)

    def restart(self) -> None:
        self.router.kill_all()
        self.router.boot()

    def lose(self) -> None:
        self.router.stop_listening()
        self.router.cut_sessions()

    def find_again(self) -> None:
        self.router.boot()

    def cut(self) -> None:
        self.router.cut_sessions()

    def add_foreign(self, shaper: ShaperId) -> None:
        device = f"up{shaper.uplink_id}"
        self.router.tc(
            "class", "add", "dev", device, "parent", "1:", "classid", "1:10", "htb", "rate", "1mbit", "quantum", "1514"
        )

    def wait_in(self, shaper: ShaperId, node: NodeId, packets: int) -> None:
        self.router.flood(f"100.64.{node.id}.7", packets)


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    made = Router(tmp_path)
    try:
        made.build()
        yield made
    finally:
        made.close()


@pytest.fixture(params=["memory", pytest.param("router", marks=pytest.mark.lab)])
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    if request.param == "memory":
        yield MemoryGround()
        return
    real = RouterGround(request.getfixturevalue("router"))
    yield real
    for device in real.opened:
        device.close()


@pytest.fixture
def device(ground: Ground) -> Device:
    return ground.device()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the record of this test is: a folder, or a database of its own."""
    if request.param == "sqlite":
        return str(tmp_path / "state")
    server: Postgres = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def another(address: str) -> Iterator[Opener]:
    """Opens one and the same record again, as another process would."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(opened_at(address))


@pytest.fixture
def ledger(another: Opener) -> SqlLedger:
    return another()

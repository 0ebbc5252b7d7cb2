"""The servers in memory do what real ones do (`tests/roles/test_edge.py` asks those)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from network.core.releases.ports import ReleaseHands
from network.core.releases.values import Artefact
from network.drivers.memory_releases import Behaviour, MemoryFleet, MemoryReleaseHands
from tests.contract.release_hands import ALL, Statement
from tests.unit.services.releasing import OLD, artefact, workload


class Memory:
    """`tests.contract.release_hands.Ground` of servers in this process."""

    old = OLD

    def __init__(self) -> None:
        self.fleet = MemoryFleet(workload(2))
        self.fleet.carry(OLD)
        self.hands: ReleaseHands = MemoryReleaseHands(self.fleet)
        self.fleet.pulse = self._pulse
        self._told = 0

    def _pulse(self, word: str, _: str) -> None:
        self._told += word in ("drain", "let_in")

    def version(self, name: str, *, page: bool = False) -> Artefact:
        made = artefact(f"{name}-0123456789ab")
        self.fleet.behaviours[made.id] = Behaviour(fits=not page)
        return made

    @contextmanager
    def away(self, server: str) -> Iterator[None]:
        self.fleet.servers[server].reachable = False
        yield
        self.fleet.servers[server].reachable = True

    @contextmanager
    def stuck(self, server: str) -> Iterator[None]:
        self.fleet.servers[server].stuck = True
        yield
        self.fleet.servers[server].stuck = False

    def told(self) -> str:
        return str(self._told)


@pytest.mark.parametrize("statement", ALL, ids=lambda each: each.__name__)
def test_servers_in_memory(statement: Statement) -> None:
    ground = Memory()
    statement(ground)
    assert {key: each.current for key, each in ground.fleet.servers.items()} == dict.fromkeys(ground.fleet.servers, OLD)

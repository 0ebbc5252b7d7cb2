"""A small lab for all tests of the driver, and drivers to its routers. Every test leaves a router as it found it."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import napalm
import pytest

from inventory.load import load_regency
from inventory.views import small_copy
from network.lab import enter, lab

REGENCIES = Path(__file__).parents[2] / "inventory" / "regencies"
ABSENT = {
    "test_get_probes_config": "FRR has no probes of its own",
    "test_get_probes_results": "FRR has no probes of its own",
    "test_get_firewall_policies": "FRR has no firewall",
    "test_get_ntp_peers": "where the device keeps no time with others",
    "test_get_ntp_servers": "where the device keeps no time with others",
    "test_get_ntp_stats": "where the device keeps no time with others",
    "test_get_vlans": "where the kernel's bridges know no VLANs",
    "test_get_lldp_neighbors": "where lldpd is not installed",
    "test_get_lldp_neighbors_detail": "where lldpd is not installed",
}
"""Tests of NAPALM's own suite that may be skipped. In mock mode only those that FRR cannot answer are."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        name = getattr(item, "originalname", "")
        if item.path.parent == Path(__file__).parent and name in ABSENT:
            item.add_marker(pytest.mark.allowed_skip(reason=ABSENT[name]))


@dataclass
class Ground:
    """A lab, its consoles and drivers to its routers."""

    lab: lab.LabState
    opened: list[Any] = field(default_factory=list)

    def driver(self, node: str, **options: Any) -> Any:
        """Opened, as another engineer would open one. Closed after the test."""
        made = napalm.get_network_driver("frr")(
            self.address(node), "root", "", timeout=30, optional_args=self.options() | options
        )
        made.open()
        self.opened.append(made)
        return made

    def options(self) -> dict[str, Any]:
        return {
            "key": self.lab.client_key.read_text(),
            "known_hosts": str(self.lab.known_hosts),
            "dial": enter.dialer(self.lab),
        }

    def address(self, node: str) -> str:
        address = self.lab.plan.node(node).address
        assert address is not None
        return address

    def console(self, node: str, command: str) -> str:
        """What a command of the shell prints on a router, over no network."""
        done: subprocess.CompletedProcess[str] = lab.exec_in(self.lab.plan.lab, node, ["sh", "-c", command])
        return done.stdout

    def running(self, node: str) -> str:
        return self.console(node, "vtysh -c 'show running-config'")

    def restart(self, node: str) -> None:
        lab.restart(self.lab.plan.lab, node)

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()


def until(holds: Callable[[], bool], what: str | Callable[[], str], seconds: float = 60) -> None:
    """Ask again until it holds; each try is itself the pause."""
    deadline = monotonic() + seconds
    pause = threading.Event()
    while not holds():
        assert monotonic() < deadline, f"not within {seconds} s: {what if isinstance(what, str) else what()}"
        pause.wait(0.05)


@pytest.fixture(scope="session")
def _lab() -> Iterator[lab.LabState]:
    lab_id = f"n{os.getpid() % 10**7}"
    try:
        yield lab.up(small_copy(load_regency(REGENCIES / "manokwari"), 2), lab_id, timeout=90)
    finally:
        lab.down(lab_id)


@pytest.fixture(scope="session")
def _ground(_lab: lab.LabState) -> Ground:
    return Ground(_lab)


@pytest.fixture
def ground(_ground: Ground) -> Iterator[Ground]:
    yield _ground
    _ground.close()


@pytest.fixture
def node(_ground: Ground) -> str:
    """An office's router: one link leads to it."""
    return next(each.key for each in _ground.lab.plan.nodes if each.office)


@pytest.fixture
def open_driver(ground: Ground, node: str) -> Callable[..., Any]:
    return partial(ground.driver, node)


def knows(routes: str, ways: Iterable[str]) -> bool:
    return all(f"{way} via " in routes for way in ways)


@pytest.fixture
def as_found(ground: Ground, node: str) -> Iterator[None]:
    """Every test leaves the router's text and kernel as they were, and nothing pending."""
    looks = "ip -o address show; ip -4 route show table all | sed 's/ linkdown//' | sort; ip -o link show | sed 's/ state.*//'"
    nodes = [each for each in ground.lab.plan.nodes if each.key != node]
    ways = ["default", *(each.address for each in nodes if each.address), *(each.lan for each in nodes if each.lan)]
    until(lambda: knows(ground.console(node, looks), ways), "every way is known", 60)
    before, kernel = ground.running(node), ground.console(node, looks)
    yield
    console = ground.driver(node)
    if console.has_pending_commit():
        console.rollback()
    assert sorted(ground.running(node).splitlines()) == sorted(before.splitlines())
    as_before = partial(ground.console, node, looks)
    until(lambda: as_before() == kernel, lambda: f"the kernel is as it was\n{kernel}\nand not\n{as_before()}", 60)

"""What a lab keeps running, each kind in its own way: routers, servers, the repository of packages. How each is started, found
and asked whether it answers; decides nothing about when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from network.lab import daemons, machines
from network.lab.cloud import standing as cloud
from network.lab.layout import LabPlan, Node, Role
from network.lab.readiness import Readiness
from network.lab.state import Folder


class Kept(Protocol):
    """A running node. `missing` is what it still lacks, each question asked only until it was answered once."""

    @property
    def missing(self) -> list[str]: ...

    def start(self) -> int:
        """Start it; the process that keeps it, a child of the caller."""
        ...

    def process(self, keeper: int) -> int | None:
        """Its process 1 as the machine counts it, None while it is not there."""
        ...

    def begun(self) -> bool:
        """Its start costs no more time of the processor."""
        ...

    def check(self, pid: int, reachable: set[str]) -> bool:
        """Ask what is still open; True when nothing is. `reachable` are the core's routes."""
        ...


def kept(plan: LabPlan, folder: Folder, node: Node, *, again: bool) -> Kept:
    """The node, not started yet; `again` when it was before."""
    if node.role is Role.SERVER:
        return _Server(plan, folder, node, again)
    if node.role is Role.SEGMENT:
        return _Mirror(plan, folder, node)
    if node.role is Role.CLOUD:
        return _Cloud(plan, folder, node)
    return _Router(plan, folder, node, Readiness(plan, node, again))


@dataclass(slots=True)
class _Router:
    plan: LabPlan
    folder: Folder
    node: Node
    readiness: Readiness

    @property
    def missing(self) -> list[str]:
        return self.readiness.missing

    def start(self) -> int:
        return daemons.start(self.plan, self.folder, self.node)

    def process(self, keeper: int) -> int | None:
        return daemons.init_process(keeper)

    def begun(self) -> bool:
        return daemons.started(self.folder, self.node.key)

    def check(self, pid: int, reachable: set[str]) -> bool:
        return self.begun() and self.readiness.check(pid, reachable)


@dataclass(slots=True)
class _Server:
    """One whose systemd has failed units is not ready when it is new; later they are whoever works on it to mend."""

    plan: LabPlan
    folder: Folder
    node: Node
    again: bool
    missing: list[str] = field(default_factory=lambda: ["hardware", "ssh", "systemd"])

    def start(self) -> int:
        return machines.start(self.plan, self.folder, self.node)

    def process(self, keeper: int) -> int | None:
        return machines.init_process(keeper)

    def begun(self) -> bool:
        return "ssh" not in self.missing

    def check(self, pid: int, reachable: set[str]) -> bool:
        if "hardware" in self.missing:
            machines.lay_hardware(pid, self.node.key)
            self.missing.remove("hardware")
        if "ssh" in self.missing and machines.ssh_from_noc(self.plan, self.node):
            self.missing.remove("ssh")
        if self.missing == ["systemd"] and machines.system_state(pid) in ("running", *(["degraded"] if self.again else [])):
            self.missing.clear()
        return not self.missing


@dataclass(slots=True)
class _Mirror:
    plan: LabPlan
    folder: Folder
    node: Node
    missing: list[str] = field(default_factory=lambda: ["http"])

    def start(self) -> int:
        return machines.start_mirror(self.plan, self.folder, self.node)

    def process(self, keeper: int) -> int | None:
        return keeper

    def begun(self) -> bool:
        return not self.missing

    def check(self, pid: int, reachable: set[str]) -> bool:
        if machines.mirror_answers(self.plan, self.node):
            self.missing.clear()
        return not self.missing


@dataclass(slots=True)
class _Cloud:
    plan: LabPlan
    folder: Folder
    node: Node
    missing: list[str] = field(default_factory=lambda: ["services"])

    def start(self) -> int:
        return cloud.start(self.plan, self.folder, self.node)

    def process(self, keeper: int) -> int | None:
        return keeper

    def begun(self) -> bool:
        return True  # what waits for it could have been started long ago

    def check(self, pid: int, reachable: set[str]) -> bool:
        if cloud.is_ready(self.folder, self.node):
            self.missing.clear()
        return not self.missing

"""The process that builds a lab, keeps its routers and servers running and takes it down: `python -m network.lab.supervisor`.

One a lab. It holds the lab's lock all its life; when it is killed the kernel lets go of the lock and ends the routers, and
the next command cleans up. It reads a plan from the lab's folder and never the truth.
"""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final, NoReturn

from network.errors import LabError
from network.lab import cgroups, daemons, image, kernel, netns, outside, rootless, texts
from network.lab.bare import bootstrap
from network.lab.cloud import standing as cloud
from network.lab.keeping import Kept, kept
from network.lab.layout import LabPlan, prefix
from network.lab.readiness import routes_of
from network.lab.state import Folder, NodeRecord, Record, forget, read_plan

STARTING_AT_ONCE: Final = 6
"""Routers and servers brought up side by side: more of them only wait longer for a turn on the processor."""
DEATHS: Final = 3
"""One that ends this often without ever having answered is not started again."""

_TICK: Final = 0.05
_log: Final = logging.getLogger(__name__)


class _Stopped(Exception):
    """We were asked to take the lab down."""


@dataclass(slots=True)
class _Running:
    """A running router or server: what it is, the process that keeps it, and its process 1 once that is there."""

    kept: Kept
    keeper: int
    pid: int | None = None


class Supervisor:
    def __init__(self, plan: LabPlan, folder: Folder) -> None:
        self._plan = plan
        self._folder = folder
        self._record = Record(supervisor=os.getpid(), started=monotonic())
        self._record.nodes = {node.key: NodeRecord() for node in plan.kept}
        self._running: dict[str, _Running] = {}
        self._deaths = dict.fromkeys(self._record.nodes, 0)
        self._told: dict[str, int] = {}
        self._stop = False
        self._wake, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def run(self) -> int:
        """Build and keep until asked to stop. The exit status is 0 when that is how it ended."""
        try:
            self._record.write(self._folder)
            self._build()
            self._keep()
        except _Stopped:
            self._record.stopping = True
            with suppress(OSError):  # a full folder holds nobody up who takes it away
                self._record.write(self._folder)
            return 0
        except LabError as error:
            self._tell("failed", code=error.code, fields={name: str(value) for name, value in error.fields.items()})
            return error.exit_code
        except Exception as error:  # noqa: BLE001 - the last one who can tell the person what happened
            _log.exception("lab.supervisor_failed")
            self._tell("failed", code="lab.supervisor_failed", fields={"lab": self._plan.lab, "cause": repr(error)})
            return 70

    def _ask_to_stop(self, number: int, frame: object) -> None:
        self._stop = True

    def _tell(self, event: str, **fields: object) -> None:
        with self._folder.events.open("a") as events:
            events.write(json.dumps({"event": event, **fields}) + "\n")

    def _stage(self, name: str, done: int, total: int) -> None:
        if self._stop:
            raise _Stopped
        self._tell("stage", stage=name, done=done, total=total)

    def _build(self) -> None:
        plan = self._plan
        stages: dict[str, Callable[[], None]] = {
            "keys": lambda: daemons.prepare(plan, self._folder),
            "namespaces": self._make_namespaces,
            "wires": lambda: netns.batch("ip", texts.wire_lines(plan)),
        }
        for name, make in stages.items():
            self._stage(name, 0, 1)
            make()
            self._stage(name, 1, 1)
        first = bootstrap(plan)
        for number, node in enumerate(plan.nodes, 1):
            namespace = plan.namespace(node.key)
            with netns.inside(namespace):
                netns.offloads_off(texts.interfaces(plan, node))
            netns.batch("ip", [*texts.address_lines(plan, node), *first.get(node.key, ())], namespace)
            netns.batch("tc", texts.contract_lines(plan, node), namespace)
            self._stage("addresses", number, len(plan.nodes))
        if plan.providers:
            netns.load_nft(texts.nat_rules(plan.providers), plan.namespace(plan.border.key))
        outside.start(plan, self._folder)

    def _make_namespaces(self) -> None:
        netns.create(self._plan.namespace(node.key) for node in self._plan.nodes)
        for node in self._plan.nodes:
            with netns.inside(self._plan.namespace(node.key)):
                # Before the wires: an interface takes over the values that hold when it appears.
                netns.set_sysctls(texts.sysctls(node))

    def _keep(self) -> NoReturn:
        """Start every router and server, a few at a time; from then on start again whichever ends."""
        waiting = list(self._record.nodes)
        while True:
            while waiting and sum(not each.kept.begun() for each in self._running.values()) < STARTING_AT_ONCE:
                self._start(waiting.pop(0))
            self._check()
            settled = not waiting and all(node.ready or node.failed for node in self._record.nodes.values())
            self._wait(None if settled else _TICK)
            waiting += self._reap()

    def _start(self, key: str) -> None:
        node = self._plan.node(key)
        starting = kept(self._plan, self._folder, node, again=self._record.nodes[key].starts > 0)
        self._running[key] = _Running(starting, starting.start())
        self._record.nodes[key].starts += 1

    def _check(self) -> None:
        """Look at every one that was not ready yet, and write down what changed."""
        changed = False
        core = self._running.get(self._plan.core.key) if self._plan.routers else None
        reachable = routes_of(core.pid) if core and core.pid else set()
        for key, running in self._running.items():
            node = self._record.nodes[key]
            if node.ready:
                continue
            if running.pid is None:
                running.pid = node.pid = running.kept.process(running.keeper)
                changed = True
            if running.pid and running.kept.check(running.pid, reachable):
                node.ready, self._deaths[key], changed = True, 0, True
                if node.ready_after is None:
                    node.ready_after = monotonic() - self._record.started
        if changed:
            if self._record.ready_after is None and all(node.ready for node in self._record.nodes.values()):
                self._record.ready_after = monotonic() - self._record.started
            self._record.write(self._folder)
            self._tell_ready()

    def _tell_ready(self) -> None:
        """How many answer, by kind, where that is not what was told last."""
        for name, nodes in (("routers", self._plan.routers), ("servers", self._plan.servers), ("cloud", self._plan.clouds)):
            ready = sum(self._record.nodes[node.key].ready for node in nodes)
            if nodes and self._told.get(name) != ready:
                self._told[name] = ready
                self._stage(name, ready, len(nodes))

    def _wait(self, seconds: float | None) -> None:
        """Until a signal or that long."""
        if not self._stop and select.select([self._wake], [], [], seconds)[0]:
            os.read(self._wake, 4096)
        if self._stop:
            raise _Stopped

    def _reap(self) -> list[str]:
        """Those that ended and are to be started again. What they left to us is reaped as well."""
        ended = set(reap_all())
        again = []
        for key in [key for key, running in self._running.items() if running.keeper in ended]:
            missing = self._running.pop(key).kept.missing
            node = self._record.nodes[key]
            self._deaths[key] += 1
            node.ready, node.pid, node.failed = False, None, self._deaths[key] >= DEATHS
            if not node.failed:
                again.append(key)
            elif self._record.ready_after is None:
                raise LabError("lab.router_dies", device=key, missing=", ".join(missing), log=self._last_line(key))
            self._record.write(self._folder)
        return again

    def _last_line(self, key: str) -> str:
        lines = (self._folder.node(key) / "console").read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "-"


def reap_all() -> list[int]:
    found = []
    with suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            found.append(pid)
    return found


def take_down(folder: Folder, lock: int) -> None:
    """Remove everything that a lab made, whatever state it is in; `lock` is its held lock, let go of at the end."""
    names = netns.existing(prefix(folder.lab))
    netns.empty(names)
    reap_all()
    if rootless.is_root():  # nobody else has any, and those of this name are somebody else's
        cgroups.remove(folder.lab)
    netns.delete(names)
    reap_all()
    forget(folder, lock)


def main(lab: str, lock: int) -> int:
    os.set_inheritable(lock, False)
    os.umask(0o022)  # what routers and servers read is not the caller's own
    kernel.adopt_orphans()
    folder = Folder(lab=lab)
    plan = read_plan(folder)
    if plan is not None and plan.has_machines:
        image.hold()  # until this process ends
    if plan is not None and plan.clouds:
        cloud.hold()
    status = 70 if plan is None else Supervisor(plan, folder).run()
    take_down(folder, lock)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))

"""A lab as the rest of the toolkit uses it: up, down, status, a console, a restart. Builds nothing itself: the supervisor
does, and this module starts, watches and ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, sleep
from typing import Final, TextIO, Unpack

from inventory.regency import Regency
from network.errors import LabError, LabMisnamed, LabRefused
from network.lab import daemons, image, machines, netns, outside, rootless, supervisor
from network.lab.cloud.standing import prepare_cloud
from network.lab.layout import LabPlan, Node, Role, Wanted, prefix
from network.lab.progress import OnProgress, Progress, silent
from network.lab.state import (
    Folder,
    Record,
    is_foreign,
    is_held,
    labs,
    open_folder,
    read_plan,
    supervisor_of,
    try_lock,
    write_whole,
)
from network.lab.topology import plan_lab

_POLL: Final = 0.02
_STOP_SECONDS: Final = 20.0
_READY: Final = 60.0
_CLOUD_READY: Final = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LabState:
    """A lab that is up. `reused` says that it already was; `ready_after` is how many seconds it took, once."""

    plan: LabPlan
    ready_after: float
    reused: bool

    @property
    def _folder(self) -> Folder:
        return Folder(lab=self.plan.lab)

    @property
    def servers(self) -> tuple[Node, ...]:
        """Its leased servers; none when it was brought up without."""
        return self.plan.servers

    @property
    def clouds(self) -> Path | None:
        """clouds.yaml with `lab`, from which servers are rented, and `lab-admin`, who runs it; None in a lab without a cloud."""
        return self._folder.clouds if self.plan.clouds else None

    @property
    def known_hosts(self) -> Path:
        """The pinned host keys of its routers and servers, by management address."""
        return self._folder.known_hosts

    @property
    def client_key(self) -> Path:
        """The private key that logs in as root on every router and server."""
        return self._folder.client_key

    @property
    def snmp(self) -> Path:
        """JSON with `user`, `auth` and `privacy` (SHA, AES-128)."""
        return self._folder.snmp

    @property
    def traps(self) -> Path:
        """Which traps of its routers were believed (`network.telemetry.trap_memory`)."""
        return self._folder.traps

    @property
    def engines(self) -> Path:
        """JSON: the SNMP engine of each router in hexadecimal, by device; it signs the router's traps too."""
        return self._folder.engines

    @property
    def issuers(self) -> str | None:
        """The authority (PEM) that signs for the systems outside; None where it plays none. Raises LabError."""
        return outside.issuers(self._folder) if self.plan.systems else None

    @property
    def ospf_keys(self) -> Path:
        """JSON: what the truth calls an OSPF key (`env:…`, `file:…`), and the key that this lab has for it."""
        return self._folder.ospf_keys


def up(
    regency: Regency, lab_id: str, on_progress: OnProgress = silent, timeout: float | None = None, **wanted: Unpack[Wanted]
) -> LabState:
    """Bring the lab up as it is `wanted`, or find it up: SSH and SNMP answer on every router and OSPF is Full everywhere.

    A `bare` one has carrier, no address of the truth, no OSPF, and a bootstrap over which SSH and SNMP answer. `servers` run and
    answer SSH from `noc`; of a `cloud` servers can be asked for, which are `fake` where this machine cannot run any. The image of
    servers and the base of the cloud are made first where the cache has none, which `timeout` does not count; without one it is
    a minute, and with a cloud five: its services start one after another, and on a machine at work each takes its time.

    What a crash left behind is cleaned first. Raises LabError when this machine cannot (not root, a program or
    namespaces missing), when another plan runs under this id, or when the lab is not ready in `timeout` seconds; what was
    begun is then taken down again.
    """
    plan = as_possible(plan_lab(regency, lab_id, **wanted))
    check_machine(routers=bool(plan.routers), servers=plan.has_machines)
    if plan.has_machines:
        image.prepare_image(on_progress)
    if plan.clouds:
        prepare_cloud(on_progress)
    folder = Folder(lab=lab_id)
    deadline = monotonic() + ((_CLOUD_READY if plan.clouds else _READY) if timeout is None else timeout)
    while (lock := try_lock(folder)) is None:
        if is_foreign(folder):
            raise LabRefused("lab.other_version", lab=lab_id)
        if (running := read_plan(folder)) is not None:
            return _join(folder, plan, running, on_progress, deadline)
        _pause(folder, deadline)
    if folder.path.exists() or netns.existing(prefix(lab_id)):
        supervisor.take_down(folder, lock)
        return up(regency, lab_id, on_progress, timeout, **wanted)
    return _build(folder, lock, plan, on_progress, deadline)


def down(lab_id: str) -> bool:
    """Take the lab down, whatever state it is in, and leave nothing of it. False when there was none."""
    folder = Folder(lab=lab_id)
    if lab_id not in labs():
        return False
    deadline = monotonic() + _STOP_SECONDS
    handle: int | None = None
    try:
        while (lock := try_lock(folder)) is None:
            if handle is None:
                handle = _ask_to_stop(folder)
            elif monotonic() > deadline:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            _pause(folder, deadline + 2)
        supervisor.take_down(folder, lock)
        if handle is not None:
            netns.wait_for(handle, deadline)
    finally:
        if handle is not None:
            os.close(handle)
    supervisor.reap_all()
    return True


def find(regency_key: str) -> tuple[LabState, ...]:
    """The labs of this regency that are up and ready."""
    found = []
    for lab_id in labs():
        folder = Folder(lab=lab_id)
        plan, record = read_plan(folder), Record.read(folder)
        if not plan or not record or plan.regency != regency_key or record.stopping:
            continue
        if record.ready_after is not None and is_held(folder):
            found.append(LabState(plan=plan, ready_after=record.ready_after, reused=True))
    return tuple(found)


def command_in(lab_id: str, node: str, argv: Sequence[str]) -> list[str]:
    """The words that run `argv` as on the console of `node`: in all its namespaces, as root.

    Raises LabError when the lab is not up, has no such node, or the router is just starting.
    """
    plan, record = running(lab_id)
    if node not in {each.key for each in plan.nodes}:
        raise LabMisnamed("lab.node_unknown", lab=lab_id, node=node, nodes=", ".join(each.key for each in plan.nodes))
    if not _has_own_root(plan.node(node)):
        return ["ip", "netns", "exec", plan.namespace(node), "setpriv", *netns.HARMLESS, *argv]
    pid = record.nodes[node].pid
    if pid is None:
        raise LabRefused("lab.router_down", lab=lab_id, device=node)
    return ["nsenter", "--target", str(pid), "--all", "setpriv", *netns.HARMLESS, *argv]


def exec_in(
    lab_id: str, node: str, argv: Sequence[str], *, text: str = "", timeout: float = 30.0
) -> subprocess.CompletedProcess[str]:
    """Run `argv` on the console of `node` with `text` as its input and return what it said. Raises LabError as
    `command_in` does, and when it takes longer than `timeout` seconds."""
    words = command_in(lab_id, node, argv)
    try:
        return subprocess.run(words, input=text, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as error:
        raise LabError("lab.command_slow", node=node, command=" ".join(argv), seconds=timeout) from error


def restart(lab_id: str, node: str, timeout: float = 30.0, begun: Callable[[], None] = lambda: None) -> None:
    """Power-cycle a router or a server: every process of it is killed, it starts again, runs its boot hook and is waited for.

    The kernel's part (addresses, queues) stays, as the namespace does, and so do the files of a server. `begun` is called once
    nothing stands in the way.
    """
    plan, record = running(lab_id)
    before = record.nodes.get(node)
    if before is None:
        raise LabMisnamed("lab.no_router", lab=lab_id, node=node, nodes=", ".join(each.key for each in plan.kept))
    if before.pid is None:
        raise LabRefused("lab.router_down", lab=lab_id, device=node)
    begun()
    _signal(before.pid, signal.SIGKILL)
    deadline = monotonic() + timeout
    while True:
        now = running(lab_id)[1].nodes[node]
        if now.ready and now.starts > before.starts:
            return
        if now.failed or monotonic() > deadline:
            raise LabRefused("lab.router_down", lab=lab_id, device=node)
        sleep(_POLL)


def as_possible(plan: LabPlan) -> LabPlan:
    """The same; with a fake cloud where nothing but a cloud needs machines, and this one lacks a program for them."""
    lacking = plan.clouds and not plan.servers and not plan.fake and daemons.missing_programs(machines.PROGRAMS)
    return replace(plan, fake=True) if lacking else plan


def check_machine(*, routers: bool = True, servers: bool = False) -> None:
    """Raises LabError that says what this machine lacks for a lab, for routers in it, and for servers."""
    if not (rootless.is_root() if routers or servers else os.geteuid() == 0):
        raise LabRefused("lab.needs_root", cause=f"uid {rootless.caller()}")
    needed: list[str] = [*daemons.PROGRAMS] if routers else [*daemons.NAMESPACE_PROGRAMS]
    if missing := daemons.missing_programs([*needed, *(machines.PROGRAMS if servers else ())]):
        packages = daemons.PACKAGES if routers else daemons.NAMESPACE_PACKAGES
        packages += f" {machines.PACKAGES}" if servers else ""
        raise LabRefused("lab.needs_programs", programs=", ".join(missing), packages=packages)
    words = ["unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "true"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabRefused("lab.needs_namespaces", cause=done.stderr.strip())


def _build(folder: Folder, lock: int, plan: LabPlan, on_progress: OnProgress, deadline: float) -> LabState:
    """Start the supervisor, which inherits the lock, and follow it until the lab is ready."""
    try:
        open_folder(folder, len(plan.servers), len(plan.clouds))
        write_whole(folder.plan, plan.to_json())
        folder.events.touch()
        events = folder.events.open()
        pid = _spawn(folder, lock)
    except BaseException:
        supervisor.take_down(folder, lock)
        raise
    os.close(lock)
    handle = os.pidfd_open(pid)
    with events:
        try:
            return _follow(folder, plan, events, pid, on_progress, deadline)
        except BaseException:
            down(plan.lab)
            # One that failed takes its lab down itself, and ends only after it has let go of the lock.
            netns.wait_for(handle, monotonic() + _STOP_SECONDS)
            supervisor.reap_all()
            raise
        finally:
            os.close(handle)


def _spawn(folder: Folder, lock: int) -> int:
    """A supervisor in a session of its own, so that no terminal's signals reach it."""
    words = [sys.executable, "-m", supervisor.__name__, folder.lab, str(lock)]
    here = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": here}
    os.set_inheritable(lock, True)
    with folder.log.open("ab") as log, Path(os.devnull).open("rb") as nothing:
        actions = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), 0)]
        actions += [(os.POSIX_SPAWN_DUP2, log.fileno(), number) for number in (1, 2)]
        return os.posix_spawn(words[0], words, environment, file_actions=actions, setsid=True)


def _follow(
    folder: Folder,
    plan: LabPlan,
    events: TextIO,
    pid: int,
    on_progress: OnProgress,
    deadline: float,
) -> LabState:
    while True:
        ended = os.waitpid(pid, os.WNOHANG)[0] != 0
        for line in events:
            event = json.loads(line)
            if event["event"] == "failed":
                raise LabError(event["code"], **event["fields"])
            on_progress(Progress(stage=event["stage"], done=event["done"], total=event["total"]))
        if ended:
            raise LabError("lab.supervisor_died", lab=plan.lab)
        record = Record.read(folder)
        if record and record.ready_after is not None:
            return LabState(plan=plan, ready_after=record.ready_after, reused=False)
        if monotonic() > deadline:
            raise _not_ready(plan, record)
        sleep(_POLL)


def _join(folder: Folder, plan: LabPlan, running: LabPlan, on_progress: OnProgress, deadline: float) -> LabState:
    """Wait for a lab that somebody else started."""
    if running.digest() != plan.digest():
        offices = sum(node.office is not None for node in running.nodes)
        raise LabRefused("lab.other_plan", lab=plan.lab, regency=running.regency, offices=offices)
    stage, awaited = ("routers", plan.routers) if plan.routers else ("cloud", plan.clouds)
    told = -1
    while is_held(folder):
        record = Record.read(folder)
        if record and record.ready_after is not None:
            return LabState(plan=plan, ready_after=record.ready_after, reused=True)
        if monotonic() > deadline:
            raise _not_ready(plan, record)
        ready = sum(record.nodes[node.key].ready for node in awaited) if record else 0
        if ready != told:
            on_progress(Progress(stage=stage, done=ready, total=len(awaited)))
            told = ready
        sleep(_POLL * 10)
    raise LabError("lab.supervisor_died", lab=plan.lab)


def _not_ready(plan: LabPlan, record: Record | None) -> LabError:
    silent = [key for key, node in record.nodes.items() if not node.ready] if record else []
    return LabError("lab.not_ready", lab=plan.lab, devices=", ".join(silent) or "-")


def running(lab_id: str) -> tuple[LabPlan, Record]:
    """The plan and the record of a lab that is alive. Raises LabRefused when there is none, or when another version made it."""
    folder = Folder(lab=lab_id)
    plan, record, alive = read_plan(folder), Record.read(folder), is_held(folder)
    if plan is None or record is None or not alive:
        raise LabRefused("lab.other_version" if alive and is_foreign(folder) else "lab.not_up", lab=lab_id)
    return plan, record


def _has_own_root(node: Node) -> bool:
    """It has a process 1 and files of its own, and not a network alone."""
    return node.is_router or node.role is Role.SERVER


def _ask_to_stop(folder: Folder) -> int | None:
    """Ask the supervisor to take its lab down; a handle on it, or None while it has not said who it is."""
    pid = supervisor_of(folder)
    if pid is None:
        return None
    try:
        handle = os.pidfd_open(pid)
        signal.pidfd_send_signal(handle, signal.SIGTERM)
    except ProcessLookupError:
        return None
    return handle


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _pause(folder: Folder, deadline: float) -> None:
    if monotonic() > deadline:
        raise LabRefused("lab.other_version" if is_foreign(folder) else "lab.locked", lab=folder.lab)
    sleep(_POLL)

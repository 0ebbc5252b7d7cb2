"""The servers of a lab: their files, their start, the hardware that they show, whether they answer; and the repository of
packages beside them. Each server is one systemd in namespaces of its own on the common image."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from network.errors import LabError
from network.lab import cgroups, image, machine, netns
from network.lab import machine_files as files
from network.lab.keys import write_key
from network.lab.layout import LabPlan, Node
from network.lab.machine import Disk, Machine
from network.lab.readiness import ssh_answers
from network.lab.state import Folder

PROGRAMS: Final = ("systemd-nspawn", "mmdebstrap", "setpriv", "unshare", "nsenter", "apt-get", "dpkg-deb")
PACKAGES: Final = "systemd-container mmdebstrap util-linux apt dpkg"
_ANSWER_SECONDS: Final = 0.25
_HTTP: Final = 80
_INIT: Final = "systemd"
_WATCHERS: Final = Path("/proc/sys/fs/inotify/max_user_instances")
_WATCHERS_WANTED: Final = 1024
"""Each systemd of a server has about six, and Debian allows 128."""


def prepare(plan: LabPlan, folder: Folder, client: str) -> list[str]:
    """Write every server's files; `client` is the public key that logs in. Returns their lines of known_hosts."""
    if not plan.has_machines:
        return []
    make_room()
    (folder.path / "server").write_text(files.START)
    return [f"{node.address} {lay(plan, folder, node, plan.machine(node.key), client)}\n" for node in plan.servers]


def lay(plan: LabPlan, folder: Folder, node: Node, shown: Machine, client: str) -> str:
    """Write the files of one server, which need not be of the plan. Returns its public host key."""
    home = folder.node(node.key)
    _folders(home, dict.fromkeys(("upper", "work", "run"), 493))
    for name in ("speed", "block", "class/dmi/id"):
        (home / "hardware" / name).mkdir(parents=True)
    public = _write_root(plan, home / "upper", node, client)
    write_hardware(folder, shown)
    for name, where in files.CLASSES.items():
        (home / "hardware" / "class" / name).symlink_to(where)
    for disk in shown.disks:
        plug(folder, node.key, disk)
    return public


def make_room(limit: Path = _WATCHERS) -> None:
    """Let root have as many inotify instances as several labs of servers take: the kernel counts them for each user, whatever
    namespaces its processes are in, and a systemd that gets none does not start. Where that may not be changed it stays as it is.

    The one thing of the machine itself that a lab changes; until the next boot.
    """
    with suppress(OSError, ValueError):
        if int(limit.read_text()) < _WATCHERS_WANTED:
            limit.write_text(f"{_WATCHERS_WANTED}\n")


def _write_root(plan: LabPlan, root: Path, node: Node, client: str) -> str:
    """What makes a server of the image this one. Returns its public host key."""
    _folders(root, {"etc": 0o755, "etc/ssh": 0o755, "etc/apt": 0o755, "root": 0o700, "root/.ssh": 0o700})
    (root / "etc/machine-id").write_text(f"{secrets.token_hex(16)}\n")
    (root / "etc/hostname").write_text(f"{node.key}\n")
    (root / "etc/hosts").write_text(files.hosts(plan, node))
    (root / "etc/apt/sources.list").write_text(files.sources(plan))
    (root / "root/.ssh/authorized_keys").touch(mode=0o600)
    (root / "root/.ssh/authorized_keys").write_text(f"{client}\n")
    public = write_key(root / "etc/ssh/ssh_host_ed25519_key")
    (root / "etc/ssh/ssh_host_ed25519_key.pub").write_text(f"{public}\n")
    return public


def _folders(where: Path, modes: Mapping[str, int]) -> None:
    """Make folders that a server takes over with these modes, whatever the caller's umask."""
    for name, mode in modes.items():
        (where / name).mkdir(parents=True, exist_ok=True)
        (where / name).chmod(mode)


def write_hardware(folder: Folder, shown: Machine) -> None:
    """Write what a machine shows, but for its disks, into the same files as before, which are mounted in a running server."""
    hardware = folder.node(shown.node) / "hardware"
    (hardware / "meminfo").write_text(machine.meminfo(shown.memory))
    (hardware / "cpuinfo").write_text(machine.cpuinfo(shown.cpus))
    for name, text in machine.identity_files(shown).items():
        (hardware / "class" / "dmi" / "id" / name).write_text(text)
    if shown.speed is not None:
        (hardware / "speed" / "eth0").write_text(f"{shown.speed}\n")


def plug(folder: Folder, server: str, disk: Disk) -> None:
    """Let a server have a disk. One that it has stays."""
    whole = _block(folder, server) / disk.name
    if whole.exists():
        return
    part = folder.node(server) / f"{disk.name}.part"
    for name, text in machine.disk_files(disk).items():
        (part / name).parent.mkdir(parents=True, exist_ok=True)
        (part / name).write_text(text)
    part.rename(whole)


def pull(folder: Folder, server: str, disk: str) -> None:
    """Take a disk from a server. One that it does not have stays away."""
    gone = folder.node(server) / f"{disk}.gone"
    with suppress(FileNotFoundError):
        (_block(folder, server) / disk).rename(gone)
        shutil.rmtree(gone)


def _block(folder: Folder, server: str) -> Path:
    return folder.node(server) / "hardware" / "block"


def start(plan: LabPlan, folder: Folder, node: Node) -> int:
    """Start a server. Returns the process that keeps it, a child of the caller: it ends when the server does, and the server
    ends when it or the caller does."""
    groups = cgroups.make(plan.lab, node.key)
    words = [
        *("setpriv", "--pdeathsig", "KILL"),
        *("nsenter", f"--net=/run/netns/{plan.namespace(node.key)}"),
        *("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
        *("sh", str(folder.path / "server"), str(image.folder() / "root"), str(folder.node(node.key))),
        *(plan.namespace(node.key), node.key, *map(str, groups)),
    ]
    return _spawn(folder, node, words)


def start_mirror(plan: LabPlan, folder: Folder, node: Node) -> int:
    """Start the web server of the package repository; the process, a child of the caller that ends with it. It may do nothing but
    read and answer."""
    words = [
        *("ip", "netns", "exec", plan.namespace(node.key)),
        *("setpriv", "--pdeathsig", "KILL", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all,+net_bind_service"),
        *(sys.executable, "-I", "-m", "http.server", str(_HTTP)),
        *("--bind", str(node.address), "--directory", str(image.folder() / "pool")),
    ]
    return _spawn(folder, node, words)


def _spawn(folder: Folder, node: Node, words: list[str]) -> int:
    folder.node(node.key).mkdir(parents=True, exist_ok=True)
    with (folder.node(node.key) / "console").open("ab") as log, Path(os.devnull).open("rb") as nothing:
        actions = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), 0)]
        actions += [(os.POSIX_SPAWN_DUP2, log.fileno(), number) for number in (1, 2)]
        return os.posix_spawnp(words[0], words, os.environ, file_actions=actions, setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])


def init_process(keeper: int) -> int | None:
    """Process 1 of the server, as the machine counts it; None while it has not begun."""
    for spawner in _children(keeper):
        for child in _children(spawner):
            with suppress(OSError):
                if Path(f"/proc/{child}/comm").read_text().strip() == _INIT:
                    return child
    return None


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def lay_hardware(pid: int, server: str) -> None:
    """Let a server that has begun see the lab's hardware in the place of this machine's. Raises LabError when it cannot."""
    words = ["nsenter", "--target", str(pid), "--all", "/bin/sh", "-s"]
    done = subprocess.run(words, input=files.HARDWARE, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabError("lab.command_refused", command=f"mount ({server})", cause=done.stderr.strip().replace("\n", "; "))


def system_state(pid: int) -> str:
    """What systemd says of itself: starting, running, degraded …"""
    words = ["nsenter", "--target", str(pid), "--all", "systemctl", "is-system-running"]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def ssh_from_noc(plan: LabPlan, node: Node) -> bool:
    with netns.inside(plan.namespace("noc")):
        return node.address is not None and ssh_answers(node.address)


def mirror_answers(plan: LabPlan, node: Node) -> bool:
    with netns.inside(plan.namespace(node.key)), suppress(OSError):
        socket.create_connection((str(node.address), _HTTP), timeout=_ANSWER_SECONDS).close()
        return True
    return False

"""The servers that are rented from a lab's cloud: systemd-nspawn machines as the leased ones are, made when Nova asks, behind the
cloud's own routers. In the namespaces of the cloud, so that all of them end with it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from socket import if_nameindex
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from time import monotonic, sleep
from typing import Any, Final, TypeVar

from network.errors import LabError
from network.lab import cgroups, image, machines
from network.lab.layout import LabPlan, Node, Role
from network.lab.machine import Disk, Machine
from network.lab.readiness import ssh_answers
from network.lab.state import Folder

T = TypeVar("T")

_LONGEST: Final = 1024 * 1024
_BEGIN_SECONDS: Final = 60.0
_POLL: Final = 0.05
_AT_ONCE: Final = 4
"""Machines that begin beside each other: more of them only wait longer for a turn on the processor."""
_UNIT: Final = """\
[Unit]
Description=User data of the cloud
ConditionPathExists=!/var/lib/cloud/done
After=ssh.service

[Service]
Type=oneshot
ExecStart=/var/lib/cloud/user-data
ExecStartPost=/usr/bin/touch /var/lib/cloud/done
StandardOutput=journal+console

[Install]
WantedBy=multi-user.target
"""


@dataclass(slots=True)
class _Guest:
    """A machine and the process that keeps it, None while it is stopped."""

    node: Node
    wanted: Mapping[str, Any]
    host_key: str
    process: subprocess.Popen[bytes] | None = None


class Hypervisor:
    """What Nova's driver asks for. Safe to use from several threads."""

    def __init__(self, plan: LabPlan, folder: Folder) -> None:
        self._plan = plan
        self._folder = folder
        self._guests: dict[str, _Guest] = {}
        self._turn = threading.Semaphore(_AT_ONCE)
        self._wires = threading.Lock()
        # A machine ends with the thread that began it (prctl(2), PR_SET_PDEATHSIG): this one lasts.
        self._parent = ThreadPoolExecutor(1)

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Raises LabError, OSError or ValueError for what cannot be done."""
        uuid, guest = str(asked["uuid"]), self._guests.get(str(asked["uuid"]))
        match asked["do"]:
            case "spawn":
                self._spawn(uuid, asked)
            case "state":
                return {"state": _state(guest)}
            case "console" if guest:
                return {"text": self._console(guest)}
            case "start" if guest and _state(guest) == "stopped":
                self._start(guest)
            case "stop" if guest:
                _stop(guest)
            case "destroy" if guest:
                self._forget(uuid, guest)
        return {}

    def _spawn(self, uuid: str, asked: Mapping[str, Any]) -> None:
        address = next((str(each["address"]) for each in asked["networks"]), None)
        node, name = Node(key=f"vm-{uuid[:13]}", role=Role.SERVER, address=address), str(asked["name"])
        disk = Disk(name="vda", size=int(asked["disk"]), rotational=False, model="LAB CLOUD", serial=uuid[:12].upper())
        shown = Machine(
            node=node.key, cpus=int(asked["cpus"]), memory=int(asked["memory"]), disks=(disk,), speed=None,
            vendor="OpenStack Foundation", model="OpenStack Nova", serial=uuid,
        )  # fmt: skip
        public = machines.lay(self._plan, self._folder, node, shown, str(asked["key"]).strip())
        upper = self._folder.node(node.key) / "upper"
        (upper / "etc/hostname").write_text(f"{name}\n")
        (upper / "etc/hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {name}\n")
        if asked["user_data"]:
            _lay_user_data(upper, base64.b64decode(asked["user_data"]))
        guest = self._guests[uuid] = _Guest(node=node, wanted=asked, host_key=public)
        try:
            self._start(guest)
        except BaseException:
            self._forget(uuid, guest)
            raise

    def _forget(self, uuid: str, guest: _Guest) -> None:
        _stop(guest)
        self._guests.pop(uuid, None)
        with self._wires:
            there = {bridge for each in self._guests.values() for bridge in _bridges(each)}
            for bridge in set(_bridges(guest)) - there & {name for _, name in if_nameindex()}:
                _ip([f"link delete {bridge}"])  # the next network may have the same addresses
        shutil.rmtree(self._folder.node(guest.node.key), ignore_errors=True)

    def _start(self, guest: _Guest) -> None:
        """Returns once it answers SSH, where it has an address."""
        with self._turn:
            home = self._folder.node(guest.node.key)
            groups = cgroups.make(self._plan.lab, guest.node.key)
            words = [
                *("setpriv", "--pdeathsig", "KILL"),
                *("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
                *("sh", str(self._folder.path / "server"), str(image.folder() / "root"), str(home)),
                *(self._plan.namespace(guest.node.key), str(guest.wanted["name"]), *map(str, groups)),
            ]
            guest.process = self._parent.submit(_begin, words, home / "console").result()
            _await(guest, lambda: _has_own_network(guest))
            with self._wires:
                for number, each in enumerate(guest.wanted["networks"]):
                    _wire(guest, number, each)
            machines.lay_hardware(_await(guest, lambda: machines.init_process(_pid(guest))), guest.node.key)
            address = guest.node.address
            _await(guest, lambda: address is None or ssh_answers(address))

    def _console(self, guest: _Guest) -> str:
        """What it said, and its host key as cloud images tell it: how whoever rents it learns whom he talks to."""
        with suppress(OSError):
            said = (self._folder.node(guest.node.key) / "console").read_text("utf-8", errors="replace")[-16000:]
            keys = f"-----BEGIN SSH HOST KEY KEYS-----\n{guest.host_key}\n-----END SSH HOST KEY KEYS-----\n"
            return f"{said}\n{keys}"
        return ""


def _begin(words: list[str], console: Path) -> subprocess.Popen[bytes]:
    with console.open("ab") as log:
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/")


def serve(hypervisor: Hypervisor, path: str) -> None:
    """Answer on a socket, in threads, until the process ends."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            raw = self.rfile.readline(_LONGEST)
            try:
                answer = hypervisor.answer(json.loads(raw))
            except LabError as error:
                answer = {"problem": f"{error.code} {dict(error.fields)}"}
            except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
                answer = {"problem": str(error)[:400]}
            self.wfile.write(json.dumps(answer).encode() + b"\n")

    class Server(ThreadingUnixStreamServer):
        daemon_threads = True
        request_queue_size = 128

    with suppress(FileNotFoundError):
        Path(path).unlink()
    server = Server(path, Handler)
    os.chmod(path, 0o600)  # noqa: PTH101 - a socket's own name
    threading.Thread(target=server.serve_forever, daemon=True).start()


def _state(guest: _Guest | None) -> str:
    if guest is None:
        return "absent"
    return "running" if guest.process is not None and guest.process.poll() is None else "stopped"


def _stop(guest: _Guest) -> None:
    if guest.process is not None:
        guest.process.kill()
        guest.process.wait()
        guest.process = None


def _pid(guest: _Guest) -> int:
    if guest.process is None:
        raise LabError("lab.router_dies", device=guest.node.key, missing="-", log="-")
    return guest.process.pid


def _has_own_network(guest: _Guest) -> bool:
    own = os.readlink("/proc/self/ns/net")  # noqa: PTH115 - not a path
    return os.readlink(f"/proc/{_pid(guest)}/ns/net") != own  # noqa: PTH115


def _await(guest: _Guest, found: Callable[[], T | None]) -> T:
    """What is found, once it is there. Raises LabError when the machine ends before, or takes too long."""
    deadline = monotonic() + _BEGIN_SECONDS
    while not (there := found()):
        if guest.process is None or guest.process.poll() is not None or monotonic() > deadline:
            raise LabError("lab.router_dies", device=guest.node.key, missing="ssh", log="-")
        sleep(_POLL)
    return there


def _bridge(wanted: Mapping[str, Any]) -> str:
    return f"n{str(wanted['network'])[:8]}"


def _bridges(guest: _Guest) -> Iterator[str]:
    yield from map(_bridge, guest.wanted["networks"])


def _wire(guest: _Guest, number: int, wanted: Mapping[str, Any]) -> None:
    """A port on the bridge of its network, whose gateway is the cloud's router; its end in the machine has the address."""
    network, bridge, port = IPv4Network(wanted["cidr"]), _bridge(wanted), f"p{guest.node.key[3:11]}{number}"
    if bridge not in {name for _, name in if_nameindex()}:
        _ip([f"link add {bridge} type bridge forward_delay 0 stp_state 0 mcast_snooping 0", f"link set {bridge} up"])
    gateway = wanted["gateway"]
    if gateway:
        _ip([f"address replace {gateway}/{network.prefixlen} dev {bridge}"])
    _ip([f"link add {port} type veth peer name eth{number} netns {_pid(guest)}", f"link set {port} master {bridge} up"])
    address = f"{wanted['address']}/{network.prefixlen}"
    inside = ["link set lo up", f"address add {address} dev eth{number}", f"link set eth{number} up"]
    inside += [f"route add default via {gateway}"] if gateway and number == 0 else []
    _ip(inside, "nsenter", f"--net=/proc/{_pid(guest)}/ns/net")


def _ip(lines: list[str], *within: str) -> None:
    text = "".join(f"{line}\n" for line in lines)
    done = subprocess.run([*within, "ip", "-batch", "-"], input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabError("lab.command_refused", command="; ".join(lines)[:200], cause=done.stderr.strip()[:200])


def _lay_user_data(upper: Path, script: bytes) -> None:
    """A script that the machine runs once, as root. What is none is kept for whoever looks for it."""
    wants = upper / "etc/systemd/system/multi-user.target.wants"
    for folder in (upper / "var/lib/cloud", wants):
        folder.mkdir(parents=True, exist_ok=True)
        for each in (folder, *(up for up in folder.parents if up.is_relative_to(upper) and up != upper)):
            each.chmod(0o755)
    (upper / "var/lib/cloud/user-data").write_bytes(script)
    (upper / "var/lib/cloud/user-data").chmod(0o700)
    if script.startswith(b"#!"):
        (upper / "etc/systemd/system/user-data.service").write_text(_UNIT)
        (wants / "user-data.service").symlink_to("/etc/systemd/system/user-data.service")

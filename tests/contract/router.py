"""One real router in namespaces of its own: two uplinks to a peer, an SSH server with throwaway keys, its own /var/lib.

Everything is named after this process and is gone after `close`, also when a test fails.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Final

from network.core.ports import Dialect
from network.core.tree import Place, ShaperId
from network.dialects.linux_tc import LinuxTc
from network.drivers.host_keys import HostKey, pin
from network.drivers.netmiko_ssh import NetmikoDevice, Secrets, Target

PORT: Final = 2222
HOST: Final = "127.0.0.1"
_CLONE_NEWNET: Final = 0x40000000
_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_NUMBERS: Final = count()

_SSHD: Final = """Port {port}
ListenAddress {host}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
StrictModes no
UsePAM no
PidFile none
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
UseDNS no
PrintMotd no
MaxStartups 100:30:200
"""


def run(*command: str, check: bool = True) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240, check=False)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr or done.stdout}")
    return done.stdout


PATIENCE = 60.0
"""Seconds within which whatever is waited for comes, also on a machine that is busy otherwise."""


def until(holds: Callable[[], bool], what: str) -> None:
    """Ask again until it holds; each try is itself the pause."""
    deadline = monotonic() + PATIENCE
    pause = threading.Event()
    while not holds():
        assert monotonic() < deadline, f"not within {PATIENCE:.0f} s: {what}"
        pause.wait(0.02)


def inside(namespace: str, work: Callable[[], socket.socket]) -> socket.socket:
    """Do `work` in a thread that has entered the namespace; a socket stays where it was made."""
    box: list[socket.socket | OSError] = []

    def enter() -> None:
        try:
            with Path(f"/run/netns/{namespace}").open() as file:
                failed = _LIBC.setns(file.fileno(), _CLONE_NEWNET)
            box.append(OSError(ctypes.get_errno(), "setns") if failed else work())
        except OSError as error:
            box.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if isinstance(box[0], OSError):
        raise box[0]
    return box[0]


@dataclass
class Router:
    folder: Path
    name: str = field(default_factory=lambda: f"lajur-t{os.getpid()}-{next(_NUMBERS)}")
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def core(self) -> str:
        return f"{self.name}-core"

    @property
    def peer(self) -> str:
        return f"{self.name}-peer"

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    @property
    def home(self) -> Path:
        """What the router sees as /var/lib/lajur."""
        return self.folder / "lib" / "lajur"

    @property
    def secrets(self) -> Secrets:
        return Secrets(private_key=(self.folder / "user").read_text())

    def build(self) -> None:
        (self.folder / "lib").mkdir()
        for key in ("host", "user"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / key))
        (self.folder / "authorized").write_text((self.folder / "user.pub").read_text())
        (self.folder / "sshd_config").write_text(_SSHD.format(port=PORT, host=HOST, folder=self.folder))
        pin(self.known_hosts, HOST, PORT, HostKey.parse((self.folder / "host.pub").read_text()))
        for namespace in (self.core, self.peer):
            run("ip", "netns", "add", namespace)
            run("ip", "-n", namespace, "link", "set", "lo", "up")
        for number in (1, 2):
            name = f"up{number}"
            run("ip", "link", "add", "name", name, "netns", self.core, "type", "veth", "peer", "name", name, "netns", self.peer)
            for namespace, last in ((self.core, 0), (self.peer, 1)):
                run("ip", "-n", namespace, "address", "add", f"100.66.{number}.{last}/31", "dev", name)
                run("ip", "-n", namespace, "link", "set", "dev", name, "up")
        run("ip", "-n", self.core, "route", "add", "default", "via", "100.66.1.1")
        self.boot()

    def boot(self) -> None:
        """Start it: the boot hook, then the SSH server, seeing a /var/lib, /run and /root of its own."""
        start = (
            f"mount --bind {self.folder}/lib /var/lib && mount -t tmpfs tmpfs /root && "
            "mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && "
            "{ [ ! -f /var/lib/lajur/boot ] || sh /var/lib/lajur/boot; } && "
            f"exec /usr/sbin/sshd -D -f {self.folder}/sshd_config"
        )
        with (self.folder / "sshd.log").open("ab") as log:
            self._started.append(
                subprocess.Popen(
                    ["ip", "netns", "exec", self.core, "unshare", "--mount", "sh", "-c", start],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )
        until(self._answers, "sshd answers")

    def _answers(self) -> bool:
        try:
            with self.dial(HOST, PORT, 1) as sock:
                return sock.recv(4) == b"SSH-"
        except OSError:
            return False

    def kill_all(self) -> None:
        """As a power cut: every process of the router ends; what the kernel holds for it stays."""
        for pid in run("ip", "netns", "pids", self.core).split():
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                continue
        for process in self._started:
            process.wait(10)
        self._started.clear()
        until(lambda: not run("ip", "netns", "pids", self.core).split(), "its processes end")

    def dial(self, host: str, port: int, timeout: float) -> socket.socket:
        return inside(self.core, lambda: socket.create_connection((host, port), timeout))

    def device(
        self, places: Mapping[ShaperId, Place], *, dialect: Dialect | None = None, answer_seconds: float = 60
    ) -> NetmikoDevice:
        target = Target(device="core", host=HOST, port=PORT, answer_seconds=answer_seconds)
        return NetmikoDevice(target, dialect or LinuxTc(), places, self.dial, self.known_hosts, self.secrets)

    def tc(self, *words: str) -> str:
        return run("ip", "netns", "exec", self.core, "tc", *words)

    def processes(self, words: bytes) -> list[int]:
        """Processes of the router whose command line, NUL between its words, has `words`."""
        found = []
        for pid in run("ip", "netns", "pids", self.core).split():
            try:
                if words in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(int(pid))
            except OSError:
                continue
        return found

    def cut_sessions(self) -> None:
        """Every connection that is open now ends without a word."""
        for pid in self.processes(b"sshd: root"):
            os.kill(pid, signal.SIGKILL)

    def stop_listening(self) -> None:
        """No new connection is taken."""
        for pid in self.processes(b"[listener]"):
            os.kill(pid, signal.SIGKILL)

    def flood(self, source: str, packets: int) -> None:
        """Send UDP packets of 1000 bytes from an address of an office, out by uplink 1."""
        run("ip", "-n", self.core, "address", "replace", f"{source}/32", "dev", "lo")
        sock = inside(self.core, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        with sock:
            sock.bind((source, 0))
            for _ in range(packets):
                sock.sendto(bytes(1000), ("198.19.0.1", 9))

    def close(self) -> None:
        for namespace in (self.core, self.peer):
            for pid in run("ip", "netns", "pids", namespace, check=False).split():
                try:
                    os.kill(int(pid), signal.SIGKILL)
                except ProcessLookupError:
                    continue
            run("ip", "netns", "del", namespace, check=False)
        for process in self._started:
            process.wait(10)

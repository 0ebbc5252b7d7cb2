"""Network namespaces of one Linux machine: made, entered, emptied and removed, through iproute2 and a few system calls.
Touches only names that it is given, and makes no interface or route outside a namespace.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Final

from network.errors import LabError, LabRefused
from network.lab import kernel
from network.lab.layout import NAMES

_NAMES: Final = Path(NAMES)

_SIOCETHTOOL: Final = 0x8946
_ETHTOOL_SET_TSO: Final = 0x1F
_ETHTOOL_SET_GSO: Final = 0x24
_ETHTOOL_SET_GRO: Final = 0x2C

HARMLESS: Final = ("--bounding-set", "-sys_time,-sys_module,-sys_rawio,-sys_boot")
"""For `setpriv`: root in a lab may not set the machine's clock, load a module or touch its hardware, as no namespace would hold
that back."""


def enter(name: str) -> None:
    """Move the calling thread, and no other, into namespace `name` for the rest of its life.

    Sockets that it opens from now on belong there. Raises LabError when there is no such namespace.
    """
    try:
        handle = os.open(_NAMES / name, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise LabRefused("lab.namespace_gone", namespace=name) from error
    try:
        _enter(handle, name)
    finally:
        os.close(handle)


@contextmanager
def inside(name: str) -> Iterator[None]:
    """Run a block of the calling thread inside namespace `name`, then come back."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        enter(name)
        try:
            yield
        finally:
            _enter(home, "home")
    finally:
        os.close(home)


def _enter(handle: int, name: str) -> None:
    try:
        kernel.enter_network(handle)
    except OSError as error:
        raise LabRefused("lab.namespace_refused", namespace=name, cause=error.strerror) from error


def existing(prefix: str) -> list[str]:
    """The names that begin with `prefix`, in order."""
    return sorted(path.name for path in _NAMES.glob(f"{prefix}*")) if _NAMES.is_dir() else []


def create(names: Iterable[str]) -> None:
    batch("ip", [f"netns add {name}" for name in names])


def delete(names: Iterable[str]) -> None:
    """Remove the names; a name half made by a process that was killed goes too."""
    lines = "\n".join(f"netns delete {name}" for name in names)
    subprocess.run(["ip", "-force", "-batch", "-"], input=lines, text=True, capture_output=True, check=False)
    for name in names:
        (_NAMES / name).unlink(missing_ok=True)


def batch(tool: str, lines: Sequence[str], namespace: str | None = None) -> None:
    """Give `lines` to `ip` or `tc` in one process. Raises LabError with the tool's own words at the first refusal."""
    if lines:
        _run([tool, *(["-n", namespace] if namespace else []), "-batch", "-"], "\n".join(lines) + "\n")


def load_nft(rules: str, namespace: str) -> None:
    """Load an nftables rule set into a namespace. Raises LabError with nft's own words."""
    with inside(namespace):
        _run(["nft", "-f", "-"], rules)


def _run(words: Sequence[str], text: str) -> None:
    done = subprocess.run(words, input=text, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise LabError("lab.command_refused", command=" ".join(words), cause=done.stderr.strip().replace("\n", "; "))


def set_sysctls(values: Iterable[tuple[str, str]]) -> None:
    """Write `/proc/sys` of the namespace that the calling thread is in."""
    for key, value in values:
        path = Path("/proc/sys") / key
        if path.exists():  # a kernel without IPv6 has no IPv6 to turn off
            path.write_text(value)


def offloads_off(interfaces: Iterable[str]) -> None:
    """Segmentation and receive offloads off, in the calling thread's namespace: a queue then sees real frames."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for interface in interfaces:
            for command in (_ETHTOOL_SET_TSO, _ETHTOOL_SET_GSO, _ETHTOOL_SET_GRO):
                value = ctypes.create_string_buffer(struct.pack("II", command, 0), 8)
                request = struct.pack("16sP", interface.encode(), ctypes.addressof(value))
                fcntl.ioctl(control, _SIOCETHTOOL, request)


def processes(names: Iterable[str]) -> list[int]:
    """The processes whose main thread is in one of the namespaces. A process with only a helper thread there is not."""
    inodes = _inodes(names)
    own = os.getpid()
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return [pid for pid in pids if pid != own and _namespace_of(pid) in inodes]


def empty(names: Sequence[str], seconds: float = 10.0) -> None:
    """Kill every process in the namespaces and wait until all are gone. Raises LabError when one does not go."""
    deadline = monotonic() + seconds
    inodes = _inodes(names)
    while pids := processes(names):
        if monotonic() > deadline:
            raise LabError("lab.process_stays", pids=", ".join(map(str, pids)))
        handles = [handle for pid in pids if (handle := _kill(pid, inodes)) is not None]
        for handle in handles:
            wait_for(handle, deadline)
            os.close(handle)


def _inodes(names: Iterable[str]) -> set[int]:
    return {(_NAMES / name).stat().st_ino for name in names if (_NAMES / name).exists()}


def _namespace_of(pid: int) -> int | None:
    try:
        return Path(f"/proc/{pid}/ns/net").stat().st_ino
    except OSError:  # ended meanwhile, or a zombie
        return None


def _kill(pid: int, inodes: set[int]) -> int | None:
    """Kill through a pidfd, so that a number used again meanwhile is never hit; the handle tells when it has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return None
    if _namespace_of(pid) in inodes:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            return handle
    os.close(handle)
    return None


def wait_for(handle: int, deadline: float) -> None:
    """Wait until the process of a pidfd has ended, at most until `deadline` on the monotonic clock."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.poll(max(0.0, deadline - monotonic()) * 1000)

"""Ways into a running lab for code that runs outside: sockets and threads inside `noc`. The machine itself gets neither a
route nor an interface, and the calling thread never leaves its own namespace.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from network.lab import netns
from network.lab.lab import LabState
from network.lab.layout import NAMES

Dialer = Callable[[str, int, float], socket.socket]


def enter_namespace(name: str) -> None:
    """Move the calling thread into a namespace for the rest of its life: for a thread whose event loop must live there.

    Raises LabError when there is no such namespace.
    """
    netns.enter(name)


def noc_namespace(lab: LabState) -> str:
    """The namespace from which routers are managed."""
    return lab.plan.namespace("noc")


def words_inside(lab: LabState) -> tuple[str, ...]:
    """What a program's own words follow so that it runs inside `noc`, and everything else of the machine stays as it is."""
    return ("nsenter", f"--net={NAMES}/{noc_namespace(lab)}", "--")


def dialer(lab: LabState) -> Dialer:
    """A function (host, port, timeout in seconds) that connects from `noc` and returns the TCP socket.

    It raises OSError as `socket.create_connection` does, and LabError when the lab has gone. Safe from any thread.
    """
    namespace = noc_namespace(lab)

    def dial(host: str, port: int, timeout: float) -> socket.socket:
        connection = socket_in(namespace, socket.SOCK_STREAM)
        try:
            connection.settimeout(timeout)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.connect((host, port))
        except BaseException:
            connection.close()
            raise
        return connection

    return dial


def socket_in(namespace: str, kind: socket.SocketKind) -> socket.socket:
    """An IPv4 socket that belongs to `namespace`. A socket stays where it was made, so only its making needs a thread
    of its own there."""

    def make() -> socket.socket:
        netns.enter(namespace)
        return socket.socket(socket.AF_INET, kind)

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"in {namespace}") as helper:
        return helper.submit(make).result()

"""The process that floods a lab: `python -m network.lab.generator`, one for a whole set of flows.

Both ends of every connection live here: its home is `inet`, and each office's sockets are made in that office's namespace.
One thread and one epoll; it wakes at most every few milliseconds, so that the processor is left to the packets.
"""

from __future__ import annotations

import resource
import select
import socket
import struct
from dataclasses import dataclass
from enum import Enum, auto
from time import monotonic, sleep
from typing import Any, Final

from network.lab import netns
from network.lab.workers import Leash

_NAP: Final = 0.004
_UNSENT: Final = 128 * 1024
"""Bytes that wait in a socket beyond what is under way: enough for a nap at 200 Mbit/s."""
_CHUNK: Final = bytes(_UNSENT)
_DRAIN: Final = bytearray(256 * 1024)
_CONNECT_SECONDS: Final = 10.0
_SO_MAX_PACING_RATE: Final = 47
_PAYLOAD, _FRAME = 1448, 1514
"""Of a full segment: pacing counts the first, a shaper the second."""
_GREETING: Final = struct.Struct("!I")


class _State(Enum):
    CONNECTING = auto()  # the office's end, until the connection stands; it then says which flow it belongs to
    GREETED = auto()  # the outer end, until it has heard that
    SENDING = auto()
    RECEIVING = auto()


_EVENTS: Final = {
    _State.CONNECTING: select.EPOLLOUT,
    _State.GREETED: select.EPOLLIN,
    _State.SENDING: select.EPOLLOUT,
    _State.RECEIVING: select.EPOLLIN,
}


@dataclass(slots=True)
class _End:
    connection: socket.socket
    state: _State
    flow: int = -1


class Generator:
    def __init__(self, leash: Leash) -> None:
        self._leash = leash
        self._flows: list[dict[str, Any]] = leash.spec["flows"]
        self._bytes = [0] * len(self._flows)
        self._broken = [0] * len(self._flows)
        self._ends: dict[int, _End] = {}
        self._standing = 0
        self._epoll = select.epoll()
        for handle in leash.handles:
            self._epoll.register(handle, select.EPOLLIN)
        self._listener = _cubic()
        self._listener.bind(("0.0.0.0", 0))  # noqa: S104 - in a lab's namespace, on every address that it plays
        self._listener.listen(4096)
        self._epoll.register(self._listener, select.EPOLLIN)
        self._serve = {
            _State.CONNECTING: self._connected,
            _State.GREETED: self._hear,
            _State.SENDING: self._send,
            _State.RECEIVING: self._receive,
        }

    def run(self) -> dict[str, Any]:
        """Connect everything, say so, flow until the leash says no more; what arrived, by flow."""
        for number, flow in enumerate(self._flows):
            self._connect(number, flow)
        wanted = sum(flow["streams"] for flow in self._flows)
        limit = monotonic() + _CONNECT_SECONDS
        while self._standing + sum(self._broken) < wanted and self._turn(limit):
            pass
        self._leash.restart()
        began = monotonic()
        self._bytes = [0] * len(self._flows)
        self._leash.say({"standing": self._standing, "wanted": wanted})
        while self._turn(self._leash.end):
            pass
        seconds = monotonic() - began
        for end in self._ends.values():
            _drop(end.connection)
        return {"seconds": seconds, "bytes": self._bytes, "broken": self._broken, "processor": _processor_seconds()}

    def _connect(self, number: int, flow: dict[str, Any]) -> None:
        port = self._listener.getsockname()[1]
        with netns.inside(flow["namespace"]):
            clients = [_cubic() for _ in range(flow["streams"])]
        for client in clients:
            client.bind((flow["client"], 0))
            client.connect_ex((flow["server"], port))
            self._add(_End(client, _State.CONNECTING, number))

    def _add(self, end: _End) -> None:
        self._ends[end.connection.fileno()] = end
        self._epoll.register(end.connection, _EVENTS[end.state])

    def _turn(self, limit: float) -> bool:
        """Serve once whatever is ready; False when it is time to end."""
        left = limit - monotonic()
        if left <= 0:
            return False
        for handle, _ in self._epoll.poll(left):
            if handle in self._leash.handles:
                return False
            if handle == self._listener.fileno():
                self._accept()
            else:
                self._attend(self._ends[handle])
        sleep(_NAP)
        return True

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:
                return
            connection.setblocking(False)
            self._add(_End(connection, _State.GREETED))

    def _attend(self, end: _End) -> None:
        try:
            self._serve[end.state](end)
        except BlockingIOError:
            return
        except OSError:
            self._epoll.unregister(end.connection)
            del self._ends[end.connection.fileno()]
            end.connection.close()
            if end.flow >= 0:
                self._broken[end.flow] += 1

    def _connected(self, end: _End) -> None:
        if error := end.connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(error, "connect")
        end.connection.send(_GREETING.pack(end.flow))
        self._begin(end, sends=not self._flows[end.flow]["down"])

    def _hear(self, end: _End) -> None:
        greeting = end.connection.recv(_GREETING.size)
        if len(greeting) != _GREETING.size:
            raise OSError("the greeting was cut")
        (end.flow,) = _GREETING.unpack(greeting)
        self._standing += 1
        self._begin(end, sends=self._flows[end.flow]["down"])

    def _begin(self, end: _End, *, sends: bool) -> None:
        flow = self._flows[end.flow]
        if sends and flow["rate"] is not None:
            pace = flow["rate"] * _PAYLOAD // (_FRAME * 8 * flow["streams"])
            end.connection.setsockopt(socket.SOL_SOCKET, _SO_MAX_PACING_RATE, max(1, pace))
        end.state = _State.SENDING if sends else _State.RECEIVING
        self._epoll.modify(end.connection, _EVENTS[end.state])

    def _send(self, end: _End) -> None:
        end.connection.send(_CHUNK)

    def _receive(self, end: _End) -> None:
        # MSG_TRUNC on TCP: the kernel throws the bytes away and counts them.
        count = end.connection.recv_into(_DRAIN, len(_DRAIN), socket.MSG_TRUNC)
        if count == 0:
            raise OSError("the other end closed")
        self._bytes[end.flow] += count


def _cubic() -> socket.socket:
    """A namespace may not change the default, and its bbr starves small queues; a socket may choose for itself."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT)
    return made


def _drop(connection: socket.socket) -> None:
    """Close with a reset: what still waits in the socket is thrown away instead of sent."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    leash = Leash()
    netns.enter(leash.spec["home"])
    leash.say(Generator(leash).run())


if __name__ == "__main__":
    main()

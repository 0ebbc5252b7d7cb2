"""The process that measures round trips in a lab: `python -m network.lab.prober`. It plays the client in the offices and
the echo outside, in one thread of real-time priority, and sends nothing but its small packets.
"""

from __future__ import annotations

import gc
import os
import select
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from network.lab import netns
from network.lab.workers import Leash

_ANSWER_SECONDS: Final = 1.0
"""An answer later than this is a loss."""
_PACKET: Final = struct.Struct("!I60x")
_PRIORITY: Final = 10


@dataclass(slots=True)
class _Client:
    connection: socket.socket
    due: float
    samples: list[tuple[float, float | None]] = field(default_factory=list)


class Prober:
    def __init__(self, leash: Leash) -> None:
        self._leash = leash
        self._interval = float(leash.spec["interval"])
        self._epoll = select.epoll()
        for handle in leash.handles:
            self._epoll.register(handle, select.EPOLLIN)
        targets: list[dict[str, str]] = leash.spec["targets"]
        # One echo for each address: an unbound one would answer from another address than it was asked on.
        self._echoes = {address: self._echo(address) for address in sorted({target["server"] for target in targets})}
        self._by_handle = {echo.fileno(): echo for echo in self._echoes.values()}
        now = monotonic()
        step = self._interval / max(1, len(targets))
        self._clients = [self._client(target, now + step * number) for number, target in enumerate(targets)]
        self._clients_by_handle = {client.connection.fileno(): client for client in self._clients}

    def run(self) -> dict[str, Any]:
        self._leash.restart()
        self._leash.say({"targets": len(self._clients)})
        while (now := monotonic()) < self._leash.end:
            for client in self._clients:
                if client.due <= now:
                    self._send(client)
            if not self._listen(min(client.due for client in self._clients)):
                break
        last = monotonic() + _ANSWER_SECONDS
        while monotonic() < last and self._awaited() and self._listen(last):
            pass
        return {"samples": [client.samples for client in self._clients]}

    def _echo(self, address: str) -> socket.socket:
        echo = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        echo.bind((address, 0))
        self._epoll.register(echo, select.EPOLLIN)
        return echo

    def _client(self, target: dict[str, str], due: float) -> _Client:
        with netns.inside(target["namespace"]):
            connection = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        connection.bind((target["client"], 0))
        connection.connect((target["server"], self._echoes[target["server"]].getsockname()[1]))
        self._epoll.register(connection, select.EPOLLIN)
        return _Client(connection, due)

    def _send(self, client: _Client) -> None:
        client.due += self._interval
        number = len(client.samples)
        client.samples.append((monotonic(), None))
        with suppress(OSError):  # no route for a moment: a loss like any other
            client.connection.send(_PACKET.pack(number))

    def _listen(self, until: float) -> bool:
        """Serve what comes until then; False when it is time to end."""
        for handle, _ in self._epoll.poll(max(0.0, until - monotonic())):
            if handle in self._leash.handles:
                return False
            with suppress(OSError):
                if echo := self._by_handle.get(handle):
                    echo.sendto(*echo.recvfrom(2048))
                else:
                    self._answer(self._clients_by_handle[handle])
        return True

    def _answer(self, client: _Client) -> None:
        packet = client.connection.recv(2048)
        now = monotonic()
        (number,) = _PACKET.unpack(packet)
        sent, _ = client.samples[number]
        if now - sent <= _ANSWER_SECONDS:
            client.samples[number] = (sent, now - sent)

    def _awaited(self) -> bool:
        horizon = monotonic() - _ANSWER_SECONDS
        return any(sent > horizon and rtt is None for client in self._clients for sent, rtt in client.samples[-200:])


def main() -> None:
    leash = Leash()
    netns.enter(leash.spec["home"])
    # Where real time is refused, being nicer than the generator must do.
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
    except PermissionError:
        with suppress(PermissionError):
            os.nice(-15)
    gc.disable()
    leash.say(Prober(leash).run())


if __name__ == "__main__":
    main()

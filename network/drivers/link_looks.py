"""Looks at modules and neighbours for the watch over links: a few devices at a time, over sessions that are kept.

Rests on whatever serves `network.core.link_ports.LinkDevice`; asks for what the truth expects something of, and for nothing else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

from network.core.link_ports import LinkDevice
from network.core.links.capabilities import CAPABILITIES
from network.core.links.intent import EndIntent, LinkIntent
from network.core.links.sight import Looks, Sight
from network.core.watch_ports import Glance, Peer
from network.errors import LajurError

_AT_ONCE: Final = 4
_log: Final = logging.getLogger(__name__)
_SMALLEST: Final = 84

Heard = Callable[[str, Glance | LajurError], None]


class LinkGlances:
    """`network.core.watch_ports.LinkLooks`. Each device is looked at by one thread at a time."""

    def __init__(self, devices: Mapping[str, LinkDevice], intents: Sequence[LinkIntent]) -> None:
        self._devices = devices
        self._ends: dict[str, list[EndIntent]] = {}
        for intent in intents:
            for end in intent.ends:
                if end.device in devices and end.platform in CAPABILITIES:
                    self._ends.setdefault(end.device, []).append(end)
        self._asked: set[str] = set()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="link-looks")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing more is begun; what is under way is waited for."""
        self._pool.shutdown(cancel_futures=True)

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(self._ends)

    def ask(self, devices: Sequence[str], heard: Heard, *, optics: bool, neighbours: bool) -> None:
        with self._lock:
            wanted = [name for name in devices if name in self._ends and name not in self._asked]
            self._asked.update(wanted)
        for name in wanted:
            self._pool.submit(self._look, name, heard, optics=optics, neighbours=neighbours).add_done_callback(_tell_mistake)

    def _look(self, device: str, heard: Heard, *, optics: bool, neighbours: bool) -> None:
        try:
            found: Glance | LajurError = self._glance(device, optics=optics, neighbours=neighbours)
        except LajurError as error:
            found = error
        finally:
            with self._lock:
                self._asked.discard(device)
        heard(device, found)

    def _glance(self, device: str, *, optics: bool, neighbours: bool) -> Glance:
        asked = []
        for end in self._ends[device]:
            known = CAPABILITIES[end.platform]
            lit, heard = optics and known.optics and end.optics is not None, neighbours and known.lldp
            if lit or heard:
                asked.append(_looks(end, optics=lit, lldp=heard))
        sights = self._devices[device].look(asked) if asked else ()
        found = dict(zip((each.interface for each in asked), sights, strict=True))
        levels = {name: sight.received for name, sight in found.items() if sight.received is not None}
        peers = {name: _peers(sight) for name, sight in found.items() if sight.neighbours}
        return Glance(optics=levels if optics else None, neighbours=peers if neighbours else None)


def _peers(sight: Sight) -> tuple[Peer, ...]:
    return tuple(Peer(device=each.device, interface=each.interface) for each in sight.neighbours or ())


def _tell_mistake(done: Future[None]) -> None:
    """Nobody waits for a look; a mistake of ours in one is at least in the log."""
    if not done.cancelled() and (error := done.exception()) is not None:
        _log.error("link_looks.failed", exc_info=error)


def _looks(end: EndIntent, *, optics: bool, lldp: bool) -> Looks:
    return Looks(
        interface=end.interface,
        peer=None,
        source=None,
        small=_SMALLEST,
        large=end.mtu,
        count=1,
        pings=False,
        lldp=lldp,
        routing=False,
        optics=optics,
    )

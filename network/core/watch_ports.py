"""What the watch over links asks of the hands. Nothing here waits: answers come when they come, each once, to whoever listens.

Listeners are called in a hand's own thread and return at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from network.core.rates import InterfaceReading
from network.errors import LajurError


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapHeard:
    """A device said that one of its interfaces went `up` or down. `received` in seconds of our monotonic clock.

    It names the interface by `name`, by `index`, or by both; what it does not say is None. `up` None: it is the device's, but may
    be from long ago, so that it is a reason to ask and nothing more.
    """

    device: str
    up: bool | None
    received: float
    name: str | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapCounts:
    """What came to the trap port. Only what is `believed` has any effect.

    `other`: genuine, of a device of ours, and about something else. `strangers`: from an address that no device has. `refused`:
    from a device's address, with another community, user or key, or not encrypted. `stale`: genuine once, sent again or too
    old by the clock that it shows; of the latter the device is asked how things are. `garbled`: no SNMP. `flooded`: more than
    a device may send. `lost`: more than anybody could read.
    """

    believed: int = 0
    other: int = 0
    strangers: int = 0
    refused: int = 0
    stale: int = 0
    garbled: int = 0
    flooded: int = 0
    lost: int = 0
    last_stranger: str | None = None
    last_refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Whom LLDP hears on an interface; `interface` as the neighbour names it."""

    device: str
    interface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a device shows beside its counters, by interface. An interface that is missing has no module, or hears nobody.

    Levels are received dBm. None: it was not asked, or the device cannot say.
    """

    optics: Mapping[str, float] | None = field(default=None)
    neighbours: Mapping[str, tuple[Peer, ...]] | None = field(default=None)


class LinkMeter(Protocol):
    """SNMP polls of the devices of one regency."""

    @property
    def devices(self) -> tuple[str, ...]:
        """Those that answer SNMP at all."""

    def ask(
        self,
        devices: Sequence[str],
        heard: Callable[[str, InterfaceReading | LajurError], None],
        late: Callable[[str], None],
    ) -> None:
        """Poll them. One that is being asked already is not asked again, and is heard once.

        `late`, before that, for one that used to answer and has not answered its first question yet.
        """


class TrapEar(Protocol):
    """Where traps arrive."""

    def counts(self) -> TrapCounts: ...


class LinkLooks(Protocol):
    """Looks at modules and neighbours, which cost a device more than a poll does."""

    @property
    def devices(self) -> tuple[str, ...]:
        """Those that can be looked at."""

    def ask(
        self,
        devices: Sequence[str],
        heard: Callable[[str, Glance | LajurError], None],
        *,
        optics: bool,
        neighbours: bool,
    ) -> None:
        """Look at them, a few at a time. One that is being looked at already is not looked at again, and is heard once."""

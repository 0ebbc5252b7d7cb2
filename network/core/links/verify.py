"""What is seen of a link beside what is to be seen: a verdict for each check. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from network.core.links.capabilities import CAPABILITIES
from network.core.links.intent import EndIntent, Side
from network.core.links.sight import Looks, Neighbour, Pings, Sight
from network.core.port_names import same_host, same_port

SMALL: Final = 84
"""Bytes of the small ping's packet: the 56 of every ping tool, and its headers."""

COUNT: Final = 5
"""Pings of each size."""


class Check(StrEnum):
    CARRIER = "carrier"
    MTU = "mtu"
    NEIGHBOUR = "neighbour"
    PING = "ping"
    PING_LARGE = "ping_large"
    ROUTING = "routing"
    OPTICS = "optics"


class State(StrEnum):
    """UNKNOWN: the device cannot say; it stops nothing, and is told."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`seen` and `wanted` as words for a person: names, states, figures with their units."""

    check: Check
    state: State
    seen: str
    wanted: str


def looks_for(end: EndIntent, *, pings: bool = True) -> Looks:
    """What is worth asking of this end. Pings go from the far one, there and back again: the near one may have many links."""
    known = CAPABILITIES[end.platform]
    return Looks(
        interface=end.interface,
        peer=end.peer,
        source=end.address.partition("/")[0] if end.address else None,
        small=SMALL,
        large=end.mtu,
        count=COUNT,
        pings=pings and end.peer is not None and end.side is Side.FAR,
        lldp=known.lldp,
        routing=known.routing and end.routing is not None,
        optics=known.optics and end.optics is not None,
    )


def judge(end: EndIntent, sight: Sight) -> tuple[Verdict, ...]:
    """A verdict for everything that was asked, in the order in which a technician would look."""
    return tuple(_judged(end, sight))


def bad(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    return tuple(each for each in verdicts if each.state is State.BAD)


def _judged(end: EndIntent, sight: Sight) -> Iterator[Verdict]:
    words = {True: "up", False: "down", None: "?"}
    yield _verdict(Check.CARRIER, sight.carrier, words[sight.carrier], "up")
    yield _verdict(Check.MTU, None if sight.mtu is None else sight.mtu == end.mtu, str(sight.mtu or "?"), str(end.mtu))
    if CAPABILITIES[end.platform].lldp:
        yield _neighbour(end, sight.neighbours)
    for check, pings in ((Check.PING, sight.small), (Check.PING_LARGE, sight.large)):
        if pings is not None:
            yield _verdict(check, pings.received == pings.sent > 0, _lost(pings), "0 %")
    if end.routing is not None:
        full = None if sight.routing is None else sight.routing.lower().startswith("full")
        yield _verdict(Check.ROUTING, full, sight.routing or ("-" if sight.routing is not None else "?"), "Full")
    if end.optics is not None:
        yield _optics(end, sight.received)


def _optics(end: EndIntent, received: float | None) -> Verdict:
    assert end.optics is not None
    wanted = f"≥ {end.optics.least:.1f} dBm"
    if received is None:
        # A module that the truth has measured and that says nothing now is as bad as a dark one.
        state = State.BAD if CAPABILITIES[end.platform].optics else State.UNKNOWN
        return Verdict(check=Check.OPTICS, state=state, seen="?", wanted=wanted)
    return _verdict(Check.OPTICS, received >= end.optics.least, f"{received:.1f} dBm", wanted)


def _neighbour(end: EndIntent, heard: tuple[Neighbour, ...] | None) -> Verdict:
    device, interface = end.peer_end
    wanted = f"{device} {interface}"
    if heard is None:
        return _verdict(Check.NEIGHBOUR, None, "?", wanted)
    good = [each for each in heard if same_host(each.device, device) and same_port(each.interface, interface)]
    seen = ", ".join(f"{each.device} {each.interface}" for each in heard[:3]) or "-"
    return _verdict(Check.NEIGHBOUR, bool(good) and len(good) == len(heard), seen, wanted)


def _lost(pings: Pings) -> str:
    return f"{pings.loss:.0f} % ({pings.received}/{pings.sent})"


def _verdict(check: Check, good: bool | None, seen: str, wanted: str) -> Verdict:
    state = State.UNKNOWN if good is None else State.GOOD if good else State.BAD
    return Verdict(check=check, state=state, seen=seen, wanted=wanted)

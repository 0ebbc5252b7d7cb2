"""What modules and neighbours show about a link beside its state: light that is weaker than at handover, a neighbour that is
another than the truth names. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inventory.model import Link, LinkEnd
from network.core.port_names import same_host, same_port
from network.core.watch_ports import Glance


class Kind(StrEnum):
    LIGHT = "light"
    NEIGHBOUR = "neighbour"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFinding:
    """`seen` and `wanted` are what differs: dBm, or `device interface`."""

    kind: Kind
    link: str
    device: str
    interface: str
    seen: str
    wanted: str

    @property
    def place(self) -> tuple[Kind, str, str]:
        return self.kind, self.device, self.interface


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkNotice:
    """A finding began, or is no more (`over`), at `at` (seconds of the monotonic clock)."""

    finding: LinkFinding
    at: float
    over: bool = field(default=False)


def findings(link: Link, end: LinkEnd, glance: Glance) -> Iterator[LinkFinding]:
    """What `glance` of the device of `end` says about this end; nothing about what it does not say."""
    level = (glance.optics or {}).get(end.interface)
    if level is not None and end.optics is not None and level < end.optics.least:
        yield _finding(Kind.LIGHT, link, end, f"{level:.1f}", f"{end.optics.least:.1f}")
    heard = (glance.neighbours or {}).get(end.interface, ())
    other = link.ends[1] if end == link.ends[0] else link.ends[0]
    if heard and not any(same_host(peer.device, other.device) and same_port(peer.interface, other.interface) for peer in heard):
        seen = ", ".join(f"{peer.device} {peer.interface}" for peer in heard[:4])
        yield _finding(Kind.NEIGHBOUR, link, end, seen, f"{other.device} {other.interface}")


def _finding(kind: Kind, link: Link, end: LinkEnd, seen: str, wanted: str) -> LinkFinding:
    return LinkFinding(kind=kind, link=link.key, device=end.device, interface=end.interface, seen=seen, wanted=wanted)


Found = Mapping[tuple[Kind, str, str], LinkFinding]


def notices(before: Found, after: Found, now: float) -> Iterator[LinkNotice]:
    """What began and what is over. One whose figures only moved is told of no second time."""
    for place, finding in after.items():
        if place not in before:
            yield LinkNotice(finding=finding, at=now)
    for place, finding in before.items():
        if place not in after:
            yield LinkNotice(finding=finding, at=now, over=True)

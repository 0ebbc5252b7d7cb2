"""The first thing that is wrong with a link as it was seen, as an error that says what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from network.core.link_ports import Pending
from network.core.links.verify import Check, Verdict, bad
from network.errors import DeviceArmed, DeviceError, LajurError
from network.services.links.look import EndSeen, LinkSeen

_CODES: Final = {
    Check.CARRIER: "links.bad_carrier",
    Check.MTU: "links.bad_mtu",
    Check.NEIGHBOUR: "links.bad_neighbour",
    Check.PING: "links.bad_ping",
    Check.PING_LARGE: "links.bad_ping_large",
    Check.ROUTING: "links.bad_routing",
    Check.OPTICS: "links.bad_optics",
}


def failing(links: Sequence[LinkSeen]) -> LajurError | None:
    """None when all is well. What explains most comes first: a dark fibre, not the routing that misses it."""
    ends = [end for link in links for end in link.ends]
    found = [(verdict, end) for end in ends for verdict in bad(end.verdicts)]
    if found:
        order = list(Check)
        return _error(*min(found, key=lambda each: order.index(each[0].check)))
    return next((end.error for end in ends if end.error is not None), None)


def armed(device: str, pending: Pending) -> DeviceArmed:
    """Somebody else's commit is not confirmed yet on a device that is to be changed."""
    left = "?" if pending.seconds_left is None else pending.seconds_left
    return DeviceArmed("links.armed", device=device, step="read", run=pending.run or "?", seconds=left)


def _error(verdict: Verdict, end: EndSeen) -> DeviceError:
    intent = end.intent
    unread = verdict.check is Check.OPTICS and end.sight is not None and end.sight.received is None
    return DeviceError(
        "links.no_light_read" if unread else _CODES[verdict.check],
        device=intent.device,
        step=intent.link,
        interface=intent.interface,
        seen=verdict.seen,
        wanted=verdict.wanted,
        other=" ".join(intent.peer_end),
    )

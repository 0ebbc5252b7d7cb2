"""One device pushed through the port of links: armed and changed, seen over a session opened after that, kept."""

from __future__ import annotations

from typing import Final

from network.bench.push.work import ARM, PINGS, Router, lines, missing
from network.core.link_ports import Commit, LinkDevice
from network.core.links.sight import Looks, Sight
from network.core.links.verify import SMALL
from network.errors import LabError

RUN: Final = "run-bench-push"
_LARGE: Final = 1500


def push_one(device: LinkDevice, router: Router, number: int) -> None:
    """Raises DeviceError, and LabError when the device does not show what was pushed or its link is not well."""
    candidate = "\n".join([f"interface {router['interface']}", *(f" {line}" for line in lines(number)), "exit", ""])
    device.commit(Commit(run=RUN, candidate=candidate, revert_in=ARM, message=f"{RUN} {number}"))
    (sight,) = device.look((_looks(router),))
    unwell = _unwell(sight)
    lacking = missing(device.read().text, number)
    if unwell or lacking:
        raise LabError("bench.push", device=router["name"], reason="; ".join([*lacking, unwell]))
    device.confirm(RUN)


def _looks(router: Router) -> Looks:
    return Looks(
        interface=router["interface"],
        peer=router["peer"],
        source=None,
        small=SMALL,
        large=_LARGE,
        count=PINGS,
        lldp=False,
        optics=False,
    )


def _unwell(sight: Sight) -> str:
    seen = {
        "no carrier": sight.carrier,
        "small packets are lost": sight.small is not None and not sight.small.loss,
        "large packets are lost": sight.large is not None and not sight.large.loss,
        "no OSPF neighbour": (sight.routing or "").startswith("Full"),
    }
    return ", ".join(what for what, well in seen.items() if not well)

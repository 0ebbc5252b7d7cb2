"""What a platform can promise while a link is changed. Data that plans, services and doors read; nothing promises more.

Sources: the NAPALM drivers' own commit methods (ios: whole minutes 1 to 120 by `configure revert timer`, which needs `archive`;
eos: a session's commit timer; junos: whole minutes; none of the others takes `revert_in`), and each platform's manual.
RouterOS: its Safe Mode, which holds at most 100 actions and belongs to one terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

IP_AND_ICMP: Final = 28
"""Bytes of an IPv4 header and an ICMP header: what a ping adds to its payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A commit that goes back by itself: in steps of `step` seconds, from `least` to `most`."""

    step: int
    least: int
    most: int

    def at_least(self, seconds: int) -> int:
        """The shortest time it offers that is not shorter, or its longest."""
        steps = -(-max(seconds, self.least) // self.step)
        return min(steps * self.step, self.most - self.most % self.step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """`timer` None: the device does not go back by itself, so that who cuts himself off must travel.

    `via` is the hand: napalm or netmiko. `driver` is its name for the platform. `message`: a commit carries one. `revert` says
    what going back costs: nothing, the whole configuration loaded again (`reload`), or lines undone one by one by us (`undo`).
    `hides_keys`: keys read back are scrambled, so that a changed key is not seen, only a missing one. `overhead`: what its ping
    adds to the size that it is given. `dead`: the dead time of OSPF in seconds where only a hello time is said; None: four times
    that. `lldp`, `routing`, `optics`: whether it can be asked.
    """

    via: str
    driver: str
    merge: bool = True
    replace: bool = True
    compare: bool = True
    timer: Timer | None
    session_undo: int | None = None
    message: bool
    revert: str
    vlan: bool
    storm_control: bool
    hides_keys: bool
    overhead: int
    dead: int | None = None
    lldp: bool = True
    routing: bool = True
    optics: bool = True


_LONGEST: Final = 24 * 3600
_TCP_GIVES_UP: Final = 9 * 60
"""Seconds after which RouterOS takes a session for lost that says nothing more (its manual, "Safe Mode")."""

CAPABILITIES: Final[dict[str, Capabilities]] = {
    "frr": Capabilities(
        via="napalm",
        driver="frr",
        timer=Timer(step=1, least=1, most=_LONGEST),
        message=True,
        revert="nothing",
        vlan=False,
        storm_control=False,
        hides_keys=False,
        overhead=IP_AND_ICMP,
    ),
    "cisco_ios": Capabilities(
        via="napalm",
        driver="ios",
        timer=Timer(step=60, least=60, most=120 * 60),
        message=False,
        revert="reload",
        vlan=True,
        storm_control=True,
        hides_keys=True,
        overhead=0,
        routing=False,
    ),
    "arista_eos": Capabilities(
        via="napalm",
        driver="eos",
        timer=Timer(step=1, least=1, most=_LONGEST),
        message=False,
        revert="reload",
        vlan=True,
        storm_control=True,
        hides_keys=True,
        overhead=0,
        routing=False,
    ),
    "juniper_junos": Capabilities(
        via="napalm",
        driver="junos",
        timer=Timer(step=60, least=60, most=65535 * 60),
        message=True,
        revert="reload",
        vlan=True,
        storm_control=False,
        hides_keys=True,
        overhead=IP_AND_ICMP,
        routing=False,
    ),
    "mikrotik_routeros": Capabilities(
        via="netmiko",
        driver="mikrotik_routeros",
        replace=False,
        compare=False,
        timer=None,
        session_undo=_TCP_GIVES_UP,
        message=False,
        revert="undo",
        vlan=True,
        storm_control=False,
        hides_keys=False,
        overhead=0,
        dead=40,
    ),
    "huawei_vrp": Capabilities(
        via="netmiko",
        driver="huawei_vrp",
        replace=False,
        compare=False,
        timer=None,
        message=False,
        revert="undo",
        vlan=True,
        storm_control=True,
        hides_keys=True,
        overhead=IP_AND_ICMP,
        optics=False,
    ),
}
"""By platform, as `EndIntent.platform` names it."""

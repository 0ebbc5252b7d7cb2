"""One interface under the names that a device has for it: in its configuration, over SNMP and LLDP. Pure.

IOS and EOS write a kind of interface in full in one place and short in another (`GigabitEthernet0/1`, `Gi0/1`).
"""

from __future__ import annotations

import re
from typing import Final

_SHORT: Final = {
    "Ethernet": ("Et", "Eth"),
    "FastEthernet": ("Fa",),
    "FiveGigabitEthernet": ("Fi",),
    "FortyGigabitEthernet": ("Fo", "FortyGigE"),
    "GigabitEthernet": ("Gi", "Gig", "GigE"),
    "HundredGigE": ("Hu", "HundredGigabitEthernet"),
    "Loopback": ("Lo",),
    "Management": ("Ma",),
    "Port-channel": ("Po", "Port-Channel", "port-channel"),
    "TenGigabitEthernet": ("Te", "Ten", "TenGigE"),
    "TwentyFiveGigE": ("Twe", "TwentyFiveGigabitEthernet"),
    "TwoGigabitEthernet": ("Tw",),
    "Vlan": ("Vl", "VLAN"),
}
"""Upper and lower case tell apart: `eth0` is Linux's own name, and no `Ethernet0`."""

_FULL: Final = {short: full for full, shorts in _SHORT.items() for short in shorts}
_NAME: Final = re.compile(r"([A-Za-z-]+) ?(\d.*)", re.DOTALL)


def same_port(one: str, other: str) -> bool:
    """Whether two names are one interface's of one device."""
    return one == other or _in_full(one) == _in_full(other)


def _in_full(name: str) -> str:
    found = _NAME.fullmatch(name)
    return f"{_FULL.get(found[1], found[1])}{found[2]}" if found else name


def same_host(heard: str, device: str) -> bool:
    """Whether who speaks of itself as `heard` is a device of the truth: hosts have a domain, and case does not count."""
    return heard.partition(".")[0].lower() == device.lower()

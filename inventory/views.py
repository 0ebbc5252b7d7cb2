"""What readers of a regency need, computed from it: where things stand and what a link gives. Pure; decides no guarantee.

All of these expect a regency that `inventory.rules` found whole, and raise KeyError on one that is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from fractions import Fraction
from ipaddress import IPv4Network
from typing import Final

from inventory.link_model import Link, LinkEnd, OspfOnLink
from inventory.model import DeviceRole, Hub, Office, Uplink
from inventory.regency import Regency
from inventory.server_model import Stage
from inventory.units import Bandwidth, Direction

_SMALL_UPLINK: Final = Bandwidth(50_000_000)
_DEFAULT_CLASS: Final = Bandwidth(1_000_000)
_DEFAULT_CLASS_SMALL: Final = Bandwidth(128_000)
LONGEST_DESCRIPTION: Final = 80
_UNFIT: Final = re.compile(r"[^A-Za-z0-9 .,:/()_&+-]+")
"""What one platform or another takes for a word of its own language: quotes, `?`, `!`, `#`, `;`, `$`, `|` and the like."""

TRAINED_STAFF: Final = 2
"""An office goes live with at least so many trained IT staff."""

_KEPT_FIRST: Final = ("dpmptsp", "bappeda")


def hub_link(regency: Regency, hub: Hub) -> Link:
    """The link between the core and this hub."""
    return regency.wiring[core_device(regency), hub.device][0]


def access_link(regency: Regency, office: Office) -> Link:
    """The link between this office and its hub."""
    return regency.wiring[regency.hub(office.hub).device, office.device][0]


def link_addresses(regency: Regency, link: Link) -> tuple[str, str] | None:  # noqa: ARG001 - asked like the others
    """Both ends' addresses with the prefix length, the near end's first: ("100.66.0.0/31", "100.66.0.1/31")."""
    if link.network is None:
        return None
    length = link.network.prefixlen
    first = 0 if length == 31 else 1
    return f"{link.network[first]}/{length}", f"{link.network[first + 1]}/{length}"


def link_ospf(regency: Regency, link: Link) -> OspfOnLink | None:
    """OSPF of this link: what `links.yaml` says of all, and where the link differs. None where it says nothing of all."""
    if regency.ospf is None:
        return None
    own = link.ospf.model_dump(exclude_none=True) if link.ospf is not None else {}
    return OspfOnLink.model_validate(regency.ospf.model_dump() | own)


def description(regency: Regency, link: Link, end: LinkEnd) -> str:
    """What stands on `end`: the link and where it leads, `lajur sgg-kominfo: r-kominfo wan0 (Dinas Kominfo)`.

    Printable ASCII that means nothing to a command line, at most 80 characters; the name is cut when it is too long. Core and
    border serve no one place and have no name.
    """
    near, far = link.ends
    other = far if (end.device, end.interface) == (near.device, near.interface) else near
    place = regency.places.get(other.device)
    name = _plain("" if place is None else place.name)
    text = f"lajur {link.key}: {other.device} {other.interface}"
    name = name[: max(0, LONGEST_DESCRIPTION - len(text) - 3)].rstrip()
    return f"{text} ({name})" if name else text[:LONGEST_DESCRIPTION]


def _plain(text: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(_UNFIT.sub(" ", ascii_only).split())


def core_device(regency: Regency) -> str:
    """The key of the one device in the middle, on which every shaper stands."""
    return _the_device(regency, DeviceRole.CORE)


def border_device(regency: Regency) -> str:
    return _the_device(regency, DeviceRole.BORDER)


def shaper_end(regency: Regency, uplink: Uplink) -> LinkEnd:
    """The core's end of the uplink's link: the device and interface where both of its trees stand."""
    return regency.link(uplink.link).ends[1]


def offices_of(regency: Regency, hub: Hub) -> tuple[Office, ...]:
    """In the order of the file."""
    return tuple(office for office in regency.offices if office.hub == hub.key)


def trained_staff(office: Office) -> int:
    """How many of the office's IT staff are trained."""
    return sum(member.trained for member in office.it_staff)


def shaped_rate(uplink: Uplink, direction: Direction) -> Bandwidth:
    """The contracted rate less headroom, in whole bit/s: the root's ceiling before a device's step is applied."""
    return Bandwidth(uplink.rate.of(direction) * (100 - uplink.headroom) // 100)


def default_class(uplink: Uplink, direction: Direction) -> Bandwidth:
    """What is kept for traffic that belongs to no office: as written, else 1 Mbit/s, 128 kbit/s below 50 Mbit/s."""
    if uplink.default_class is not None:
        return uplink.default_class
    return _DEFAULT_CLASS_SMALL if uplink.rate.of(direction) < _SMALL_UPLINK else _DEFAULT_CLASS


def link_part(regency: Regency, link: Link, uplink: Uplink, direction: Direction) -> Bandwidth:
    """What this link carries of this uplink: its rate less `local`, by `shares`, else in proportion to contracted rate.

    An uplink's own link carries nothing else.
    """
    usable = max(0, link.rate.of(direction) - link.local)
    if link.key == uplink.link:
        return Bandwidth(usable)
    if link.shares is not None:
        return Bandwidth(usable * link.shares.get(uplink.key, 0) // 100)
    total = sum(each.rate.of(direction) for each in regency.uplinks)
    return Bandwidth(usable * uplink.rate.of(direction) // total if total else 0)


def leaves_by(regency: Regency, prefix: IPv4Network) -> str | None:
    """The uplink by which the core sends to this prefix: the one whose list has it, most specific first, else the default.

    None where no uplink is the default.
    """
    owners = {listed: key for key, prefixes in regency.prefixes.items() for listed in prefixes}
    there = {uplink.key for uplink in regency.uplinks}
    for length in range(prefix.prefixlen, -1, -1):
        owner = owners.get(prefix.supernet(new_prefix=length))
        if owner in there:
            return owner
    return next((uplink.key for uplink in regency.uplinks if uplink.destinations is None), None)


def small_copy(regency: Regency, count: int) -> Regency:
    """The same regency with `count` of its offices, spread over hubs and service classes; nothing is scaled.

    The licensing and the planning office stay when there is room, because the stories are about them. What else goes is told at
    `only`. A count of all offices or more gives the regency itself.
    """
    if count < 1:
        raise ValueError("a regency has at least one office")
    return only(regency, {office.key for office in _spread(regency)[:count]})


def only(regency: Regency, kept: Collection[str]) -> Regency:
    """The same regency with those of its offices that are `kept`, by key. Hubs, links and devices that served only the others go
    too; servers and all that belongs to them stay. All of the offices give the regency itself."""
    offices = tuple(office for office in regency.offices if office.key in kept)
    if len(offices) == len(regency.offices):
        return regency
    hubs = tuple(hub for hub in regency.hubs if any(office.hub == hub.key for office in offices))
    served = {office.device for office in regency.offices} | {hub.device for hub in regency.hubs}
    gone = served - {office.device for office in offices} - {hub.device for hub in hubs}
    windows = tuple(
        window.model_copy(
            update={
                "exempt": tuple(key for key in window.exempt if key in kept),
                "policy": window.policy.model_copy(
                    update={"offices": {key: change for key, change in window.policy.offices.items() if key in kept}}
                ),
            }
        )
        for window in regency.windows
    )
    return regency.model_copy(
        update={
            "offices": offices,
            "hubs": hubs,
            "links": tuple(link for link in regency.links if not any(end.device in gone for end in link.ends)),
            "devices": tuple(device for device in regency.devices if device.key not in gone),
            "windows": windows,
            "stages": tuple(_stage_of(stage, kept) for stage in regency.stages),
            "calendar": regency.calendar.model_copy(
                update={"exempt": tuple(key for key in regency.calendar.exempt if key in kept)}
            ),
        }
    )


def _stage_of(stage: Stage, kept: Collection[str]) -> Stage:
    return stage.model_copy(update={"waivers": tuple(waiver for waiver in stage.waivers if waiver.office in kept)})


def _spread(regency: Regency) -> list[Office]:
    """All offices; each next one is of the hub, and then of the class, of which the smallest part was taken so far."""
    hubs = Counter(office.hub for office in regency.offices)
    classes = Counter(office.service_class for office in regency.offices)
    from_hub, from_class = Counter[str](), Counter[str]()
    left = {office.key: office for office in regency.offices}
    taken: list[Office] = []
    while left:
        office = next((left[key] for key in _KEPT_FIRST if key in left), None) or min(
            left.values(),
            key=lambda each: (
                Fraction(from_hub[each.hub], hubs[each.hub]),
                Fraction(from_class[each.service_class], classes[each.service_class]),
                each.id,
            ),
        )
        del left[office.key]
        taken.append(office)
        from_hub[office.hub] += 1
        from_class[office.service_class] += 1
    return taken


def _the_device(regency: Regency, role: DeviceRole) -> str:
    for device in regency.devices:
        if device.role is role:
            return device.key
    raise KeyError(role)

"""Whether the regency can be built as written: devices, links, addresses. Pure; part of `inventory.rules`.

The shape that the tree of an uplink needs: border – core – hubs – offices, one link between each pair.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Final

from inventory.findings import Finding, finding, note, warning
from inventory.model import Device, DeviceRole, Link, Platform, Uplink
from inventory.regency import Regency

_LONGEST_LINUX_INTERFACE: Final = 15
_WIDEST_LAN, _NARROWEST_LAN = 16, 30
_DOWNWARD: Final = ((DeviceRole.BORDER, DeviceRole.CORE), (DeviceRole.CORE, DeviceRole.HUB), (DeviceRole.HUB, DeviceRole.OFFICE))


def check(regency: Regency) -> Iterator[Finding]:
    devices = {device.key: device for device in regency.devices}
    return chain(
        _devices(regency),
        _interfaces(regency, devices),
        _links(regency, devices),
        _shares(regency),
        _uplinks(regency, devices),
        _hubs(regency, devices),
        _offices(regency, devices),
        _addresses(regency),
        _lans(regency),
    )


def _devices(regency: Regency) -> Iterator[Finding]:
    roles = Counter(device.role for device in regency.devices)
    for role in (DeviceRole.CORE, DeviceRole.BORDER):
        if roles[role] != 1:
            yield finding("device.count", "devices", role=role, count=roles[role])
    used: dict[str, str] = {}
    places = [("hubs", i, hub.key, hub.device) for i, hub in enumerate(regency.hubs)]
    places += [("offices", i, office.key, office.device) for i, office in enumerate(regency.offices)]
    for kind, i, key, served_by in places:
        if served_by in used:
            yield finding("device.serves_two", kind, i, "device", device=served_by, first=used[served_by])
        used.setdefault(served_by, key)
    for i, device in enumerate(regency.devices):
        given = device.services.model_dump(exclude_none=True)
        if given and device.platform is not Platform.LINUX:
            service, value = next(iter(given.items()))
            yield finding(
                "device.services", "devices", i, "services", service,
                device=device.key, platform=device.platform, service=service, value=value,
            )  # fmt: skip
        if device.role in (DeviceRole.HUB, DeviceRole.OFFICE) and device.key not in used:
            yield warning("device.unused", "devices", i, device=device.key, role=device.role)


def _interfaces(regency: Regency, devices: dict[str, Device]) -> Iterator[Finding]:
    used: dict[tuple[str, str], str] = {}
    for i, link in enumerate(regency.links):
        for side, end in enumerate(link.ends):
            here = ("links", i, "ends", side, "interface")
            where = (end.device, end.interface)
            if where in used:
                yield finding("link.interface_twice", *here, device=end.device, interface=end.interface, first=used[where])
            used.setdefault(where, link.key)
            device = devices.get(end.device)
            linux = device is not None and device.platform is Platform.LINUX
            if linux and len(end.interface) > _LONGEST_LINUX_INTERFACE:
                yield finding(
                    "link.interface_long",
                    *here,
                    interface=end.interface,
                    length=len(end.interface),
                    most=_LONGEST_LINUX_INTERFACE,
                )


def _links(regency: Regency, devices: dict[str, Device]) -> Iterator[Finding]:
    for i, link in enumerate(regency.links):
        near, far = (devices.get(end.device) for end in link.ends)
        if near is None or far is None:
            continue
        if near is far:
            yield finding("link.same_device", "links", i, "ends", link=link.key, device=near.key)
        elif (far.role, near.role) in _DOWNWARD:
            yield finding("link.reversed", "links", i, "ends", link=link.key, near=far.key, far=near.key)
        elif (near.role, far.role) not in _DOWNWARD:
            yield warning("link.stray", "links", i, link=link.key, near=near.role, far=far.role)
    whole = sum(1 for link in regency.links if not link.local and not _is_uplink(regency, link))
    if whole:
        yield note("link.local", "links", count=whole)


def _is_uplink(regency: Regency, link: Link) -> bool:
    return any(uplink.link == link.key for uplink in regency.uplinks)


def _shares(regency: Regency) -> Iterator[Finding]:
    for i, link in enumerate(regency.links):
        if link.shares is None:
            continue
        total = sum(link.shares.values())
        if total > 100:
            yield finding("link.share_sum", "links", i, "shares", link=link.key, total=total)
        for uplink in regency.uplinks:
            if uplink.key not in link.shares:
                yield finding("link.share_missing", "links", i, "shares", link=link.key, uplink=uplink.key)
    for i, link in enumerate(regency.links):
        if link.local >= min(link.rate.down, link.rate.up):
            yield finding("link.local_all", "links", i, "local", link=link.key, local=link.local)


def _uplinks(regency: Regency, devices: dict[str, Device]) -> Iterator[Finding]:
    links = {link.key: link for link in regency.links}
    first: dict[str, str] = {}
    for i, uplink in enumerate(regency.uplinks):
        link = links.get(uplink.link)
        if link is None:
            continue
        if link.key in first:
            yield finding("uplink.link_shared", "uplinks", i, "link", link=link.key, first=first[link.key])
        first.setdefault(link.key, uplink.key)
        yield from _uplink(i, uplink, link, devices)


def _uplink(i: int, uplink: Uplink, link: Link, devices: dict[str, Device]) -> Iterator[Finding]:
    near, core = (devices.get(end.device) for end in link.ends)
    if core is not None and near is not None:
        if core.role is not DeviceRole.CORE or near.role is not DeviceRole.BORDER:
            yield finding("uplink.link_place", "uplinks", i, "link", uplink=uplink.key, link=link.key)
        elif core.services.queues is None:
            code = "uplink.no_queues" if core.platform is Platform.LINUX else "uplink.no_queues_there"
            yield finding(code, "uplinks", i, "link", uplink=uplink.key, device=core.key, platform=core.platform)
    if uplink.rate.down > link.rate.down or uplink.rate.up > link.rate.up:
        yield finding("uplink.above_link", "uplinks", i, "rate", uplink=uplink.key, link=link.key, rate=link.rate.down)


def _hubs(regency: Regency, devices: dict[str, Device]) -> Iterator[Finding]:
    cores = [device.key for device in regency.devices if device.role is DeviceRole.CORE]
    for i, hub in enumerate(regency.hubs):
        device = devices.get(hub.device)
        if device is None:
            continue
        if device.role is not DeviceRole.HUB:
            yield finding("device.role", "hubs", i, "device", device=device.key, role=device.role, wanted=DeviceRole.HUB)
        count = sum(len(regency.wiring.get((core, hub.device), ())) for core in cores)
        if cores and count != 1:
            yield finding("hub.links", "hubs", i, "device", hub=hub.key, core=cores[0], device=hub.device, count=count)


def _offices(regency: Regency, devices: dict[str, Device]) -> Iterator[Finding]:
    hubs = {hub.key: hub.device for hub in regency.hubs}
    for i, office in enumerate(regency.offices):
        device = devices.get(office.device)
        if device is None or office.hub not in hubs:
            continue
        if device.role is not DeviceRole.OFFICE:
            yield finding("device.role", "offices", i, "device", device=device.key, role=device.role, wanted=DeviceRole.OFFICE)
        count = len(regency.wiring.get((hubs[office.hub], office.device), ()))
        if count != 1:
            yield finding(
                "office.links", "offices", i, "device",
                office=office.key, device=office.device, hub=hubs[office.hub], count=count,
            )  # fmt: skip


def _addresses(regency: Regency) -> Iterator[Finding]:
    first: dict[object, str] = {}
    for i, device in enumerate(regency.devices):
        if device.address in first:
            yield finding("device.address_twice", "devices", i, "address", address=device.address, first=first[device.address])
        first.setdefault(device.address, device.key)


def _lans(regency: Regency) -> Iterator[Finding]:
    addresses = sorted((int(device.address), device.key) for device in regency.devices)
    values = [address for address, _ in addresses]
    lans = sorted((int(o.lan.network_address), int(o.lan.broadcast_address), i) for i, o in enumerate(regency.offices))
    widest = -1, -1
    for low, high, i in lans:
        office = regency.offices[i]
        here = ("offices", i, "lan")
        if not _WIDEST_LAN <= office.lan.prefixlen <= _NARROWEST_LAN:
            yield finding("office.lan_size", *here, lan=office.lan, widest=_WIDEST_LAN, narrowest=_NARROWEST_LAN)
        if low <= widest[0]:
            other = regency.offices[widest[1]]
            yield finding("office.lan_overlap", *here, lan=office.lan, first=other.key, other=other.lan)
        widest = max(widest, (high, i))
        for _, key in addresses[bisect_left(values, low) : bisect_right(values, high)]:
            yield finding("office.lan_address", *here, lan=office.lan, device=key, address=regency.device(key).address)

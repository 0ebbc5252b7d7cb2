"""Whether what links are to carry can be put on them: networks, routing, optics, what a platform has. Pure; part of
`inventory.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple

from inventory.findings import Finding, finding, warning
from inventory.link_model import Medium
from inventory.model import Device, Platform
from inventory.regency import Regency

_SIZES: Final = (30, 31)
_WITH_VLAN: Final = frozenset(Platform) - {Platform.LINUX}
_WITH_STORM_CONTROL: Final = _WITH_VLAN - {Platform.MIKROTIK_ROUTEROS, Platform.JUNIPER_JUNOS}


class _Span(NamedTuple):
    """Addresses that are taken: `link` is a link's position in the file, or -1 for a LAN or a device."""

    low: int
    high: int
    link: int
    owner: str


def check(regency: Regency) -> Iterator[Finding]:
    devices = {device.key: device for device in regency.devices}
    return chain(_networks(regency), _routing(regency), _platforms(regency, devices), _optics(regency), _lans(regency))


def _networks(regency: Regency) -> Iterator[Finding]:
    for i, link in enumerate(regency.links):
        if link.network is None:
            if regency.ospf is not None:
                yield warning("link.network_missing", "links", i, link=link.key)
        elif link.network.prefixlen not in _SIZES:
            yield finding("link.network_size", "links", i, "network", link=link.key, network=link.network)
    widest: _Span | None = None
    for span in sorted(_spans(regency)):
        if widest is not None and span.low <= widest.high:
            # Of two links the later in the file is told; two that are no links are told by `inventory.wiring`.
            told, other = (span, widest) if span.link > widest.link else (widest, span)
            if told.link >= 0:
                link = regency.links[told.link]
                yield finding(
                    "link.network_overlap", "links", told.link, "network",
                    link=link.key, network=link.network, other=other.owner,
                )  # fmt: skip
        if widest is None or span.high > widest.high:
            widest = span


def _spans(regency: Regency) -> Iterator[_Span]:
    for i, link in enumerate(regency.links):
        if link.network is not None:
            yield _Span(int(link.network.network_address), int(link.network.broadcast_address), i, link.key)
    for office in regency.offices:
        yield _Span(int(office.lan.network_address), int(office.lan.broadcast_address), -1, office.key)
    for device in regency.devices:
        yield _Span(int(device.address), int(device.address), -1, device.key)


def _routing(regency: Regency) -> Iterator[Finding]:
    if regency.ospf is not None and regency.ospf.dead <= regency.ospf.hello:
        yield finding("ospf.dead", "links", "ospf", "dead", dead=regency.ospf.dead, hello=regency.ospf.hello)
    for i, link in enumerate(regency.links):
        if link.ospf is not None and regency.ospf is None:
            yield finding("link.ospf_alone", "links", i, "ospf", link=link.key)


def _platforms(regency: Regency, devices: dict[str, Device]) -> Iterator[Finding]:
    """What is asked of a device that its platform, as the toolkit drives it, does not give."""
    for i, link in enumerate(regency.links):
        for field, value, having in (("vlan", link.vlan, _WITH_VLAN), ("storm_control", link.storm_control, _WITH_STORM_CONTROL)):
            for end in link.ends if value is not None else ():
                device = devices.get(end.device)
                if device is not None and device.platform not in having:
                    yield finding(
                        "link.platform", "links", i, field,
                        link=link.key, field=field, device=device.key, platform=device.platform,
                    )  # fmt: skip


def _optics(regency: Regency) -> Iterator[Finding]:
    for i, link in enumerate(regency.links):
        for side, end in enumerate(link.ends):
            if end.optics is None:
                continue
            here = ("links", i, "ends", side, "optics")
            if link.medium is not Medium.FIBRE:
                yield finding("optics.medium", *here, link=link.key, medium=link.medium)
            least = round(end.optics.handover - end.optics.margin, 2)
            if end.optics.floor is not None and end.optics.floor > least:
                yield finding("optics.floor", *here, device=end.device, floor=end.optics.floor, least=least)


def _lans(regency: Regency) -> Iterator[Finding]:
    wired = {(end.device, end.interface): link.key for link in regency.links for end in link.ends}
    for i, office in enumerate(regency.offices):
        link = wired.get((office.device, office.lan_interface))
        if link is not None:
            yield finding(
                "office.lan_interface", "offices", i, "lan_interface",
                interface=office.lan_interface, device=office.device, link=link,
            )  # fmt: skip

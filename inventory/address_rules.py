"""Whether addresses that are written down can be had by routers at all. Pure; part of `inventory.rules`."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import chain, islice
from typing import Final

from inventory.findings import Finding, finding
from inventory.regency import Regency

_LOOPBACK: Final = "address.loopback"
_UNFIT: Final = (
    (IPv4Network("0.0.0.0/8"), "address.unspecified"),
    (IPv4Network("127.0.0.0/8"), _LOOPBACK),
    (IPv4Network("169.254.0.0/16"), "address.link_local"),
    (IPv4Network("224.0.0.0/4"), "address.multicast"),
    (IPv4Network("240.0.0.0/4"), "address.reserved"),
)
"""What RFC 6890 and RFC 1112 keep from routers and the hosts behind them, with the code that says so."""


def check(regency: Regency) -> Iterator[Finding]:
    """A device or server may be managed at a loopback address: through a tunnel, or as the machine that this runs on."""
    for i, link in enumerate(regency.links):
        for code, kept in _unfit(link.network) if link.network is not None else ():
            yield finding(code, "links", i, "network", owner=link.key, value=link.network, kept=kept)
    for i, office in enumerate(regency.offices):
        for code, kept in _unfit(office.lan):
            yield finding(code, "offices", i, "lan", owner=office.key, value=office.lan, kept=kept)
    machines = chain(
        (("devices", i, device.key, device.address) for i, device in enumerate(regency.devices)),
        (("servers", i, server.key, server.address) for i, server in enumerate(regency.servers)),
    )
    for kind, i, key, address in machines:
        for code, kept in _unfit(IPv4Network(address)):
            if code != _LOOPBACK:
                yield finding(code, kind, i, "address", owner=key, value=address, kept=kept)


def _unfit(network: IPv4Network) -> Iterator[tuple[str, IPv4Network]]:
    """The first of those blocks that the network touches."""
    return islice(((code, kept) for kept, code in _UNFIT if network.overlaps(kept)), 1)

"""Rented servers as servers like any other: what their inventory, plays, releases and acceptance read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from typing import Final

from inventory.cloud_model import Cloud
from inventory.cloud_views import Stay, keys_of, last_day, stays
from inventory.regency import Regency
from inventory.server_model import Lease, Promise, Server

NOWHERE: Final = IPv4Address(0)
"""The address of one that stands nowhere yet."""
_LONG: Final = timedelta(days=800)
"""How far from now a stay is looked for that is not going on."""


def stays_by_key(regency: Regency, now: datetime) -> Mapping[str, Stay]:
    """By key of a rented server: the stay that is going on; else the last one that was, else the next one that comes."""
    found: dict[str, Stay] = {}
    for stay in stays(regency, now - _LONG, now + _LONG):  # by their start
        held = found.get(stay.key)
        if held is None or stay.start <= now:
            found[stay.key] = stay
    return found


def with_rented(regency: Regency, addresses: Mapping[str, IPv4Address], now: datetime) -> Regency:
    """The same regency with one more server, under a lease of its own, for each rented one that is somewhere; its workloads are
    on it too. Keys of `addresses` that rent nothing are passed over, and those that are among the servers already."""
    new = addresses.keys() - {server.key for server in regency.servers}
    there = [stay for key, stay in stays_by_key(regency, now).items() if key in new] if new else []
    if not there:
        return regency
    clouds = {cloud.key: cloud for cloud in regency.clouds}
    added = tuple(server_of(stay, addresses[stay.key]) for stay in there)
    carried = {
        workload.key: tuple(stay.key for stay in there if workload.key in stay.entry.workloads) for workload in regency.workloads
    }
    return regency.model_copy(
        update={
            "servers": (*regency.servers, *added),
            "leases": (*regency.leases, *(lease_of(regency, stay, clouds[stay.entry.cloud]) for stay in there)),
            "workloads": tuple(
                each.model_copy(update={"servers": (*each.servers, *carried[each.key])}) if carried[each.key] else each
                for each in regency.workloads
            ),
        }
    )


def server_of(stay: Stay, address: IPv4Address) -> Server:
    entry = stay.entry
    return Server(
        key=stay.key,
        role=entry.role,
        lease=stay.key,
        address=address,
        login=entry.login,
        names=stay.names,
        management=entry.management,
        protected=getattr(entry, "protected", False),
    )


def lease_of(regency: Regency, stay: Stay, cloud: Cloud) -> Lease:
    """The cloud's contract as that of this one server, which ends with its stay; what its size has is what was promised."""
    size = cloud.sizes[stay.entry.size]
    return Lease(
        key=stay.key,
        lessor=cloud.provider,
        number=cloud.contract.number,
        start=cloud.contract.start,
        end=min(last_day(regency, stay), cloud.contract.end),
        monthly_cost=0,
        promise=Promise(cpus=size.cpus, memory=size.memory),
        country=cloud.country,
        place=cloud.place,
    )


def is_renting(regency: Regency) -> bool:
    """Whether anything is rented at any time."""
    return bool(regency.cloud_servers or regency.capacity)


def rented_keys(regency: Regency) -> frozenset[str]:
    """Of every server that is rented at some time."""
    return frozenset(
        (*(each.key for each in regency.cloud_servers), *(key for each in regency.capacity for key in keys_of(each)))
    )

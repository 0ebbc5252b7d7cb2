"""What readers of leases need, computed from them: how long they still run, and which machines they hold. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Final

from inventory.regency import Regency
from inventory.server_model import Lease, Promise, Server

WARN_DAYS: Final = (90, 30, 7)
"""So many days before a lease ends, somebody is told."""

NARROWEST_PUBLIC: Final = 24
"""A public network may administer a server only when it is no larger than one office's: 256 addresses."""

_SHARED: Final = IPv4Network("100.64.0.0/10")


class LeaseTime(StrEnum):
    FUTURE = "future"
    RUNNING = "running"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseState:
    """A lease on one day. `days_left` counts to its last day, which is 0; below 0 it has ended.

    `warning` is the smallest of WARN_DAYS that a running lease has reached; None before all of them.
    """

    lease: Lease
    days_left: int
    warning: int | None
    state: LeaseTime


def lease_state(lease: Lease, today: date) -> LeaseState:
    """How the lease stands on `today`, a day of the regency's own."""
    left = (lease.end - today).days
    state = LeaseTime.EXPIRED if left < 0 else LeaseTime.FUTURE if today < lease.start else LeaseTime.RUNNING
    reached = [days for days in WARN_DAYS if left <= days and state is LeaseTime.RUNNING]
    return LeaseState(lease=lease, days_left=left, warning=min(reached, default=None), state=state)


def lease_states(regency: Regency, today: date) -> tuple[LeaseState, ...]:
    """Of every lease, in the order of the file."""
    return tuple(lease_state(lease, today) for lease in regency.leases)


def leases_ending(regency: Regency, today: date) -> tuple[LeaseState, ...]:
    """The leases that somebody should act on, soonest first: those within WARN_DAYS of their end, and those that are past it."""
    states = lease_states(regency, today)
    due = [each for each in states if each.warning is not None or each.state is LeaseTime.EXPIRED]
    return tuple(sorted(due, key=lambda each: (each.days_left, each.lease.key)))


def servers_of(regency: Regency, lease: Lease) -> tuple[Server, ...]:
    """The machines that are held under this lease, in the order of the file."""
    return tuple(server for server in regency.servers if server.lease == lease.key)


def report_lines(promise: Promise) -> tuple[str, ...]:
    """The lines that an acceptance report may have, so those that a waiver may name: `disk-1` is the first promised disk.

    A promise of several equal disks has a line for each of them.
    """
    disks = sum(disk.count for disk in promise.disks)
    return ("cpus", "memory", *(f"disk-{number}" for number in range(1, disks + 1)), "network", "model", "os", "serial")


def is_open_to_strangers(network: IPv4Network) -> bool:
    """Whether a network that lets SSH in is more than those who administer: everybody, or a wide public one. Private (RFC 1918)
    and shared (RFC 6598) space nobody outside reaches."""
    inside = network.is_private or network.subnet_of(_SHARED)
    return network.prefixlen == 0 or (not inside and network.prefixlen < NARROWEST_PUBLIC)

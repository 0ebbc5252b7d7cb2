"""Which rented servers are somewhere, as the record has it, joined to the servers of the truth. Pure but for the record's port.

Whoever works on servers asks here, and knows no difference between those that are leased and those that are rented.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from ipaddress import AddressValueError, IPv4Address

from inventory.regency import Regency
from inventory.rented_views import is_renting, rented_keys, with_rented
from network.core.building import SUBJECT, Observations


def joined(regency: Regency, observations: Observations, now: datetime) -> Regency:
    """The same regency with those of its rented servers of which the record has an address."""
    return with_rented(regency, addresses(regency, observations), now) if is_renting(regency) else regency


def addresses(regency: Regency, observations: Observations) -> Mapping[str, IPv4Address]:
    """By key, where each rented server is that was taken over."""
    keys, found = rented_keys(regency), {}
    for subject, each in observations.latest(regency.head.key, SUBJECT).items():
        key = subject.removeprefix(SUBJECT)
        if key in keys:
            try:
                found[key] = IPv4Address(str(each.value.get("address")))
            except AddressValueError:
                continue  # it was never reached there
    return found

"""What no leased server may be. Pure: a rule takes a server's inputs and says what is wrong, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from ipaddress import IPv4Network
from typing import Any, Final

from inventory.lease_views import is_open_to_strangers

HOME: Final = "ID"
"""ISO 3166: where the data of a public body stays (PP 71/2019, article 20)."""


def public_ssh(inputs: Mapping[str, Any]) -> str | None:
    """SSH is open to the network that administers the server, never to everybody."""
    for text in inputs.get("management") or ():
        if is_open_to_strangers(IPv4Network(text)):
            return f"management: {text}"
    return None


def outside_lease(inputs: Mapping[str, Any], today: date) -> str | None:
    """A server is held under a contract that runs."""
    lease = inputs["lease"]
    if date.fromisoformat(lease["start"]) <= today <= date.fromisoformat(lease["end"]):
        return None
    return f"{lease['number']}: {lease['start']} – {lease['end']}"


def abroad(inputs: Mapping[str, Any]) -> str | None:
    country = str(inputs["lease"]["country"])
    return None if country == HOME else country

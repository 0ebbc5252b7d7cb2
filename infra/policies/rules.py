"""What no leased server may be. Pure: a rule takes a server's inputs and the day, and says what is wrong, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network
from typing import Any, Final

from inventory.lease_views import is_open_to_strangers
from inventory.server_model import HOME


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a server breaks: `code` and `fields` say how, in the words of the catalogue; `fields` has `server`."""

    policy: str
    code: str
    fields: Mapping[str, str]

    @property
    def server(self) -> str:
        return self.fields["server"]


Rule = Callable[[Mapping[str, Any], date], "Broken | None"]


def public_ssh(inputs: Mapping[str, Any], _today: date) -> Broken | None:
    """SSH is open to the network that administers the server, never to everybody."""
    for text in inputs.get("management") or ():
        if is_open_to_strangers(IPv4Network(text)):
            return Broken("public_ssh", "infra.public_ssh", {"server": inputs["server"], "network": text})
    return None


def outside_lease(inputs: Mapping[str, Any], today: date) -> Broken | None:
    """A server is held under a contract that runs."""
    lease = inputs["lease"]
    said = {name: lease[name] for name in ("number", "start", "end")}
    if today > date.fromisoformat(lease["end"]):
        return Broken("outside_lease", "infra.lease_ended", {"server": inputs["server"], **said})
    if today < date.fromisoformat(lease["start"]):
        return Broken("outside_lease", "infra.lease_ahead", {"server": inputs["server"], **said})
    return None


def abroad(inputs: Mapping[str, Any], _today: date) -> Broken | None:
    """Data of the public stays at home."""
    lease = inputs["lease"]
    if lease["country"] == HOME:
        return None
    return Broken(
        "abroad", "infra.abroad", {"server": inputs["server"], "number": lease["number"], "country": str(lease["country"])}
    )


RULES: Final[Mapping[str, tuple[str, Rule]]] = {
    "abroad": ("Data stays in Indonesia", abroad),
    "outside_lease": ("A server is used only while its lease runs", outside_lease),
    "public_ssh": ("SSH is not open to everybody", public_ssh),
}
"""By name: what it asks for, and how it is asked."""


def broken(inputs: Mapping[str, Any], today: date) -> tuple[Broken, ...]:
    """Every rule that this server breaks on this day, in the order of their names."""
    asked = (rule(inputs, today) for _, rule in RULES.values())
    return tuple(each for each in asked if each is not None)

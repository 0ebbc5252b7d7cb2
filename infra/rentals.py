"""What the truth says of rented servers, as the inputs of their resources. Pure: no secret among them, and no moment of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from infra.inputs import server_inputs
from inventory.cloud_model import Cloud
from inventory.cloud_views import Stay
from inventory.regency import Regency
from inventory.rented_views import NOWHERE, server_of, stays_by_key, with_rented

_GIB: Final = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Rental:
    """One rented server: its stay, its cloud, and the inputs of each of its resources, less what other resources put out.
    `volume` and `address` are None where it has none."""

    stay: Stay
    cloud: Cloud
    machine: Mapping[str, Any]
    volume: Mapping[str, Any] | None
    address: Mapping[str, Any] | None
    server: Mapping[str, Any]

    @property
    def stands_on(self) -> tuple[str, str]:
        """Its cloud and its entry, whose resources others may share."""
        return self.cloud.key, self.stay.entry.key

    @property
    def protected(self) -> bool:
        return server_of(self.stay, NOWHERE).protected


def rentals(regency: Regency, keys: frozenset[str], now: datetime) -> tuple[Rental, ...]:
    """Those of these keys, in the order of their keys. One that the truth does not have is passed over."""
    clouds = {cloud.key: cloud for cloud in regency.clouds}
    found = stays_by_key(regency, now)
    return tuple(_rental(regency, found[key], clouds[found[key].entry.cloud], now) for key in sorted(keys & found.keys()))


def _rental(regency: Regency, stay: Stay, cloud: Cloud, now: datetime) -> Rental:
    entry, own = stay.entry, head(regency, cloud)
    seen = with_rented(regency, {stay.key: NOWHERE}, now)
    server = server_inputs(seen, next(each for each in seen.servers if each.key == stay.key))
    return Rental(
        stay=stay,
        cloud=cloud,
        machine={
            **own,
            "flavor": entry.size,
            "image": entry.image,
            "checksum": cloud.images[entry.image].checksum if entry.image in cloud.images else "",
            "zone": entry.zone or "",
            "metadata": {"role": str(entry.role), "entry": entry.key},
            "entered": True,
        },
        volume={**own, "size": -(-entry.volume // _GIB)} if entry.volume else None,
        address={**own, "outside": cloud.floating_network} if cloud.floating_network else None,
        server={name: value for name, value in server.items() if name != "address"},
    )


def head(regency: Regency, cloud: Cloud) -> dict[str, Any]:
    """What every resource of a cloud has."""
    return {"cloud": cloud.key, "regency": regency.head.key}


def network_inputs(regency: Regency, cloud: Cloud) -> dict[str, Any]:
    return {**head(regency, cloud), "cidr": str(cloud.network)}


def router_inputs(regency: Regency, cloud: Cloud) -> dict[str, Any]:
    return {**head(regency, cloud), "outside": cloud.floating_network or ""}


def group_inputs(regency: Regency, stay: Stay, cloud: Cloud) -> dict[str, Any]:
    """SSH from where it is managed, and everything from the network of the leased servers, whose own firewalls say what."""
    port = str(stay.entry.login.port)
    rules = [{"protocol": "tcp", "ports": port, "peer": str(prefix)} for prefix in stay.entry.management]
    if regency.segment is not None:
        rules += [{"protocol": "any", "peer": str(regency.segment)}]
    return {**head(regency, cloud), "rules": [*rules, {"protocol": "any", "peer": str(cloud.network)}]}

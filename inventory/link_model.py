"""The shape of a link: two ends, what runs between them, and what was measured when it was handed over. Values only."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from inventory.units import Bandwidth
from inventory.values import InterfaceName, Key, Prefix, Rates, SecretReference, Truth


class Medium(StrEnum):
    FIBRE = "fibre"
    RADIO = "radio"
    SATELLITE = "satellite"
    COPPER = "copper"


Decibel = Annotated[float, Field(ge=0, le=30, description="dB")]
Dbm = Annotated[float, Field(ge=-60, le=20, description="dBm")]
Area = Annotated[
    str,
    Field(
        pattern=r"^([0-9]{1,9}|(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(\.(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3})$",
        description="an OSPF area, as a number or as four numbers with dots, in quotes",
    ),
]
Seconds = Annotated[int, Field(ge=1, le=65535, strict=True, description="seconds")]


class Optics(Truth):
    """What this end's receiver was given on the day of handover, in dBm, and how far below that it may fall.

    `floor` is the receiver's sensitivity, below which the link fails.
    """

    handover: Dbm
    margin: Decibel = 3.0
    floor: Dbm | None = None

    @property
    def least(self) -> float:
        """The weakest level, in dBm, at which the link still counts as well: handover less margin, never below the floor."""
        asked = self.handover - self.margin
        return asked if self.floor is None else max(asked, self.floor)


class LinkEnd(Truth):
    device: Key
    interface: InterfaceName
    optics: Optics | None = None


class OspfAuthentication(Truth):
    """A keyed digest (MD5) on every OSPF packet; the key itself is a reference."""

    key_id: Annotated[int, Field(ge=1, le=255, strict=True)] = 1
    key: SecretReference


class Ospf(Truth):
    """OSPF as all links run it, point to point; `hello` and `dead` are in seconds."""

    area: Area = "0"
    hello: Seconds = 10
    dead: Seconds = 40
    authentication: OspfAuthentication | None = None


class LinkOspf(Truth):
    """Where one link differs from `ospf` of the file. Without `cost` the devices compute it from their own rate."""

    cost: Annotated[int, Field(ge=1, le=65535, strict=True)] | None = None
    area: Area | None = None
    authentication: OspfAuthentication | None = None


class OspfOnLink(Ospf):
    """What one link runs: `Ospf` with what the link says of itself laid over it."""

    cost: int | None = None


class Link(Truth):
    """Two ends, the one nearer to the uplinks first. `local` is kept for traffic that uses no uplink.

    `shares` divides the rest among the uplink trees (percent by uplink key); absent, it is divided in proportion to
    the contracted rates. `network` is a /31 or /30 of which the near end has the first usable address and the far end the
    second; a link without it is wired and watched, and no address is put on it. `storm_control` is the percentage of the
    line rate that broadcasts may take, on platforms that have it; so has `vlan`.
    """

    key: Key
    ends: Annotated[tuple[LinkEnd, LinkEnd], Field(description="nearer to the uplinks first")]
    rate: Rates
    medium: Medium = Medium.FIBRE
    length_km: Annotated[float, Field(ge=0, le=2000)] | None = None
    local: Bandwidth = Bandwidth(0)
    shares: dict[Key, Annotated[int, Field(ge=0, le=100, strict=True)]] | None = None
    network: Prefix | None = None
    mtu: Annotated[int, Field(ge=1280, le=9216, strict=True, description="bytes of an IP packet")] = 1500
    ospf: LinkOspf | None = None
    vlan: Annotated[int, Field(ge=1, le=4094, strict=True)] | None = None
    storm_control: Annotated[int, Field(ge=1, le=100, strict=True, description="percent of the line rate")] | None = None

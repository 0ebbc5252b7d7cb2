"""One regency as a whole: the value that every reader of the truth receives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from functools import cached_property
from ipaddress import IPv4Network
from typing import Annotated, Any, Final, Literal, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from inventory.cloud_model import Capacity, Cloud, CloudServer, CloudsFile
from inventory.days import Days
from inventory.link_model import Link, Ospf
from inventory.model import Application, Calendar, Device, Hub, Office, Uplink
from inventory.policy import Policy, Window
from inventory.release_model import Workload, WorkloadsFile
from inventory.server_model import (
    Lease,
    LeasesFile,
    PeopleFile,
    Person,
    Server,
    ServersFile,
    Stage,
    StagesFile,
)
from inventory.units import Unfit
from inventory.values import Key, Text, Truth

_Named = TypeVar("_Named", Uplink, Hub, Link, Device, Office, Application, Server, Lease, Workload, Stage, Cloud)


class Head(Truth):
    """`regency.yaml`. An `illustrative` regency is invented: it is served by the lab or by memory, never dialled."""

    key: Key
    name: Text
    timezone: Annotated[str, Field(description="IANA name, for example Asia/Jayapura")]
    language: Literal["id", "en"] = "id"
    illustrative: bool = False

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise Unfit("regency.timezone", value=value) from error
        return value


class UplinksFile(Truth):
    uplinks: Annotated[tuple[Uplink, ...], Field(min_length=1)]


class HubsFile(Truth):
    hubs: Annotated[tuple[Hub, ...], Field(min_length=1)]


class LinksFile(Truth):
    """`ospf` is what all links run; without it no device is told to route."""

    ospf: Ospf | None = None
    links: Annotated[tuple[Link, ...], Field(min_length=1)]


class DevicesFile(Truth):
    devices: Annotated[tuple[Device, ...], Field(min_length=1)]


class OfficesFile(Truth):
    offices: Annotated[tuple[Office, ...], Field(min_length=1)]


class ApplicationsFile(Truth):
    applications: tuple[Application, ...]


class WindowsFile(Truth):
    windows: tuple[Window, ...]


FILES: Final[dict[str, type[Truth]]] = {
    "regency": Head,
    "uplinks": UplinksFile,
    "hubs": HubsFile,
    "links": LinksFile,
    "devices": DevicesFile,
    "offices": OfficesFile,
    "applications": ApplicationsFile,
    "policy": Policy,
    "windows": WindowsFile,
    "calendar": Calendar,
    "servers": ServersFile,
    "leases": LeasesFile,
    "workloads": WorkloadsFile,
    "stages": StagesFile,
    "people": PeopleFile,
    "clouds": CloudsFile,
}
"""Every file of a regency by its stem. A list file has its list under the file's own name."""

OPTIONAL: Final = frozenset({"servers", "leases", "workloads", "stages", "people", "clouds"})
"""Those that may be absent, which says the same as an empty list."""


class Regency(Truth):
    """The joined files of one folder under `inventory/regencies/`. Lists keep the order of the files."""

    head: Head
    uplinks: tuple[Uplink, ...]
    hubs: tuple[Hub, ...]
    links: tuple[Link, ...]
    devices: tuple[Device, ...]
    offices: tuple[Office, ...]
    applications: tuple[Application, ...]
    policy: Policy
    windows: tuple[Window, ...]
    calendar: Calendar
    ospf: Ospf | None = None
    """What `links.yaml` says of all links."""

    servers: tuple[Server, ...] = ()
    leases: tuple[Lease, ...] = ()
    workloads: tuple[Workload, ...] = ()
    stages: tuple[Stage, ...] = ()
    people: tuple[Person, ...] = ()
    clouds: tuple[Cloud, ...] = ()
    cloud_servers: tuple[CloudServer, ...] = ()
    capacity: tuple[Capacity, ...] = ()
    """The last two stand in `clouds.yaml`, too."""

    segment: IPv4Network | None = None
    """What `servers.yaml` says of the network that the servers share."""

    prefixes: dict[Key, tuple[IPv4Network, ...]] = Field(default_factory=dict)
    """By uplink key: the content of its `destinations` file."""

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.head.timezone)

    @cached_property
    def days(self) -> Days:
        """The calendar, ready to be asked."""
        return Days(self.calendar)

    @cached_property
    def wiring(self) -> Mapping[tuple[str, str], tuple[Link, ...]]:
        """The links by their two devices, the one nearer to the uplinks first."""
        pairs: dict[tuple[str, str], tuple[Link, ...]] = {}
        for link in self.links:
            pair = (link.ends[0].device, link.ends[1].device)
            pairs[pair] = (*pairs.get(pair, ()), link)
        return pairs

    @cached_property
    def places(self) -> Mapping[str, Office | Hub]:
        """What each device serves, by the device's key; core and border serve no one place."""
        hubs: dict[str, Office | Hub] = {hub.device: hub for hub in self.hubs}
        return hubs | {office.device: office for office in self.offices}

    @cached_property
    def _named(self) -> Mapping[tuple[type, str], object]:
        places = (self.uplinks, self.hubs, self.links, self.devices, self.offices, self.applications)
        kinds = (*places, self.servers, self.leases, self.workloads, self.stages, self.clouds)
        return {(type(value), value.key): value for values in kinds for value in values}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's, but the copy inherits no index of the original; only `days` goes with the calendar."""
        copied = super().model_copy(update=update, deep=deep)
        for index in ("wiring", "places", "_named", *(("days",) if update and "calendar" in update else ())):
            copied.__dict__.pop(index, None)
        return copied

    def uplink(self, key: str) -> Uplink:
        return self._find(Uplink, key)

    def hub(self, key: str) -> Hub:
        return self._find(Hub, key)

    def link(self, key: str) -> Link:
        return self._find(Link, key)

    def device(self, key: str) -> Device:
        return self._find(Device, key)

    def office(self, key: str) -> Office:
        return self._find(Office, key)

    def application(self, key: str) -> Application:
        return self._find(Application, key)

    def server(self, key: str) -> Server:
        return self._find(Server, key)

    def lease(self, key: str) -> Lease:
        return self._find(Lease, key)

    def workload(self, key: str) -> Workload:
        return self._find(Workload, key)

    def stage(self, key: str) -> Stage:
        return self._find(Stage, key)

    def cloud(self, key: str) -> Cloud:
        return self._find(Cloud, key)

    def _find(self, kind: type[_Named], key: str) -> _Named:
        """Raises KeyError when the truth has no such name; a person's words are checked before they come here."""
        found = self._named[kind, key]
        assert isinstance(found, kind)
        return found

"""The shape of leased servers: the contracts, the machines under them, and for whom they are. Values only.

What runs on them stands in `release_model`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from inventory.model import Login
from inventory.units import Bandwidth, Size, Unfit
from inventory.values import Address, Key, Prefix, SecretReference, Text, Truth
from inventory.values import Day as AnyDay

HOME: Final = "ID"
"""ISO 3166: where the data of a public body stays (PP 71/2019, article 20)."""


def _near(value: date) -> date:
    """Days are reckoned with, and a calendar is made of them: what is centuries away is a typing error."""
    if not 2000 <= value.year < 2200:
        raise Unfit("window.year", year=value.year)
    return value


Day = Annotated[AnyDay, AfterValidator(_near)]
Count = Annotated[int, Field(ge=1, le=4096, strict=True)]
Port = Annotated[int, Field(ge=1, le=65535, strict=True)]
ServerKey = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$", description="name of a server, its node in the lab and its hostname")
]
Rupiah = Annotated[int, Field(ge=0, le=10**13, strict=True, description="rupiah")]
DnsName = Annotated[
    str,
    Field(
        max_length=253,
        pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
        description="a full DNS name in small letters, without the last dot",
    ),
]
Fingerprint = Annotated[
    str, Field(pattern=r"^SHA256:[A-Za-z0-9+/]{43}$", description="of a public SSH key, as `ssh-keygen -lf` prints it")
]
Certificate = Annotated[
    str, Field(pattern=r"^SHA256:[0-9a-f]{64}$", description="SHA-256 over the certificate's DER form, in small hexadecimal")
]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
HttpsUrl = Annotated[str, Field(max_length=500, pattern=r"^https://[A-Za-z0-9._:\[\]-]+(/[A-Za-z0-9._~%/-]*)?$")]
ImageUrl = Annotated[str, Field(max_length=500, pattern=r"^https?://[A-Za-z0-9._:\[\]-]+/[A-Za-z0-9._~%/-]+$")]
NodeName = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,254}$", description="of a machine in Ironic: its name there, or its UUID"),
]
HealthPath = Annotated[str, Field(max_length=200, pattern=r"^/[A-Za-z0-9._~%/?=&-]*$", description="path of an HTTP URL")]


class DiskKind(StrEnum):
    SSD = "ssd"
    HDD = "hdd"
    NVME = "nvme"


class DiskPromise(Truth):
    """`count` disks of one size and kind; a contract's decimal `960 GB` is written as it stands there."""

    size: Size
    kind: DiskKind
    count: Annotated[int, Field(ge=1, le=64, strict=True)] = 1


class Promise(Truth):
    """What each machine of a lease has by contract. What is left out was not promised and is not compared.

    `network` is the rate of the fastest port; `os` is a name and a version, such as `debian 12`.
    """

    cpus: Count
    memory: Size
    disks: Annotated[tuple[DiskPromise, ...], Field(max_length=32)] = ()
    network: Bandwidth | None = None
    model: Text | None = None
    os: Text | None = None


class Lease(Truth):
    """A contract with a lessor. `start` and `end` are both included, in the regency's own days.

    `monthly_cost` is in whole rupiah for all machines of the lease. `country` and `place` say where the machines stand.
    `lessor_keys` are the lessor's own SSH keys: they stay on a machine that is given back.
    """

    key: Key
    lessor: Text
    number: Text
    start: Day
    end: Day
    monthly_cost: Rupiah
    promise: Promise
    return_conditions: Annotated[tuple[Text, ...], Field(max_length=50)] = ()
    country: Country = HOME
    place: Text
    lessor_keys: Annotated[tuple[Fingerprint, ...], Field(max_length=50)] = ()

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end


class ServerRole(StrEnum):
    APPLICATION = "application"
    DATABASE = "database"
    EDGE = "edge"
    MONITORING = "monitoring"


class BmcLogin(Truth):
    """Redfish and Ironic know users with passwords only; the password is a reference."""

    user: Text
    password: SecretReference


class Bmc(Truth):
    """The machine's own controller, for lessors that give one: spoken to by Redfish, or through an Ironic that stands before it.

    `url` is the controller's, or that of Ironic's API, which `via: ironic` says; Ironic's `node` is this machine's, and only an
    Ironic that asks nobody for a password goes without a `login`. With `adopt` a node that Ironic calls manageable is made an
    active one of its, without anything being done to the machine.
    `certificate` pins it; without one the system's authorities decide. `power`, `boot` and `media` are what should hold; what
    is left out is left alone. `system` names one of several machines behind the same controller.
    """

    url: HttpsUrl
    via: Literal["redfish", "ironic"] = "redfish"
    node: NodeName | None = None
    adopt: bool = False
    login: BmcLogin | None = None
    certificate: Certificate | None = None
    power: Literal["on", "off"] | None = None
    boot: Literal["disk", "pxe", "cd"] | None = None
    media: ImageUrl | None = None
    system: Text | None = None

    @model_validator(mode="after")
    def _fits_its_way(self) -> Self:
        if self.via == "redfish" and self.login is None:
            raise Unfit("bmc.login")
        if self.via == "ironic" and self.node is None:
            raise Unfit("bmc.node")
        other = {"redfish": ("node", "adopt"), "ironic": ("system",)}[self.via]
        for name in other:
            if getattr(self, name):
                raise Unfit("bmc.other_way", at=name, field=name, via=self.via)
        return self


class Waiver(Truth):
    """A line of the acceptance report that may fall short, why, and until when (included); without `until` for good."""

    line: Key
    reason: Text
    until: Day | None = None


class Server(Truth):
    """A leased machine. `names` are its DNS names; `management` is from where SSH is let in. One without a `login` is known by
    its controller only: compared with its contract, and never entered.

    `serial` is the one that the contract names. A `protected` server is given back only when somebody asks for it by name.
    """

    key: ServerKey
    role: ServerRole
    lease: Key
    address: Address
    login: Login | None = None
    names: Annotated[tuple[DnsName, ...], Field(max_length=100)] = ()
    management: Annotated[tuple[Prefix, ...], Field(max_length=100)] = ()
    serial: Text | None = None
    bmc: Bmc | None = None
    waivers: Annotated[tuple[Waiver, ...], Field(max_length=100)] = ()
    protected: bool = True

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.login is None and self.bmc is None:
            raise Unfit("server.unreachable", server=self.key)
        return self


class Segment(Truth):
    """The network that the servers share. Its first address is the core's, its second the package mirror's."""

    network: Prefix


class Moved(Truth):
    """An opening that was put off: the day that it was to be, and why it is no longer."""

    was: Day
    reason: Text


class StageWaiver(Truth):
    """An office that goes live with its stage though it is not ready, why, and until when (included)."""

    office: Key
    reason: Text
    until: Day | None = None


class Stage(Truth):
    """Offices that go live together from `opens` on. `threshold` is what each of them must have before, of the
    hundred points of readiness, unless it is waived in writing. `budget` is what rented servers whose cost is this stage's may
    cost in one calendar month."""

    key: Key
    name: Text
    opens: Day
    threshold: Annotated[
        int, Field(ge=0, le=100, strict=True, description="of the hundred points of each office's readiness")
    ] = 80
    budget: Rupiah | None = None
    moved: Annotated[tuple[Moved, ...], Field(max_length=200)] = ()
    waivers: Annotated[tuple[StageWaiver, ...], Field(max_length=2000)] = ()


class Team(StrEnum):
    HELPDESK = "helpdesk"
    OPERATIONS = "operations"
    DEVELOPMENT = "development"
    SUPPORT = "support"
    TASK_FORCE = "task_force"


class Person(Truth):
    """A place in a team by its role, never a person's name: the truth holds no personal data.

    `seats` is how many people have the place. An office's own IT staff stand with the office.
    """

    key: Key
    team: Team
    role: Text
    trained: bool = False
    seats: Annotated[int, Field(ge=1, le=5000, strict=True)] = 1


class ServersFile(Truth):
    segment: Segment | None = None
    servers: tuple[Server, ...]


class LeasesFile(Truth):
    leases: tuple[Lease, ...]


class StagesFile(Truth):
    stages: tuple[Stage, ...]


class PeopleFile(Truth):
    people: tuple[Person, ...]

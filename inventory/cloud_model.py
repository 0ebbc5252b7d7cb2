"""The shape of rented servers: the clouds, what stands there until a day, and what comes for a peak. Values only.

Nothing here is rented: who builds asks `cloud_views` what should stand at a moment.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from inventory.model import Login
from inventory.policy import Times
from inventory.release_model import Word
from inventory.server_model import HOME, Count, Country, Day, DnsName, Rupiah, ServerKey, ServerRole
from inventory.units import Duration, Size, Unfit
from inventory.values import Key, Prefix, SecretReference, Text, Truth

MOST_AT_ONCE: Final = 100
"""Servers that one entry of `capacity` may bring."""

CloudName = Annotated[Word, Field(max_length=100, description="as the cloud itself names it")]
GroupKey = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9-]{0,25}$", description="short name; with `-1` after it the key of the first server")
]
Checksum = Annotated[
    str,
    Field(
        pattern=r"^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$",
        description="of the image, as `openstack image show` has it (`os_hash_value`)",
    ),
]


class CloudContract(Truth):
    """What the provider signed. `start` and `end` are both included, in the regency's own days; never more than `most_servers`
    stand at one moment."""

    number: Text
    start: Day
    end: Day
    most_servers: Count

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end


class CloudLogin(Truth):
    """`file` leads to the text of an OpenStack `clouds.yaml`, `cloud` is the entry of it that is ours. A lab brings its own."""

    file: SecretReference
    cloud: CloudName


class CloudSize(Truth):
    """A size that the cloud rents, and its price: `hourly` is in whole rupiah for each hour that has begun."""

    cpus: Count
    memory: Size
    disk: Size
    hourly: Rupiah


class Image(Truth):
    """What a server begins with. The name may lead to another one tomorrow, the checksum does not."""

    checksum: Checksum

    @model_validator(mode="before")
    @classmethod
    def _has_a_checksum(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("checksum") is None:
            raise Unfit("cloud.image_unpinned")
        return value


class Cloud(Truth):
    """A contract with a provider that rents by the hour. `country` and `place` say where its machines stand.

    Servers stand on a network of ours with the prefix `network`; with a `floating_network` they are reached at an address of
    that. `sizes` and `images` are by the cloud's own names. `volume_monthly` is in rupiah for each GB (10**9 bytes) of a volume
    in a whole month.
    """

    key: Key
    name: Text
    provider: Text
    kind: Literal["openstack"] = "openstack"
    login: CloudLogin
    region: CloudName
    country: Country
    place: Text
    contract: CloudContract
    network: Prefix
    floating_network: CloudName | None = None
    sizes: Annotated[dict[CloudName, CloudSize], Field(min_length=1, max_length=200)]
    images: Annotated[dict[CloudName, Image], Field(min_length=1, max_length=200)]
    volume_monthly: Rupiah = 0


class Rented(Truth):
    """What any rented server has, alone or as one of several.

    `stage` is whose budget pays. `residency` is the country that what it holds must not leave. `workloads` are what it carries
    beside the leased servers of workloads.yaml. `management` is from where SSH is let in.
    """

    cloud: Key
    size: CloudName
    image: CloudName
    zone: CloudName | None = None
    role: ServerRole
    login: Login
    management: Annotated[tuple[Prefix, ...], Field(max_length=100)] = ()
    volume: Size | None = None
    workloads: Annotated[tuple[Key, ...], Field(max_length=50)] = ()
    stage: Key
    residency: Country = HOME


class CloudServer(Rented):
    """One server that is rented until a day, which is included; from `start` on, or from the first day of the contract.

    A `protected` one is given back before its time only when somebody asks for it by name.
    """

    key: ServerKey
    names: Annotated[tuple[DnsName, ...], Field(max_length=100)] = ()
    start: Day | None = None
    until: Day
    protected: bool = True

    @model_validator(mode="before")
    @classmethod
    def _has_an_end(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("until") is None:
            raise Unfit("rented.no_end", server=value.get("key", "-"))
        return value

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.start is not None and self.until < self.start:
            raise Unfit("rented.ends_first", at="until", server=self.key, start=self.start, until=self.until)
        return self


class Capacity(Rented):
    """So many more `servers` whenever something takes place: a `window` of windows.yaml by its key, or times of its `own`.

    They stand from `before` it until `after` it, both in local time. `occurrence: last` means only the last one that a rule with
    an end gives, as for a deadline; `counted_from: end` reckons `before` from the end of it and not from its start. Times that
    touch are one. A window that is not confirmed brings nothing, nor one that takes place for exempt offices alone.

    The servers' keys are `PREFIX-1`, `PREFIX-2` and so on, the same every time; the prefix is the entry's own key where nothing
    else is written. With a `domain` each has the DNS name `KEY.DOMAIN`.
    """

    key: GroupKey
    name: Text
    servers: Annotated[int, Field(ge=1, le=MOST_AT_ONCE, strict=True)]
    prefix: GroupKey | None = None
    domain: DnsName | None = None
    window: Key | None = None
    own: Times | None = None
    occurrence: Literal["each", "last"] = "each"
    counted_from: Literal["start", "end"] = "start"
    before: Duration = Duration(0)
    after: Duration = Duration(0)

    @model_validator(mode="after")
    def _when(self) -> Self:
        if (self.window is None) is (self.own is None):
            raise Unfit("capacity.when", capacity=self.key)
        if self.counted_from == "end" and not self.before + self.after:
            raise Unfit("capacity.no_time", at="counted_from", capacity=self.key)
        return self


class CloudsFile(Truth):
    clouds: tuple[Cloud, ...]
    cloud_servers: tuple[CloudServer, ...] = ()
    capacity: tuple[Capacity, ...] = ()

"""The shape of a regency's truth. Values only: nothing here reads a file, decides a number or knows a device's words.

Bases stand in `values`, links in `link_model`; both are handed on here.
"""

from __future__ import annotations

import re
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from inventory.link_model import Link, LinkEnd, LinkOspf, Medium, Optics, Ospf, OspfAuthentication
from inventory.units import Bandwidth, Unfit
from inventory.values import (
    Address,
    ClassKey,
    Day,
    Id,
    InterfaceName,
    Key,
    Prefix,
    Rates,
    SecretReference,
    Text,
    Truth,
)

__all__ = ["Link", "LinkEnd", "LinkOspf", "Medium", "Optics", "Ospf", "OspfAuthentication", "Rates"]


class Contract(Truth):
    """What the provider signed. `start` and `end` are both included, in the regency's own days."""

    number: Text
    start: Day
    end: Day

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end


class UplinkKind(StrEnum):
    DOMESTIC = "domestic"
    INTERNATIONAL = "international"
    SINGLE = "single"


class Uplink(Truth):
    """A contracted pool of capacity to the outside; it is shaped at the core's end of `link`.

    `headroom` is the percentage kept below the contract so that the queue forms on our box; `default_class` is what
    stays for traffic of no office. `destinations` names a reviewed file of prefixes that leave by this uplink; the one
    uplink without it is the default.
    """

    id: Id
    key: Key
    name: Text
    kind: UplinkKind
    provider: Text
    rate: Rates
    headroom: Annotated[int, Field(ge=0, le=50, strict=True)] = 3
    default_class: Bandwidth | None = None
    link: Key
    destinations: Annotated[str, Field(pattern=r"^prefixes/[a-z0-9-]+\.txt$")] | None = None
    contract: Contract


class Hub(Truth):
    """Where fibre meets: a place with one device that the links of its offices end on."""

    id: Id
    key: Key
    name: Text
    device: Key


class DeviceRole(StrEnum):
    CORE = "core"
    BORDER = "border"
    HUB = "hub"
    OFFICE = "office"


class Platform(StrEnum):
    LINUX = "linux"
    MIKROTIK_ROUTEROS = "mikrotik_routeros"
    CISCO_IOS = "cisco_ios"
    ARISTA_EOS = "arista_eos"
    JUNIPER_JUNOS = "juniper_junos"
    HUAWEI_VRP = "huawei_vrp"


class Services(Truth):
    """What a device does for us beyond being logged in to."""

    queues: Literal["linux_tc"] | None = None
    routing: Literal["frr"] | None = None


class Login(Truth):
    """How the toolkit logs in; the secrets are references. A lab brings its own and ignores these."""

    user: Text
    key: SecretReference | None = None
    password: SecretReference | None = None
    port: Annotated[int, Field(ge=1, le=65535, strict=True)] = 22

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.key is None and self.password is None:
            raise Unfit("login.nothing")
        return self


class Snmp(Truth):
    """SNMPv3 authPriv (SHA, AES-128): user (RFC 3414 gives its name 32 octets) and references to both pass phrases.

    `trap_community` refers to the community of a device that cannot send its traps in SNMPv3; without it such traps are not
    believed. Nothing is ever asked with a community.
    """

    user: Annotated[str, Field(min_length=1, max_length=32)]
    auth: SecretReference
    privacy: SecretReference
    trap_community: SecretReference | None = None


class Device(Truth):
    key: Key
    role: DeviceRole
    platform: Platform
    address: Address
    services: Services = Services()
    login: Login
    snmp: Snmp | None = None


class ItStaff(Truth):
    """A role, never a person's name: the truth holds no personal data."""

    role: Text
    trained: bool = False


class Office(Truth):
    """An OPD or a branch of one: what is served. Its people are on `lan_interface` of its device; those of one `stage` go live
    together."""

    id: Id
    key: Key
    name: Text
    service_class: ClassKey
    hub: Key
    device: Key
    lan: Prefix
    lan_interface: InterfaceName = "lan0"
    applications: tuple[Key, ...] = ()
    it_staff: tuple[ItStaff, ...] = ()
    stage: Key | None = None


HostName = Annotated[
    str, Field(max_length=253, pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", description="a DNS name or an IPv4 address")
]
ProbePath = Annotated[str, Field(max_length=200, pattern=r"^/[A-Za-z0-9._~%/?=&-]*$", description="path of an HTTP URL")]


class Probe(Truth):
    """How an application is asked whether it answers, from where its people sit.

    A good page holds `expect`; where that is not written, every page is good that is no server's error. An answer that takes
    longer than `slow` milliseconds is slow. A `tcp` probe asks for a connection only.
    """

    kind: Literal["tcp", "http", "https"]
    host: HostName
    port: Annotated[int, Field(ge=1, le=65535, strict=True)] = 443
    path: ProbePath = "/"
    expect: Annotated[Text | None, Field(description="text of a good page")] = None
    slow: Annotated[int, Field(ge=1, le=60_000, strict=True, description="milliseconds")] = 2000


class Application(Truth):
    """A system that people use over the network. Destinations are prefixes: a name becomes prefixes only by review."""

    id: Id
    key: Key
    name: Text
    owner: Text
    destinations: Annotated[tuple[Prefix, ...], Field(min_length=1)]
    probe: Probe | None = None


class NamedDay(Truth):
    """A day of the calendar. `decree`: what says so, for the reader."""

    day: Day
    name: Text
    decree: Text | None = None


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `date.weekday`."""


def _clock(value: Any) -> Any:
    """`07:30` as a time of day. Seconds, offsets and bare numbers are no office hours."""
    if isinstance(value, time):
        return value
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", value) if isinstance(value, str) else None
    if found is None:
        raise Unfit("calendar.clock", value=value)
    return time(int(found[1]), int(found[2]))


TimeOfDay = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str, when_used="json"),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^([01]\d|2[0-3]):[0-5]\d$",
            "examples": ["07:30"],
            "description": "the regency's local time of day",
        }
    ),
]


class DayHours(Truth):
    """From when to when the offices work on one day."""

    start: TimeOfDay
    end: TimeOfDay

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end <= self.start:
            raise Unfit("calendar.hours_end", at="end", start=f"{self.start:%H:%M}", end=f"{self.end:%H:%M}")
        return self


class Hours(DayHours):
    """Office hours. A weekday with hours of its own, such as Friday, has those instead."""

    mon: DayHours | None = None
    tue: DayHours | None = None
    wed: DayHours | None = None
    thu: DayHours | None = None
    fri: DayHours | None = None
    sat: DayHours | None = None
    sun: DayHours | None = None

    def of(self, day: date) -> DayHours:
        own: DayHours | None = getattr(self, WEEKDAYS[day.weekday()])
        return DayHours(start=self.start, end=self.end) if own is None else own


class Period(Truth):
    """A named time of the year, such as Ramadan: from `start` to `end`, both included, with office hours of its own or not.

    The same key may stand for several periods, one for each year; a window that names it takes place in all of them.
    """

    key: Key
    name: Text
    start: Day
    end: Day
    hours: Hours | None = None
    decree: Text | None = None

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end < self.start:
            raise Unfit("calendar.period_end", at="end", period=self.key, start=self.start, end=self.end)
        return self

    def has(self, day: date) -> bool:
        return self.start <= day <= self.end


class Calendar(Truth):
    """On which days the regency works, and from when to when.

    `national_holidays`: the nation's holidays and joint leave (cuti bersama) are days off. `days_off` are the regency's own;
    on `days_on` it works whatever else says otherwise. `hours` are the office hours; those of a period come first. The
    offices that are `exempt` serve the public on days off too.
    """

    working_days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    national_holidays: bool = False
    days_off: Annotated[tuple[NamedDay, ...], Field(max_length=2000)] = ()
    days_on: Annotated[tuple[NamedDay, ...], Field(max_length=2000)] = ()
    hours: Hours | None = None
    calendars: Annotated[tuple[Period, ...], Field(max_length=200)] = ()
    exempt: tuple[Key, ...] = ()

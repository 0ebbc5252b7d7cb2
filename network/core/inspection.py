"""What a device shows of itself, beside what the truth says of it: the first look at real equipment. Pure.

Says what a person should know before anything is changed, and what to do about it; never that something was changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Final, Protocol

from inventory import views
from inventory.model import Device
from inventory.regency import Regency
from network.core.observed import ArmedTimer, ReturnTimer
from network.core.reason import Reason

CLOCK_SLACK: Final = timedelta(seconds=5)
"""By how much a device's clock may differ: a log is read beside another one's, and certificates have dates."""


@dataclass(frozen=True, slots=True)
class Held:
    """An address on an interface; `length` of its prefix is None where the platform does not show it."""

    interface: str
    address: IPv4Address
    length: int | None = None

    def __str__(self) -> str:
        return f"{self.address}/{self.length}" if self.length is not None else str(self.address)


@dataclass(frozen=True, slots=True)
class Stranger:
    """A queue that Lajur did not make. `shaping`: where our own queues stand or are to stand. `undo`: what removes it and nothing
    else, where that is known."""

    interface: str
    what: str
    shaping: bool = False
    undo: str = ""


@dataclass(frozen=True, slots=True)
class Hook:
    """A script on a device that finishes at a start what was pending, and that nothing there calls. `install`: what has it called
    from now on."""

    path: str
    install: str


@dataclass(frozen=True, slots=True)
class Offset:
    """The device's clock less ours, give or take `doubt`: asking takes time, and clocks show whole seconds."""

    value: timedelta
    doubt: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a device shows. None: this platform was not asked, or its answer says nothing.

    `platform` and `version` are its own words; `lacks` are programs, interfaces and rights that it should have, `silent` programs
    that it has and that do not answer.
    """

    platform: str
    version: str
    name: str = ""
    offset: Offset | None = None
    lacks: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    interfaces: frozenset[str] | None = None
    addresses: tuple[Held, ...] | None = None
    strangers: tuple[Stranger, ...] | None = None
    armed: ArmedTimer | None = None
    returns: tuple[ReturnTimer, ...] = ()
    hooks: tuple[Hook, ...] = ()


class Inspector(Protocol):
    """Looks at devices. Changes nothing on them."""

    def inspect(self, device: str) -> Facts:
        """Log in, ask, log out. Raises DeviceError, or Refused for a secret that cannot be resolved."""


class Weight(StrEnum):
    """NOTE: good to know. MEND: to be put right before, or soon after, the device is relied on."""

    NOTE = "note"
    MEND = "mend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """`what` and `next` are message codes with fields: what was seen, and what to do about it."""

    what: Reason
    next: Reason
    weight: Weight = Weight.MEND


def judge(regency: Regency, device: Device, facts: Facts) -> tuple[Remark, ...]:
    """Everything that a person should know of this device, what must be mended first."""
    if facts.platform != device.platform:
        return (_remark("check.platform", "check.next_platform", truth=device.platform, shown=facts.platform),)
    found = [
        *_clock(facts),
        *_old(facts),
        *_lacking(facts),
        *_interfaces(regency, device, facts),
        *_addresses(regency, device, facts),
    ]
    found += [*_strangers(facts), *_timers(facts), *_hooks(facts)]
    return tuple(sorted(found, key=lambda each: each.weight is Weight.NOTE))


def _clock(facts: Facts) -> Iterator[Remark]:
    if facts.offset is None:
        return
    seconds = facts.offset.value.total_seconds()
    if abs(seconds) > (CLOCK_SLACK + facts.offset.doubt).total_seconds():
        code = "check.clock_ahead" if seconds > 0 else "check.clock_behind"
        yield _remark(code, "check.next_clock", seconds=round(abs(seconds)))


OLDEST: Final = {"RouterOS": (7, 1), "FRR": (8, 0), "iproute2": (5, 0)}
"""What the words of this toolkit need, by the name that a version follows: RouterOS 7 says OSPF in another way than 6, and older
FRR and `tc` show less of themselves as JSON."""


def _old(facts: Facts) -> Iterator[Remark]:
    for name, least in OLDEST.items():
        found = re.search(rf"\b{name} (\d{{1,4}})\.(\d{{1,4}})", facts.version)
        if found is not None and (int(found[1]), int(found[2])) < least:
            wanted = ".".join(map(str, least))
            yield _remark("check.old", "check.next_old", program=name, shown=f"{found[1]}.{found[2]}", least=wanted)


def _lacking(facts: Facts) -> Iterator[Remark]:
    for each in facts.lacks:
        yield _remark("check.lacks", "check.next_root" if each == "root" else "check.next_lacks", what=each)
    for each in facts.silent:
        yield _remark("check.silent", "check.next_silent", what=each)


def _interfaces(regency: Regency, device: Device, facts: Facts) -> Iterator[Remark]:
    if facts.interfaces is None:
        return
    for link in regency.links:
        for end in link.ends:
            if end.device == device.key and end.interface not in facts.interfaces:
                there = ", ".join(sorted(facts.interfaces - {"lo"})) or "-"
                yield _remark("check.interface", "check.next_interface", interface=end.interface, link=link.key, there=there)


@dataclass(slots=True)
class _Plan:
    """The addresses of the truth: whose each one is, and where on this device it belongs."""

    here: dict[IPv4Address, tuple[str, str]] = field(default_factory=dict)
    """On this device: what for, and what would put it there."""

    elsewhere: dict[IPv4Address, str] = field(default_factory=dict)
    networks: list[tuple[IPv4Network, str]] = field(default_factory=list)
    """LANs of other offices."""

    lan: IPv4Network | None = None


def _plan(regency: Regency, device: Device) -> _Plan:
    plan = _Plan(here={device.address: (f"{device.key}", "")})
    for other in regency.devices:
        if other is not device:
            plan.elsewhere[other.address] = other.key
    for link in regency.links:
        for end, written in zip(link.ends, views.link_addresses(regency, link) or (), strict=False):
            address = IPv4Interface(written).ip
            if end.device == device.key:
                plan.here[address] = (f"{link.key} ({end.interface})", link.key)
            else:
                plan.elsewhere[address] = f"{link.key} ({end.device})"
    for office in regency.offices:
        if office.device == device.key:
            plan.lan = office.lan
        else:
            plan.networks.append((office.lan, office.key))
    return plan


def _addresses(regency: Regency, device: Device, facts: Facts) -> Iterator[Remark]:
    if facts.addresses is None:
        return
    plan = _plan(regency, device)
    held = {each.address for each in facts.addresses}
    for address, (place, link) in plan.here.items():
        if address in held:
            continue
        if link:
            yield _remark("check.address_absent", "check.next_link", address=address, place=place, link=link)
        else:
            yield _remark("check.address_other", "check.next_address", Weight.NOTE, address=address)
    if plan.lan is not None and not any(address in plan.lan for address in held):
        yield _remark("check.lan_absent", "check.next_lan", lan=plan.lan)
    for each in facts.addresses:
        yield from _one_address(plan, each)


def _one_address(plan: _Plan, held: Held) -> Iterator[Remark]:
    address = held.address
    if address in plan.here or address.is_loopback or (plan.lan is not None and address in plan.lan):
        return
    owner = plan.elsewhere.get(address) or next((key for lan, key in plan.networks if address in lan), None)
    if owner is not None:
        yield _remark("check.address_taken", "check.next_taken", address=held, interface=held.interface, owner=owner)
    else:
        yield _remark("check.address_strange", "check.next_strange", Weight.NOTE, address=held, interface=held.interface)


def _strangers(facts: Facts) -> Iterator[Remark]:
    for each in facts.strangers or ():
        weight = Weight.MEND if each.shaping else Weight.NOTE
        code = "check.queue_in_way" if each.shaping else "check.queue_beside"
        following = "check.next_beside" if not each.shaping else "check.next_queue" if each.undo else "check.next_inside"
        yield _remark(code, following, weight, queue=each.what, interface=each.interface, undo=each.undo)


def _timers(facts: Facts) -> Iterator[Remark]:
    if facts.armed is not None:
        yield _remark("check.armed", "check.next_armed", run=facts.armed.run, seconds=facts.armed.seconds_left)
    for timer in facts.returns:
        yield _remark("check.return", "check.next_return", Weight.NOTE, timer=timer.name, seconds=timer.seconds_left)


def _hooks(facts: Facts) -> Iterator[Remark]:
    for each in facts.hooks:
        yield _remark("check.hook", "check.next_hook", hook=each.path, install=each.install)


def _remark(code: str, following: str, weight: Weight = Weight.MEND, **fields: object) -> Remark:
    words: Mapping[str, str] = {name: str(value) for name, value in fields.items()}
    return Remark(what=Reason(code=code, fields=words), next=Reason(code=following, fields=words), weight=weight)

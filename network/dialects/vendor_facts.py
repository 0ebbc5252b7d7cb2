"""What routers of other makes are asked at first sight, and their answers as facts: name, version, clock, addresses, and on
RouterOS the queues. Pure; the answers are untrusted: what is not understood says nothing.

Formats as the makers' manuals and public captures show them: IOS and IOS XE, EOS 4, RouterOS 6 and 7, Junos, VRP 5
and 8.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

from inventory.model import Platform
from network.core.inspection import Facts, Held, Stranger
from network.dialects.linux_facts import Seen

_MOST: Final = 500
_ZONES: Final = {"UTC": 0, "GMT": 0, "Z": 0, "WIB": 7, "WITA": 8, "WIT": 9} | {
    "Asia/Jakarta": 7, "Asia/Pontianak": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9,
}  # fmt: skip
"""Names of zones that mean one thing; a device may call its zone whatever it likes, and then its clock says nothing."""

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE_TIME: Final = r"(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})"

VERSION, CLOCK, ADDRESSES, NAME, QUEUES, TREES = "version", "clock", "addresses", "name", "queues", "trees"

COMMANDS: Final[Mapping[Platform, Mapping[str, str]]] = {
    Platform.CISCO_IOS: {VERSION: "show version", CLOCK: "show clock", ADDRESSES: "show ip interface brief"},
    Platform.ARISTA_EOS: {
        VERSION: "show version",
        NAME: "show hostname",
        CLOCK: "show clock",
        ADDRESSES: "show ip interface brief",
    },
    Platform.JUNIPER_JUNOS: {
        VERSION: "show version | no-more",
        CLOCK: "show system uptime | no-more",
        ADDRESSES: "show interfaces terse | no-more",
    },
    Platform.HUAWEI_VRP: {VERSION: "display version", CLOCK: "display clock", ADDRESSES: "display ip interface brief"},
    Platform.MIKROTIK_ROUTEROS: {
        VERSION: "/system resource print",
        NAME: "/system identity print",
        CLOCK: "/system clock print",
        ADDRESSES: "/ip address print terse without-paging",
        QUEUES: "/queue simple print terse without-paging",
        TREES: "/queue tree print terse without-paging",
    },
}
"""What each platform is asked; all of it only shows."""

GREETINGS: Final = (
    ("ROSSSH", Platform.MIKROTIK_ROUTEROS),
    ("Cisco", Platform.CISCO_IOS),
    ("HUAWEI", Platform.HUAWEI_VRP),
    ("VRP", Platform.HUAWEI_VRP),
)
"""What the SSH servers of some makes say of themselves before anything else. Junos and Linux both say OpenSSH."""


def greeted(version: str) -> Platform | None:
    """The platform whose SSH server greets so; None when the greeting says nothing."""
    return next((platform for word, platform in GREETINGS if word in version), None)


@dataclass(frozen=True, slots=True)
class _Reading:
    name: str
    version: str
    clock: datetime | None
    addresses: tuple[Held, ...]
    interfaces: frozenset[str]
    strangers: tuple[Stranger, ...] | None = None


def read(platform: Platform, said: Mapping[str, str]) -> Seen:
    """The facts in what a device `said` to its COMMANDS. Nothing that it says raises; `version` may be empty."""
    found = _READERS[platform](said)
    facts = Facts(
        platform=platform.value,
        version=found.version[:120],
        name=found.name[:120],
        interfaces=found.interfaces or None,
        addresses=found.addresses[:_MOST] if found.addresses else None,
        strangers=found.strangers,
    )
    return Seen(facts, found.clock)


def _ios(said: Mapping[str, str]) -> _Reading:
    text, clock = said.get(VERSION, ""), said.get(CLOCK, "")
    model = _first(r"^[Cc]isco (\S{1,40}) .*(?:processor|memory)", text)
    number = _first(r"^Cisco IOS.*?Version ([^,\s]{1,40})", text)
    when = re.search(r"[*.]?(\d{2}):(\d{2}):(\d{2})(?:\.\d+)? (\S{1,8}) \w{3} (\w{3}) +(\d{1,2}) (\d{4})", clock)
    moment = None
    if when and when[5].lower() in _MONTHS:
        month = _MONTHS.index(when[5].lower()) + 1
        moment = _moment(*map(int, (when[7], month, when[6], when[1], when[2], when[3])), zone=when[4])
    lines = re.findall(r"^(\S{1,64}) +(\d{1,3}(?:\.\d{1,3}){3}|unassigned) +(?:YES|NO) ", said.get(ADDRESSES, ""), re.MULTILINE)
    return _Reading(
        name=_first(r"^(\S{1,64}) uptime is", text),
        version=" ".join(word for word in (model, f"IOS {number}" if number else "") if word),
        clock=moment,
        addresses=tuple(_held(lines)),
        interfaces=frozenset(name for name, _ in lines),
    )


def _eos(said: Mapping[str, str]) -> _Reading:
    text, clock = said.get(VERSION, ""), said.get(CLOCK, "")
    model, number = _first(r"^Arista (\S{1,40})", text), _first(r"^Software image version: (\S{1,40})", text)
    when = re.search(r"^\w{3} (\w{3}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (\d{4})", clock, re.MULTILINE)
    moment = None
    if when and when[1].lower() in _MONTHS:
        day = (int(when[6]), _MONTHS.index(when[1].lower()) + 1, int(when[2]))
        moment = _moment(*day, *map(int, when.groups()[2:5]), zone=_first(r"^Timezone: (\S{1,40})", clock))
    lines = re.findall(r"^(\S{1,64}) +(\d{1,3}(?:\.\d{1,3}){3}/\d{1,2}|unassigned) ", said.get(ADDRESSES, ""), re.MULTILINE)
    return _Reading(
        name=_first(r"^Hostname: (\S{1,64})", said.get(NAME, "")),
        version=" ".join(word for word in (model, f"EOS {number}" if number else "") if word),
        clock=moment,
        addresses=tuple(_held(lines)),
        interfaces=frozenset(name for name, _ in lines),
    )


def _junos(said: Mapping[str, str]) -> _Reading:
    text = said.get(VERSION, "")
    number = _first(r"^Junos: (\S{1,40})", text) or _first(r"^JUNOS .*?\[([^\]]{1,40})\]", text)
    model = _first(r"^Model: (\S{1,40})", text)
    when = re.search(rf"^Current time: {_DATE_TIME} (\S{{1,8}})", said.get(CLOCK, ""), re.MULTILINE)
    terse = said.get(ADDRESSES, "")
    lines = re.findall(r"^(\S{1,64}) +\S+ +\S+ +inet +(\d{1,3}(?:\.\d{1,3}){3}/\d{1,2})", terse, re.MULTILINE)
    return _Reading(
        name=_first(r"^Hostname: (\S{1,64})", text),
        version=" ".join(word for word in (model, f"Junos {number}" if number else "") if word),
        clock=_moment(*map(int, when.groups()[:6]), zone=when[7]) if when else None,
        addresses=tuple(_held(lines)),
        interfaces=frozenset(re.findall(r"^([a-z]{2,4}\S{0,60}) +(?:up|down) ", terse, re.MULTILINE)),
    )


def _vrp(said: Mapping[str, str]) -> _Reading:
    text, clock = said.get(VERSION, ""), said.get(CLOCK, "")
    number = _first(r"VRP \(R\) software, Version ([^\n]{1,60})", text)
    when = re.search(rf"^{_DATE_TIME}(?:\.\d+)?", clock, re.MULTILINE)
    shift = re.search(r"(?:UTC|\d{2}:\d{2}:\d{2}(?:\.\d+)?) ?([+-])(\d{2}):(\d{2})", clock)
    lines = re.findall(r"^([A-Z]\S{1,63}) +(\d{1,3}(?:\.\d{1,3}){3}/\d{1,2}|unassigned) ", said.get(ADDRESSES, ""), re.MULTILINE)
    zone = f"{shift[1]}{shift[2]}:{shift[3]}" if shift else "UTC" if "Time Zone" not in clock else ""
    return _Reading(
        name="",
        version=f"VRP {number.strip()}" if number else "",
        clock=_moment(*map(int, when.groups()), zone=zone) if when else None,
        addresses=tuple(_held(lines)),
        interfaces=frozenset(name for name, _ in lines),
    )


def _routeros(said: Mapping[str, str]) -> _Reading:
    text, clock, terse = said.get(VERSION, ""), said.get(CLOCK, ""), said.get(ADDRESSES, "")
    number, board = _first(r"^ *version: (\S{1,40})", text), _first(r"^ *board-name: (.{1,40}?) *\r?$", text)
    lines = [
        (interface, address)
        for flags, address, interface in re.findall(
            r"^ *\d+ +([XID ]*)(?:;;;.*? )?(?:comment=.*? )?address=(\S{1,18}) .*?interface=(\S{1,64})", terse, re.MULTILINE
        )
        if "X" not in flags
    ]
    return _Reading(
        name=_first(r"^ *name: (\S{1,64})", said.get(NAME, "")),
        version=" ".join(word for word in (board, f"RouterOS {number}" if number else "") if word),
        clock=_routeros_clock(clock),
        addresses=tuple(_held(lines)),
        interfaces=frozenset(),
        strangers=tuple(_queues(said)) if QUEUES in said else None,
    )


def _routeros_clock(text: str) -> datetime | None:
    """RouterOS 7 writes `2026-09-07`, RouterOS 6 `sep/07/2026`."""
    time = re.search(r"^ *time: (\d{2}):(\d{2}):(\d{2})", text, re.MULTILINE)
    date = re.search(r"^ *date: (?:(\d{4})-(\d{2})-(\d{2})|(\w{3})/(\d{2})/(\d{4}))", text, re.MULTILINE)
    zone = _first(r"^ *gmt-offset: (\S{1,6})", text)
    if time is None or date is None:
        return None
    if date[1]:
        day = (int(date[1]), int(date[2]), int(date[3]))
    elif date[4].lower() in _MONTHS:
        day = (int(date[6]), _MONTHS.index(date[4].lower()) + 1, int(date[5]))
    else:
        return None
    return _moment(*day, *map(int, time.groups()), zone=zone)


def _queues(said: Mapping[str, str]) -> Iterator[Stranger]:
    for kind, key in (("simple queue", QUEUES), ("queue tree", TREES)):
        for name in re.findall(r"^ *\d+ .*?\bname=(\"[^\"]{1,64}\"|\S{1,64})", said.get(key, ""), re.MULTILINE)[:_MOST]:
            yield Stranger("-", f"{kind} {name}")


def _held(lines: list[tuple[str, str]]) -> Iterator[Held]:
    for interface, written in lines:
        try:
            if "/" in written:
                found = IPv4Interface(written)
                yield Held(interface, found.ip, found.network.prefixlen)
            elif written != "unassigned":
                yield Held(interface, IPv4Address(written))
        except ValueError:
            continue


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int, *, zone: str) -> datetime | None:
    """None for a date that is none, and for a zone that could be anywhere."""
    shift = re.fullmatch(r"([+-])(\d{2}):(\d{2})", zone)
    if shift is not None:
        offset = timedelta(hours=int(shift[2]), minutes=int(shift[3])) * (1 if shift[1] == "+" else -1)
    elif zone in _ZONES:
        offset = timedelta(hours=_ZONES[zone])
    else:
        return None
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1].strip() if found else ""


_READERS: Final[Mapping[Platform, Callable[[Mapping[str, str]], _Reading]]] = {
    Platform.CISCO_IOS: _ios,
    Platform.ARISTA_EOS: _eos,
    Platform.JUNIPER_JUNOS: _junos,
    Platform.HUAWEI_VRP: _vrp,
    Platform.MIKROTIK_ROUTEROS: _routeros,
}

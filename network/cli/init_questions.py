"""What `lajur init` asks, in which order, and what each answer may be. Asks nothing that it can make."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from ipaddress import IPv4Address, IPv4Network
from itertools import count
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from inventory.model import Platform, UplinkKind
from inventory.start import LONGEST_KEY, Access, NewHub, NewOffice, NewRouter, NewUplink, Start, key_of
from inventory.start_table import Table
from inventory.start_text import CLASSES
from inventory.units import POINTED, Bandwidth, Unfit
from network.cli.init_blocks import ask_blocks
from network.cli.interview import Interview, Question
from network.errors import UsageError

T = TypeVar("T")

ZONES: Final = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
_KEY: Final = re.compile(r"[a-z][a-z0-9-]*")
_SECRET: Final = re.compile(r"env:[A-Z][A-Z0-9_]*|file:\S+")
NONE: Final = "-"
_PLACE_KEY: Final = 24
"""Longest key of an uplink or a hub: the names of links and devices begin with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is known before anything is asked. `key` is the folder's name, where there is one. `practice`: for a lab."""

    key: str | None
    language: str
    today: date
    table: Table | None = None
    practice: bool = False


def interview(given: Given) -> Interview[Start]:
    name = yield _text("init.ask.name")
    key = given.key or (yield _key("init.ask.key", key_of(name, longest=32), 32, ()))
    zone = yield Question(code="init.ask.zone", read=_zone, default="WIB")
    uplinks = yield from _uplinks(given.today)
    blocks = yield from ask_blocks(given.table, len(uplinks), practice=given.practice)
    addresses = _Addresses(blocks[0], given.table)
    core = NewRouter(address=(yield from addresses.ask("init.ask.core_address", {})))
    border = yield from _router(addresses, "border", {})
    hubs = yield from _hubs(given.table, addresses)
    offices = given.table.offices if given.table else (yield from _offices(hubs, addresses, blocks[2]))
    access = yield from _access()
    return Start(
        key=key,
        name=name,
        timezone=zone,
        language=given.language,
        uplinks=uplinks,
        core=core,
        border=border,
        hubs=hubs,
        offices=offices,
        access=access,
        management=blocks[0],
        links=blocks[1],
        lans=blocks[2],
        illustrative=given.practice,
    )


def _uplinks(today: date) -> Interview[tuple[NewUplink, ...]]:
    found: list[NewUplink] = []
    for number in count(1):
        first, taken = number == 1, [each.name for each in found]
        name = yield _text("init.ask.uplink" if first else "init.ask.uplink_more", None if first else "", "", taken)
        if not name:
            break
        key = yield _key("init.ask.uplink_key", _free(name, found, _PLACE_KEY), _PLACE_KEY, [each.key for each in found])
        provider = yield _text("init.ask.provider")
        down = yield Question(code="init.ask.down", read=_rate)
        up = yield Question(code="init.ask.up", read=_rate, default=str(down))
        contract = yield _text("init.ask.contract", "-")
        start = yield Question(code="init.ask.start", read=_day, default=today.isoformat())
        end = yield Question(code="init.ask.end", read=_later(start), default=(start + timedelta(days=364)).isoformat())
        prefixes = (yield Question(code="init.ask.prefixes", read=_prefixes, fields={"uplink": name})) if number > 1 else ()
        found.append(
            NewUplink(
                key=key,
                name=name,
                kind=UplinkKind.SINGLE,
                provider=provider,
                down=down,
                up=up,
                number=contract,
                start=start,
                end=end,
                prefixes=prefixes,
            )
        )
    return tuple(_kinds(found))


def _kinds(found: list[NewUplink]) -> Iterator[NewUplink]:
    """One alone is single. Of several, the one that takes everything else leads to the world."""
    for each in found:
        kind = UplinkKind.SINGLE if len(found) == 1 else UplinkKind.DOMESTIC if each.prefixes else UplinkKind.INTERNATIONAL
        yield replace(each, kind=kind)


def _hubs(table: Table | None, addresses: _Addresses) -> Interview[tuple[NewHub, ...]]:
    found: list[NewHub] = []
    named = iter(table.hubs) if table else None
    for number in count(1):
        hub = next(named, None) if named else (yield from _hub(number, found))
        if hub is None:
            break
        router = yield from _router(addresses, "hub", {"hub": hub.name})
        found.append(NewHub(key=hub.key, name=hub.name, router=router))
    return tuple(found)


def _hub(number: int, found: list[NewHub]) -> Interview[NewHub | None]:
    taken = [each.name for each in found]
    first = number == 1
    name = yield _text("init.ask.hub" if first else "init.ask.hub_more", None if first else "", "", taken)
    if not name:
        return None
    key = yield _key("init.ask.hub_key", _free(name, found, _PLACE_KEY), _PLACE_KEY, [each.key for each in found])
    return NewHub(key=key, name=name)


def _offices(hubs: tuple[NewHub, ...], addresses: _Addresses, lans: IPv4Network) -> Interview[tuple[NewOffice, ...]]:
    found: list[NewOffice] = []
    for number in count(1):
        first = number == 1
        taken = [each.name for each in found]
        name = yield _text("init.ask.office" if first else "init.ask.office_more", None if first else "", "", taken)
        if not name:
            break
        key = yield _key("init.ask.office_key", _free(name, found, LONGEST_KEY), LONGEST_KEY, [each.key for each in found])
        kind = yield _choice("init.ask.class", CLASSES, "back_office")
        keys = [hub.key for hub in hubs]
        hub = (yield _choice("init.ask.office_hub", keys, found[-1].hub if found else keys[0])) if len(keys) > 1 else keys[0]
        used = [each.lan for each in found if each.lan is not None]
        lan = yield Question(code="init.ask.lan", read=_lan(used), default=_next_lan(lans, used), fields={"office": name})
        router = yield from _router(addresses, "office", {"office": name})
        found.append(NewOffice(name=name, key=key, service_class=kind, hub=hub, lan=lan, router=router))
    return tuple(found)


def _router(addresses: _Addresses, place: str, fields: dict[str, object]) -> Interview[NewRouter]:
    platforms = [each.value for each in Platform]
    platform = yield _choice(f"init.ask.{place}_platform", platforms, addresses.usual, fields)
    addresses.usual = platform
    return NewRouter(platform=Platform(platform), address=(yield from addresses.ask(f"init.ask.{place}_address", fields)))


def _access() -> Interview[Access]:
    user = yield _text("init.ask.user", "root")
    secret = yield Question(code="init.ask.secret", read=_reference, default="env:LAJUR_SSH_KEY")
    by_password = (yield _choice("init.ask.secret_kind", ("key", "password"), "key")) == "password"
    snmp = yield _text("init.ask.snmp", "", "")
    auth = privacy = ""
    if snmp:
        auth = yield Question(code="init.ask.snmp_auth", read=_reference, default="env:LAJUR_SNMP_AUTH")
        privacy = yield Question(code="init.ask.snmp_privacy", read=_reference, default="env:LAJUR_SNMP_PRIVACY")
    ospf = yield Question(code="init.ask.ospf", read=_perhaps, default="env:LAJUR_OSPF_KEY", fields={"none": NONE})
    return Access(
        user=user,
        key=None if by_password else secret,
        password=secret if by_password else None,
        snmp_user=snmp or None,
        snmp_auth=auth,
        snmp_privacy=privacy,
        ospf=ospf,
    )


class _Addresses:
    """Management addresses that are not given away yet. A table's own are taken from the beginning."""

    def __init__(self, block: IPv4Network, table: Table | None) -> None:
        self._block = block
        self._taken = {each.router.address for each in table.offices} if table else set()
        self.usual = Platform.LINUX.value

    def ask(self, code: str, fields: dict[str, object]) -> Interview[IPv4Address]:
        free = next((each for each in self._block.hosts() if each not in self._taken), None)
        address: IPv4Address = yield Question(code=code, read=self._read, default=str(free) if free else None, fields=fields)
        self._taken.add(address)
        return address

    def _read(self, text: str) -> IPv4Address:
        address = _fit(IPv4Address, text, "init.wrong.address")
        if address in self._taken:
            raise UsageError("init.wrong.taken", value=text)
        return address


def _text(code: str, default: str | None = None, empty: str | None = None, taken: Collection[str] = ()) -> Question:
    """A name. With `empty`, an empty answer is that; without, there must be one."""

    def read(text: str) -> str:
        if text == empty:
            return text
        if len(text) > 200 or not text.isprintable():
            raise UsageError("init.wrong.text")
        if text in taken:
            raise UsageError("init.wrong.taken", value=text)
        return text

    return Question(code=code, read=read, default=default)


def _key(code: str, default: str, longest: int, taken: Collection[str]) -> Question:
    def read(text: str) -> str:
        if len(text) > longest or not _KEY.fullmatch(text):
            raise UsageError("init.wrong.key", value=text, longest=longest)
        if text in taken:
            raise UsageError("init.wrong.taken", value=text)
        return text

    return Question(code=code, read=read, default=default)


def _choice(code: str, choices: Iterable[str], default: str, fields: dict[str, object] | None = None) -> Question:
    known = tuple(choices)

    def read(text: str) -> str:
        if text not in known:
            raise UsageError("init.wrong.choice", value=text, choices=", ".join(known))
        return text

    return Question(code=code, read=read, default=default, fields={"choices": ", ".join(known), **(fields or {})})


def _free(name: str, found: Iterable[NewUplink | NewHub | NewOffice], longest: int) -> str:
    return key_of(name, [each.key for each in found], longest)


def _zone(text: str) -> str:
    zone = ZONES.get(text.lower(), text)
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError("init.wrong.zone", value=text) from error
    return zone


def _rate(text: str) -> Bandwidth:
    """`100`, `2,5`, `100 Mbit/s` or `512 kbit/s`: a bare number is in Mbit/s, as contracts are."""
    if POINTED.match(text):
        raise UsageError("init.wrong.thousands", value=text)
    plain = text.replace(",", ".")
    rate = _fit(Bandwidth.parse, f"{plain} Mbit/s" if re.fullmatch(r"[0-9]+(\.[0-9]+)?", plain) else plain, "init.wrong.rate")
    if rate < Bandwidth(64_000):
        raise UsageError("init.wrong.rate", value=text)
    return rate


def _day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise UsageError("init.wrong.day", value=text[:100])
    return _fit(date.fromisoformat, text, "init.wrong.day")


def _later(start: date) -> Callable[[str], date]:
    def read(text: str) -> date:
        end = _day(text)
        if end < start:
            raise UsageError("init.wrong.end", value=text, start=start.isoformat())
        return end

    return read


def _prefixes(text: str) -> tuple[IPv4Network, ...]:
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    return tuple(dict.fromkeys(_fit(IPv4Network, word, "init.wrong.prefix") for word in words))


def _lan(used: list[IPv4Network]) -> Callable[[str], IPv4Network]:
    def read(text: str) -> IPv4Network:
        lan = _fit(IPv4Network, text, "init.wrong.prefix")
        if not 16 <= lan.prefixlen <= 30:
            raise UsageError("init.wrong.lan_size", value=text)
        for other in used:
            if lan.overlaps(other):
                raise UsageError("init.wrong.overlap", value=text, other=str(other))
        return lan

    return read


def _next_lan(block: IPv4Network, used: list[IPv4Network]) -> str | None:
    free = (each for each in block.subnets(new_prefix=24) if not any(each.overlaps(other) for other in used))
    return str(found) if (found := next(free, None)) else None


def _reference(text: str) -> str:
    """What is refused is not repeated: it may be the secret itself."""
    if not _SECRET.fullmatch(text):
        raise UsageError("init.wrong.reference")
    return text


def _perhaps(text: str) -> str | None:
    return None if text == NONE else _reference(text)


def _fit(read: Callable[[str], T], text: str, code: str) -> T:
    try:
        return read(text)
    except (ValueError, Unfit) as error:
        raise UsageError(code, value=text[:100]) from error

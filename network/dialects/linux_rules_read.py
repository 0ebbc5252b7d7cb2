"""Rules as `tc filter show` prints them for u32, as values. Pure; what is not one of our rules is named as foreign."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network
from typing import Final

from inventory.units import Direction
from network.core.observed import Rule
from network.core.tree import NodeId
from network.dialects.linux_ids import node_of
from network.dialects.linux_steps import DESTINATION, SOURCE, office_offset

Block = tuple[str, str]
"""A line, and the text of those that belong to it."""

_TABLES: Final = {"10": "a:", "11": "b:"}
_DIRECT: Final = "20"
_HEAD: Final = re.compile(r"filter (?:parent \S+ )?protocol (\S+) pref (\d+) (\S+)(?: chain \d+)?(?: fh (\S+))?(.*)")
_MARGIN: Final = re.compile(r"\n(?=\S)")
_MATCH: Final = re.compile(r"^  match ([0-9a-f]{8})/([0-9a-f]{8}) at (\d{1,3})", re.MULTILINE)
_HASH: Final = re.compile(r"^\s+hash mask 0000ff00 at (\d+)", re.MULTILINE)
_FLOW: Final = re.compile(r"\*?flowid 1:([0-9a-f]{1,4})\b")
_REDIRECT: Final = re.compile(r"mirred \(Egress Redirect to device (\S+)\)")


@dataclass(frozen=True, slots=True)
class _Filter:
    protocol: str
    prio: str
    kind: str
    handle: str
    rest: str
    body: str

    def __str__(self) -> str:
        return f"filter protocol {self.protocol} pref {self.prio} {self.kind} {self.handle}".strip()

    @property
    def is_header(self) -> bool:
        """`tc` prints a line for each prio and each table before what stands in it."""
        return not (self.handle or self.rest.strip()) or " ht divisor " in self.rest


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules that hold. `whole` is False when a table is missing or traffic is led neither by rules nor past them."""

    rules: frozenset[Rule]
    whole: bool
    foreign: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """Each line that begins at the margin, with the indented or empty ones below it."""
    return [(head, body) for head, _, body in (block.partition("\n") for block in _MARGIN.split(text))]


def rules(listed: Iterable[Block], direction: Direction) -> RuleSet:
    """The rules of the table that the link leads into; a half-made other table does not count."""
    filters = [one for head, body in listed if head.startswith("filter parent ") and (one := _filter(head, body))]
    nodes = [one for one in filters if not one.is_header]
    tables = {one.handle for one in filters if " ht divisor 256" in one.rest}
    linked = [table for prio, table in _TABLES.items() if any(_is_link(one, prio, table, direction) for one in nodes)]
    direct = [one for one in nodes if (one.prio, one.kind) == (_DIRECT, "u32")]
    held: dict[str, list[Rule]] = {table: [] for table in _TABLES.values()}
    foreign: list[str] = []
    for one in nodes:
        table = _TABLES.get(one.prio, "")
        rule = _rule(one, direction) if table and one.handle.startswith(table) else None
        if rule:
            held[table].append(rule)
        elif one not in direct and not (table and f" link {table}" in one.rest):
            foreign.append(str(one))
    whole = set(_TABLES.values()) <= tables and bool(direct) != bool(linked)
    return RuleSet(frozenset(held[linked[0]] if linked else ()), whole, tuple(foreign))


def incoming(listed: Iterable[Block], device: str) -> RuleSet:
    """What is done with incoming traffic: whole when IPv4 and IPv6 are both redirected to `device`."""
    filters = [one for head, body in listed if head.startswith("filter protocol ") and (one := _filter(head, body))]
    nodes = [one for one in filters if not one.is_header]
    ours = {one.protocol for one in nodes if _redirected(one) == device and one.prio in _TABLES}
    foreign = tuple(str(one) for one in nodes if one.prio not in _TABLES or _redirected(one) is None)
    return RuleSet(frozenset(), {"ip", "ipv6"} <= ours, foreign)


def _filter(head: str, body: str) -> _Filter | None:
    found = _HEAD.match(head)
    return _Filter(found[1], found[2], found[3], found[4] or "", found[5], body) if found else None


def _is_link(one: _Filter, prio: str, table: str, direction: Direction) -> bool:
    if one.prio != prio or f" link {table}" not in one.rest:
        return False
    return _HASH.findall(one.body) == [str(office_offset(direction))]


def _rule(one: _Filter, direction: Direction) -> Rule | None:
    office = office_offset(direction)
    networks: dict[int, IPv4Network] = {}
    for value, mask, offset in _MATCH.findall(one.body):
        network = _network(value, mask)
        if network is None or int(offset) in networks:
            return None
        networks[int(offset)] = network
    leaf = _leaf(one.rest)
    if leaf is None or office not in networks or not networks.keys() <= {SOURCE, DESTINATION}:
        return None
    return Rule(networks[office], networks.get(SOURCE + DESTINATION - office), leaf)


def _leaf(rest: str) -> NodeId | None:
    found = _FLOW.search(rest)
    return node_of(int(found[1], 16)) if found else None


@lru_cache(maxsize=2**12)
def _network(value: str, mask: str) -> IPv4Network | None:
    """None for a mask with holes in it."""
    bits = int(mask, 16)
    length = bits.bit_count()
    if bits != (0xFFFFFFFF << (32 - length)) & 0xFFFFFFFF:
        return None
    return IPv4Network((int(value, 16) & bits, length))


def _redirected(one: _Filter) -> str | None:
    found = _REDIRECT.search(one.body)
    return found[1] if found else None

"""What FRR's commands mean to each other: which one takes another's place, how one is taken away, what is never shown.

Measured on FRR 8.4. Whatever is not listed stands for itself: it is added beside others and taken away by `no` and the
whole line, which is always right, if not always without a gap. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_network
from typing import Final

from napalm_frr.text import Path

_BLOCKS: Final = ("interface", "router ospf6", "router ospf", "router bgp", "address-family", "route-map", "vrf")

_SINGLE: Final = {
    "": (
        r"(hostname)",
        r"(log (?:syslog|stdout|monitor|facility|timestamp precision))",
        r"((?:ip|ipv6) router-id)",
        r"(password|enable password)",
        r"(banner motd)",
        r"((?:ip|ipv6) prefix-list \S+ (?:seq \d+|description))",
        r"((?:ip |ipv6 )?access-list \S+ (?:seq \d+|remark))",
        r"(bgp (?:large-community-list|community-list|extcommunity-list) \S+ \S+ seq \d+)",
        r"(bgp as-path access-list \S+ seq \d+)",
        r"((?:ip|ipv6) protocol \S+)",
    ),
    "interface": (
        r"(description|bandwidth|mtu|shutdown|link-detect|multicast|pbr-policy)",
        r"(ip ospf area)(?: \S+( \d+\.\d+\.\d+\.\d+)$)?",
        r"(ip ospf (?:cost|(?:hello|dead|retransmit)-interval|transmit-delay|priority))(?:.*( \d+\.\d+\.\d+\.\d+)$)?",
        r"(ip ospf authentication(?:-key)?)(?:.*( \d+\.\d+\.\d+\.\d+)$)?",
        r"(ip ospf network)",
        r"(ip ospf message-digest-key \d+)",
        r"(ipv6 ospf6 (?:area|cost|priority|hello-interval|dead-interval|retransmit-interval|transmit-delay|network|ifmtu))",
        r"(isis (?:metric|priority|circuit-type|hello-interval|hello-multiplier|password|network))",
        r"(vrrp \d+ (?:priority|advertisement-interval))",
        r"(ip rip authentication (?:mode|key-chain|string))",
    ),
    "router ospf": (
        r"(ospf router-id|auto-cost reference-bandwidth|default-information originate|log-adjacency-changes|maximum-paths)",
        r"(default-metric|refresh timer|write-multiplier|timers throttle (?:spf|lsa all)|timers lsa min-arrival)",
        r"(distance(?: ospf)?)",
        r"(redistribute \S+|network \S+|max-metric router-lsa \S+)",
        r"(area \S+ (?:stub|nssa|authentication|default-cost|export-list|import-list|shortcut|range \S+))",
        r"(area \S+ filter-list prefix) \S+ (in|out)",
    ),
    "router bgp": (
        r"(neighbor \S+ (?:timers connect|capability \S+|\S+)).*? (in|out)$",
        r"(neighbor \S+ (?:timers connect|capability \S+|\S+))",
        r"(bgp (?:router-id|cluster-id|default \S+)|timers bgp|distance bgp|maximum-paths(?: ibgp)?|table-map)",
        r"(network \S+|aggregate-address \S+|redistribute \S+)",
    ),
    "route-map": (
        r"(match (?:ip|ipv6) (?:address|next-hop|route-source)(?: (?:prefix-list|prefix-len|type|address))?)",
        r"(match [a-z-]+)",
        r"(set (?:ip|ipv6) \S+(?: (?:global|local))?|set as-path \S+|set [a-z-]+)",
        r"(call|on-match|continue|description)",
    ),
}
_PATTERNS: Final = {kind: tuple(re.compile(each) for each in patterns) for kind, patterns in _SINGLE.items()}
_ROUTE: Final = re.compile(
    r"((?:ip|ipv6) route) (\S+)"
    r"((?: (?!tag\b|label\b|table\b|vrf\b|nexthop-vrf\b|onlink\b|color\b|\d+\b(?![.:]))\S+){1,2})"
)
_ROUTE_OF: Final = re.compile(r" ((?:table|nexthop-vrf|vrf) \S+)")

_FIRST_AWAY: Final = re.compile(r"(ip ospf area|ipv6 ospf6 area|network \S+ area|area \S+ (stub|nssa))\b")
"""What FRR refuses to change while the old value stands."""

_SHORT: Final = (
    re.compile(r"(description|mtu|neighbor \S+ (?:description|password)|ip ospf authentication-key)\b"),
    re.compile(r"((?:ip|ipv6) prefix-list \S+ description)\b"),
    re.compile(r"(ip ospf message-digest-key \d+|set as-path prepend|password|enable password|banner motd|key-string)\b"),
)
"""Taken away without their value."""

_HIDDEN: Final = {
    "interface": re.compile(
        r"(ip ospf (hello-interval 10|retransmit-interval 5|transmit-delay 1|priority 1|network broadcast)"
        r"|ipv6 ospf6 (hello-interval 10|dead-interval 40|retransmit-interval 5|transmit-delay 1|priority 1|instance-id 0)"
        r"|mtu 1500|link-detect|multicast)$"
    ),
    "": re.compile(r"(ip forwarding|ipv6 forwarding|zebra nexthop kernel enable|log facility daemon)$"),
    "router ospf": re.compile(r"(auto-cost reference-bandwidth 100000|refresh timer 10)$"),
    "router bgp": re.compile(r"bgp (default ipv4-unicast|ebgp-requires-policy|network import-check|suppress-duplicates)$"),
}
"""What is so anyway: FRR takes it and never shows it."""

_SHOWN_NO: Final = {
    "": re.compile(r"no "),
    "interface": re.compile(r"no (link-detect|multicast|ip redirects)$"),
    "router ospf": re.compile(r"no (log-adjacency-changes|rfc1583compatibility)$"),
    "router bgp": re.compile(r"no (bgp |neighbor \S+ (activate|send-community))"),
}
"""Lines that begin with `no` and are shown as they are."""

_HARMLESS: Final = re.compile(r"(no )?(description|bandwidth|ip ospf|ipv6 ospf6|ip router isis|ipv6 router isis|isis|ip rip)\b")

_HELLO: Final = re.compile(r"ip ospf hello-interval \d+( \d+\.\d+\.\d+\.\d+)?")
_DEAD: Final = re.compile(r"ip ospf dead-interval (?:\d+|minimal hello-multiplier \d+)( \d+\.\d+\.\d+\.\d+)?")

_STAYS: Final = re.compile(r"(interface|vrf|address-family|line vty)\b")
"""Blocks that are emptied instead of taken away: they stand for something that FRR did not make, or have no `no`."""

_DAEMONS: Final = (
    ("staticd", re.compile(r"(no )?(ip|ipv6) route ")),
    ("ospfd", re.compile(r"(no )?(router ospf( |$)|ip ospf )")),
    ("ospf6d", re.compile(r"(no )?(router ospf6|ipv6 ospf6 )")),
    ("bgpd", re.compile(r"(no )?(router bgp|bgp )")),
    ("isisd", re.compile(r"(no )?(router isis|isis |ip router isis|ipv6 router isis)")),
    ("ripd", re.compile(r"(no )?(router rip( |$)|ip rip )")),
    ("ripngd", re.compile(r"(no )?(router ripng|ipv6 ripng )")),
    ("eigrpd", re.compile(r"(no )?router eigrp")),
    ("ldpd", re.compile(r"(no )?mpls ldp")),
    ("pimd", re.compile(r"(no )?(ip pim |ip igmp|ip msdp)")),
    ("bfdd", re.compile(r"(no )?bfd$")),
    ("vrrpd", re.compile(r"(no )?vrrp ")),
    ("pbrd", re.compile(r"(no )?(pbr-map|pbr-policy|nexthop-group)")),
)


def kind_of(path: Path) -> str:
    """Which table holds for the lines in a block: an address family counts as its router."""
    for line in reversed(path):
        for kind in _BLOCKS:
            if line.startswith(kind):
                return {"address-family": "router bgp", "vrf": "", "router ospf6": "router ospf"}.get(kind, kind)
    return "" if not path else path[0]


@lru_cache(maxsize=2**16)  # every line of a block is held against every other
def key_of(path: Path, line: str) -> str:
    """Lines of one block with the same key take each other's place; `no X` has the key of `X`."""
    line = line.removeprefix("no ")
    if (route := _ROUTE.match(line)) is not None:
        of = " ".join(sorted(_ROUTE_OF.findall(line[route.end() :])))
        return f"{' '.join(group.strip() for group in route.groups())} {of}".rstrip()
    for pattern in _PATTERNS.get(kind_of(path), ()):
        if (found := pattern.match(line)) is not None and _whole_words(found, line):
            return " ".join(group.strip() for group in found.groups() if group)
    return line


def canonical(path: Path, line: str) -> str:
    """A line as FRR shows it."""
    kind = kind_of(path)
    if kind == "" and line.startswith("router-id "):
        line = f"ip {line}"
    if kind == "" and line == "log syslog debugging":
        line = "log syslog"
    if kind == "router ospf" and line.startswith("router-id "):
        line = f"ospf {line}"
    prefix = re.match(r"((?:no )?(?:ip route|ipv6 route|network) )(\S+/\d+)(.*)$", line)
    if prefix is None:
        return line
    try:
        return f"{prefix[1]}{ip_network(prefix[2], strict=False)}{prefix[3]}"
    except ValueError:
        return line


def is_hidden(path: Path, line: str) -> bool:
    """A value that is the default, so that its line is never shown."""
    kind = kind_of(path)
    return kind in _HIDDEN and _HIDDEN[kind].match(line) is not None


def is_shown_no(path: Path, line: str) -> bool:
    """A line with `no` that is a setting of its own."""
    kind = kind_of(path)
    return kind in _SHOWN_NO and _SHOWN_NO[kind].match(line) is not None


def goes_first(line: str) -> bool:
    """The old value must be taken away before the new one is set."""
    return _FIRST_AWAY.match(line) is not None


def stays(line: str) -> bool:
    """A block that is emptied and not taken away."""
    return _STAYS.match(line) is not None


def leaves_kernel(line: str) -> bool:
    """A line of an interface that only its daemon knows: addresses, MTU and state in the kernel stay."""
    return _HARMLESS.match(line) is not None


def negated(line: str) -> str:
    """The line that takes this one away."""
    if line.startswith("no "):
        return line.removeprefix("no ")
    for pattern in _SHORT:
        if (found := pattern.match(line)) is not None:
            return f"no {found[1]}"
    return f"no {line}"


def shorter(line: str) -> str | None:
    """Another way to take away: `no` with one word less; None when none is left that names the thing."""
    words = line.split()
    return " ".join(words[:-1]) if words[0] == "no" and len(words) > 3 else None


def hello_of(line: str) -> str | None:
    """The address for which a line says OSPF's hello time, empty for all; None for another line."""
    return _address_of(_HELLO, line)


def dead_of(line: str) -> str | None:
    """As `hello_of`, of the dead time."""
    return _address_of(_DEAD, line)


def _address_of(pattern: re.Pattern[str], line: str) -> str | None:
    found = pattern.fullmatch(line)
    return (found[1] or "").strip() if found else None


def daemon_of(line: str) -> str | None:
    """The daemon that keeps a line; None for zebra's own and what any may keep."""
    return next((daemon for daemon, pattern in _DAEMONS if pattern.match(line)), None)


def _whole_words(found: re.Match[str], line: str) -> bool:
    end = found.end(1)
    return end == len(line) or line[end] == " "

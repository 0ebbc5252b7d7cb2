"""The work of one push, in words that any tool can carry out: what is written, how one arms, looks and confirms by hand.

Every tool is asked for the same: let FRR check the lines, arm a way back on the router, write the lines, log in anew, see them
in the running configuration and the link as it should be, call off the way back, save. Pure.
"""

from __future__ import annotations

from typing import Final, TypedDict

HOME: Final = "/run/bench-push"
ARM: Final = 120
PINGS: Final = 3


class Router(TypedDict):
    """`peer` is the address at the other end of `interface`."""

    name: str
    address: str
    interface: str
    peer: str


class Work(TypedDict):
    """`known_hosts` and `key` are files. `number` makes the lines of one run differ from those of the last. `folder`: scratch."""

    routers: list[Router]
    number: int
    known_hosts: str
    key: str
    folder: str


class Worked(TypedDict):
    """`seconds` from the first connection to the last confirmed; `failed`: router and why."""

    seconds: float
    failed: dict[str, str]


def lines(number: int) -> list[str]:
    """The three lines below the interface."""
    return [f"description lajur bench {number}", f"bandwidth {1000 + number}", f"ip ospf cost {10 + number}"]


def check(router: Router, number: int) -> str:
    """One shell line: FRR's own check of the lines, which changes nothing."""
    text = "".join(f"{line}\\n" for line in [f"interface {router['interface']}", *lines(number), "exit"])
    return f"mkdir -p {HOME} && printf '{text}' > {HOME}/lines && vtysh -C -f {HOME}/lines && echo checked"


def arm() -> str:
    """One shell line: keep what runs, and bring it back by itself unless somebody calls that off."""
    back = f"echo $$ > {HOME}/timer; sleep {ARM} && vtysh -f {HOME}/before"
    keep = f"mkdir -p {HOME}; vtysh -c 'show running-config' > {HOME}/before"
    # Only when the timer has a session of its own does it outlive the one that set it.
    return f"{keep} && (setsid sh -c '{back}' </dev/null >/dev/null 2>&1 &) && until [ -s {HOME}/timer ]; do :; done"


def write(router: Router, number: int) -> str:
    """One shell line: the three lines in one go, as somebody who knows FRR would."""
    words = ["configure terminal", f"interface {router['interface']}", *lines(number)]
    return "vtysh " + " ".join(f"-c '{each}'" for each in words)


def looks(router: Router) -> list[str]:
    """Shell lines that see the link."""
    ping = f"ping -n -q -c {PINGS} -i 0.2 -w 3"
    return [
        f"ip -j link show dev {router['interface']}",
        f"{ping} {router['peer']}",
        f"{ping} -M do -s 1472 {router['peer']}",
        "vtysh -c 'show ip ospf neighbor json'",
    ]


SHOW: Final = "vtysh -c 'show running-config'"
CONFIRM: Final = f"kill -- -$(cat {HOME}/timer) && rm -r {HOME} && vtysh -c 'write memory' && echo confirmed"


def missing(running: str, number: int) -> list[str]:
    """The lines that should be in the running configuration and are not."""
    held = {line.strip() for line in running.splitlines()}
    return [line for line in lines(number) if line not in held]


def unwell(answers: list[str]) -> str:
    """What the looks say against the link; nothing when it is well."""
    carrier, small, large, neighbours = answers
    seen = {
        "no carrier": '"UP"' in carrier and "LOWER_UP" in carrier,
        "small packets are lost": " 0% packet loss" in small,
        "large packets are lost": " 0% packet loss" in large,
        "no OSPF neighbour": "Full" in neighbours,
    }
    return ", ".join(what for what, well in seen.items() if not well)

"""A small FRR: takes lines as vtysh does, and is as strict where the real one is. Knows nothing of the driver.

It was written from what FRR 8.4 did with such lines, one by one.
"""

from __future__ import annotations

import copy
import re

Config = dict[str, "Config"]

_OPENS = re.compile(r"(interface|router|route-map|address-family|key chain) |key \d")
_REPLACED = (
    r"description",
    r"bandwidth",
    r"ip ospf (?:cost|hello-interval|dead-interval|network|authentication-key|message-digest-key \d+)",
    r"ip ospf authentication(?= message-digest|$)",
    r"(?:ospf|bgp) router-id",
    r"auto-cost reference-bandwidth",
    r"redistribute \S+",
    r"distance",
    r"neighbor \S+ (?:remote-as|description|timers)",
    r"neighbor \S+ route-map(?= \S+ in)",
    r"neighbor \S+ route-map(?= \S+ out)",
    r"ip prefix-list \S+ seq \d+",
    r"match ip address prefix-list",
    r"match tag",
    r"set \S+",
    r"key-string",
)
_BARE_NO = re.compile(r"(description|ip ospf message-digest-key \d+|key-string|neighbor \S+ description)")
_SWITCH = "ip forwarding"
_DEFAULTS = {"ip ospf hello-interval 10", "ip ospf network broadcast"}


class RefusedError(Exception):
    """What the real one answers with `%`."""


class Frr:
    def __init__(self, config: Config | None = None) -> None:
        self.config: Config = copy.deepcopy(config or {})
        self._path: list[str] = []

    def take(self, text: str) -> None:
        for raw in text.splitlines():
            line = raw.strip()
            if line in ("exit", "exit-address-family"):
                self._path.pop()
            elif line:
                self._one(line)
        assert not self._path, "a block was left open"

    def _block(self) -> Config:
        block = self.config
        for line in self._path:
            block = block[line]
        return block

    def _one(self, line: str) -> None:
        block = self._block()
        if line.removeprefix("no ") == _SWITCH:
            block.pop(f"no {_SWITCH}", None)
            block |= {line: {}} if line.startswith("no ") else {}
            return
        if line.startswith("no "):
            self._away(block, line.removeprefix("no "))
            return
        if _OPENS.match(line):
            block.setdefault(line, {})
            self._path.append(line)
            return
        self._check(block, line)
        for pattern in _REPLACED:
            if (found := re.match(pattern, line)) is not None:
                side = line.rsplit(maxsplit=1)[-1] if "route-map(" in pattern else ""
                for other in [each for each in block if re.match(pattern, each) and each.startswith(found[0])]:
                    if not side or other.endswith(f" {side}"):
                        del block[other]
        if line not in _DEFAULTS:
            block[line] = {}

    def _check(self, block: Config, line: str) -> None:
        if line.startswith("ip ospf area") and any(each.startswith("ip ospf area") and each != line for each in block):
            raise RefusedError("Must remove previous area config before changing ospf area")
        if re.match(r"network \S+ area ", line) and self._areas():
            raise RefusedError("Please remove all ip ospf area x.x.x.x commands first.")
        words = line.split()
        if words[0] == "neighbor" and words[2] != "remote-as":
            router = self.config[self._path[0]]
            if not any(each.startswith(f"neighbor {words[1]} remote-as") for each in router):
                raise RefusedError("Specify remote-as or peer-group commands first")

    def _areas(self) -> bool:
        return any(
            line.startswith("ip ospf area") for name, block in self.config.items() if "interface" in name for line in block
        )

    def _away(self, block: Config, thing: str) -> None:
        if (bare := _BARE_NO.match(thing)) is not None and bare[0] != thing:
            raise RefusedError(f"Unknown command: no {thing}")
        if thing.startswith(("interface ", "address-family ")):
            raise RefusedError(f"Unknown command: no {thing}")
        words = thing.split()
        gone = [each for each in block if each == thing or each.startswith(f"{thing} ")]
        if words[0] == "neighbor" and not gone:
            raise RefusedError("Specify remote-as or peer-group commands first")
        for each in gone:
            del block[each]
        if words[0] == "neighbor" and words[2] == "remote-as":
            self._forget(block, f"neighbor {words[1]} ")

    def _forget(self, block: Config, start: str) -> None:
        for line in list(block):
            if line.startswith(start):
                del block[line]
            else:
                self._forget(block[line], start)


def pruned(config: Config) -> Config:
    """Without blocks that stand for something else and hold nothing."""
    found = {}
    for line, below in config.items():
        inner = pruned(below)
        if inner or not line.startswith(("interface ", "address-family ")):
            found[line] = inner
    return found

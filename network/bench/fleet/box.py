"""What an emulated device answers: as much of a Linux box with FRR as a push by `napalm_frr` asks for, and a state of its own.

No shell reads the scripts: each is known by the driver's own text in it. The running configuration is real in one respect
only: what was committed is in it, and gone again when it was not kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Final

from napalm_frr import orders

_NONCE: Final = re.compile(r"printf '\\n@%s %s\\n' ([0-9a-f]+) ")
_COMMAND: Final = re.compile(r"^(?:\{ |\} \| \{ )*\( (.*?)\n\) </dev/null 2>&1; printf ", re.MULTILINE | re.DOTALL)
_TOGETHER: Final = re.compile(r"^said=\$\(vtysh -E (.*?) </dev/null", re.MULTILINE)
_WORDS: Final = re.compile(r"-c '([^']*)'")
_VARIABLE: Final = re.compile(r"^(\w+)='((?:[^']|'\\'')*)'$", re.MULTILINE)
_PINGS: Final = re.compile(r"^ping .*-c (\d+)")

_DAEMONS: Final = " zebra ospfd staticd\n"
_HEAD: Final = "Building configuration...\n\nCurrent configuration:\n!\nfrr version 8.4.4\nfrr defaults traditional\n"
_LINKS: Final = (
    "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\\    "
    "link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
    "2: wan0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000\\    "
    "link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n"
)
_LINKS_JSON: Final = json.dumps(
    [
        {"ifname": "lo", "flags": ["LOOPBACK", "UP", "LOWER_UP"], "mtu": 65536, "link_type": "loopback"},
        {"ifname": "wan0", "flags": ["UP", "LOWER_UP"], "mtu": 1500, "link_type": "ether", "address": "02:00:00:00:00:01"},
    ]
)
PEER: Final = "100.66.0.0"
_NEIGHBOUR: Final = {"nbrState": "Full/-", "address": PEER, "ifaceName": "wan0:100.66.0.1", "upTimeInMsec": 60000}
_NEIGHBOURS: Final = json.dumps({"neighbors": {"100.65.0.1": [_NEIGHBOUR]}})


@dataclass(slots=True)
class _Armed:
    token: str
    who: str
    message: str
    seconds: str
    before: dict[str, list[str]]


@dataclass(slots=True)
class Box:
    """`blocks`: by its head, the lines of a block of the running configuration."""

    blocks: dict[str, list[str]] = field(default_factory=lambda: {"interface wan0": ["ip ospf area 0", "ip ospf cost 10"]})
    armed: _Armed | None = None

    def converse(self, command: str, text: str) -> Generator[str, str, None]:
        """What a command prints with `text` on its standard input, part by part; between two parts it is sent (`send`) more."""
        # The last is that of the script itself: a script of the kit may be one of its commands.
        nonce = next(reversed(_NONCE.findall(text)), None)
        if command not in ("exec sh", "exec sh 2>&1") or nonce is None:
            yield f"{command[:80]}: not found\n"
        elif asked := _COMMAND.findall(text):
            # Pings run at the same time, and the last one's answer comes first.
            pings = [each for each in asked if _PINGS.match(each)]
            alone = [*reversed(pings), *(each for each in asked if each not in pings)]
            answers = [*self._together(text), *map(self._command, alone)]
            yield "".join(f"{said}\n@{nonce} {code}\n" for said, code in answers)
        elif orders.BEGIN in text:
            yield from self._commit(nonce)
        else:
            yield self._kit(text, dict(_VARIABLE.findall(text))).replace("\n@", f"\n@{nonce} ")

    # ---- the driver's scripts

    def _kit(self, text: str, given: Mapping[str, str]) -> str:
        if orders.CONFIRM in text:
            return self._confirm(given["token"])
        if orders.REVERT in text:
            self._back()
            return "\n@done same\n"
        return "\n@failed\nnot emulated\n"

    def _commit(self, nonce: str) -> Generator[str, str, None]:
        if self.armed is not None:
            yield self._pending().replace("\n@", f"\n@{nonce} ")
            return
        listens = f"\n@{nonce} {orders.LISTENS}\n"
        told = yield f"\n@{nonce} running\n{self._shown(nonce)}{listens}"
        while orders.CARRY in told or orders.MORE in told:
            given = dict(_VARIABLE.findall(told))
            if self.armed is None:
                before = {head: list(lines) for head, lines in self.blocks.items()}
                self.armed = _Armed(given["token"], given["who"], given["message"], given["left"], before)
            self._apply(given["forward"])
            told = yield f"\n@{nonce} carried\n{self._shown(nonce)}{listens}"
        if orders.WAIT in told:
            yield f"\n@{nonce} done\n"
        else:
            self._back()
            yield f"\n@{nonce} refused left same\n"

    def _confirm(self, token: str) -> str:
        if self.armed is None:
            return "\n@nothing\n"
        if token and token != self.armed.token:
            return self._pending()
        self.armed = None
        return "\n@done\n"

    def _pending(self) -> str:
        held = self.armed
        return f"\n@held {held.seconds}\n{held.token}\n{held.who}\n{held.message}\n" if held else "\n@nothing\n"

    def _back(self) -> None:
        if self.armed is not None:
            self.blocks, self.armed = self.armed.before, None

    def _apply(self, lines: str) -> None:
        """A line takes the place of the one that says the same thing otherwise."""
        own: list[str] = []
        for line in map(str.strip, lines.splitlines()):
            if line.startswith("interface "):
                own = self.blocks.setdefault(line, [])
            elif line not in ("exit", "end", ""):
                own[:] = sorted([each for each in own if _thing(each) != _thing(line.removeprefix("no "))])
                if not line.startswith("no "):
                    own.append(line)

    def _running(self) -> str:
        blocks = "".join(
            "\n".join([head, *(f" {line}" for line in lines), "exit", "!", ""]) for head, lines in self.blocks.items()
        )
        return f"{_HEAD}!\n{blocks}end\n"

    def _shown(self, nonce: str) -> str:
        return f"{_DAEMONS}{self._running()}\n@{nonce} links\n{_LINKS}"

    # ---- single commands

    def _together(self, text: str) -> list[tuple[str, int]]:
        """What one vtysh is asked, each after its prompt."""
        if (found := _TOGETHER.search(text)) is None:
            return []
        words = _WORDS.findall(found[1])
        said = [(each, self._command(f"vtysh -c '{each}'")[0]) for each in words]
        return [("".join(f"box# {each}\n{answer}\n" for each, answer in said), 0)]

    def _command(self, command: str) -> tuple[str, int]:
        if orders.PENDING in command and (nonce := _NONCE.search(command)):
            return self._pending().replace("\n@", f"\n@{nonce[1]} "), 0
        if pings := _PINGS.match(command):
            return f"{pings[1]} packets transmitted, {pings[1]} received, 0% packet loss, time 1ms\n", 0
        said = {
            "true": "",
            "vtysh -c 'show daemons' -c 'show running-config'": f"{_DAEMONS}{self._running()}",
            "ip -o link show": _LINKS,
            "ip -j link show": _LINKS_JSON,
            "vtysh -c 'show interface vrf all json'": "{}",
            "vtysh -c 'show ip ospf neighbor json'": _NEIGHBOURS,
            "date '+%Y/%m/%d %H:%M:%S'": "2026/01/05 08:00:00\n",
        }.get(command.rpartition("||\n")[2])
        return ("not found\n", 127) if said is None else (said, 0)


def will_listen(script: str) -> bool:
    return orders.BEGIN in script


def listens(said: str) -> bool:
    """Whether what was said last is that more is to be heard."""
    return said.endswith(f" {orders.LISTENS}\n")


def _thing(line: str) -> str:
    """What a line is about: `ip ospf cost 20` and `ip ospf cost 10` are about the same."""
    head = line.partition(" ")[0]
    return head if head == "description" else line.rpartition(" ")[0]

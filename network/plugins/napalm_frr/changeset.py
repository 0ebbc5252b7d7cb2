"""One change as it goes to a device: the way there, the way back, and which line of the candidate each command is. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from napalm_frr.answers import Refusal, Running
from napalm_frr.candidate import MTU_LEAST, MTU_MOST, Candidate
from napalm_frr.changes import HOSTNAME, MTU, Command, Delta, Script, delta, missing, script
from napalm_frr.direct import addressed
from napalm_frr.grammar import daemon_of, shorter
from napalm_frr.masks import secret
from napalm_frr.text import Path, Tree
from napalm_frr.words import shown

LARGE: Final = 16_000
"""Bytes from which on a change is read from a file: an argument of a program is at most 128 KiB, and much may take long."""

_FILTER: Final = "| "
"""Whatever stands before it, also in a description, typed or in a file, at every start of the device too. No error is said."""

_KERNEL: Final = re.compile(r"\bkernel mtu (\S+) (\S+)")

_INTERFACE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@:+-]{0,31}")


@dataclass(frozen=True, slots=True)
class Change:
    """`forward` leads from `before` to `wanted`, `back` the other way."""

    candidate: Candidate
    before: Tree
    wanted: Tree
    forward: Delta
    back: Delta
    given: Script
    there: Script
    return_: Script

    @property
    def interfaces(self) -> str:
        return " ".join(self.forward.interfaces)

    @property
    def is_file(self) -> bool:
        """Read from a file, not typed: what is typed are arguments of a program, which every user of the device may read."""
        return len(self.there.text) > LARGE or secret(self.there.text)

    @property
    def direct(self) -> str:
        """The way there as it is told to the daemons themselves, when every line there, back and given is known well enough to go
        unchecked; else empty."""
        known = [addressed(each.text) for each in (self.there, self.return_, self.given)]
        return "" if None in known else known[0] or ""

    @property
    def words(self) -> str:
        """What FRR has no command for, a line each."""
        return "".join(f"{' '.join(each)}\n" for each in self.forward.kernel)

    def checked(self, refusal: Refusal) -> Command | None:
        """What the check of all lines refused: what was given, the way there, the way back, one after the other."""
        return _at([*self.given.places, *self.there.places, *self.return_.places], refusal)

    def applied(self, refusal: Refusal) -> Command | None:
        return _at(self.there.places, refusal)

    def worded(self, refusal: Refusal) -> Command | None:
        """Which line of the candidate the kernel refused."""
        found = _KERNEL.search(refusal.said)
        return Command((f"interface {found[1]}",), f"{MTU}{found[2]}") if found else None

    def said_of(self, command: Command | None, refusal: Refusal) -> str:
        """A refusal for people: where in the candidate, and the device's words."""
        return f"{self.candidate.where(command) if command else 'a line'}: {shown(refusal.said)}"

    def lacking(self, running: Running) -> str:
        """Why the device cannot have it; empty when it can."""
        if short := self.candidate.abbreviated:
            return f"{self.candidate.where(short)}: write the whole word"
        if bad := self.candidate.bad_mtu:
            return f"{self.candidate.where(bad)}: an MTU is a whole number from {MTU_LEAST} to {MTU_MOST}"
        for command in self.forward.commands:
            if _FILTER in command.line:
                return f"{self.candidate.where(command)}: FRR takes `| ` for a filter and loses the line; leave out the blank"
            for line in (*command.path[:1], command.line):
                daemon = daemon_of(line)
                if daemon and daemon not in running.daemons:
                    return f"{self.candidate.where(command)}: {daemon}, which would keep it, does not run"
        strange = next((each for each in self.forward.interfaces if not _INTERFACE.fullmatch(each)), None)
        return f"{shown(strange)!r} is no interface" if strange else ""

    def left(self, running: Running) -> list[Path]:
        """After a replace: what is still there and was to go, and what went with it though it was to stay.

        A new line that FRR does not show is taken as done: it is the default."""
        if not self.candidate.whole:
            return []
        lost = set(missing(self.wanted, running.tree)) - set(missing(self.wanted, self.before))
        left = [*missing(running.tree, self.wanted), *sorted(lost)]
        return [path for path in left if not path[0].startswith(HOSTNAME)]


@dataclass(slots=True)
class Maker:
    """Makes changes from a candidate; remembers which commands had to be said in another way."""

    candidate: Candidate
    _instead: dict[Command, Command] = field(default_factory=dict)

    def change(self, running: Running, *, start: Tree | None = None) -> Change:
        """From what runs. `start` is where the way back leads to, when that is not what runs now."""
        before = running.tree if start is None else start
        wanted = self.candidate.wanted(running.tree)
        raised = (("up", each) for each in self.candidate.raised if each in running.down)
        there = delta(running.tree, wanted)
        forward = Delta(self._said(there), (*there.kernel, *raised))
        back = delta(wanted, before)
        back = Delta(self._said(back), back.kernel)
        scripts = (script(each) for each in (self.candidate.commands, forward.commands, back.commands))
        return Change(self.candidate, before, wanted, forward, back, *scripts)

    def back(self, running: Running, change: Change) -> str:
        """A better way back, when FRR made more (or less) of the change than was foreseen; empty when it is the same."""
        commands = self._said(delta(running.tree, change.before))
        return "" if set(commands) == set(change.back.commands) else script(commands).text

    def say_otherwise(self, command: Command | None) -> bool:
        """Find another way to take away what cannot be taken away so; False when there is none."""
        if command is None or command in self.candidate.commands or (words := shorter(command.line)) is None:
            return False
        original = next((first for first, now in self._instead.items() if now == command), command)
        self._instead[original] = Command(command.path, words)
        return True

    def _said(self, change: Delta) -> tuple[Command, ...]:
        return tuple(self._instead.get(each, each) for each in change.commands)


def _at(places: Sequence[Command | None], refusal: Refusal) -> Command | None:
    """Where a block could not be entered, the first command in it."""
    if refusal.number is None or not 1 <= refusal.number <= len(places):
        return None
    return next((each for each in places[refusal.number - 1 :] if each), None)

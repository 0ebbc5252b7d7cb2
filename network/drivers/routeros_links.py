"""A MikroTik router on which links end: commands typed over Netmiko in RouterOS' Safe Mode, which is its only own way back.

What Safe Mode gives: what was typed is undone when the session that typed it ends without a word, at once when it is told so and
up to nine minutes later when the line is cut; another session can keep it or undo it by taking over. What it does not: it knows
no time, belongs to one terminal of the whole router, holds 100 actions, and a restart keeps what was typed. A change too long
for it is typed without, and typed back when it is to go. Never trusts a host key by itself, and never logs what it types.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from network.core.link_ports import Commit, Pending, Running
from network.core.links.capabilities import Capabilities
from network.core.links.difference import hidden
from network.core.links.sight import Looks, Sight
from network.dialects.links import routeros_seen as seen
from network.drivers.link_sessions import LinkTarget, Which
from network.drivers.netmiko_links import NetmikoLogin, sessions
from network.errors import ArmExpired, DeviceArmed, StepRefused

_PROMPT: Final = r"\[[^\]\r\n]*\] ?(?:/[^<>\r\n]*)?(?:<SAFE>)? ?>? *"
_READY: Final = re.compile(rf"(?:^|[\r\n]){_PROMPT}$")
_SWITCH: Final = "\x18"
"""Ctrl-X: into Safe Mode, and out of it again with all that was done."""

_TAKEN: Final = "<SAFE>"
_SOMEBODY: Final = "[u/r/d]"
"""Ends the question what shall become of the changes of him who is in Safe Mode: undo, release them, or leave all as it is."""

_MOST: Final = 90
"""Commands in one Safe Mode, which gives itself up without a word beyond 100 actions."""

_LONGEST: Final = 300
_LARGEST: Final = 16 * 1024 * 1024
_PATIENCE: Final = 30
_ANSI: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class RouterOsLinkDevice:
    """`network.core.link_ports.LinkDevice` of a RouterOS 7 device."""

    def __init__(self, target: LinkTarget, capabilities: Capabilities, login: NetmikoLogin) -> None:
        self._target, self._known = target, capabilities
        self._sessions = sessions(target, capabilities, login)
        self._run = ""
        self._inverse: str | None = None

    def read(self, *, beside: bool = False) -> Running:
        """With the keys, where the login may see them: one that it may not see counts as the right one."""

        def both(session: Any) -> tuple[str, str]:
            return _ask(session, "/export terse show-sensitive", patience=60), _ask(session, seen.PENDING)

        text, history = self._sessions.look(Which.MAIN, "read", both)
        return Running(text=text, pending=Pending(run=self._run) if seen.pending(history) else None)

    def commit(self, commit: Commit) -> None:
        doing = f"commit {commit.run}"
        lines = commit.candidate.splitlines()
        self._sessions.drop(Which.FRESH)
        session = self._sessions.get(Which.MAIN, doing)
        with self._sessions.words(doing, sent=True):
            if len(lines) <= _MOST:
                self._take(session, doing)
            self._run, self._inverse = commit.run, commit.inverse if len(lines) > _MOST else None
            for line in lines:
                if said := _ask(session, line):
                    self.revert()
                    name = self._target.device
                    told = hidden(said.splitlines()[0].strip()[:_LONGEST])
                    raise StepRefused("links.line_refused", device=name, step=doing, line=hidden(line)[:_LONGEST], said=told)

    def look(self, looks: Sequence[Looks]) -> tuple[Sight, ...]:
        return tuple(self._sessions.look(Which.FRESH, "look", partial(self._look, looks=each)) for each in looks)

    def confirm(self, run: str) -> None:
        """Take over Safe Mode from a session that was opened after the change, and leave it with all that was done."""
        doing = f"confirm {run}"
        if self._inverse is None:
            session = self._sessions.get(Which.FRESH, doing)
            with self._sessions.words(doing, sent=True):
                kept = self._end(session, "r", doing)
            if not kept:
                self._run = ""
                raise ArmExpired("device.expired", device=self._target.device, step=doing, run=run)
        self._run, self._inverse = "", None

    def revert(self) -> None:
        if not self._run:
            return
        self._sessions.drop(Which.FRESH)
        session = self._sessions.get(Which.FRESH, "revert")
        with self._sessions.words("revert", sent=True):
            if self._inverse is None:
                self._end(session, "u", "revert")
            else:
                for line in self._inverse.splitlines():
                    _ask(session, line)
        self._run, self._inverse = "", None
        self._sessions.drop(Which.MAIN)

    def close(self) -> None:
        self._sessions.close()

    def _take(self, session: Any, doing: str) -> None:
        """Raises DeviceArmed when somebody is in Safe Mode already, who is left alone."""
        said = _press(session, _SWITCH)
        if _SOMEBODY in said:
            _press(session, "d")
            raise DeviceArmed("device.armed", device=self._target.device, step=doing, run="?", seconds="?")
        if _TAKEN not in said:
            raise StepRefused("links.device_refused", device=self._target.device, step=doing, said=_plain(said))

    def _end(self, session: Any, word: str, doing: str) -> bool:
        """Take over from who is in Safe Mode, and leave it. False when nobody was."""
        said = _press(session, _SWITCH)
        somebody = _SOMEBODY in said
        if somebody:
            said = _press(session, word)
        if _TAKEN not in said:
            raise StepRefused("links.device_refused", device=self._target.device, step=doing, said=_plain(said))
        _press(session, _SWITCH)
        return somebody

    def _look(self, session: Any, looks: Looks) -> Sight:
        def ask(command: str) -> str:
            return _ask(session, command)

        name, peer = looks.interface, looks.peer
        pings = [
            seen.pings(ask(seen.ping(peer, looks.source, size, looks.count)), looks.count) if looks.pings and peer else None
            for size in (looks.small, looks.large)
        ]
        state, age = seen.routing(ask(seen.OSPF), peer) if looks.routing else (None, None)
        light = ask(seen.module(name)) if looks.optics else ""
        return Sight(
            carrier=seen.carrier(ask(seen.of_interface(name, "running"))),
            mtu=seen.mtu(ask(seen.of_interface(name, "actual-mtu"))),
            neighbours=seen.neighbours(ask(seen.NEIGHBOURS), name) if looks.lldp else None,
            small=pings[0],
            large=pings[1],
            routing=state,
            routing_age=age,
            received=seen.level(light, "rx"),
            sent=seen.level(light, "tx"),
        )


def _ask(session: Any, line: str, patience: float = _PATIENCE) -> str:
    """What is said to one line, without its echo and the prompt after it. A command that does something says nothing."""
    session.write_channel(f"{line}\r")
    return _answer(_until_ready(session, line, patience), line)


def _press(session: Any, key: str) -> str:
    """What is shown after one key, up to the next prompt or question."""
    session.write_channel(key)
    return _until_ready(session, "", _PATIENCE)


def _until_ready(session: Any, line: str, patience: float) -> str:
    """All that is shown until a prompt stands at the end, after the echo: the terminal paints a line more than once."""
    shown = ""
    while True:
        shown += _ANSI.sub("", session.read_until_pattern(pattern=r"[\s\S]+", read_timeout=patience))
        after = shown.rpartition(line)[2] if line else shown
        if (not line or line in shown) and (_READY.search(after) or shown.rstrip().endswith(_SOMEBODY + ":")):
            return shown
        if len(shown) > _LARGEST:
            raise EOFError(f"> {_LARGEST} B")


def _answer(shown: str, line: str) -> str:
    lines = shown.rpartition(line)[2].replace("\r", "\n").splitlines()
    return "\n".join(each for each in lines[:-1] if each.strip()).strip("\n")


def _plain(said: str) -> str:
    return " ".join(hidden(said).split())[:_LONGEST] or "?"

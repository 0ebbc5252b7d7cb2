"""A device on which links end that has no candidate: lines typed over Netmiko, and typed back when they are to go.

Says honestly what it cannot: nothing on the device goes back by itself. What was typed is saved on the device only when it is
confirmed, so that a restart undoes it until then. Never trusts a host key by itself, and never logs what it types.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from netmiko import ConnectHandler

from network.core.link_ports import Commit, Running
from network.core.links.capabilities import Capabilities
from network.core.links.difference import hidden
from network.core.links.sight import Looks, Sight
from network.dialects.links import vrp_seen
from network.drivers.link_sessions import LinkTarget, Sessions, Which
from network.errors import NotSaved, StepRefused

_REFUSED: Final = re.compile(r"^\s*(?:Error|Info: Failed)[^\n]*", re.MULTILINE)
_PROMPT: Final = re.compile(r"^\[[^\]]*\]")
_LONGEST: Final = 300

_SAVED: Final = "successfully"
"""In every answer of a save that was done, however a version words it."""

_SAVING: Final = 100.0
"""Seconds of silence that a save may take."""

_QUESTIONS: Final = 5
"""A save asks whether it shall go on, and the first one of a device also for the name of its file."""

_WHETHER: Final = re.compile(r"[\[(]y/n[\])]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetmikoLogin:
    """Secrets of a login; `key_file` is a private key that only we can read."""

    password: str | None = field(default=None, repr=False)
    key_file: str | None = None


class NetmikoLinkDevice:
    """`network.core.link_ports.LinkDevice` of a Huawei VRP device."""

    def __init__(self, target: LinkTarget, capabilities: Capabilities, login: NetmikoLogin) -> None:
        self._target, self._known, self._login = target, capabilities, login
        self._sessions = sessions(target, capabilities, login)
        self._inverse = ""

    def read(self, *, beside: bool = False) -> Running:
        show = "display current-configuration"
        text = self._sessions.look(Which.MAIN, "read", lambda session: session.send_command(show, read_timeout=60))
        return Running(text=text)

    def commit(self, commit: Commit) -> None:
        """What is refused in the middle is typed back at once."""
        doing = f"commit {commit.run}"
        self._sessions.drop(Which.FRESH)
        session = self._sessions.get(Which.MAIN, doing)
        self._inverse = commit.inverse
        with self._sessions.words(doing, sent=True):
            said = _typed(session, commit.candidate)
        if (found := _REFUSED.search(said)) is not None:
            self.revert()
            line = _line_before(said, found.start())
            name = self._target.device
            raise StepRefused("links.line_refused", device=name, step=doing, line=hidden(line), said=hidden(found[0].strip()))

    def look(self, looks: Sequence[Looks]) -> tuple[Sight, ...]:
        return tuple(self._sessions.look(Which.FRESH, "look", partial(self._look, looks=each)) for each in looks)

    def confirm(self, run: str) -> None:
        """What was typed is kept already: all that is left is to save it."""
        doing = f"confirm {run}"
        session = self._sessions.get(Which.FRESH, doing)
        with self._sessions.words(doing, sent=True):
            said = _saved(session)
        self._inverse = ""
        found = _REFUSED.search(said)
        if found is not None or _SAVED not in said:
            self._sessions.drop(Which.FRESH)  # it may still wait for an answer
            told = hidden(found[0].strip() if found else _last_line(said))[:_LONGEST]
            raise NotSaved("links.save_refused", device=self._target.device, step=doing, said=told)

    def revert(self) -> None:
        if not self._inverse:
            return
        session = self._sessions.get(Which.MAIN, "revert")
        with self._sessions.words("revert", sent=True):
            _typed(session, self._inverse)
        self._inverse = ""

    def close(self) -> None:
        self._sessions.close()

    def _look(self, session: Any, looks: Looks) -> Sight:
        def ask(command: str) -> str:
            return str(session.send_command(command, read_timeout=30))

        pings = looks.pings and looks.peer is not None
        interface = ask(f"display interface {looks.interface}")
        return Sight(
            carrier=vrp_seen.carrier(interface),
            mtu=vrp_seen.mtu(interface),
            neighbours=vrp_seen.neighbours(ask(f"display lldp neighbor interface {looks.interface}")) if looks.lldp else None,
            small=vrp_seen.pings(ask(self._ping(looks, looks.small)), looks.count) if pings else None,
            large=vrp_seen.pings(ask(self._ping(looks, looks.large)), looks.count) if pings else None,
            routing=vrp_seen.routing(ask(f"display ospf peer {looks.interface}")) if looks.routing else None,
        )

    def _ping(self, looks: Looks, size: int) -> str:
        source = f" -a {looks.source}" if looks.source else ""
        return f"ping -c {looks.count} -m 200 -t 1000 -s {size - self._known.overhead}{source} {looks.peer}"


def sessions(target: LinkTarget, capabilities: Capabilities, login: NetmikoLogin) -> Sessions:
    """The sessions of a device that Netmiko knows. A host key is never trusted unless it is pinned."""

    def connect() -> Any:
        return ConnectHandler(
            device_type=capabilities.driver,
            host=target.host,
            port=target.port,
            username=target.username,
            password=login.password or "",
            use_keys=login.key_file is not None,
            key_file=login.key_file,
            ssh_strict=True,
            alt_host_keys=True,
            alt_key_file=target.known_hosts,
            conn_timeout=target.seconds,
            auth_timeout=target.seconds,
            banner_timeout=target.seconds,
        )

    return Sessions(target, connect, _lives, _hang_up)


def _hang_up(session: Any) -> None:
    """Without a farewell: for one, a terminal is first listened to for two seconds, to know in which mode it is."""
    session.cleanup = lambda: None
    session.disconnect()


def _lives(session: Any) -> bool:
    """Not asked over the terminal, as Netmiko's own question is: that would be typed into the next line."""
    return bool(session.remote_conn.get_transport().is_active())


def _typed(session: Any, lines: str) -> str:
    """All that the device said to it. The views are entered and left by lines of our own: Netmiko would listen for two seconds,
    four times, to find out in which one it is."""
    around = ["system-view", *lines.splitlines(), "return"]
    entered = {"enter_config_mode": False, "exit_config_mode": False}
    said = str(session.send_config_set(around, cmd_verify=False, read_timeout=60, **entered))
    left = f"<{session.base_prompt}>"
    if said.rstrip().endswith(left):
        return said
    if not session.is_alive():
        raise EOFError("the session ended")
    return said + str(session.read_until_pattern(pattern=re.escape(left), read_timeout=60))


def _saved(session: Any) -> str:
    """All that the device said to a save. Netmiko's own takes any bracket for the end of it, that of a question as well, and then
    what comes of it is not heard."""
    heard, answer = "", "save"
    ended = rf"(?:<{re.escape(session.base_prompt)}>|\]:?)\s*\Z"
    for _ in range(_QUESTIONS):
        session.write_channel(f"{answer}\r")
        said = str(session.read_until_pattern(pattern=ended, read_timeout=_SAVING))
        heard += said
        asked = _WHETHER.search(said) is not None
        if not asked and said.rstrip().endswith(">"):
            break
        answer = "y" if asked else ""
    return heard


def _last_line(said: str) -> str:
    """What was said last before the prompt."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if not line.startswith("<")), "?")


def _line_before(said: str, at: int) -> str:
    """What was typed when the error came."""
    lines = [line.strip() for line in said[:at].splitlines() if line.strip() and set(line.strip()) != {"^"}]
    return _PROMPT.sub("", lines[-1]).strip()[:_LONGEST] if lines else "?"

"""What a play is asked, what it says while it works, and what it must be able to. Pure.

A play is what Ansible does on some servers by one playbook of ours. Whatever comes from a machine is text here and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


_STAMP: Final = "%Y%m%dt%H%M%S"


class Status(StrEnum):
    """How one task ended on one host."""

    OK = "ok"
    CHANGED = "changed"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNREACHABLE = "unreachable"

    @property
    def is_bad(self) -> bool:
        return self in (Status.FAILED, Status.UNREACHABLE)


class Silence(StrEnum):
    """Why a host could not be entered."""

    HOST_KEY = "host_key"
    LOGIN = "login"
    UNREACHABLE = "unreachable"


_HOST_KEY: Final = ("host key verification failed", "remote host identification has changed", "no ed25519 host key is known")
_FINGERPRINT: Final = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_LOGIN: Final = ("permission denied", "too many authentication failures", "incorrect sudo password")


def silence(message: str) -> Silence:
    """By what OpenSSH says."""
    lower = message.lower()
    if any(sign in lower for sign in _HOST_KEY):
        return Silence.HOST_KEY
    return Silence.LOGIN if any(sign in lower for sign in _LOGIN) else Silence.UNREACHABLE


def shown_key(message: str) -> str:
    """The fingerprint of the key that a host showed in the place of the trusted one: of OpenSSH's page of warnings the one thing
    that a person can compare. Empty where none was told."""
    found = _FINGERPRINT.search(message)
    return found[0] if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayRequest:
    """One call of a playbook: its name below `playbooks/`, without the ending. `hosts` limits it, none: all of its own.

    `variables` come before all others and are JSON values. A text in them may not look like a template, whoever wrote it.
    `check`: only look.
    """

    playbook: str
    hosts: tuple[str, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    check: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayEvent:
    """A task that ended on a host. `message`: what went wrong, in the task's own words, bounded; `value`: what a module of ours
    answers (the key `lajur` of its result). `ignored`: it failed, and the play goes on. `exit`: how a command of ours ended
    that the task gave, 0 where it gave none."""

    host: str
    task: str
    status: Status
    message: str = ""
    value: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    ignored: bool = False
    exit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HostEnd:
    """How a play ended on a host: the first task that ended badly, or OK or CHANGED. `values`: what modules of ours answered
    there, by the name of the task, the last of each. `changed`: whether a task before that changed something; `exit` as of the
    event."""

    status: Status
    task: str = ""
    message: str = ""
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: _NONE)
    changed: bool = False
    exit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayResult:
    """`hosts` has every host that a task ended on. `log` is the file with all that the play said."""

    hosts: Mapping[str, HostEnd]
    log: str = ""

    @property
    def bad(self) -> Mapping[str, HostEnd]:
        return {host: end for host, end in self.hosts.items() if end.status.is_bad}


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """Who plays what since when, of a play that somebody gave. Its name is what its locks are held under: who finds one taken can
    tell by that alone, on another machine too."""

    playbook: str
    actor: str
    since: datetime

    @property
    def name(self) -> str:
        return f"play-{self.since.astimezone(UTC).strftime(_STAMP)} {self.playbook} {self.actor}"

    @classmethod
    def of(cls, name: str) -> Playing | None:
        """None for a name that is no play's."""
        stamp, _, rest = name.removeprefix("play-").partition(" ")
        playbook, _, actor = rest.partition(" ")
        try:
            since = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(playbook=playbook, actor=actor, since=since) if name.startswith("play-") and playbook else None


PlayHeard: TypeAlias = Callable[[PlayEvent], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A play that was given at a terminal: its exit code, how it ended on each host, and the task that was begun last."""

    code: int
    hosts: Mapping[str, HostEnd]
    task: str = ""


class Plays(Protocol):
    """Whoever plays. One play at a time of each caller."""

    def play(self, request: PlayRequest, heard: PlayHeard) -> PlayResult:
        """Play it to its end; hosts that failed or could not be reached are part of the result.

        Raises PlayError when it did not come to an end by itself (`play.died`, `play.nothing`), and Refused for a request that
        may not be played. An interruption is handed on to it, and raised when it has ended.
        """

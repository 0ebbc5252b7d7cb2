"""What the engine says when it fails, as our errors. It speaks to people only, so it is known by its words."""

from __future__ import annotations

import re
import socket
from typing import Final

from infra.errors import InfraError
from infra.watch import Heard

_LOCK: Final = re.compile(r"created by (?P<holder>\S+?@(?P<host>\S+)) \(pid (?P<pid>\d+)\) at (?P<since>\S+)")
_NO_PASSPHRASE: Final = "passphrase must be set"
_WRONG_PASSPHRASE: Final = "incorrect passphrase"
_DATABASE: Final = re.compile(r"unable to open state database|connection refused|could not connect|failed to connect", re.IGNORECASE)
_READ_ONLY: Final = re.compile(r"read-only file system|permission denied", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\b\w+://\S+")


def understood(text: str, heard: Heard) -> InfraError:
    """The error for a command of the engine's that failed with these words, after what was heard while it ran."""
    lock = _LOCK.search(text)
    if lock or "the stack is currently locked by" in text:
        return _locked(lock)
    if _NO_PASSPHRASE in text:
        return InfraError("infra.passphrase_missing")
    if _WRONG_PASSPHRASE in text:
        return InfraError("infra.passphrase_wrong")
    if heard.refusals:
        first = heard.refusals[0]
        return InfraError("infra.policy", refusals=list(heard.refusals), **first)
    if heard.failures:
        return failed(heard)
    if _DATABASE.search(text):
        return InfraError("infra.state_unreachable", cause=_last_line(text))
    if _READ_ONLY.search(text):
        return InfraError("infra.state_readonly", cause=_last_line(text))
    return InfraError("infra.engine_died", cause=_last_line("\n".join(heard.complaints)) or _last_line(text))


def failed(heard: Heard) -> InfraError:
    """Some servers' parts failed: the one error of one, or one error over all."""
    failures = list(heard.failures.values())
    if len(failures) == 1:
        return InfraError(failures[0].code, **{**failures[0].fields, "server": failures[0].server})
    listed = [{"server": each.server, "code": each.code, "fields": each.fields} for each in failures]
    return InfraError("infra.several_failed", servers=", ".join(each.server for each in failures), failures=listed)


def _locked(lock: re.Match[str] | None) -> InfraError:
    if lock is None:
        return InfraError("infra.state_locked", holder="?", pid=0, since="?")
    pid = int(lock["pid"])
    if lock["host"] == socket.gethostname() and not _lives(pid):
        return InfraError("infra.state_locked_dead", holder=lock["holder"], pid=pid, since=lock["since"])
    return InfraError("infra.state_locked", holder=lock["holder"], pid=pid, since=lock["since"])


def _lives(pid: int) -> bool:
    """Whether that process is here and does not merely wait to be reaped."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123 - read whole or not at all
            return file.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def _last_line(text: str) -> str:
    """The last line that says something, without an address that may hold a name or a password."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and "stderr:" not in line and "stdout:" not in line]
    return _ADDRESS.sub("…", lines[-1])[:500] if lines else ""



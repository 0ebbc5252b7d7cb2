"""What the engine says when it fails, as our errors. It speaks to people only, so it is known by its words."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Final

from infra.errors import InfraError, NeedsPerson, Refused
from infra.text import clean
from infra.watch import Heard

_LOCK: Final = re.compile(r"created by (?P<holder>\S+?@(?P<host>\S+)) \(pid (?P<pid>\d+)\) at (?P<since>\S+)")
_LOCKED: Final = "the stack is currently locked by"
_KINDS: Final = (
    (re.compile(r"passphrase must be set|unable to read PULUMI_CONFIG_PASSPHRASE_FILE"), "infra.passphrase_missing"),
    (re.compile(r"incorrect passphrase"), "infra.passphrase_wrong"),
    (re.compile(r"read-only file system|permission denied|unable to open state directory|no space left"), "infra.state_readonly"),
    (re.compile(r"unable to open state database|failed to ping PostgreSQL|pq: |SQLSTATE|pgconn"), "infra.state_unreachable"),
    (re.compile(r"connection refused|broken pipe|driver: bad connection"), "infra.state_unreachable"),
)
"""In this order: what the state's own place says comes before a connection that may be anybody's."""
_ADDRESS: Final = re.compile(r"\b\w+://\S+")


def understood(text: str, heard: Heard) -> InfraError:
    """The error for a command of the engine's that failed with these words, after what was heard while it ran."""
    lock = _LOCK.search(text)
    if lock or _LOCKED in text:
        return _locked(lock)
    if heard.refusals:
        return Refused("infra.policy", refusals=list(heard.refusals), **heard.refusals[0])
    if heard.failures:
        return failed(heard)
    said = _said(text)
    for pattern, code in _KINDS:
        if pattern.search(said):
            return Refused(code, cause=_last_line(said))
    return InfraError("infra.engine_died", cause=_last_line("\n".join(heard.complaints)) or _last_line(said))


def failed(heard: Heard) -> InfraError:
    """Some servers' parts failed: the one error of one, or one error over all, as grave as the gravest."""
    failures = list(heard.failures.values())
    kind = _BY_STATUS.get(max(each.status for each in failures), InfraError)
    if len(failures) == 1:
        return kind(failures[0].code, **{**failures[0].fields, "server": failures[0].server})
    listed = [{"server": each.server, "code": each.code, "fields": each.fields} for each in failures]
    return kind("infra.several_failed", servers=", ".join(each.server for each in failures), failures=listed)


_BY_STATUS: Final = {each.exit_code: each for each in (Refused, InfraError, NeedsPerson)}


def _locked(lock: re.Match[str] | None) -> Refused:
    if lock is None:
        return Refused("infra.state_locked", holder="?", pid=0, since="?")
    pid = int(lock["pid"])
    held = {"holder": clean(lock["holder"]), "pid": pid, "since": clean(lock["since"])}
    dead = lock["host"] == socket.gethostname() and not _is_engine(pid)
    return Refused("infra.state_locked_dead" if dead else "infra.state_locked", **held)


def _is_engine(pid: int) -> bool:
    """Whether that process is an engine that lives: numbers are given again, and one that waits to be reaped holds nothing."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0]
        return state not in ("Z", "X") and Path(f"/proc/{pid}/comm").read_text().strip() == "pulumi"
    except OSError:
        return False


def _said(text: str) -> str:
    """What the command complained of, without what it printed besides."""
    return text.partition("stderr:")[2] or text


def _last_line(text: str) -> str:
    """The last line that says something, without an address that may hold a name or a password."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return clean(_ADDRESS.sub("…", lines[-1].removeprefix("error: ")))[:500] if lines else ""

"""What the engine says when it fails, as our errors. It speaks to people only, so it is known by its words."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from infra.errors import InfraError, NeedsPerson, Refused
from infra.holders import Here, Life, Lock, forget, gravest, judge, read_lock
from infra.policies.rules import Broken
from infra.request import CHANGING, Request
from infra.state_place import half_place, is_folder, lock_place, locks, notes, state_file, whole_backup
from infra.text import clean
from infra.watch import Failure, Heard

_LOCK: Final = re.compile(
    r"(?P<url>\S+): created by (?P<holder>\S+@(?P<host>[^\s@]+)) \(pid (?P<pid>\d{1,10})\) at (?P<since>\S+)"
)
_SNAPSHOT: Final = "failed to save snapshot"
_LOCKED: Final = "the stack is currently locked by"
_KINDS: Final = (
    (re.compile(r"passphrase must be set|unable to read PULUMI_CONFIG_PASSPHRASE_FILE"), "infra.passphrase_missing"),
    (re.compile(r"incorrect passphrase"), "infra.passphrase_wrong"),
    (re.compile(r"no space left|disk quota exceeded"), "infra.state_full"),
    (re.compile(r"read-only file system|permission denied|unable to open state directory"), "infra.state_readonly"),
    (re.compile(r"unable to open state database|failed to ping PostgreSQL|pq: |SQLSTATE|pgconn"), "infra.state_unreachable"),
    (re.compile(r"connection refused|broken pipe|driver: bad connection"), "infra.state_unreachable"),
)
"""In this order: what the state's own place says comes before a connection that may be anybody's."""
_IN_THE_MIDDLE: Final = {"infra.state_unreachable": "infra.state_gone"}
"""What is said otherwise when it had been there at first."""
_CUT: Final = re.compile(r"failed to load checkpoint|unmarshalling deployment")
_HALF: Final = "unexpected end of JSON input"
_SPOILT: Final = re.compile(rf"{_HALF}|invalid character|cannot unmarshal")
_BEHIND: Final = re.compile(r"[Rr]esource '\S+::(?P<server>[^\s':]+)' will be destroyed but was not specified in --target list")
"""Of something that neither the truth nor the record has, on which others of its cloud hang, where some servers were named."""
_KILLED: Final = re.compile(r"^\s*code: -(\d+)$", re.MULTILINE)
_PREMATURE: Final = re.compile(r"Detected that (?:\S*/)?(\S+) exited prematurely")
_ADDRESS: Final = re.compile(r"\b\w+://\S+")
_LONGEST_PLACE: Final = 1000


def understood(text: str, heard: Heard, request: Request) -> InfraError:
    """The error for a command of the engine's that failed with these words, after what was heard while it ran."""
    if _LOCKED in text:
        return _locked(text, request)
    if heard.refusals:
        return _forbidden(heard.refusals)
    killed = _KILLED.search(text) is not None
    if (heard.failures or heard.protected) and not killed:
        return failed(heard)
    said = _said(text)
    if _CUT.search(said):
        return _cut(request, _last_line(said))
    lying = _lying(request) if _SPOILT.search(said) else []
    if any(lock.age is not None for lock in lying):
        return _refused(lying, request)
    if _HALF in said and not lying:  # of what, and who wrote it, nobody can tell from here
        return Refused("infra.state_half", place=half_place(request))
    lines = [*said.splitlines(), *(each for each in heard.complaints if _SNAPSHOT in each)]
    begun = any(_SNAPSHOT in line for line in lines)
    for pattern, code in _KINDS:
        for line in lines:
            if pattern.search(line):
                cause = _last_line(line)
                return NeedsPerson(_IN_THE_MIDDLE.get(code, code), cause=cause) if begun else Refused(code, cause=cause)
    return died(_death(text) or _first_line(heard.complaints) or _last_line(said), request)


def died(cause: str, request: Request) -> InfraError:
    """The engine did not come to its end: of a change nobody knows how far it came."""
    if behind := _BEHIND.search(cause):
        return NeedsPerson("infra.left_behind", servers=behind["server"])
    if request.verb in CHANGING:
        return NeedsPerson("infra.engine_died", cause=cause)
    return InfraError("infra.engine_died_looking", cause=cause)


def standing(request: Request) -> Refused | None:
    """Why nobody can work at this stack now, as far as it is told by files: a lock, dead or living, whole or not."""
    lying = _lying(request)
    return _refused(lying, request) if lying else None


def _cut(request: Request, cause: str) -> NeedsPerson:
    file, backup = state_file(request), whole_backup(request)
    if backup:
        return NeedsPerson("infra.state_cut", file=file, backup=backup, cause=cause)
    return NeedsPerson("infra.state_lost", file=file, cause=cause)


def failed(heard: Heard) -> InfraError:
    """Some servers' parts failed, or a rule forbade them: the one error of one, or one error over all, as grave as the gravest.
    In the order of the servers' keys."""
    held = sorted(heard.protected - heard.failures.keys())
    if heard.refused and not heard.failures and not held:
        return _forbidden(heard.refused)
    if not heard.failures and not heard.refused:
        return Refused("infra.protected", servers=", ".join(held))
    protected = (Failure(server, "infra.protected", {"servers": server}, Refused.exit_code) for server in held)
    forbidden = (Failure(each.server, each.code, dict(each.fields), Refused.exit_code) for each in heard.refused)
    every = sorted([*heard.failures.values(), *protected, *forbidden], key=_place)
    failures = sorted(_once(every), key=_place)
    kind = _BY_STATUS.get(max(each.status for each in failures), InfraError)
    if len(failures) == 1:
        return kind(failures[0].code, **{**failures[0].fields, "server": failures[0].server})
    listed = [{"server": each.server, "code": each.code, "fields": each.fields} for each in failures]
    return kind("infra.several_failed", servers=", ".join(dict.fromkeys(each.server for each in every)), failures=listed)


def _place(failure: Failure) -> tuple[str, str]:
    return failure.server, failure.code


def _once(failures: Sequence[Failure]) -> list[Failure]:
    """Of a cloud that let nobody in or answered nobody, once: every part of every server there failed for that. That of a server
    first, as that is what was asked for."""
    found: dict[tuple[str, ...], Failure] = {}
    for number, each in enumerate(failures):
        place = (each.code, str(each.fields.get("cloud"))) if each.code in WHOLE else (str(number),)
        held = found.setdefault(place, each)
        if str(each.fields.get("what")).startswith("Server ") and not str(held.fields.get("what")).startswith("Server "):
            found[place] = each
    return list(found.values())


def _forbidden(refusals: Sequence[Broken]) -> Refused:
    """What the rules say no to, one by one; the first one also by itself, for who reads no list."""
    ordered = sorted(refusals, key=lambda each: (each.server, each.policy))
    listed = [
        {
            "policy": each.policy,
            "server": each.server,
            "text": "; ".join(value for name, value in each.fields.items() if name != "server"),
            "code": each.code,
            "fields": dict(each.fields),
        }
        for each in ordered
    ]
    first = {name: listed[0][name] for name in ("policy", "server", "text")}
    return Refused("infra.policy", servers=", ".join(dict.fromkeys(each.server for each in ordered)), refusals=listed, **first)


WHOLE: Final = ("infra.cloud_login", "infra.cloud_unknown", "infra.cloud_away")
"""Of the errors at what is rented, those that are the same for all of a cloud."""
_BY_STATUS: Final = {each.exit_code: each for each in (Refused, InfraError, NeedsPerson)}


_NOBODY: Final = {"holder": "?", "pid": 0, "since": "?"}
_BY_LIFE: Final = {
    Life.DEAD: "infra.state_locked_dead",
    Life.UNKNOWN: "infra.state_locked_elsewhere",
    Life.WRITING: "infra.state_lock_half",
    Life.LIVING: "infra.state_locked",
}


def _locked(text: str, request: Request) -> Refused:
    """What lies in a folder is read there: a holder that ended since the engine looked has taken its lock with it."""
    told = [
        Lock(each["host"], int(each["pid"]), each["since"], each["holder"], lock_place(request, each["url"]))
        for each in _LOCK.finditer(text)
    ]
    standing = _lying(request) if is_folder(request) else told
    if standing:
        return _refused(standing, request)
    return Refused("infra.state_locked", **(_held(told[0]) if told else _NOBODY))


def _lying(request: Request) -> list[Lock]:
    found = (read_lock(file) for file in locks(request))
    return [lock for lock in found if lock is not None]


def remove_dead_locks(request: Request) -> bool:
    """One by one, judged anew: what a run that began meanwhile holds is left. Whether any was. Nothing is done to a database."""
    dead = [lock for lock in _lying(request) if judge(lock, notes(request), Here.found()) is Life.DEAD]
    for lock in dead:
        Path(lock.place).unlink(missing_ok=True)
    if not _lying(request):
        forget(notes(request))
    return bool(dead)


def _refused(standing: Sequence[Lock], request: Request) -> Refused:
    life, lock = gravest(standing, notes(request), Here.found())
    return Refused(_BY_LIFE[life], **_held(lock), lock=clean(lock.place, _LONGEST_PLACE))


def _held(lock: Lock) -> dict[str, object]:
    return {"holder": clean(lock.holder), "pid": lock.pid, "since": clean(lock.since)}


def _said(text: str) -> str:
    """What the command complained of, without what it printed besides."""
    return text.partition("stderr:")[2] or text


def _death(text: str) -> str:
    """Which of the processes was ended by somebody else, as far as it is told; else empty."""
    killed, plugin = _KILLED.search(text), _PREMATURE.search(text)
    if killed:
        return f"pulumi: {signal.Signals(int(killed[1])).name}"
    return f"{plugin[1]} exited prematurely" if plugin else ""


def _first_line(complaints: Sequence[str]) -> str:
    """Of the first one: others follow from it."""
    return _last_line(complaints[0].strip().partition("\n")[0]) if complaints else ""


def _last_line(text: str) -> str:
    """The last line that says something, without an address that may hold a name or a password."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return clean(_ADDRESS.sub("…", lines[-1].removeprefix("error: ")))[:500] if lines else ""

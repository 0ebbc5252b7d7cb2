"""What systemd says of its units, as services that can be watched: which stay by themselves and which come and go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from infra.errors import OutputError
from infra.facts import Service
from infra.text import clean

_NAME: Final = re.compile(r"[A-Za-z0-9:_.\\@-]{1,240}\.(service|socket|timer)")
ENABLED: Final = frozenset({"enabled", "enabled-runtime", "alias", "linked", "linked-runtime", "generated"})
"""Unit file states of what is started by itself."""

_SESSIONS: Final = re.compile(r"(user@|user-runtime-dir@|sshd?@[^.]*-).*|run-[^.]*|.*-[0-9]+-[0-9.:]+-[0-9.:]+")
"""Units that exist because somebody is logged in, or while one command runs."""

Active = Literal["running", "stopped", "passing"]


def services(enabled: list[str], units: list[str]) -> dict[str, Service]:
    """`enabled`: units that something in this machine's configuration wants; `units`: lines of `systemctl show`, which knows
    those that are loaded. Raises OutputError.
    """
    found: dict[str, Service] = {}
    for unit in _blocks(units):
        name = unit["Id"]
        state = clean(unit.get("UnitFileState", ""), 40)
        active = _active(name, unit, state)
        if unit.get("Transient") != "yes" and not _session(name) and (state or active != "stopped"):
            found[name] = Service(enabled=state, active=active)
    for name in enabled:
        if not _NAME.fullmatch(name):
            raise OutputError("infra.output_unreadable", section="enabled", line=clean(name))
        if name not in found and not _session(name):
            found[name] = Service(enabled="enabled", active="stopped")
    return dict(sorted(found.items()))


def _session(name: str) -> bool:
    return _SESSIONS.fullmatch(name.rpartition(".")[0]) is not None


def _blocks(lines: list[str]) -> Iterator[Mapping[str, str]]:
    """`systemctl show` writes a block of `Name=value` for each unit, in an order of its own; a name that comes again begins the
    next block, because empty lines are gone by now."""
    block: dict[str, str] = {}
    for line in lines:
        name, equals, value = line.partition("=")
        if not equals:
            raise OutputError("infra.output_unreadable", section="units", line=clean(line))
        if name in block:
            yield _named(block)
            block = {}
        block[name] = value
    if block:
        yield _named(block)


def _named(block: dict[str, str]) -> dict[str, str]:
    if not _NAME.fullmatch(block.get("Id", "")):
        raise OutputError("infra.output_unreadable", section="units", line=clean(block.get("Id", "")))
    return block


def _active(name: str, unit: Mapping[str, str], enabled: str) -> Active:
    if name.endswith(".service") and _comes_and_goes(unit, enabled):
        return "passing"
    state = unit.get("ActiveState", "")
    if state in {"active", "reloading", "refreshing", "deactivating"}:
        return "running"
    if state == "activating" and unit.get("SubState") != "auto-restart":
        return "running"
    return "stopped"


def _comes_and_goes(unit: Mapping[str, str], enabled: str) -> bool:
    """A single shot that leaves nothing, or that the system runs when it needs to (after an update, at a first start); and what
    only a timer, a socket or the bus starts: it ends by itself."""
    if unit.get("Type") == "oneshot":
        return unit.get("RemainAfterExit") != "yes" or enabled not in ENABLED
    if enabled in ENABLED or unit.get("WantedBy") or unit.get("RequiredBy"):
        return False
    return bool(unit.get("TriggeredBy") or unit.get("BusName") or unit.get("Type") == "dbus")

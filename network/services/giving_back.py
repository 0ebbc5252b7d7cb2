"""Before a server is given back: whether it may be, why a database on it may be wiped, and its edges told. Through ports only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from inventory.release_model import Workload
from network.core.plays import PlayRequest, Plays
from network.core.releases.ports import Releases
from network.core.returning import (
    BACKUPS,
    FRESH,
    KEPT,
    LEAVE,
    LOOKED,
    Seen,
    alone,
    databases,
    holds_none,
    leaving,
    left_without,
    seen,
)
from network.errors import LajurError, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnHands:
    """`workloads` of the truth; `standing`: the servers that are there, a lab may have fewer; `zone` of its days; `plays` opens
    who plays on its servers; `has_steps`: whether there is a play of this name; `releases`: the record of them."""

    workloads: tuple[Workload, ...]
    standing: frozenset[str]
    zone: tzinfo
    plays: Callable[[], AbstractContextManager[Plays]]
    has_steps: Callable[[str], bool]
    releases: Releases


def held(servers: Collection[str], protected: Mapping[str, bool], hands: ReturnHands | None, now: datetime) -> None:
    """Raises Refused for servers that go only when somebody asks for it: protected ones, and those that alone carry something."""
    fixed = [server for server in servers if protected.get(server, True)]
    if fixed:
        raise Refused("infra.protected", servers=", ".join(fixed))
    only = alone(hands.workloads, servers, now.astimezone(hands.zone).date()) if hands else {}
    if only:
        named = ", ".join(f"{server} ({', '.join(keys)})" for server, keys in only.items())
        raise Refused("infra.alone", servers=named)


def allowed(servers: Collection[str], without: str, hands: ReturnHands | None) -> dict[str, str]:
    """By server: why a database on it may be wiped; those of which nobody said anything are left out, so that the builder refuses
    what it finds there. `without`: the reason of a person who wants no backup. Raises Refused for one without a fresh backup, and
    for a server that holds the backups of one that stays, or may hold them."""
    if without or hands is None:
        return dict.fromkeys(servers, without) if without else {}
    for server in servers:
        left = left_without(hands.workloads, server, servers)
        if left and not _is_empty(server, hands):
            raise Refused("infra.backup_kept", server=server, databases=", ".join(each.key for each in left))
    found = {}
    for server in servers:
        if there := databases(hands.workloads, server):
            found[server] = "; ".join(_backed(database, server, servers, hands) for database in there)
    return found


def _backed(database: Workload, server: str, servers: Collection[str], hands: ReturnHands) -> str:
    said = {"server": server, "database": database.key}
    if database.backup is None or database.backup.to == server:
        raise Refused("infra.backup_none", **said)
    to = database.backup.to
    if to in servers:
        raise Refused("infra.backup_with", to=to, **said)
    last = _last(database, to, said, hands)
    if last.last == 0:
        raise Refused("infra.backup_never", to=to, **said)
    at = datetime.fromtimestamp(last.last, UTC).astimezone(hands.zone)
    if not last.is_fresh:
        raise Refused("infra.backup_old", to=to, at=f"{at:%Y-%m-%d %H:%M %Z}", most=FRESH // 3600, **said)
    return f"{database.key} @ {to}, {at:%Y-%m-%d %H:%M %Z}"


def _is_empty(server: str, hands: ReturnHands) -> bool:
    """Whether it says itself that no backup is there, whatever the truth means it for. One that cannot be asked may hold some."""
    try:
        return holds_none(_looked(server, hands)[0])
    except LajurError:
        return False


def _last(database: Workload, to: str, said: Mapping[str, str], hands: ReturnHands) -> Seen:
    """As the server that holds the backups says now."""
    try:
        told, message = _looked(to, hands)
    except LajurError as error:
        raise Refused("infra.backup_unread", to=to, reason=error.code, **said) from error
    value = seen(told, database.key)
    if value is None:
        raise Refused("infra.backup_unread", to=to, reason=message or "-", **said)
    return value


def _looked(server: str, hands: ReturnHands) -> tuple[Mapping[str, Any], str]:
    """What the server says of the backups on it, untrusted, and how the look at it ended."""
    with hands.plays() as plays:
        end = plays.play(PlayRequest(playbook=BACKUPS, hosts=(server,)), lambda _: None).hosts.get(server)
    return (end.values.get(LOOKED, {}), end.message) if end else ({}, "")


def drained(servers: Collection[str], hands: ReturnHands | None, now: datetime) -> tuple[str, ...]:
    """Have the edges keep requests from these servers, where other servers go on with them; the workloads of which that was done.
    Raises Refused when an edge does not: nothing was wiped."""
    there = leaving(hands.workloads, servers, hands.standing, now.astimezone(hands.zone).date()) if hands else ()
    if hands is None or not there or not hands.has_steps(LEAVE):
        return ()
    with hands.plays() as plays:
        for each in there:
            result = plays.play(PlayRequest(playbook=LEAVE, variables=each.variables), lambda _: None)
            for edge in each.edges:
                end = result.hosts.get(edge)
                told = end.values.get(KEPT, {}).get("servers") if end else None
                for server in each.servers:
                    one = told.get(server) if isinstance(told, Mapping) else None
                    problem = one.get("problem") if isinstance(one, Mapping) else "unreachable"
                    if problem and not (isinstance(one, Mapping) and one.get("known") is False):  # it has no such server
                        own = {"workload": each.workload.key, "server": server, "edge": edge}
                        raise Refused("infra.not_drained", reason=str(problem)[:100], log=result.log, **own)
    return tuple(each.workload.key for each in there)

"""What speaks against giving a server back: who carries a workload alone, and of which database there is no backup. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from inventory.release_model import Runs, Workload
from inventory.release_views import scheme_of

FRESH: Final = 24 * 3600
"""Seconds: a backup that is older is none, for who is about to wipe the database."""

BACKUPS: Final = "steps/backups"
LEAVE: Final = "steps/swap"
"""The plays: how the backups on a server are; and servers drained at their edges and stopped."""

LOOKED: Final = "Read how the backups are"
KEPT: Final = "Keep requests away"
"""The tasks whose answers count."""


def carried(workloads: Iterable[Workload], today: date) -> Iterator[Workload]:
    """What runs on servers of ours on this day."""
    return (each for each in workloads if each.runs is not None and each.until >= today)


def alone(workloads: Iterable[Workload], servers: Collection[str], today: date) -> dict[str, list[str]]:
    """By server: the workloads that nobody would carry any more without these servers."""
    found: dict[str, list[str]] = {}
    for each in carried(workloads, today):
        if each.servers and set(each.servers) <= set(servers):
            for server in each.servers:
                found.setdefault(server, []).append(each.key)
    return found


def databases(workloads: Iterable[Workload], server: str) -> tuple[Workload, ...]:
    """Those that the truth has on it, whatever their day: its data is there."""
    return tuple(each for each in workloads if each.runs is Runs.DATABASE and server in each.servers)


def left_without(workloads: Iterable[Workload], server: str, servers: Collection[str]) -> tuple[Workload, ...]:
    """The databases whose backups are on it and which are on none of `servers` themselves, whatever their day."""
    kept = (each for each in workloads if each.runs is Runs.DATABASE and each.backup is not None and each.backup.to == server)
    return tuple(each for each in kept if not set(each.servers) & set(servers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The last backup of a database, as the server that holds it says: `last` in Unix time, 0 for never; `age` in seconds by that
    server's own clock."""

    last: int
    age: int

    @property
    def is_fresh(self) -> bool:
        return self.last > 0 and self.age < FRESH


def seen(value: Mapping[str, Any], database: str) -> Seen | None:
    """What the module `lajur_backups` says of it; untrusted. None when it says nothing."""
    now, known = value.get("now"), value.get("databases")
    last = known.get(database) if isinstance(known, Mapping) else None
    if not isinstance(now, int) or not isinstance(last, int) or isinstance(last, bool) or not 0 <= last <= now < 10**11:
        return None
    return Seen(last=last, age=now - last)


def holds_none(value: Mapping[str, Any]) -> bool:
    """Whether the module says that there is no backup of any database; untrusted, and silence is no answer."""
    return value.get("databases") == {} and isinstance(value.get("now"), int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A workload that goes on without `servers`, whose `edges` have to know before."""

    workload: Workload
    servers: tuple[str, ...]
    edges: tuple[str, ...]

    @property
    def variables(self) -> Mapping[str, Any]:
        """Of the play `LEAVE`: an empty release means that they stay out."""
        own, release = self.workload, self.workload.release
        said = {"port": own.port, "scheme": scheme_of(own).value, "health": own.health}
        said["expect"] = (release.expect if release else None) or ""
        return {"release": {"key": own.key, "id": "", "hosts": list(self.servers), "edges": list(self.edges), "wait": 30, **said}}


def leaving(
    workloads: Collection[Workload], servers: Collection[str], standing: Collection[str], today: date
) -> tuple[Leaving, ...]:
    """What is let in at an edge that is `standing` and has other servers to go on with."""
    edges = {each.key: each.servers for each in workloads}
    found = []
    for each in carried(workloads, today):
        own = tuple(server for server in each.servers if server in servers)
        at = (
            tuple(edge for edge in edges.get(each.entrance.through, ()) if edge in standing and edge not in servers)
            if each.entrance
            else ()
        )
        if own and at and len(own) < len(each.servers):
            found.append(Leaving(workload=each, servers=own, edges=at))
    return tuple(found)

"""Rented servers that come for a peak and go when it ends: the edges of their times, what is to be done now, who has to know.

Pure: `now` is an argument. What stands is what is on record of each server (`Seen`) and which of them are rented; what should
stand is what the truth says of `now`. So whoever wakes late, or after a run that was cut, does what is still to be done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from inventory.cloud_model import Capacity, CloudServer
from inventory.cloud_views import Stay, keys_of, standing, stays
from inventory.regency import Regency
from inventory.release_model import Runs, Workload
from inventory.rented_views import rented_keys
from network.core.calendar import Edge
from network.core.reason import Reason
from network.core.slot import Slot

PURPOSE: Final = "capacity"
"""The purpose in the slots of times for which servers come."""

SUBJECT: Final = "capacity "
"""What the subjects of observations of such servers begin with; the key follows."""

NO_LOGS: Final = "–"
"""In the place of a file: of a server that never served anybody."""

_INSTANT: Final = timedelta(microseconds=1)
_LONGEST: Final = 500


class Stage(StrEnum):
    OPENING = "opening"
    """Rented, or about to be, and not ready for anybody."""

    READY = "ready"
    """It can do its work, and edges may have it."""

    IN = "in"
    LEAVING = "leaving"

    @property
    def is_kept_out(self) -> bool:
        """Whether no edge may have it, whoever tells the edge."""
        return self in (Stage.OPENING, Stage.LEAVING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is on record of one server. `start` and `end` of the time for which it came, None when nobody knows; `logs`: the file
    with its journals, empty until it is fetched."""

    entry: str
    stage: Stage
    start: datetime | None = None
    end: datetime | None = None
    logs: str = ""

    @property
    def value(self) -> Mapping[str, Any]:
        """In JSON's types."""
        moments = {"start": self.start, "end": self.end}
        told = {name: moment.astimezone(UTC).isoformat() for name, moment in moments.items() if moment is not None}
        return {"entry": self.entry, "stage": self.stage.value, "logs": self.logs, **told}

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Seen | None:
        """None for what no version of ours wrote."""
        try:
            return cls(
                entry=str(value["entry"])[:_LONGEST],
                stage=Stage(value["stage"]),
                start=_moment(value.get("start")),
                end=_moment(value.get("end")),
                logs=str(value.get("logs") or "")[:_LONGEST],
            )
        except (KeyError, ValueError):
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A server whose time is over. `entry` brought it, `rented`: whether it is still there; `begun`: it may be, and was never
    taken over."""

    key: str
    entry: Capacity
    seen: Seen
    rented: bool
    begun: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is to be done now, each by key: servers that go, servers that come, and what a person has to see to: those that nobody
    knows any more, since what brought them left the truth, and those that are rented until a day that is `over`."""

    closes: tuple[Leaving, ...] = ()
    opens: tuple[Stay, ...] = ()
    lost: tuple[str, ...] = ()
    over: tuple[CloudServer, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.closes or self.opens or self.for_person)

    @property
    def for_person(self) -> tuple[Reason, ...]:
        over = ", ".join(f"{each.key} ({each.until.isoformat()})" for each in self.over)
        lost = ", ".join(self.lost)
        told = {"capacity.left_truth": lost, "capacity.over": over}
        return tuple(Reason(code=code, fields={"servers": servers}) for code, servers in told.items() if servers)


def edges(regency: Regency, after: datetime, until: datetime) -> tuple[Edge, ...]:
    """Every edge with `after` < t <= `until`, in order; at one moment a close comes before an open. Raises Unfit as
    `inventory.cloud_views.stays` does."""
    found = {(stay.entry.key, stay.start, stay.end) for stay in stays(regency, after, until + _INSTANT) if is_brought(stay)}

    def edge(at: datetime, key: str, start: datetime, name: str) -> Edge:
        return Edge(at, Slot(regency.head.key, PURPOSE, key, start, name))

    all_of = [
        each
        for key, start, end in found
        for each in (edge(start, key, start, "open"), edge(end, key, start, "close"))
        if after < each.at <= until
    ]
    return tuple(sorted(all_of, key=lambda each: (each.at, each.slot.edge, each.slot.window, each.slot.start)))


def is_brought(stay: Stay) -> bool:
    """Whether it comes for a peak; else it is rented until a day."""
    return isinstance(stay.entry, Capacity)


def wanted(regency: Regency, now: datetime) -> dict[str, Stay]:
    """By key: what should stand at `now` for a peak."""
    return {stay.key: stay for stay in standing(regency, now) if is_brought(stay)}


def course(
    regency: Regency, now: datetime, record: Mapping[str, Seen], rented: Collection[str], paid: Collection[str] = ()
) -> Course:
    """What is to be done at `now`. `rented`: the servers that are there, whoever brought them; `paid`: those of which something
    is paid for by the hour, taken over or not."""
    stay_of = wanted(regency, now)
    entries = {entry.key: entry for entry in regency.capacity}
    bringers = {key: entry for entry in regency.capacity for key in keys_of(entry)}
    opens, closes, lost = [], [], []
    for key in sorted({*stay_of, *record, *(each for each in (*rented, *paid) if each in bringers)}):
        seen, stay = record.get(key), stay_of.get(key)
        if stay is not None and (seen is None or seen.entry == stay.entry.key):
            if not (seen is not None and seen.stage is Stage.IN and key in rented):
                opens.append(stay)
            continue
        entry = entries.get(seen.entry) if seen is not None else bringers[key]
        if entry is None:
            lost.append(key)
            continue
        there = key in rented
        known = seen or Seen(entry=entry.key, stage=Stage.IN if there else Stage.OPENING)
        half = not there and (key in paid or known.stage is Stage.OPENING or known.logs == NO_LOGS)
        closes.append(Leaving(key=key, entry=entry, seen=known, rented=there, begun=half))
    lost += sorted({*paid} - {*lost, *record} - rented_keys(regency))
    return Course(closes=tuple(closes), opens=tuple(opens), lost=tuple(lost), over=_over(regency, now, (*rented, *paid)))


def _over(regency: Regency, now: datetime, rented: Collection[str]) -> tuple[CloudServer, ...]:
    """Of those that are rented until a day and stand after it. They hold what nobody else has, so a person gives them back."""
    today = now.astimezone(regency.zone).date()
    late = (each for each in regency.cloud_servers if each.key in rented and each.until < today)
    return tuple(sorted(late, key=lambda each: each.key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Who has to know of servers. `edges`: by workload of theirs, the edges that let people in to it; `needed`: servers without
    which they cannot work, their databases and where these are backed up; `told`: those that name and watch them."""

    workloads: tuple[Workload, ...]
    edges: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def every_edge(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(edge for each in self.edges.values() for edge in each))


def around(regency: Regency, entries: Iterable[Capacity], there: Collection[str], now: datetime) -> Around:
    """`there`: the leased servers that stand; a lab may have fewer than the truth."""
    today = now.astimezone(regency.zone).date()
    keys = {key for entry in entries for key in entry.workloads}
    live = [each for each in regency.workloads if each.runs is not None and each.until >= today]
    own = tuple(each for each in live if each.key in keys)
    on = {each.key: tuple(server for server in each.servers if server in there) for each in regency.workloads}
    databases = [each for each in live if each.key in {own_one.release.database for own_one in own if own_one.release}]
    backups = [each.backup.to for each in databases if each.backup is not None and each.backup.to in there]
    needed = [*(server for each in databases for server in on[each.key]), *backups]
    told = [server for each in live if each.runs in (Runs.DNS, Runs.MONITORING) for server in on[each.key]]
    return Around(
        workloads=own,
        edges={each.key: on.get(each.entrance.through, ()) for each in own if each.entrance is not None},
        needed=tuple(dict.fromkeys(needed)),
        told=tuple(dict.fromkeys(server for server in told if server not in needed)),
    )


def _moment(written: object) -> datetime | None:
    """Raises ValueError for what is no moment with a zone."""
    if written is None:
        return None
    moment = datetime.fromisoformat(str(written))
    if moment.tzinfo is None:
        raise ValueError(written)
    return moment

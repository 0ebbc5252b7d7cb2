"""Whether a cloud will have room for the servers that come: its quotas, what of them is taken, what is needed. Pure.

What is needed at a moment is what should stand then and does not stand now; what leaves until then gives its room back. Need only
grows when something begins, so each beginning is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from inventory.cloud_model import Capacity, Cloud
from inventory.cloud_views import Stay, stays
from inventory.regency import Regency
from network.core.capacity import is_brought

AHEAD: Final = timedelta(days=14)
"""How long before a time its room is looked for."""

NAMES: Final = ("instances", "cores", "memory", "volumes", "volume_size", "addresses")
"""What is counted: `memory` in MiB, `volume_size` in GiB, as clouds count them; `addresses` are floating ones."""

_MEBI: Final = 2**20
_GIBI: Final = 2**30
_INSTANT: Final = timedelta(microseconds=1)
_MOST: Final = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """`limit` None: there is none."""

    limit: int | None
    used: int

    @property
    def free(self) -> int | None:
        return None if self.limit is None else self.limit - self.used


Room = Mapping[str, Quota]
"""By name of NAMES; what a cloud says nothing of is not there, and not judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Of one quota of a cloud: for the time of `entry` from `start` on `needed` are needed and `free` will be."""

    cloud: str
    entry: str
    name: str
    start: datetime
    end: datetime
    quota: str
    needed: int
    free: int

    @property
    def missing(self) -> int:
        return self.needed - self.free


def room_of(said: object) -> Room:
    """What the builder told of one cloud; untrusted, so what is no number is left out. A limit below 0 is none."""
    found = {}
    for name in NAMES:
        one = said.get(name) if isinstance(said, Mapping) else None
        limit, used = (_count(one.get("limit")), _count(one.get("used"))) if isinstance(one, Mapping) else (None, None)
        if limit is not None and used is not None and used >= 0:
            found[name] = Quota(limit=None if limit < 0 else limit, used=used)
    return found


def coming(regency: Regency, now: datetime, ahead: timedelta = AHEAD) -> tuple[Stay, ...]:
    """What begins for a peak after `now` and within `ahead`. Raises Unfit as `inventory.cloud_views.stays` does."""
    found = stays(regency, now, now + ahead + _INSTANT)
    return tuple(each for each in found if is_brought(each) and now < each.start <= now + ahead)


def lacking(
    regency: Regency, now: datetime, rooms: Mapping[str, Room], rented: Collection[str], ahead: timedelta = AHEAD
) -> tuple[Lack, ...]:
    """What is lacking, by start, entry and quota; of a cloud that is not among `rooms` nothing is said."""
    clouds = {cloud.key: cloud for cloud in regency.clouds}
    near = [each for each in stays(regency, now, now + ahead + _INSTANT) if each.entry.cloud in rooms]
    first = {each.key: each for each in reversed(near)}  # a key comes again: what stands now is its earliest time
    found = []
    for stay, entry in _each_time(coming(regency, now, ahead)):
        cloud = clouds[entry.cloud]
        if cloud.key not in rooms:
            continue
        then = {each.key: each for each in near if each.entry.cloud == cloud.key and each.start <= stay.start < each.end}
        leaving = [each for key, each in first.items() if key in rented and key not in then and each.entry.cloud == cloud.key]
        needed, back = _sum(cloud, [each for key, each in then.items() if key not in rented]), _sum(cloud, leaving)
        for name, quota in rooms[cloud.key].items():
            free = None if quota.free is None else max(0, quota.free + back[name])
            if free is not None and needed[name] > free:
                found.append(
                    Lack(
                        cloud=cloud.key,
                        entry=entry.key,
                        name=entry.name,
                        start=stay.start,
                        end=stay.end,
                        quota=name,
                        needed=needed[name],
                        free=free,
                    )
                )
    return tuple(found)


def _each_time(found: tuple[Stay, ...]) -> Iterator[tuple[Stay, Capacity]]:
    """One of the servers of each time."""
    seen = set()
    for stay in found:
        entry = stay.entry
        if isinstance(entry, Capacity) and (entry.key, stay.start) not in seen:
            seen.add((entry.key, stay.start))
            yield stay, entry


def _sum(cloud: Cloud, found: Collection[Stay]) -> Counter[str]:
    total: Counter[str] = Counter()
    for stay in found:
        entry = stay.entry
        size = cloud.sizes[entry.size]
        total += Counter(
            instances=1,
            cores=size.cpus,
            memory=-(-int(size.memory) // _MEBI),
            volumes=0 if entry.volume is None else 1,
            volume_size=0 if entry.volume is None else -(-int(entry.volume) // _GIBI),
            addresses=0 if cloud.floating_network is None else 1,
        )
    return total


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and -1 <= value <= _MOST else None

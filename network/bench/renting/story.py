"""The story of a capacity window: servers that come for a peak, are let in, serve, are drained, and go; and what it cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from inventory.cloud_model import Capacity
from inventory.cloud_views import Peak, keys_of, peaks
from inventory.regency import Regency
from network.bench.release.operator import Done, Operator
from network.bench.release.story import deploy
from network.bench.sample.build import Sample
from network.bench.sample.load import Report
from network.clock import SystemClock
from network.errors import LabError

LAB: Final = "demorent"
SERVERS: Final = 4
"""Leased ones: two for the application, its database, its edge."""
WARM: Final = 100
"""Requests that are answered before something begins, and after it has ended."""
_AHEAD: Final = timedelta(days=2 * 366)
_INSIDE: Final = timedelta(minutes=5)

Tell = Callable[[str, dict[str, object]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`came` and `went`: servers; `logs`: the files of those that went. `served`: by server, requests that the edge sent there.
    `opened` and `closed` with what people got meanwhile; `left`: what the cloud has of ours when all is over; `cost`: what is
    paid for it this month."""

    entry: Capacity
    peak: Peak
    opened: Done
    opened_load: Report
    again: Done
    closed: Done
    closed_load: Report
    came: tuple[str, ...]
    went: tuple[str, ...]
    logs: tuple[str, ...]
    served: Mapping[str, int]
    left: tuple[str, ...]
    cost: Mapping[str, Any]


def peak_of(regency: Regency, now: datetime) -> tuple[Capacity, Peak]:
    """The next time for which servers come; where none is to come, the last one that was: the story has a clock of its own.
    Raises LabError where the truth has none."""
    found = [(entry, peak) for entry in regency.capacity for peak in peaks(regency, entry, now + _AHEAD)]
    if not found:
        raise LabError("bench.renting.no_peak")
    ahead = [each for each in found if each[1].start > now]
    return min(ahead, key=lambda each: each[1]) if ahead else max(found, key=lambda each: each[1])


def play(operator: Operator, tell: Tell) -> Told:
    """All acts, each as one command of an operator. Raises LabError when one ends otherwise than it should."""
    entry, peak = peak_of(operator.regency, SystemClock().now())
    tell("bench.renting.ready", {"servers": SERVERS})
    leased = [word for server in operator.regency.servers for word in ("--server", server.key)]
    operator.lajur("infra", "up", *leased, "--yes")
    operator.play("site")
    deploy(operator, Sample.ONE)
    tell("bench.renting.opening", {"capacity": entry.key, "servers": entry.servers})
    opened, opened_load = under_load(operator, peak.start + _INSIDE)
    again = operator.lajur(*_due(peak.start + 2 * _INSIDE))
    served = _served(operator)
    tell("bench.renting.closing", {"capacity": entry.key})
    closed, closed_load = under_load(operator, peak.end + _INSIDE)
    drift = operator.lajur("infra", "drift", codes=(0, 2, 5)).document["findings"]
    return Told(
        entry=entry,
        peak=peak,
        opened=opened,
        opened_load=opened_load,
        again=again,
        closed=closed,
        closed_load=closed_load,
        came=_moved(opened, "came"),
        went=_moved(closed, "went"),
        logs=tuple(each["logs"] for each in closed.document["servers"] if each["logs"]),
        served=served,
        left=tuple(f"{each['server']} {each['name']}" for each in drift if each["kind"] == "rented_orphan"),
        cost=operator.lajur("infra", "costs", "--month", f"{peak.start.astimezone(operator.regency.zone):%Y-%m}").document,
    )


def under_load(operator: Operator, at: datetime) -> tuple[Done, Report]:
    """What is due at this moment, done while people work."""
    with operator.load() as load:
        load.wait_for(WARM)
        done = operator.lajur(*_due(at))
        load.wait_for(WARM)
        return done, load.stop()


def _due(at: datetime) -> tuple[str, ...]:
    return ("infra", "up", "--due", "--yes", "--at", at.isoformat())


def _moved(done: Done, move: str) -> tuple[str, ...]:
    return tuple(sorted(each["server"] for each in done.document["servers"] if each["move"] == move))


def _served(operator: Operator) -> dict[str, int]:
    """By server, how many requests the edge's own log says that it sent there."""
    edge = next(each.key for each in operator.regency.servers if str(each.address) == operator.edge)
    said = operator.run(edge, "journalctl -t lajur-edge -o cat --no-pager | awk '$1 == \"lajur1\" { print $4 }' | sort | uniq -c")
    pairs = [line.split() for line in said.splitlines()]
    return {pair[1]: int(pair[0]) for pair in pairs if len(pair) == 2 and pair[0].isdigit()}


def meant(entry: Capacity) -> tuple[str, ...]:
    return tuple(sorted(keys_of(entry)))

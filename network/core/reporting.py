"""Was a promise kept? From what was promised, applied and measured to verdicts by the minute and lines of a report. Pure.

The law: a queue that holds packets is served with its guarantee at least (`network.core.allocate.predict`). So a promise can
only be broken while the queue wants it, and what an idle office sends says nothing.

A leaf *wanted* its promise between two readings of the class meter when it
- sent at least 98 % of it, or
- held packets at both readings, or
- dropped packets between them and held some at one of them.

A drop alone is not enough: a leaf's buffer is 50 ms of its guarantee, so a burst of an office that is idle otherwise drops a
few packets, though the burst itself was served as promised. In a minute a leaf wanted when it did so for ten seconds of it;
it was below when over those seconds together it got less than 98 % of its promise. An office wanted, or was below, when one
of its leaves did. What a doubtful counter says (`network.core.rates`) counts for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from network.core.allocate import Allocation
from network.core.booking import ReportLine
from network.core.observed import Counter
from network.core.rates import ClassReading, Rate, class_rates
from network.core.tree import NodeId, ShaperId

KEPT: Final = 98
"""Percent of the promise that count as all of it: a reading is dated to some 20 ms only, of a second or two."""

LEAST_WANTED: Final = 10.0
"""Seconds of a minute in which a leaf must have wanted; shorter is a burst, and a buffer is there for it."""

LEAST_SEEN: Final = 30.0
"""Seconds of a minute that must have been seen for a verdict; such a minute then counts as a whole one."""

LONGEST: Final = 30.0
"""Seconds between two readings: what is further apart is not divided among minutes."""

_CLOCKS_APART: Final = 1.0
"""Seconds by which the wall clock may have moved more or less than time did, before it is taken for having been set."""

MINUTE: Final = timedelta(minutes=1)


class Spot(NamedTuple):
    """An office on an uplink in a direction: what one line of a report is about."""

    office: str
    uplink: str
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One reading of the class meter, by device, and what was promised then. Silent devices are absent.

    `now` and `taken` are the same moment, by the wall clock and in seconds of the monotonic one.
    """

    now: datetime
    taken: float
    allocations: Mapping[ShaperId, Allocation]
    readings: Mapping[str, ClassReading]

    def moment(self, reading: ClassReading) -> datetime:
        """When it was read, by the wall clock."""
        return self.now - timedelta(seconds=self.taken - reading.taken)


class LeafPart(NamedTuple):
    """One leaf between two readings: bit/s."""

    promised: int
    measured: int
    wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One office between two readings, `seconds` apart; `applied` is the guarantee that the device held, in bit/s."""

    since: datetime
    until: datetime
    seconds: float
    applied: int
    leaves: Mapping[NodeId, LeafPart]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One minute of one office, in bit/s averaged over what was seen of it."""

    promised: int
    applied: int
    measured: int
    wanting: bool
    below: bool


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """A time that has a report: one occurrence of a window, or a boost. From `start`, included, to `end`, not included."""

    purpose: str
    window: str
    start: datetime
    end: datetime

    def minute(self, moment: datetime) -> int:
        """Minutes are counted from the start, so only the last may be a short one."""
        return int((moment - self.start) // MINUTE)

    def has(self, stretch: Stretch) -> bool:
        """Whether all of it lies within; the one across an edge belongs to nobody."""
        return self.start <= stretch.since and stretch.until <= self.end


def stretches(before: Look, after: Look) -> dict[Spot, Stretch]:
    """Every office of which both readings say something.

    Where the promise or what the device held changed in between, the lower counts. Empty when the readings are too far
    apart, or when somebody set the clock between them.
    """
    found: dict[Spot, Stretch] = {}
    if abs((after.now - before.now).total_seconds() - (after.taken - before.taken)) > _CLOCKS_APART:
        return found
    for device, new in after.readings.items():
        old = before.readings.get(device)
        if old is None or new.taken - old.taken > LONGEST:
            continue
        for shaper, rates in class_rates(old, new).items():
            allocation = after.allocations.get(shaper)
            if allocation is not None:
                promised = before.allocations.get(shaper, allocation)
                rated = {node: rate.bits for node, rate in rates.items() if isinstance(rate, Rate)}
                found.update(_offices(_Pair(promised, allocation, old, new), rated, before.moment(old), after.moment(new)))
    return found


def _offices(pair: _Pair, rates: Mapping[NodeId, int], since: datetime, until: datetime) -> Iterator[tuple[Spot, Stretch]]:
    shaper = pair.promised_after.shaper
    for office, nodes in pair.promised_after.leaves.items():
        if nodes and all(pair.known(node) and node in rates for node in nodes):
            yield (
                Spot(office, shaper.uplink, shaper.direction.value),
                Stretch(
                    since=since,
                    until=until,
                    seconds=pair.new.taken - pair.old.taken,
                    applied=sum(pair.applied(node) for node in nodes),
                    leaves={node: pair.part(node, rates[node]) for node in nodes},
                ),
            )


@dataclass(frozen=True, slots=True)
class _Pair:
    """One shaper at two readings."""

    promised_before: Allocation
    promised_after: Allocation
    old: ClassReading
    new: ClassReading

    def known(self, node: NodeId) -> bool:
        """Whether both readings show the queue itself."""
        shaper = self.promised_after.shaper
        return all(
            shaper in each.state.shapers
            and node in each.state.shapers[shaper].queues
            and node in each.state.shapers[shaper].counters
            for each in (self.old, self.new)
        )

    def applied(self, node: NodeId) -> int:
        shaper = self.promised_after.shaper
        return min(each.state.shapers[shaper].queues[node].guarantee for each in (self.old, self.new))

    def part(self, node: NodeId, rate: int) -> LeafPart:
        shaper = self.promised_after.shaper
        now = self.promised_after.queues[node].guarantee
        earlier = self.promised_before.queues.get(node)
        promised = now if earlier is None else min(now, earlier.guarantee)
        old, new = (each.state.shapers[shaper].counters[node] for each in (self.old, self.new))
        return LeafPart(promised, rate, wanted(promised, rate, old, new))


def wanted(promised: int, rate: int, old: Counter, new: Counter) -> bool:
    """Whether a leaf wanted `promised` between two readings: the law is at the head of this file."""
    if rate * 100 >= promised * KEPT:
        return True
    waiting = (old.backlog > 0) + (new.backlog > 0)
    return waiting == 2 or (waiting == 1 and new.drops > old.drops)


def judge(parts: Sequence[Stretch]) -> Verdict | None:
    """The verdict on one minute of one office, weighted by seconds; None when too little of it was seen."""
    seconds = sum(part.seconds for part in parts)
    if seconds < LEAST_SEEN:
        return None
    leaves: dict[NodeId, list[tuple[float, LeafPart]]] = {}
    for part in parts:
        for node, leaf in part.leaves.items():
            leaves.setdefault(node, []).append((part.seconds, leaf))
    judged = [_judge_leaf(seen) for seen in leaves.values()]
    return Verdict(
        promised=round(sum(part.seconds * sum(leaf.promised for leaf in part.leaves.values()) for part in parts) / seconds),
        applied=round(sum(part.seconds * part.applied for part in parts) / seconds),
        measured=round(sum(part.seconds * sum(leaf.measured for leaf in part.leaves.values()) for part in parts) / seconds),
        wanting=any(wanting for wanting, _ in judged),
        below=any(below for _, below in judged),
    )


def _judge_leaf(seen: Iterable[tuple[float, LeafPart]]) -> tuple[bool, bool]:
    """Whether it wanted, and whether it then got too little."""
    wanting = [(seconds, leaf) for seconds, leaf in seen if leaf.wanted]
    if sum(seconds for seconds, _ in wanting) < LEAST_WANTED:
        return False, False
    got = sum(seconds * leaf.measured for seconds, leaf in wanting)
    promised = sum(seconds * leaf.promised for seconds, leaf in wanting)
    return True, got * 100 < promised * KEPT


def fold(line: ReportLine | None, regency: str, term: Term, spot: Spot, verdict: Verdict, at: datetime) -> ReportLine:
    """The line with one more minute in it; `at` is that minute's end."""
    minutes = line.minutes if line else 0

    def mean(old: int, new: int) -> int:
        return round((old * minutes + new) / (minutes + 1))

    least = line.least if line else None
    if verdict.wanting:
        least = verdict.measured if least is None else min(least, verdict.measured)
    return ReportLine(
        regency=regency,
        purpose=term.purpose,
        window=term.window,
        start=term.start,
        office=spot.office,
        uplink=spot.uplink,
        direction=spot.direction,
        minutes=minutes + 1,
        wanting=(line.wanting if line else 0) + verdict.wanting,
        below=(line.below if line else 0) + verdict.below,
        promised=mean(line.promised if line else 0, verdict.promised),
        applied=mean(line.applied if line else 0, verdict.applied),
        measured=mean(line.measured if line else 0, verdict.measured),
        least=least,
        updated=at,
    )


def spot(line: ReportLine) -> Spot:
    return Spot(line.office, line.uplink, line.direction)


def canonical(lines: Iterable[ReportLine]) -> Iterator[str]:
    """Each line as JSON (keys sorted, no spaces, ASCII, moments in UTC), by office, uplink and direction."""
    for line in sorted(lines, key=spot):
        fields = asdict(line) | {
            name: moment.astimezone(UTC).isoformat(timespec="microseconds")
            for name, moment in (("start", line.start), ("updated", line.updated))
        }
        yield json.dumps(fields, sort_keys=True, separators=(",", ":"))


def digest(lines: Iterable[ReportLine]) -> str:
    """SHA-256 of the canonical lines, each ended by a line feed: what the audit log keeps of a report."""
    return sha256("".join(f"{each}\n" for each in canonical(lines)).encode()).hexdigest()

"""What counts as wanting a promise, and minutes, lines and digests that can be computed again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import views
from inventory.load import load_regency
from inventory.units import Direction
from network.core.allocate import Allocation, allocate
from network.core.booking import ReportLine
from network.core.intent import intend
from network.core.observed import Counter, DeviceState, ShaperState
from network.core.rates import ClassReading
from network.core.reporting import (
    LeafPart,
    Look,
    Spot,
    Stretch,
    Term,
    Verdict,
    canonical,
    digest,
    fold,
    judge,
    stretches,
    wanted,
)
from network.core.tree import NodeId, leaf

REGENCY = views.small_copy(load_regency(Path(__file__).parents[3] / "inventory" / "regencies" / "manokwari"), 6)
NOW = datetime(2026, 8, 18, 8, 0, tzinfo=UTC)
ALLOCATIONS = allocate(REGENCY, intend(REGENCY, NOW))
SHAPER = next(shaper for shaper in ALLOCATIONS if shaper.direction is Direction.DOWN)
OFFICE = REGENCY.offices[0]
SPOT = Spot(OFFICE.key, SHAPER.uplink, "down")
ONE = 1_000_000
IDLE = Counter(0, 0, 0)


def part(measured: int, *, wanted: bool, promised: int = ONE, seconds: float = 2.0, at: float = 0.0) -> Stretch:
    return Stretch(
        since=NOW + timedelta(seconds=at),
        until=NOW + timedelta(seconds=at + seconds),
        seconds=seconds,
        applied=promised,
        leaves={leaf(1): LeafPart(promised, measured, wanted)},
    )


def minute(*parts: tuple[int, int, bool]) -> Verdict | None:
    """Stretches of 2 s: how many, at what rate, whether it was wanted."""
    return judge([part(rate, wanted=want) for count, rate, want in parts for _ in range(count)])


@pytest.mark.parametrize(
    ("rate", "old", "new", "says"),
    [
        (980_000, IDLE, IDLE, True),
        (979_999, IDLE, IDLE, False),
        (500_000, Counter(0, 0, 0, 1500), Counter(0, 0, 0, 1500), True),
        (500_000, Counter(0, 0, 0, 1500), IDLE, False),
        (500_000, IDLE, Counter(0, 0, 0, 1500), False),
        (500_000, IDLE, Counter(0, 0, 7, 1500), True),
        (500_000, Counter(0, 0, 3, 1500), Counter(0, 0, 9), True),
        # A burst of an idle office overflowed its 50 ms of buffer and was served: no evidence.
        (100_000, IDLE, Counter(0, 0, 7), False),
        (0, IDLE, IDLE, False),
    ],
)
def test_what_wanting_is(rate: int, old: Counter, new: Counter, says: bool) -> None:
    assert wanted(ONE, rate, old, new) is says


@pytest.mark.parametrize(
    ("parts", "wanting", "below"),
    [
        ([(30, 0, False)], False, False),
        ([(30, 400_000, False)], False, False),
        ([(30, 990_000, True)], True, False),
        ([(30, 980_000, True)], True, False),
        ([(30, 970_000, True)], True, True),
        # Wanted for 8 seconds only: a burst.
        ([(26, 0, False), (4, 500_000, True)], False, False),
        # Wanted for 10, and then got half of it: the idle rest of the minute does not excuse it.
        ([(25, 0, False), (5, 500_000, True)], True, True),
        # Got all while it wanted and was idle after: not below, though its minute's mean is.
        ([(15, 1_000_000, True), (15, 0, False)], True, False),
    ],
)
def test_a_minute_is_below_only_by_what_was_wanted(parts: list[tuple[int, int, bool]], wanting: bool, below: bool) -> None:
    verdict = minute(*parts)
    assert verdict is not None
    assert (verdict.wanting, verdict.below) == (wanting, below)
    seconds = sum(count for count, _, _ in parts)
    assert verdict.measured == round(sum(count * rate for count, rate, _ in parts) / seconds)


def test_a_minute_of_which_too_little_was_seen_has_no_verdict() -> None:
    assert minute((14, ONE, True)) is None
    assert minute((15, ONE, True)) is not None
    assert judge([]) is None


def test_a_leaf_that_is_idle_does_not_excuse_another_and_is_no_breach() -> None:
    both = {leaf(1): LeafPart(ONE, 0, wanted=False), leaf(1, 7): LeafPart(ONE, ONE, wanted=True)}
    fair = judge([replace(part(0, wanted=False), leaves=both)] * 30)
    assert fair is not None
    assert (fair.promised, fair.measured, fair.wanting, fair.below) == (2 * ONE, ONE, True, False)
    starved = {leaf(1): LeafPart(ONE, 5 * ONE, wanted=True), leaf(1, 7): LeafPart(ONE, ONE // 2, wanted=True)}
    verdict = judge([replace(part(0, wanted=False), leaves=starved)] * 30)
    assert verdict is not None
    assert verdict.below


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 3 * ONE), st.booleans()), min_size=1, max_size=12))
def test_no_verdict_accuses_without_evidence(parts: list[tuple[int, int, bool]]) -> None:
    verdict = minute(*parts)
    if verdict is None:
        assert sum(count for count, _, _ in parts) < 15
        return
    wanting = [(count, rate) for count, rate, want in parts if want]
    assert verdict.wanting is (sum(count for count, _ in wanting) >= 5)
    if verdict.below:
        assert verdict.wanting
        assert min(rate for _, rate in wanting) * 100 < ONE * 98


def look(seconds: float, counters: Mapping[NodeId, Counter], given: Allocation | None = None, **changes: float) -> Look:
    allocation = ALLOCATIONS[SHAPER]
    shown = ShaperState(queues=allocation.queues, rules=allocation.rules, counters=counters)
    state = DeviceState(shapers={SHAPER: shown})
    return Look(
        now=NOW + timedelta(seconds=changes.get("wall", seconds)),
        taken=100 + seconds,
        allocations={SHAPER: given or allocation},
        readings={allocation.place.device: ClassReading(state=state, taken=100 + changes.get("read", seconds))},
    )


def counters(total: int, *, backlog: int = 0, drops: int = 0) -> dict[NodeId, Counter]:
    return {
        node: Counter(total, total // 1000, drops, backlog) for nodes in ALLOCATIONS[SHAPER].leaves.values() for node in nodes
    }


def test_two_looks_make_a_stretch_of_every_office() -> None:
    found = stretches(look(0, counters(0, backlog=9)), look(2, counters(250_000, backlog=9)))
    assert set(found) == {Spot(office.key, SHAPER.uplink, "down") for office in REGENCY.offices}
    mine = found[SPOT]
    assert (mine.since, mine.until, mine.seconds) == (NOW, NOW + timedelta(seconds=2), 2.0)
    assert mine.applied == ALLOCATIONS[SHAPER].guarantee(OFFICE.key)
    for node, each in mine.leaves.items():
        assert each == LeafPart(ALLOCATIONS[SHAPER].queues[node].guarantee, ONE, wanted=True)


def test_a_promise_that_changed_between_two_looks_counts_as_the_lower_one() -> None:
    allocation = ALLOCATIONS[SHAPER]
    node = leaf(OFFICE.id)
    more = replace(allocation.queues[node], guarantee=allocation.queues[node].guarantee + 8000)
    raised = replace(allocation, queues={**allocation.queues, node: more})
    for before, after in ((allocation, raised), (raised, allocation)):
        found = stretches(look(0, counters(0), before), look(2, counters(0), after))
        assert found[SPOT].leaves[node].promised == allocation.queues[node].guarantee


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (look(0, counters(500)), look(2, counters(400))),
        (look(0, counters(0)), look(0.3, counters(400))),
        (look(0, counters(0)), look(31, counters(400))),
        (look(0, counters(0)), look(2, counters(400), wall=3700)),
        (look(0, counters(0)), look(2, counters(400), wall=-3700)),
        (look(0, {}), look(2, counters(400))),
        (look(0, counters(0)), look(2, {})),
        (replace(look(0, counters(0)), readings={}), look(2, counters(0))),
        (look(0, counters(0)), replace(look(2, counters(0)), readings={})),
        (look(0, counters(0)), replace(look(2, counters(0)), allocations={})),
    ],
    ids=["went_back", "too_close", "too_far", "clock_on", "clock_back", "new", "gone", "was_silent", "silent", "no_promise"],
)
def test_a_doubtful_pair_counts_for_nothing(before: Look, after: Look) -> None:
    assert stretches(before, after) == {}


def test_a_device_that_was_read_late_is_dated_by_its_own_reading() -> None:
    found = stretches(look(0, counters(0)), look(4, counters(250_000), read=2))
    assert (found[SPOT].until, found[SPOT].seconds) == (NOW + timedelta(seconds=2), 2.0)


def test_what_lies_across_an_edge_belongs_to_nobody() -> None:
    term = Term("window", "rka", NOW, NOW + timedelta(minutes=1))
    assert term.has(part(0, wanted=False, at=0))
    assert term.has(part(0, wanted=False, at=58))
    assert not term.has(part(0, wanted=False, at=-1))
    assert not term.has(part(0, wanted=False, at=59))
    assert [term.minute(NOW + timedelta(seconds=at)) for at in (0, 59.9, 60)] == [0, 0, 1]


TERM = Term("window", "rka", NOW, NOW + timedelta(hours=9))


@given(st.lists(st.tuples(st.integers(0, 10**9), st.booleans()), min_size=1, max_size=60))
def test_a_line_is_the_mean_of_its_minutes(seen: list[tuple[int, bool]]) -> None:
    line: ReportLine | None = None
    for at, (measured, wanting) in enumerate(seen, start=1):
        verdict = Verdict(promised=ONE, applied=ONE, measured=measured, wanting=wanting, below=wanting and measured < ONE)
        line = fold(line, "manokwari", TERM, SPOT, verdict, NOW + timedelta(minutes=at))
    assert line is not None
    assert (line.minutes, line.promised, line.applied) == (len(seen), ONE, ONE)
    assert abs(line.measured - sum(rate for rate, _ in seen) / len(seen)) <= len(seen)
    assert line.wanting == sum(want for _, want in seen)
    assert line.below == sum(want and rate < ONE for rate, want in seen)
    assert line.least == min((rate for rate, want in seen if want), default=None)
    assert line.updated == NOW + timedelta(minutes=len(seen))


def test_the_digest_is_of_lines_that_anybody_can_write_again() -> None:
    verdict = Verdict(promised=1, applied=2, measured=3, wanting=True, below=False)
    lines = [fold(None, "manokwari", TERM, SPOT._replace(office=name), verdict, NOW) for name in ("b", "a")]
    text = "".join(f"{each}\n" for each in canonical(lines))
    assert [json.loads(each)["office"] for each in text.splitlines()] == ["a", "b"]
    assert digest(lines) == digest(reversed(lines)) == sha256(text.encode()).hexdigest()
    east = [replace(each, start=each.start.astimezone(REGENCY.zone)) for each in lines]
    assert digest(east) == digest(lines)
    assert digest([lines[0], replace(lines[1], below=1)]) != digest(lines)

"""A rate is shown only when two readings prove it; every doubt has its name."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.units import Direction
from network.core.observed import Counter, DeviceState, ShaperState
from network.core.rates import (
    CACHE_SECONDS,
    ClassReading,
    Dropped,
    InterfaceRate,
    InterfaceReading,
    InterfaceTotals,
    Meter,
    Rate,
    class_rates,
    interface_rates,
)
from network.core.tree import DEFAULT, ROOT, NodeId, ShaperId, leaf
from network.messages import text

OLD = InterfaceTotals(received=1_000_000, sent=5_000_000, uptime=100_000, speed=100_000_000, discontinuity=0)
NEW = InterfaceTotals(received=13_500_000, sent=5_000_000, uptime=101_000, speed=100_000_000, discontinuity=0)


def between(old: InterfaceTotals, new: InterfaceTotals, ours: float = 10.0) -> InterfaceRate | Dropped:
    before = InterfaceReading(device="core", taken=500.0, interfaces={"up1": old})
    after = InterfaceReading(device="core", taken=500.0 + ours, interfaces={"up1": new})
    return interface_rates(before, after)["up1"]


def test_a_rate_is_over_the_devices_own_time() -> None:
    # Our clock says 10.4 s, the device's 10 s: the device counted, so its time divides.
    rate = between(OLD, NEW, ours=10.4)
    assert isinstance(rate, InterfaceRate)
    assert rate.received == Rate(bits=10_000_000, over=10.0, taken=510.4, meter=Meter.SNMP)
    assert rate.sent.bits == 0
    assert rate.sent.age(now=512.4) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("new", "ours", "why"),
    [
        (replace(NEW, uptime=100_949), 9.5, Dropped.TOO_CLOSE),
        (replace(NEW, uptime=100_000), 0.0, Dropped.TOO_CLOSE),
        (replace(NEW, uptime=900, received=0, sent=0), 10.0, Dropped.RESTARTED),
        # Restarted long ago: its uptime is later than before, but far less has passed there than here.
        (replace(NEW, uptime=120_000), 300.0, Dropped.RESTARTED),
        (replace(NEW, uptime=130_000), 10.0, Dropped.RESTARTED),
        (replace(NEW, discontinuity=100_500), 10.0, Dropped.DISCONTINUITY),
        (replace(NEW, discontinuity=None), 10.0, Dropped.DISCONTINUITY),
        (replace(NEW, received=999_999), 10.0, Dropped.WENT_BACK),
        (replace(NEW, sent=4_999_999), 10.0, Dropped.WENT_BACK),
        (replace(NEW, received=OLD.received + 2**40), 10.0, Dropped.ABOVE_SPEED),
        (replace(NEW, sent=OLD.sent + 2**40), 10.0, Dropped.ABOVE_SPEED),
    ],
)
def test_a_doubtful_sample_is_dropped_and_named(new: InterfaceTotals, ours: float, why: Dropped) -> None:
    assert between(OLD, new, ours) is why


@pytest.mark.parametrize("bits", [32, 64])
def test_a_total_that_begins_anew_is_no_rate(bits: int) -> None:
    """The objects have 64 bits; an agent may fill them from a counter of 32."""
    full, anew = replace(OLD, received=2**bits - 1000), replace(NEW, received=500)
    assert between(full, anew) is Dropped.WENT_BACK
    assert isinstance(between(anew, replace(anew, uptime=NEW.uptime + 1000, received=9000)), InterfaceRate)


def test_an_uptime_that_begins_anew_is_no_rate() -> None:
    """sysUpTime has 32 bits, which is 497 days."""
    late, anew = replace(OLD, uptime=2**32 - 500), replace(NEW, uptime=500)
    assert between(late, anew) is Dropped.RESTARTED
    assert isinstance(between(anew, replace(anew, uptime=1500, received=NEW.received + 9000)), InterfaceRate)


def test_a_full_link_is_not_taken_for_an_impossible_one() -> None:
    # The first total was 3.2 s old when it was answered, the second fresh: 13.2 s of traffic seem to pass in 10 s.
    most = int(100_000_000 / 8 * (10 + CACHE_SECONDS))
    assert isinstance(between(OLD, replace(NEW, received=OLD.received + most)), InterfaceRate)
    assert between(OLD, replace(NEW, received=OLD.received + most + 1)) is Dropped.ABOVE_SPEED


def test_a_link_of_unknown_speed_has_no_upper_bound() -> None:
    assert isinstance(between(OLD, replace(NEW, speed=None, received=2**50)), InterfaceRate)


def test_an_interface_that_is_new_has_no_rate_and_one_that_left_is_not_shown() -> None:
    before = InterfaceReading(device="core", taken=0.0, interfaces={"gone": OLD, "up1": OLD})
    after = InterfaceReading(device="core", taken=10.0, interfaces={"up1": NEW, "up2": NEW})
    rates = interface_rates(before, after)
    assert set(rates) == {"up1", "up2"}
    assert rates["up2"] is Dropped.NEW


totals = st.builds(
    InterfaceTotals,
    received=st.integers(0, 2**64 - 1),
    sent=st.integers(0, 2**64 - 1),
    uptime=st.integers(0, 2**32 - 1),
    speed=st.none() | st.integers(1, 400_000).map(lambda megabits: megabits * 10**6),
    discontinuity=st.none() | st.integers(0, 2**32 - 1),
)


@settings(deadline=None, max_examples=60)
@given(totals, totals, st.floats(0, 1e9))
def test_whatever_a_device_says_no_impossible_rate_is_shown(old: InterfaceTotals, new: InterfaceTotals, ours: float) -> None:
    rate = between(old, new, ours)
    if isinstance(rate, InterfaceRate):
        for found in (rate.received, rate.sent):
            assert found.bits >= 0
            assert found.over >= 9.5
            assert new.speed is None or found.bits * found.over <= new.speed * (found.over + CACHE_SECONDS) * 1.000001


SHAPER = ShaperId(1, "domestic", Direction.DOWN)
OTHER = ShaperId(2, "international", Direction.DOWN)


def reading(taken: float, counters: dict[NodeId, Counter], shaper: ShaperId = SHAPER) -> ClassReading:
    state = ShaperState(queues=MappingProxyType({}), rules=frozenset(), counters=counters)
    return ClassReading(state=DeviceState(shapers={shaper: state}), taken=taken)


def test_class_rates_are_of_every_node_over_our_time() -> None:
    before = reading(10.0, {ROOT: Counter(1000, 10, 0), leaf(1): Counter(400, 4, 0), DEFAULT: Counter(7, 1, 0)})
    after = reading(12.0, {ROOT: Counter(1_001_000, 900, 3), leaf(1): Counter(400, 4, 2), leaf(2): Counter(9, 1, 0)})
    assert class_rates(before, after) == {
        SHAPER: {
            ROOT: Rate(bits=4_000_000, over=2.0, taken=12.0, meter=Meter.CLASS),
            leaf(1): Rate(bits=0, over=2.0, taken=12.0, meter=Meter.CLASS),
            leaf(2): Dropped.NEW,
        }
    }


@pytest.mark.parametrize(
    ("taken", "counter", "why"),
    [
        (12.0, Counter(999, 11, 0), Dropped.WENT_BACK),
        # Made again, and more bytes since then than before it: fewer packets give it away.
        (12.0, Counter(5000, 4, 0), Dropped.WENT_BACK),
        (10.4, Counter(5000, 14, 0), Dropped.TOO_CLOSE),
    ],
)
def test_a_doubtful_class_sample_is_dropped_and_named(taken: float, counter: Counter, why: Dropped) -> None:
    before = reading(10.0, {leaf(1): Counter(1000, 10, 0)})
    assert class_rates(before, reading(taken, {leaf(1): counter}))[SHAPER][leaf(1)] is why


def test_a_shaper_that_is_new_or_read_first_has_no_rates() -> None:
    first = reading(10.0, {ROOT: Counter(1000, 10, 0)})
    assert class_rates(None, first) == {SHAPER: {ROOT: Dropped.NEW}}
    other = reading(12.0, {ROOT: Counter(2000, 20, 0)}, shaper=OTHER)
    assert class_rates(first, other) == {OTHER: {ROOT: Dropped.NEW}}


@pytest.mark.parametrize(
    "code", [f"rate.{reason.value}" for reason in Dropped] + [f"meter.name.{meter.value}" for meter in Meter]
)
def test_every_reason_and_meter_has_its_words(code: str) -> None:
    assert text(code, "id") != text(code, "en")

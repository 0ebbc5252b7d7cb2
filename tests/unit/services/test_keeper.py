"""The loop converges whatever the clock, the device or the record does, and claims every slot once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from inventory.model import Rates
from inventory.units import Bandwidth
from network.core.booking import Booking, Kind, State, Subscription
from network.core.intent import Boost, intend
from network.errors import LajurError, LedgerError, NeedsPerson, Refused, RunReturned, SessionCut
from network.services.bookings import BoostDraft, Desk, cancel, request_boost, standing
from network.services.keeper import Keeper
from tests.unit.services.conftest import Bench
from tests.unit.services.test_apply import held, intended, plain


@pytest.fixture
def desk(bench: Bench) -> Desk:
    return Desk(truth=lambda: bench.regency, bookings=bench.ledger.bookings, clock=bench.clock)


@pytest.fixture
def keeper(bench: Bench, desk: Desk) -> Keeper:
    return Keeper(desk, bench.hands())


def until(bench: Bench, keeper: Keeper, moment: datetime) -> None:
    """Let the keeper run until that moment of its clock."""
    keeper.run(lambda: bench.clock.now() >= moment)


def local(bench: Bench, day: str, hour: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=bench.regency.zone)


def slots(bench: Bench) -> list[tuple[str, str, str]]:
    claims = bench.ledger.claims("manokwari", bench.clock.now() - timedelta(days=400))
    return [(slot.window, slot.edge, status) for slot, status in claims]


def test_a_window_opens_and_closes_with_nobody_touching_it(bench: Bench, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # Rounds for their own sake are hours apart, so at the edges nothing but the edge itself calls for one.
    keeper = Keeper(desk, bench.hands(), every=2 * 3600.0)
    until(bench, keeper, local(bench, "2026-08-18", "07:59:59"))
    base = held(bench)
    until(bench, keeper, local(bench, "2026-08-18", "08:00:05"))
    assert held(bench) == intended(bench) != base
    assert keeper.pulse.late
    assert max(keeper.pulse.late) <= 1.0
    with monkeypatch.context() as patched:  # nine hours in which nothing is due
        patched.setattr("network.services.keeper.LOOK", 5.0)
        until(bench, keeper, local(bench, "2026-08-18", "16:59:30"))
    until(bench, keeper, local(bench, "2026-08-18", "17:00:05"))
    assert held(bench) == base
    assert slots(bench) == [("rka-skpd", "open", "acted"), ("rka-skpd", "close", "acted")]
    assert bench.router.oversubscribed == 0


def test_two_keepers_claim_once(bench: Bench, desk: Desk) -> None:
    one, other = Keeper(desk, bench.hands()), Keeper(desk, bench.hands())
    bench.at("2026-08-18", "08:00")
    one.round()
    other.round()
    assert [slot for slot in slots(bench) if slot[1] == "open"] == [("rka-skpd", "open", "acted")]
    assert other.pulse.runs == {"nothing": 1}


def test_a_start_in_the_middle_of_a_window_converges_and_says_what_was_missed(bench: Bench, keeper: Keeper) -> None:
    bench.at("2026-08-18", "11:30")
    keeper.round()
    assert held(bench) == intended(bench)
    assert slots(bench) == [("rka-skpd", "open", "skipped")]


@pytest.mark.parametrize("hours", [9, -30, 24 * 40], ids=["over the end", "back", "over a month"])
def test_a_clock_that_jumps_is_followed(bench: Bench, keeper: Keeper, hours: int) -> None:
    bench.at("2026-08-18", "09:00")
    keeper.round()

    wall = bench.clock.now()
    bench.clock.moment += timedelta(hours=hours)
    assert keeper._is_time(bench.clock.monotonic(), wall, 30.0)
    keeper.round()
    assert held(bench) == intended(bench)
    assert keeper.pulse.error is None


def test_a_silent_device_is_waited_out(bench: Bench, keeper: Keeper) -> None:
    bench.router.faults.unreachable = True
    keeper.round()
    assert keeper.pulse.error is not None
    assert keeper.pulse.failures == 1
    assert keeper._pause() < 30
    bench.router.faults.unreachable = False
    keeper.round()
    assert keeper.pulse == replace(keeper.pulse, error=None, failures=0)
    assert held(bench) == intended(bench)


def subscribe(bench: Bench) -> None:
    now = bench.clock.now()
    one = Subscription(id="s", regency="manokwari", url="https://hook.example.org/", kinds=(), actor="sari", created=now)
    bench.ledger.outbox.subscribe(one)


def told(bench: Bench) -> list[tuple[str, str]]:
    """What subscribers were told, as kind and edge."""
    taken = bench.ledger.outbox.take(bench.clock.now() + timedelta(minutes=1), timedelta(0), 100)
    events = [json.loads(each.payload) for each in taken]
    return [(each["type"].removeprefix("id.lajur."), each["data"]["edge"]) for each in events]


def test_an_edge_that_a_silent_device_held_up_is_still_told_and_its_lateness_counts(bench: Bench, keeper: Keeper) -> None:
    subscribe(bench)
    keeper.round()
    bench.at("2026-08-18", "08:00")
    bench.router.faults.unreachable = True
    keeper.round()
    assert keeper.pulse.runs["failed"] == 1
    assert told(bench) == []
    bench.clock.sleep(7)
    bench.router.faults.unreachable = False
    for _ in range(2):
        keeper.round()
    assert keeper.pulse.late == [pytest.approx(7, abs=1)]
    assert [run.reason for run in bench.ledger.runs("manokwari", 1)] == ["rka-skpd open"]
    assert told(bench) == [("window.opened", "open")]


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (NeedsPerson("run.needs_person", run="r", devices="core", cause="c"), "needs_person"),
        (RunReturned("run.returned", run="r", cause="c"), "returned"),
        (Refused("guard.floor"), "refused"),
        (SessionCut("device.silent", device="core", step="observe"), "failed"),
    ],
)
def test_rounds_that_fail_are_counted_by_what_they_ended_in(
    error: LajurError, result: str, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise error

    monkeypatch.setattr("network.services.keeper.apply", fails)
    keeper.round()
    assert keeper.pulse.runs == {result: 1}


def test_a_window_that_closed_before_it_could_open_was_skipped(bench: Bench, keeper: Keeper) -> None:
    subscribe(bench)
    keeper.round()
    bench.at("2026-08-18", "08:00")
    bench.router.faults.unreachable = True
    keeper.round()
    bench.at("2026-08-18", "17:00")
    bench.router.faults.unreachable = False
    keeper.round()
    assert told(bench) == [("window.closed", "close"), ("window.skipped", "open")]


def test_a_record_that_is_gone_leaves_the_devices_as_they_are(
    bench: Bench, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.round()
    before = held(bench)
    bench.at("2026-08-18", "08:00")

    def gone(*_: Any) -> Any:
        raise LedgerError("ledger.full", ledger="x", reason="full")

    with monkeypatch.context() as patched:
        patched.setattr(type(bench.ledger), "claims", gone)
        keeper.round()
    assert isinstance(keeper.pulse.error, LedgerError)
    assert held(bench) == before
    keeper.round()
    assert held(bench) == intended(bench) != before


def boost(bench: Bench, minutes: int = 5) -> BoostDraft:
    office = next(each.key for each in bench.regency.offices if not bench.regency.policy.classes[each.service_class].protected)
    return BoostDraft(
        offices=(office,),
        uplink="domestic",
        amount=Rates(down=Bandwidth(3 * 10**6), up=Bandwidth(0)),
        reason="a test",
        starts=None,
        expires=bench.clock.now() + timedelta(minutes=minutes),
    )


def boosted(bench: Bench, desk: Desk) -> Any:
    from network.core.allocate import allocate
    from network.services.bookings import standing

    boosts = standing(desk, bench.clock.now()).boosts
    allocations = allocate(bench.regency, intend(bench.regency, bench.clock.now(), boosts))
    return {shaper: (plain(each.queues), each.rules) for shaper, each in allocations.items()}


def test_a_boost_is_carried_out_ends_by_itself_and_leaves_a_return(bench: Bench, desk: Desk, keeper: Keeper) -> None:
    keeper.round()
    base = held(bench)
    request_boost(desk, boost(bench), "os:asker")
    keeper.wake()
    keeper.round()
    assert held(bench) == boosted(bench, desk) != base
    assert bench.router.state().returns
    until(bench, keeper, bench.clock.now() + timedelta(minutes=6))
    assert held(bench) == base
    assert bench.router.state().returns == ()
    assert [(edge, status) for _, edge, status in slots(bench)] == [("open", "acted"), ("close", "acted")]


def test_a_boost_returns_without_us(bench: Bench, desk: Desk, keeper: Keeper) -> None:
    keeper.round()
    base = held(bench)
    request_boost(desk, boost(bench), "os:asker")
    keeper.round()
    assert held(bench) != base
    bench.clock.sleep(5 * 60 + 61)
    assert held(bench) == base
    assert bench.router.oversubscribed == 0


def test_a_cancelled_boost_is_taken_away_at_once(bench: Bench, desk: Desk, keeper: Keeper) -> None:
    keeper.round()
    base = held(bench)
    booking = request_boost(desk, boost(bench), "os:asker")
    keeper.round()
    assert held(bench) != base
    cancel(desk, booking.id, "os:asker")  # type: ignore[union-attr]
    keeper.wake()
    keeper.round()
    assert held(bench) == base


def test_a_boost_whose_office_a_slip_took_from_the_files_waits_until_it_is_back(bench: Bench, desk: Desk) -> None:
    booking = request_boost(desk, boost(bench), "os:asker")
    assert isinstance(booking, Booking)
    whole, own = bench.regency, booking.value
    assert isinstance(own, Boost)
    without = whole.model_copy(update={"offices": tuple(each for each in whole.offices if each.key not in own.offices)})
    slipped = replace(desk, truth=lambda: without)
    assert standing(slipped, bench.clock.now()).boosts == ()
    assert [each.id for each in standing(desk, bench.clock.now()).boosts] == [booking.id]


def test_a_boost_that_fits_no_longer_is_revoked_and_does_not_stop_the_rest(bench: Bench) -> None:
    truth = [bench.regency]
    desk = Desk(truth=lambda: truth[0], bookings=bench.ledger.bookings, clock=bench.clock)
    keeper = Keeper(desk, bench.hands())
    booking = request_boost(desk, boost(bench), "os:asker")
    keeper.round()
    uplinks = tuple(
        each.model_copy(update={"rate": Rates(down=Bandwidth(48 * 10**6), up=each.rate.up)}) if each.key == "domestic" else each
        for each in bench.regency.uplinks
    )
    truth[0] = bench.regency.model_copy(update={"uplinks": uplinks})
    for _ in range(2):
        keeper.round()
    found = bench.ledger.bookings.booking(booking.id)  # type: ignore[union-attr]
    assert found is not None
    if found.state is State.CANCELLED:
        assert bench.ledger.bookings.live("manokwari", Kind.BOOST, bench.clock.now()) == ()
    assert keeper.pulse.error is None or keeper.pulse.error.code != "boost.does_not_fit"

"""The watch beside a router in memory: figures, lines minute by minute, the other meter; and what is silent grows old."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inventory.model import Rates
from inventory.units import Bandwidth, Direction
from network.core.intent import Boost
from network.core.plan import Phase, QueueStep
from network.core.reporting import digest
from network.errors import LedgerError, NotFound, Refused
from network.services.report import Reported, occurrences, report
from network.services.watch import Watch
from tests.unit.services.conftest import Bench
from tests.unit.services.watching import Scene, first, minutes


@pytest.fixture
def scene(bench: Bench) -> Scene:
    bench.at("2026-08-18", "07:50")
    scene = Scene(bench)
    scene.apply()
    return scene


def test_figures_say_what_is_promised_held_and_measured(scene: Scene) -> None:
    watch = Watch(scene.post())
    assert watch.snapshot().at is None
    before = watch.tick()
    assert {each.measured for each in before.offices} == {None}
    scene.bench.clock.sleep(2)
    scene.send(first(scene.bench.regency), 4_000_000, 2)
    seen = watch.tick()
    office = next(each for each in seen.offices if each.office == scene.bench.regency.offices[0].key)
    assert (office.uplink, office.direction, office.measured) == (scene.shaper.uplink, Direction.DOWN, 4_000_000)
    assert office.guarantee == office.applied
    uplink = seen.uplinks[0]
    assert (uplink.measured, uplink.headroom) == (4_000_000, uplink.shaped - 4_000_000)
    assert uplink.guaranteed <= uplink.shaped <= uplink.contracted
    assert (seen.drift, dict(seen.age), dict(seen.errors)) == (0, {"core": 0.0}, {})
    assert len(seen.offices) == 4 * len(scene.bench.regency.offices)


def test_drift_counts_what_somebody_changed_beside_us(scene: Scene) -> None:
    watch = Watch(scene.post())
    state = scene.bench.router.state().shapers[scene.shaper]
    queue = state.queues[first(scene.bench.regency)]
    lower = replace(queue, guarantee=queue.guarantee // 2)
    step = QueueStep(device="core", shaper=scene.shaper, phase=Phase.LOWER, before=queue, after=lower)
    scene.bench.router.run([step])
    seen = watch.tick()
    assert seen.drift == 1
    office = next(each for each in seen.offices if each.office == scene.bench.regency.offices[0].key)
    assert (
        office.applied
        == office.guarantee - queue.guarantee + scene.bench.router.state().shapers[scene.shaper].queues[queue.node].guarantee
    )


def test_a_dead_device_grows_old_and_ends_nothing(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "network.services.watch")
    watch = Watch(scene.post())
    watch.tick()
    scene.bench.router.faults.unreachable = True
    scene.bench.clock.sleep(9)
    seen = watch.tick()
    assert seen.errors["core"].code == "device.unreachable"
    assert dict(seen.age) == {"core": 9.0}
    assert {(each.applied, each.ceiling, each.measured) for each in seen.offices} == {(None, None, None)}
    assert (seen.drift, seen.uplinks[0].measured, seen.uplinks[0].headroom, seen.uplinks[0].backlog) == (None,) * 4
    assert all(each.guarantee > 0 for each in seen.offices)
    scene.bench.clock.sleep(5)
    assert dict(watch.snapshot().age) == {"core": 14.0}
    scene.bench.router.faults.unreachable = False
    watch.tick()
    scene.bench.clock.sleep(2)
    again = watch.tick()
    assert (dict(again.errors), again.uplinks[0].measured) == ({}, 0)
    assert [record.message for record in caplog.records] == ["watch.failed", "watch.well"]


def test_a_truth_that_does_not_hold_leaves_the_last_figures_and_says_so(scene: Scene) -> None:
    watch = Watch(scene.post())
    before = watch.tick()
    scene.refusal = Refused("allocate.no_room", shaper="x", rate=1, default=2)
    seen = watch.tick()
    assert seen.errors["intent"] is scene.refusal
    assert seen.offices == before.offices
    scene.refusal = None
    assert dict(watch.tick().errors) == {}


def test_a_window_is_reported_minute_by_minute_and_sealed_when_it_ends(scene: Scene) -> None:
    """The window of the truth runs from 08:00 to 17:00 local time; a minute is written as soon as it is over."""
    watch = Watch(scene.post())
    scene.bench.at("2026-08-18", "07:59")
    watch.tick()
    scene.bench.at("2026-08-18", "08:00")
    scene.apply()
    watch.tick()
    promise = scene.bench.router.state().shapers[scene.shaper].queues[first(scene.bench.regency)].guarantee
    minutes(scene, watch, 3, promise + 1000)
    assert scene.book.writes == 3
    minutes(scene, watch, 2, promise // 2, backlog=3000)
    minutes(scene, watch, 2, 0)
    window = watch.snapshot().windows[0]
    start = datetime(2026, 8, 17, 23, 0, tzinfo=UTC)
    shown = report(scene.book, "manokwari", "window", window, start)
    mine = next(line for line in shown.lines if (line.office, line.uplink, line.direction) == _mine(scene))
    assert (mine.minutes, mine.wanting, mine.below) == (7, 5, 2)
    assert mine.least == pytest.approx(promise // 2, abs=8)
    assert mine.promised == mine.applied == watch.snapshot().offices[0].guarantee
    others = [line for line in shown.lines if line is not mine]
    assert {(line.wanting, line.below, line.measured) for line in others} == {(0, 0, 0)}
    assert (shown.minutes, shown.below, shown.wanting) == (7, 2, 5)
    assert scene.reported() == []
    scene.bench.at("2026-08-18", "17:00")
    watch.tick()
    sealed = scene.reported()
    assert len(sealed) == 1
    assert sealed[0]["digest"] == report(scene.book, "manokwari", "window", window, start).digest
    assert sealed[0] == {
        "start": start.isoformat(),
        "minutes": 7,
        "wanting": 5,
        "below": 2,
        "lines": len(shown.lines),
        "digest": digest(scene.book.lines("manokwari", "window", window, start)),
    }
    watch.tick()
    assert len(scene.reported()) == 1
    assert occurrences(scene.book, "manokwari") == (Reported(start, "window", window),)


def _mine(scene: Scene) -> tuple[str, str, str]:
    return scene.bench.regency.offices[0].key, scene.shaper.uplink, "down"


def _boost(scene: Scene, minutes_: float) -> Boost:
    now = scene.bench.clock.now().astimezone(UTC)
    return Boost(
        id="boost-1",
        offices=(scene.bench.regency.offices[0].key,),
        uplink=scene.shaper.uplink,
        amount=Rates(down=Bandwidth(1_000_000), up=Bandwidth(0)),
        reason="rapat",
        created=now,
        starts=now,
        expires=now + timedelta(minutes=minutes_),
        actor="sari",
    )


def test_a_boost_has_its_own_minutes_and_a_short_last_one_counts_by_half(scene: Scene) -> None:
    scene.boosts = (_boost(scene, 2.5),)
    scene.apply()
    watch = Watch(scene.post())
    watch.tick()
    minutes(scene, watch, 3, 0)
    assert [(each["minutes"], each["below"]) for each in scene.reported()] == [(3, 0)]
    scene.boosts = (replace(_boost(scene, 1.4), id="boost-2"),)
    watch.tick()
    minutes(scene, watch, 2, 0)
    assert [each["minutes"] for each in scene.reported()] == [3, 1]


def test_a_boost_that_is_cancelled_ends_there(scene: Scene) -> None:
    scene.boosts = (_boost(scene, 60),)
    scene.apply()
    watch = Watch(scene.post())
    watch.tick()
    minutes(scene, watch, 2, 0)
    scene.boosts = ()
    watch.tick()
    assert [each["minutes"] for each in scene.reported()] == [2]


def test_another_watch_goes_on_where_one_died(scene: Scene) -> None:
    scene.boosts = (_boost(scene, 10),)
    scene.apply()
    watch = Watch(scene.post())
    watch.tick()
    minutes(scene, watch, 3.5, 0)
    again = Watch(scene.post())
    again.tick()
    minutes(scene, again, 2.5, 0)
    lines = scene.book.lines("manokwari", "boost", "boost-1", scene.boosts[0].starts)
    # The minute that both saw a part of is judged by the half that the second one saw.
    assert {line.minutes for line in lines} == {6}
    assert max(line.updated for line in lines) == scene.boosts[0].starts + timedelta(minutes=6)


def test_what_ended_while_nobody_watched_is_sealed_once(scene: Scene) -> None:
    scene.boosts = (_boost(scene, 5),)
    scene.apply()
    watch = Watch(scene.post())
    watch.tick()
    minutes(scene, watch, 3, 0)
    scene.boosts = ()
    for _ in range(2):
        Watch(scene.post()).tick()
        assert [each["minutes"] for each in scene.reported()] == [3]
        scene.bench.clock.sleep(60)


def test_a_record_that_cannot_be_written_loses_nothing_and_is_left_alone_for_a_minute(scene: Scene) -> None:
    scene.boosts = (_boost(scene, 60),)
    scene.apply()
    watch = Watch(scene.post())
    watch.tick()
    minutes(scene, watch, 2.5, 0)
    scene.book.error = LedgerError("ledger.full", ledger="x")
    writes = scene.book.writes
    minutes(scene, watch, 3, 0)
    assert watch.snapshot().errors["record"] is scene.book.error
    assert scene.book.writes - writes == 3
    scene.book.error = None
    minutes(scene, watch, 2, 0)
    assert "record" not in watch.snapshot().errors
    assert {line.minutes for line in scene.book.lines("manokwari", "boost", "boost-1", scene.boosts[0].starts)} == {7}


def test_minutes_without_a_reading_are_in_no_line(scene: Scene) -> None:
    scene.boosts = (_boost(scene, 60),)
    scene.apply()
    watch = Watch(scene.post())
    watch.tick()
    minutes(scene, watch, 2, 0)
    scene.bench.router.faults.unreachable = True
    minutes(scene, watch, 3, 0)
    scene.bench.router.faults.unreachable = False
    minutes(scene, watch, 3, 0)
    lines = scene.book.lines("manokwari", "boost", "boost-1", scene.boosts[0].starts)
    assert {(line.minutes, line.below) for line in lines} == {(5, 0)}


def test_a_report_that_is_not_there_is_said_so(scene: Scene) -> None:
    with pytest.raises(NotFound) as missing:
        report(scene.book, "manokwari", "window", "rka-skpd", scene.bench.clock.now())
    assert missing.value.code == "report.none"

"""The loops beside the class meter: the other meter, and ceilings that follow demand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inventory.policy import Demand
from inventory.units import Direction
from network.core.rates import InterfaceReading, InterfaceTotals
from network.core.tree import ROOT
from network.errors import LajurError, MeterError
from network.services.watch import Watch
from tests.unit.services.conftest import Bench
from tests.unit.services.watching import Meter, Scene, first, minutes


@pytest.fixture
def scene(bench: Bench) -> Scene:
    bench.at("2026-08-18", "07:50")
    scene = Scene(bench)
    scene.apply()
    return scene


def test_the_loop_keeps_its_beat_and_polls_the_other_meter_every_half_minute(scene: Scene) -> None:
    polls = []

    class Counted(Meter):
        def read(self) -> Mapping[str, InterfaceReading | LajurError]:
            polls.append(scene.bench.clock.monotonic())
            return super().read()

    meter = Counted(InterfaceTotals(received=0, sent=0, uptime=0), taken=0.0)
    watch = Watch(scene.post(meter))
    began = scene.bench.clock.monotonic()
    watch.run(lambda: scene.bench.clock.monotonic() - began >= 65)
    assert [round(each - began) for each in polls] == [0, 30, 60]
    assert scene.bench.clock.monotonic() - began == pytest.approx(65, abs=0.2), "a stop is heard in the middle of a pause"


def test_the_two_meters_are_compared_over_the_same_time(scene: Scene) -> None:
    place = scene.bench.router.places[scene.shaper]
    meter = Meter(InterfaceTotals(received=0, sent=0, uptime=0), taken=0.0, interface=place.interface)
    watch = Watch(scene.post(meter))
    watch.tick()
    watch.poll()
    assert watch.snapshot().cross_check == ()
    scene.bench.clock.sleep(30)
    scene.send(first(scene.bench.regency), 8_000_000, 30)
    meter.totals, meter.taken = InterfaceTotals(received=33_000_000, sent=10, uptime=3000), 30.0
    watch.tick()
    watch.poll()
    scene.bench.clock.sleep(4)
    lines = {(each.uplink, each.direction): each for each in watch.snapshot().cross_check}
    down = lines[scene.shaper.uplink, Direction.DOWN]
    assert (down.by_snmp, down.by_class, down.ratio, down.why, down.age) == (8_800_000, 8_000_000, 1.1, None, 4.0)
    up = lines[scene.shaper.uplink, Direction.UP]
    assert (up.ratio, up.why) == (None, "too_little")
    other = [each for each in lines.values() if each.uplink != scene.shaper.uplink]
    assert {each.why for each in other} == {"no_interface"}
    meter.error = MeterError("meter.silent", device="core", step="snmp", address="-", port=161, user="x")
    watch.poll()
    assert watch.snapshot().errors["snmp core"] is meter.error
    assert {each.why for each in watch.snapshot().cross_check} == {"silent"}
    watch.tick()
    assert "snmp core" in watch.snapshot().errors


def test_traffic_that_only_one_meter_sees_is_shown_as_a_ratio(scene: Scene) -> None:
    place = scene.bench.router.places[scene.shaper]
    meter = Meter(InterfaceTotals(received=0, sent=0, uptime=0), taken=0.0, interface=place.interface)
    watch = Watch(scene.post(meter))
    watch.tick()
    watch.poll()
    scene.bench.clock.sleep(30)
    scene.send(first(scene.bench.regency), 8_000_000, 30)
    meter.totals, meter.taken = InterfaceTotals(received=0, sent=0, uptime=3000), 30.0
    watch.tick()
    watch.poll()
    down = next(each for each in watch.snapshot().cross_check if each.direction is Direction.DOWN)
    assert (down.ratio, down.why) == (0.0, None)


def use(scene: Scene, watch: Watch, polls: int, rate: int) -> None:
    for _ in range(polls):
        minutes(scene, watch, 0.5, rate)


def test_the_demand_loop_is_off_unless_policy_asks(scene: Scene) -> None:
    scene.bench.at("2026-08-18", "09:00")
    scene.apply()
    watch = Watch(scene.post())
    watch.tick()
    use(scene, watch, 20, 300_000)
    assert (watch.snapshot().advice, dict(watch.ceilings())) == (None, {})


def test_a_rehearsal_shows_ceilings_and_changes_none(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "network.services.demand")
    scene.demand = Demand(mode="dry_run")
    scene.bench.at("2026-08-18", "09:00")
    scene.apply()
    watch = Watch(scene.post())
    watch.tick()
    use(scene, watch, 20, 300_000)
    advice = watch.snapshot().advice
    assert advice is not None
    assert list(advice.ceilings[scene.shaper]) == [first(scene.bench.regency)]
    assert dict(watch.ceilings()) == {}
    assert watch.snapshot().drift == 0
    told = [vars(record) for record in caplog.records if record.message == "demand.ceiling"]
    assert {(each["leaf"], each["mode"]) for each in told} == {(str(first(scene.bench.regency)), "dry_run")}


def test_a_ceiling_that_follows_demand_is_carried_to_the_device_and_back_when_nobody_looks(scene: Scene) -> None:
    scene.demand = Demand(mode="on")
    scene.bench.at("2026-08-18", "09:00")
    scene.apply()
    watch = Watch(scene.post())
    watch.tick()
    use(scene, watch, 20, 300_000)
    ceilings = watch.ceilings()
    node = first(scene.bench.regency)
    assert watch.snapshot().drift == 1
    scene.apply(ceilings)
    queue = scene.bench.router.state().shapers[scene.shaper].queues[node]
    assert queue.ceiling == ceilings[scene.shaper][node] >= queue.guarantee
    assert queue.ceiling < scene.bench.router.state().shapers[scene.shaper].queues[ROOT].ceiling
    assert scene.bench.router.oversubscribed == 0
    assert watch.tick().drift == 0
    scene.bench.clock.sleep(91)
    assert dict(watch.ceilings()) == {}

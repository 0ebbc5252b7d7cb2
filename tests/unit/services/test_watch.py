"""The watch beside a router in memory: figures, lines minute by minute, the other meter; and what is silent grows old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from inventory.model import Rates
from inventory.policy import Demand
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction
from network.core.booking import ReportLine
from network.core.intent import Boost
from network.core.observed import Counter
from network.core.plan import Phase, QueueStep
from network.core.rates import InterfaceReading, InterfaceTotals
from network.core.reporting import digest
from network.core.tree import ROOT, NodeId, ShaperId, leaf
from network.errors import LajurError, LedgerError, MeterError, NotFound, Refused
from network.services.apply import Wish, apply
from network.services.report import Reported, occurrences, report
from network.services.watch import Post, Watch
from tests.unit.services.conftest import Bench


@dataclass
class Book:
    """Reports in memory, as the port says. `error` is raised by every write."""

    kept: dict[tuple[str, str, str, datetime], dict[tuple[str, str, str], ReportLine]] = field(default_factory=dict)
    error: LedgerError | None = None
    writes: int = 0

    def add(self, lines: Sequence[ReportLine]) -> None:
        self.writes += 1
        if self.error:
            raise self.error
        for line in lines:
            place = self.kept.setdefault((line.regency, line.purpose, line.window, line.start), {})
            place[line.office, line.uplink, line.direction] = line

    def lines(self, regency: str, purpose: str, window: str, start: datetime) -> tuple[ReportLine, ...]:
        return tuple(self.kept.get((regency, purpose, window, start), {}).values())

    def occurrences(self, regency: str, before: datetime | None, limit: int) -> tuple[tuple[str, str, datetime], ...]:
        found = sorted((key[1:] for key in self.kept if before is None or key[3] < before), key=lambda key: key[2], reverse=True)
        return tuple(found[:limit])


@dataclass
class Scene:
    """One regency that is watched. `boosts` and `demand` are what the watch is told of."""

    bench: Bench
    book: Book = field(default_factory=Book)
    boosts: tuple[Boost, ...] = ()
    demand: Demand = field(default_factory=Demand)
    refusal: LajurError | None = None

    def wish(self, now: datetime) -> Wish:
        if self.refusal:
            raise self.refusal
        regency = self.bench.regency
        policy = regency.policy.model_copy(update={"demand": self.demand})
        return Wish(regency=regency.model_copy(update={"policy": policy}), reason="watch", now=now, boosts=self.boosts)

    def post(self, meter: Meter | None = None) -> Post:
        key = self.bench.regency.head.key
        return Post(key=key, hands=self.bench.hands(), wish=self.wish, reports=self.book, audit=self.bench.ledger, meter=meter)

    def apply(self, ceilings: Mapping[ShaperId, Mapping[NodeId, int]] | None = None) -> None:
        apply(replace(self.wish(self.bench.clock.now()), ceilings=ceilings or {}), self.bench.hands())

    def send(self, node: NodeId, rate: int, seconds: float, *, backlog: int = 0, drops: int = 0) -> None:
        total = int(rate * seconds / 8)
        self.bench.router.send(self.shaper, node, Counter(total, total // 1000, drops, backlog))

    @property
    def shaper(self) -> ShaperId:
        uplink = self.bench.regency.uplinks[0]
        return ShaperId(uplink.id, uplink.key, Direction.DOWN)

    def reported(self) -> list[Mapping[str, str | int]]:
        return [each.event.detail for each in self.bench.ledger.entries() if each.event.action.endswith(".reported")]


@dataclass
class Meter:
    """The SNMP meter, told what to say."""

    totals: InterfaceTotals
    taken: float
    device: str = "core"
    interface: str = ""
    error: MeterError | None = None

    def read(self) -> Mapping[str, InterfaceReading | LajurError]:
        if self.error:
            return {self.device: self.error}
        return {self.device: InterfaceReading(device=self.device, taken=self.taken, interfaces={self.interface: self.totals})}


@pytest.fixture
def scene(bench: Bench) -> Scene:
    bench.at("2026-08-18", "07:50")
    scene = Scene(bench)
    scene.apply()
    return scene


def first(regency: Regency) -> NodeId:
    return leaf(regency.offices[0].id)


def minutes(scene: Scene, watch: Watch, count: float, rate: int, *, every: float = 10.0, backlog: int = 0) -> None:
    """Let time pass while the first office receives `rate`."""
    for _ in range(round(count * 60 / every)):
        scene.bench.clock.sleep(every)
        scene.send(first(scene.bench.regency), rate, every, backlog=backlog)
        watch.tick()


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


def test_a_dead_device_grows_old_and_ends_nothing(scene: Scene) -> None:
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
    assert scene.bench.clock.monotonic() - began == pytest.approx(66)


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


def test_a_rehearsal_shows_ceilings_and_changes_none(scene: Scene) -> None:
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

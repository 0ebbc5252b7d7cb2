"""A run ends at the intent, or at what was there before it: whatever breaks, wherever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from inventory.regency import Regency
from network.core.allocate import allocate
from network.core.intent import intend
from network.core.observed import Queue
from network.core.plan import Phase, Plan, make_plan, restore
from network.core.ports import Arm, RunRecord
from network.core.tree import NodeId
from network.drivers.memory import MemoryDevice
from network.errors import DeviceBusy, LajurError, NeedsPerson, Refused, RunReturned
from network.services import apply as service
from network.services.hands import Stage
from network.services.returns import RETURN_GRACE, wished
from tests.unit.services.conftest import Bench, Unlucky

OPEN = ("2026-08-18", "08:00")


def held(bench: Bench) -> Any:
    """What the router holds, without counters and timers, and without buffers: those may stay as they are within 2 %."""
    state = bench.router.state()
    return {shaper: (plain(shown.queues), shown.rules) for shaper, shown in state.shapers.items()}


def plain(queues: Mapping[NodeId, Queue]) -> dict[NodeId, Queue]:
    return {node: replace(queue, buffer=None) for node, queue in queues.items()}


def intended(bench: Bench) -> Any:
    allocations = allocate(bench.regency, intend(bench.regency, bench.clock.now()))
    return {shaper: (plain(each.queues), each.rules) for shaper, each in allocations.items()}


def test_a_bare_router_is_carried_to_the_base_policy_and_then_has_nothing_to_do(bench: Bench) -> None:
    first = bench.apply()
    assert first.result == "done"
    assert held(bench) == intended(bench)
    assert bench.router.state().armed is None
    again = bench.apply()
    assert (again.result, again.preview.plan.steps) == ("nothing", ())
    assert [run.result for run in bench.ledger.runs("manokwari")] == ["done"]


def test_stages_come_in_the_order_of_the_law(bench: Bench) -> None:
    bench.apply()
    bench.events.clear()
    bench.at(*OPEN)
    bench.apply()
    stages = [event.stage for event in bench.events]
    order = [Stage.ARMED, Stage.LOWERED, Stage.RAISED, Stage.READ_BACK, Stage.RETURN_LEFT, Stage.CONFIRMED]
    assert stages == order
    assert bench.router.oversubscribed == 0


def test_preview_changes_nothing(bench: Bench) -> None:
    seen = service.preview(bench.wish(), bench.hands())
    assert seen.plan.steps
    assert held(bench) == {}


def test_a_window_leaves_a_return_that_acts_when_nobody_comes(bench: Bench) -> None:
    bench.apply()
    before = held(bench)
    bench.at(*OPEN)
    report = bench.apply()
    assert held(bench) == intended(bench) != before
    assert report.return_at is not None
    bench.clock.moment = report.return_at + timedelta(seconds=RETURN_GRACE - 1)
    assert held(bench) != before
    bench.clock.moment = report.return_at + timedelta(seconds=RETURN_GRACE + 1)
    assert held(bench) == before
    assert bench.router.oversubscribed == 0


def test_closing_in_time_cancels_the_return(bench: Bench) -> None:
    bench.apply()
    bench.at(*OPEN)
    bench.apply()
    assert bench.router.state().returns
    bench.at("2026-08-18", "17:00")
    bench.apply()
    assert bench.router.state().returns == ()


def test_an_unchanged_window_leaves_its_return_alone(bench: Bench) -> None:
    bench.apply()
    bench.at(*OPEN)
    bench.apply()
    left = bench.router.state().returns
    bench.clock.sleep(120)
    bench.apply()
    assert [timer.name for timer in bench.router.state().returns] == [timer.name for timer in left]


def calls_of_a_whole_run(bench: Bench) -> int:
    device = Unlucky(MemoryDevice(bench.router), bench.clock, 0, "before", 0)
    bench.apply(device)
    return device.calls


@pytest.mark.parametrize("gone", [0, 12, 36], ids=["back at once", "back before the timer", "back after the timer"])
@pytest.mark.parametrize("how", ["before", "after"])
def test_a_cut_at_any_call_ends_at_the_state_before(bench: Bench, how: str, gone: float) -> None:
    bench.apply()
    before = held(bench)
    bench.at(*OPEN)
    calls = calls_of_a_whole_run(bench)
    after = held(bench)
    for at in range(2, calls):
        bench.at("2026-08-18", "07:50")
        bench.apply()
        assert held(bench) == before
        bench.at(*OPEN)
        with pytest.raises(LajurError) as raised:
            bench.apply(Unlucky(MemoryDevice(bench.router), bench.clock, at, how, gone))
        assert isinstance(raised.value, RunReturned), (at, raised.value)
        assert held(bench) == before, (at, how, gone)
        assert bench.router.state().armed is None
        bench.at(*OPEN)
        assert bench.apply().result == "done"
        assert held(bench) == after
    assert bench.router.oversubscribed == 0


@pytest.mark.parametrize("gone", [0, 12, 36], ids=["back at once", "back before the timer", "back after the timer"])
@pytest.mark.parametrize("how", ["before", "after"])
def test_a_cut_at_the_confirming_ends_as_the_device_does(bench: Bench, how: str, gone: float) -> None:
    """It is told again until it answers: it was confirmed, or had gone back when it heard of it."""
    bench.apply()
    before = held(bench)
    bench.at(*OPEN)
    calls = calls_of_a_whole_run(bench)
    after, left = held(bench), [timer.name for timer in bench.router.state().returns]
    bench.at("2026-08-18", "07:50")
    bench.apply()
    bench.at(*OPEN)
    device = Unlucky(MemoryDevice(bench.router), bench.clock, calls, how, gone)
    if (how, gone) == ("before", 36):
        with pytest.raises(RunReturned):
            bench.apply(device)
        assert (held(bench), bench.router.state().returns) == (before, ())
    else:
        assert bench.apply(device).result == "done"
        assert held(bench) == after
        assert [timer.name for timer in bench.router.state().returns] == left
    assert bench.router.state().armed is None


def test_a_device_that_stays_silent_needs_a_person_and_goes_back_alone(bench: Bench) -> None:
    bench.apply()
    before = held(bench)
    bench.at(*OPEN)
    with pytest.raises(NeedsPerson) as raised:
        bench.apply(Unlucky(MemoryDevice(bench.router), bench.clock, 4, "after", 3600))
    assert raised.value.exit_code == 5
    assert held(bench) == before
    assert next(run.result for run in bench.ledger.runs("manokwari")) == "needs_person"


def test_a_line_refused_anywhere_ends_at_the_state_before(bench: Bench) -> None:
    bench.apply()
    before = held(bench)
    bench.at(*OPEN)
    bench.router.lines = 0
    bench.apply()
    lines = bench.router.lines
    assert lines > 10
    for number in range(1, lines + 1, 3):
        bench.at("2026-08-18", "07:50")
        bench.apply()
        bench.at(*OPEN)
        bench.router.faults.refuse_line = number
        with pytest.raises(RunReturned) as raised:
            bench.apply()
        assert held(bench) == before
        cause = raised.value.fields["cause"]
        assert isinstance(cause, LajurError)
        assert cause.fields["device"] == "core"
    assert bench.router.oversubscribed == 0


def test_the_first_setting_up_goes_back_to_bare(bench: Bench) -> None:
    bench.router.faults.refuse_line = 9
    with pytest.raises(RunReturned):
        bench.apply()
    assert held(bench) == {}
    assert bench.apply().result == "done"


def test_an_interrupted_run_goes_back_and_stays_interrupted(bench: Bench) -> None:
    bench.apply()
    before = held(bench)
    bench.at(*OPEN)
    device = MemoryDevice(bench.router)
    carry = device.carry

    def interrupted(steps: Any) -> None:
        carry(steps)
        device.carry = carry  # type: ignore[method-assign]
        raise KeyboardInterrupt

    device.carry = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        bench.apply(device)
    assert held(bench) == before


def test_a_run_left_armed_by_a_dead_controller_is_waited_for(bench: Bench) -> None:
    bench.apply()
    before = bench.router.state()
    bench.at(*OPEN)
    plan = make_plan({"core": before}, wished(allocate(bench.regency, intend(bench.regency, bench.clock.now()))))
    half_done(bench, plan)
    bench.apply()
    assert held(bench) == intended(bench)
    assert bench.router.oversubscribed == 0


def half_done(bench: Bench, plan: Plan) -> None:
    """A controller armed, lowered, and died."""
    device = MemoryDevice(bench.router)
    device.arm(Arm(run="run-dead", seconds=20, restore=restore(plan)))
    device.carry([step for step in plan.steps if step.phase is Phase.LOWER])
    assert bench.router.state().armed is not None


def test_a_device_that_another_run_holds_is_refused(bench: Bench) -> None:
    hands = bench.hands()
    with hands.runner.hold(["core"], "run-other"), pytest.raises(DeviceBusy) as raised:
        bench.apply()
    assert "run-other" in str(raised.value.fields)


def test_the_guard_speaks_before_anything_changes(bench: Bench) -> None:
    bench.apply()
    before = held(bench)
    bench.at("2028-01-05", "10:00")
    bench.router.foreign.clear()
    bench.router._trees[next(iter(bench.router._trees))].queues.popitem()
    broken = held(bench)
    with pytest.raises(LajurError) as raised:
        bench.apply()
    assert raised.value.exit_code == 3
    assert held(bench) == broken != before


def test_read_back_decides_not_memory(bench: Bench) -> None:
    """A device that takes a command and does not do it is found out."""
    bench.apply()
    before = held(bench)
    bench.at(*OPEN)
    device = MemoryDevice(bench.router)
    carry = device.carry

    def deaf(steps: Any) -> None:
        carry(steps[:-1])

    device.carry = deaf  # type: ignore[method-assign]
    hands = bench.hands(device)
    events: list[Stage] = []

    def listen(event: Any) -> None:
        events.append(event.stage)
        if event.stage is Stage.GOING_BACK:
            device.carry = carry  # type: ignore[method-assign]

    object.__setattr__(hands, "listen", listen)
    with pytest.raises(RunReturned) as raised:
        service.apply(bench.wish(), hands)
    cause = raised.value.fields["cause"]
    assert isinstance(cause, LajurError)
    assert cause.code == "run.read_back_differs"
    assert held(bench) == before
    assert events[-1] is Stage.BACK


def test_a_run_whose_controller_died_is_closed_by_the_next(bench: Bench) -> None:
    bench.ledger.begin(RunRecord(id="run-dead", regency="manokwari", reason="test", started=bench.clock.now()), ())
    bench.ledger.begin(RunRecord(id="run-else", regency="bontang", reason="test", started=bench.clock.now()), ())
    report = bench.apply()
    found = {record.id: record for record in bench.ledger.runs("manokwari")}
    assert found["run-dead"].result == "abandoned"
    assert report.run in found["run-dead"].detail
    assert found["run-dead"].finished == bench.clock.now()
    assert [record.result for record in bench.ledger.runs("bontang")] == ["running"]


def test_what_the_guard_refuses_is_seen_before_and_recorded_after(bench: Bench, regency: Regency) -> None:
    bench.apply()
    tight = regency.policy.model_copy(update={"largest_move": 1})
    bench.regency = regency.model_copy(update={"policy": tight})
    bench.at(*OPEN)
    seen = service.preview(bench.wish(), bench.hands())
    assert seen.refusal is not None
    reasons = seen.refusal.fields["reasons"]
    assert isinstance(reasons, tuple)
    assert {reason.code for reason in reasons} == {"guard.largest_move"}
    held = bench.router.state().shapers
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            bench.apply()
        assert str(refused.value) == str(seen.refusal)
    assert bench.router.state().shapers == held
    assert [(record.result, record.detail) for record in bench.ledger.runs("manokwari")][:2] == [
        ("refused", str(seen.refusal)),
        ("done", ""),
    ]


def test_a_lock_that_is_held_is_no_refusal_of_the_wish(bench: Bench) -> None:
    with bench.hands().runner.hold(["core"], "other"), pytest.raises(DeviceBusy):
        bench.apply()
    assert bench.ledger.runs("manokwari") == ()

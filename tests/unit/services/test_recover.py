"""What a dead controller left is finished or gone back from, by what the devices show, and its record is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from network.core.links.deeds import PREFIX
from network.core.plan import Plan
from network.core.ports import RunRecord
from network.drivers.memory import MemoryDevice
from network.errors import DeviceBusy, NeedsPerson
from network.services.apply import preview
from network.services.hands import Stage
from network.services.recover import close_gone, left, recover
from tests.unit.services.conftest import Bench
from tests.unit.services.test_apply import OPEN, held


class Killed(BaseException):
    """Ends the controller where it stands: nothing of it runs any more."""


class Mortal:
    """A device whose controller dies after its `at`-th command (from 1), once the device has carried it out."""

    def __init__(self, device: MemoryDevice, at: int) -> None:
        self._device, self._left = device, at

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            answer = getattr(self._device, verb)(*arguments)
            if verb != "observe":
                self._left -= 1
                if self._left == 0:
                    raise Killed
            return answer

        return call


COMMANDS = 5
"""Of a run that opens the window: arm, lower, raise, leave, confirm."""


def die_after(bench: Bench, commands: int) -> Plan:
    """A controller opens the window and dies after so many commands; the plan that it had."""
    bench.apply()
    bench.at(*OPEN)
    plan = preview(bench.wish(), bench.hands()).plan
    with pytest.raises(Killed):
        bench.apply(Mortal(MemoryDevice(bench.router), commands))
    return plan


def results(bench: Bench) -> list[str]:
    return [run.result for run in bench.ledger.runs("manokwari")]


@pytest.mark.parametrize("commands", range(1, COMMANDS + 1))
def test_a_run_is_finished_or_gone_back_from_wherever_its_controller_died(bench: Bench, commands: int) -> None:
    bench.apply()
    before = held(bench)
    die_after(bench, commands)
    assert results(bench)[0] == "running"
    found = recover("run-next", "manokwari", bench.hands())
    (settled,) = found.settled
    assert bench.router.state().armed is None
    went_back = commands < COMMANDS
    assert (settled.result, held(bench) == before) == ("returned" if went_back else "done", went_back)
    assert results(bench)[0] == settled.result
    assert bench.router.oversubscribed == 0
    assert recover("run-again", "manokwari", bench.hands()).settled == ()


def test_a_run_that_lacked_the_confirming_only_is_confirmed(bench: Bench) -> None:
    die_after(bench, 4)
    (run,) = [run.id for run in bench.ledger.runs("manokwari") if run.result == "running"]
    bench.ledger.mark(run, Stage.RETURN_LEFT.value, bench.clock.now())
    before = bench.clock.now()
    (settled,) = recover("run-next", "manokwari", bench.hands()).settled
    assert settled.result == "done"
    assert bench.clock.now() == before, "nothing was waited for"
    state = bench.router.state()
    assert state.armed is None
    assert state.returns
    assert preview(bench.wish(), bench.hands()).plan.steps == ()


def test_what_went_back_by_itself_meanwhile_is_on_record_as_returned(bench: Bench) -> None:
    bench.apply()
    before = held(bench)
    die_after(bench, 3)
    bench.clock.moment += timedelta(hours=1)
    assert held(bench) == before
    (settled,) = recover("run-next", "manokwari", bench.hands()).settled
    assert settled.result == "returned"


def test_nobody_recovers_under_a_run_that_lives(bench: Bench) -> None:
    hands = bench.hands()
    with hands.runner.hold(["core"], "run-alive"), pytest.raises(DeviceBusy):
        recover("run-next", "manokwari", hands)


def test_a_timer_that_never_ends_needs_a_person(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    die_after(bench, 1)
    monkeypatch.setattr(bench.router, "pass_time", lambda: None)
    with pytest.raises(NeedsPerson) as raised:
        recover("run-next", "manokwari", bench.hands())
    assert raised.value.fields["devices"] == "core"


def test_a_run_without_steps_says_nothing_of_the_devices(bench: Bench) -> None:
    bench.ledger.begin(RunRecord(id="run-dead", regency="manokwari", reason="test", started=bench.clock.now()), ())
    (settled,) = recover("run-next", "manokwari", bench.hands()).settled
    assert settled.result == "abandoned"


def test_a_dead_run_is_found_behind_however_many_runs_on_links(bench: Bench) -> None:
    now = bench.clock.now()
    bench.ledger.begin(RunRecord(id="run-dead", regency="manokwari", reason="test", started=now), ())
    bench.ledger.begin(RunRecord(id="run-gone", regency="manokwari", reason="test", started=now, place="lab old"), ())
    for number in range(201):
        bench.ledger.links.begin(RunRecord(id=f"{PREFIX}{number}", regency="manokwari", reason="test", started=now), ())
        bench.ledger.finish(f"{PREFIX}{number}", "done", now)
    hands = replace(bench.hands(), place="direct")
    assert [record.id for record in left("manokwari", hands)] == ["run-gone", "run-dead"]
    (gone,) = close_gone("run-next", "manokwari", hands, "lab old".__eq__)
    assert gone.id == "run-gone"
    (settled,) = recover("run-next", "manokwari", hands).settled
    assert (settled.run.id, settled.result) == ("run-dead", "abandoned")
    assert left("manokwari", hands) == ()

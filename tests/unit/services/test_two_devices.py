"""A run on two devices: the first that is confirmed decides, and the other follows by itself or with the next run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from network.bench.crash.world import FIRST, SECOND, ground
from network.core.plan import make_plan
from network.drivers.memory import MemoryDevice, MemoryRouter
from network.errors import NeedsPerson, RunReturned, SessionCut
from network.services.apply import Wish, apply, preview
from network.services.hands import Hands
from network.wiring import places
from tests.unit.services.conftest import Bench
from tests.unit.services.test_apply import OPEN


class Deaf:
    """A device that no confirming reaches until its timer has ended; it carries out all else."""

    def __init__(self, device: MemoryDevice, answers: bool = False) -> None:
        self._device, self._answers = device, answers

    def __getattr__(self, verb: str) -> Any:
        return getattr(self._device, verb)

    def confirm(self, run: str) -> None:
        if self._answers:
            self._device.confirm(run)
        raise SessionCut("device.silent", device=SECOND, step="confirm", address="memory", seconds=20, total=1)


class Two:
    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.regency = ground(bench.regency)
        self.routers = {name: MemoryRouter(name, own, bench.clock) for name, own in places(self.regency).items()}

    def hands(self, **others: Any) -> Hands:
        devices = {name: MemoryDevice(router) for name, router in self.routers.items()}
        return replace(self.bench.hands(), devices={**devices, **others})

    def wish(self) -> Wish:
        return Wish(regency=self.regency, reason="test", now=self.bench.clock.now())

    def waiting(self) -> set[str]:
        return {step.device for step in preview(self.wish(), self.hands()).plan.steps}


@pytest.fixture
def two(bench: Bench) -> Two:
    made = Two(bench)
    apply(made.wish(), made.hands())
    bench.at(*OPEN)
    assert made.waiting() == {FIRST, SECOND}
    return made


def results(two: Two) -> list[str]:
    return [run.result for run in two.bench.ledger.runs(two.regency.head.key)]


def test_a_device_that_missed_the_confirming_goes_back_alone_and_the_next_run_carries_it_on(two: Two) -> None:
    before = two.routers[SECOND].state()
    with pytest.raises(NeedsPerson) as raised:
        apply(two.wish(), two.hands(**{SECOND: Deaf(MemoryDevice(two.routers[SECOND]))}))
    assert (raised.value.code, raised.value.fields["devices"], raised.value.fields["rest"]) == (
        "run.half_confirmed",
        FIRST,
        SECOND,
    )
    assert two.waiting() == {SECOND}
    assert two.routers[FIRST].state().returns, "what was confirmed keeps its return"
    left = two.routers[SECOND].state()
    assert (left.armed, left.returns) == (None, before.returns)
    assert not make_plan({SECOND: left}, {SECOND: before.shapers}).steps
    apply(two.wish(), two.hands())
    assert two.waiting() == set()
    assert results(two) == ["done", "needs_person", "done"]


def test_a_device_that_was_confirmed_though_it_could_not_say_so_is_done(two: Two) -> None:
    mute = Deaf(MemoryDevice(two.routers[SECOND]), answers=True)
    assert apply(two.wish(), two.hands(**{SECOND: mute})).result == "done"
    assert two.waiting() == set()
    assert results(two) == ["done", "done"]


def test_when_the_first_is_not_confirmed_nothing_of_the_plan_holds(two: Two) -> None:
    with pytest.raises(RunReturned):
        apply(two.wish(), two.hands(**{FIRST: Deaf(MemoryDevice(two.routers[FIRST]))}))
    assert two.waiting() == {FIRST, SECOND}
    assert all(router.state().armed is None for router in two.routers.values())

"""Drift of a twin in memory: one device that does not answer hides no other, and a run under way is said to be one."""

from __future__ import annotations

from network.drivers.memory import MemoryDevice
from network.services.drift import drift
from tests.unit.services.conftest import Bench


def test_nothing_differs_after_an_apply_and_for_a_hundred_polls(bench: Bench) -> None:
    assert drift(bench.wish(), bench.hands()).findings
    bench.apply()
    for _ in range(100):
        found = drift(bench.wish(), bench.hands())
        assert (found.findings, dict(found.unread), found.looked) == ((), {}, ("core",))


def test_what_another_window_asks_for_is_drift_until_it_is_applied(bench: Bench) -> None:
    bench.apply()
    bench.at("2026-08-18", "08:05")
    found = drift(bench.wish(), bench.hands()).findings
    assert {each.what for each in found} <= {"drift.queue"}
    assert found
    bench.apply()
    assert drift(bench.wish(), bench.hands()).findings == ()


def test_a_device_that_does_not_answer_is_told_as_unread(bench: Bench) -> None:
    bench.router.faults.unreachable = True
    found = drift(bench.wish(), bench.hands())
    assert (found.findings, found.looked) == ((), ())
    assert found.unread["core"].code == "device.unreachable"


def test_a_run_that_holds_the_device_is_told(bench: Bench) -> None:
    from network.core.ports import Arm

    bench.apply()
    MemoryDevice(bench.router).arm(Arm(run="run-1", seconds=30, restore=()))
    (found,) = drift(bench.wish(), bench.hands()).findings
    assert (found.what, found.place, found.mend) == ("drift.armed", "run-1", "lajur recover")

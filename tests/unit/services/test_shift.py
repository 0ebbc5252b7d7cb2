"""Slots are claimed once, late ones are recorded as skipped, and the devices converge whatever happened."""

from __future__ import annotations

from datetime import timedelta

from network.services.shift import GRACE, due, shift
from tests.unit.services.conftest import Bench


def test_the_edges_of_a_day_are_claimed_once(bench: Bench) -> None:
    bench.at("2026-08-18", "07:59")
    shift(bench.wish(), bench.hands())
    bench.at("2026-08-18", "08:00")
    opened = shift(bench.wish(), bench.hands())
    assert [(edge.slot.window, edge.slot.edge) for edge in opened.acted] == [("rka-skpd", "open")]
    assert opened.run.result == "done"
    bench.clock.sleep(60)
    again = shift(bench.wish(), bench.hands())
    assert (again.acted, again.skipped, again.run.result) == ((), (), "nothing")
    bench.at("2026-08-18", "17:00")
    closed = shift(bench.wish(), bench.hands())
    assert [(edge.slot.window, edge.slot.edge) for edge in closed.acted] == [("rka-skpd", "close")]


def test_a_controller_that_wakes_in_the_middle_of_a_window_converges_and_says_skipped(bench: Bench) -> None:
    bench.at("2026-08-19", "12:00")
    report = shift(bench.wish(), bench.hands())
    assert report.acted == ()
    assert {edge.slot.edge for edge in report.skipped} == {"open", "close"}
    assert report.run.preview.intent.windows == ("rka-skpd",)
    assert report.run.result == "done"


def test_a_slot_of_somebody_else_is_not_claimed_again(bench: Bench) -> None:
    bench.at("2026-08-18", "08:00")
    (edge,) = [edge for edge in due(bench.wish(), bench.hands()) if edge.slot.edge == "open"]
    assert bench.ledger.claim(edge.slot, "other", bench.clock.now(), "acted")
    report = shift(bench.wish(), bench.hands())
    assert report.acted == ()
    assert report.run.result == "done"


def test_an_edge_within_its_grace_is_acted_on(bench: Bench) -> None:
    bench.at("2026-08-18", "08:00")
    bench.clock.moment += GRACE
    assert [edge.slot.edge for edge in shift(bench.wish(), bench.hands()).acted] == ["open"]
    bench.at("2026-08-18", "17:00")
    bench.clock.moment += GRACE + timedelta(seconds=1)
    assert [edge.slot.edge for edge in shift(bench.wish(), bench.hands()).skipped] == ["close"]

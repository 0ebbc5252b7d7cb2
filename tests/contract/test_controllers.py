"""Controllers that share a record: a slot is acted on once, devices are held by one, and who loses a lock does no harm."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from inventory import views
from inventory.load import SHIPPED, load_regency
from network.clock import StepClock
from network.core import calendar
from network.core.booking import Kind
from network.core.intent import intend
from network.drivers.memory import MemoryDevice, MemoryRouter
from network.errors import DeviceBusy, NotAdmitted, RunReturned
from network.ledger.postgres import open_postgres
from network.ledger.store import SqlLedger
from network.runners.locked import LockedRunner
from network.runners.threads import ThreadRunner
from network.services.apply import RunReport, Wish, apply, preview
from network.services.bookings import BoostDraft, Desk, request_boost
from network.services.hands import Hands, RunEvent, Stage
from network.services.keeper import Keeper
from network.wiring import places
from qos_api.schemas.common import RatesSent
from tests.contract.postgres import Postgres
from tests.contract.records import Opener, opened_at

TRUTH = views.small_copy(load_regency(SHIPPED / "manokwari"), 6)
OPENS = datetime(2026, 8, 18, 8, 0, tzinfo=TRUTH.zone)
ROUNDS = 5


def hands(ledger: SqlLedger, router: MemoryRouter, clock: StepClock, folder: Path, wait: float = 5.0) -> Hands:
    """A controller's own, with files of its own: only the record is shared."""
    runner = LockedRunner(ThreadRunner(folder), ledger.locks, "manokwari", wait=wait)
    return Hands(devices={"core": MemoryDevice(router)}, ledger=ledger, clock=clock, runner=runner)


def keep(address: str, folder: str, start: int) -> list[str]:
    """The edges that one keeper, in a process of its own, acted on in `ROUNDS` days."""
    clock = StepClock(OPENS - timedelta(minutes=5))
    router = MemoryRouter("core", places(TRUTH)["core"], clock)
    with opened_at(address) as ledger:
        desk = Desk(truth=lambda: TRUTH, bookings=ledger.bookings, clock=clock)
        own = f"locks-{start}" if "://" in address else "locks"  # SQLite is of one machine, whose controllers share their files
        keeper = Keeper(desk, hands(ledger, router, clock, Path(folder) / own))
        for day in range(ROUNDS):
            clock.moment = OPENS + timedelta(days=day, minutes=1)
            keeper.round()
            assert keeper.pulse.error is None
        return [f"{slot.window} {slot.edge} {slot.start}" for slot, _ in ledger.claims("manokwari", OPENS)]


def test_a_slot_is_claimed_once_by_keepers_of_two_processes(address: str, another: Opener, tmp_path: Path) -> None:
    another()  # the tables stand
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        first, second = pool.map(keep, [address] * 2, [str(tmp_path)] * 2, range(2))
    assert first == second
    with opened_at(address) as ledger:
        due = [
            edge.slot
            for edge in calendar.edges(TRUTH, OPENS - timedelta(hours=1), OPENS + timedelta(days=ROUNDS - 1, minutes=2), ())
        ]
        claims = [slot for slot, _ in ledger.claims("manokwari", OPENS - timedelta(hours=1))]
        assert sorted(map(str, claims)) == sorted(map(str, set(claims)))
        assert {str(slot) for slot in due} <= {str(slot) for slot in claims}
        told = [entry.event for entry in ledger.entries(limit=1000) if entry.event.action.startswith("slot.")]
        assert len(told) == len(claims)


def test_what_many_threads_are_granted_fits(another: Opener) -> None:
    ledger = another()
    clock = StepClock(OPENS - timedelta(hours=5))
    desk = Desk(truth=lambda: TRUTH, bookings=ledger.bookings, clock=clock)
    starts = clock.now() + timedelta(hours=1)
    draft = BoostDraft(
        offices=(TRUTH.offices[0].key,),
        uplink=TRUTH.uplinks[0].key,
        amount=RatesSent(down="4 Mbit/s", up="4 Mbit/s").rates(),
        reason="a queue",
        starts=starts,
        expires=starts + timedelta(hours=1),
    )
    ready = Barrier(16)

    def ask(number: int) -> str:
        ready.wait()
        refusal = ""
        for turn in range(4):
            try:
                request_boost(desk, draft, f"caller {number}.{turn}")
            except NotAdmitted as error:
                refusal = error.code
        return refusal

    with ThreadPoolExecutor(16) as pool:
        refusals = set(pool.map(ask, range(16)))
    granted = ledger.bookings.live("manokwari", Kind.BOOST, clock.now())
    assert "booking.not_admitted" in refusals
    assert granted
    boosts = tuple(each.value for each in granted)
    intend(TRUTH, starts, boosts)  # type: ignore[arg-type]
    with pytest.raises(NotAdmitted):
        request_boost(desk, draft, "one more")


@pytest.fixture
def shared(postgres: Postgres) -> Iterator[tuple[str, SqlLedger, SqlLedger]]:
    where = postgres.database()
    with open_postgres(where) as first, open_postgres(where) as second:
        yield where, first, second


def end_connections(address: str, run: str) -> int:
    """As a cut cable or a restarted database does it."""
    with psycopg.connect(address, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", (f"lajur {run}",)
        )
        return len(ended.fetchall())


@pytest.mark.postgres
def test_a_lock_that_was_lost_is_free_for_others_and_ends_quietly(shared: tuple[str, SqlLedger, SqlLedger]) -> None:
    where, first, second = shared
    with first.locks.hold("manokwari", ["core"], "run-1", 0.0):
        with pytest.raises(DeviceBusy), second.locks.hold("manokwari", ["core"], "run-2", 0.1):
            pytest.fail("two hold one device")
        assert end_connections(where, "run-1") == 1
        with second.locks.hold("manokwari", ["core"], "run-2", 5.0):
            pass
    # The server takes a moment to see that a connection was closed.
    with second.locks.hold("manokwari", ["core"], "run-3", 5.0):
        pass


@pytest.mark.postgres
@pytest.mark.parametrize("stage", [Stage.ARMED, Stage.RAISED, Stage.POINTED, Stage.READ_BACK])
def test_a_run_whose_lock_is_lost_does_no_harm(stage: Stage, shared: tuple[str, SqlLedger, SqlLedger], tmp_path: Path) -> None:
    """Another controller comes in between: the device's own record keeps them apart, and who came last has the last word."""
    where, first, second = shared
    clock = StepClock(OPENS - timedelta(minutes=5))
    router = MemoryRouter("core", places(TRUTH)["core"], clock)
    others: list[RunReport] = []

    def wish(run: str) -> Wish:
        return Wish(regency=TRUTH, reason=run, now=clock.now(), run=run, arm_seconds=5)

    def come_between(event: RunEvent) -> None:
        if event.stage is stage and not others:
            assert end_connections(where, "run-1") == 1
            others.append(apply(wish("run-2"), hands(second, router, clock, tmp_path / "second")))

    with pytest.raises(RunReturned):
        apply(wish("run-1"), replace(hands(first, router, clock, tmp_path / "first"), listen=come_between))
    assert [each.result for each in others] == ["done"]
    assert router.oversubscribed == 0
    assert preview(wish("run-3"), hands(second, router, clock, tmp_path / "second")).plan.steps == ()
    assert [(each.id, each.result) for each in second.runs("manokwari")] == [("run-2", "done"), ("run-1", "returned")]

"""What every form of the ledger promises: nothing is lost, nothing is rewritten, one claim wins."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy.exc import StatementError

from inventory.load import SHIPPED, load_regency
from network.core.links.deeds import LinkDeed
from network.core.links.intent import EndIntent, LinkIntent, Side, intend
from network.core.ports import Ledger, RunRecord
from network.core.slot import Slot
from network.errors import LedgerError
from network.ledger.store import SqlLedger
from tests.contract.records import NOON, STEPS, Opener, reads_well, run, slot


def _bare_end(side: Side, device: str, other: str) -> EndIntent:
    """As little as a truth may say of an end."""
    return EndIntent(
        link="bare", side=side, device=device, platform="frr", interface="p1", description="lajur", peer_end=(other, "p1"), vlan=7
    )


BARE_LINK = LinkIntent(key="bare", near=_bare_end(Side.NEAR, "core", "r-new"), far=_bare_end(Side.FAR, "r-new", "core"), depth=1)


def test_a_run_is_kept_whole(ledger: SqlLedger, another: Opener) -> None:
    ledger.begin(replace(run(), place="lab rd1 10.000"), STEPS)
    ledger.mark("run-1", "armed", NOON + timedelta(seconds=1))
    ledger.mark("run-1", "lowered", NOON + timedelta(seconds=2))
    later = another()
    (running,) = later.runs("manokwari")
    assert (running.result, running.finished, running.steps) == ("running", None, 3)
    ledger.finish("run-1", "done", NOON + timedelta(seconds=3), detail="38 offices")
    (finished,) = later.runs("manokwari")
    assert finished == RunRecord(
        id="run-1",
        regency="manokwari",
        reason="window e-planning opens",
        started=NOON,
        finished=NOON + timedelta(seconds=3),
        result="done",
        steps=3,
        detail="38 offices",
        place="lab rd1 10.000",
    )
    assert later.runbook.run("run-1") == finished
    assert later.steps("run-1") == STEPS
    assert later.marks("run-1") == (("armed", NOON + timedelta(seconds=1)), ("lowered", NOON + timedelta(seconds=2)))


def test_a_run_without_steps_is_a_run(ledger: SqlLedger) -> None:
    ledger.begin(run(), ())
    ledger.finish("run-1", "nothing", NOON)
    assert [(found.result, found.steps) for found in ledger.runs("manokwari")] == [("nothing", 0)]


def test_a_run_on_a_link_is_kept_apart_from_those_on_queues(ledger: SqlLedger, another: Opener) -> None:
    deeds = tuple(
        LinkDeed(
            link=intent.key,
            device=end.device,
            side=end.side.value,
            digest="d",
            lines=("+ interface wan0: mtu 1400",),
            intent=intent,
        )
        for intent in (*intend(load_regency(SHIPPED / "manokwari")), BARE_LINK)
        for end in intent.ends
    )
    ledger.begin(run(), STEPS)
    ledger.links.begin(replace(run(id="run-link-1"), place="memory"), deeds)
    later = another()
    (running,) = later.links.unfinished("manokwari")
    assert (running.id, running.steps, running.place) == ("run-link-1", len(deeds), "memory")
    assert later.links.unfinished("bontang") == ()
    assert later.links.deeds("run-link-1") == deeds
    with pytest.raises(LedgerError):
        later.links.deeds("run-1")
    with pytest.raises(LedgerError):
        ledger.links.begin(run(id="run-link-1"), ())
    with pytest.raises(ValueError, match="link"):
        ledger.links.begin(run(id="run-2"), ())
    ledger.links.finish("run-link-1", "done", NOON)
    assert later.links.unfinished("manokwari") == ()
    assert [entry.event.action for entry in later.entries()] == ["run.begun", "run.begun", "run.finished"]


def test_moments_come_back_in_utc(ledger: SqlLedger) -> None:
    wit = timezone(timedelta(hours=9))
    ledger.begin(run(started=NOON.astimezone(wit)), ())
    ledger.claim(slot(start=NOON.astimezone(wit)), "run-1", NOON, "acted")
    (found,), ((claimed, _),) = ledger.runs("manokwari"), ledger.claims("manokwari", NOON)
    assert found.started == claimed.start == NOON
    assert found.started.tzinfo is claimed.start.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(ledger: SqlLedger) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        ledger.begin(run(started=NOON.replace(tzinfo=None)), STEPS)
    assert ledger.runs("manokwari") == ()


def test_runs_are_listed_last_begun_first_by_regency(ledger: SqlLedger) -> None:
    for number in range(5):
        # A clock that was set back must not reorder what happened.
        ledger.begin(run(id=f"run-{number}", started=NOON - timedelta(days=number)), ())
    ledger.begin(run(id="other", regency="bontang"), ())
    assert [found.id for found in ledger.runs("manokwari")] == ["run-4", "run-3", "run-2", "run-1", "run-0"]
    assert [found.id for found in ledger.runs("manokwari", limit=2)] == ["run-4", "run-3"]
    assert [found.id for found in ledger.runs("bontang")] == ["other"]
    assert ledger.runs("tolikara") == ()


def test_runs_that_never_ended_are_found_however_many_came_after(ledger: SqlLedger) -> None:
    ledger.begin(run(id="run-old"), ())
    ledger.begin(run(id="other", regency="bontang"), ())
    for number in range(25):
        ledger.begin(run(id=f"run-{number}", started=NOON - timedelta(days=number)), ())
        ledger.finish(f"run-{number}", "done", NOON)
    ledger.begin(run(id="run-new"), ())
    assert [found.id for found in ledger.unfinished("manokwari")] == ["run-old", "run-new"]
    ledger.finish("run-old", "abandoned", NOON)
    assert [found.id for found in ledger.unfinished("manokwari")] == ["run-new"]


def test_an_id_is_used_once(ledger: SqlLedger) -> None:
    ledger.begin(run(), STEPS)
    with pytest.raises(LedgerError) as caught:
        ledger.begin(run(regency="bontang"), STEPS[:1])
    assert caught.value.code == "ledger.run_exists"
    assert reads_well(caught.value)
    assert ledger.steps("run-1") == STEPS
    assert ledger.runs("bontang") == ()


def test_a_run_that_was_never_begun_has_no_phases_and_no_end(ledger: SqlLedger) -> None:
    with pytest.raises(LedgerError) as marking:
        ledger.mark("ghost", "armed", NOON)
    with pytest.raises(LedgerError) as finishing:
        ledger.finish("ghost", "done", NOON)
    for caught in (marking, finishing):
        assert caught.value.code == "ledger.run_not_running"
        assert reads_well(caught.value)
    assert ledger.marks("ghost") == ()


def test_a_finished_run_is_not_rewritten(ledger: SqlLedger) -> None:
    ledger.begin(run(), ())
    ledger.finish("run-1", "needs_person", NOON, detail="core is silent")
    with pytest.raises(LedgerError):
        ledger.finish("run-1", "done", NOON + timedelta(hours=1), detail="all well")
    assert [(found.result, found.detail) for found in ledger.runs("manokwari")] == [("needs_person", "core is silent")]


def test_words_that_the_record_does_not_know_are_refused(ledger: SqlLedger) -> None:
    ledger.begin(run(), ())
    for result in ("perhaps", "running"):
        with pytest.raises(ValueError, match="not one of"):
            ledger.finish("run-1", result, NOON)
    for edge, status in (("middle", "acted"), ("open", "later")):
        with pytest.raises(ValueError, match="not one of"):
            ledger.claim(slot(edge=edge), "run-1", NOON, status)
    assert ledger.runs("manokwari")[0].result == "running"
    assert ledger.claims("manokwari", NOON) == ()


def test_a_slot_is_claimed_once_and_stays_as_claimed(ledger: SqlLedger, another: Opener) -> None:
    assert ledger.claim(slot(), "run-1", NOON, "skipped")
    assert not ledger.claim(slot(), "run-2", NOON, "acted")
    assert not another().claim(slot(), "run-3", NOON, "acted")
    assert another().claims("manokwari", NOON) == ((slot(), "skipped"),)


def test_every_part_of_a_slot_tells_slots_apart(ledger: SqlLedger) -> None:
    different = [
        slot(),
        slot(edge="close"),
        slot(window="ramadan"),
        slot(regency="bontang"),
        slot(start=NOON + timedelta(microseconds=1)),
        Slot("manokwari", "release", "e-planning", NOON, "open"),
    ]
    assert [ledger.claim(one, "run-1", NOON, "acted") for one in different] == [True] * 6
    assert not ledger.claim(slot(start=NOON.astimezone(timezone(timedelta(hours=9)))), "run-1", NOON, "acted")


def test_claims_are_listed_by_start_from_a_moment_on(ledger: SqlLedger) -> None:
    starts = [NOON + timedelta(days=days) for days in (3, 1, 2)]
    for start in starts:
        ledger.claim(slot(start=start), "run-1", NOON, "acted")
    ledger.claim(slot(regency="bontang", start=starts[0]), "run-1", NOON, "acted")
    assert [found.start for found, _ in ledger.claims("manokwari", starts[2])] == [starts[2], starts[0]]


def test_of_many_who_claim_at_once_exactly_one_wins(another: Opener) -> None:
    ledgers: list[Ledger] = [another() for _ in range(4)]
    slots = [slot(start=NOON + timedelta(minutes=minute)) for minute in range(10)]
    ready = Barrier(len(ledgers))

    def claim_all(number: int) -> list[bool]:
        ready.wait()
        return [ledgers[number].claim(one, f"run-{number}", NOON, "acted") for one in slots]

    with ThreadPoolExecutor(len(ledgers)) as pool:
        answers = list(pool.map(claim_all, range(len(ledgers))))
    assert [sum(column) for column in zip(*answers, strict=True)] == [1] * len(slots)


def test_several_runs_at_once_lose_nothing(another: Opener) -> None:
    ledgers = [another() for _ in range(3)]

    def carry_out(number: int) -> None:
        for turn in range(4):
            id = f"run-{number}-{turn}"
            ledgers[number].begin(run(id=id), STEPS)
            ledgers[number].mark(id, "armed", NOON)
            ledgers[number].finish(id, "done", NOON)

    with ThreadPoolExecutor(len(ledgers)) as pool:
        list(pool.map(carry_out, range(len(ledgers))))
    found = ledgers[0].runs("manokwari", limit=100)
    assert sorted(one.id for one in found) == sorted(f"run-{number}-{turn}" for number in range(3) for turn in range(4))
    assert {(one.result, len(ledgers[0].steps(one.id)), len(ledgers[0].marks(one.id))) for one in found} == {("done", 3, 1)}


_FILL_THE_DISK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from network.core.ports import RunRecord
from network.errors import LedgerError
from network.ledger.sqlite import open_sqlite

moment = datetime(2027, 3, 1, tzinfo=UTC)
with open_sqlite(Path(sys.argv[1])) as ledger:
    kept = 0
    try:
        while kept < 100:
            ledger.begin(RunRecord(id=str(kept), regency="manokwari", reason="x" * 20000, started=moment), ())
            kept += 1
    except LedgerError as error:
        sys.stdout.write(f"{error.code} {kept} {len(ledger.runs('manokwari', 1000))}")
"""


@pytest.mark.lab
def test_a_full_disk_refuses_the_new_and_keeps_the_old(tmp_path: Path) -> None:
    mounted = 'mount -t tmpfs -o size=512k none "$1" && exec "$2" -c "$3" "$1/state"'
    command = ["unshare", "--mount", "sh", "-c", mounted, "sh", str(tmp_path), sys.executable, _FILL_THE_DISK]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240)
    code, kept, found = done.stdout.split()
    assert code == "ledger.full"
    assert 0 < int(kept) == int(found)

"""The audit log and the shape of the ledger: whatever is done to an entry shows, and no record is lost to a new release."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from network.core.audit import AuditEvent, first_break, line
from network.errors import LedgerError
from network.ledger import check_audit, schema, tables
from network.ledger.postgres import open_postgres
from network.ledger.store import SqlLedger
from tests.contract.postgres import Postgres
from tests.contract.records import NOON, STEPS, Opener, opened_at, reads_well, run, slot

LOWEST = "0008"
"""The revision whose programs may work with a record of today."""


def event(subject: str = "office", **detail: str | int) -> AuditEvent:
    return AuditEvent(at=NOON, actor="engineer", action="boost.asked", regency="manokwari", subject=subject, detail=detail)


def test_what_is_done_stands_in_the_audit_log_with_who_did_it(ledger: SqlLedger) -> None:
    ledger.acting("cli:ayu").begin(run(), STEPS)
    ledger.finish("run-1", "done", NOON + timedelta(seconds=1), detail="38 offices")
    ledger.claim(slot(), "run-1", NOON, "skipped")
    ledger.claim(slot(), "run-2", NOON, "acted")
    with pytest.raises(LedgerError):
        ledger.finish("run-1", "done", NOON)
    with pytest.raises(LedgerError):
        ledger.begin(run(), STEPS)
    entries = ledger.entries()
    assert [(entry.number, entry.event.actor, entry.event.action, entry.event.subject) for entry in entries] == [
        (1, "cli:ayu", "run.begun", "run-1"),
        (2, "system", "run.finished", "run-1"),
        (3, "system", "slot.skipped", "shift e-planning open"),
    ]
    assert entries[0].event.detail == {"reason": "window e-planning opens", "steps": 3}
    assert entries[1].event.at == NOON + timedelta(seconds=1)
    assert first_break(entries) is None


def test_the_chain_holds_when_it_is_read_again_and_in_parts(ledger: SqlLedger, another: Opener) -> None:
    for number in range(7):
        ledger.append(event(subject=f"kantor «{number}» \u2028'\"\\", amount=number, reason="Ramadan – 1447 H"))
    later = another()
    whole = later.entries()
    assert [entry.number for entry in whole] == list(range(1, 8))
    assert first_break(whole) is None
    parts = [*later.entries(limit=3), *later.entries(after=3, limit=3), *later.entries(after=6)]
    assert tuple(parts) == whole
    assert first_break(whole[3:], last=whole[2]) is None


def test_many_who_write_at_once_make_one_chain(another: Opener) -> None:
    ledgers = [another() for _ in range(4)]
    ready = Barrier(len(ledgers))

    def write(number: int) -> None:
        ready.wait()
        for turn in range(12):
            ledgers[number].append(event(subject=f"{number}-{turn}"))

    with ThreadPoolExecutor(len(ledgers)) as pool:
        list(pool.map(write, range(len(ledgers))))
    entries = ledgers[0].entries()
    assert len(entries) == 48
    assert first_break(entries) is None


TAMPERING = {
    "changed": "UPDATE audit SET actor = 'nobody' WHERE number = 2",
    "changed in detail": "UPDATE audit SET detail = '{\"amount\": 99}' WHERE number = 2",
    "moved in time": "UPDATE audit SET at = '2020-01-01 00:00:00+00:00' WHERE number = 2",
    "taken out": "DELETE FROM audit WHERE number = 2",
    "sealed anew": "UPDATE audit SET digest = previous WHERE number = 2",
}


@pytest.mark.parametrize("how", TAMPERING)
def test_whatever_is_done_to_an_entry_shows(ledger: SqlLedger, how: str) -> None:
    for number in range(3):
        ledger.append(event(amount=number))
    with ledger._database.writing() as connection:
        connection.exec_driver_sql(TAMPERING[how])
    broken = first_break(ledger.entries())
    assert broken is not None
    assert broken.number == 2


def test_a_stranger_computes_an_export_again(ledger: SqlLedger, tmp_path: Path) -> None:
    for number in range(5):
        ledger.append(event(subject=f"kantor {number} – é", amount=number))
    lines = [line(entry) for entry in ledger.entries()]
    script = Path(check_audit.__file__)
    assert len(script.read_text().splitlines()) <= 60

    def verdict(text: str) -> tuple[int, str]:
        (tmp_path / "export").write_text(text)
        words = [sys.executable, "-I", str(script), str(tmp_path / "export")]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
        return done.returncode, done.stdout

    code, said = verdict("\n".join(lines))
    assert (code, said) == (0, f"5 entries hold; the last digest is {ledger.entries()[-1].digest}\n")
    assert verdict("\n".join(lines[:2] + lines[3:]))[0] == 1
    assert verdict("\n".join(lines).replace("engineer", "engineeR", 1))[0] == 1
    for garbled in ("\n".join(lines)[:-9], f"{lines[0]}\n\n{lines[1]}", "x", "[]", '{"digest": 1}', "[" * 100_000):
        code, said = verdict(garbled)
        assert (code, said.startswith("BROKEN: line")) == (1, True), said


@pytest.mark.parametrize(("language", "broken", "use"), [("id", "RUSAK: baris 1", "Sebutkan"), ("en", "BROKEN: line 1", "Name")])
def test_who_computes_it_again_is_told_in_one_sentence_what_is_wrong(
    tmp_path: Path, language: str, broken: str, use: str
) -> None:
    (tmp_path / "garbled").write_bytes(b"\xff\xfe{")

    def said(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", check_audit.__file__, *words],
            env={"LAJUR_LANG": language}, capture_output=True, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip
        assert len((done.stdout + done.stderr).splitlines()) == 1
        return done.returncode, done.stdout + done.stderr

    assert said("garbled")[0] == 1
    assert said("garbled")[1].startswith(broken)
    assert said()[0] == said("a", "b")[0] == 64
    assert said()[1].startswith(use)
    code, told = said("nowhere")
    assert (code, "nowhere" in told) == (64, True)


# --------------------------------------------------------------------------------------------------------------- shape


def test_a_record_of_an_earlier_shape_is_brought_up_to_date(address: str) -> None:
    with opened_at(address) as ledger:
        ledger.begin(run(), STEPS)
        with ledger._database.writing() as connection:
            later = (
                "delivery",
                "subscription",
                "answer",
                "token",
                "booking",
                "report_line",
                "audit",
                "link_proof",
                "observation",
                "release_mark",
                "release",
                "schema_floor",
            )
            for table in (*later, "alembic_version"):
                connection.exec_driver_sql(f"DROP TABLE {table}")
            connection.exec_driver_sql("ALTER TABLE run DROP COLUMN place")
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0001')")
    with opened_at(address) as ledger:
        assert ledger.steps("run-1") == STEPS
        assert [each.place for each in ledger.runs("manokwari")] == [""]
        assert ledger.entries() == ()
        ledger.finish("run-1", "done", NOON)
        assert [entry.number for entry in ledger.entries()] == [1]


def test_the_migrations_end_where_the_tables_are(ledger: SqlLedger) -> None:
    script = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    assert tuple(revision.revision for revision in script.walk_revisions())[::-1] == schema.KNOWN
    with ledger._database.writing() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, tables.metadata) == []


def test_a_record_of_a_later_release_that_only_added_is_worked_with_and_left(address: str) -> None:
    with opened_at(address) as ledger:
        ledger.begin(run(), STEPS)
        with ledger._database.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE run ADD COLUMN added VARCHAR NOT NULL DEFAULT 'x'")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with opened_at(address) as ledger:
        ledger.finish("run-1", "done", NOON)
        ledger.begin(run("run-2"), STEPS)
        assert [(each.id, each.result) for each in ledger.runs("manokwari")] == [("run-2", "running"), ("run-1", "done")]
        with ledger._database.reading() as connection:
            assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"
            assert connection.exec_driver_sql("SELECT revision FROM schema_floor").scalar() == LOWEST


def test_every_migration_says_who_may_still_work_with_it() -> None:
    script = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    said = {each.revision: each.module.works_from for each in script.walk_revisions()}
    assert all(lowest in schema.KNOWN and lowest <= revision for revision, lowest in said.items())
    assert max(said.values()) == LOWEST, "after a contraction: name it here, and in the changelog that there is no way back"


def test_a_program_from_before_a_contraction_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_at(address).close()
    monkeypatch.setattr(schema, "KNOWN", tuple(each for each in schema.KNOWN if each < LOWEST))
    with pytest.raises(LedgerError) as caught:
        opened_at(address)
    assert (caught.value.code, caught.value.fields["known"]) == ("ledger.version", schema.KNOWN[-1])


@pytest.mark.parametrize(
    "floor", ["UPDATE schema_floor SET revision = '9998'", "DELETE FROM schema_floor", "DROP TABLE schema_floor"]
)
def test_a_record_of_a_later_release_is_refused_and_left(address: str, floor: str) -> None:
    with opened_at(address) as ledger:
        ledger.begin(run(), STEPS)
        with ledger._database.writing() as connection:
            connection.exec_driver_sql(floor)
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerError) as caught:
        opened_at(address)
    assert (caught.value.code, caught.value.fields["found"]) == ("ledger.version", "9999")
    assert reads_well(caught.value)


@pytest.mark.postgres
def test_of_many_who_open_a_new_database_at_once_all_find_it_whole(postgres: Postgres) -> None:
    address = postgres.database()
    ready = Barrier(4)

    def open_it(number: int) -> int:
        ready.wait()
        with open_postgres(address) as ledger:
            return ledger.append(event(subject=str(number))).number

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(open_it, range(4))) == [1, 2, 3, 4]

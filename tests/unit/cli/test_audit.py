"""`lajur audit`: what the commands before it did is in the log, the chain holds, and a stranger can see it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from network.ledger.check_audit import check
from tests.contract.postgres import Postgres
from tests.unit.cli.conftest import Lajur

MEMORY = ("--via", "memory")


def test_what_was_done_can_be_shown_to_a_stranger(lajur: Lajur) -> None:
    empty = lajur("audit", "verify", "--output", "json")
    assert (empty.code, empty.json["entries"]) == (0, 0)
    lajur("apply", "--yes", *MEMORY)
    holds = lajur("audit", "verify", "--output", "json")
    exported = lajur("audit", "export").out
    entries = [json.loads(line) for line in exported.splitlines()]
    assert [entry["action"] for entry in entries] == ["run.begun", "run.finished"]
    assert all(entry["actor"].startswith("os:") for entry in entries)
    assert holds.json["digest"] == entries[-1]["digest"]
    code, told = check(exported)
    assert (code, told.split()[0], told.split()[-1]) == (0, "2", holds.json["digest"])


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_log_that_somebody_changed_needs_a_person(language: str, lajur: Lajur, tmp_path: Path) -> None:
    lajur("apply", "--yes", *MEMORY)
    (file,) = tmp_path.rglob("ledger.sqlite3")
    connection = sqlite3.connect(file)
    connection.execute("UPDATE audit SET actor = 'os:nobody' WHERE number = 1")
    connection.commit()
    connection.close()
    said = lajur("audit", "verify", "--lang", language)
    assert said.code == 5
    assert "1" in said.err
    assert check(lajur("audit", "export").out)[0] == 1


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("mysql://lajur@localhost/lajur", "LAJUR_LEDGER"),
        ("postgresql://localhost", "LAJUR_LEDGER"),
        ("nonsense", "LAJUR_LEDGER"),
        ("postgresql://lajur:" + "s3cret-word" + "@localhost/lajur", "PGPASSFILE"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_and_never_shown(address: str, word: str, lajur: Lajur) -> None:
    said = lajur("audit", "verify", LAJUR_LEDGER=address)
    assert said.code == 64
    assert word in said.err
    assert "s3cret" not in said.err + said.out


def test_a_database_that_does_not_answer_is_told_with_what_to_do(lajur: Lajur) -> None:
    said = lajur("plan", *MEMORY, LAJUR_LEDGER="postgresql://lajur@127.0.0.1:1/lajur")
    assert said.code == 4
    assert "127.0.0.1:1" in said.err
    assert "PGPASSFILE" in said.err


@pytest.mark.postgres
def test_the_command_keeps_its_record_in_postgres(lajur: Lajur, postgres: Postgres) -> None:
    address = postgres.database()
    assert lajur("apply", "--yes", *MEMORY, LAJUR_LEDGER=address).code == 0
    runs = lajur("shift", "list", *MEMORY, "--output", "json", LAJUR_LEDGER=address).json["runs"]
    assert [run["result"] for run in runs] == ["done"]
    assert lajur("audit", "verify", "--output", "json", LAJUR_LEDGER=address).json["entries"] == 2

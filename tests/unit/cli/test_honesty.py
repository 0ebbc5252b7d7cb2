"""What the command says is so: refusals are told before they happen, what was done is not called undone, and no answer is
lost without a word."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from tests.unit.cli.conftest import Lajur

MEMORY = ("--via", "memory")
ROOT = Path(__file__).parents[3]


def _rewrite(file: Path, pattern: str, by: str) -> None:
    text, count = re.subn(pattern, by, file.read_text())
    assert count
    file.write_text(text)


@pytest.fixture
def ended(regencies: Path) -> None:
    """The contract of the uplink is over."""
    _rewrite(regencies / "tolikara" / "uplinks.yaml", r"start: \d{4}-\d\d-\d\d", "start: 2019-01-01")
    _rewrite(regencies / "tolikara" / "uplinks.yaml", r"end: \d{4}-\d\d-\d\d", "end: 2019-12-31")


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize("words", [("plan",), ("apply", "--dry-run"), ("shift", "run", "--dry-run")])
def test_a_plan_says_that_it_would_be_refused(words: tuple[str, ...], lajur: Lajur) -> None:
    told = lajur(*words, *MEMORY, "--output", "json")
    assert told.code == 3
    assert told.json["steps"]
    (reason,) = told.json["refused"]
    assert "2019-12-31" in reason
    shown = lajur(*words, *MEMORY).out
    assert "REFUSED" in shown


@pytest.mark.usefixtures("ended")
def test_a_refused_run_is_in_the_record_once(lajur: Lajur) -> None:
    for _ in range(3):
        assert lajur("shift", "run", *MEMORY).code == 3
    assert lajur("apply", "--yes", *MEMORY).code == 3
    runs = lajur("shift", "list", *MEMORY, "--output", "json").json["runs"]
    assert [(run["result"], run["steps"], run["reason"]) for run in runs] == [("refused", 0, "apply"), ("refused", 0, "shift")]


def test_nothing_to_do_needs_no_answer(lajur: Lajur) -> None:
    assert lajur("apply", "--yes", *MEMORY).code == 0
    assert lajur("apply", *MEMORY).code == 0
    assert lajur("apply", *MEMORY, "--output", "json").json["result"] == "nothing"


@pytest.mark.parametrize("at", ["9999-12-31T23:59", "0001-01-01T00:00", "1999-12-31T23:59", "2200-01-01"])
@pytest.mark.parametrize("words", [("plan",), ("window", "list"), ("window", "next"), ("shift", "run")])
def test_a_time_beyond_reckoning_is_wrong_usage(words: tuple[str, ...], at: str, lajur: Lajur) -> None:
    said = lajur(*words, "--at", at, *MEMORY)
    assert said.code == 64
    assert at in said.err


def test_only_what_changes_writes(lajur: Lajur, tmp_path: Path) -> None:
    memory = tmp_path / "state" / "tolikara" / "memory"
    lajur("plan", *MEMORY)
    assert not memory.exists()
    lajur("apply", "--yes", *MEMORY)
    written = {file.name: file.read_bytes() for file in memory.iterdir()}
    assert written
    lajur("plan", *MEMORY)
    assert {file.name: file.read_bytes() for file in memory.iterdir()} == written


@pytest.mark.parametrize("text", ["[" * 60_000, "{}", "\x00", '[{"step": "nobody"}]', "\udcff"])
def test_a_spoiled_memory_is_named_and_left(text: str, lajur: Lajur, tmp_path: Path) -> None:
    lajur("apply", "--yes", *MEMORY)
    (file,) = (tmp_path / "state" / "tolikara" / "memory").glob("*.json")
    file.write_bytes(text.encode(errors="surrogateescape"))
    said = lajur("plan", *MEMORY)
    assert said.code == 4
    assert str(file) in said.err
    assert file.read_bytes() == text.encode(errors="surrogateescape")


@pytest.mark.parametrize("words", [("nonsense",), ("plan", "--nonsense"), ("plan", "--via", "nowhere"), ("window", "show", "x")])
def test_wrong_usage_is_told_in_the_form_that_was_asked_for(words: tuple[str, ...], lajur: Lajur) -> None:
    said = lajur(*words, "--output", "json")
    assert (said.code, said.out) == (64, "")
    told = json.loads(said.err)
    assert (told["document"], told["exit_code"]) == ("Error", 64)


def test_a_bad_table_is_not_blamed_on_the_files(lajur: Lajur, tmp_path: Path) -> None:
    table = tmp_path / "offices.csv"
    table.write_text("id,key\n1,x\n")
    said = lajur("inventory", "import", str(table), "--yes")
    assert said.code == 3
    assert "That table" in said.err
    assert "inventory check" not in said.err


def _run(words: list[str], state: Path, stdout: IO[str] | int) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LAJUR_STATE": str(state), "LAJUR_REGENCY": "tolikara", "PYTHONPATH": str(ROOT)}
    code = "from network.cli.app import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
    )


@pytest.mark.parametrize("words", [["plan", *MEMORY], ["plan", *MEMORY, "--output", "json"], ["inventory", "export"]])
def test_an_answer_that_cannot_be_written_is_an_error_and_no_bug(words: list[str], tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        said = _run(words, tmp_path, stdout=full)
    assert said.returncode == 5
    assert "No space left" in said.stderr
    assert "Exception" not in said.stderr


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        said = _run(["inventory", "export"], tmp_path, stdout=writer)
    finally:
        os.close(writer)
    assert (said.returncode, said.stderr) == (0, "")


def test_a_closed_output_throws_the_answer_away(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "from network.cli.app import main; main()", "window", "list"]
    closing = f"import os; os.close(1); os.execv({sys.executable!r}, {words!r})"
    environment = {**os.environ, "LAJUR_STATE": str(tmp_path), "LAJUR_REGENCY": "tolikara", "PYTHONPATH": str(ROOT)}
    said = subprocess.run([sys.executable, "-c", closing], env=environment, stderr=subprocess.PIPE, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")

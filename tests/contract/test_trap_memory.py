"""What the trap port remembers of traps that it believed, also after a restart of ours."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from network.core.watch_ports import TrapHeard
from network.errors import Refused
from network.messages import text
from network.telemetry import traps
from network.telemetry.trap_memory import TrapMemory
from tests.contract.router import PATIENCE
from tests.contract.trap_port import COMMUNITY, HERE, USER, reopened, v3

pytestmark = pytest.mark.skipif(shutil.which("snmptrap") is None, reason="needs snmptrap (Debian package snmp)")


def test_after_a_restart_new_traps_of_known_engines_are_believed_and_old_ones_are_not(tmp_path: Path) -> None:
    file, told, heard = tmp_path / "state" / "traps.json", list[Refused](), list[TrapHeard]()
    first = reopened(file, tmp_path, told, heard)
    older, datagram = first.captured(*v3()), first.captured(*v3())
    with first.receiver:
        first.throw(datagram)
        first.until(believed=1)
    second = reopened(file, tmp_path, told, heard)
    with second.receiver:
        second.throw(datagram)
        second.until(stale=1)
        second.throw(older)  # never heard, and not much older than what was: traps overtake each other
        second.send(*v3())
        assert second.until(believed=2).stale == 1
        second.send(*v3(USER, "-e", "0x800000000101020304"))
        assert second.until(believed=3).refused == 0, "an engine that was never met"
    assert told == []
    third = reopened(file, tmp_path, told, heard)
    with third.receiver:
        third.throw(datagram, older)
        assert third.until(stale=2).believed == 0


def test_a_clock_is_remembered_beyond_the_traps_that_are(tmp_path: Path) -> None:
    file, told, heard = tmp_path / "traps.json", list[Refused](), list[TrapHeard]()
    engine = ("-e", "0x800000000101020304", "-Z")
    first = reopened(file, tmp_path, told, heard)
    old = first.captured(*v3(USER, *engine, "4,9000"))
    with first.receiver:
        first.send(*v3(USER, *engine, "5,1000"))
        first.until(believed=1)
    second = reopened(file, tmp_path, told, heard)
    with second.receiver:
        second.throw(old)
        assert second.until(stale=1).believed == 0


def test_what_was_believed_is_on_the_disk_while_the_watch_runs_and_has_no_secret(tmp_path: Path) -> None:
    file, told, heard = tmp_path / "traps.json", list[Refused](), list[TrapHeard]()
    port = reopened(file, tmp_path, told, heard)
    with port.receiver:
        port.send(*v3())
        port.until(believed=1)
        deadline = time.monotonic() + PATIENCE
        while not file.exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert [len(engines) for engines in TrapMemory(file).load().values()] == [1, 0]
    assert file.stat().st_mode & 0o777 == 0o600
    gate = port.receiver._gates[HERE]
    keys = [key for engine in gate._engines.values() for key in (engine.keys[0], bytes(engine.keys[1]))]
    for secret in (USER.auth.encode(), USER.privacy.encode(), COMMUNITY.encode(), *(key.hex().encode() for key in keys)):
        assert secret not in file.read_bytes()


@pytest.mark.parametrize(
    "written",
    ["", "{", "[]", '{"devices": {"core": {"xy": [1, 2, []]}}}', '{"devices": {"core": {"80": [["1", 2], [1, 2], []]}}}'],
)
def test_a_record_that_is_damaged_is_set_aside_and_told(tmp_path: Path, written: str) -> None:
    file, told, heard = tmp_path / "traps.json", list[Refused](), list[TrapHeard]()
    file.write_text(written)
    port = reopened(file, tmp_path, told, heard)
    with port.receiver:
        port.send(*v3())
        port.until(believed=1)
    assert [refused.code for refused in told] == ["traps.memory_lost"]
    for language in ("id", "en"):
        assert str(file) in text(told[0].code, language, told[0].fields)
    assert file.with_name("traps.json.damaged").read_text() == written
    assert len(TrapMemory(file).load()["core"]) == 1


def test_a_record_that_cannot_be_written_is_told_once_and_traps_are_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traps, "_KEPT", 0.0)
    file, told, heard = tmp_path / "file" / "traps.json", list[Refused](), list[TrapHeard]()
    port = reopened(file, tmp_path, told, heard)
    (tmp_path / "file").write_text("where a folder should be")
    with port.receiver:
        for number in range(1, 4):
            port.send(*v3())
            port.until(believed=number)
    assert [refused.code for refused in told] == ["traps.memory_full"]


def test_a_trap_that_was_forgotten_is_not_believed_again_not_even_after_a_restart(tmp_path: Path) -> None:
    file, told, heard = tmp_path / "traps.json", list[Refused](), list[TrapHeard]()
    engine = ("-e", "0x800000000101020304", "-Z")
    first = reopened(file, tmp_path, told, heard)
    many = [first.captured(*v3(USER, *engine, f"5,{1000 + number}")) for number in range(traps._REMEMBERED + 1)]
    with first.receiver:
        for number, datagram in enumerate(many, 1):
            first.throw(datagram)
            deadline = time.monotonic() + PATIENCE
            while (counts := first.receiver.counts()).believed + counts.flooded < number:
                assert time.monotonic() < deadline
        before = first.until(stale=0)
        assert before.stale == 0
        first.throw(many[0])
        assert first.until(stale=1).believed == before.believed
    second = reopened(file, tmp_path, told, heard)
    with second.receiver:
        known = len(heard)
        second.throw(many[0], many[1])
        assert second.until(stale=2).believed == 0
        assert [trap.up for trap in heard[known:]] == [None], "of what may be new the device is asked"
        second.send(*v3(USER, *engine, f"5,{1000 + len(many)}"))
        second.until(believed=1)
    assert told == []

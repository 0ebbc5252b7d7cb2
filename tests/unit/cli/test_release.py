"""`lajur release` on servers in memory: what it prints, what its codes are, and what is on record afterwards."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inventory.load import load_regency
from network import release_wiring
from network.core.releases.truth import workload_of
from network.drivers.memory_doors import MemoryDoors
from network.drivers.memory_releases import Behaviour, MemoryFleet, MemoryReleaseHands
from network.errors import Refused
from network.ledger.sqlite import open_sqlite
from tests.unit.cli.conftest import Lajur, Said
from tests.unit.cli.twin import deeds, several

OLD = "1-111111111111"
made_doors = MemoryDoors()
"""Of the regency's edge, closed at the beginning of every test."""

Release = Callable[..., Said]


@pytest.fixture
def fleet(regencies: Path, monkeypatch: pytest.MonkeyPatch) -> MemoryFleet:
    """The servers of manokwari's gateway, which carry an old release."""
    several(regencies)
    truth = load_regency(regencies / "manokwari")
    made = MemoryFleet(workload_of(truth, "gateway"))
    made.carry(OLD)

    @contextmanager
    def ground(*_: object, **__: object) -> Iterator[Any]:
        yield SimpleNamespace(regency=truth, servers=truth.servers, lab=None, way="direct")

    def hands(workload: Any, _: object) -> MemoryReleaseHands:
        if workload.key != "gateway":
            raise Refused("release.not_standing", workload=workload.key, servers="mon-1")
        return MemoryReleaseHands(made)

    monkeypatch.setattr(release_wiring, "play_ground", ground)
    monkeypatch.setattr(release_wiring, "release_hands", hands)
    monkeypatch.setattr(release_wiring, "door_hands", lambda _: made_doors)
    made_doors.maps.clear()
    made_doors.unreachable.clear()
    return made


@pytest.fixture
def release(lajur: Lajur, fleet: MemoryFleet) -> Release:
    assert fleet.let_in()
    return lambda *words, **environment: lajur(
        "release", *words, **{"LAJUR_REGENCY": "manokwari", "LAJUR_LANG": "en", **environment}
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return made(tmp_path / "gateway-2.0.tar.gz")


def made(path: Path) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        content = path.name.encode()
        for name in ("bin/serve", "bin/migrate"):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    path.with_name(f"{path.name}.sha256").write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    return path


def test_a_release_is_carried_out_told_and_on_record(release: Release, fleet: MemoryFleet, file: Path, tmp_path: Path) -> None:
    said = release("deploy", "gateway", str(file), "--reason", "monthly")
    assert said.code == 0, said.err
    assert "every server carries 2.0-" in said.out
    assert "batch 2 of 2 passed" in said.err
    assert set(fleet.let_in().values()) == {next(iter(fleet.let_in().values()))} != {OLD}
    actions = [action for action, subject in deeds(tmp_path) if subject == "gateway"]
    assert actions == [
        "release.begun",
        "release.place",
        "release.expand",
        *["release.batch", "release.gate"] * 2,
        "release.finished",
    ]
    again = release("deploy", "gateway", str(file))
    assert (again.code, "nothing to do" in again.out) == (0, True)


def test_as_json(release: Release, file: Path) -> None:
    said = release("deploy", "gateway", str(file), "--output", "json").json
    assert (said["document"], said["result"], said["before"], said["task"]) == ("ReleaseRun", "done", OLD, "deploy")
    assert [batch["servers"] for batch in said["batches"]] == [["app-1"], ["app-2"]]
    assert said["batches"][0]["gate"]["total"] == {"host": "", "in_row": 10, "requests": 50, "errors": 0, "p95": 20}
    history = release("history", "--output", "json").json
    (run,) = history["runs"]
    assert [gate["good"] for gate in run["gates"]] == [True, True]
    assert (run["actor"].startswith("os:"), run["result"], run["sha256"]) == (True, "done", said["release"] and run["sha256"])
    status = release("status", "gateway", "--output", "json").json
    (line,) = status["workloads"]
    assert (line["release"], line["open"], line["last"]["run"]) == (said["release"], False, said["run"])
    assert [server["edges"] for server in line["servers"]] == [{"edge-1": "let_in"}] * 2


def test_a_look_ahead(release: Release, fleet: MemoryFleet, file: Path, tmp_path: Path) -> None:
    said = release("deploy", "gateway", str(file), "--dry-run")
    assert said.code == 2
    assert all(word in said.out for word in ("app-1", "app-2", "edge-1", OLD))
    assert release("deploy", "gateway", str(file), "--dry-run", "--output", "json").json["batches"] == [["app-1"], ["app-2"]]
    assert (set(fleet.let_in().values()), deeds(tmp_path)) == ({OLD}, [])
    release("deploy", "gateway", str(file))
    assert release("deploy", "gateway", str(file), "--dry-run").code == 0


@pytest.mark.parametrize(("language", "words"), [("id", "diciutkan dari app-1"), ("en", "contracted from app-1")])
def test_a_look_ahead_shows_the_contract_too(release: Release, fleet: MemoryFleet, file: Path, language: str, words: str) -> None:
    contract = ("deploy", "gateway", str(file), "--contract", "--dry-run")
    plain = release(*contract[:3], "--dry-run", LAJUR_LANG=language)
    assert words not in plain.out
    first = release(*contract, LAJUR_LANG=language)
    assert (first.code, words in first.out, OLD in first.out) == (2, True, True)
    assert release(*contract, "--output", "json").json["contract"] == "app-1"
    assert release(*contract[:3], "--dry-run", "--output", "json").json["contract"] == ""
    assert fleet.migrations == []
    assert release(*contract[:3]).code == 0
    alone = release(*contract, LAJUR_LANG=language)
    assert (alone.code, words in alone.out, "edge-1" in alone.out) == (2, True, False)
    assert len(fleet.migrations) == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_version_that_is_no_good(release: Release, fleet: MemoryFleet, file: Path, language: str) -> None:
    id = release("deploy", "gateway", str(file), "--dry-run", "--output", "json").json["release"]
    fleet.behaviours[id] = Behaviour(wrong=3)
    said = release("deploy", "gateway", str(file), LAJUR_LANG=language)
    assert said.code == 4
    assert {"id": "tidak lolos", "en": "not passed"}[language] in said.out
    assert {"id": "ditarik kembali", "en": "was taken back"}[language] in said.err
    assert set(fleet.let_in().values()) == {OLD}
    last = release("status", "gateway", "--output", "json").json["workloads"][0]["last"]
    assert (last["result"], last["gates"][0]["total"]["errors"]) == ("returned", 16)
    assert release("status", LAJUR_LANG=language).code == 0
    assert release("history", LAJUR_LANG=language).code == 0


def test_what_was_taken_back_is_not_what_a_server_had_before(release: Release, fleet: MemoryFleet, file: Path) -> None:
    assert release("deploy", "gateway", str(file)).code == 0
    worse = str(made(file.with_name("gateway-3.0.tar.gz")))
    id = release("deploy", "gateway", worse, "--dry-run", "--output", "json").json["release"]
    fleet.behaviours[id] = Behaviour(wrong=3)
    assert release("deploy", "gateway", worse).code == 4
    lines = release("status", "gateway", "--output", "json").json["workloads"][0]["servers"]
    assert (fleet.servers["app-1"].previous, [each["previous"] for each in lines]) == (id, [OLD, OLD])
    refused = release("rollback", "gateway", "--to", id)
    assert (refused.code, OLD in refused.err, "--force" in refused.err) == (3, True, True)


@pytest.mark.parametrize(("language", "words"), [("id", "seperti sebelumnya"), ("en", "as before")])
def test_one_that_was_only_placed_was_never_before(
    release: Release, fleet: MemoryFleet, file: Path, language: str, words: str
) -> None:
    def cut(word: str, machine: str) -> None:
        raise SystemExit(f"{word} {machine}")

    fleet.pulse = cut
    with pytest.raises(SystemExit):
        release("deploy", "gateway", str(file))
    fleet.pulse = lambda word, machine: None
    looked = release("rollback", "gateway", "--dry-run", LAJUR_LANG=language)
    assert (looked.code, "2.0-" in looked.out, OLD in looked.out) == (2, False, True)
    said = release("rollback", "gateway", LAJUR_LANG=language)
    assert (said.code, words in said.out, "2.0-" in said.out) == (0, True, False)


def test_a_server_that_dies_needs_a_person_and_then_a_rollback(release: Release, fleet: MemoryFleet, file: Path) -> None:
    def die(word: str, machine: str) -> None:
        if (word, machine) == ("answer", "app-2"):
            fleet.servers["app-2"].reachable = False

    fleet.pulse = die
    said = release("deploy", "gateway", str(file))
    assert said.code == 5
    assert "lajur release rollback gateway" in said.err
    other = release("deploy", "gateway", str(made(file.with_name("gateway-3.0.tar.gz"))))
    assert (other.code, "2.0-" in other.err, "3.0-" in other.err) == (3, True, True)
    assert "not at its end" in release("status", "gateway").out
    fleet.pulse, fleet.servers["app-2"].reachable = lambda word, machine: None, True
    assert release("rollback", "gateway").code == 0
    assert set(fleet.let_in().values()) == {OLD}


def test_a_look_ahead_at_the_way_back_shows_what_it_then_does(release: Release, fleet: MemoryFleet, file: Path) -> None:
    assert release("rollback", "gateway", "--dry-run").code == 3
    assert release("deploy", "gateway", str(file)).code == 0
    new = set(fleet.let_in().values())
    # What a server had before is no measure of where all of them go.
    next(iter(fleet.servers.values())).previous = "0-000000000000"
    seen = release("rollback", "gateway", "--dry-run", "--output", "json")
    assert seen.code == release("rollback", "gateway", "--dry-run", LAJUR_LANG="id").code == 2
    assert OLD in release("rollback", "gateway", "--dry-run").out
    assert (set(fleet.let_in().values()), len(release("history", "--output", "json").json["runs"])) == (new, 1)
    assert release("rollback", "gateway").code == 0
    assert {server: each.current for server, each in fleet.servers.items()} == seen.json["goals"]
    assert sorted(server for batch in seen.json["batches"] for server in batch) == sorted(fleet.servers)
    there = release("rollback", "gateway", "--to", OLD, "--dry-run")
    assert (there.code, OLD in there.out) == (0, True)
    assert release("rollback", "gateway", "--to", "9-999999999999", "--dry-run").code == 64


def test_interrupted_once_everything_is_put_back(release: Release, fleet: MemoryFleet, file: Path) -> None:
    once = iter([True])

    def stop(word: str, machine: str) -> None:
        if (word, machine) == ("watch", "app-2") and next(once, False):
            raise KeyboardInterrupt

    fleet.pulse = stop
    said = release("deploy", "gateway", str(file))
    assert (said.code, set(fleet.let_in().values())) == (130, {OLD})
    assert OLD in said.err


def test_interrupted_twice_says_what_to_do(release: Release, fleet: MemoryFleet, file: Path) -> None:
    seen = []

    def stop(word: str, machine: str) -> None:
        seen.append((word, machine))
        if seen[-1] == ("watch", "app-2") or (word == "drain" and ("watch", "app-2") in seen):
            raise KeyboardInterrupt

    fleet.pulse = stop
    said = release("deploy", "gateway", str(file))
    assert said.code == 5
    assert "Deploy the same file again" in said.err
    fleet.pulse = lambda word, machine: None
    assert release("deploy", "gateway", str(file)).code == 0


def test_what_cannot_be_is_refused_with_its_code(release: Release, file: Path, tmp_path: Path) -> None:
    assert release("deploy", "nobody", str(file)).code == 64
    assert release("deploy", "records", str(file)).code == 3
    assert release("deploy", "gateway", str(tmp_path / "absent-1.tar.gz")).code == 3
    assert release("deploy", "gateway", str(file), "--sha256", "0" * 64).code == 3
    assert release("rollback", "gateway").code == 3
    assert release("rollback", "gateway", "--to", "9-999999999999").code == 64
    assert release("deploy", "gateway", str(file), "--reason", "a\nb").code == 64
    said = release("deploy", "gateway", str(file), "--sha256", "0" * 64, "--output", "json")
    assert json.loads(said.err)["code"] == "release.checksum"


@pytest.mark.parametrize(("language", "word"), [("id", "tidak berisi"), ("en", "does not hold")])
def test_a_file_of_another_workload_is_refused_before_anything_is_sent(
    release: Release, fleet: MemoryFleet, tmp_path: Path, language: str, word: str
) -> None:
    path = tmp_path / "gateway-2.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("README"))
    path.with_name(f"{path.name}.sha256").write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    touched: list[str] = []
    fleet.pulse = lambda word, machine: touched.append(machine)
    said = release("deploy", "gateway", str(path), LAJUR_LANG=language)
    assert (said.code, word in said.err, "bin/serve" in said.err, touched) == (3, True, True, [])


def test_of_several_workloads_one_that_cannot_be_looked_at_hides_no_other(release: Release) -> None:
    lines = {each["workload"]: each for each in release("status", "--output", "json").json["workloads"]}
    assert lines["gateway"]["release"] == OLD
    assert "steering" in lines["steering"]["problem"]
    assert release("status", "steering").code == 3


def test_a_stage_that_is_not_ready(release: Release, tmp_path: Path) -> None:
    said = release("open", "pilot")
    assert said.code == 3
    assert deeds(tmp_path) == []
    assert release("open", "pilto").code == 64


def waived(regencies: Path) -> list[str]:
    """The offices of the pilot, whose day is there, and which are waived in writing."""
    stages = regencies / "manokwari" / "stages.yaml"
    truth = load_regency(regencies / "manokwari")
    offices = [office.key for office in truth.offices if office.stage == "pilot"]
    waivers = "".join(f"\n      - {{office: {office}, reason: tried by hand}}" for office in offices)
    text = stages.read_text().replace("    opens: 2027-02-01\n", f"    opens: 2026-01-01\n    waivers:{waivers}\n")
    stages.write_text(text)
    return offices


@pytest.mark.parametrize(
    ("language", "told", "untold"),
    [("id", "dimasukkan di: edge-1 (gateway)", "belum tahu"), ("en", "let in at: edge-1 (gateway)", "does not know yet")],
)
def test_an_edge_that_cannot_be_told_that_a_stage_is_open(
    release: Release, regencies: Path, tmp_path: Path, language: str, told: str, untold: str
) -> None:
    offices = waived(regencies)
    made_doors.unreachable.add("edge-1")
    looked = release("open", "pilot", "--dry-run", LAJUR_LANG=language)
    assert (looked.code, "edge-1" in looked.out, looked.err, deeds(tmp_path)) == (2, True, "", [])
    said = release("open", "pilot", LAJUR_LANG=language)
    assert said.code == 5
    assert all(words in " ".join(said.err.split()) for words in (untold, "lajur release open pilot", "edge-1"))
    assert deeds(tmp_path) == [("stage.opened", "stage pilot"), ("stage.let_in", "stage pilot")]
    assert release("open", "pilot", "--dry-run", LAJUR_LANG=language).code == 2
    made_doors.unreachable.clear()
    assert release("open", "pilot", "--dry-run", LAJUR_LANG=language).code == 2
    assert made_doors.maps == {}
    mended = release("open", "pilot", LAJUR_LANG=language)
    assert (mended.code, told in mended.out) == (0, True)
    assert set(made_doors.maps["gateway", "edge-1"].values()) == {*offices, "management", "servers"}
    assert release("open", "pilot", "--dry-run").code == 0


def test_a_stage_that_opens(release: Release, regencies: Path, tmp_path: Path) -> None:
    offices = waived(regencies)
    looked = release("open", "pilot", "--dry-run")
    assert (looked.code, "would be told: edge-1 (gateway)" in looked.out, made_doors.maps) == (2, True, {})
    said = release("open", "pilot", "--output", "json")
    assert (said.code, said.json["written"], said.json["offices"]) == (0, True, offices)
    assert said.json["doors"] == [{"workload": "gateway", "edge": "edge-1", "changed": True, "problem": ""}]
    assert ("stage.opened", "stage pilot") in deeds(tmp_path)
    again = release("open", "pilot")
    assert (again.code, "was opened on" in again.out) == (0, True)
    assert release("move", "pilot", "--to", "2199-01-01", "--reason", "later").code == 3
    with open_sqlite(tmp_path / "state") as ledger:
        assert list(ledger.observations("direct").latest("manokwari", "stage ")) == ["stage pilot"]


def test_a_day_moves_in_the_file_with_its_reason(release: Release, regencies: Path, tmp_path: Path) -> None:
    stages = regencies / "manokwari" / "stages.yaml"
    before = stages.read_text()
    assert release("move", "pilot", "--to", "2199-02-03", "--reason", "no power", "--dry-run").code == 2
    assert stages.read_text() == before
    said = release("move", "pilot", "--to", "2199-02-03", "--reason", "no power", "--output", "json")
    assert (said.code, said.json["was"], said.json["opens"]) == (0, "2027-02-01", "2199-02-03")
    stage = next(each for each in load_regency(regencies / "manokwari").stages if each.key == "pilot")
    assert (stage.opens.isoformat(), stage.moved[-1].reason) == ("2199-02-03", "no power")
    assert deeds(tmp_path) == [("stage.moved", "stage pilot")]


@pytest.mark.parametrize(
    ("to", "reason", "code"),
    [
        ("2020-01-01", "late", 3),
        ("2027-13-01", "late", 64),
        ("tomorrow", "late", 64),
        ("9999-12-31", "late", 64),
        ("2199-01-01", " ", 64),
        ("2027-02-01", "x", 3),
    ],
)
def test_a_day_that_cannot_be(release: Release, tmp_path: Path, to: str, reason: str, code: int) -> None:
    assert release("move", "pilot", "--to", to, "--reason", reason).code == code
    assert deeds(tmp_path) == []


@pytest.mark.parametrize(
    ("language", "same", "far"),
    [("id", "tidak dipindahkan", "di luar batas"), ("en", "was not moved", "out of bounds")],
)
def test_what_is_wrong_with_a_move_is_not_laid_on_the_files(release: Release, language: str, same: str, far: str) -> None:
    said = release("move", "pilot", "--to", "2027-02-01", "--reason", "x", LAJUR_LANG=language)
    assert (said.code, same in said.err, "lajur inventory check" in said.err) == (3, True, False)
    late = release("move", "pilot", "--to", "9999-12-31", "--reason", "x", LAJUR_LANG=language)
    assert (late.code, far in late.err, "2000" in late.err, "2199" in late.err) == (64, True, True, True)


@pytest.mark.parametrize("words", [["--dry-run"], []])
def test_a_move_that_changes_the_order_of_stages_says_so(release: Release, regencies: Path, words: list[str]) -> None:
    stages = [each.key for each in sorted(load_regency(regencies / "manokwari").stages, key=lambda each: each.opens)]
    later = [*stages[1:], stages[0]]
    move = ("move", stages[0], "--to", "2199-02-03", "--reason", "no power")
    looked = release(*move, "--dry-run", "--output", "json").json
    assert (looked["order_was"], looked["order"], len(looked["warnings"])) == (stages, later, 1)
    said = release(*move, *words, LAJUR_LANG="id")
    assert (said.code, f"{', '.join(stages)} → {', '.join(later)}" in " ".join(said.out.split())) == (2 if words else 0, True)
    same = release("move", stages[-1], "--to", "2199-02-02", "--reason", "x", "--output", "json").json
    assert (same["warnings"], same["order"]) == ([], same["order_was"])

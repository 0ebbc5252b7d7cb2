"""`lajur release` on servers in memory: what it prints, what its codes are, and what is on record afterwards."""

from __future__ import annotations

import hashlib
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from network.drivers.memory_releases import Behaviour, MemoryFleet, MemoryReleaseHands
from tests.unit.cli.conftest import Release, Said
from tests.unit.cli.releasing import OLD, made
from tests.unit.cli.twin import deeds


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return made(tmp_path / "gateway-2.0.tar.gz")


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


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ("tidak", "rilis yang pertama", "Tidak ada versi sebelumnya")),
        ("en", ("no", "the first release", "no version before it")),
    ],
)
def test_where_nothing_was_ever_released_nothing_is_said_of_a_version_before(
    release: Release, fleet: MemoryFleet, file: Path, language: str, words: tuple[str, str, str]
) -> None:
    healthy, first, stopped = words
    for server in fleet.servers.values():
        server.current, server.releases, server.unit = "", [], ""
    own = {"LAJUR_LANG": language}
    rows = [line for line in release("status", "gateway", **own).out.splitlines() if "app-" in line]
    assert (len(rows), any(f" {healthy} " in row for row in rows)) == (2, False)
    looked = release("deploy", "gateway", str(file), "--dry-run", **own)
    assert (looked.code, first in looked.out, "–" in looked.out.splitlines()[0]) == (2, True, False)
    once = iter([True])

    def stop(word: str, machine: str) -> None:
        if (word, machine) == ("watch", "app-1") and next(once, False):
            raise KeyboardInterrupt

    fleet.pulse = stop
    said = release("deploy", "gateway", str(file), **own)
    assert (said.code, stopped in said.err) == (130, True)
    done = release("deploy", "gateway", str(file), **own)
    assert (done.code, first in done.out) == (0, True)


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


def test_while_a_release_runs_its_status_says_who_is_at_it(release: Release, fleet: MemoryFleet, file: Path) -> None:
    seen: list[Said] = []

    def look(word: str, machine: str) -> None:
        if (word, machine) == ("switch", "app-2"):
            seen.extend((release("status", "gateway"), release("status", "gateway", "--output", "json")))

    fleet.pulse = look
    assert release("deploy", "gateway", str(file)).code == 0
    shown, (line,) = " ".join(seen[0].out.split()), seen[1].json["workloads"]
    (run,) = release("history", "--output", "json").json["runs"]
    assert (line["open"], line["at_work"]["run"], line["at_work"]["since"]) == (True, run["run"], run["started"])
    assert (f"{run['actor']} has been at it since" in shown, run["run"] in shown, "rollback" in shown) == (True, True, False)
    assert release("status", "gateway", "--output", "json").json["workloads"][0]["at_work"] is None


def test_who_comes_while_another_release_looks_is_told_whose_it_is(
    release: Release, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Said] = []
    look, once = MemoryReleaseHands.look, iter([True])

    def looked(own: MemoryReleaseHands, hosts: list[str]) -> Any:
        if next(once, False):
            seen.append(release("deploy", "gateway", str(file)))
        return look(own, hosts)

    monkeypatch.setattr(MemoryReleaseHands, "look", looked)
    assert release("deploy", "gateway", str(file)).code == 0
    told = " ".join(seen[0].err.split())
    assert (seen[0].code, "has been releasing gateway since 20" in told, "os:" in told) == (3, True, True)


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
    assert release("deploy", "gateway", str(file), "--sha256", "zz").code == 64
    assert release("deploy", "gateway", str(file), "--version", "../../etc").code == 64
    assert release("rollback", "gateway").code == 3
    assert release("rollback", "gateway", "--to", "9-999999999999").code == 64
    assert release("deploy", "gateway", str(file), "--reason", "a\nb").code == 64
    said = release("deploy", "gateway", str(file), "--sha256", "0" * 64, "--output", "json")
    assert json.loads(said.err)["code"] == "release.checksum"


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_listed_below_a_sentence_leaves_no_gap_in_it(
    release: Release, fleet: MemoryFleet, file: Path, language: str
) -> None:
    fleet.unreachable.add("edge-1")
    said = release("deploy", "gateway", str(file), LAJUR_LANG=language)
    _, first, *listed = said.err.splitlines()
    assert (said.code, "  " in first, "\0" in said.err) == (3, False, False)
    assert [line[:2] for line in listed] == ["  ", "  "]
    assert json.loads(release("deploy", "gateway", str(file), "--output", "json").err)["reasons"]


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

"""`lajur release open` and `move`: what they print, what their codes are, and what is in the files and on record afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inventory.load import load_regency
from network.ledger.sqlite import open_sqlite
from tests.unit.cli.conftest import Release
from tests.unit.cli.releasing import made_doors
from tests.unit.cli.twin import deeds


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
    (line,) = said.err.strip().splitlines()
    assert "stages.yaml:" in line
    assert ("see above" in line, "lihat di atas" in line, ".." in line) == (False, False, False)
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


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_each_office_lacks_stands_for_itself_in_the_error_for_programs(
    release: Release, regencies: Path, language: str
) -> None:
    said = release("open", "pilot", "--output", "json", LAJUR_LANG=language)
    told = json.loads(said.err)
    offices = [office.key for office in load_regency(regencies / "manokwari").offices if office.stage == "pilot"]
    assert (said.code, told["document"], told["exit_code"]) == (3, "Error", 3)
    assert [reason["code"] for reason in told["reasons"]] == ["release.stage_office"] * len(offices)
    assert [reason["text"].partition(" ")[0] for reason in told["reasons"]] == offices
    for reason in told["reasons"]:
        assert reason["text"] in told["text"]
        assert all(gap["code"] and gap["text"] in reason["text"] for gap in reason["reasons"])
    assert any("lajur release move pilot" in remedy["text"] for remedy in told["remedies"])
    plain = json.loads(release("open", "pilto", "--output", "json", LAJUR_LANG=language).err)
    assert ("reasons" in plain, plain["code"]) == (False, "release.no_stage")

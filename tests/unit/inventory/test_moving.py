"""A stage's opening is moved in its file: the old day stays with the reason, and so does every other byte."""

from __future__ import annotations

import difflib
import shutil
import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from inventory.load import SHIPPED, TruthInvalid, load_regency
from inventory.messages import render
from inventory.moving import StageMove, apply_move, move_stage
from tests.unit.inventory.server_cases import WHOLE

LATER = date(2027, 4, 1)
WHY = "Tautan ke Warmare belum selesai"

STAGES = """\
# Tahap peluncuran.
stages:
  - key: pertama   # yang pertama
    name: Tahap pertama
    opens: 2027-02-01   # SK Bupati 12
    moved:
      # dua kali
      - {was: 2026-10-01, reason: Pelatihan belum selesai}   # rapat 3

  # Yang kedua.
  - {key: kedua, name: Tahap kedua, opens: 2027-05-01}
  - key: ketiga
    name: Tahap ketiga
    opens: 2027-09-01
    moved: []
    waivers: [{office: distrik, reason: Dilayani dari dinas}]
  - key: keempat
    name: Tahap keempat
    opens: '2027-10-01'
    moved: [{was: 2027-08-01, reason: "Listrik, dan jalan"}]
  - key: kelima
    name: Tahap kelima
    opens: 2027-11-01
    moved:
    - was: 2027-09-01
      reason: Longsor
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "kecil"
    for name, text in {**WHOLE, "stages.yaml": STAGES}.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return place


def differences(move: StageMove) -> list[str]:
    lines = difflib.ndiff(move.before.decode().splitlines(), move.after.decode().splitlines())
    return [line for line in lines if line[0] in "+-"]


def refused(folder: Path, stage: str = "pertama", opens: date = LATER, reason: str = WHY) -> list[str]:
    before = {path: path.read_bytes() for path in folder.glob("*.yaml")}
    with pytest.raises(TruthInvalid) as caught:
        move_stage(folder, stage, opens, reason)
    assert {path: path.read_bytes() for path in folder.glob("*.yaml")} == before
    for each in caught.value.findings:
        assert render(each, "id") != render(each, "en")
    return [each.code for each in caught.value.findings]


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ("pertama", ["-     opens: 2027-02-01   # SK Bupati 12", "+     opens: 2027-04-01   # SK Bupati 12",
                     f"+       - {{was: 2027-02-01, reason: {WHY}}}"]),
        ("kedua", ["-   - {key: kedua, name: Tahap kedua, opens: 2027-05-01}",
                   f"+   - {{key: kedua, name: Tahap kedua, opens: 2027-04-01, moved: [{{was: 2027-05-01, reason: {WHY}}}]}}"]),
        ("ketiga", ["-     opens: 2027-09-01", "+     opens: 2027-04-01", "-     moved: []",
                    f"+     moved: [{{was: 2027-09-01, reason: {WHY}}}]"]),
        ("keempat", ["-     opens: '2027-10-01'", "+     opens: '2027-04-01'",
                     '-     moved: [{was: 2027-08-01, reason: "Listrik, dan jalan"}]',
                     f'+     moved: [{{was: 2027-08-01, reason: "Listrik, dan jalan"}}, {{was: 2027-10-01, reason: {WHY}}}]']),
        ("kelima", ["-     opens: 2027-11-01", "+     opens: 2027-04-01", f"+     - {{was: 2027-11-01, reason: {WHY}}}"]),
    ],
)  # fmt: skip
def test_only_the_day_and_the_reason_change(folder: Path, stage: str, told: list[str]) -> None:
    before = load_regency(folder)
    move = move_stage(folder, stage, LATER, f"  {WHY} ")
    assert [line for line in differences(move) if not line.startswith("?")] == told
    assert (folder / "stages.yaml").read_text() == STAGES, "looking writes nothing"
    apply_move(folder, move)
    after = load_regency(folder)
    held = before.stage(stage)
    assert after.stage(stage).opens == LATER
    assert [(each.was, each.reason) for each in after.stage(stage).moved] == [
        *((each.was, each.reason) for each in held.moved),
        (held.opens, WHY),
    ]
    assert [each for each in after.stages if each.key != stage] == [each for each in before.stages if each.key != stage]


def test_a_date_may_move_again_and_back_and_every_day_stays(folder: Path) -> None:
    for day in (LATER, date(2027, 6, 1), date(2027, 2, 1)):
        apply_move(folder, move_stage(folder, "pertama", day, f"sampai {day}"))
    moved = load_regency(folder).stage("pertama").moved
    assert [str(each.was) for each in moved] == ["2026-10-01", "2027-02-01", "2027-04-01", "2027-06-01"]


def test_a_stage_that_was_never_moved_begins_its_list(folder: Path) -> None:
    text = "stages:\n  - key: pertama\n    name: Tahap\n    opens: 2027-02-01\n    threshold: 70  # rapat"
    (folder / "stages.yaml").write_text(text)
    move = move_stage(folder, "pertama", LATER, WHY)
    assert move.after.decode() == text.replace("2027-02-01", "2027-04-01") + (
        f"\n    moved:\n      - {{was: 2027-02-01, reason: {WHY}}}"
    )
    assert (move.was, move.opens, move.reason) == (date(2027, 2, 1), LATER, WHY)


def test_line_ends_and_the_mark_at_the_beginning_stay(folder: Path) -> None:
    raw = b"\xef\xbb\xbf" + STAGES.replace("\n", "\r\n").encode()
    (folder / "stages.yaml").write_bytes(raw)
    move = move_stage(folder, "pertama", LATER, WHY)
    apply_move(folder, move)
    written = (folder / "stages.yaml").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf# Tahap")
    assert written.count(b"\n") == written.count(b"\r\n") == raw.count(b"\n") + 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.text(max_size=230),
    st.sampled_from(["pertama", "kedua", "ketiga", "keempat", "kelima"]),
    st.dates(date(1990, 1, 1), date(2300, 1, 1)),
)
@example("ya", "pertama", LATER)
@example("{{ 7*7 }}", "kedua", LATER)
@example("- a: b # c", "ketiga", LATER)
@example('it\'s "so", [really]', "keempat", LATER)
@example("null", "kelima", LATER)
@example("\u00a0", "pertama", LATER)
def test_any_reason_and_day_is_read_back_as_written_or_refused(folder: Path, reason: str, stage: str, opens: date) -> None:
    (folder / "stages.yaml").write_text(STAGES)
    codes: set[str] = set()
    try:
        move: StageMove | None = move_stage(folder, stage, opens, reason)
    except TruthInvalid as refusal:
        move = None
        codes = {each.code for each in refusal.findings}
    if move is None:
        assert codes & {"move.reason", "move.same_day", "window.year"}
        assert "move.by_hand" not in codes
        return
    apply_move(folder, move)
    held = load_regency(folder).stage(stage)
    assert (held.opens, held.moved[-1].reason) == (opens, " ".join(reason.split()))


def test_what_is_unfit_is_refused_and_nothing_is_written(folder: Path) -> None:
    assert refused(folder, stage="pertma") == ["move.no_stage"]
    assert refused(folder, stage="xyz") == ["move.no_stage"]
    assert refused(folder, opens=date(2027, 2, 1)) == ["move.same_day"]
    assert refused(folder, reason=" \n ") == ["move.reason"]
    assert refused(folder, reason="a" * 201) == ["move.reason"]
    assert refused(folder, reason="\x1b[2J") == ["move.reason"]
    assert "window.year" in refused(folder, opens=date(2999, 1, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("opens: 2027-02-01", "opens: &hari 2027-02-01"),
        ("moved:\n      # dua", "moved: &lama\n      # dua"),
        (
            "- {was: 2026-10-01, reason: Pelatihan belum selesai}   # rapat 3",
            "- was: 2026-10-01\n        reason: |\n          Satu",
        ),
    ],
)
def test_what_cannot_be_changed_alone_is_left_to_a_person(folder: Path, old: str, new: str) -> None:
    assert old in STAGES
    (folder / "stages.yaml").write_text(STAGES.replace(old, new))
    assert refused(folder) == ["move.by_hand"]


def test_a_folder_that_does_not_hold_is_told_as_it_is(folder: Path) -> None:
    (folder / "offices.yaml").write_text(WHOLE["offices.yaml"].replace("id: 3", "id: tiga"))
    assert refused(folder) == ["shape.integer"]


def test_a_file_that_changed_in_between_is_not_written(folder: Path) -> None:
    move = move_stage(folder, "pertama", LATER, WHY)
    (folder / "stages.yaml").write_text(STAGES + "# seseorang\n")
    with pytest.raises(TruthInvalid) as caught:
        apply_move(folder, move)
    assert [each.code for each in caught.value.findings] == ["move.changed"]
    assert (folder / "stages.yaml").read_text() == STAGES + "# seseorang\n"


def test_a_disk_that_fails_leaves_the_old_file_and_no_draft(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "stages.yaml").chmod(0o640)
    there = {path.name for path in folder.iterdir()}
    move = move_stage(folder, "pertama", LATER, WHY)

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", full)
        with pytest.raises(TruthInvalid) as caught:
            apply_move(folder, move)
    assert [(each.code, each.fields["reason"]) for each in caught.value.findings] == [("move.unwritable", "ENOSPC")]
    assert (folder / "stages.yaml").read_text() == STAGES
    assert {path.name for path in folder.iterdir()} == there
    apply_move(folder, move)
    assert stat.S_IMODE((folder / "stages.yaml").stat().st_mode) == 0o640


@pytest.mark.parametrize("key", ["manokwari", "tolikara"])
def test_every_stage_that_ships_can_be_moved(tmp_path: Path, key: str) -> None:
    shutil.copytree(SHIPPED / key, tmp_path / key)
    for stage in load_regency(tmp_path / key).stages:
        apply_move(tmp_path / key, move_stage(tmp_path / key, stage.key, date(2028, 1, 3), WHY))
    assert {stage.opens for stage in load_regency(tmp_path / key).stages} == {date(2028, 1, 3)}

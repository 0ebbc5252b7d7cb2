"""`lajur inventory`: every finding at once, and a table out and in without a scratch."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import pytest

from inventory.load import SHIPPED, check
from tests.unit.cli.conftest import Lajur

HOSTILE = "[red]Dinas[/red] \x1b[2J\x1b[31m \u202eterbalik"


def _edit(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


@pytest.fixture
def broken(regencies: Path) -> Path:
    """Three mistakes in three files."""
    folder = regencies / "tolikara"
    _edit(folder / "uplinks.yaml", "Mbit/s", "Mbsp")
    _edit(folder / "offices.yaml", "service_class:", "service_klass:")
    _edit(folder / "windows.yaml", "windows:", "windoes:")
    return folder


@pytest.fixture
def table(tmp_path: Path, lajur: Lajur) -> Path:
    """The offices as a spreadsheet would get them."""
    file = tmp_path / "kantor.csv"
    file.write_text(lajur("inventory", "export").out, newline="")
    return file


@pytest.mark.parametrize("language", ["id", "en"])
def test_check_tells_every_finding_with_its_place(language: str, broken: Path, lajur: Lajur) -> None:
    said = lajur("inventory", "check", "--lang", language)
    found = check(broken)
    assert said.code == 3
    assert len(found) >= 3
    for each in found:
        assert f"{each.file}:{each.line}: " in said.out


@pytest.mark.usefixtures("broken")
def test_check_speaks_both_languages(lajur: Lajur) -> None:
    assert lajur("inventory", "check", "--lang", "id").out != lajur("inventory", "check", "--lang", "en").out


@pytest.mark.usefixtures("broken")
def test_check_as_json_counts_and_places(lajur: Lajur) -> None:
    report = lajur("inventory", "check", "--output", "json").json
    assert report["document"] == "Findings"
    assert report["errors"] == sum(each["severity"] == "error" for each in report["findings"]) >= 3
    assert {each["file"] for each in report["findings"]} >= {"uplinks.yaml", "offices.yaml", "windows.yaml"}


@pytest.mark.usefixtures("broken")
def test_a_broken_truth_stops_every_other_command(lajur: Lajur) -> None:
    for words in (("plan", "--via", "memory"), ("window", "list"), ("inventory", "show")):
        said = lajur(*words)
        assert (said.code, said.out) == (3, "")
        assert "uplinks.yaml:" in said.err


def test_a_whole_truth_passes(lajur: Lajur) -> None:
    assert lajur("inventory", "check").code == 0


def test_show_gives_the_base_guarantees(lajur: Lajur) -> None:
    facts = lajur("inventory", "show", "--output", "json").json
    assert facts["key"] == "tolikara"
    uplink = facts["uplinks"][0]
    for direction, shaped in uplink["shaped"].items():
        promised = sum(office["guarantees"][f"{uplink['key']}/{direction}"] for office in facts["offices"])
        assert 0 < promised <= shaped < uplink["contracted"][direction]
    shown = lajur("inventory", "show").out
    assert all(office["key"] in shown for office in facts["offices"])


def test_export_then_import_changes_nothing(table: Path, regencies: Path, lajur: Lajur) -> None:
    before = (regencies / "tolikara" / "offices.yaml").read_bytes()
    said = lajur("inventory", "import", str(table), "--output", "json")
    assert (said.code, said.json["changes"], said.json["written"]) == (0, [], False)
    assert (regencies / "tolikara" / "offices.yaml").read_bytes() == before


def test_import_shows_first_and_writes_when_told(table: Path, regencies: Path, lajur: Lajur) -> None:
    offices = regencies / "tolikara" / "offices.yaml"
    before = offices.read_bytes()
    name = lajur("inventory", "show", "--output", "json").json["offices"][0]["name"]
    _edit(table, name, "Dinas Baru")

    looked = lajur("inventory", "import", str(table), "--dry-run")
    assert (looked.code, offices.read_bytes()) == (2, before)
    assert "Dinas Baru" in looked.out

    asked = lajur("inventory", "import", str(table))
    assert (asked.code, offices.read_bytes()) == (3, before)
    assert "--yes" in asked.err

    done = lajur("inventory", "import", str(table), "--yes", "--output", "json")
    assert (done.code, done.json["written"], len(done.json["changes"])) == (0, True, 1)
    assert lajur("inventory", "show", "--output", "json").json["offices"][0]["name"] == "Dinas Baru"


def test_import_takes_standard_input(table: Path, lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(table.read_bytes())))
    assert lajur("inventory", "import", "-").code == 0


def test_a_table_that_does_not_hold_is_refused_whole(table: Path, regencies: Path, lajur: Lajur) -> None:
    offices = regencies / "tolikara" / "offices.yaml"
    before = offices.read_bytes()
    _edit(table, ",service_class,", ",golongan,")
    said = lajur("inventory", "import", str(table), "--yes")
    assert (said.code, offices.read_bytes()) == (3, before)
    assert "kantor.csv:1" in said.err


def test_schema_lists_and_gives(lajur: Lajur) -> None:
    assert "offices" in lajur("inventory", "schema").out.split()
    for file in ("offices", "offices.yaml"):
        assert lajur("inventory", "schema", file).json["title"] == "offices.yaml"


def test_text_from_outside_is_shown_as_text(regencies: Path, lajur: Lajur) -> None:
    offices = regencies / "tolikara" / "offices.yaml"
    name = lajur("inventory", "show", "--output", "json").json["offices"][0]["name"]
    written = HOSTILE.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")
    _edit(offices, f"name: {name}", f'name: "{written}"')
    for words in (("inventory", "show"), ("plan", "--via", "memory")):
        shown = lajur(*words, COLUMNS="300").out
        assert "[red]Dinas[/red]" in " ".join(shown.split())
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert lajur("inventory", "show", "--output", "json").json["offices"][0]["name"] == HOSTILE


def _window(policy: str, *, confirmed: bool = True) -> str:
    return f"""windows:
  - key: rakus
    name: Rakus
    confirmed: {str(confirmed).lower()}
    start: 2026-01-05T08:00
    end: 2026-01-05T15:00
    recurrence: FREQ=DAILY
    policy: {policy}
"""


GREEDY = "{classes: {planning_finance: {share: 120}}}"


@pytest.fixture
def manokwari(regencies: Path) -> Path:
    """Where some are protected and some are not."""
    shutil.copytree(SHIPPED / "manokwari", regencies / "manokwari")
    return regencies / "manokwari"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_window_that_would_be_refused_is_told_before_its_time(lajur: Lajur, manokwari: Path, language: str) -> None:
    file = manokwari / "windows.yaml"
    file.write_text(_window(GREEDY))
    said = lajur("inventory", "check", "--regency", "manokwari", "--output", "json", "--lang", language)
    assert said.code == 0, "files that hold together are no error"
    (found,) = (each for each in said.json["findings"] if each["code"].startswith("outlook."))
    assert (found["code"], found["file"], found["line"]) == ("outlook.takes_protected", "windows.yaml", 2)
    named = re.search(r"`lajur (plan --at \S+)`", found["text"])
    assert named is not None
    seen = lajur(*named[1].split(), "--regency", "manokwari", "--via", "memory", "--output", "json")
    assert seen.code == 3, "it is refused as was said"
    assert seen.json["refused"]


def test_too_much_at_once_is_told_too(lajur: Lajur, manokwari: Path) -> None:
    (manokwari / "windows.yaml").write_text(
        _window("{classes: {back_office: {share: 0}, branch: {share: 0}, light_service: {share: 0}}}")
    )
    policy = manokwari / "policy.yaml"
    policy.write_text(re.sub("largest_move: [0-9]+", "largest_move: 1", policy.read_text()))
    said = lajur("inventory", "check", "--regency", "manokwari", "--output", "json")
    assert "outlook.moves_too_much" in [each["code"] for each in said.json["findings"]]


@pytest.mark.parametrize(
    ("policy", "confirmed"), [(GREEDY, False), ("{classes: {back_office: {share: 5}}}", True)], ids=["not confirmed", "fits"]
)
def test_a_window_that_is_no_trouble_is_not_told(lajur: Lajur, manokwari: Path, policy: str, confirmed: bool) -> None:
    (manokwari / "windows.yaml").write_text(_window(policy, confirmed=confirmed))
    said = lajur("inventory", "check", "--regency", "manokwari", "--output", "json")
    assert not [each for each in said.json["findings"] if each["code"].startswith("outlook.")]

"""A folder is read whole, bounded, and never beyond its own walls."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from inventory.findings import Severity
from inventory.load import LARGEST_FILE, SHIPPED, TruthInvalid, check, load_regency
from inventory.messages import render
from tests.unit.inventory.small import FILES, judged


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "kecil"
    (place / "prefixes").mkdir(parents=True)
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def told(folder: Path) -> dict[str, str]:
    findings = check(folder)
    for each in findings:
        assert render(each, "id") != render(each, "en")
    return {each.code: each.file for each in findings if each.severity is not Severity.INFO}


def test_a_whole_folder_has_nothing_to_tell(folder: Path) -> None:
    assert told(folder) == {}
    regency = load_regency(folder)
    assert [office.key for office in regency.offices] == ["izin", "dinkes", "distrik"]
    assert [str(prefix) for prefix in regency.prefixes["domestic"]] == ["198.18.0.0/16"]


def test_a_missing_folder_names_the_nearest(tmp_path: Path) -> None:
    (finding,) = check(tmp_path / "manokwary")
    assert finding.code == "folder.missing"
    assert finding.fields["nearest"] == "manokwari"


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".yaml")])
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert told(folder)["file.missing"] == name


def test_every_missing_file_is_told_at_once(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    assert {each.file for each in check(folder)} == {name for name in FILES if name.endswith(".yaml")}


def test_an_unknown_yaml_file_is_an_error_and_another_file_a_warning(folder: Path) -> None:
    (folder / "office.yaml").write_text("offices: []\n")
    (folder / "catatan.docx").write_text("x")
    (folder / ".offices.yaml.swp").write_text("x")
    found = {each.file: each.severity for each in check(folder) if each.code == "file.unknown"}
    assert found == {"office.yaml": Severity.ERROR, "catatan.docx": Severity.WARNING}


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(FILES["calendar.yaml"])
    (folder / "calendar.yaml").unlink()
    (folder / "calendar.yaml").symlink_to(secret)
    assert told(folder)["file.outside"] == "calendar.yaml"


def test_a_linked_folder_of_prefixes_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "prefixes").rename(tmp_path / "elsewhere")
    (folder / "prefixes").symlink_to(tmp_path / "elsewhere")
    assert told(folder)["file.outside"] == "prefixes"


def test_a_pipe_does_not_hold_the_reader(folder: Path) -> None:
    (folder / "calendar.yaml").unlink()
    os.mkfifo(folder / "calendar.yaml")
    assert told(folder)["file.outside"] == "calendar.yaml"


def test_a_folder_in_the_place_of_a_file_is_told(folder: Path) -> None:
    (folder / "calendar.yaml").unlink()
    (folder / "calendar.yaml").mkdir()
    assert told(folder)["file.outside"] == "calendar.yaml"


def test_a_file_beyond_the_bound_is_not_parsed(folder: Path) -> None:
    with (folder / "calendar.yaml").open("ab") as file:
        file.truncate(LARGEST_FILE + 1)
    assert told(folder)["file.too_large"] == "calendar.yaml"


def test_the_error_carries_every_finding(folder: Path) -> None:
    (folder / "hubs.yaml").write_text("hubs: {}\n")
    (folder / "calendar.yaml").write_text("")
    with pytest.raises(TruthInvalid) as caught:
        load_regency(folder)
    assert {each.code for each in caught.value.findings} == {"shape.list", "file.empty"}


def test_a_folder_called_unlike_its_key_is_a_warning(folder: Path) -> None:
    other = folder.rename(folder.with_name("salinan"))
    (finding,) = (each for each in check(other) if each.code == "folder.key")
    assert (finding.file, finding.line, finding.severity) == ("regency.yaml", 1, Severity.WARNING)
    assert load_regency(other).head.key == "kecil"


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    files: dict[str, str | bytes] = {name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in FILES.items()}
    whole = judged(files)
    assert whole.regency == judged(FILES).regency
    offices = FILES["offices.yaml"].replace("hub: selatan", "hub: barat").replace("\n", "\r\n")
    plain = judged({**FILES, "offices.yaml": FILES["offices.yaml"].replace("hub: selatan", "hub: barat")})
    assert [each.line for each in judged({**files, "offices.yaml": offices}).findings] == [each.line for each in plain.findings]


def test_an_alias_is_told_at_the_place_that_is_wrong() -> None:
    """A value under an alias stands where its anchor does: that line is the one to change."""
    devices = FILES["devices.yaml"].replace("user: lajur", "user: ''")
    lines = {each.line for each in judged({**FILES, "devices.yaml": devices}).findings}
    assert lines == {7}


@pytest.mark.parametrize("key", sorted(each.name for each in SHIPPED.iterdir() if each.is_dir()))
def test_reading_again_gives_the_same_value(key: str) -> None:
    assert load_regency(SHIPPED / key) == load_regency(SHIPPED / key)

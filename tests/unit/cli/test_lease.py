"""`lajur lease`: what runs out when, as a table, as JSON and as a calendar."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inventory.load import SHIPPED
from tests.unit.cli.conftest import Lajur

AT = ("--at", "2027-01-25")
HERE = ("--regency", "manokwari")


@pytest.fixture(autouse=True)
def manokwari(regencies: Path) -> Path:
    return Path(shutil.copytree(SHIPPED / "manokwari", regencies / "manokwari"))


def _edit(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


def test_the_list_as_json(lajur: Lajur) -> None:
    told = lajur("lease", "list", *HERE, *AT, "--output", "json").json
    assert (told["document"], told["regency"], told["today"]) == ("LeaseList", "manokwari", "2027-01-25")
    lines = {each["key"]: each for each in told["leases"]}
    assert {key: (each["state"], each["days_left"], each["warning"]) for key, each in lines.items()} == {
        "main": ("running", 706, None), "small": ("running", 6, 7), "extra": ("running", 887, None),
    }  # fmt: skip
    assert lines["small"]["servers"] == ["edge-1", "mon-1"]
    assert told["monthly_cost"] == sum(each["monthly_cost"] for each in told["leases"]) == 55_500_000


def test_what_no_longer_runs_is_not_paid_for(lajur: Lajur) -> None:
    told = lajur("lease", "list", *HERE, "--at", "2027-02-02", "--output", "json").json
    (over,) = [each for each in told["leases"] if each["state"] == "expired"]
    assert (over["key"], over["days_left"], over["warning"]) == ("small", -2, None)
    assert told["monthly_cost"] == 48_000_000


def test_the_day_is_the_regencys_own(lajur: Lajur) -> None:
    told = lajur("lease", "list", *HERE, "--at", "2027-01-24T20:00+00:00", "--output", "json").json
    assert told["today"] == "2027-01-25"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ("6 hari lagi", "Rp7.500.000", "Segera berakhir: small.")),
        ("en", ("days left: 6", "IDR 7,500,000", "Soon to end: small.")),
    ],
)
def test_the_table_says_what_to_do_next(language: str, words: tuple[str, ...], lajur: Lajur) -> None:
    said = lajur("lease", "list", *HERE, *AT, "--lang", language)
    assert (said.code, said.err) == (0, "")
    assert all(each in said.out for each in words)
    over = lajur("lease", "list", *HERE, "--at", "2027-02-02", "--lang", language)
    assert ("Sudah berakhir: small." if language == "id" else "Ended already: small.") in over.out
    before = lajur("lease", "list", *HERE, "--at", "2025-12-31", "--lang", language)
    assert ("mulai 2026-01-01" if language == "id" else "begins 2026-01-01") in before.out


def test_a_regency_without_leases_is_told_where_they_are_written(lajur: Lajur, manokwari: Path) -> None:
    for name in ("servers", "leases", "workloads", "clouds"):
        (manokwari / f"{name}.yaml").unlink()
    said = lajur("lease", "list", *HERE, "--lang", "en")
    assert said.code == 0
    assert "leases.yaml" in said.out
    assert lajur("lease", "calendar", *HERE).out.count("BEGIN:") == 1


def test_hostile_words_steer_neither_terminal_nor_calendar(lajur: Lajur, manokwari: Path) -> None:
    _edit(manokwari / "leases.yaml", "Penyewaan Server B (contoh)", r'"[red]{{ 7*7 }} \e[2J\u202e\nEND:VEVENT; a, b"')
    shown = lajur("lease", "list", *HERE, *AT).out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[red]" in shown
    written = lajur("lease", "calendar", *HERE).out
    assert "\x1b" not in written
    assert written.count("\r\nEND:VEVENT\r\n") == 3


def test_the_calendar_has_every_lease_once_and_keeps_its_names(lajur: Lajur) -> None:
    texts = {language: lajur("lease", "calendar", *HERE, "--lang", language).out for language in ("id", "en")}
    named = [[line for line in text.split("\r\n") if line.startswith("UID:")] for text in texts.values()]
    assert named[0] == named[1]
    assert len(set(named[0])) == len(named[0]) == 3
    for text in texts.values():
        assert [text.count(f"\r\nTRIGGER:-P{days}D\r\n") for days in (90, 30, 7)] == [3, 3, 3]
        assert "\r\nDTSTART;VALUE=DATE:20270131\r\n" in text
        assert "perizinan" not in text
    assert "SUMMARY:Sewa small berakhir" in texts["id"]
    assert "SUMMARY:Lease small ends" in texts["en"]


def test_the_calendar_goes_into_a_file_whole(lajur: Lajur, tmp_path: Path) -> None:
    file = tmp_path / "sewa.ics"
    file.write_text("what was there before")
    said = lajur("lease", "calendar", *HERE, "--file", str(file))
    assert (said.code, said.out) == (0, "")
    assert str(file) in said.err
    written = file.read_bytes()
    assert written.startswith(b"BEGIN:VCALENDAR\r\n")
    assert written.endswith(b"END:VCALENDAR\r\n")
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith(".")) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_file_that_cannot_be_written_is_named(language: str, lajur: Lajur, tmp_path: Path) -> None:
    for file in (tmp_path / "nowhere" / "sewa.ics", tmp_path):
        said = lajur("lease", "calendar", *HERE, "--file", str(file), "--lang", language)
        assert (said.code, said.out) == (64, "")
        assert str(file) in said.err


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        ("2027-01-30", "id", "1 hari lagi"),
        ("2027-01-30", "en", "days left: 1"),
        ("2027-01-31", "id", "hari terakhir"),
        ("2027-01-31", "en", "last day"),
        ("2027-02-01", "id", "berakhir 1 hari lalu"),
        ("2027-02-01", "en", "days since its end: 1"),
    ],
)
def test_how_long_it_still_runs_reads_well_for_any_number(day: str, language: str, words: str, lajur: Lajur) -> None:
    said = lajur("lease", "list", *HERE, "--at", day, "--lang", language)
    assert set(words.split()) <= set(said.out.split())

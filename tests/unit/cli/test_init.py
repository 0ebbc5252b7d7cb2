"""`lajur init`: every answer judged at once, a way back and a way out, and a regency that holds at the end."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inventory.findings import Severity
from inventory.load import check, load_regency
from network.cli.interview import BACK, Ended, Interview, Question, hold
from network.errors import Refused, UsageError
from tests.unit.cli.conftest import Lajur, Said

HEAD = ["Kabupaten Coba"]
REST = ["WIT", "Serat", "", "PT X", "100", "", "", "", "", "", "", "", "", "", "", ""]
"""Zone, one uplink, the three blocks, core and border."""

HUB = ["Pusat", "", "", "", ""]
OFFICES = ["Dinas Kominfo", "", "core", "", "", "", "DPMPTSP", "ptsp", "public_service", "", "mikrotik_routeros", "", ""]
ACCESS = ["", "", "", "", ""]
WHOLE = [*HEAD, *REST, *HUB, *OFFICES, *ACCESS]


@pytest.fixture
def answering(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """`answering(answers, "init", …)`: the lines that a person types."""

    def call(answers: list[str], *words: str, **environment: str) -> Said:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
        return lajur(*words, **environment)

    return call


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "baru" / "coba"


@pytest.mark.parametrize("language", ["id", "en"])
def test_answers_become_a_regency_that_holds(answering: Callable[..., Said], place: Path, language: str) -> None:
    said = answering([*WHOLE, "y"], "init", str(place), "--lang", language)
    assert said.code == 0, said.err
    assert f"LAJUR_REGENCY={place.name}" in said.out
    assert "lajur device trust" in said.out
    assert [each for each in check(place) if each.severity is not Severity.INFO] == []
    regency = load_regency(place)
    assert (regency.head.key, regency.head.name, regency.head.language) == ("coba", "Kabupaten Coba", language)
    assert not regency.head.illustrative
    assert [(office.key, office.service_class) for office in regency.offices] == [
        ("dinas-kominfo", "core"),
        ("ptsp", "public_service"),
    ]
    assert regency.device("r-ptsp").platform == "mikrotik_routeros"
    assert regency.device("core").login.key == "env:LAJUR_SSH_KEY"


def test_without_a_folder_it_lies_where_regencies_lie(answering: Callable[..., Said], regencies: Path) -> None:
    said = answering([*HEAD, "", *WHOLE[1:], "y"], "init", "--output", "json")
    assert (said.code, said.json["written"], said.json["regency"]) == (0, True, "coba")
    assert load_regency(regencies / "coba").head.key == "coba"
    again = answering([*HEAD, "", *WHOLE[1:], "y"], "init")
    assert again.code == 3
    assert str(regencies / "coba") in again.err


def test_a_dry_run_shows_the_files_and_writes_none(answering: Callable[..., Said], place: Path) -> None:
    said = answering(WHOLE, "init", str(place), "--dry-run")
    assert said.code == 2
    for name in ("regency.yaml", "devices.yaml", "env:LAJUR_SSH_KEY", "illustrative: false"):
        assert name in said.out
    assert not place.parent.exists()
    document = answering(WHOLE, "init", str(place), "--dry-run", "--output", "json").json
    assert {each["name"] for each in document["files"]} >= {"offices.yaml", "links.yaml"}
    assert all(each["text"] for each in document["files"])


WRONG = [
    (["WITT"], "WITT", 1),
    (["WIT", "Serat", "Serat Kita"], "Serat Kita", 3),
    (["WIT", "Serat", "", "PT X", "cepat"], "cepat", 5),
    (["WIT", "Serat", "", "PT X", "1 bit/s"], "1 bit/s", 5),
    (["WIT", "Serat", "", "PT X", "1.000"], "1.000", 5),
    (["WIT", "Serat", "", "PT X", "100", "", "", "1 September"], "1 September", 8),
    (["WIT", "Serat", "", "PT X", "100", "", "", "2026-W36-2"], "2026-W36-2", 8),
    (["WIT", "Serat", "", "PT X", "100", "", "", "2026-09-01", "2026-08-01"], "2026-08-01", 9),
    ([*REST[:10], "10.10.0.1/23"], "10.10.0.1/23", 11),
    ([*REST[:11], "10.10.1.0/24"], "10.10.1.0/24", 12),
    ([*REST[:13], "10.10.0"], "10.10.0", 14),
    ([*REST[:14], "ios"], "ios", 15),
]


@pytest.mark.parametrize(("given", "wrong", "at"), WRONG, ids=[each[1] for each in WRONG])
def test_a_wrong_answer_is_told_at_once_and_asked_again(
    answering: Callable[..., Said], place: Path, given: list[str], wrong: str, at: int
) -> None:
    right = [*HEAD, *given, *REST[at - 1 :], *HUB, *OFFICES, *ACCESS]
    said = answering([*right, "y"], "init", str(place))
    assert said.code == 0, said.err
    assert wrong in said.err


def test_a_secret_in_the_place_of_a_reference_is_never_shown(answering: Callable[..., Said], place: Path) -> None:
    answers = [*WHOLE[:-5], "", "hunter2!", *ACCESS[1:]]
    said = answering([*answers, "y"], "init", str(place))
    assert said.code == 0, said.err
    assert "hunter2" not in said.out + said.err
    assert not [path for path in place.rglob("*") if "hunter2" in path.read_text()]


def test_going_back_changes_an_earlier_answer(answering: Callable[..., Said], place: Path) -> None:
    answers = [*HEAD, "WIB", "Serat", "", "PT X", "100", BACK, BACK, BACK, BACK, BACK, *REST]
    said = answering([*answers, *HUB, *OFFICES, *ACCESS, "y"], "init", str(place))
    assert said.code == 0, said.err
    assert load_regency(place).head.timezone == "Asia/Jayapura"


@pytest.mark.parametrize("answers", [["."], [*WHOLE[:20], "."], [*WHOLE, "t"], [*WHOLE, ""]])
def test_who_stops_has_written_nothing(answering: Callable[..., Said], place: Path, answers: list[str]) -> None:
    said = answering(answers, "init", str(place))
    assert said.code == 2
    assert not place.parent.exists()


@pytest.mark.parametrize("count", [0, 1, 7, len(WHOLE) - 1])
def test_answers_that_end_too_early_write_nothing(answering: Callable[..., Said], place: Path, count: int) -> None:
    said = answering(WHOLE[:count], "init", str(place))
    assert said.code == 3
    assert "lajur init" in said.err
    assert not place.parent.exists()


def test_what_is_there_stays(answering: Callable[..., Said], regencies: Path) -> None:
    before = {path: path.read_bytes() for path in regencies.rglob("*.yaml")}
    said = answering([*WHOLE, "y"], "init", str(regencies / "tolikara"), "--yes")
    assert said.code == 3
    assert "Kabupaten" not in said.err, "refused before anything was asked"
    assert {path: path.read_bytes() for path in regencies.rglob("*.yaml")} == before


@pytest.mark.parametrize("name", ["Kaimana", "ka imana", "-k", "k" * 33])
def test_a_folder_that_is_no_name_is_refused(answering: Callable[..., Said], tmp_path: Path, name: str) -> None:
    assert answering(WHOLE, "init", "--", str(tmp_path / name)).code == 64


def test_offices_from_a_table(answering: Callable[..., Said], place: Path, tmp_path: Path) -> None:
    table = tmp_path / "kantor.csv"
    table.write_bytes("\ufeffNama;Hub;Kelas\r\nDinas Kominfo;Pusat;core\r\nPuskesmas Ilu;Ilu;branch\r\n".encode())
    said = answering([*HEAD, *REST, "", "", "", "", *ACCESS], "init", str(place), "--offices", str(table), "--yes")
    assert said.code == 0, said.err
    regency = load_regency(place)
    assert [(office.name, office.hub) for office in regency.offices] == [("Dinas Kominfo", "pusat"), ("Puskesmas Ilu", "ilu")]


def test_a_table_that_is_wrong_is_told_before_anything_is_asked(
    answering: Callable[..., Said], place: Path, tmp_path: Path
) -> None:
    table = tmp_path / "kantor.csv"
    table.write_text("name,lan\nA,10.0.0.1/24\nA,x\n")
    said = answering([*WHOLE, "y"], "init", str(place), "--offices", str(table))
    assert said.code == 3
    assert "kantor.csv:2" in said.err
    assert "kantor.csv:3" in said.err
    assert "[" not in said.err.partition("kantor.csv")[0]
    assert answering([], "init", str(place), "--offices", str(tmp_path / "none.csv")).code == 64


@pytest.mark.parametrize("practice", [(), ("--practice",)])
def test_blocks_have_room_for_the_whole_table(
    answering: Callable[..., Said], place: Path, tmp_path: Path, practice: tuple[str, ...]
) -> None:
    table = tmp_path / "kantor.csv"
    table.write_text("name\n" + "".join(f"Kantor {each}\n" for each in range(600)))
    small = [*REST[:10], "10.10.0.0/24", *REST[10:]]
    words = ("init", str(place), "--offices", str(table), "--yes", *practice)
    said = answering([*HEAD, *small, "", "", *ACCESS], *words, "--lang", "en")
    assert said.code == 0, said.err
    assert "600 offices" in said.err.partition("10.10.0.0/24")[2]
    assert "10.10.0.0/22" in said.err
    assert len(load_regency(place).offices) == 600


def test_what_a_table_leaves_open_is_told_before_anything_is_asked(
    answering: Callable[..., Said], place: Path, tmp_path: Path
) -> None:
    table = tmp_path / "kantor.csv"
    table.write_text("Nama OPD;Alamat;Kelas\nDinas Satu;Jl. Merdeka 1;public_servise\n")
    said = answering([*HEAD, *REST, "", "", *ACCESS, "y"], "init", str(place), "--offices", str(table), "--lang", "en")
    assert said.code == 0, said.err
    before = said.err.partition("[WIB]")[0]
    assert "alamat" in before
    assert "perhaps 'public_service' is meant" in before
    assert said.err.count("alamat") == 1
    for step in ("lajur link apply --all", "lajur link verify", "lajur plan", "lajur apply"):
        assert step in said.out


def _talk() -> Interview[tuple[str, ...]]:
    found: list[str] = []
    while True:
        answer = yield Question(code=f"q{len(found)}", read=str, default="")
        if not answer:
            return tuple(found)
        found.append(answer)


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        (["a", "b", ""], ("a", "b")),
        (["a", BACK, "b", ""], ("b",)),
        ([BACK, BACK, "a", ""], ("a",)),
        (["a", "b", "c", BACK, BACK, "d", ""], ("a", "d")),
    ],
)
def test_going_back_forgets_the_last_answer(typed: list[str], whole: tuple[str, ...]) -> None:
    lines = iter(typed)
    assert hold(_talk, lambda _: next(lines), lambda _: None) == whole


def test_a_question_is_asked_until_its_answer_fits() -> None:
    def read(text: str) -> int:
        if not text.isdecimal():
            raise UsageError("init.wrong.nothing")
        return int(text)

    def talk() -> Interview[int]:
        number: int = yield Question(code="q", read=read)
        return number

    complaints: list[UsageError] = []
    lines: Iterator[str | None] = iter(["", "x", "7"])
    assert hold(talk, lambda _: next(lines), complaints.append) == 7
    assert len(complaints) == 2
    with pytest.raises(Ended):
        hold(talk, lambda _: ".", complaints.append)
    with pytest.raises(Refused):
        hold(talk, lambda _: None, complaints.append)


def office(name: str, service_class: str) -> list[str]:
    return [name, "", service_class, "", "", ""]


MIXES = {
    "as answered": OFFICES,
    "no office to lower": [*office("A", "planning_finance"), *office("B", "core"), ""],
    "many planners": [
        *(part for n in range(4) for part in office(f"P {n}", "planning_finance")),
        *office("B", "back_office"),
        "",
    ],
    "many to lower": [*office("P", "public_service"), *(part for n in range(4) for part in office(f"B {n}", "back_office")), ""],
    "a class of its own": [*office("P", "planning_finance"), *office("L", "light_service"), *office("D", "branch"), ""],
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("offices", MIXES.values(), ids=MIXES)
def test_the_example_of_a_window_may_be_used(
    answering: Callable[..., Said], place: Path, offices: list[str], language: str
) -> None:
    said = answering([*HEAD, *REST, *HUB, *offices, *ACCESS, "y"], "init", str(place), "--lang", language)
    assert said.code == 0, said.err
    file = place / "windows.yaml"
    head, mark, example = file.read_text().partition("# windows:\n")
    lines = f"{mark}{example}".replace("windows: []\n", "").replace("confirmed: false", "confirmed: true").splitlines()
    file.write_text(head + "".join(f"{line.removeprefix('# ')}\n" for line in lines))
    named = re.search(r"`(lajur plan --at \S+)`", head)
    assert named is not None
    here = {"LAJUR_REGENCIES": str(place.parent), "LAJUR_REGENCY": place.name}
    seen = answering([], *named[1].split()[1:], "--via", "memory", "--output", "json", **here)
    assert (seen.code, seen.json["windows"], seen.json["refused"]) == (2, ["eplanning"], []), seen.err

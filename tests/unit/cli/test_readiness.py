"""`lajur readiness`: as tables and documents, its exit codes, and the report as a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inventory.load import SHIPPED
from tests.unit.cli.conftest import Lajur

MEMORY = ("--via", "memory")
ALL = {"LAJUR_REGENCIES": str(SHIPPED)}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("key", ["manokwari", "bontang", "tolikara"])
def test_people_read_every_shipped_regency(key: str, language: str, lajur: Lajur) -> None:
    said = lajur("readiness", *MEMORY, "--regency", key, "--lang", language, **ALL)
    assert (said.code, said.err) == (2, "")
    assert "readiness." not in said.out
    assert "cli." not in said.out
    assert ("belum siap" if language == "id" else "not ready") in said.out
    assert "DPMPTSP" in said.out
    assert "link verify" in said.out


def test_the_document_has_every_office_once_and_its_range(lajur: Lajur) -> None:
    said = lajur("readiness", *MEMORY, "--output", "json", "--regency", "manokwari", **ALL)
    document = said.json
    assert (said.code, document["document"], document["verdict"], document["coverage"]) == (2, "Readiness", "not_ready", None)
    assert document["no_coverage"]
    offices = [office for stage in document["stages"] for office in stage["offices"]]
    assert len({each["office"] for each in offices}) == len(offices) == 38
    for each in offices:
        had = sum(mark["points"] or 0 for mark in each["marks"])
        unknown = sum(mark["weight"] for mark in each["marks"] if mark["points"] is None)
        assert (each["least"], each["known"], each["most"]) == (had, 100 - unknown, had + unknown)
        assert all(gap["text"] and gap["mover"] for gap in each["gaps"])
    counts = ("ready", "waived", "undecided", "not_ready")
    assert all(sum(stage[each] for each in counts) == len(stage["offices"]) for stage in document["stages"])
    assert document["stages"][0]["moved"], "a day that moved is told"


def test_one_office_and_one_stage(lajur: Lajur) -> None:
    one = lajur("readiness", "dpmptsp", *MEMORY, "--output", "json")
    assert (one.code, one.json["document"], one.json["readiness"]["office"]) == (2, "ReadinessOfOffice", "dpmptsp")
    table = lajur("readiness", "dpmptsp", *MEMORY, "--lang", "en")
    assert "link proven" in table.out
    assert "0/10" in table.out
    assert "–/15" in table.out, "what is unknown is no zero"
    stage = lajur("readiness", "--stage", "pilot", *MEMORY, "--output", "json").json
    assert [each["key"] for each in stage["stages"]] == ["pilot"]


def test_ready_is_the_end_of_it(lajur: Lajur, regencies: Path) -> None:
    stages, offices = (regencies / "tolikara" / f"{name}.yaml" for name in ("stages", "offices"))
    text = re.sub(r"\n    threshold: \d+", "", stages.read_text("utf-8"))
    stages.write_text(re.sub(r"(\n    opens: )\S+", r"\g<1>2026-11-30\n    threshold: 30", text), "utf-8")
    offices.write_text(offices.read_text("utf-8").replace("trained: false", "trained: true"), "utf-8")
    said = lajur("readiness", "--stage", "pilot", *MEMORY, "--output", "json")
    waiting = {gap["code"] for office in said.json["stages"][0]["offices"] for gap in office["gaps"] if gap["known"]}
    assert (said.code, said.json["verdict"], waiting) == (0, "ready", {"readiness.gap.link"})
    key = said.json["stages"][0]["offices"][0]["office"]
    assert lajur("readiness", key, *MEMORY).code == 0


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("dpmptspp",), 64, "dpmptsp"),
        (("--stage", "pilott"), 64, "pilot"),
        (("dpmptsp", "--stage", "pilot"), 64, "dpmptsp"),
        (("dpmptsp", "--page", "x.html"), 64, "dpmptsp"),
        (("--page", "/proc/nowhere/page.html"), 64, "/proc/nowhere/page.html"),
    ],
)
def test_wrong_usage_says_what_would_be_right(words: tuple[str, ...], code: int, told: str, lajur: Lajur) -> None:
    said = lajur("readiness", *words, *MEMORY)
    assert said.code == code
    assert told in said.err


def test_the_report_is_a_file_in_indonesian_whatever_the_reader_speaks(lajur: Lajur, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    said = lajur("readiness", *MEMORY, "--page", str(page), "--lang", "en", "--regency", "manokwari", **ALL)
    assert (said.code, said.out) == (2, "")
    assert str(page) in said.err
    text = page.read_text("utf-8")
    assert '<html lang="id">' in text
    assert "Kabupaten Manokwari" in text
    assert "Mundur dari 1 Oktober 2026" in text


def test_hostile_names_stay_text_on_the_page_and_on_the_terminal(lajur: Lajur, regencies: Path, tmp_path: Path) -> None:
    offices = regencies / "tolikara" / "offices.yaml"
    hostile = r'"<script>alert(1)</script>\e[2J\u202E&{{7*7}}"'
    offices.write_text(
        re.sub(r"(\n    name: ).*", lambda found: found[1] + hostile, offices.read_text("utf-8"), count=1), "utf-8"
    )
    page = tmp_path / "report.html"
    assert lajur("readiness", *MEMORY, "--page", str(page)).code == 2
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\x1b[2J\\u202e&amp;{{7*7}}" in text
    assert not {"\x1b", "\u202e"} & set(text + lajur("readiness", *MEMORY).out)


def test_without_chromium_a_pdf_is_refused_with_what_to_install(
    lajur: Lajur, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    page, pdf = tmp_path / "report.html", tmp_path / "report.pdf"
    said = lajur("readiness", *MEMORY, "--page", str(page), "--pdf", str(pdf))
    assert said.code == 3
    assert "apt-get install chromium" in said.err
    assert page.is_file(), "the page is there to be printed from elsewhere"
    assert not pdf.exists()

"""The report that a governor is handed: whole, in one file, on one page of paper, and with nothing in it that would act."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from network.cli.readiness_page import Head, build
from network.cli.readiness_view import CoverageLine
from network.core.proofs import Proof, mark
from network.core.readiness import Facts, assess
from network.runners.chromium import Chromium

NOW = datetime(2026, 11, 26, 7, 40, tzinfo=UTC)
VOID = {"br", "meta"}


class Shape(HTMLParser):
    """Whether tags close in their order, and what stands where."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        self.rows += tag == "tr"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(SHIPPED / "manokwari")


def page(regency: Regency, *, proven: int = 0, coverage: CoverageLine | None = None, via: str = "lab") -> str:
    proofs = {
        link.key: Proof(link=link.key, mark=mark(link), at=NOW - timedelta(days=day), actor="os:test", seen={})
        for day, link in enumerate(regency.links[:proven])
    }
    found = assess(regency, Facts(proofs=proofs, granted={}), date(2026, 11, 26))
    head = Head(name=regency.head.name, illustrative=True, zone=regency.zone, now=NOW, via=via)
    return build(found, head, coverage)


def named(regency: Regency, name: str) -> Regency:
    """With this wherever the truth lets people write."""
    return regency.model_copy(
        update={
            "head": regency.head.model_copy(update={"name": name}),
            "offices": tuple(each.model_copy(update={"name": name}) for each in regency.offices),
            "leases": tuple(each.model_copy(update={"number": name, "end": date(2026, 1, 2)}) for each in regency.leases),
            "stages": tuple(
                each.model_copy(
                    update={
                        "name": name,
                        "moved": tuple(move.model_copy(update={"reason": name}) for move in regency.stages[0].moved),
                    }
                )
                for each in regency.stages
            ),
        }
    )


def test_it_refers_to_nothing_outside_itself(regency: Regency) -> None:
    text = page(regency, proven=30)
    shape = Shape()
    shape.feed(text)
    shape.close()
    assert shape.open == []
    assert shape.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class", "style", "colspan"}
    assert "default-src 'none'" in text
    assert not re.search(r"https?:|url\(|@import|<(script|link|img|iframe)", text)


@pytest.mark.parametrize("name", ["<b onclick=x>'\"&", "</td></table><script>1</script>", "a\x1b[31m\u202eb\u0000", "x" * 200])
def test_what_people_write_stays_text(regency: Regency, name: str) -> None:
    quiet, loud = Shape(), Shape()
    quiet.feed(page(named(regency, "Nama")))
    loud.feed(page(named(regency, name)))
    assert (loud.open, loud.attributes, loud.rows) == ([], quiet.attributes, quiet.rows)
    assert not {"\x1b", "\u202e", "\u0000"} & set(page(named(regency, name)))


def test_every_figure_says_how_old_it_is(regency: Regency) -> None:
    seen = CoverageLine(at=NOW - timedelta(minutes=7), offices=38, covered=27, reached=38, percent=71.0)
    text = page(regency, proven=len(regency.links), coverage=seen)
    assert "Kamis, 26 November 2026, 16.40 WIT" in text
    assert "27 dari 38 kantor, diukur 7 menit lalu" in text
    oldest = max(day for day, link in enumerate(regency.links) if not link.key.startswith("border"))
    assert f"bukti tertua {oldest} hari lalu" in text
    unknown = page(regency)
    assert "tidak diketahui" in unknown
    assert "0 dari 38 kantor" in unknown


def test_what_all_lack_is_told_once(regency: Regency) -> None:
    text = page(regency)
    assert text.count("tautan belum terbukti") == len(regency.stages)
    few = page(regency, proven=12)
    assert text.count("<tr><td>") == few.count("<tr><td>") == len(regency.offices)
    assert few.count("tautan belum terbukti") > len(regency.stages)


def test_no_person_is_named(regency: Regency) -> None:
    roles = {staff.role for office in regency.offices for staff in office.it_staff} | {each.role for each in regency.people}
    text = page(regency)
    assert roles
    assert not [role for role in roles if role in text]


@pytest.mark.allowed_skip(reason="needs Chromium and poppler-utils; without them a PDF is refused, which another test shows")
@pytest.mark.skipif(not (shutil.which("chromium") and shutil.which("pdfinfo")), reason="no chromium or no pdfinfo here")
@pytest.mark.parametrize(("key", "proven"), [("manokwari", 0), ("manokwari", 20), ("bontang", 0)])
def test_thirty_eight_offices_fit_on_one_page(key: str, proven: int, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    seen = CoverageLine(at=NOW, offices=38, covered=27, reached=38, percent=71.0)
    file.write_bytes(Chromium().pdf(page(load_regency(SHIPPED / key), proven=proven, coverage=seen)))
    told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Pages:\s+1$", told, re.MULTILINE), told
    assert re.search(r"^Page size:.*\(A4\)$", told, re.MULTILINE), told

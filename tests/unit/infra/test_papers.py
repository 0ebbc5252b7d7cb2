"""The proof of wiping, read; and the papers that are printed from it and from an acceptance."""

from __future__ import annotations

import base64
import json
import subprocess
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.contract import AcceptanceReport, DiskPromise, Line, Promise, Terms, Waiver, accept
from infra.errors import OutputError
from infra.facts import Disk, Facts
from infra.page import Head, Returned, acceptance_page, return_page
from infra.reports import Reports
from infra.wipe import Proof, Wiped, Wiping, proof_of, wipe_script

NONCE = "fedcba9876543210"
DAY = date(2027, 2, 1)
SEAL = "SHA256:" + 43 * "A"
HEAD = Head(regency="Kabupaten <Contoh>", illustrative=True)


def line(path: str = "/srv/siti/.netrc", **changes: object) -> bytes:
    told = {
        "kind": "credential",
        "path": base64.b64encode(path.encode()).decode(),
        "before": 64 * "a",
        "after": "gone",
        **changes,
    }
    return (f'{{"proof":"{NONCE}",' + json.dumps(told)[1:] + "\n").encode()


def end(count: int) -> bytes:
    return f'{{"proof":"{NONCE}","end":{count}}}\n'.encode()


def test_a_whole_proof() -> None:
    proof = proof_of(b"motd\n" + line() + line("/a\n\x1b", before="-") + end(2), NONCE)
    assert proof.whole
    assert [one.path for one in proof.wiped] == ["/srv/siti/.netrc", "/a\\x0a\\x1b"]


def test_what_remains_makes_it_no_proof() -> None:
    proof = proof_of(line(after="remains") + end(1), NONCE)
    assert (proof.ended, proof.whole) == (True, False)
    assert [one.path for one in proof.remains] == ["/srv/siti/.netrc"]


@pytest.mark.parametrize("output", [b"", line(), line() + end(2), line() + line("/b") + end(1)])
def test_a_proof_that_breaks_off_says_so(output: bytes) -> None:
    assert not proof_of(output, NONCE).ended


def test_a_file_that_is_told_twice_counts_as_it_was_told_last() -> None:
    proof = proof_of(line(kind="authorized_keys", after="kept") + line(kind="authorized_keys") + end(2), NONCE)
    assert [one.after for one in proof.wiped] == ["gone"]
    assert proof.whole


@pytest.mark.parametrize(
    "output",
    [
        line(kind="other"),
        line(after="well"),
        line(before="../.."),
        line(path=""),
        end(0) + line(),
        f'{{"proof":"{NONCE}",'.encode(),
        f'{{"proof":"{NONCE}",{"[" * 10_000}'.encode(),
    ],
)
def test_a_line_that_nobody_wrote_is_refused(output: bytes) -> None:
    with pytest.raises(OutputError) as met:
        proof_of(output, NONCE)
    assert met.value.section == "proof"


@given(st.binary(max_size=300))
def test_noise_never_crashes(noise: bytes) -> None:
    for output in (noise, f'{{"proof":"{NONCE}",'.encode() + noise):
        try:
            assert not proof_of(output, NONCE).whole
        except OutputError:
            continue


@pytest.mark.parametrize(
    "words",
    [
        {"nonce": "x"},
        {"keep": ("SHA256:short",)},
        {"own": f"{SEAL}; id"},
        {"files": ("/etc/../bin/sh",)},
        {"files": ("relative",)},
        {"trees": ("/",)},
        {"trees": ("/etc",)},
        {"files": ("/a b",)},
        {"keep_passwords": ("a b",)},
    ],
)
def test_words_that_may_not_come_near_a_shell(words: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a word"):
        wipe_script(Wiping(**{"nonce": NONCE, **words}))  # type: ignore[arg-type]


def test_the_script_is_a_shells() -> None:
    script = wipe_script(Wiping(nonce=NONCE, keep=(SEAL,), own=SEAL, files=("/srv/a/b",), trees=("/srv/c",)))
    read = subprocess.run(["dash", "-n"], input=script.encode(), capture_output=True, check=False, timeout=10)
    assert (read.returncode, read.stderr) == (0, b"")


FACTS = Facts(
    cpus=32,
    cpu_model="<script>alert(1)</script>",
    memory=31 * 2**30 + 2**29,
    disks=(Disk(name="sda", size=960_197_124_096, kind="ssd"),),
    vendor="{{ 6*7 }}",
    model='"><img src=x onerror=1>',
    serial="ABC",
    os="debian 12",
)


def report(*waivers: Waiver) -> AcceptanceReport:
    promise = Promise(cpus=32, memory=64 * 2**30, disks=(DiskPromise(size=960 * 10**9),), model="R650")
    terms = Terms(
        server="app-3", lease="l-3", lessor="PT Sewa & Co", number="01/2027", place="Jakarta", promise=promise, waivers=waivers
    )
    return accept(terms, FACTS, DAY)


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def returned(proof: Proof, **more: Any) -> str:
    machine = Returned(
        server="app-3", lease="l-3", lessor="<b>", number="1", place="x", serial="{{", day=DAY, proof=proof, **more
    )
    return return_page(machine, HEAD)


def pages() -> list[str]:
    proof = Proof(wiped=(Wiped(kind="history", path="</td><script>", before=64 * "a", after="gone"),), ended=True)
    return [acceptance_page(report(), HEAD), returned(proof), returned(Proof(wiped=(), ended=False))]


@pytest.mark.parametrize("text", pages(), ids=["acceptance", "return", "broken off"])
def test_a_page_shows_text_and_refers_to_nothing(text: str) -> None:
    page = Page(text)
    assert not page.tags & {"script", "img", "link", "iframe", "a", "b1"}
    assert page.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class"}
    assert "url(" not in text
    assert "default-src &#x27;none&#x27;" in text or "default-src 'none'" in text


def test_a_short_machine_says_what_is_lacking() -> None:
    page = Page(acceptance_page(report(), HEAD))
    for words in (
        "BELUM DAPAT DITERIMA",
        "KURANG",
        "64 GiB",
        "31,5 GiB",
        "960,1 GB",
        "<script>alert(1)</script>",
        "CONTOH",
        "Senin",
    ):
        assert words in page.text


def test_a_waived_line_carries_its_reason() -> None:
    waivers = [Waiver(line=name, reason=f"alasan {name}") for name in ("memory", "model")]
    page = Page(acceptance_page(report(*waivers), HEAD))
    for words in ("DITERIMA DENGAN 2 PENGECUALIAN", "alasan memory", "alasan model"):
        assert words in page.text


def test_every_line_and_note_has_its_words() -> None:
    lines = [
        Line(name=name, promised="1", found="2", verdict="unknown", note="not_told") for name in ("cpus", "disk-12", "serial")
    ]
    page = Page(acceptance_page(report().model_copy(update={"lines": tuple(lines)}), HEAD))
    assert "Disk 12" in page.text
    assert "tidak terbaca" in page.text


@pytest.mark.parametrize(
    ("after", "ended", "words"),
    [("gone", True, "BERSIH"), ("remains", True, "BELUM BERSIH"), ("gone", False, "PENGHAPUSAN TERPUTUS")],
)
def test_a_return_says_how_it_went(after: str, ended: bool, words: str) -> None:
    wiped = Wiped(kind="password", path="root", before="-", after=after)  # type: ignore[arg-type]
    page = Page(returned(Proof(wiped=(wiped,), ended=ended)))
    assert words in page.text
    assert ("sebelum mesin dikembalikan" in page.text) is (words == "BERSIH")


WORDS_OF_WIPING = ("BERSIH", "dihapus dari mesin", "ditimpa", "sebelum mesin dikembalikan", "dicoba")


@pytest.mark.parametrize(
    ("proof", "more", "said"),
    [
        (Proof(wiped=(), ended=False), {"reason": "hanyut banjir"}, "HILANG – TIDAK ADA YANG DIHAPUS"),
        (Proof(wiped=(), ended=False), {"reason": "hanyut", "entered": False}, "HILANG – TIDAK ADA YANG DIHAPUS"),
        (Proof(wiped=(), ended=True), {"entered": False}, "TIDAK PERNAH DIMASUKI"),
    ],
    ids=["lost", "lost and never entered", "never entered"],
)
def test_of_a_machine_on_which_nothing_was_wiped_nothing_of_wiping_is_claimed(
    proof: Proof, more: dict[str, Any], said: str
) -> None:
    page = Page(returned(proof, **more))
    assert said in page.text
    assert [words for words in WORDS_OF_WIPING if words in page.text] == []
    assert "Yang dihapus: 0 (tidak ada)" in page.text
    assert str(more.get("reason", "")) in page.text
    assert ("tanpa dijangkau" in page.text) is ("reason" in more)
    assert ("tidak pernah masuk" in page.text) is ("reason" not in more)


def document(**more: Any) -> dict[str, Any]:
    lease = {"key": "l-3", "lessor": "A", "number": "1", "place": "x", "returnConditions": []}
    told = {"server": "app-3", "lease": lease, "day": "2027-02-01", "machine": {}, "entered": True}
    return {**told, "whole": True, "ended": True, "wiped": [], "lost": "", **more}


def test_what_is_said_of_a_lost_machine_never_stands_in_the_place_of_a_proof(tmp_path: Path) -> None:
    reports = Reports(tmp_path, HEAD)
    proof, lost = reports.released("app-3", document()), reports.released("app-3", document(lost="x", whole=False, ended=False))
    assert not set(proof) & set(lost)
    assert "BERSIH" in Path(proof[1]).read_text()
    assert "BERSIH" not in Path(lost[1]).read_text()

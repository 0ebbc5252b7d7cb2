"""The proof of wiping, read; and the papers that are printed from it and from an acceptance."""

from __future__ import annotations

import base64
import json
import re
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
from infra.page import Head, acceptance_page
from infra.page_return import MOST_ROWS, Returned, return_page
from infra.reports import Reports, digest
from infra.wipe import Proof, Wiped, Wiping, proof_of, wipe_script
from infra.wipe_places import OUR_TREES, SEARCHED, SYSTEM_FILES, TLS
from network.core.build_words import event_of
from network.core.building import Ending, Verb
from network.services.build_report import Ear

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
        {"login": "a b"},
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
    return [acceptance_page(report(), HEAD), returned(proof), returned(Proof(wiped=(), ended=False), reason="{{<b1>")]


@pytest.mark.parametrize("text", pages(), ids=["acceptance", "return", "lost"])
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


@pytest.mark.parametrize(("after", "ended"), [("remains", True), ("gone", False)])
def test_without_a_whole_proof_there_is_no_paper_of_a_return(after: str, ended: bool) -> None:
    wiped = Wiped(kind="password", path="root", before="-", after=after)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="whole"):
        returned(Proof(wiped=(wiped,), ended=ended))


CONDITION = "Data dan kata sandi dihapus, disertai bukti penghapusan"


def test_a_return_claims_what_was_looked_for_and_says_what_was_not_done() -> None:
    text = returned(Proof(wiped=(), ended=True), conditions=(CONDITION,))
    page = Page(text)
    assert "BERSIH" not in page.text.upper()
    for words in ("Hanya yang dicari", "Yang TIDAK dilakukan", "basis data", "Disk tidak dikosongkan", ".env"):
        assert words in page.text
    (row,) = [row for row in text.split("<tr") if CONDITION in row]
    assert "Syarat kontrak:" in row
    assert row.count('class="box"') == 1, "nobody but a person says that it is done"
    assert "<td></td></tr>" in row, "a place for who says so"


def test_the_page_names_the_places_that_the_script_searches() -> None:
    """On paper by the folder or the program; the record has every one."""
    text = Page(returned(Proof(wiped=(), ended=True))).text
    places = [*TLS, *OUR_TREES, *SYSTEM_FILES]
    words = {place: re.sub(r"^/(etc|var/lib|run|usr/local)/", "", place).split("/")[0].split(".")[0] for place in places}
    assert [place for place, word in words.items() if word not in text and word != "systemd"] == []
    script = wipe_script(Wiping(nonce=NONCE))
    named = [place for places in SEARCHED.values() for place in places]
    literal = [place.split(" ")[0].removeprefix("~/") for place in named if not place.startswith("AuthorizedKeysFile")]
    assert [place for place in literal if place not in script and place != ".ssh/*"] == []


def test_a_long_proof_has_its_rest_in_the_record() -> None:
    wiped = [Wiped(kind="history", path=f"/srv/{number}/.history", before="-", after="gone") for number in range(MOST_ROWS + 5)]
    page = Page(returned(Proof(wiped=tuple(wiped), ended=True)))
    assert page.text.count("/.history") == MOST_ROWS
    assert "Dan 5 lagi" in page.text


@pytest.mark.parametrize(
    ("after", "said"),
    [("kept", "kunci pemberi sewa tetap ada"), ("shut", "masuk dengannya ditolak")],
)
def test_of_a_file_of_keys_the_page_says_what_is_there(after: str, said: str) -> None:
    wiped = Wiped(kind="authorized_keys", path="/root/.ssh/authorized_keys", before="-", after=after)  # type: ignore[arg-type]
    text = Page(returned(Proof(wiped=(wiped,), ended=True))).text
    assert said in text
    assert ("pemberi sewa tetap" in text) is (after == "kept")


WORDS_OF_WIPING = ("KREDENSIAL", "dihapus dari mesin", "ditimpa", "sebelum mesin dikembalikan", "dicoba", "Yang ditemukan")


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
    text = returned(proof, conditions=(CONDITION,), **more)
    page, lost = Page(text), "reason" in more
    assert said in page.text
    assert [words for words in WORDS_OF_WIPING if words in page.text] == []
    assert str(more.get("reason", "")) in page.text
    assert ("Berita Acara Kehilangan" in page.text) is lost
    assert ("Berita Acara Pengembalian" in page.text) is not lost
    assert ("things" in text.split("</style>")[1], "class='proof hand'" in text) == (False, True), "no list of what was wiped"
    assert ("tanpa dijangkau" in page.text) is lost
    assert ("tidak pernah masuk" in page.text) is not lost


def document(**more: Any) -> dict[str, Any]:
    lease = {"key": "l-3", "lessor": "A", "number": "1", "place": "x", "returnConditions": []}
    told = {"server": "app-3", "lease": lease, "day": "2027-02-01", "machine": {}, "entered": True}
    return {**told, "whole": True, "ended": True, "wiped": [], "lost": "", **more}


def test_what_is_said_of_a_lost_machine_never_stands_in_the_place_of_a_proof(tmp_path: Path) -> None:
    reports = Reports(tmp_path, HEAD)
    proof, lost = reports.released("app-3", document()), reports.released("app-3", document(lost="x", whole=False, ended=False))
    assert not set(proof) & set(lost)
    assert "KREDENSIAL DIHAPUS" in Path(proof[1]).read_text()
    assert "KREDENSIAL DIHAPUS" not in Path(lost[1]).read_text()


def test_the_page_has_the_digest_that_the_audit_log_has(tmp_path: Path) -> None:
    told = document(searched={kind: list(places) for kind, places in SEARCHED.items()})
    (json_file, html_file) = Reports(tmp_path, HEAD).released("app-3", told)

    class Still:
        def monotonic(self) -> float:
            return 0.0

    ear = Ear(Verb.DESTROY, Still())  # type: ignore[arg-type]
    ear.hear(event_of("infra.released", {"server": "app-3", "proof": told, "files": []}))
    (release,) = ear.report(Ending()).releases
    assert (release.wiped, release.lost) == (True, False)
    assert release.digest == digest(json.loads(Path(json_file).read_text()))
    assert release.digest in Path(html_file).read_text()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".json")


def test_a_refusal_leaves_the_paper_of_the_acceptance_as_it_is(tmp_path: Path) -> None:
    reports = Reports(tmp_path, HEAD)
    waived = report(Waiver(line="memory", reason="x"), Waiver(line="model", reason="y"))
    accepted = reports.acceptance("app-3", waived.model_dump(mode="json"))
    before = [Path(file).read_bytes() for file in accepted]
    refused = reports.acceptance("app-3", report().model_dump(mode="json"), "2026-11-26")
    assert [Path(file).read_bytes() for file in accepted] == before
    assert names(tmp_path) == ["acceptance-app-3.json", "short-app-3.json"]
    text = Page(Path(refused[1]).read_text()).text
    for words in ("KURANG DARI KONTRAK", "Kamis, 26 November 2026", "tetap dipakai"):
        assert words in text
    assert "Penerimaan" not in text


def test_of_what_was_signed_the_older_ones_are_kept(tmp_path: Path) -> None:
    reports = Reports(tmp_path, HEAD)
    first = report(Waiver(line="memory", reason="x"), Waiver(line="model", reason="y")).model_dump(mode="json")
    second, third = ({**first, "number": number} for number in ("02/2027", "03/2027"))
    last = {**first, "day": "2027-05-01"}
    files = [reports.acceptance("app-3", each) for each in (first, first, second, third, last)][-1]
    for told in (document(), document(day="2028-01-01")):
        reports.released("app-3", told)
    kept = ["acceptance-app-3.2027-02-01-2.json", "acceptance-app-3.2027-02-01-3.json", "acceptance-app-3.2027-02-01.json"]
    assert names(tmp_path) == sorted([*kept, "acceptance-app-3.json", "return-app-3.2027-02-01.json", "return-app-3.json"])
    assert json.loads(Path(files[0]).read_text()) == last, "the newest has the plain name"
    assert [json.loads((tmp_path / name).read_text())["number"] for name in kept] == ["02/2027", "03/2027", "01/2027"]
    assert len(list(tmp_path.iterdir())) == 2 * len(names(tmp_path))

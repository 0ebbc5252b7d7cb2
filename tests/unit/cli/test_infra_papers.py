"""What `lajur infra` says of papers: of a return, of a loss, of a machine that is less than its contract now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from network.core.build_words import error_of
from network.core.building import Ending, Verb
from network.ledger.sqlite import open_sqlite
from tests.unit.cli.twin import Said, Twin, deeds

SHORT = {"name": "memory", "promised": "64 GiB", "found": "32 GiB", "verdict": "short", "reason": "", "note": ""}


def step(operation: str, status: str = "done") -> Said:
    return "infra.resource", {"server": "app-1", "kind": "server", "operation": operation, "status": status, "seconds": 1.0}


LANGUAGES = pytest.mark.parametrize("language", ["id", "en"])


@LANGUAGES
def test_of_one_that_is_lost_nobody_says_that_it_was_wiped(
    infra: Callable[..., Any], twin: Twin, tmp_path: Path, language: str
) -> None:
    proof = {"whole": False, "ended": False, "lost": "burned down", "wiped": [], "entered": True}
    files = ["/reports/lost-app-1.json", "/reports/lost-app-1.html"]
    released = ("infra.released", {"server": "app-1", "proof": proof, "files": files})
    twin.says[Verb.DESTROY] = [("infra.stage", {"stage": "destroy"}), step("delete"), released]
    words = ("destroy", "--server", "app-1", "--release", "--lost", "burned down", "--lang", language)
    said = infra(*words, "--yes")
    assert (said.code, files[1] in said.out) == (0, True)
    text = (said.out + said.err).lower()
    claims = {"id": ("menghapus", "penghapusan", "pengembalian", "bukti"), "en": ("wiping", "proof", "return")}[language]
    assert [each for each in claims if each in text] == []
    assert text.count({"id": "tidak ada yang dihapus", "en": "nothing"}[language]) >= 2
    assert {"id": "berita acara kehilangan", "en": "record of its loss"}[language] in text
    with open_sqlite(tmp_path / "state") as ledger:
        (told,) = [entry.event.detail for entry in ledger.entries() if entry.event.action == "server.released"]
    assert (told["wiped"], told["lost"]) == (0, "burned down")


@LANGUAGES
def test_after_a_return_nobody_promises_that_up_gets_in_again(infra: Callable[..., Any], twin: Twin, language: str) -> None:
    proof = {"whole": True, "ended": True, "lost": "", "wiped": []}
    twin.says[Verb.DESTROY] = [step("delete"), ("infra.released", {"server": "app-1", "proof": proof, "files": ["/r.html"]})]
    said = infra("destroy", "--server", "app-1", "--release", "--yes", "--lang", language)
    assert "lajur infra up" not in said.out + said.err
    assert {"id": "pemberi sewa harus", "en": "the lessor must first"}[language] in said.err


FINGERPRINT = f"SHA256:{43 * 'A'}"


@LANGUAGES
@pytest.mark.parametrize("keys", [0, 1])
def test_whose_keys_stay_is_said_before_a_return(infra: Callable[..., Any], regencies: Path, language: str, keys: int) -> None:
    leases = regencies / "tolikara" / "leases.yaml"
    if keys:
        leases.write_text(leases.read_text().replace("    promise:", f"    lessor_keys: [{FINGERPRINT!r}]\n    promise:"))
    words = ("destroy", "--server", "app-1", "--release", "--dry-run")
    said = infra(*words, "--lang", language)
    assert said.code == 2
    text = " ".join(said.out.split())
    none = {"id": "tidak ada kunci SSH yang tetap", "en": "no SSH key stays"}[language]
    some = {"id": "kunci SSH pemberi sewa yang tetap: 1", "en": "SSH keys of the lessor's that stay: 1"}[language]
    assert (none in text, some in text) == (not keys, bool(keys))
    assert infra(*words, "--output", "json").json["servers"][0]["keys"] == keys
    lost = infra(*words, "--lost", "burnt", "--lang", language)
    assert "lessor_keys" not in lost.out


@pytest.mark.usefixtures("twin")
@LANGUAGES
def test_before_a_return_both_addresses_are_said_where_they_differ(infra: Callable[..., Any], language: str) -> None:
    words = ("destroy", "--server", "app-1", "--release", "--dry-run")
    (before,) = infra(*words, "--output", "json").json["servers"]
    assert before["address"] == before["written"]
    assert "servers.yaml" not in infra(*words, "--lang", language).out
    assert infra("up", "--yes").code == 0
    (server,) = infra(*words, "--output", "json").json["servers"]
    assert (server["address"], server["written"]) == ("192.0.2.9", before["written"]), "where it was taken over comes first"
    text = " ".join(infra(*words, "--lang", language).out.split())
    assert {"id": f"servers.yaml menyebut {before['written']}", "en": f"servers.yaml says {before['written']}"}[language] in text


@LANGUAGES
def test_one_on_record_that_now_falls_short_stays_taken_over(
    infra: Callable[..., Any], twin: Twin, tmp_path: Path, language: str
) -> None:
    report = {"server": "app-1", "report": {"lines": [SHORT]}, "files": ["/reports/short-app-1.html"]}
    twin.says[Verb.UP] = [step("update", "begun"), ("infra.now_short", report), step("update", "failed")]
    lines = [{"name": "memory", "promised": "64 GiB", "found": "32 GiB"}]
    twin.ends[Verb.UP] = Ending(
        error=error_of({"code": "infra.now_short", "fields": {"server": "app-1", "lines": lines}, "exit": 3})
    )
    said = infra("up", "--yes", "--lang", language)
    assert (said.code, "server.short" in dict(deeds(tmp_path))) == (3, True)
    assert {"id": "tetap diambil alih", "en": "stays taken over"}[language] in said.err
    assert {"id": "tidak diambil alih", "en": "was not taken over"}[language] not in said.out + said.err
    assert all(word in said.out + said.err for word in ("64 GiB > 32 GiB", "leases.yaml", "waivers"))

"""`lajur device` beside an SSH server on loopback: what is trusted, on whose word, and what a first look says."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from network.clock import SystemClock
from network.drivers.host_keys import pin, pinned
from tests.contract.ssh_peer import ADDRESS, PASSWORD, Peer, ecdsa, key_of
from tests.unit.cli.conftest import Said, ran
from tests.unit.cli.test_init import HEAD, HUB, OFFICES, REST
from tests.unit.dialects.test_facts import answer

KEY = key_of(ecdsa())
SITE = [*HEAD, *REST, *HUB, *OFFICES, "", "", "password", "", ""]

Lajur = Callable[..., Said]


def answering_at(folder: Path, peer: Peer) -> None:
    """Let the core of a new regency be the peer, and nobody answer as its border: nothing leaves this machine."""
    devices = folder / "devices.yaml"
    text = devices.read_text()
    for made, here in (("10.10.0.1", ADDRESS), ("10.10.0.2", "127.0.0.2")):
        assert f"address: {made}\n" in text
        text = text.replace(f"address: {made}\n", f"address: {here}\n")
    devices.write_text(text.replace("{user: root", f"{{port: {peer.port}, user: root"))


@pytest.fixture
def peer() -> Iterator[Peer]:
    with closing(Peer(exec=answer().encode())) as running:
        yield running


@pytest.fixture
def lajur(tmp_path: Path, peer: Peer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lajur:
    """The command at a site whose core answers on loopback."""
    environment = {
        "LAJUR_STATE": str(tmp_path / "state"),
        "LAJUR_REGENCIES": str(tmp_path / "regencies"),
        "LAJUR_REGENCY": "coba",
    }
    monkeypatch.setenv("LAJUR_SSH_KEY", PASSWORD)

    def call(*words: str, code: int = 0) -> Said:
        said = ran(words, environment, capsys)
        assert said.code == code, said
        return said

    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in SITE)))
    call("init", str(tmp_path / "regencies" / "coba"), "--yes")
    answering_at(tmp_path / "regencies" / "coba", peer)
    return call


@pytest.fixture
def known_hosts(tmp_path: Path) -> Path:
    return tmp_path / "state" / "known_hosts"


def test_a_device_that_nobody_trusts_is_not_logged_in_to(lajur: Lajur, peer: Peer) -> None:
    (line,) = lajur("device", "check", "core", "--output", "json", code=3).json["devices"]
    assert (line["verdict"], line["remarks"][0]["next"]) == ("failed", "lajur device trust core")
    assert peer.tried == []


def test_a_dry_run_dials_nobody(lajur: Lajur, peer: Peer, known_hosts: Path) -> None:
    pin(known_hosts, ADDRESS, peer.port, KEY)
    said = lajur("device", "check", "core", "--dry-run")
    assert KEY.fingerprint in said.out.replace("\n", "")
    assert "lajur device check" in said.err
    assert peer.tried == []


def test_a_key_is_trusted_by_its_fingerprint_only_when_it_is_equal(lajur: Lajur, peer: Peer, known_hosts: Path) -> None:
    lajur("device", "trust", "core", "--fingerprint", key_of(ecdsa(1)).fingerprint, code=3)
    waiting = lajur("device", "trust", "core", "--dry-run", code=2)
    assert KEY.fingerprint in waiting.out
    assert not known_hosts.exists()
    lajur("device", "trust", "core", "--fingerprint", KEY.fingerprint)
    assert pinned(known_hosts, ADDRESS, peer.port) == (KEY,)
    assert peer.tried == [], "nobody has logged in yet"
    again = lajur("device", "trust", "core")
    assert "lajur device check" in again.out
    listed = lajur("device", "list", "--output", "json").json["devices"]
    assert {each["device"]: each["trusted"] for each in listed}["core"] == [KEY.fingerprint]
    (line,) = lajur("device", "check", "core", "--output", "json", code=2).json["devices"]
    assert line["version"].startswith("Debian GNU/Linux 12")
    assert "check.armed" in {each["code"] for each in line["remarks"]}


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_first_look_is_told_to_people(lajur: Lajur, peer: Peer, known_hosts: Path, language: str) -> None:
    pin(known_hosts, ADDRESS, peer.port, KEY)
    said = lajur("device", "check", "core", "border", "--lang", language, code=3)
    assert "run-1" in said.out
    assert "check." not in said.out
    assert "lajur device check" in said.out


@dataclass(frozen=True)
class Bad:
    """What a device says differently, and what is to be told of it: a code, what stands in its words and in what to do next."""

    said: Callable[[], str]
    code: str
    seen: str
    next: str
    greeting: str = "SSH-2.0-OpenSSH_9.2p1"


def _at(seconds: int) -> str:
    return str(int(SystemClock().now().timestamp()) + seconds)


TBF = {"kind": "tbf", "handle": "8001:", "dev": "eth9", "root": True, "options": {}}
CAKE = {"kind": "cake", "handle": "8002:", "dev": "eth0", "root": True, "options": {}}
LINES = "1: lo    inet 127.0.0.1/8 scope host lo\\ valid\n2: eth0    inet {}/24 scope global eth0\\ valid"
BAD = {
    "clock ahead": Bad(lambda: answer(time=_at(605)), "check.clock_ahead", "60", "NTP"),
    "clock behind": Bad(lambda: answer(time=_at(-605)), "check.clock_behind", "60", "NTP"),
    "a queue where ours go": Bad(lambda: answer([CAKE]), "check.queue_in_way", "cake 8002:", "tc qdisc del dev eth0 root"),
    "a queue elsewhere": Bad(lambda: answer([TBF]), "check.queue_beside", "tbf 8001:", ""),
    "an address nobody knows": Bad(
        lambda: answer(addresses=LINES.format("203.0.113.7")), "check.address_strange", "203.0.113.7", ""
    ),
    "an address of another": Bad(lambda: answer(addresses=LINES.format("10.10.0.4")), "check.address_taken", "10.10.0.4", "core"),
    "no address of a link": Bad(
        lambda: answer(addresses=LINES.format("10.9.9.9")), "check.address_absent", "10.11.0.1", "lajur link"
    ),
    "an interface that is not there": Bad(lambda: answer(links="1: lo: <UP> mtu 65536"), "check.interface", "eth0", "links.yaml"),
    "an old FRR": Bad(lambda: answer(frr="FRRouting 7.5.1 (core)."), "check.old", "FRR 7.5", "FRR"),
    "an old tc": Bad(lambda: answer(iproute2="tc utility, iproute2-4.20.0"), "check.old", "iproute2 4.20", "iproute2"),
    "no root": Bad(lambda: f"@@lajur missing root\n{answer()}", "check.lacks", "root", "login.user"),
    "no FRR": Bad(lambda: f"@@lajur missing vtysh\n{answer()}", "check.lacks", "vtysh", "apt install"),
    "another make": Bad(answer, "check.platform", "mikrotik_routeros", "devices.yaml", "SSH-2.0-ROSSSH"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_is_wrong_with_a_device_is_told_with_what_to_do(lajur: Lajur, peer: Peer, known_hosts: Path, bad: Bad) -> None:
    pin(known_hosts, ADDRESS, peer.port, KEY)
    peer.exec, peer.greeting = bad.said().encode(), bad.greeting
    told = []
    for language in ("id", "en"):
        (line,) = lajur("device", "check", "core", "--output", "json", "--lang", language, code=2).json["devices"]
        remark = next(each for each in line["remarks"] if each["code"] == bad.code)
        assert bad.seen in remark["text"]
        assert bad.next in remark["next"]
        assert remark["next"]
        told.append(remark["text"])
    assert told[0] != told[1]


@pytest.mark.parametrize("words", [("--yes",), ("--fingerprint", KEY.fingerprint), ()])
def test_a_changed_key_needs_its_own_word(lajur: Lajur, peer: Peer, known_hosts: Path, words: tuple[str, ...]) -> None:
    old = key_of(ecdsa(1))
    pin(known_hosts, ADDRESS, peer.port, old)
    (refused,) = lajur("device", "trust", "core", *words, "--output", "json", code=3).json["devices"]
    assert refused["standing"] == "changed"
    assert old.fingerprint in refused["error"]
    assert KEY.fingerprint in refused["error"]
    assert pinned(known_hosts, ADDRESS, peer.port) == (old,)
    lajur("device", "trust", "core", "--replace", code=3)
    lajur("device", "trust", "core", "--replace", "--dry-run", code=2)
    assert pinned(known_hosts, ADDRESS, peer.port) == (old,)
    lajur("device", "trust", "core", "--replace", "--yes")
    assert pinned(known_hosts, ADDRESS, peer.port) == (KEY,)


def test_a_device_that_is_silent_hides_no_other(lajur: Lajur) -> None:
    report = lajur("device", "trust", "core", "border", "--yes", "--output", "json", code=4).json
    assert [(each["device"], each["pinned"]) for each in report["devices"]] == [("core", True), ("border", False)]


def test_words_that_fit_nothing(lajur: Lajur) -> None:
    lajur("device", "trust", "--fingerprint", KEY.fingerprint, code=64)
    lajur("device", "trust", "core", "--fingerprint", "MD5:aa:bb", code=64)
    assert "core" in lajur("device", "check", "kore", code=64).err
    lajur("device", "trust", "core", code=3)

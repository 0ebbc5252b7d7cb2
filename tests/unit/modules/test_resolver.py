"""Ours are asked first and never too early; whom the server was given before stays; what others have in hand is left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.conftest import Loader

OURS, GIVEN = ["10.0.0.4", "10.0.0.5"], "10.9.9.9"


class Said(Exception):
    """How the module ended."""


class Server:
    """Where the module runs: a root of its own, a resolver that answers or does not."""

    def __init__(self) -> None:
        self.params: dict[str, Any] = {"addresses": OURS, "proof": "app-1.kecil.example"}
        self.check_mode = False
        self.did: list[list[str]] = []
        self.warned: list[str] = []

    def __call__(self, **_arguments: Any) -> Server:
        return self

    def exit_json(self, **told: Any) -> None:
        raise Said(told)

    fail_json = exit_json

    def warn(self, text: str) -> None:
        self.warned.append(text)

    def run_command(self, words: list[str]) -> tuple[int, str, str]:
        self.did.append(words)
        return 0, "", ""


Again = Callable[..., dict[str, Any]]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def again(module: Loader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: Server) -> Again:
    """The module once more, with who answers."""
    found = module("lajur_resolver")
    for name in ("FILE", "RESOLVED", "GIVEN", "HOOK"):
        place = tmp_path / str(getattr(found, name)).removeprefix("/")
        monkeypatch.setattr(found, name, place)
    (tmp_path / "etc").mkdir()
    monkeypatch.setattr(found, "AnsibleModule", server)

    def run(*answering: str, addresses: list[str] | None = None) -> dict[str, Any]:
        server.params["addresses"] = OURS if addresses is None else addresses
        monkeypatch.setattr(found, "_answers", lambda address, _: address in answering)
        with pytest.raises(Said) as said:
            found.main()
        told = said.value.args[0]
        assert "msg" not in told
        return dict(told)

    return run


def servers(file: Path) -> list[str]:
    return [line.split()[1] for line in file.read_text().splitlines() if line.startswith("nameserver")]


def test_ours_come_first_and_whom_it_was_given_stays_behind_them(again: Again, tmp_path: Path) -> None:
    file = tmp_path / "etc/resolv.conf"
    file.write_text(f"search kecil.example\nnameserver {GIVEN}\nnameserver 10.0.0.5\noptions rotate\n")
    assert again("10.0.0.5")["lajur"] == {"changed": [str(file)]}
    assert servers(file) == [*OURS, GIVEN]
    assert "search kecil.example\n" in file.read_text()
    assert "rotate" not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o644
    assert not again()["changed"], "nobody is asked where nothing is to be done"


def test_nothing_is_written_before_one_of_ours_answers(again: Again, server: Server, tmp_path: Path) -> None:
    assert not again()["changed"]
    assert not (tmp_path / "etc/resolv.conf").exists()
    assert "10.0.0.4, 10.0.0.5" in server.warned[0]
    server.check_mode = True
    assert again()["changed"], "the play that comes before would have brought it up"
    assert not (tmp_path / "etc/resolv.conf").exists()


def test_one_that_is_no_longer_ours_is_nobody_that_the_server_was_given(again: Again, tmp_path: Path) -> None:
    file = tmp_path / "etc/resolv.conf"
    file.write_text(f"nameserver {GIVEN}\n")
    again(*OURS)
    assert again(*OURS, addresses=["10.0.0.5"])["changed"]
    assert servers(file) == ["10.0.0.5", GIVEN]
    assert again(addresses=[])["changed"]
    assert file.read_text() == f"nameserver {GIVEN}\n"
    assert not again(addresses=[])["changed"]


def test_dhcp_no_longer_writes_over_it_until_it_may_again(again: Again, tmp_path: Path) -> None:
    hook = tmp_path / "etc/dhcp/dhclient-enter-hooks.d/lajur"
    hook.parent.parent.mkdir()
    again(*OURS)
    assert "make_resolv_conf() { :; }\n" in hook.read_text()
    again(addresses=[])
    assert not hook.exists()


def test_what_systemd_resolved_has_in_hand_is_told_to_it(again: Again, server: Server, tmp_path: Path) -> None:
    given, file = tmp_path / "run/systemd/resolve/resolv.conf", tmp_path / "etc/resolv.conf"
    given.parent.mkdir(parents=True)
    given.write_text(f"nameserver {GIVEN}\n")
    file.symlink_to("../run/systemd/resolve/stub-resolv.conf")
    assert again(*OURS)["changed"]
    additions = tmp_path / "etc/systemd/resolved.conf.d/lajur.conf"
    assert f"[Resolve]\nDNS=10.0.0.4 10.0.0.5 {GIVEN}\nDomains=~.\n" in additions.read_text()
    assert server.did == [["systemctl", "restart", "systemd-resolved.service"]]
    given.write_text(f"nameserver 10.0.0.4\nnameserver 10.0.0.5\nnameserver {GIVEN}\n")
    assert not again()["changed"], "what it asks now is not taken for what it was given"
    assert again(addresses=[])["changed"]
    assert not additions.exists()
    assert file.is_symlink()


def test_what_something_else_writes_is_left_alone(again: Again, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "etc/resolv.conf"
    file.symlink_to("../run/resolvconf/resolv.conf")
    assert not again(*OURS)["changed"]
    assert file.is_symlink()
    assert "run/resolvconf/resolv.conf" in server.warned[0]


@pytest.mark.parametrize(("code", "answers", "known"), [(0, 1, True), (0, 0, False), (2, 0, False), (3, 0, False)])
def test_only_an_address_is_an_answer(
    module: Loader, monkeypatch: pytest.MonkeyPatch, code: int, answers: int, known: bool
) -> None:
    found = module("lajur_resolver")

    class Asking:
        def __init__(self, *_: Any) -> None:
            self.number = b""

        __enter__ = connect = settimeout = lambda self, *_: self

        def __exit__(self, *_: object) -> None: ...

        def send(self, asked: bytes) -> None:
            assert asked[12:] == b"\5app-1\5kecil\7example\0\0\1\0\1"
            self.number = asked[:2]

        def recv(self, _: int) -> bytes:
            return self.number + bytes([0x81, 0x80 | code, 0, 1, 0, answers]) + bytes(20)

    monkeypatch.setattr(found.socket, "socket", Asking)
    assert found._answers("10.0.0.4", "app-1.kecil.example") is known

"""Rules hold for good, and from the start of a server on, only when they were confirmed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.conftest import Loader

FILE = 'table inet lajur {\n\tinclude "%s/*.nft"\n}\n'


class Said(Exception):
    """How the module ended."""

    def __init__(self, **told: Any) -> None:
        super().__init__(told)
        self.told = told


class Server:
    """A kernel with one table and a systemd with one timer, as far as the module asks them."""

    def __init__(self, firewall: Any, home: Path) -> None:
        self.firewall, self.home = firewall, home
        self.table, self.timer = "", ""
        self.refuses: str | None = None
        self.check_mode = False
        self.params: dict[str, Any] = {
            "file": str(home / "wanted.nft"), "boot": str(home / "nftables.conf"), "snippets": str(home / "d"),
            "table": "inet lajur", "seconds": 60,
        }  # fmt: skip

    def exit_json(self, **told: Any) -> None:
        raise Said(**told)

    fail_json = exit_json

    def get_bin_path(self, name: str) -> str:
        return f"/usr/sbin/{name}"

    def run_command(self, words: list[str]) -> tuple[int, str, str]:
        text = " ".join(words)
        if words[:3] == ["nft", "--stateless", "list"]:
            return (0, self.table, "") if self.table else (1, "", "No such file or directory")
        if words[0] == "nft" and self.refuses is not None and self.refuses in text:
            return 1, "", "syntax error"
        if words[:3] == ["nft", "--stateless", "-f"]:
            assert not self.timer or (self.home / "state" / "pending").exists()
            self.table = Path(words[3]).read_text()
        if words[0] == "systemd-run":
            self.timer = Path(words[-1]).read_text()
        if words[:2] == ["systemctl", "stop"]:
            self.timer = ""
        return (0 if self.timer else 3, "", "") if words[:2] == ["systemctl", "is-active"] else (0, "", "")

    def play(self, state: str) -> dict[str, Any]:
        self.params["state"] = state
        try:
            return dict((self.firewall.confirm if state == "confirmed" else self.firewall.load)(self, self.params))
        except Said as said:
            return dict(said.told)

    def want(self, rules: str) -> None:
        (self.home / "wanted.nft").write_text(f"# {rules}\n{FILE % (self.home / 'd')}")

    def time_out(self) -> None:
        self.table = self.timer.split("delete table inet lajur\n", 1)[1]
        self.timer = ""

    @property
    def boots(self) -> str:
        boot = self.home / "nftables.conf"
        return boot.read_text() if boot.exists() else ""


@pytest.fixture
def server(module: Loader, shared: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    firewall = module("lajur_firewall")
    monkeypatch.setattr(shared["lajur_nft"], "_FOLDER", tmp_path / "state")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "dns.nft").write_text("tcp dport 53 accept")
    made = Server(firewall, tmp_path)
    made.want("first")
    return made


def confirmed(server: Server) -> Server:
    assert server.play("loaded")["lajur"] == {"pending": True}
    assert not server.play("confirmed")["changed"]
    return server


def test_a_server_begins_with_what_was_confirmed_snippets_and_all(server: Server) -> None:
    assert server.play("loaded")["changed"]
    assert server.boots == ""
    assert server.timer
    assert not server.play("confirmed")["changed"]
    assert server.timer == ""
    assert server.boots == server.table == "# first\ntable inet lajur {\ntcp dport 53 accept\n}\n"
    assert server.play("loaded") == {"changed": False, "lajur": {"pending": False}}
    server.check_mode = True
    assert server.play("included") == {"changed": False, "lajur": {"pending": False}}


def test_a_start_that_would_load_something_else_is_put_right(server: Server) -> None:
    (confirmed(server).home / "nftables.conf").write_text("flush ruleset\n")
    assert server.play("loaded") == {"changed": True, "lajur": {"pending": False}}
    assert server.boots == server.table


def test_rules_that_nobody_confirmed_do_not_come_back(server: Server) -> None:
    before = confirmed(server).boots
    server.want("shuts us out")
    server.play("loaded")
    server.time_out()
    assert server.boots == server.table == before
    assert "not confirmed in time" in server.play("confirmed")["msg"]
    assert "servers.yml" in server.play("included")["msg"]
    assert server.boots == server.table == before


def test_refused_rules_leave_those_before(server: Server) -> None:
    before = confirmed(server).boots
    server.want("wrong")
    for words in ("-c -f", "--stateless -f"):
        server.refuses = words
        assert "those before hold" in server.play("loaded")["msg"]
        assert (server.timer, server.boots, server.table) == ("", before, before)


def test_a_note_left_by_a_play_that_was_cut_off_is_no_reason_for_a_timer(server: Server) -> None:
    before = confirmed(server).table
    server.want("shuts us out")
    server.play("loaded")
    server.time_out()
    server.want("first")
    assert server.play("included") == {"changed": False, "lajur": {"pending": False}}
    (server.home / "d" / "chat.nft").write_text("tcp dport 5222 accept\n")
    assert server.play("included")["lajur"] == {"pending": False}
    assert (server.timer, server.boots) == ("", server.table)
    assert server.table == before.replace("tcp dport 53", "tcp dport 5222 accept\ntcp dport 53")


def test_a_role_that_brings_a_snippet_confirms_nothing(server: Server) -> None:
    before = confirmed(server).table
    server.want("second")
    server.play("loaded")
    (server.home / "d" / "chat.nft").write_text("tcp dport 5222 accept\n")
    said = server.play("included")
    assert "Play servers.yml" in said["msg"]
    assert "5222" in server.table
    assert server.boots == before
    server.time_out()
    assert server.table == before


def test_what_was_never_loaded_whole_is_not_confirmed(server: Server) -> None:
    before = confirmed(server).table
    server.want("second")
    server.play("loaded")
    server.want("third")
    server.refuses = "--stateless -f"
    server.play("loaded")
    assert "never loaded whole" in server.play("confirmed")["msg"]
    assert server.boots == before
    server.time_out()
    assert server.table == before

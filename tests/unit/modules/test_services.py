"""Units run with the files that lie there now, those behind timers too, and a masked one is let be where that was said."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.conftest import Loader


class Said(Exception):
    """How the module ended."""


class Systemd:
    """As far as the module asks it: the state of each unit, and whether its file is newer than what systemd read."""

    def __init__(self) -> None:
        self.params: dict[str, Any] = {}
        self.check_mode = False
        self.masked: set[str] = set()
        self.newer: set[str] = set()
        self.did: list[str] = []
        self.main: Callable[[], None]

    def __call__(self, **_arguments: Any) -> Systemd:
        return self

    def exit_json(self, **told: Any) -> None:
        raise Said(told)

    fail_json = exit_json

    def run_command(self, words: list[str], **_more: Any) -> tuple[int, str, str]:
        if words[1] == "show":
            names = words[words.index("--") + 1 :]
            if "--value" in words:
                return 0, "\n\n".join("yes" if name in self.newer else "no" for name in names), ""
            return 0, "\n\n".join(self._shown(name) for name in names), ""
        self.did.append(" ".join(words[1:]))
        if words[1] == "daemon-reload":
            self.newer.clear()
        return 0, "", ""

    def _shown(self, name: str) -> str:
        if name in self.masked:
            return "LoadState=masked\nActiveState=inactive\nUnitFileState=masked"
        return "LoadState=loaded\nActiveState=active\nUnitFileState=enabled"


@pytest.fixture
def systemd(module: Loader, shared: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Systemd:
    services, made = module("lajur_services"), Systemd()
    monkeypatch.setattr(services, "AnsibleModule", made)
    monkeypatch.setattr(shared["lajur_units"], "_KEPT", tmp_path / "services.json")
    made.main = services.main
    return made


def play(systemd: Systemd, **units: Any) -> list[str]:
    systemd.params, systemd.did = {"units": {name.replace("_", "."): meant for name, meant in units.items()}}, []
    with pytest.raises(Said) as said:
        systemd.main()
    return list(said.value.args[0]["lajur"]["changed"])


def test_what_a_timer_starts_is_read_again_when_its_file_changed(systemd: Systemd) -> None:
    play(systemd, tick_timer={"files": []})
    systemd.newer = {"tick.service"}
    assert play(systemd, tick_timer={"files": []}) == []
    assert systemd.did == ["daemon-reload"]
    assert play(systemd, tick_timer={"files": []}) == []
    assert systemd.did == []


def test_a_masked_unit_is_let_be_where_that_was_said(systemd: Systemd) -> None:
    systemd.masked = {"apt.timer"}
    assert play(systemd, apt_timer={"unless_masked": True}) == []
    assert systemd.did == []
    assert play(systemd, apt_timer={}) == ["apt.timer"]
    assert systemd.did[0] == "enable apt.timer"


def test_only_root_reads_digests_of_what_may_be_secret(systemd: Systemd, tmp_path: Path) -> None:
    kept = tmp_path / "services.json"
    play(systemd, a_service={})
    kept.chmod(0o644)
    assert play(systemd, a_service={}) == []
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(json.loads(kept.read_text())) == ["a.service"]

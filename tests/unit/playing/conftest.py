"""A small regency in memory, with a state of its own, as a play asks about it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from inventory.load import SHIPPED
from network.playing.asking import Asked
from network.playing.hosts import hosts

KEY = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """`folder` is the regency's; `asked` asks for all of its hosts. What was told stands in `told`."""

    folder: Path
    asked: Asked
    told: list[str] = field(default_factory=list)

    def about(self, *names: str, check: bool = False, language: str = "en") -> Asked:
        environment = {**self.asked.environment, "LAJUR_LANG": language}
        return replace(self.asked, hosts=names or self.asked.hosts, check=check, environment=environment)


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Tolikara under another key, so that no lab is taken for its own."""
    folder = tmp_path / "regencies" / KEY
    shutil.copytree(SHIPPED / "tolikara", folder)
    edit(folder / "regency.yaml", "key: tolikara", f"key: {KEY}")
    environment = {"LAJUR_STATE": str(tmp_path / "state"), "LAJUR_REGENCY": KEY, "LAJUR_REGENCIES": str(folder.parent)}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    listed = hosts(os.environ).hosts
    known = {**listed[0].facts, "every": [host.name for host in listed]}
    return Play(folder=folder, asked=Asked.by(known, hosts="every", check=False))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))

"""What a restore finds done already: a moment that was reached, and the end only for as long as it is one."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.modules.conftest import Loader, load

NOW = 1_700_000_000
DONE = {"reached": "2026-03-01T10:30:00+09:00", "bytes": 1, "seconds": 1}


@pytest.fixture
def restore(module: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("lajur_database", "lajur_recovery"):
        load(name, "module_utils", f"ansible.module_utils.{name}")
    found = module("lajur_restore")
    monkeypatch.setattr(found, "_STATE", tmp_path)
    return found


def asked(folder: Path, **words: str) -> Any:
    params = {"stanza": "records", "time": "latest", "point": None, "over": "", "server": "app-3", "zone": "UTC", **words}

    def run(command: list[str], **_: bool) -> tuple[int, str, str]:
        return (0, f"{NOW}\n", "") if command[0] == "date" else (3, "", "")

    return SimpleNamespace(params=params, check_mode=False, run_command=run), SimpleNamespace(data=folder / "data")


def kept(folder: Path, time: str, **more: Any) -> None:
    (folder / "data/base/20000").mkdir(parents=True)
    told = {"time": time, "point": None, "data": str(folder / "data")}
    (folder / "records.json").write_text(json.dumps({"asked": told, "done": DONE, **more}))


@pytest.mark.parametrize(("time", "more"), [("latest", {"at": NOW - 60}), ("2026-03-01T10:30:00", {})])
def test_what_the_same_call_restored_is_done(restore: Any, tmp_path: Path, time: str, more: dict[str, int]) -> None:
    kept(tmp_path, time, **more)
    assert restore._restore(*asked(tmp_path, time=time), scratch=False) == {"changed": False, "lajur": DONE}


@pytest.mark.parametrize("more", [{}, {"at": NOW - 86_400}, {"at": NOW + 60}])
def test_an_old_copy_is_not_the_end(restore: Any, tmp_path: Path, more: dict[str, int]) -> None:
    kept(tmp_path, "latest", **more)
    with pytest.raises(restore.Failed, match=r"It is a copy that was restored to 2026.*-e restore_over=app-3"):
        restore._restore(*asked(tmp_path), scratch=False)

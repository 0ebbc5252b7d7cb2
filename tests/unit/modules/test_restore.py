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


def looking(folder: Path, state: str, **words: str) -> Any:
    module, _ = asked(folder, state=state, data=str(folder / "data"), unit="postgresql@15-main.service", **words)
    return module


def backups(restore: Any, monkeypatch: pytest.MonkeyPatch, *, stop: int = NOW - 3600, archived: int = NOW - 600) -> None:
    """A repository whose only backup ended then, and whose log reaches to there."""
    info = {"backup": [{"timestamp": {"stop": stop}, "error": False}], "db": [{"id": 1, "version": "15"}]}
    monkeypatch.setattr(restore, "known", lambda *_, **__: info)
    monkeypatch.setattr(restore, "_archived", lambda *_: archived)
    monkeypatch.setattr(restore.shutil, "which", lambda _: "/usr/bin/pgbackrest")


def test_what_is_there_is_seen_before_anything_is_changed(restore: Any, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert restore._looked(looking(tmp_path, "free")) == {"refused": ""}
    kept(tmp_path, "2026-03-01T10:30:00")
    copy = {"refused": "restore_copy", "server": "app-3", "found": str(data), "reached": DONE["reached"]}
    assert restore._looked(looking(tmp_path, "free")) == copy
    assert restore._looked(looking(tmp_path, "free", time="2026-03-01T10:30:00")) == {"refused": ""}, "it is done already"
    assert restore._looked(looking(tmp_path, "free", over="app-3")) == {"refused": ""}
    (tmp_path / "records.json").unlink()
    assert restore._looked(looking(tmp_path, "free"))["refused"] == "restore_here"


@pytest.mark.parametrize(
    ("time", "wanted"),
    [
        ("latest", ""),
        ("2023-11-14T22:00:00", ""),
        ("2023-11-14T22:13:00", ""),  # the original has not sent it yet
        ("2023-11-14T22:14:00", ""),  # by the clock of another server
        ("2023-11-14T22:15:00", "restore_span"),
        ("2023-11-14T20:00:00", "restore_span"),
        ("2023-13-14T20:00:00", "restore_moment"),
    ],
)
def test_a_moment_out_of_reach_is_seen_before_anything_is_changed(
    restore: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time: str, wanted: str
) -> None:
    backups(restore, monkeypatch)
    found = restore._looked(looking(tmp_path, "held", time=time, config=""))
    assert found["refused"] == wanted
    if wanted == "restore_span":
        assert (found["first"], found["last"]) == ("2023-11-14T21:13:20+00:00", "2023-11-14T22:13:20+00:00")


@pytest.mark.parametrize("program", [None, "/usr/bin/pgbackrest"])
def test_that_there_is_no_backup_is_seen_before_anything_is_changed(
    restore: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None
) -> None:
    monkeypatch.setattr(restore.shutil, "which", lambda _: program)
    monkeypatch.setattr(restore, "known", lambda *_, **__: {"backup": []})
    assert restore._looked(looking(tmp_path, "held", config=""))["refused"] == "restore_no_backup"

"""A file is on the server as it was given, byte by byte."""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.conftest import Loader


class Refused(Exception):
    """What the module says when it fails."""


class Here:
    """What the module asks of Ansible."""

    check_mode = False

    def fail_json(self, *, msg: str) -> None:
        raise Refused(msg)


def laid(module: Loader, path: Path, content: str) -> list[str]:
    files: Any = module("lajur_files").Files(Here())
    mine = {"owner": pwd.getpwuid(os.getuid()).pw_name, "group": grp.getgrgid(os.getgid()).gr_name}
    files.file({"path": str(path), "content": content, "mode": "0640", "secret": False, "validate": None, "once": False, **mine})
    return list(files.changed)


def test_ends_of_lines_stay_what_they_are(module: Loader, tmp_path: Path) -> None:
    path = tmp_path / "offices.yaml"
    for content in ("a: 1\r\nb: 2\n", "a: 1\nb: 2\n", "a: 1\rb: \udcff\n"):
        assert laid(module, path, content) == [str(path)]
        assert path.read_bytes() == content.encode(errors="surrogateescape")
        assert laid(module, path, content) == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One of ours, with what is named (`truth/a.yaml`, `truth/prefixes/x.txt`) and what is not."""
    made = tmp_path / "ours"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/stays").touch()
    for name in ("truth/a.yaml", "truth/gone.yaml", "truth/prefixes/x.txt", "truth/prefixes/gone.txt", "old/deep/er/a.yaml"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text("x")
    (made / "old/link").symlink_to(tmp_path / "elsewhere")
    (made / "truth/link").symlink_to(tmp_path / "elsewhere/stays")
    (made / "dangling").symlink_to("nowhere")
    return made


def swept(module: Loader, folder: Path, *, check: bool = False) -> Any:
    here = Here()
    here.check_mode = check
    files: Any = module("lajur_files").Files(here)
    files.only(f"{folder}/", [f"{folder}//truth/a.yaml", str(folder / "truth/prefixes/x.txt"), str(folder / "truth/not-there")])
    return files


def test_nothing_is_left_in_a_folder_but_what_is_named(module: Loader, folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    looked = swept(module, folder, check=True)
    assert sorted(folder.rglob("*")) == before
    done = swept(module, folder)
    gone = {
        "dangling", "old", "old/deep", "old/deep/er", "old/deep/er/a.yaml", "old/link", "truth/gone.yaml", "truth/link",
        "truth/prefixes/gone.txt",
    }  # fmt: skip
    assert {str(Path(each).relative_to(folder)) for each in done.changed} == gone
    assert (looked.changed, looked.diffs) == (done.changed, done.diffs)
    left = {str(each.relative_to(folder)) for each in folder.rglob("*")}
    assert left == {"truth", "truth/a.yaml", "truth/prefixes", "truth/prefixes/x.txt"}
    assert (folder.parent / "elsewhere/stays").exists()
    assert swept(module, folder).changed == []


def test_a_folder_that_is_not_there_is_left_alone(module: Loader, tmp_path: Path) -> None:
    assert swept(module, tmp_path / "absent").changed == []


def test_what_is_not_ours_alone_is_not_swept(module: Loader, folder: Path, tmp_path: Path) -> None:
    before = sorted(folder.rglob("*"))
    (tmp_path / "link").symlink_to(folder)
    for strange in (tmp_path / "link", Path("/etc"), Path("/"), folder / "truth/a.yaml"):
        with pytest.raises(Refused, match="no folder of ours"):
            swept(module, strange)
    folder.chmod(0o777)
    with pytest.raises(Refused, match="others may write"):
        swept(module, folder)
    assert sorted(folder.rglob("*")) == before

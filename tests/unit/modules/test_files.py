"""A file is on the server as it was given, byte by byte."""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def files(shared: dict[str, Any]) -> Any:
    return shared["lajur_laying"]


class Refused(Exception):
    """What the module says when it fails."""


class Here:
    """What the module asks of Ansible."""

    check_mode = False
    params: dict[str, Any]
    run_command: Any

    def fail_json(self, *, msg: str) -> None:
        raise Refused(msg)


def laid(files: Any, path: Path, content: str) -> list[str]:
    made: Any = files.Files(Here())
    mine = {"owner": pwd.getpwuid(os.getuid()).pw_name, "group": grp.getgrgid(os.getgid()).gr_name}
    made.file({"path": str(path), "content": content, "mode": "0640", "secret": False, "validate": None, "once": False, **mine})
    return list(made.changed)


def test_ends_of_lines_stay_what_they_are(files: Any, tmp_path: Path) -> None:
    path = tmp_path / "offices.yaml"
    for content in ("a: 1\r\nb: 2\n", "a: 1\nb: 2\n", "a: 1\rb: \udcff\n"):
        assert laid(files, path, content) == [str(path)]
        assert path.read_bytes() == content.encode(errors="surrogateescape")
        assert laid(files, path, content) == []


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


def swept(files: Any, folder: Path, *, check: bool = False) -> Any:
    here = Here()
    here.check_mode = check
    made: Any = files.Files(here)
    made.only(f"{folder}/", [f"{folder}//truth/a.yaml", str(folder / "truth/prefixes/x.txt"), str(folder / "truth/not-there")])
    return made


def test_nothing_is_left_in_a_folder_but_what_is_named(files: Any, folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    looked = swept(files, folder, check=True)
    assert sorted(folder.rglob("*")) == before
    done = swept(files, folder)
    gone = {
        "dangling", "old", "old/deep", "old/deep/er", "old/deep/er/a.yaml", "old/link", "truth/gone.yaml", "truth/link",
        "truth/prefixes/gone.txt",
    }  # fmt: skip
    assert {str(Path(each).relative_to(folder)) for each in done.changed} == gone
    assert (looked.changed, looked.diffs) == (done.changed, done.diffs)
    left = {str(each.relative_to(folder)) for each in folder.rglob("*")}
    assert left == {"truth", "truth/a.yaml", "truth/prefixes", "truth/prefixes/x.txt"}
    assert (folder.parent / "elsewhere/stays").exists()
    assert swept(files, folder).changed == []


def test_a_folder_that_is_not_there_is_left_alone(files: Any, tmp_path: Path) -> None:
    assert swept(files, tmp_path / "absent").changed == []


def test_what_is_not_ours_alone_is_not_swept(files: Any, folder: Path, tmp_path: Path) -> None:
    before = sorted(folder.rglob("*"))
    (tmp_path / "link").symlink_to(folder)
    for strange in (tmp_path / "link", Path("/etc"), Path("/"), folder / "truth/a.yaml"):
        with pytest.raises(Refused, match="no folder of ours"):
            swept(files, strange)
    folder.chmod(0o777)
    with pytest.raises(Refused, match="others may write"):
        swept(files, folder)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("code", [0, 1])
def test_what_is_for_containers_is_laid_down_in_them_alone(files: Any, tmp_path: Path, code: int) -> None:
    mine = {"owner": pwd.getpwuid(os.getuid()).pw_name, "group": grp.getgrgid(os.getgid()).gr_name}
    usual = {"content": "x", "mode": "0640", "secret": False, "validate": None, "once": False, **mine}
    here = Here()
    here.params = {**{name: [] for name in ("folders", "links", "absent", "only")}}
    here.params["files"] = [{"path": str(tmp_path / name), "container": name == "its", **usual} for name in ("all", "its")]
    here.run_command = lambda words: (code, "", "")
    assert files.keep(here)["changed"]
    assert sorted(path.name for path in tmp_path.iterdir()) == (["all"] if code else ["all", "its"])

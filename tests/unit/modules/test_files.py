"""A file is on the server as it was given, byte by byte."""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path
from typing import Any

from tests.unit.modules.conftest import Loader


class Here:
    """What the module asks of Ansible."""

    check_mode = False


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

"""Who is root, who is not, and what is told where this machine gives nobody users of their own. The ground itself is made in
`tests/stories/test_rootless.py`."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from network import wiring
from network.errors import LabRefused
from network.lab import kernel, rootless

EVERYBODY = "         0          0 4294967295\n"
ALONE = "         0       1004          1\n"


@pytest.fixture
def users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The users of the process, as the kernel tells them."""
    told = tmp_path / "uid_map"
    monkeypatch.setattr(rootless, "_USERS", told)
    return told


@pytest.mark.parametrize(
    ("told", "uid", "is_root"),
    [(EVERYBODY, 0, True), (EVERYBODY, 1004, False), (ALONE, 0, False), ("0 1004 1\n1 100000 65536\n", 0, True)],
)
def test_root_over_itself_alone_is_not_root(
    users: Path, monkeypatch: pytest.MonkeyPatch, told: str, uid: int, is_root: bool
) -> None:
    users.write_text(told)
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    assert rootless.is_root() is is_root


def test_on_its_own_ground_a_person_is_still_who_they_were(users: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    users.write_text(ALONE)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(rootless, "_COVERED", tmp_path)
    assert rootless.caller() == 0, "root of a container is not taken for somebody"
    (tmp_path / ".below").mkdir()
    assert rootless.caller() == 1004
    assert wiring.user() != "root"


def test_root_goes_nowhere(users: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users.write_text(EVERYBODY)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert not rootless.settle()
    assert not rootless.join()


def test_where_nobody_may_have_users_of_their_own_that_is_said(users: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    users.write_text(EVERYBODY)
    monkeypatch.setattr(os, "geteuid", lambda: 1004)
    monkeypatch.setattr(kernel, "leave_users_and_mounts", refused)
    monkeypatch.setenv("LAJUR_CACHE", str(users.parent))
    with pytest.raises(LabRefused) as told:
        rootless.settle()
    assert (told.value.code, told.value.fields) == ("lab.needs_users", {"cause": "Operation not permitted"})

"""What a server refuses to unpack, whoever looked at it before."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Change = Callable[[tarfile.TarInfo], None]


def member(name: str, **said: Any) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.mode = 0o644
    for field, value in said.items():
        setattr(made, field, value)
    return made


def archive(*members: tarfile.TarInfo, content: bytes = b"x") -> tarfile.TarFile:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for each in members:
            each.size = len(content) if each.isreg() else 0
            tar.addfile(each, io.BytesIO(content) if each.isreg() else None)
    raw.seek(0)
    return tarfile.open(fileobj=raw)


FILE = member("bin/serve", mode=0o755)

STRANGE = {
    "absolute": [member("/etc/passwd")],
    "climbs": [member("bin/../../x")],
    "link out": [member("bin/x", type=tarfile.SYMTYPE, linkname="../../etc/passwd")],
    "absolute link": [member("x", type=tarfile.SYMTYPE, linkname="/etc/passwd")],
    "through a link": [member("d", type=tarfile.SYMTYPE, linkname="bin"), member("d/x")],
    "through a link that comes later": [member("d/x"), member("d", type=tarfile.SYMTYPE, linkname="bin")],
    "hard link to what is not there": [member("x", type=tarfile.LNKTYPE, linkname="../etc/passwd")],
    "hard link to a link": [
        member("l", type=tarfile.SYMTYPE, linkname="bin"),
        member("x", type=tarfile.LNKTYPE, linkname="l"),
    ],
    "device": [member("null", type=tarfile.CHRTYPE, devmajor=1, devminor=3)],
    "pipe": [member("pipe", type=tarfile.FIFOTYPE)],
    "set-user-id": [member("su", mode=0o4755)],
    "twice": [member("bin/serve")],
    "name with an escape": [member("bin/\x1b[2J")],
    "nothing": [],
}


@pytest.mark.parametrize("strange", STRANGE)
def test_nothing_is_written_of_an_archive_that_is_refused(strange: str, shared: dict[str, Any], tmp_path: Path) -> None:
    own = shared["lajur_archive"]
    members = [FILE, *STRANGE[strange]] if STRANGE[strange] else []
    with archive(*members) as tar, pytest.raises(own.Unfit) as caught:
        own.unpack(tar, tmp_path)
    assert str(caught.value).isprintable()
    assert list(tmp_path.iterdir()) == []


def test_what_fits_is_unpacked_as_files_of_our_own(shared: dict[str, Any], tmp_path: Path) -> None:
    members = [
        member("./", type=tarfile.DIRTYPE),
        member("bin", type=tarfile.DIRTYPE, mode=0o777),
        FILE,
        member("lib/data", mode=0o666, uid=1234),
        member("bin/also", type=tarfile.SYMTYPE, linkname="../lib/data"),
        member("bin/twin", type=tarfile.LNKTYPE, linkname="bin/serve"),
    ]
    with archive(*members) as tar:
        shared["lajur_archive"].unpack(tar, tmp_path)
    assert (tmp_path / "bin/serve").stat().st_mode & 0o7777 == 0o755
    assert (tmp_path / "lib/data").stat().st_mode & 0o7777 == 0o644
    assert (tmp_path / "lib/data").stat().st_uid == tmp_path.stat().st_uid
    assert (tmp_path / "bin/also").read_bytes() == b"x"
    assert (tmp_path / "bin/twin").samefile(tmp_path / "bin/serve")


def test_a_package_may_lead_into_the_system_and_nothing_else_changes(shared: dict[str, Any], tmp_path: Path) -> None:
    own = shared["lajur_archive"]
    with archive(FILE, member("etc/x", type=tarfile.SYMTYPE, linkname="/usr/share/x")) as tar:
        own.unpack(tar, tmp_path, leads_anywhere=True)
    with archive(member("x", mode=0o4755)) as tar, pytest.raises(own.Unfit):
        own.unpack(tar, tmp_path / "other", leads_anywhere=True)


def test_half_an_archive_is_refused(shared: dict[str, Any], tmp_path: Path) -> None:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        made = member("big")
        made.size = 500_000
        tar.addfile(made, io.BytesIO(bytes(range(250)) * 2000))
    own = shared["lajur_archive"]
    cut = io.BytesIO(raw.getvalue()[: len(raw.getvalue()) // 2])
    with tarfile.open(fileobj=cut) as tar, pytest.raises(own.Unfit):
        own.unpack(tar, tmp_path)

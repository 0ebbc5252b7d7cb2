"""A file becomes a release whole or not at all, and whatever goes wrong leaves nothing of it."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.conftest import Loader

ID = "1.2.3-0123456789ab"


def tarball(name: str = "bin/serve", content: bytes = b"#!/bin/sh\n") -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        made = tarfile.TarInfo(name)
        made.size, made.mode = len(content), 0o755
        tar.addfile(made, io.BytesIO(content))
    return raw.getvalue()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for each in ("releases", "incoming", "shared"):
        (tmp_path / "gateway" / each).mkdir(parents=True)
    return tmp_path / "gateway"


def placing(module: Loader, home: Path, content: bytes = b"", **more: Any) -> Any:
    (home / "incoming" / ID).write_bytes(content)
    told = {
        "key": "gateway", "release": ID, "kind": "tarball", "sha256": hashlib.sha256(content).hexdigest(), "size": 100,
        "pulls": False, "brought": "", "root": str(home.parent), **more,
    }  # fmt: skip
    return module("lajur_place").Placing(told)


def left(home: Path) -> list[str]:
    return sorted(str(each.relative_to(home)) for folder in ("releases", "incoming") for each in (home / folder).iterdir())


def test_a_tarball_becomes_a_release_and_nothing_else_is_left(module: Loader, home: Path) -> None:
    assert placing(module, home, tarball()).place() == {"placed": True, "trouble": None}
    assert left(home) == [f"releases/{ID}"]
    assert os.access(home / "releases" / ID / "bin/serve", os.X_OK)
    assert placing(module, home, b"another").place()["placed"]
    assert (home / "releases" / ID / "bin/serve").read_text() == "#!/bin/sh\n"


def test_the_file_is_kept_for_servers_that_join_until_its_release_goes(module: Loader, home: Path) -> None:
    made = placing(module, home, tarball())
    made.place()
    kept = home / "files" / ID
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (tarball(), 0o600)
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    (home / "files" / "9-cccccccccccc").write_text("of a run that was cut")
    made.folders.clear()
    assert [each.name for each in kept.parent.iterdir()] == [ID]
    made.folders.remove(ID)
    assert list(kept.parent.iterdir()) == []


def test_a_release_is_placed_though_its_file_cannot_be_kept(module: Loader, home: Path) -> None:
    (home / "files").write_text("no folder")
    assert placing(module, home, tarball()).place() == {"placed": True, "trouble": None}
    assert left(home) == [f"releases/{ID}"]


@pytest.mark.parametrize(
    ("content", "more", "problem"),
    [
        (tarball(), {"sha256": "0" * 64}, "checksum"),
        (tarball("../x"), {}, "unpack"),
        (b"no archive", {}, "unpack"),
        (tarball()[:-30], {}, "unpack"),
        (tarball(), {"release": "../../etc"}, "other"),
        (b"half", {"brought": "sftp: write: No space left on device"}, "space"),
        (b"half", {"brought": "Copied file does not match the expected checksum. Transfer failed."}, "checksum"),
        (b"half", {"brought": "Task failed: Timed out after 660 second(s)."}, "timeout"),
        (b"", {"kind": "wheel"}, "unpack"),
    ],
    ids=["digest", "climbs", "no-archive", "cut", "strange-id", "disk-full", "changed", "late", "no-wheel"],
)
def test_what_goes_wrong_leaves_nothing(module: Loader, home: Path, content: bytes, more: Any, problem: str) -> None:
    before = placing(module, home, content, **more)
    before.file = home / "incoming" / ID
    found = before.place()
    assert (found["placed"], found["trouble"]["problem"]) == (False, problem)
    assert [each for each in left(home) if each.startswith("releases/")] == []
    assert not (home / "incoming" / f".{ID}.part").exists()
    assert not (home / "incoming" / ID).exists()


def package(folder: Path, files: dict[str, bytes], control: str = "") -> bytes:
    """By Debian's own program."""
    (folder / "tree/DEBIAN").mkdir(parents=True)
    about = "Package: gateway\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.example>\nDescription: a\n"
    (folder / "tree/DEBIAN/control").write_text(about + control)
    for name, content in files.items():
        (folder / "tree" / name).write_bytes(content)
    words = ["dpkg-deb", "--root-owner-group", "-Zxz", "-b", str(folder / "tree"), str(folder / "made.deb")]
    subprocess.run(words, check=True, capture_output=True)
    return (folder / "made.deb").read_bytes()


needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")


@needs_dpkg
@pytest.mark.allowed_skip("Debian has it everywhere")
def test_a_deb_is_unpacked_beside_itself(module: Loader, home: Path, tmp_path: Path) -> None:
    made = package(tmp_path / "deb", {"serve": b"#!/bin/sh\n"})
    assert placing(module, home, made, kind="deb").place() == {"placed": True, "trouble": None}
    assert sorted(each.name for each in (home / "releases" / ID).iterdir()) == ["files", "package.deb"]
    assert (home / "releases" / ID / "files/serve").read_bytes() == b"#!/bin/sh\n"


@needs_dpkg
@pytest.mark.allowed_skip("Debian has it everywhere")
def test_of_a_deb_no_more_is_written_than_may_be(
    module: Loader, home: Path, tmp_path: Path, shared: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty megabytes of zeros in twenty kilobytes, which say that they are one; the bound is lowered for that."""
    made = package(tmp_path / "deb", {"zeros": bytes(60 * 2**20)}, "Installed-Size: 1\n")
    assert len(made) < 20_000
    monkeypatch.setattr(shared["lajur_archive"], "MOST_BYTES", 2**20)
    monkeypatch.setattr(shared["lajur_archive"], "MOST_SAID", 2**20)
    written = 0
    one = placing(module, home, made, kind="deb")
    known = one._data

    def noting(place: Path) -> None:
        nonlocal written
        try:
            known(place)
        finally:
            written = place.stat().st_size

    monkeypatch.setattr(one, "_data", noting)
    found = one.place()
    assert found["trouble"]["problem"] == "unpack"
    assert "1048576 bytes" in found["trouble"]["said"]
    assert 0 < written <= 2 * 2**20
    assert left(home) == []


@needs_dpkg
@pytest.mark.allowed_skip("Debian has it everywhere")
def test_a_deb_of_which_half_can_be_read_is_none(module: Loader, home: Path, tmp_path: Path) -> None:
    """Its program says by its exit code alone that what it gave is not all."""
    made = package(tmp_path / "deb", {"a": os.urandom(400_000)})
    found = placing(module, home, made[: len(made) // 2] + bytes(len(made) - len(made) // 2), kind="deb").place()
    assert found["trouble"]["problem"] == "unpack"
    assert "dpkg-deb" in found["trouble"]["said"]
    assert left(home) == []


@pytest.mark.parametrize("tag", ["py3/../../etc-none-any", "py3-none-any/x", "py3", "py3-none-a\tb"])
def test_a_wheel_that_is_called_what_no_wheel_is_called_is_told(
    module: Loader, home: Path, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("gateway-1.dist-info/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
    ran: list[Any] = []
    one = placing(module, home, raw.getvalue(), kind="wheel")
    monkeypatch.setattr(one, "_run", lambda *words: ran.append(words))
    found = one.place()
    assert (found["trouble"]["problem"], ran) == ("unpack", [])
    assert "no name of a wheel" in found["trouble"]["said"]
    assert left(home) == []


def test_a_disk_that_gets_full_on_the_way_says_so(module: Loader, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = placing(module, home, tarball())

    def full(_archive: object, folder: Path, **_more: object) -> None:
        (folder / "half").write_text("x")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(made._tarball.__func__.__globals__, "unpack", full)
    found = made.place()
    assert found["trouble"]["problem"] == "space"
    assert found["trouble"]["needed"] == 100
    assert left(home) == []


def test_there_must_be_room_before_anything_comes(module: Loader, home: Path) -> None:
    found = placing(module, home, b"", size=2**60).room()
    assert (found["placed"], found["trouble"]["problem"], found["trouble"]["needed"]) == (False, "space", 2**60)
    assert found["trouble"]["free"] < 2**60
    (home / "releases" / ID).mkdir()
    assert placing(module, home, b"", size=2**60).room()["trouble"] is None


def test_what_tells_an_environment_where_it_is_is_written_anew(module: Loader, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/serve").write_text(f"#!{tmp_path}/bin/python\n")
    (tmp_path / "bin/python").symlink_to("/usr/bin/python3")
    (tmp_path / "bin/native").write_bytes(f"\0{tmp_path}".encode())
    (tmp_path / "pyvenv.cfg").write_text(f"command = venv {tmp_path}\n")
    module("lajur_place").move(tmp_path, str(tmp_path), "/srv/new")
    assert (tmp_path / "bin/serve").read_text() == "#!/srv/new/bin/python\n"
    assert (tmp_path / "pyvenv.cfg").read_text() == "command = venv /srv/new\n"
    assert (tmp_path / "bin/native").read_bytes() == f"\0{tmp_path}".encode()

"""The module `lajur_place`: makes a file that was brought to a server a release that lies there, whole or not at all."""

from __future__ import annotations

import errno
import gzip
import hashlib
import lzma
import os
import re
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_archive import Unfit, copy, unpack
from ansible.module_utils.lajur_folders import Busy, Folders, discard, is_id
from ansible.module_utils.lajur_hands import end, run, trouble

DOCUMENTATION = r"""
module: lajur_place
short_description: Makes a file that was brought to a server a release of a workload
description:
  - V(room) says whether the release is there, and whether there is room for it. V(placed) compares the file's checksum,
    unpacks or installs it beside the others and gives it its name when it is whole. Nothing is switched.
  - The result is C(lajur) with C(placed) and C(trouble). What this server cannot do is C(trouble) in it, with C(problem) and
    C(said), and no failure of the module; what was begun is removed then.
options:
  key:
    description: The workload.
    type: str
    required: true
  release:
    description: The name that the release gets.
    type: str
    required: true
  state:
    description: What to do.
    type: str
    choices: [room, placed]
    default: room
  kind:
    description: What the file is.
    type: str
    choices: [wheel, tarball, deb]
    required: true
  sha256:
    description: The file's checksum.
    type: str
    required: true
  size:
    description: Bytes that are needed in all.
    type: int
    default: 0
  pulls:
    description: Whether packages that it needs may be fetched from the repositories that the server has.
    type: bool
    default: false
  brought:
    description: What went wrong while the file was brought; then what came is taken away.
    type: str
    default: ""
  root:
    description: The folder above those of all workloads.
    type: path
    default: /srv/lajur
author: [Lajur]
attributes:
  check_mode:
    support: full
"""

EXAMPLES = r"""
- name: Place what was brought
  lajur_place:
    key: gateway
    release: 1.4.2-0123456789ab
    state: placed
    kind: tarball
    sha256: "{{ artefact.sha256 }}"
"""

RETURN = r"""
lajur:
  description: Whether it lies there, and what is wrong if not.
  type: dict
  returned: always
"""

_SECONDS = 540
"""For everything that may be fetched."""

_BROKEN = (tarfile.TarError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError, ValueError)
"""What Python says of an archive that is none, or half of one."""

_SMALL = 64 * 1024
_LONGEST_NAME = 250
_WHEEL = re.compile(r"[0-9A-Za-z][0-9A-Za-z._]*-[0-9A-Za-z][0-9A-Za-z._!+]*-[0-9A-Za-z_.]+-[0-9A-Za-z_.]+-[0-9A-Za-z_.]+[.]whl")

_ENDED = 124
"""Of a program that was ended because it took too long."""

_SIGNS = {"Timed out after": "timeout", "does not match the expected checksum": "checksum"}
"""What Ansible says of a file that did not come in time, and of one that was changed while it was brought."""

_FULL = (errno.ENOSPC, errno.EDQUOT)


class Failed(Exception):
    """`found` is the trouble."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__(found["problem"])
        self.found = found


class Placing:
    """One file on its way to be a release. `free` is what there was before."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.folders = Folders(told["key"], told["root"])
        self.file = self.folders.incoming / told["release"]
        self.part = self.folders.incoming / f".{told['release']}.part"

    def room(self) -> dict[str, Any]:
        free, needed = self.folders.free(), self.told["size"]
        there = self.folders.has(self.told["release"])
        found = None
        if free is None or not self.folders.incoming.is_dir():
            found = trouble("other", f"{self.folders.home}: not there")
        elif not there and free < needed:
            found = self._full(free)
        return {"placed": there, "free": free, "trouble": found}

    def _full(self, free: int | None) -> dict[str, Any]:
        found: dict[str, Any] = trouble("space", "", needed=self.told["size"], free=free)
        return found

    def place(self) -> dict[str, Any]:
        """Raises nothing: what went wrong is the trouble, and nothing of it is left."""
        free = self.folders.free()
        found: dict[str, Any] | None
        try:
            with self.folders.turn():
                if not self.folders.has(self.told["release"]):
                    self._place()
                found = None
        except Failed as failed:
            found = failed.found
        except Unfit as error:
            found = trouble("unpack", str(error))
        except OSError as error:
            found = self._full(free) if error.errno in _FULL else trouble("other", f"{type(error).__name__}: {error}")
        except Busy as error:
            return {"placed": False, "trouble": trouble("other", f"Busy: {error}")}
        finally:
            for each in (self.file, self.part):
                discard(each)
        return {"placed": found is None, "trouble": found}

    def _place(self) -> None:
        if brought := self.told["brought"]:
            found = os.statvfs(self.folders.incoming)
            free = found.f_bavail * found.f_frsize
            full = "No space left" in brought or "Disk quota" in brought or free < self.told["size"]
            problem = next((each for sign, each in _SIGNS.items() if sign in brought), "other")
            raise Failed(self._full(free) if full else trouble(problem, brought))
        if not is_id(self.told["release"]) or not self.file.is_file():
            raise Failed(trouble("other", f"{self.file}: not there"))
        if checksum(self.file) != self.told["sha256"]:
            raise Failed(trouble("checksum"))
        discard(self.part)
        self.part.mkdir(mode=0o755)
        {"tarball": self._tarball, "wheel": self._wheel, "deb": self._deb}[self.told["kind"]]()
        os.utime(self.part)
        self.folders.keep(self.told["release"], self.file)
        # All of it is on the disk before it has its name.
        os.sync()
        self.part.rename(self.folders.release(self.told["release"]))

    def _tarball(self) -> None:
        try:
            with tarfile.open(self.file) as archive:
                unpack(archive, self.part)
        except _BROKEN as error:
            raise Unfit(f"{type(error).__name__}: {error}"[:500]) from error

    def _wheel(self) -> None:
        """An environment of its own, which sees the packages of the system. It is made under the name that it has on the
        way, so what tells its programs where they are is written anew."""
        name = self.file.with_name(_wheel_name(self.file))
        self._run("other", ["python3", "-m", "venv", "--system-site-packages", str(self.part)])
        self.file.rename(name)
        index = [] if self.told["pulls"] else ["--no-index"]
        words = [str(self.part / "bin/python"), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
        try:
            self._run("packages", [*words, "--no-compile", "--no-cache-dir", *index, str(name)])
        finally:
            name.rename(self.file)
        final = str(self.folders.release(self.told["release"]))
        move(self.part, str(self.part), final)
        where = ["-s", str(self.part), "-p", final]
        self._run("other", ["python3", "-m", "compileall", "-q", *where, str(self.part / "lib")])

    def _deb(self) -> None:
        """The package for when it is switched to, its files for what is to run before, and at once what it needs."""
        said = self._run("unpack", ["dpkg-deb", "--field", str(self.file), "Pre-Depends", "Depends"])
        self._data(self.part / "files.tar")
        (self.part / "files").mkdir()
        try:
            with tarfile.open(self.part / "files.tar") as archive:
                unpack(archive, self.part / "files", leads_anywhere=True)
        except _BROKEN as error:
            raise Unfit(f"{type(error).__name__}: {error}"[:500]) from error
        (self.part / "files.tar").unlink()
        needs = [line.partition(":")[2].strip() for line in said.splitlines() if ":" in line]
        environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
        pulls = [] if self.told["pulls"] else ["--no-download"]
        if needs:
            options = ["--yes", "--no-install-recommends", *pulls]
            self._run("packages", [*environment, "apt-get", "satisfy", *options, *needs])
        os.link(self.file, self.part / "package.deb")

    def _data(self, place: Path) -> None:
        """What the package holds, as a file that can be looked at twice: all members first, then all again. No more of it is
        written than may be, whatever the package says of its size."""
        words = ["dpkg-deb", "--fsys-tarfile", str(self.file)]
        with (
            tempfile.TemporaryFile() as errors,
            subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, start_new_session=True) as process,
        ):
            assert process.stdout is not None
            try:
                with place.open("xb") as target:
                    copy(process.stdout, target)
            except BaseException:
                end(process)
                raise
            if process.wait():
                errors.seek(0)
                raise Failed(trouble("unpack", errors.read(_SMALL).decode(errors="replace")))

    def _run(self, problem: str, words: list[str]) -> str:
        code, said, errors = run(words, _SECONDS)
        if code == _ENDED:
            raise Failed(trouble("timeout", said + errors))
        if code:
            full = "No space left on device" in errors
            raise Failed(self._full(self.folders.free()) if full else trouble(problem, said + errors))
        return str(said)


def _wheel_name(file: Path) -> str:
    """A name that pip believes: it reads what it installs from the file itself."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            made = [each for each in names if each.endswith(".dist-info/WHEEL") and each.count("/") == 1]
            with archive.open(made[0]) as said:
                tags = [line[5:].strip() for line in said.read(_SMALL).decode().splitlines() if line.startswith("Tag: ")]
    except (zipfile.BadZipFile, IndexError, UnicodeDecodeError, zlib.error, EOFError, NotImplementedError) as error:
        raise Unfit(f"{type(error).__name__}: {error}"[:500]) from error
    if any(name.startswith("/") or ".." in name.split("/") for name in names) or not tags:
        raise Unfit("a member climbs out, or there is no tag")
    name = f"{made[0].partition('.dist-info/')[0]}-{tags[0]}.whl"
    if len(name) > _LONGEST_NAME or not _WHEEL.fullmatch(name):
        raise Unfit(f"{name[:200]!a}: no name of a wheel")
    return name


def move(folder: Path, old: str, new: str) -> None:
    """Write `new` for `old` in the environment's own programs and settings."""
    for each in [*(folder / "bin").iterdir(), folder / "pyvenv.cfg"]:
        if each.is_symlink() or not each.is_file():
            continue
        text = each.read_bytes()
        if old.encode() in text and b"\0" not in text:
            each.write_bytes(text.replace(old.encode(), new.encode()))


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "key": {"type": "str", "required": True, "no_log": False},
            "release": {"type": "str", "required": True},
            "state": {"type": "str", "default": "room", "choices": ["room", "placed"]},
            "kind": {"type": "str", "required": True, "choices": ["wheel", "tarball", "deb"]},
            "sha256": {"type": "str", "required": True},
            "size": {"type": "int", "default": 0},
            "pulls": {"type": "bool", "default": False},
            "brought": {"type": "str", "default": ""},
            "root": {"type": "path", "default": "/srv/lajur"},
        },
        supports_check_mode=True,
    )
    os.umask(0o022)
    placing = Placing(module.params)
    there = placing.folders.has(module.params["release"])
    if module.params["state"] == "room" or module.check_mode:
        module.exit_json(changed=False, lajur=placing.room())
    found = placing.place()
    module.exit_json(changed=bool(found["placed"]) and not there, lajur=found)


if __name__ == "__main__":
    main()

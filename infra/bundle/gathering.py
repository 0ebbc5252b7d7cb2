"""The files of a bundle, put together in a folder: packages as they were installed, our own wheel, and what starts them.

Nothing is fetched. Each file of a package is compared with the digest that its installer wrote down, so that what somebody
changed by hand in this checkout's environment does not travel.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import PackagePath
from pathlib import Path, PurePosixPath
from typing import Final

from infra.bundle.choosing import Chosen, NoBundle

PYTHON: Final = (3, 11)
"""The Python of the servers: Debian 12's."""

PACKAGES: Final = f"lib/python{PYTHON[0]}.{PYTHON[1]}/site-packages"

_INTERPRETER: Final = f"/usr/bin/python{PYTHON[0]}.{PYTHON[1]}"
_ENVIRONMENT: Final = "home = /usr/bin\ninclude-system-site-packages = false\nversion = {}.{}\n".format(*PYTHON)

# Python takes the name by which it is called for its place, and finds `pyvenv.cfg` beside it: an environment without a link out
# of the archive, whose interpreter is the server's own and gets its security updates. The place is a release's own folder, not
# `current`: a release that is swapped beneath a running program must not give it half of its modules.
_PLACE: Final = """#!/bin/bash
self=$(readlink -f -- "$0")
here=${{self%/*}}
[ -x {python} ] || {{ echo "lajur: this bundle needs {python}" >&2; exit 70; }}
exec -a "$here/python" {python} {words}"$@"
"""
_START: Final = "from network.cli.start import main\n\nmain()\n"


def _started(words: str) -> str:
    return _PLACE.format(python=_INTERPRETER, words=words)


STARTERS: Final = {
    "bin/python": _started(""),
    "bin/lajur": _started('-I "$here/../lib/start/lajur" '),
    "lib/start/lajur": _START,
    "pyvenv.cfg": _ENVIRONMENT,
}
"""By name below the release's folder. What stands in `bin/` is a program."""


def gather(folder: Path, chosen: Iterable[Chosen], wheel: Path) -> None:
    """Fill the empty `folder`. Raises NoBundle for a file that is missing or is not what was installed."""
    packages = folder / PACKAGES
    packages.mkdir(parents=True)
    for package in chosen:
        for name, content in _files(package):
            _put(packages / name, content)
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                _put(packages / _inside(member.filename, wheel.name), archive.read(member))
    for starter, text in STARTERS.items():
        _put(folder / starter, text.encode(), 0o755 if starter.startswith("bin/") else 0o644)


def describe(folder: Path, name: str, version: str, chosen: Iterable[Chosen]) -> None:
    """`bundle.json`: what is in it, for whoever finds it on a server."""
    told = {
        "name": name,
        "version": version,
        "python": ".".join(str(number) for number in PYTHON),
        "machine": os.uname().machine,
        "packages": {package.name: package.version for package in chosen},
    }
    _put(folder / "bundle.json", (json.dumps(told, indent=1) + "\n").encode())


def compile_all(folder: Path) -> None:
    """Byte code beside each module: a release's folder is read only for its service, which would compile at every start.

    It names no time and no place, and is never compared with its source, so that a start reads half as many files.
    """
    words = ["-m", "compileall", "-q", "-s", str(folder), "--invalidation-mode", "unchecked-hash", str(folder / PACKAGES)]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run([sys.executable, "-I", *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):  # 1: some file is no Python of ours, as templates among packages are
        raise NoBundle(f"the modules could not be compiled: {done.stderr[-500:]}")


def build_wheel(checkout: Path, folder: Path, epoch: int) -> Path:
    """The project's own wheel, by the build tools of the lock. Raises NoBundle."""
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    done = subprocess.run(words, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    found = sorted(folder.glob("*.whl"))
    if done.returncode or len(found) != 1:
        raise NoBundle(f"the wheel could not be built: {(done.stderr or done.stdout)[-500:]}")
    return found[0]


def _files(package: Chosen) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Everything of it that stands among the packages; its commands and byte code stay behind."""
    listed = package.installed.files
    if listed is None:
        raise NoBundle(f"{package.name} does not say which files it has; `make setup` after `rm -rf .venv`")
    for file in listed:
        if ".." in file.parts or file.suffix == ".pyc":
            continue
        yield _inside(file.as_posix(), package.name), _content(package, file)


def _content(package: Chosen, file: PackagePath) -> bytes:
    try:
        content = Path(str(file.locate())).read_bytes()
    except OSError as error:
        raise NoBundle(f"{package.name}: {file}: {error.strerror}; `make setup` after `rm -rf .venv`") from error
    if file.hash is not None:
        found = base64.urlsafe_b64encode(hashlib.new(file.hash.mode, content).digest()).rstrip(b"=").decode()
        if found != file.hash.value:
            raise NoBundle(f"{package.name}: {file} is not as it was installed; `make setup` after `rm -rf .venv`")
    return content


def _inside(name: str, owner: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise NoBundle(f"{owner}: {name} would leave the bundle")
    return path


def _put(path: Path, content: bytes, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)

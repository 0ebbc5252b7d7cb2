"""Unpacks an archive from outside. What would lie outside of its folder, lead there, or be more than a file is refused whole.

The rules are those by which the controller looked at it (`network.core.releases.artefact`). Standard library only.
"""

from __future__ import annotations

import os
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

MOST_MEMBERS = 50_000
MOST_BYTES = 2 * 2**30
MOST_SAID = 256 * 2**20
"""Bytes of an archive beside what its members hold."""

_LONGEST = 1000
_CHUNK = 1024 * 1024
_SPECIAL = 0o6000


class Unfit(Exception):
    """An archive that is not unpacked. Its text names the member, and what is wrong with it."""


def unpack(archive: tarfile.TarFile, folder: Path, *, leads_anywhere: bool = False) -> None:
    """Unpack into an empty `folder`, all of it the caller's own. Raises Unfit before anything is written, OSError on the way.

    `leads_anywhere`: symbolic links lead where they like, as those of a package that has its place in the whole system do.
    """
    members = [(path, each) for path, each in look_through(archive, leads_anywhere=leads_anywhere) if path.parts]
    for path, each in members:
        place = folder / path
        if each.isdir():
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if each.issym():
            place.symlink_to(each.linkname)
        elif each.islnk():
            os.link(folder / _path(each.linkname, each), place, follow_symlinks=False)
        else:
            _write(archive, each, place)


def copy(source: BinaryIO, target: BinaryIO) -> int:
    """What `source` gives, to its end: its bytes. Raises Unfit at the first that is too many, OSError."""
    total = 0
    while part := source.read(_CHUNK):
        total += len(part)
        if total > MOST_BYTES + MOST_SAID:
            raise Unfit(f"more than {MOST_BYTES} bytes")
        target.write(part)
    return total


def look_through(archive: tarfile.TarFile, *, leads_anywhere: bool = False) -> list[tuple[PurePosixPath, tarfile.TarInfo]]:
    """Every member and where it belongs. Raises Unfit."""
    kinds: dict[PurePosixPath, str] = {}
    found = []
    total = 0
    for each in _members(archive):
        path, kind = _path(each.name, each), _kind(each)
        if each.mode & _SPECIAL:
            raise _bad(each, "set-id")
        if kind == "link" and not leads_anywhere:
            _leads_inside(path, each)
        if kind == "twin" and kinds.get(_path(each.linkname, each)) != "file":
            raise _bad(each, "hard link to what is no file before it")
        if path in kinds and (kinds[path], kind) != ("folder", "folder"):
            raise _bad(each, "twice")
        kinds[path] = kind
        total += each.size
        found.append((path, each))
        if len(found) > MOST_MEMBERS or total > MOST_BYTES:
            raise Unfit(f"more than {MOST_MEMBERS} members or {MOST_BYTES} bytes")
    for path in kinds:
        if any(kinds.get(parent, "folder") != "folder" for parent in path.parents[:-1]):
            raise Unfit(f"{str(path)[:200]!a}: below what is no folder")
    if not found:
        raise Unfit("empty")
    return found


def _members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    try:
        yield from archive
    except (tarfile.TarError, zlib.error, EOFError, ValueError) as error:
        raise Unfit(f"{type(error).__name__}: {error}"[:500]) from error


def _kind(each: tarfile.TarInfo) -> str:
    if each.isdir():
        return "folder"
    if each.issym():
        return "link"
    if each.islnk():
        return "twin"
    if each.isreg():
        return "file"
    raise _bad(each, "device, pipe or something else that is no file")


def _path(name: str, each: tarfile.TarInfo) -> PurePosixPath:
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/"):
        raise _bad(each, "absolute path")
    if ".." in parts:
        raise _bad(each, "climbs out")
    if len(name) > _LONGEST or not name.isprintable() or (not parts and not each.isdir()):
        raise _bad(each, "name")
    return PurePosixPath(*parts)


def _leads_inside(path: PurePosixPath, each: tarfile.TarInfo) -> None:
    target = each.linkname
    if not target or len(target) > _LONGEST or not target.isprintable():
        raise _bad(each, "name of a link's target")
    parts = [part for part in target.split("/") if part not in ("", ".")]
    up = next((at for at, part in enumerate(parts) if part != ".."), len(parts))
    if target.startswith("/") or ".." in parts[up:] or up > len(path.parts) - 1:
        raise _bad(each, "link that leads out")


def _bad(each: tarfile.TarInfo, why: str) -> Unfit:
    return Unfit(f"{each.name[:200]!a}: {why}")


def _write(archive: tarfile.TarFile, each: tarfile.TarInfo, place: Path) -> None:
    """A file of the caller's own: of the archive's mode only whether it may be run."""
    source = archive.extractfile(each)
    assert source is not None
    mode = 0o755 if each.mode & 0o111 else 0o644
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with open(handle, "wb") as file:  # noqa: PTH123 - by its descriptor
        os.fchmod(handle, mode)
        while part := source.read(_CHUNK):
            file.write(part)

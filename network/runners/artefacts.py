"""A file that is to be released, checked on the controller before anybody hears of it: checksum, signature, what is in it.

Nothing is unpacked here, and of what an archive says of itself no more is read than a bounded part. The file is not ours: who can
write it may do so while we look. So what is verified as signed is what has the checksum by which each server then knows the file
that it is sent; and a file that is another one in the end than in the beginning is refused.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from functools import partial
from hashlib import file_digest
from io import BufferedReader, FileIO, RawIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Protocol, TypeAlias

from network.core.releases.artefact import (
    LARGEST_FILE,
    LARGEST_HEADER,
    MOST_BYTES,
    Member,
    Members,
    checksum_in,
    differing,
    fit_programs,
    fit_sha256,
    fit_version,
    fit_wheel,
    kind_of,
    look_through,
    release_id,
    sized,
    version_in,
)
from network.core.releases.values import Artefact, ArtefactKind, Workload
from network.errors import LajurError, Refused
from network.runners.archive_words import Lacking, why
from network.runners.signatures import verified

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SLACK: Final = 4 * LARGEST_HEADER
"""Bytes that a reader may take between two members of an archive, beside what the first of them holds."""

_MOST_SAID: Final = 256 * 2**20
"""Bytes of an archive beside what its members hold."""

_ENVIRONMENT: Final = 64 * 2**20
"""Bytes of an empty Python environment, in which a wheel is installed; packages that it pulls are guessed as four of it."""

_CONTROL: Final = "control.tar"
_DATA: Final = "data.tar"
_SMALL: Final = 64 * 1024
_LARGEST_DIRECTORY: Final = 16 * 2**20
_TAIL: Final = 22
"""Bytes of the end record of a zip archive."""

_BROKEN: Final = (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, zlib.error, lzma.LZMAError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the person who releases says of the file. `signature` None: `FILE.sig` where there is one; `sha256` None: what
    `FILE.sha256` says; `version` None: what the file itself says."""

    version: str | None = None
    sha256: str | None = None
    signature: Path | None = None


@dataclass(frozen=True, slots=True)
class _Content:
    """`members`: what lies there when it is unpacked; None where an installer makes that."""

    version: str | None
    unpacked: int
    pulls: bool = False
    members: Members | None = None


def checked(path: Path, workload: Workload, said: Said) -> Artefact:
    """Raises Refused for whatever does not fit, and says what would. Of the file at `path` a server takes only what has `sha256`,
    whoever changes it from then on."""
    path = path.expanduser().absolute()
    kind = kind_of(path.name)
    if kind is not workload.kind:
        raise Refused("release.kind", workload=workload.key, kind=kind.value, wanted=workload.kind.value)
    with _opened(path) as (file, size):
        digest = file_digest(file, "sha256").hexdigest()
        signed = _signature(path, workload, said)
        _checksum(path, said, digest, signed=signed is not None)
        if signed is not None and verified(path, file, workload, signed, _small(signed)) != digest:
            raise Refused("release.file_changed", file=path.name)
        file.seek(0)
        content = _content(path.name, kind, file)
        if content.members is not None:
            fit_programs(path.name, workload, content.members)
        file.seek(0)
        if file_digest(file, "sha256").hexdigest() != digest:
            raise Refused("release.file_changed", file=path.name)
    version = said.version or content.version
    if version is None:
        raise Refused("release.no_version", file=path.name)
    version = fit_version(version)
    return Artefact(
        id=release_id(version, digest),
        version=version,
        kind=kind,
        path=str(path),
        sha256=digest,
        size=size,
        unpacked=content.unpacked,
        pulls=content.pulls,
    )


@contextmanager
def _opened(path: Path) -> Iterator[tuple[FileIO, int]]:
    """Raises Refused for what is no file, or larger than a release is."""
    try:
        # A named pipe must not hold us up; without a buffer, as another program reads from the same place.
        file = FileIO(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
    except OSError as error:
        raise Refused("release.file", file=str(path), reason=error.strerror) from error
    with file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise Refused("release.file_special", file=str(path))
        if found.st_size > LARGEST_FILE:
            raise Refused("release.file_big", file=str(path), size=sized(found.st_size), most=sized(LARGEST_FILE))
        yield file, found.st_size


# ---- whether it is the file that was meant


def _checksum(path: Path, said: Said, digest: str, *, signed: bool) -> None:
    beside = path.with_name(f"{path.name}.sha256")
    if said.sha256 is not None:
        wanted = fit_sha256(said.sha256)
    elif beside.exists():
        wanted = checksum_in(_small(beside).decode(errors="replace"), path.name)
    elif signed:
        return
    else:
        raise Refused("release.no_checksum", file=path.name)
    if wanted != digest:
        raise differing(path.name, wanted, "--sha256" if said.sha256 is not None else beside.name, digest)


def _signature(path: Path, workload: Workload, said: Said) -> Path | None:
    """The file with the signature that is to be verified; None where the truth asks for none and nobody gave one."""
    beside = path.with_name(f"{path.name}.sig")
    signature = said.signature or (beside if beside.exists() else None)
    if workload.signers and signature is None:
        raise Refused("release.no_signature", workload=workload.key, file=path.name)
    if not workload.signers and said.signature is not None:
        raise Refused("release.no_signers", workload=workload.key, file=path.name)
    return signature if workload.signers else None


def _small(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_SMALL)
    except OSError as error:
        raise Refused("release.file", file=str(path), reason=error.strerror) from error


# ---- what is in it


def _content(name: str, kind: ArtefactKind, file: FileIO) -> _Content:
    reader = {ArtefactKind.TARBALL: _tarball, ArtefactKind.WHEEL: _wheel, ArtefactKind.DEB: _deb}[kind]
    try:
        return reader(name, file)
    except LajurError:
        raise
    except _BROKEN as error:
        raise Refused("release.archive", file=name, reason=why(error)) from error


_Held: TypeAlias = tuple[Member, Callable[[], bytes]]
"""A member, and how to read the beginning of what it holds while the archive stands at it."""


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Metered(RawIOBase):
    """A stream that gives so much until somebody allows more: what an archive says of itself is bounded by that."""

    def __init__(self, stream: _Readable, name: str) -> None:
        super().__init__()
        self._stream, self._name = stream, name
        self._left, self._all = _SLACK, _MOST_SAID

    def allow(self, more: int) -> None:
        self._left = min(more, MOST_BYTES) + _SLACK
        self._all += min(more, MOST_BYTES)

    def read(self, size: int = -1, /) -> bytes:
        part = self._stream.read(size)
        self._left -= len(part)
        self._all -= len(part)
        if self._left < 0 or self._all < 0:
            most = sized(_SLACK if self._left < 0 else _MOST_SAID)
            raise Refused("release.archive_header", file=self._name, most=most)
        return part


def _tarball(name: str, file: FileIO) -> _Content:
    seen = look_through(name, (member for member, _ in _tar(name, file)))
    return _Content(version_in(name), seen.done(), members=seen)


def _tar(name: str, file: IO[bytes]) -> Iterator[_Held]:
    """Every member, with what it holds. What follows the last one must be nothing: another reader may go on there."""
    magic = file.read(6)
    file.seek(0)
    first = _plain(magic, file).read(tarfile.BLOCKSIZE)
    if 0 < len(first) < tarfile.BLOCKSIZE and b"\0" not in first:
        raise ValueError("invalid header")  # nor the beginning of one, which is filled up with zeros
    file.seek(0)
    stream = _Metered(_plain(magic, file), name)
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        while (found := archive.next()) is not None:
            stream.allow(found.size)
            yield _member(found), partial(_held, archive, found)
        assert archive.fileobj is not None
        stream.allow(_SLACK)
        while part := archive.fileobj.read(10240):
            if part.strip(b"\0"):
                raise Refused("release.archive_after", file=name)


def _plain(magic: bytes, file: IO[bytes]) -> _Readable:
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if magic.startswith(b"\xfd7zXZ\x00"):
        return lzma.LZMAFile(file)
    return bz2.BZ2File(file) if magic.startswith(b"BZh") else file


def _held(archive: tarfile.TarFile, found: tarfile.TarInfo) -> bytes:
    """The beginning of what the member holds at which the archive stands."""
    file = archive.extractfile(found)
    return file.read(LARGEST_HEADER) if file else b""


def _member(found: tarfile.TarInfo) -> Member:
    kinds = {tarfile.REGTYPE: "file", tarfile.AREGTYPE: "file", tarfile.DIRTYPE: "folder"}
    kinds |= {tarfile.SYMTYPE: "link", tarfile.LNKTYPE: "twin"}
    kind = kinds.get(found.type, "special") if not found.sparse else "special"
    return Member(name=found.name or "", kind=kind, size=found.size, mode=found.mode, target=found.linkname)


def _wheel(name: str, file: FileIO) -> _Content:
    _directory(name, file)
    seen = Members(name)
    with zipfile.ZipFile(file) as archive:
        for found in archive.infolist():
            mode = found.external_attr >> 16
            kind = "folder" if found.is_dir() else "special" if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode) else "file"
            seen.add(Member(name=found.filename, kind=kind, size=found.file_size, mode=mode & 0o7777))
        total = seen.done()
        named = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA") and each.count("/") == 1]
        if len(named) != 1:
            raise Lacking(".dist-info/METADATA")
        metadata, own = named[0], named[0].removesuffix("METADATA")
        fields, wheel = _fields(archive, metadata), _fields(archive, f"{own}WHEEL")
        fit_wheel(name, own.removesuffix(".dist-info/"), [str(each).strip() for each in wheel.get_all("Tag", [""])])
    needs = [each for each in fields.get_all("Requires-Dist", []) if "extra ==" not in str(each)]
    return _Content(str(fields["Version"] or "") or None, total + _ENVIRONMENT * (5 if needs else 1), pulls=bool(needs))


def _fields(archive: zipfile.ZipFile, member: str) -> Message:
    if member not in archive.NameToInfo:
        raise Lacking(member)
    with archive.open(member) as text:
        return BytesHeaderParser().parsebytes(text.read(LARGEST_HEADER))


def _directory(name: str, file: FileIO) -> None:
    """Raises Refused when what the archive says of its members is more than anybody needs; it is read whole."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _SMALL - _TAIL))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _TAIL:
        raise zipfile.BadZipFile("not a zip file")
    if int.from_bytes(tail[at + 12 : at + 16], "little") > _LARGEST_DIRECTORY:
        raise Refused("release.archive_header", file=name, most=sized(_LARGEST_DIRECTORY))
    file.seek(0)


def _deb(name: str, file: FileIO) -> _Content:
    """Both of its archives, counted as they are: what its control file says of its size is not believed. What a package holds is
    put where it says, as root, so that a deb is as good as its signature."""
    texts: list[bytes] = []
    seen: list[Members] = []
    for label, part in _parts(name, file):
        members = _tar(name, part)
        wanted = _noting("control", members, texts) if label == _CONTROL else members
        seen.append(look_through(name, (member for member, _ in wanted), leads_anywhere=True))
    fields = BytesHeaderParser().parsebytes(texts[0])
    needs = any(str(fields[each] or "").strip() for each in ("Depends", "Pre-Depends"))
    # It lies there as a release, and once more in the system.
    return _Content(str(fields["Version"] or "") or None, 2 * sum(each.done() for each in seen), pulls=needs, members=seen[-1])


def _noting(wanted: str, members: Iterable[_Held], texts: list[bytes]) -> Iterator[_Held]:
    """The same, with what the wanted file holds put to `texts`. Raises Lacking when it is not there."""
    for member, held in members:
        if member.name.removeprefix("./") == wanted and member.kind == "file":
            texts.append(held())
        yield member, held
    if not texts:
        raise Lacking(wanted)


def _parts(name: str, file: FileIO) -> Iterator[tuple[str, IO[bytes]]]:
    """The two archives that a package is made of. Raises Refused for one that two readers may read in two ways."""
    if file.read(8) != b"!<arch>\n":
        raise ValueError("invalid header")
    wanted = ["debian-binary", _CONTROL, _DATA]
    while head := file.read(60):
        label, size = head[:16].decode("ascii").strip(" /"), head[48:58].decode("ascii").strip()
        if head[58:] != b"`\n" or not size.isdecimal():
            raise ValueError("invalid header")
        begin = file.tell()
        if not label.startswith("_"):  # such as signatures; nobody unpacks them
            found = label if label.startswith("debian") else ".".join(label.split(".")[:2])
            if not wanted or found != wanted.pop(0):
                raise Refused("release.deb_part", file=name, part=ascii(label).strip("'"))
            if label.endswith(".zst"):
                raise Refused("release.deb_zst", file=name)
            if found in (_CONTROL, _DATA):
                yield found, BufferedReader(_Part(file, int(size)))
        file.seek(begin + int(size) + int(size) % 2)
    if wanted:
        raise Lacking(wanted[0])


class _Part(RawIOBase):
    """So many bytes of a file, from where it stands, as a file of their own."""

    def __init__(self, file: FileIO, size: int) -> None:
        super().__init__()
        self._file, self._begin, self._size, self._at = file, file.tell(), size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, to: int, whence: int = os.SEEK_SET, /) -> int:
        self._at = to + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, space: WriteableBuffer, /) -> int:
        wanted = memoryview(space)
        self._file.seek(self._begin + self._at)
        part = self._file.read(max(0, min(len(wanted), self._size - self._at)))
        wanted[: len(part)] = part
        self._at += len(part)
        return len(part)

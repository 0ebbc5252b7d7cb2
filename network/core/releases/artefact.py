"""What a file that is to be released may be: its name, its version, its id, and what may be in it. Pure; opens nothing.

An archive is data from outside. What would lie outside of its folder, lead there, or be more than a file is refused whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from network.core.releases.values import ArtefactKind, Workload
from network.errors import Refused, UsageError

MOST_MEMBERS: Final = 50_000
MOST_BYTES: Final = 2 * 2**30
"""Of an archive when it is unpacked: a release of an office's application is some hundred megabytes at most."""

LARGEST_HEADER: Final = 2**20
"""Bytes that a member may spend on saying its own name."""

LARGEST_FILE: Final = 2 * 2**30
"""Of the file as it comes."""

_LONGEST_NAME: Final = 1000
_SPECIAL_BITS: Final = 0o6000
"""Set-user-id and set-group-id."""

_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+~_-]{0,63}")
_ID: Final = re.compile(rf"{_VERSION.pattern}-[0-9a-f]{{12}}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_TARBALL: Final = re.compile(r"(?P<name>.+?)\.(?:tar|tar\.gz|tgz|tar\.xz|tar\.bz2)")
_WHEEL: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._]*-[0-9A-Za-z][0-9A-Za-z._!+]*")
_TAG: Final = re.compile(r"[0-9A-Za-z_.]+-[0-9A-Za-z_.]+-[0-9A-Za-z_.]+")
_LONGEST_WORD: Final = 100
_MOST_NAMED: Final = 3
_SHORT: Final = 12
_NAMED_VERSION: Final = re.compile(r".*?[-_]v?(?P<version>[0-9][0-9A-Za-z.+~_-]*)")

_Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of an archive. `kind`: file, folder, link (symbolic), twin (hard link), or what else it is; `target` of the
    links."""

    name: str
    kind: str
    size: int = 0
    mode: int = 0o644
    target: str = ""


def kind_of(name: str) -> ArtefactKind:
    """By the file's name. Raises Refused for one that is none."""
    if name.endswith(".whl"):
        return ArtefactKind.WHEEL
    if name.endswith(".deb"):
        return ArtefactKind.DEB
    if _TARBALL.fullmatch(name):
        return ArtefactKind.TARBALL
    raise Refused("release.file_kind", file=name)


def version_in(name: str) -> str | None:
    """The version that a tarball's name says, as in `gateway-1.4.2.tar.gz`; None when it says none."""
    stem = _TARBALL.fullmatch(name)
    found = _NAMED_VERSION.fullmatch(stem["name"]) if stem else None
    return found["version"] if found else None


def fit_version(text: str) -> str:
    """The version as a folder may be called. Raises Refused."""
    version = text.strip().replace(":", "_")  # Debian's epoch
    if not _VERSION.fullmatch(version) or ".." in version:
        raise Refused("release.version", version=text[:100])
    return version


def release_id(version: str, sha256: str) -> str:
    return f"{version}-{sha256[:12]}"


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None and ".." not in text


def checksum_in(text: str, name: str) -> str:
    """The checksum of the file of that name as `sha256sum` writes it, or alone. Raises Refused, naming the files that it is of
    where it is of others."""
    others: list[str] = []
    for digest, *rest in (line.split(maxsplit=1) for line in text.splitlines() if line.strip()):
        said = rest[0].strip().lstrip("*").rpartition("/")[2] if rest else name
        if not _SHA256.fullmatch(digest.lower()):
            continue
        if said.lower() == name.lower():
            return digest.lower()
        others.append(shown(said[:_LONGEST_WORD]))
    if others:
        more = ", …" if len(others) > _MOST_NAMED else ""
        raise Refused("release.checksum_other", beside=f"{name}.sha256", file=name, others=", ".join(others[:_MOST_NAMED]) + more)
    raise Refused("release.checksum_file", file=f"{name}.sha256")


def differing(name: str, wanted: str, source: str, found: str) -> Refused:
    """Why a file is refused that has another checksum than `source` says; of both as much as tells them apart."""
    same = next((at for at, (one, other) in enumerate(zip(wanted, found, strict=False)) if one != other), 0)
    most = max(_SHORT, same + 1)
    return Refused("release.checksum", file=name, wanted=f"{wanted[:most]}…", source=source, found=f"{found[:most]}…")


def sized(count: int) -> str:
    """Bytes as people write them, in the largest unit of which there is one."""
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= size:
            return f"{count / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} B"


def shown(name: str) -> str:
    """A name from outside as it may be printed."""
    return ascii(name).strip("'\"")


def fit_sha256(text: str) -> str:
    found = text.strip().lower().removeprefix("sha256:")
    if not _SHA256.fullmatch(found):
        raise Refused("release.checksum_form", text=text[:100])
    return found


def fit_wheel(file: str, name: str, tags: Iterable[str]) -> None:
    """Raises Refused when what a wheel calls itself (`gateway-1.4.2`), or a tag of it (`py3-none-any`), is no such word: a server
    installs it under a name made of both."""
    for pattern, text in ((_WHEEL, name), *((_TAG, tag) for tag in tags)):
        if len(text) > _LONGEST_WORD or not pattern.fullmatch(text):
            raise Refused("release.wheel_name", file=file, name=shown(text[:_LONGEST_WORD]))


def fit_words(version: str | None, sha256: str | None) -> None:
    """What a person says of a file, None for nothing. Raises UsageError where it can be no version or no SHA-256."""
    try:
        if version is not None:
            fit_version(version)
        if sha256 is not None:
            fit_sha256(sha256)
    except Refused as error:
        raise UsageError(error.code, **error.fields) from None


class Members:
    """Looks at the members of one archive, in order. `add` and `done` raise Refused naming the member and what is wrong with it.

    Nothing may lie below a link or take the place of another member: who unpacks would write through the link. A link's target
    climbs first and goes down then, so that where it leads can be told from its words alone. With `leads_anywhere` it leads where
    it likes, as those of a package that has its place in the whole system do.
    """

    def __init__(self, file: str, *, leads_anywhere: bool = False) -> None:
        self._file, self._leads_anywhere = file, leads_anywhere
        self._kinds: dict[_Path, str] = {}
        self._count = 0
        self.total = 0

    def add(self, member: Member) -> None:
        self._count += 1
        if self._count > MOST_MEMBERS:
            raise Refused("release.archive_many", file=self._file, most=MOST_MEMBERS)
        path = self._path(member.name, member)
        if member.kind not in ("file", "folder", "link", "twin"):
            raise self._bad(member, "kind")
        if member.mode & _SPECIAL_BITS:
            raise self._bad(member, "special")
        if member.kind == "link" and not self._leads_anywhere:
            self._leads_inside(path, member)
        if member.kind == "twin" and self._kinds.get(self._path(member.target, member, "target_")) != "file":
            raise self._bad(member, "twin")
        before = self._kinds.get(path)
        if before is not None and (before, member.kind) != ("folder", "folder"):
            raise self._bad(member, "twice")
        self._kinds[path] = member.kind
        self.total += max(0, member.size)
        if self.total > MOST_BYTES:
            raise Refused("release.archive_big", file=self._file, most=sized(MOST_BYTES))

    def done(self) -> int:
        """Bytes when it is unpacked, each member taken for a page at least."""
        for path in self._kinds:
            if any(self._kinds.get(path[:depth], "folder") != "folder" for depth in range(1, len(path))):
                member = "/".join(path)[:200]
                raise Refused("release.member", file=self._file, member=member, why=Refused("release.member.below"))
        if not self._count:
            raise Refused("release.archive_empty", file=self._file)
        return self.total + 4096 * self._count

    def holds(self, program: str, *, merged: bool = False) -> bool:
        """Whether it is there and no folder, or may be: what lies behind a link is not looked for. `merged`: in /bin as well as
        in /usr/bin, as on a system where one leads to the other."""
        path = tuple(part for part in program.split("/") if part not in ("", "."))
        other = path[1:] if path[:1] == ("usr",) else ("usr", *path)
        places = (path, other) if merged and program.startswith("/") else (path,)
        return any(self._kinds.get(place, "folder") != "folder" or self._behind_link(place) for place in places)

    def _behind_link(self, path: _Path) -> bool:
        return any(self._kinds.get(path[:depth]) == "link" for depth in range(1, len(path)))

    def folder_above(self, program: str) -> str:
        """The folder in which all members lie, where the program is there below it; empty for none."""
        tops = {path[0] for path in self._kinds if path}
        return next(iter(tops)) if len(tops) == 1 and self.holds(f"{next(iter(tops))}/{program.lstrip('/')}") else ""

    def _path(self, name: str, member: Member, of: str = "") -> _Path:
        """`of`: what the path is of, where it is not the member's own."""
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if name.startswith("/"):
            raise self._bad(member, f"{of}absolute")
        if ".." in parts:
            raise self._bad(member, f"{of}climbs")
        if len(name) > _LONGEST_NAME or not name.isprintable() or (not parts and (of or member.kind != "folder")):
            raise self._bad(member, f"{of}name")
        return tuple(parts)

    def _leads_inside(self, path: _Path, member: Member) -> None:
        target = member.target
        if not target or len(target) > _LONGEST_NAME or not target.isprintable():
            raise self._bad(member, "name")
        parts = [part for part in target.split("/") if part not in ("", ".")]
        up = next((at for at, part in enumerate(parts) if part != ".."), len(parts))
        if target.startswith("/") or ".." in parts[up:] or up > len(path) - 1:
            raise self._bad(member, "leads_out")

    def _bad(self, member: Member, why: str) -> Refused:
        return Refused("release.member", file=self._file, member=shown(member.name[:200]), why=Refused(f"release.member.{why}"))


def look_through(file: str, members: Iterable[Member], *, leads_anywhere: bool = False) -> Members:
    """All members at once, and what is to be said of all of them."""
    seen = Members(file, leads_anywhere=leads_anywhere)
    for member in members:
        seen.add(member)
    seen.done()
    return seen


def fit_programs(file: str, workload: Workload, members: Members) -> None:
    """Raises Refused when a tarball or a package lacks the program by which the workload is started or migrates, as the truth
    names it. A package may be started by an interpreter of the system, which is given words."""
    for field, command in (("start", workload.start), ("migrate", workload.migrate)):
        elsewhere = field == "start" and workload.kind is ArtefactKind.DEB and len(command) > 1
        if not command or elsewhere or members.holds(command[0], merged=field == "start"):
            continue
        below = members.folder_above(command[0])
        hint = Refused("release.program_below", folder=below, program=command[0]) if below else ()
        said = {"file": file, "program": command[0], "workload": workload.key, "hint": hint}
        raise Refused(f"release.no_program.{field}", **said)

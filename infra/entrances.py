"""Who may come in and become root: the files that decide it, the accounts with a password, the members of root's groups.

What the collector says of them, read (untrusted: bounded, cleaned), and held beside what was accepted. Contents and passwords
stay on the machine: of a file a digest is kept, of a password the day on which it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from infra.errors import OutputError
from infra.facts import Difference, DifferenceKind, Door, Snapshot
from infra.text import clean

_MOST_FILES: Final = 4000
_FILE: Final = re.compile(
    r"file (?P<sort>[fdl]) (?P<mode>[0-7]{1,5}) (?P<user>\S{1,64}) (?P<group>\S{1,64}) (?P<size>[0-9]{1,18}) (?P<path>/.*)"
)
_DIGEST: Final = re.compile(r"(?P<escaped>\\?)(?P<digest>[0-9a-f]{64})  (?P<path>/.*)")
_ODD: Final = re.compile(r"odd (?P<inode>[0-9]{1,20}) (?P<folder>/.*)")
_FOLDERS: Final = frozenset({"/etc/sudoers.d", "/etc/ssh/sshd_config.d", "/etc/cron.d", "/var/spool/cron/crontabs"})
_ITSELF: Final = re.compile(r"/etc/systemd/system/snap\.[^/]+")
"""What a snap writes anew whenever it brings itself up to date: that it is there is all that lasts."""

_SECRET: Final = frozenset({"/etc/shadow", "/etc/gshadow"})
_OTHERS_WRITE, _GROUP_WRITES, _OTHERS_READ = 0o002, 0o020, 0o004
_GONE: Final = "absent"


def doors(lines: list[str]) -> dict[str, Door]:
    """By path. Raises OutputError for what the collector does not say, and for more files than anybody keeps."""
    found: dict[str, Door] = {}
    digests: dict[str, str] = {}
    for line in lines:
        if (file := _FILE.fullmatch(line)) is not None:
            path = clean(file["path"], 250)
            if file["sort"] != "d" or path in _FOLDERS:
                found[path] = _door(path, file.groupdict())
        elif (seal := _DIGEST.fullmatch(line)) is not None:
            path = seal["path"].replace("\\\\", "\\") if seal["escaped"] else seal["path"]
            digests[clean(path, 250)] = seal["digest"]
        elif (odd := _ODD.fullmatch(line)) is not None:
            found[clean(f"{odd['folder']}/? (inode {odd['inode']})", 250)] = Door()
        else:
            raise OutputError("infra.output_unreadable", section="files", line=clean(line))
    if len(found) > _MOST_FILES:
        raise OutputError("infra.output_too_long", section="files", most=_MOST_FILES)
    sealed = {
        path: door.model_copy(update={"seal": f"sha256:{digests[path]}"}) if path in digests and not _ITSELF.match(path) else door
        for path, door in found.items()
    }
    return dict(sorted(sealed.items()))


def _door(path: str, file: Mapping[str, str]) -> Door:
    """A link has no rights of its own. One that is too large to be read through is known by its size."""
    if file["sort"] == "l":
        return Door()
    large = file["sort"] == "f" and int(file["size"]) > 2**18 and not _ITSELF.match(path)
    rights = f"{file['mode']} {clean(file['user'], 64)}:{clean(file['group'], 64)}"
    return Door(rights=rights, seal=f"{int(file['size'])} B" if large else "")


def passwords(lines: list[str], users: list[str]) -> dict[str, str]:
    """By account that has a password: the day on which it was given, empty where nobody knows. `empty`: it lets anybody in."""
    found: dict[str, str] = {}
    for account, held, *_ in (line.split(":") for line in users if line.count(":") == 6):
        if account and held in ("", "set") and not account.startswith(("+", "-")):
            found[clean(account, 64)] = "empty" if not held else ""
    for line in lines:
        word, _, rest = line.partition(" ")
        account, _, day = rest.partition(" ")
        if word not in ("set", "empty") or not account:
            raise OutputError("infra.output_unreadable", section="passwords", line=clean(line))
        found[clean(account, 64)] = "empty" if word == "empty" else _day(day)
    return dict(sorted(found.items()))


def _day(text: str) -> str:
    """Of days since 1970, as in /etc/shadow."""
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        return ""
    return (date(1970, 1, 1) + timedelta(days=int(text))).isoformat()


def members(groups: list[str], users: list[str]) -> tuple[str, ...]:
    """`ACCOUNT (GROUP)`: whom the groups name, and the accounts whose own group one of them is. Who is number 0 is root."""
    found: set[str] = set()
    numbers: dict[str, str] = {}
    for name, _, number, named in (line.split(":") for line in groups if line.count(":") == 3):
        numbers.setdefault(number, name)
        found.update(f"{account} ({name})" for account in named.strip().split(",") if account)
    for account, _, uid, gid, *_ in (line.split(":") for line in users if line.count(":") == 6):
        if gid in numbers:
            found.add(f"{account} ({numbers[gid]})")
        if uid.isdigit() and int(uid[:10]) == 0:
            found.add(f"{account} (root)")
    return tuple(sorted(clean(each, 120) for each in found))


def entrances(baseline: Snapshot, live: Snapshot) -> Iterator[Difference]:
    """What either side does not tell is not compared: a baseline that was taken before anybody looked at it has none of it."""
    if baseline.doors is not None and live.doors is not None:
        yield from _files(baseline.doors, live.doors)
    if baseline.passwords is not None and live.passwords is not None:
        yield from _passwords(baseline.passwords, live.passwords)
    if baseline.members is not None and live.members is not None:
        yield from _either("member_added", "member_removed", baseline.members, live.members)


def _files(baseline: Mapping[str, Door], live: Mapping[str, Door]) -> Iterator[Difference]:
    for path in sorted(baseline.keys() | live.keys()):
        was, now = baseline.get(path), live.get(path)
        if was is None and now is not None:
            yield Difference(kind="file_added", name=path, wanted=_GONE, found=now.seal or "present")
        elif now is None and was is not None:
            yield Difference(kind="file_removed", name=path, wanted=was.seal or "present", found=_GONE)
        elif was is not None and now is not None:
            if was.seal and now.seal and was.seal != now.seal:
                yield Difference(kind="file_changed", name=path, wanted=was.seal, found=now.seal)
            if now.rights != was.rights and _is_loose(path, now):
                yield Difference(kind="file_loose", name=path, wanted=was.rights, found=now.rights)


def _is_loose(path: str, door: Door) -> bool:
    """Whether somebody else than root can write it, or anybody can read what is secret in it."""
    mode, _, owner = door.rights.partition(" ")
    if not mode:
        return False
    user, _, group = owner.partition(":")
    bits = int(mode, 8)
    shut = bits & _OTHERS_WRITE or (bits & _GROUP_WRITES and group != "root") or user != "root"
    return bool(shut or (path in _SECRET and (bits & _OTHERS_READ or group not in ("shadow", "root"))))


def _passwords(baseline: Mapping[str, str], live: Mapping[str, str]) -> Iterator[Difference]:
    for account in sorted(baseline.keys() | live.keys()):
        was, now = baseline.get(account), live.get(account)
        if was != now:
            yield Difference(kind=_password_kind(was, now), name=account, wanted=_told(was), found=_told(now))


def _password_kind(was: str | None, now: str | None) -> DifferenceKind:
    if now is None:
        return "password_removed"
    if now == "empty":
        return "password_empty"
    return "password_set" if was is None else "password_changed"


def _told(day: str | None) -> str:
    return "none" if day is None else day or "present"


def _either(added: DifferenceKind, removed: DifferenceKind, was: Iterable[str], now: Iterable[str]) -> Iterator[Difference]:
    before, after = set(was), set(now)
    for name in sorted(after - before):
        yield Difference(kind=added, name=name, wanted=_GONE, found="present")
    for name in sorted(before - after):
        yield Difference(kind=removed, name=name, wanted="present", found=_GONE)

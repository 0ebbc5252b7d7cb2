"""The collector's output, read. It comes from outside: every size is bounded, every text cleaned, and what cannot be understood
raises OutputError with the name of its section, never anything else.

`question` makes what a machine is asked with; `parse` reads the answer to it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Final

from infra.entrances import doors, members, passwords
from infra.errors import OutputError
from infra.facts import Disk, DiskKind, Facts, Key, Nic, Section, Snapshot
from infra.listening import ports
from infra.text import clean
from infra.units import services

LARGEST: Final = 16 * 2**20
_LARGEST_SECTION: Final = 2**20
_MOST_LINES: Final = 20_000
_SECTIONS: Final = (
    "machine", "os", "cpu", "memory", "disks", "nics", "packages", "enabled", "units", "ports", "owners", "users", "files",
    "passwords", "groups", "host_keys", "keys", "end",
)  # fmt: skip
_OPTIONAL: Final[Mapping[str, Section]] = {
    "packages": "packages",
    "enabled": "services",
    "units": "services",
    "ports": "ports",
    "passwords": "passwords",
}
_NONCE: Final = re.compile(r"[0-9a-f]{16,64}")
_OPTIONS: Final = re.compile(r'(?>\\"|"(?>\\"|[^"])*+"|[^ \t"])++[ \t]+')
_KEY: Final = re.compile(
    r"(?P<type>[A-Za-z0-9@._-]{2,64})[ \t]+(?P<blob>AAAA[A-Za-z0-9+/]{12,4080}={0,2})(?:[ \t]+(?P<comment>.*))?$"
)
"""As sshd reads a line of keys: options hold quoted blanks, in which another key may stand that counts for nothing."""

_PACKAGE: Final = re.compile(r"[a-z0-9][a-z0-9+.-]{1,120}(:[a-z0-9]{2,20})?")
_INSTALLED: Final = frozenset("itW")
"""Letters of dpkg: installed, and installed while something waits to be told of another package."""

_NO_SERIAL: Final = frozenset(
    {"", "0", "none", "default string", "not specified", "to be filled by o.e.m.", "system serial number"}
)
_VIRTUAL: Final = re.compile(r"\b(qemu|vbox|virtual|vmware|virtio|xen)\b", re.IGNORECASE)

Sections = Mapping[str, list[str]]


def question(nonce: str) -> str:
    """The script for `sh -s` on the machine. `nonce`: 16 to 64 hexadecimal digits, fresh for every question."""
    if not _NONCE.fullmatch(nonce):
        raise ValueError("a nonce is 16 to 64 hexadecimal digits")
    return f"n={nonce}\n" + files("infra").joinpath("collector.sh").read_text("utf-8")


def parse(output: bytes, nonce: str) -> tuple[Facts, Snapshot]:
    """Raises OutputError, whatever a machine may have said."""
    try:
        return _parsed(output, nonce)
    except (ValueError, RecursionError) as error:  # a number that is none, or one that nothing can hold
        raise OutputError("infra.output_unreadable", section="all", line=clean(type(error).__name__)) from error


def _parsed(output: bytes, nonce: str) -> tuple[Facts, Snapshot]:
    sections, lacking = _sections(output, nonce)
    machine = _pairs(sections["machine"])
    cpu = [line.partition(":") for line in sections["cpu"]]
    cpus = sum(1 for name, _, _ in cpu if name.strip() == "processor")
    memory, disks = _memory(sections["memory"]), _disks(sections["disks"])
    if not cpus:
        raise OutputError("infra.output_unreadable", section="cpu", line="")
    facts = Facts(
        cpus=cpus,
        cpu_model=next((clean(value) for name, _, value in cpu if name.strip() in {"model name", "Model"}), ""),
        memory=memory,
        disks=disks,
        nics=_nics(sections["nics"]),
        vendor=machine.get("sys_vendor", ""),
        model=machine.get("product_name", ""),
        serial=_serial(machine),
        os=_os(sections["os"]),
        kernel=machine.get("kernel", ""),
        machine_id=machine.get("machine_id", ""),
        hostname=machine.get("hostname", ""),
    )
    keys, unread = _keys(sections["keys"])
    snapshot = Snapshot(
        cpus=cpus,
        memory=memory,
        disks=disks,
        packages=_packages(sections["packages"]),
        services=services(sections["enabled"], sections["units"]),
        ports=ports(sections["ports"], sections["owners"]),
        keys=keys,
        unread=unread,
        users=_users(sections["users"]),
        host_keys=_host_keys(sections["host_keys"]),
        lacking=lacking,
        accounts=_accounts(sections["users"]),
        doors=doors(sections["files"]),
        passwords=None if "passwords" in lacking else passwords(sections["passwords"], sections["users"]),
        members=members(sections["groups"], sections["users"]),
    )
    return facts, snapshot


def _sections(output: bytes, nonce: str) -> tuple[Sections, tuple[Section, ...]]:
    if len(output) > LARGEST:
        raise OutputError("infra.output_too_long", section="all", most=LARGEST)
    marker = f"={nonce} "
    found: dict[str, list[str]] = {}
    lacking: set[Section] = set()
    here: list[str] = []
    size = 0
    for raw in output.split(b"\n"):
        line = raw.decode("utf-8", errors="backslashreplace")
        if not line.startswith(marker):
            size += len(line) + 1
            if found and (size > _LARGEST_SECTION or len(here) > _MOST_LINES):
                raise OutputError("infra.output_too_long", section=next(reversed(found)), most=_LARGEST_SECTION)
            here.append(line)
            continue
        name, _, status = line.removeprefix(marker).partition(" ")
        if name not in _SECTIONS or name in found:
            raise OutputError("infra.output_unreadable", section=clean(name, 40), line=clean(line))
        if status == "absent" and name in _OPTIONAL:
            lacking.add(_OPTIONAL[name])
        elif status != "ok":
            raise OutputError("infra.section_failed", section=name, status=clean(status, 40))
        here = found[name] = []
        size = 0
    missing = next((name for name in _SECTIONS if name not in found), None)
    if missing is not None:
        raise OutputError("infra.output_lacking", section=missing)
    return {name: [line for line in lines if line.strip()] for name, lines in found.items()}, tuple(sorted(lacking))


def _pairs(lines: list[str]) -> dict[str, str]:
    """`name value` lines; the first of a name counts."""
    found: dict[str, str] = {}
    for line in lines[:100]:
        name, _, value = line.partition(" ")
        found.setdefault(name, clean(value))
    return found


def _serial(machine: Mapping[str, str]) -> str:
    told = (machine.get(name, "") for name in ("product_serial", "chassis_serial", "board_serial"))
    return next((serial for serial in told if serial.lower() not in _NO_SERIAL), "")


def _os(lines: list[str]) -> str:
    told = {name: value.strip().strip("\"'") for name, _, value in (line.partition("=") for line in lines[:200])}
    return clean(f"{told.get('ID', '')} {told.get('VERSION_ID', '')}".lower(), 60)


def _whole(text: str, section: str, line: str) -> int:
    """A count as the kernel prints it."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise OutputError("infra.output_unreadable", section=section, line=clean(line))
    return int(text)


def _memory(lines: list[str]) -> int:
    for line in lines:
        if (found := re.match(r"MemTotal:\s*([0-9]{1,15}) kB", line)) is not None:
            return int(found[1]) * 1024
    raise OutputError("infra.output_unreadable", section="memory", line=clean(lines[0] if lines else ""))


def _groups(lines: list[str], word: str, section: str) -> Iterator[dict[str, str]]:
    """Lines in groups that each begin with `word NAME`."""
    group: dict[str, str] = {}
    for line in lines[:4000]:
        name, _, value = line.partition(" ")
        if name == word:
            if group:
                yield group
            group = {}
        elif not group:
            raise OutputError("infra.output_unreadable", section=section, line=clean(line))
        group.setdefault(name, clean(value))
    if group:
        yield group


def _disks(lines: list[str]) -> tuple[Disk, ...]:
    found = []
    for disk in _groups(lines, "disk", "disks"):
        size = disk.get("size", "")
        found.append(
            Disk(
                name=disk["disk"],
                size=512 * _whole(size, "disks", size),
                kind=_kind(disk),
                model=disk.get("model", ""),
                serial=disk.get("serial") or disk.get("wwid", ""),
            )
        )
    return tuple(sorted(found, key=lambda one: one.name))


def _kind(disk: Mapping[str, str]) -> DiskKind:
    """A virtual disk says that it turns whatever is below it, so it is not believed."""
    name = disk["disk"]
    if name.startswith("nvme"):
        return "nvme"
    if name.startswith(("vd", "xvd")) or _VIRTUAL.search(f"{disk.get('vendor', '')} {disk.get('model', '')}"):
        return "unknown"
    kinds: Mapping[str | None, DiskKind] = {"0": "ssd", "1": "hdd"}
    return kinds.get(disk.get("rotational"), "unknown")


def _nics(lines: list[str]) -> tuple[Nic, ...]:
    """The built-in interfaces; all of them on a machine that shows none as such (a container)."""
    told = list(_groups(lines, "nic", "nics"))
    real = [nic for nic in told if "device" in nic] or told
    found = []
    for nic in real[:256]:
        speed = nic.get("speed", "")
        known = re.fullmatch(r"[1-9][0-9]{0,7}", speed) is not None
        found.append(Nic(name=nic["nic"], speed=int(speed) * 10**6 if known else None, mac=nic.get("mac", "")))
    return tuple(sorted(found, key=lambda one: one.name))


def _packages(lines: list[str]) -> dict[str, str]:
    found = {}
    for line in lines:
        state, _, rest = line.partition("\t")
        name, tab, version = rest.partition("\t")
        if not tab or not _PACKAGE.fullmatch(name):
            raise OutputError("infra.output_unreadable", section="packages", line=clean(line))
        if state[1:2] in _INSTALLED:
            found[name] = clean(version, 120)
    return dict(sorted(found.items()))


def _told_accounts(lines: list[str]) -> Iterator[tuple[str, int, str]]:
    """Name, number and shell. Left out are those that systemd makes up while a service runs."""
    for line in lines:
        parts = line.split(":")
        if len(parts) != 7 or not parts[2].isdigit() or len(parts[2]) > 10:  # other lines name nobody (NIS, broken by hand)
            continue
        if not 61184 <= int(parts[2]) <= 65534:
            yield clean(parts[0], 64), int(parts[2]), parts[6].strip()


def _accounts(lines: list[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name, _, _ in _told_accounts(lines)}))


def _users(lines: list[str]) -> tuple[str, ...]:
    """Accounts of people, and whoever else can log in."""
    closed = {"nologin", "false", "sync", "halt", "shutdown"}
    found = _told_accounts(lines)
    return tuple(
        sorted({name for name, uid, shell in found if uid >= 1000 or uid == 0 or shell.rpartition("/")[2] not in closed})
    )


def _key(line: str) -> tuple[str, str, str, str] | None:
    """Type, fingerprint, base64 and comment of one line as sshd reads it."""
    line = line.strip()
    if line.startswith("#"):
        return None
    found = _KEY.match(line)
    if found is None and (options := _OPTIONS.match(line)) is not None:
        found = _KEY.match(line, options.end())
    if found is None:
        return None
    try:
        raw = base64.b64decode(found["blob"], validate=True)
    except (binascii.Error, ValueError):
        return None
    seal = "SHA256:" + base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")
    return found["type"], seal, found["blob"], clean(found["comment"] or "", 100)


def _host_keys(lines: list[str]) -> dict[str, str]:
    keys = [key for key in map(_key, lines[:100]) if key is not None]
    return dict(sorted((kind, seal) for kind, seal, _, _ in keys))


def _keys(lines: list[str]) -> tuple[tuple[Key, ...], tuple[str, ...]]:
    """The keys, and the files that were not read to their end."""
    account = file = ""
    found: dict[tuple[str, str, str], Key] = {}
    whole: dict[str, bool] = {}
    for line in lines:
        name, _, value = line.partition(" ")
        if name == "account":
            account = clean(value, 64)
        elif name == "file":
            file = clean(value, 250)
            whole[clean(f"{account} {file}", 250)] = False
        elif name == "whole":
            whole[clean(f"{account} {file}", 250)] = True
        elif name == "line" and (key := _key(value)) is not None:
            kind, seal, blob, comment = key
            found[account, file, seal] = Key(account=account, type=kind, fingerprint=seal, comment=comment, file=file, blob=blob)
    return tuple(found[place] for place in sorted(found)), tuple(sorted(each for each, read in whole.items() if not read))

"""The pinned host keys of a site: one known_hosts file, read, shown and added to. Never trusts a key by itself."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from network.core.host_key import HostKey

__all__ = ["HostKey", "known_name", "pin", "pinned"]

_PORT: Final = 22


def known_name(host: str, port: int) -> str:
    """How known_hosts writes an address: bare on port 22, `[host]:port` elsewhere."""
    return host if port == _PORT else f"[{host}]:{port}"


def speaks_no_ssh(error: BaseException) -> bool:
    """Whether what answered, or kept silent, is something else: Paramiko's words for what is no banner and no packet of SSH."""
    return any(words in str(error) for words in ("SSH protocol banner", "Invalid packet blocking", "No existing session"))


def pinned(file: Path, host: str, port: int) -> tuple[HostKey, ...]:
    """The keys pinned for an address; none when the file is absent.

    Lines that cannot be read are passed over: they pin nothing. Raises OSError when the file cannot be read.
    """
    found = []
    for line in _lines(file):
        names, _, key = line.partition(" ")
        if known_name(host, port) not in names.split(","):
            continue
        try:
            found.append(HostKey.parse(key))
        except ValueError:
            continue
    return tuple(found)


def pin(file: Path, host: str, port: int, key: HostKey) -> None:
    """Make `key` the one pinned key of the address; keys pinned for it before are dropped.

    The file is replaced in one rename, with mode 0600; writers wait for each other. Raises OSError.
    """
    name = known_name(host, port)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.with_name(f".{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = [line for line in (_without(line, name) for line in _lines(file)) if line]
        with NamedTemporaryFile("w", dir=file.parent, prefix=f".{file.name}.", delete=False, encoding="utf-8") as new:
            new.write("".join(f"{line}\n" for line in [*kept, f"{name} {key}"]))
            new.flush()
            os.fsync(new.fileno())
        Path(new.name).replace(file)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _without(line: str, name: str) -> str:
    """The line without `name` among its hosts; empty when it named nobody else."""
    hosts, space, rest = line.partition(" ")
    if name not in hosts.split(","):
        return line
    others = ",".join(host for host in hosts.split(",") if host != name)
    return f"{others}{space}{rest}" if others else ""

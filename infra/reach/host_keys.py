"""The pinned host keys of a site: the same known_hosts file as every door uses. Of leased servers they are only read here, as
nobody pins by the way; a cloud tells those of the servers that it made, over a connection that it has proved itself on.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import paramiko
from paramiko.pkey import UnknownKeyType


def known_name(host: str, port: int) -> str:
    """How known_hosts writes an address: bare on port 22, `[host]:port` elsewhere."""
    return host if port == 22 else f"[{host}]:{port}"


def pinned(text: str, host: str, port: int) -> tuple[paramiko.PKey, ...]:
    """The keys that a known_hosts text pins for an address. Lines that cannot be read pin nothing."""
    wanted, found = known_name(host, port), []
    for line in text.splitlines():
        names, _, key = line.strip().partition(" ")
        if wanted not in names.split(","):
            continue
        parts = key.split()
        with suppress(paramiko.SSHException, UnknownKeyType, ValueError, IndexError):
            found.append(paramiko.PKey.from_type_string(parts[0], base64.b64decode(parts[1], validate=True)))
    return tuple(found)


def pinned_in(file: Path, host: str, port: int) -> tuple[paramiko.PKey, ...]:
    """None when the file is absent. Raises OSError when it cannot be read."""
    try:
        return pinned(file.read_text("utf-8", errors="replace"), host, port)
    except FileNotFoundError:
        return ()


def pin(file: Path, host: str, port: int, keys: Sequence[str]) -> None:
    """Make these, a kind and a text each, the pinned keys of the address, in the place of any before: whoever had the address is
    gone. The file is replaced in one rename; writers wait for each other. Raises OSError."""
    name = known_name(host, port)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.with_name(f".{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            lines = file.read_text("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            lines = []
        kept = [left for left in (_without(line, name) for line in lines) if left]
        with NamedTemporaryFile("w", dir=file.parent, prefix=f".{file.name}.", delete=False, encoding="utf-8") as new:
            new.write("".join(f"{line}\n" for line in (*kept, *(f"{name} {key}" for key in keys))))
            new.flush()
            os.fsync(new.fileno())
        Path(new.name).replace(file)


def unpin(file: Path, host: str, port: int) -> None:
    """Nobody is expected at this address any more. Raises OSError."""
    if file.exists():
        pin(file, host, port, ())


def _without(line: str, name: str) -> str:
    """The line without `name` among its hosts; empty when it named nobody else."""
    hosts, space, rest = line.partition(" ")
    if name not in hosts.split(","):
        return line
    others = ",".join(host for host in hosts.split(",") if host != name)
    return f"{others}{space}{rest}" if others else ""


def shown(keys: Sequence[paramiko.PKey]) -> str:
    """`ssh-ed25519 SHA256:…`, as OpenSSH shows it; several with commas."""
    return ", ".join(f"{key.get_name()} {seal(key)}" for key in keys)


def seal(key: paramiko.PKey) -> str:
    """`SHA256:…`, as OpenSSH writes it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")

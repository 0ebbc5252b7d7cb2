"""The pinned host keys of a site: the same known_hosts file as every door uses. Only read here; nobody pins by the way."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

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


def shown(keys: Sequence[paramiko.PKey]) -> str:
    """`ssh-ed25519 SHA256:…`, as OpenSSH shows it; several with commas."""
    return ", ".join(f"{key.get_name()} {seal(key)}" for key in keys)


def seal(key: paramiko.PKey) -> str:
    """`SHA256:…`, as OpenSSH writes it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")

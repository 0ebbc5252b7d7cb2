"""`lajur release` on servers in memory: those that carry the gateway of a regency, and files for them."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

from network.drivers.memory_doors import MemoryDoors

OLD = "1-111111111111"
made_doors = MemoryDoors()
"""Of the regency's edge, closed at the beginning of every test."""


def made(path: Path) -> Path:
    """A file for the gateway, with its checksum beside it."""
    with tarfile.open(path, "w:gz") as archive:
        content = path.name.encode()
        for name in ("bin/serve", "bin/migrate"):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    path.with_name(f"{path.name}.sha256").write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    return path

"""What Ansible needs for `network_cli`: out of a package of 21 000 files the few that count, kept in `.bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import ZipFile

from network.errors import LabError

PINNED: Final = Path("requirements/peers.txt")
KEPT: Final = Path(".bench/collections")
_WANTED: Final = tuple(f"ansible_collections/{name}/" for name in ("ansible/netcommon", "ansible/utils", "cisco/ios"))


def collections() -> Path:
    """The folder that holds `ansible_collections`; fetched from the package index when it is not there yet.

    Raises LabError when it cannot be had.
    """
    marker = KEPT / "from"
    pinned = PINNED.read_text()
    if not marker.exists() or marker.read_text() != pinned:
        with TemporaryDirectory(prefix="lajur-peers-") as folder:
            for wheel in _fetched(Path(folder)):
                with ZipFile(wheel) as parcel:
                    parcel.extractall(KEPT, [name for name in parcel.namelist() if name.startswith(_WANTED)])
        marker.write_text(pinned)
    return KEPT.resolve()


def _fetched(folder: Path) -> list[Path]:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    words = [*pip, "--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(PINNED), "-d", str(folder)]
    answer = subprocess.run(words, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise LabError("bench.peers", file=str(PINNED), reason=answer.stderr.strip()[-400:])
    return list(folder.glob("*.whl"))

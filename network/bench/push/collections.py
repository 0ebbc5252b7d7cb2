"""What Ansible needs for `network_cli`; `make peers` keeps it in `.bench`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from network.errors import LabError

PINNED: Final = Path("requirements/peers.txt")
KEPT: Final = Path(".bench/collections")


def collections() -> Path:
    """The folder that holds `ansible_collections`.

    Raises LabError when it is not there, or is not what is pinned now.
    """
    marker = KEPT / "from"
    if not marker.exists() or marker.read_text() != PINNED.read_text():
        raise LabError("bench.peers", folder=str(KEPT))
    return KEPT.resolve()

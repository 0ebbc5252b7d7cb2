"""What the service manager that started this process is told, so that `systemctl start` ends when callers are answered."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress


def tell(state: str, environment: Mapping[str, str] = os.environ) -> None:
    """sd_notify(3): one datagram with, for example, `READY=1`. Nothing where nobody asked for it, or nobody listens any more."""
    place = environment.get("NOTIFY_SOCKET", "")
    if not place.startswith(("/", "@")):
        return
    address = f"\0{place[1:]}" if place.startswith("@") else place
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told:
        told.sendto(state.encode(), address)

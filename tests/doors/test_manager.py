"""The service manager is told when callers are answered, and nobody is told where nobody asked."""

from __future__ import annotations

import socket
from pathlib import Path
from uuid import uuid4

import pytest

from qos_api.manager import tell


@pytest.mark.parametrize("abstract", [False, True])
def test_who_started_us_hears_that_we_are_ready(abstract: bool, tmp_path: Path) -> None:
    name = f"lajur-{uuid4().hex}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"\0{name}" if abstract else name)
        manager.settimeout(5)
        tell("READY=1", {"NOTIFY_SOCKET": f"@{name}" if abstract else name})
        assert manager.recv(64) == b"READY=1"


def test_nobody_asked_or_nobody_listens(tmp_path: Path) -> None:
    for environment in ({}, {"NOTIFY_SOCKET": "vsock:2:1"}, {"NOTIFY_SOCKET": str(tmp_path / "gone")}):
        tell("READY=1", environment)

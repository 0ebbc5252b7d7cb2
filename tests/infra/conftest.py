"""Servers on loopback and a state of their own for every test; the engine is the real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.site import Site, machine_of, standing


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Two servers that are what their contracts promise."""
    with standing(tmp_path, {server: machine_of(server) for server in ("app-1", "mon-1")}) as made:
        yield made

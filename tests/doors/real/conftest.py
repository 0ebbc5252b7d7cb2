"""The real service on a real server, new for each test: the record of one is nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.doors.conftest import Server
from tests.doors.real.service import MOMENT, OPTIONS, SHIPPED, Real, served, settings_of

OpenReal = Callable[..., Real]


@pytest.fixture
def opened_real(servers: Callable[[int], Server], tmp_path: Path) -> Iterator[OpenReal]:
    """Opens the service; `regencies` and `ledger` in the place of the examples and of SQLite, the rest are the door's options."""
    with ExitStack() as stack:

        def open_service(regencies: Path = SHIPPED, ledger: str | None = None, **options: Any) -> Real:
            settings = settings_of(tmp_path / "state", regencies, ledger)
            serving, app = stack.enter_context(served(settings, MOMENT, replace(OPTIONS, **options)))
            server = servers(0)
            server.app = app
            client = stack.enter_context(httpx.Client(base_url=server.address, trust_env=False, timeout=240))
            return Real(client, serving, settings)

        yield open_service


@pytest.fixture
def real(opened_real: OpenReal) -> Real:
    return opened_real()


@pytest.fixture(scope="module")
def shared(servers: Callable[[int], Server], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """One service for all tests of a file that leave nothing behind, on a server of its own."""
    settings = settings_of(tmp_path_factory.mktemp("shared"))
    with served(settings) as (serving, app):
        server = servers(1)
        server.app = app
        with httpx.Client(base_url=server.address, trust_env=False, timeout=240) as client:
            yield Real(client, serving, settings)

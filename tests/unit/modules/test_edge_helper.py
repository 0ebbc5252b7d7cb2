"""What the edge's own units write down for the process that starts next."""

from __future__ import annotations

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.conftest import PLAYBOOKS

CONFIGURATION = """
frontend x
	bind fd@3
backend gateway
	server app-1 192.0.2.1:8081 check
	server app-2 192.0.2.2:8081 check
backend other
	server app-1 192.0.2.1:9000 check
"""


def row(backend: str, server: str, told: int, port: int) -> str:
    return f"4 {backend} 1 {server} 192.0.2.1 2 {told} 1 1 2 15 3 4 6 0 0 0 - {port} - 0 0 - - 0"


@pytest.fixture
def helper() -> Any:
    loader = SourceFileLoader("tested_edge", str(PLAYBOOKS / "roles/edge/files/edge"))
    spec = importlib.util.spec_from_loader("tested_edge", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_ports_are_those_of_the_configuration_and_drains_stay(helper: Any) -> None:
    kept = "\n".join(
        ["1", "# be_id", row("gateway", "app-1", 8, 8080), row("other", "app-1", 0, 1), row("gateway", "app-9", 8, 1)]
    )
    assert helper.fitting(kept, CONFIGURATION).splitlines() == [
        "1",
        "# be_id",
        row("gateway", "app-1", 8, 8081),
        row("other", "app-1", 0, 9000),
    ]


def test_what_is_written_is_there_whole(helper: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "haproxy.cfg").write_text(CONFIGURATION)
    monkeypatch.setattr(helper, "CONFIGURATION", str(tmp_path / "haproxy.cfg"))
    monkeypatch.setattr(helper, "KEPT", tmp_path / "servers")
    helper.write(f"1\n{row('gateway', 'app-1', 8, 1)}\n")
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("servers")] == ["servers"]
    assert " 8081 " in (tmp_path / "servers").read_text()

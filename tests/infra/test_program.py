"""The program under Pulumi's mocks: what it declares, under which names, in which order. And the rules that hold for it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import Any

from infra.components import ADOPTED, CONTROLLER, LEASED_SERVER, PUT_OUT
from infra.program import judged
from inventory.load import load_regency
from tests.infra.site import REGENCY, ROOT


def declared(*servers: str) -> dict[str, Any]:
    words = [sys.executable, "-m", "tests.infra.mocked", *servers]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_kind_of_server_is_a_component_that_puts_out_the_same() -> None:
    told = declared("app-1", "db-1", "edge-1")
    kinds, outputs = [(each["kind"], each["name"]) for each in told["made"]], told["outputs"]
    assert sorted(kinds) == sorted(
        [
            *((kind, name) for kind in (LEASED_SERVER, ADOPTED) for name in ("app-1", "db-1", "edge-1")),
            (CONTROLLER, "db-1"),
            (CONTROLLER, "edge-1"),
        ]
    )
    for name in ("db-1", "edge-1"):
        assert kinds.index((CONTROLLER, name)) < kinds.index((ADOPTED, name)), "first its power, then its login"
    assert set(outputs) == {"app-1", "db-1", "edge-1"}
    assert {frozenset(output) for output in outputs.values()} == {frozenset((*PUT_OUT, "lease"))}


def test_what_the_truth_protects_is_protected() -> None:
    assert declared("app-1", "edge-1")["protected"] == {"app-1": True, "edge-1": False}


def test_nothing_of_a_secret_goes_into_the_program() -> None:
    assert "env:X" not in json.dumps(declared("db-1"))


def test_every_server_of_the_truth_keeps_the_rules() -> None:
    made = load_regency(REGENCY)
    found = judged(made, {server.key for server in made.servers}, date(2026, 11, 26))
    assert found == {server.key: () for server in sorted(made.servers, key=lambda server: server.key)}

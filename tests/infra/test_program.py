"""The program under Pulumi's mocks: what it declares, under which names, in which order. And the rules that hold for it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from infra.components import ADOPTED, CONTROLLER, LEASED_SERVER, PUT_OUT
from infra.inputs import server_inputs
from infra.policies import rules
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


@pytest.mark.parametrize(
    ("networks", "is_refused"),
    [
        (["0.0.0.0/0"], True),
        (["100.67.0.0/24"], False),
        (["10.0.0.0/8"], False),
        (["8.8.0.0/16"], True),
        (["8.8.8.0/24"], False),
        (["100.0.0.0/9"], True),
        (["10.0.0.0/8", "0.0.0.0/1"], True),
        ([], False),
    ],
)
def test_ssh_is_open_to_who_administers_and_never_to_everybody(networks: list[str], is_refused: bool) -> None:
    assert (rules.public_ssh({"management": networks}) is not None) is is_refused


@pytest.mark.parametrize(("today", "is_refused"), [(-1, True), (0, False), (365, False), (366, True)])
def test_a_server_is_used_from_the_first_day_of_its_lease_to_the_last(today: int, is_refused: bool) -> None:
    lease = {"number": "S-1", "start": "2026-01-01", "end": "2027-01-01"}
    said = rules.outside_lease({"lease": lease}, date.fromordinal(date(2026, 1, 1).toordinal() + today))
    assert (said == "S-1: 2026-01-01 – 2027-01-01") is is_refused
    assert is_refused or said is None


@pytest.mark.parametrize(("country", "said"), [("ID", None), ("SG", "SG"), ("", "")])
def test_data_stays_in_the_country(country: str, said: str | None) -> None:
    assert rules.abroad({"lease": {"country": country}}) == said


def test_every_server_of_the_truth_keeps_the_rules() -> None:
    made = load_regency(REGENCY)
    for server in made.servers:
        inputs = server_inputs(made, server)
        assert rules.public_ssh(inputs) is None
        assert rules.abroad(inputs) is None

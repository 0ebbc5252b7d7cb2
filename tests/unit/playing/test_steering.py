"""What a controller on a server works with, from the truth, and the secrets that it is handed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from inventory.release_model import Runs, Scheme
from network.core.releases.truth import workload_of
from network.playing.secrets import Unknown
from network.playing.servers import server_hosts, site
from network.playing.steering import handed, steering
from network.playing.watched import watch
from network.server_wiring import Way
from tests.unit.playing.conftest import Play, edit

SECRETS = {"LAJUR_SSH_KEY": "kunci\nrahasia\n", "LAJUR_SNMP_AUTH": "satu", "LAJUR_SNMP_PRIVACY": "dua"}


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(SHIPPED / "manokwari")


def test_its_record_is_in_the_database_that_its_workload_names(regency: Regency) -> None:
    found = steering(regency, regency.workload("steering"), regency.server("mon-1"))
    assert found == {
        "key": "steering",
        "port": 8443,
        "names": list(regency.server("mon-1").names),
        "callers": [],
        "ledger": {
            "host": str(regency.server("db-1").address),
            "port": 5432,
            "database": "steering",
            "user": "steering",
        },
    }


def test_only_its_own_server_knows_of_it_and_no_secret_is_among_the_facts(regency: Regency) -> None:
    keys = [each.key for each in regency.servers]
    ways = {key: Way(server=key, host="192.0.2.1", port=22, user="root", known_hosts=Path("k"), key=None) for key in keys}
    facts: dict[str, Any] = {each.name: each.facts for each in server_hosts(regency, regency.servers, ways, {})}
    assert {name for name, each in facts.items() if "lajur_steering" in each} == {"mon-1"}
    assert "env:" not in repr(facts)


def test_its_edge_may_call_it_by_the_names_that_it_lets_in(regency: Regency) -> None:
    gateway, steered = regency.workload("gateway"), regency.workload("steering")
    let_in = steered.model_copy(update={"entrance": gateway.entrance})
    found = steering(regency, let_in, regency.server("mon-1"))
    assert found["callers"] == [str(regency.server("edge-1").address)]
    assert found["names"][-1] == "perizinan.manokwari.example"


def test_it_is_handed_what_the_truth_refers_to_by_name(play: Play) -> None:
    real(play)
    assert handed({**os.environ, **SECRETS}) == {**SECRETS, "LAJUR_SSH_KEY": "kunci\nrahasia"}


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_missing_is_named(play: Play, language: str) -> None:
    real(play)
    with pytest.raises(Unknown, match="LAJUR_SNMP_AUTH"):
        handed({**os.environ, **SECRETS, "LAJUR_SNMP_AUTH": "", "LAJUR_LANG": language})


def real(play: Play) -> None:
    edit(play.folder / "regency.yaml", "illustrative: true", "illustrative: false")


@pytest.mark.parametrize(
    ("runs", "written", "asked"),
    [(Runs.WORKLOAD, None, "http"), (Runs.WORKLOAD, Scheme.HTTPS, "https"), (Runs.CONTROLLER, None, "https")],
)
def test_all_who_ask_a_workload_ask_it_the_way_it_answers(
    regency: Regency, runs: Runs, written: Scheme | None, asked: str
) -> None:
    changed = {"runs": runs, "scheme": written}
    own = tuple(each.model_copy(update=changed) if each.key == "gateway" else each for each in regency.workloads)
    whole = regency.model_copy(update={"workloads": own})
    assert workload_of(whole, "gateway").scheme == asked
    (probe,) = [each for each in watch(whole, whole.servers)["probes"] if each["name"] == "gateway-app-1"]
    assert probe["kind"] == asked
    facts: Any = site(whole, whole.servers)["workloads"]
    assert facts["gateway"]["scheme"] == asked

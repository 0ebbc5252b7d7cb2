"""What leased servers are as hosts: by what runs on them, and never by what is only reached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from network.playing.servers import Host, server_hosts, site
from network.server_wiring import Way


@pytest.fixture(scope="module")
def regency() -> Regency:
    """With a connected system that names a server: the one from which it is reached."""
    whole = load_regency(SHIPPED / "manokwari")
    reached = (each.model_copy(update={"servers": ("app-1",)}) if each.key == "oss" else each for each in whole.workloads)
    return whole.model_copy(update={"workloads": tuple(reached)})


@pytest.fixture(scope="module")
def hosts(regency: Regency) -> dict[str, Host]:
    ways = {
        each.key: Way(server=each.key, host=str(each.address), port=22, user="root", known_hosts=Path("known"), key=None)
        for each in regency.servers
    }
    return {host.name: host for host in server_hosts(regency, regency.servers, ways, {})}


def test_a_server_is_of_the_groups_of_what_runs_on_it(hosts: dict[str, Host]) -> None:
    groups = {name: {each for each in host.groups if each.startswith(("runs_", "workload_"))} for name, host in hosts.items()}
    assert groups == {
        "app-1": {"runs_workload", "workload_gateway"},
        "app-2": {"runs_workload", "workload_gateway"},
        "app-3": set(),
        "db-1": {"runs_database", "workload_records"},
        "edge-1": {"runs_edge", "runs_dns", "workload_entrance", "workload_resolver"},
        "mon-1": {
            "runs_monitoring", "runs_chat", "runs_controller", "workload_watch", "workload_talk", "workload_steering",
        },
    }  # fmt: skip


def test_what_is_only_reached_runs_nowhere_and_is_known_everywhere(regency: Regency, hosts: dict[str, Host]) -> None:
    own: Any = hosts["app-1"].facts["lajur_workloads"]
    assert [each["key"] for each in own] == ["gateway"]
    everything: Any = site(regency, regency.servers)["workloads"]
    assert {key for key, each in everything.items() if each["runs"] == "connected"} == {
        "oss", "sicantik", "eplanning", "si-peri-etnik", "oss-mobile",
    }  # fmt: skip
    assert everything["eplanning"]["windows"] == ["musrenbang-distrik", "rka-skpd", "akhir-tahun"]
    assert everything["records"]["backup"] == {"to": "mon-1", "keep": 2, "at": "02:00"}

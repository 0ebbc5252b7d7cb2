"""The servers of a regency as hosts: how they are entered, what they know, and what they must not."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from inventory.load import SHIPPED, load_regency
from network.playing.servers import Host, connection, server_hosts, site
from network.runners.agent import agent
from network.server_wiring import Way, ssh_config, ways
from network.settings import Settings

OBSERVED: Mapping[str, Any] = {"app-1": {"facts": {"hostname": "{{ 6 * 7 }}"}}}


def settings(tmp_path: Path) -> Settings:
    return Settings.read({"LAJUR_STATE": str(tmp_path / "a state")}, tmp_path)


@pytest.fixture
def listed(tmp_path: Path) -> dict[str, Host]:
    regency = load_regency(SHIPPED / "manokwari")
    found = server_hosts(regency, regency.servers, ways(settings(tmp_path), regency.servers, None), OBSERVED)
    return {host.name: host for host in found}


def test_each_server_is_in_the_groups_of_what_it_runs(listed: dict[str, Host]) -> None:
    groups = {name: set(host.groups) for name, host in listed.items()}
    assert groups["app-1"] == {"servers", "server_role_application", "workload_gateway", "runs_workload"}
    assert {"runs_database", "workload_records", "server_role_database"} <= groups["db-1"]
    assert {"runs_monitoring", "runs_chat", "runs_controller"} <= groups["mon-1"]
    assert not any("oss" in group for found in groups.values() for group in found)


def test_the_host_key_is_pinned_and_nobody_is_asked(listed: dict[str, Host], tmp_path: Path) -> None:
    words = str(listed["app-1"].facts["ansible_ssh_common_args"])
    assert f'UserKnownHostsFile="{tmp_path / "a state" / "known_hosts"}"' in words
    assert "StrictHostKeyChecking=yes" in words
    assert "PasswordAuthentication=no" in words


def test_no_secret_and_no_reference_to_one_is_a_fact(listed: dict[str, Host]) -> None:
    regency = load_regency(SHIPPED / "manokwari")
    told = repr([*listed.values(), site(regency, regency.servers)])
    assert "env:" not in told
    assert "file:" not in told


def test_what_a_machine_said_is_handed_on_as_it_is(listed: dict[str, Host]) -> None:
    observed = listed["app-1"].facts["lajur_observed"]
    assert observed == OBSERVED["app-1"]
    assert listed["app-2"].facts["lajur_observed"] == {}


@pytest.mark.parametrize(("user", "becomes"), [("root", None), ("kominfo", True)])
def test_who_is_not_root_becomes_it(user: str, becomes: bool | None) -> None:
    way = Way(server="a", host="192.0.2.1", port=2222, user=user, known_hosts=Path("/k"), key=Path("/id"))
    found = connection(way)
    assert found.get("ansible_become") is becomes
    assert found["ansible_port"] == 2222
    assert 'IdentityFile="/id"' in str(found["ansible_ssh_common_args"])


def test_a_key_that_is_in_no_file_is_the_agents() -> None:
    way = Way(server="a", host="192.0.2.1", port=22, user="root", known_hosts=Path("/k"), key=None)
    assert "Identity" not in str(connection(way)["ansible_ssh_common_args"])


def test_of_the_keys_that_an_agent_of_ours_has_a_server_sees_its_own(tmp_path: Path) -> None:
    regency = load_regency(SHIPPED / "manokwari")
    server = regency.servers[0]
    assert server.login is not None
    assert server.login.key is not None
    with agent({server.login.key: key(tmp_path)}, server.key) as environment:
        (way,) = ways(settings(tmp_path), [server], None, environment).values()
        words = str(connection(way)["ansible_ssh_common_args"])
        assert f'IdentityFile="{environment["LAJUR_AGENT_KEYS"]}/' in words
        assert words.count("IdentityFile") == 1
        assert "IdentitiesOnly=yes" in words
        assert "IdentityAgent" not in words
    (way,) = ways(settings(tmp_path), [server], None, {}).values()
    assert "Identit" not in str(connection(way)["ansible_ssh_common_args"])


def key(folder: Path) -> str:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / "key")], check=True, timeout=60)
    return (folder / "key").read_text()


def test_a_lab_is_entered_from_inside_and_keeps_its_connections_to_itself() -> None:
    way = Way(
        server="app-1",
        host="100.67.0.11",
        port=22,
        user="root",
        known_hosts=Path("/k"),
        key=Path("/id"),
        proxy=("nsenter", "--net=/run/netns/x", "--", "python3", "dial.py"),
        sockets=Path("/run/lajur/x/ssh"),
    )
    assert connection(way)["ansible_control_path_dir"] == "/run/lajur/x/ssh"
    told = ssh_config([way])
    assert "Host app-1\n  HostName 100.67.0.11\n" in told
    assert "  ProxyCommand nsenter --net=/run/netns/x -- python3 dial.py %h %p\n  ProxyUseFdpass yes\n" in told


def test_a_database_knows_its_clients_and_who_holds_its_backups(listed: dict[str, Host]) -> None:
    regency = load_regency(SHIPPED / "manokwari")
    found = site(regency, regency.servers)["databases"]
    assert isinstance(found, dict)
    assert found["records"]["backup"] == {"server": "mon-1", "address": "100.67.0.15", "keep": 2, "at": "02:00"}
    gateway = next(each for each in found["records"]["clients"] if each["workload"] == "gateway")
    assert gateway == {
        "database": "gateway",
        "role": "gateway",
        "workload": "gateway",
        "from": ["100.67.0.11", "100.67.0.12"],
    }
    assert {name for name, host in listed.items() if "holds_backups" in host.groups} == {"mon-1"}


def test_rented_servers_that_no_edge_may_have_are_named() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    assert site(regency, regency.servers)["kept_out"] == []
    assert site(regency, regency.servers, (), {"app-plan-2", "app-plan-1"})["kept_out"] == ["app-plan-1", "app-plan-2"]


def test_where_nobody_knows_which_stages_are_open_nothing_is_said_of_them() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    assert "opened" not in site(regency, regency.servers, None)
    opened = site(regency, regency.servers)["opened"]
    assert isinstance(opened, dict)
    assert set(opened.values()) == {"management", "servers"}

"""What is watched follows from the truth: every workload on its servers, every system, and who meets in which room."""

from __future__ import annotations

import json

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from inventory.release_model import Runs, Tls
from inventory.release_views import accounts, systems, workloads_of
from network.playing import watched


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(SHIPPED / "manokwari")


def test_everything_deployed_is_tried_where_it_runs(regency: Regency) -> None:
    probes = {each["name"]: each for each in watched.watch(regency, regency.servers)["probes"]}
    assert len(probes) == len(watched.watch(regency, regency.servers)["probes"])
    gateway = probes["gateway-app-1"]
    assert (gateway["kind"], gateway["target"], gateway["expect"]) == ("http", "100.67.0.11:8080/sehat", '"status": "ok"')
    assert probes["entrance-edge-1-gateway"]["host"] == "perizinan.manokwari.example"
    assert probes["records-db-1"]["kind"] == "tcp"
    assert probes["talk-mon-1"]["host"] == "obrolan.manokwari.example"
    tried = {each["labels"]["workload"] for each in probes.values()}
    assert {each.key for each in regency.workloads if each.runs not in (Runs.MONITORING, Runs.EDGE, None)} <= tried
    assert {each.workload.key for each in systems(regency) if each.application and each.application.probe} <= tried


def test_what_does_not_stand_is_not_looked_at(regency: Regency) -> None:
    some = tuple(each for each in regency.servers if each.key in ("app-1", "mon-1"))
    found = watched.watch(regency, some)
    assert {each["name"] for each in found["nodes"]} == {"app-1", "mon-1"}
    assert {each["labels"].get("server") for each in found["probes"]} == {"app-1", "mon-1", None}


def test_only_what_is_tried_is_let_in(regency: Regency) -> None:
    assert watched.tried_ports(regency, regency.servers, "app-1") == [8080]
    assert watched.tried_ports(regency, regency.servers, "db-1") == [5432]
    assert watched.tried_ports(regency, regency.servers, "app-3") == []
    assert watched.monitors(regency, regency.servers) == ["100.67.0.15"]


def test_servers_ask_the_resolvers_that_stand(regency: Regency) -> None:
    assert watched.resolvers(regency, regency.servers) == ["100.67.0.14"]
    assert watched.resolvers(regency, tuple(each for each in regency.servers if each.key != "edge-1")) == []


def test_every_backup_is_expected_and_so_is_the_proof_that_it_comes_back(regency: Regency) -> None:
    expected = watched.watch(regency, regency.servers)["expected"]
    assert [(each["metric"], each["labels"]) for each in expected] == [
        ("lajur_backup_last_seconds", {"database": "records"}),
        ("lajur_restore_proven_seconds", {"database": "records"}),
    ]


def test_a_chat_is_told_that_the_truth_names_its_certificate_and_not_where_it_is(regency: Regency) -> None:
    (talk,) = workloads_of(regency, Runs.CHAT)
    assert not watched.chat(regency, talk)["certified"]
    own = talk.model_copy(update={"tls": Tls(certificate="file:/etc/lajur/a.pem", key="env:LAJUR_CHAT_KEY")})
    found = watched.chat(regency, own)
    assert found["certified"]
    assert "file:" not in json.dumps(found)


def test_what_an_edge_brings_everybody_to_is_asked_with_a_token(regency: Regency) -> None:
    assert watched.watch(regency, regency.servers)["tokens"] == []
    (gateway,) = (each for each in regency.workloads if each.key == "gateway")
    let_in = (
        each.model_copy(update={"entrance": gateway.entrance}) if each.runs is Runs.CONTROLLER else each
        for each in regency.workloads
    )
    found = watched.watch(regency.model_copy(update={"workloads": tuple(let_in)}), regency.servers)
    assert found["tokens"] == [{"name": "steering-mon-1", "server": "mon-1"}]
    assert "steering-mon-1" in {each["name"] for each in found["services"]}


def test_no_secret_is_among_the_facts(regency: Regency) -> None:
    told = json.dumps([watched.watch(regency, regency.servers), watched.names(regency)])
    assert "env:" not in told
    assert "file:" not in told


def test_rooms_have_the_right_members(regency: Regency) -> None:
    (talk,) = workloads_of(regency, Runs.CHAT)
    found = watched.chat(regency, talk)
    rooms = {each["name"]: each for each in found["rooms"]}
    everybody = {each.name for each in accounts(regency)}
    assert len(everybody) > 600
    assert set(found["accounts"]) == set(rooms["semua"]["members"]) == everybody
    assert {"network-1", "network-2", "server-1"} == set(rooms["tim-operations"]["members"])
    for stage in regency.stages:
        members = set(rooms[f"tahap-{stage.key}"]["members"])
        staff = {f"{each.key}-it-1" for each in regency.offices if each.stage == stage.key and each.it_staff}
        assert staff <= members
        assert "network-1" in members
        assert "satgas-001" not in members


def test_names_are_those_of_servers_and_of_what_runs_on_them(regency: Regency) -> None:
    names = watched.names(regency)
    assert names["app-1.manokwari.example"] == ["100.67.0.11"]
    assert names["upload.obrolan.manokwari.example"] == ["100.67.0.15"]

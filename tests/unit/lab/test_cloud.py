"""The cloud of a lab on paper: its place in the plan, the settings of its services, its floating addresses as rules."""

from __future__ import annotations

from configparser import ConfigParser
from ipaddress import IPv4Address, IPv4Network

import pytest
from ruamel.yaml import YAML

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from network.errors import LabError
from network.lab import lab
from network.lab.cloud import floating, texts
from network.lab.cloud.parts import ADDRESS, FLOATING, HOME, RENTED, SERVICES, WIRE
from network.lab.layout import BRIDGE, LabPlan, Role
from network.lab.texts import address_lines, sysctls
from network.lab.topology import plan_lab
from tests.unit.lab.test_topology import changed

PASSWORDS = texts.Passwords(admin="aa11", services="bb22", tenant="cc33")


@pytest.fixture(scope="module")
def manokwari() -> Regency:
    return load_regency(SHIPPED / "manokwari")


def test_it_stands_on_a_wire_of_its_own_to_the_core_and_everybody_gets_there_by_the_core(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a", cloud=True)
    (cloud,) = plan.clouds
    assert (cloud.role, cloud.address, cloud.is_router) == (Role.CLOUD, str(ADDRESS), False)
    assert cloud in plan.kept
    assert f"route add {RENTED} via {ADDRESS}" in address_lines(plan, plan.core)
    assert f"route add default via {WIRE[1]} dev core0" in address_lines(plan, cloud)
    assert ("net/ipv4/ip_forward", "1") in sysctls(cloud)
    assert LabPlan.from_json(plan.to_json()) == plan


def test_a_lab_without_one_knows_nothing_of_it(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a")
    assert plan.clouds == ()
    assert str(RENTED) not in plan.to_json() + "".join(line for node in plan.nodes for line in address_lines(plan, node))


@pytest.mark.parametrize(
    ("missing", "servers", "fake"), [(["mmdebstrap"], False, True), (["mmdebstrap"], True, False), ([], False, False)]
)
def test_where_no_machine_can_run_a_cloud_is_fake_and_leased_servers_are_refused(
    manokwari: Regency, monkeypatch: pytest.MonkeyPatch, missing: list[str], servers: bool, fake: bool
) -> None:
    monkeypatch.setattr("network.lab.daemons.missing_programs", lambda more=(): missing)
    plan = lab.as_possible(plan_lab(manokwari, "a", cloud=True, servers=servers))
    assert (plan.fake, plan.has_machines) == (fake, not fake)
    assert LabPlan.from_json(plan.to_json()) == plan


def test_a_fake_cloud_needs_no_machine(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a", cloud=True, fake=True)
    assert (plan.fake, plan.has_machines) == (True, False)
    assert not plan_lab(manokwari, "a", fake=True).fake


def test_alone_it_stands_beside_noc_and_nothing_else(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a", cloud=True, alone=True)
    assert ([node.key for node in plan.nodes], plan.fake, plan.has_machines) == (["noc", "cloud"], True, False)
    assert plan.kept == plan.clouds
    assert f"route add default via {ADDRESS} dev cloud0" in address_lines(plan, plan.node("noc"))
    assert f"address add {WIRE[2]}/{WIRE.prefixlen} dev core0" in address_lines(plan, plan.node("cloud"))
    assert LabPlan.from_json(plan.to_json()) == plan


def test_with_leased_servers_both_stand_in_it(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a", servers=True, cloud=True)
    assert len(plan.servers) == len(manokwari.servers)
    assert len(plan.clouds) == 1
    route = f"route add {RENTED} via {manokwari.segment[1] if manokwari.segment else ''} dev {BRIDGE}"
    assert route in address_lines(plan, plan.node("srv")), "the package repository answers rented servers too"


def test_a_name_or_an_address_of_it_that_is_taken_is_refused(manokwari: Regency) -> None:
    server = manokwari.servers[0].model_copy(update={"key": "cloud"})
    with pytest.raises(LabError, match="name_taken"):
        plan_lab(manokwari.model_copy(update={"servers": (server, *manokwari.servers[1:])}), "a", servers=True, cloud=True)
    office = manokwari.offices[0].key
    with pytest.raises(LabError, match="address_outside") as met:
        plan_lab(changed(manokwari, "offices", office, lan=IPv4Network("100.68.7.0/24")), "a", cloud=True)
    assert met.value.fields["what"] == office
    plan_lab(changed(manokwari, "offices", office, lan=IPv4Network("100.68.7.0/24")), "a")


def test_settings_are_whole_and_a_password_stands_where_it_is_needed_and_nowhere_else() -> None:
    files = texts.settings(PASSWORDS, "lajur.LabDriver")
    read = {}
    for name, text in files.items():
        if name.endswith(".conf"):
            read[name] = ConfigParser(interpolation=None)
            read[name].read_string(text)
    assert set(read) == {f"etc/{name}/{name}.conf" for name in ("keystone", "placement", "nova", "neutron", "cinder")} | {
        "etc/glance/glance-api.conf"
    }
    databases = {name for each in SERVICES for name in each.databases}
    used = {value.rpartition("/")[2] for each in read.values() for part in each.sections() for key, value in each[part].items()
            if key == "connection"}  # fmt: skip
    assert used | {"nova_cell0"} == databases
    assert read["etc/nova/nova.conf"]["DEFAULT"]["compute_driver"] == "lajur.LabDriver"
    longest = int(read["etc/cinder/cinder.conf"]["DEFAULT"]["service_down_time"])
    assert longest > 10**6, "what makes volumes is never taken for dead"
    assert {name for name, text in files.items() if "bb22" in text} == set(read) - {"etc/keystone/keystone.conf"}
    assert {name for name, text in files.items() if "aa11" in text} == {"clouds.yaml", texts.OPERATOR}
    for text in files.values():
        for word in text.split():
            assert not word.startswith("/") or word.startswith(HOME), "everything lies in its own folder"


def test_it_is_entered_as_who_rents_and_as_who_runs_it() -> None:
    clouds = YAML(typ="safe").load(texts.clouds(PASSWORDS))["clouds"]
    assert {name: (each["auth"]["project_name"], each["auth"]["password"]) for name, each in clouds.items()} == {
        "lab": ("kominfo", "cc33"),
        "lab-admin": ("admin", "aa11"),
    }
    assert {each["auth"]["auth_url"] for each in clouds.values()} == {f"http://{ADDRESS}:5000/v3"}


def test_keystone_keeps_every_key_with_the_cloud_and_none_on_the_machine() -> None:
    read = ConfigParser(interpolation=None)
    read.read_string(texts.settings(PASSWORDS, "fake")["etc/keystone/keystone.conf"])
    where = {name: read[name]["key_repository"] for name in ("fernet_tokens", "fernet_receipts", "credential")}
    assert all(path.startswith(f"{HOME}/data/") for path in where.values()), where


def test_every_service_has_a_port_of_its_own_and_starts_after_those_that_it_needs() -> None:
    assert len({each.port for each in SERVICES}) == len(SERVICES)
    names = [each.name for each in SERVICES]
    assert all(names.index(other) < names.index(each.name) for each in SERVICES for other in each.after)
    assert IPv4Address("100.68.128.10") in FLOATING
    assert not FLOATING.overlaps(WIRE)


def test_a_floating_address_leads_in_and_is_whom_its_server_comes_from() -> None:
    rules = floating.rules("100.68.129.7 10.20.0.5\n100.68.129.8 10.20.0.6\n")
    assert "ip daddr 100.68.129.7 dnat to 10.20.0.5" in rules
    assert 'oifname "core0" ip saddr 10.20.0.6 snat to 100.68.129.8' in rules
    assert rules.index("snat to 100.68.129.8") < rules.index("masquerade"), "its own before everybody's"
    assert "dnat" not in floating.rules("")

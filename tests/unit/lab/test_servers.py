"""Leased servers in the plan of a lab: their segment, their machines by the lease's promise, and what a lab refuses to carry."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path
from typing import Any

import pytest

from inventory.load import load_regency
from inventory.regency import Regency
from inventory.server_model import DiskKind, DiskPromise, Promise
from inventory.units import Size
from network.errors import LabError
from network.lab import machine, machine_files, texts
from network.lab.layout import LabPlan, Role
from network.lab.router_texts import ospfd_config, zebra_config
from network.lab.topology import plan_lab

REGENCIES = Path(__file__).parents[3] / "inventory" / "regencies"
KEYS = {"env:LAJUR_OSPF_KEY": "0123456789abcdef"}


@pytest.fixture(scope="module", params=["manokwari", "bontang", "tolikara"])
def regency(request: pytest.FixtureRequest) -> Regency:
    return load_regency(REGENCIES / request.param)


@pytest.fixture(scope="module")
def manokwari() -> Regency:
    return load_regency(REGENCIES / "manokwari")


def _first_server(regency: Regency, **values: Any) -> Regency:
    """The regency with some fields of its first server replaced."""
    first, *others = regency.servers
    return regency.model_copy(update={"servers": (first.model_copy(update=values), *others)})


def test_servers_are_nodes_on_one_segment_with_the_core(regency: Regency) -> None:
    plan = plan_lab(regency, "a", servers=True)
    assert regency.segment is not None
    assert [(node.key, node.address) for node in plan.servers] == [(each.key, str(each.address)) for each in regency.servers]
    on_segment = [wire.far for wire in plan.wires if wire.near.node == "srv"]
    assert [port.node for port in on_segment] == [plan.core.key, *(each.key for each in regency.servers)]
    assert {IPv4Interface(port.address).network for port in on_segment} == {regency.segment}
    assert IPv4Address(on_segment[0].host) == regency.segment[1]
    assert plan.node("srv").address == str(regency.segment[2])
    assert {node.role for node in plan.kept} >= {Role.SERVER, Role.SEGMENT, Role.CORE}
    assert not {node.key for node in plan.routers} & {node.key for node in plan.servers}


def test_a_lab_without_servers_is_as_before(regency: Regency) -> None:
    plan = plan_lab(regency, "a")
    assert plan.servers == ()
    assert plan.machines == ()
    assert not {"srv"} & {node.key for node in plan.nodes}
    assert plan.kept == plan.routers


def test_plans_with_servers_survive_their_file_and_differ(regency: Regency) -> None:
    plan = plan_lab(regency, "a", servers=True)
    assert LabPlan.from_json(plan.to_json()) == plan
    short = plan_lab(regency, "a", servers=True, short=[regency.servers[0].key])
    assert len({plan.digest(), short.digest(), plan_lab(regency, "a").digest()}) == 3
    assert short.machines[0].memory == plan.machines[0].memory // 2
    assert short.machines[1:] == plan.machines[1:]


def test_the_core_tells_everybody_of_the_segment_and_servers_go_out_by_it(manokwari: Regency) -> None:
    for bare in (False, True):
        plan = plan_lab(manokwari, "a", servers=True, bare=bare)
        assert "interface srv0\n ip ospf area 0\n ip ospf passive" in ospfd_config(plan, plan.core, KEYS)
        assert "srv0" not in zebra_config(plan, plan.core)
        server = texts.address_lines(plan, plan.node("app-1"))
        assert server == [
            "link set dev lo up",
            "address add 100.67.0.11/24 dev eth0",
            "link set dev eth0 up",
            "route add default via 100.67.0.1 dev eth0",
        ]
        segment = texts.address_lines(plan, plan.node("srv"))
        assert "address add 100.67.0.2/24 dev br0" in segment
        assert sum(line.endswith("master br0") for line in segment) == len(plan.servers) + 1
        assert not [line for line in segment if "address add  " in line]


def test_the_ways_into_a_bare_lab_leave_the_segment_alone(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a", servers=True, bare=True)
    assert manokwari.segment is not None
    first = [port.bootstrap for wire in plan.wires for port in (wire.near, wire.far) if port.bootstrap]
    assert first
    assert not [address for address in first if IPv4Interface(address).ip in manokwari.segment]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"key": "core"}, "lab.server_name_taken"),
        ({"key": "srv"}, "lab.server_name_taken"),
        ({"address": IPv4Address("100.67.0.2")}, "lab.server_address"),
        ({"address": IPv4Address("100.67.0.12")}, "lab.server_address"),
        ({"address": IPv4Address("100.67.1.11")}, "lab.server_address"),
        ({"lease": "nobody"}, "lab.server_lease"),
    ],
)
def test_what_a_lab_cannot_carry_is_refused(manokwari: Regency, values: dict[str, Any], code: str) -> None:
    wrong = _first_server(manokwari, **values)
    with pytest.raises(LabError) as refused:
        plan_lab(wrong, "a", servers=True)
    assert refused.value.code == code
    plan_lab(wrong, "a")


@pytest.mark.parametrize("network", ["100.66.1.0/24", "192.0.2.0/24", "100.67.0.0/30"])
def test_a_segment_outside_a_lab_is_refused(manokwari: Regency, network: str) -> None:
    with pytest.raises(LabError) as refused:
        plan_lab(manokwari.model_copy(update={"segment": IPv4Network(network)}), "a", servers=True)
    assert refused.value.code == "lab.address_outside"


def test_no_servers_and_unknown_short_ones_are_refused(manokwari: Regency) -> None:
    for without in ({"servers": ()}, {"segment": None}):
        with pytest.raises(LabError) as refused:
            plan_lab(manokwari.model_copy(update=without), "a", servers=True)
        assert refused.value.code == "lab.no_servers"
    with pytest.raises(LabError) as unknown:
        plan_lab(manokwari, "a", servers=True, short=["app-9"])
    assert unknown.value.code == "lab.server_unknown"


def test_a_machine_keeps_its_promise(manokwari: Regency) -> None:
    disks = (
        DiskPromise(size=Size.parse("960 GB"), kind=DiskKind.SSD, count=2),
        DiskPromise(size=Size.parse("1 TB"), kind=DiskKind.NVME, count=2),
        DiskPromise(size=Size(1000), kind=DiskKind.HDD),
    )
    promise = Promise(cpus=3, memory=Size.parse("4 GiB"), disks=disks, model="Example Rack 1")
    found = machine.machine_of(manokwari.servers[0], promise, short=False)
    assert [(disk.name, disk.size, disk.rotational) for disk in found.disks] == [
        ("sda", 960 * 10**9, False),
        ("sdb", 960 * 10**9, False),
        ("nvme0n1", 10**12, False),
        ("nvme1n1", 10**12, False),
        ("sdc", 1024, True),
    ]
    assert len({disk.serial for disk in found.disks}) == 5
    assert (found.model, found.speed, found.cpus, found.memory) == ("Example Rack 1", None, 3, 2**32)
    assert found == machine.machine_of(manokwari.servers[0], promise, short=False)
    assert machine.cpuinfo(3).count("processor\t:") == 3
    total = int(machine.meminfo(found.memory).split()[1]) * 1024
    assert 0.97 * found.memory < total < found.memory


def test_disks_beyond_the_alphabet_have_names_too(manokwari: Regency) -> None:
    promise = Promise(cpus=1, memory=Size(1024), disks=(DiskPromise(size=Size(512), kind=DiskKind.HDD, count=28),))
    names = [disk.name for disk in machine.machine_of(manokwari.servers[0], promise, short=False).disks]
    assert names[25:] == ["sdz", "sdaa", "sdab"]
    assert len(set(names)) == 28


def test_a_server_knows_the_others_and_one_repository(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a", servers=True)
    hosts = machine_files.hosts(plan, plan.node("db-1")).splitlines()
    assert "127.0.1.1 db-1" in hosts
    assert "100.67.0.11 app-1" in hosts
    assert "100.67.0.13 db-1" not in hosts
    assert machine_files.sources(plan) == "deb [trusted=yes] http://100.67.0.2 ./\n"

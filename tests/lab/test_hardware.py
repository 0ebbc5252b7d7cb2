"""The lab's wires as an engineer knows them: neighbours, modules, fibres that are cut and mended, and who tells of it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from queue import Empty
from typing import Any

import pytest

from inventory.regency import Regency
from inventory.views import small_copy
from network.errors import LabError
from network.lab import hardware, lab
from network.lab.lab import LabState
from network.lab.layout import Traps, Wire
from tests.lab.conftest import new_lab_id
from tests.lab.machine import until
from tests.lab.trapped import Trap, heard

pytestmark = pytest.mark.lab

LINK = "sgg-dpmptsp"


@pytest.fixture(scope="module")
def told_by_agent(manokwari: Regency) -> Iterator[LabState]:
    lab_id = new_lab_id()
    try:
        yield lab.up(small_copy(manokwari, 1), lab_id, timeout=240, traps=Traps.AGENT)
    finally:
        lab.down(lab_id)


def wire(state: LabState, key: str = LINK) -> Wire:
    return next(each for each in state.plan.wires if each.key == key)


def neighbours(state: LabState, node: str) -> dict[str, tuple[str, str]]:
    """By interface: the name of the neighbour and of its port."""
    said = lab.exec_in(state.plan.lab, node, ["lldpcli", "-f", "json0", "show", "neighbors"]).stdout
    found: dict[str, tuple[str, str]] = {}
    for each in json.loads(said)["lldp"][0].get("interface", []):
        found[each["name"]] = (each["chassis"][0]["name"][0]["value"], each["port"][0]["id"][0]["value"])
    return found


def module(state: LabState, node: str, interface: str) -> Any:
    return lab.exec_in(state.plan.lab, node, ["ethtool", "-m", interface])


def received(state: LabState, node: str, interface: str) -> float:
    (line,) = [line for line in module(state, node, interface).stdout.splitlines() if "average optical power" in line]
    return float(line.split()[-2])


def full(state: LabState, node: str, interface: str) -> bool:
    said = lab.exec_in(state.plan.lab, node, ["vtysh", "-c", "show ip ospf neighbor json"]).stdout
    entries = [entry for entries in json.loads(said)["neighbors"].values() for entry in entries]
    return any(entry["ifaceName"].startswith(f"{interface}:") and entry["nbrState"].startswith("Full") for entry in entries)


def test_every_router_knows_its_neighbours_by_name_and_port(running: LabState) -> None:
    wanted: dict[str, dict[str, tuple[str, str]]] = {node.key: {} for node in running.plan.routers}
    for each in running.plan.wires:
        if each.routed:
            wanted[each.near.node][each.near.interface] = each.far.node, each.far.interface
            wanted[each.far.node][each.far.interface] = each.near.node, each.near.interface
    until(lambda: {key: neighbours(running, key) for key in wanted} == wanted)


def test_a_fibre_port_has_a_module_that_says_it_is_emulated_and_a_radio_has_none(running: LabState) -> None:
    near = wire(running).near
    said = module(running, near.node, near.interface).stdout
    assert "Vendor name                               : EMULATED\n" in said
    assert received(running, near.node, near.interface) == pytest.approx(near.light, abs=0.05)
    none = module(running, "hub-sow", "core0")
    assert (none.returncode, none.stdout) == (1, "")
    assert "driver: veth" in lab.exec_in(running.plan.lab, near.node, ["/usr/sbin/ethtool", "-i", near.interface]).stdout


def test_light_fades_and_a_module_is_pulled_where_the_lab_is_told_so(running: LabState) -> None:
    lab_id, port = running.plan.lab, wire(running).far
    hardware.set_optics(lab_id, port.node, port.interface, -17.25)
    assert received(running, port.node, port.interface) == pytest.approx(-17.25, abs=0.05)
    hardware.set_optics(lab_id, port.node, port.interface, None)
    assert module(running, port.node, port.interface).returncode == 1
    hardware.set_optics(lab_id, port.node, port.interface, port.light)
    assert received(running, port.node, port.interface) == pytest.approx(port.light, abs=0.05)


def test_a_cut_link_is_told_at_once_forgotten_by_its_neighbours_and_comes_back(running: LabState) -> None:
    lab_id, near, far = running.plan.lab, wire(running).near, wire(running).far
    with heard(running) as traps:
        hardware.cut(lab_id, LINK)
        assert received(running, near.node, near.interface) == received(running, far.node, far.interface) == -math.inf
        assert traps.get(timeout=10) == Trap(near.node, "down", 1, 2, near.interface)
        hardware.cut(lab_id, LINK)
        until(lambda: near.interface not in neighbours(running, near.node))
        until(lambda: not full(running, near.node, near.interface))
        hardware.mend(lab_id, LINK)
        assert traps.get(timeout=10) == Trap(near.node, "up", 1, 1, near.interface)
        hardware.mend(lab_id, LINK)
        until(lambda: full(running, near.node, near.interface))
        until(lambda: neighbours(running, near.node).get(near.interface) == (far.node, far.interface))
        # A port that only changed otherwise is no news, and the far end's own word had no way to come.
        lab.exec_in(lab_id, near.node, ["ip", "link", "set", "dev", near.interface, "mtu", "1499"])
        lab.exec_in(lab_id, near.node, ["ip", "link", "set", "dev", near.interface, "mtu", "1500"])
        with pytest.raises(Empty):
            traps.get(timeout=0.5)


def test_an_engine_speaks_for_the_agent_and_its_traps(running: LabState) -> None:
    engines = json.loads(running.engines.read_text())
    assert sorted(engines) == sorted(node.key for node in running.plan.routers)
    assert len(set(engines.values())) == len(engines)
    said = lab.exec_in(running.plan.lab, "core", ["grep", "^usmUser", "/var/lib/snmp/snmpd.conf"]).stdout
    assert f" 0x{engines['core']} " in said


def test_the_agent_alone_tells_too_where_the_lab_wants_that(told_by_agent: LabState) -> None:
    near = next(each.near for each in told_by_agent.plan.wires if each.far.interface == "wan0")
    link = next(each.key for each in told_by_agent.plan.wires if each.near == near)
    with heard(told_by_agent) as traps:

        def first(kind: str) -> Trap:
            """Any other port may have news of its own while the agent is young."""
            while (trap := traps.get(timeout=60))[:2] != (near.node, kind):
                pass
            return trap

        hardware.cut(told_by_agent.plan.lab, link)
        assert first("down")[2:4] == (1, 2)
        hardware.mend(told_by_agent.plan.lab, link)
        assert first("up")[2:4] == (1, 1)


@pytest.mark.parametrize("link", ["nobody", "core-noc", "inet-domestic"])
def test_only_links_of_the_truth_can_be_cut(running: LabState, link: str) -> None:
    for act in (hardware.cut, hardware.mend):
        with pytest.raises(LabError) as refused:
            act(running.plan.lab, link)
        assert refused.value.code == "lab.link_unknown"
        assert LINK in str(refused.value.fields["links"])


@pytest.mark.parametrize(("node", "interface"), [("core", "noc0"), ("core", "../../x"), ("nobody", "wan0")])
def test_only_ports_of_links_have_modules(running: LabState, node: str, interface: str) -> None:
    with pytest.raises(LabError) as refused:
        hardware.set_optics(running.plan.lab, node, interface, -6.0)
    assert refused.value.code == "lab.port_unknown"


def test_light_that_no_module_sees_is_refused(running: LabState) -> None:
    with pytest.raises(ValueError, match=r"20\.1"):
        hardware.set_optics(running.plan.lab, "core", "h1", 20.1)

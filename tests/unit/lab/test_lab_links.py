"""What the truth says of links is what a lab's wires carry; a bare lab has its wires and a way to manage it, and nothing else."""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv4Interface, IPv4Network
from pathlib import Path

import pytest

from inventory import views
from inventory.load import load_regency
from inventory.model import LinkOspf, Medium, Ospf
from inventory.regency import Regency
from inventory.views import small_copy
from network.errors import LabError
from network.lab import router_texts, texts
from network.lab.bare import bootstrap
from network.lab.layout import BOOTSTRAP, LabPlan, Port, Role, Traps
from network.lab.optics import module_text
from network.lab.topology import plan_lab
from tests.unit.lab.test_topology import KEYS, changed

REGENCIES = Path(__file__).parents[3] / "inventory" / "regencies"


@pytest.fixture(scope="module")
def manokwari() -> Regency:
    return small_copy(load_regency(REGENCIES / "manokwari"), 6)


def test_a_wire_has_the_addresses_the_mtu_and_the_routing_of_its_link(manokwari: Regency) -> None:
    key = "sgg-dpmptsp"
    regency = changed(manokwari, "links", key, mtu=9000, network=IPv4Network("100.80.0.4/30"), ospf=LinkOspf(cost=30, area="5"))
    plan = plan_lab(regency, "a")
    wire = next(wire for wire in plan.wires if wire.key == key)
    assert (wire.near.address, wire.far.address) == ("100.80.0.5/30", "100.80.0.6/30")
    assert wire.ospf is not None
    assert (wire.ospf.area, wire.ospf.cost, wire.ospf.key_id, wire.ospf.key) == ("5", 30, 1, "env:LAJUR_OSPF_KEY")
    (line,) = [line for line in texts.wire_lines(plan) if "name o11 " in line]
    assert line.count("mtu 9000") == 2
    office = plan.office("dpmptsp")
    ospfd = router_texts.ospfd_config(plan, office, KEYS)
    assert "interface wan0\n ip ospf area 5\n ip ospf network point-to-point\n ip ospf hello-interval 1\n" in ospfd
    assert " ip ospf cost 30\n ip ospf authentication message-digest\n" in ospfd
    assert f" ip ospf message-digest-key 1 md5 {KEYS['env:LAJUR_OSPF_KEY']}\n" in ospfd
    assert "interface lo\n ip ospf area 0\n" in ospfd
    description = views.description(regency, regency.link(key), regency.link(key).ends[1])
    assert f"interface wan0\n description {description}\n ip address 100.80.0.6/30\n" in router_texts.zebra_config(plan, office)


def test_a_key_is_a_reference_in_the_plan_and_in_the_plan_only(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a")
    assert plan.references == ("env:LAJUR_OSPF_KEY",)
    for node in plan.routers:
        assert "LAJUR_OSPF_KEY" not in router_texts.ospfd_config(plan, node, KEYS)


def test_links_without_a_network_get_one_that_no_link_of_the_truth_has(manokwari: Regency) -> None:
    without = tuple(
        link if number % 2 else link.model_copy(update={"network": None}) for number, link in enumerate(manokwari.links)
    )
    plan = plan_lab(manokwari.model_copy(update={"links": without}), "a")
    hosts = Counter(port.host for wire in plan.wires for port in (wire.near, wire.far))
    assert set(hosts.values()) == {1}


def test_a_truth_that_says_nothing_of_ospf_gets_a_labs_own(manokwari: Regency) -> None:
    plan = plan_lab(manokwari.model_copy(update={"ospf": None}), "a")
    assert plan.references == ()
    core = router_texts.ospfd_config(plan, plan.core, {})
    assert " ip ospf hello-interval 1\n ip ospf dead-interval 4\n" in core
    assert "authentication" not in core


def test_timers_and_area_are_those_of_the_truth(manokwari: Regency) -> None:
    plan = plan_lab(manokwari.model_copy(update={"ospf": Ospf(area="0.0.0.7", hello=5, dead=20)}), "a")
    core = router_texts.ospfd_config(plan, plan.core, {})
    assert " ip ospf hello-interval 5\n ip ospf dead-interval 20\n" in core
    assert "interface noc0\n ip ospf area 0.0.0.7\n ip ospf passive\n" in core
    assert "area 0\n" not in core


def test_the_lan_is_where_the_truth_has_it(manokwari: Regency) -> None:
    plan = plan_lab(changed(manokwari, "offices", "dpmptsp", lan_interface="br-lan"), "a")
    office = plan.office("dpmptsp")
    assert "address add 100.64.11.1/24 dev br-lan" in texts.address_lines(plan, office)
    assert "interface br-lan\n ip ospf area 0\n ip ospf passive\n" in router_texts.ospfd_config(plan, office, KEYS)
    with pytest.raises(LabError) as refused:
        plan_lab(changed(manokwari, "offices", "dpmptsp", lan_interface="wan0"), "a")
    assert refused.value.code == "lab.interface_twice"


@pytest.mark.parametrize("network", ["10.0.0.0/31", "100.67.0.0/31"])
def test_a_network_outside_what_a_lab_may_use_is_refused(manokwari: Regency, network: str) -> None:
    with pytest.raises(LabError) as refused:
        plan_lab(changed(manokwari, "links", "sgg-dpmptsp", network=IPv4Network(network)), "a")
    assert refused.value.code == "lab.address_outside"
    assert refused.value.fields["what"] == "sgg-dpmptsp"


def test_fibre_has_modules_that_receive_what_was_measured_and_radio_has_none(manokwari: Regency) -> None:
    wires = {wire.key: wire for wire in plan_lab(manokwari, "a").wires}
    for link in manokwari.links:
        for port, end in zip((wires[link.key].near, wires[link.key].far), link.ends, strict=True):
            assert (port.light is not None) == (link.medium is Medium.FIBRE)
            assert end.optics is None or port.light == end.optics.handover


@pytest.mark.parametrize(
    ("dbm", "said"),
    [
        (-7.25, "0.1884 mW / -7.25 dBm"),
        (-40, "0.0001 mW / -40.00 dBm"),
        (-60, "0.0000 mW / -inf dBm"),
        (0, "1.0000 mW / 0.00 dBm"),
    ],
)
def test_a_module_counts_light_as_a_real_one_does(dbm: float, said: str) -> None:
    lines = module_text("LAB1", dbm).splitlines()
    assert f"\tReceiver signal average optical power     : {said}" in lines
    warned = [
        line.strip().rpartition(" ")[2] for line in lines if line.startswith("\tLaser rx power low") and "threshold" not in line
    ]
    assert warned == (["On", "On"] if dbm < -24 else ["Off", "Off"])


def test_a_router_speaks_lldp_on_links_only(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a")
    assert router_texts.lldpd_config(plan, plan.core).endswith("interface pattern up1,up2,h1,h2,h3\n")
    assert router_texts.lldpd_config(plan, plan.office("dpmptsp")).endswith("interface pattern wan0\n")
    assert "100.65.0.11 r-dpmptsp\n" in router_texts.hosts(plan)


def test_the_agent_watches_only_where_it_is_to_tell(manokwari: Regency) -> None:
    access = router_texts.SnmpAccess(user="u", auth="first-phrase", privacy="second-phrase")
    quiet, telling = (plan_lab(manokwari, "a", traps=traps) for traps in Traps)
    assert "monitor" not in router_texts.snmpd_config(quiet, quiet.core, access)
    assert router_texts.snmpd_config(telling, telling.core, access).count("monitor -S -r 1 ") == 2
    assert router_texts.trap_address(quiet).endswith(":162")
    engines = {router_texts.engine_id(plan, node) for plan in (quiet, plan_lab(manokwari, "b")) for node in plan.routers}
    assert len(engines) == 2 * len(quiet.routers)
    assert "phrase" not in repr(access)


# ------------------------------------------------------------------------------------------------------------ bare labs


def test_a_bare_lab_has_no_address_of_a_link_and_no_ospf_on_one(manokwari: Regency) -> None:
    plan = plan_lab(changed(manokwari, "links", "sgg-dpmptsp", mtu=9000), "a", bare=True)
    assert "mtu 9000" not in "".join(texts.wire_lines(plan))
    for node in plan.routers:
        lines = texts.address_lines(plan, node)
        zebra, ospfd = router_texts.zebra_config(plan, node), router_texts.ospfd_config(plan, node, KEYS)
        for port, wire in plan.wired(node.key):
            if wire.routed:
                assert port.bootstrap is not None
                assert IPv4Interface(port.bootstrap).network.subnet_of(BOOTSTRAP)
                assert f"address add {port.bootstrap} dev {port.interface}" in lines
                assert not [line for line in lines if port.address in line]
                assert port.interface not in zebra + ospfd
        assert "message-digest" not in ospfd
        assert "interface lo" not in ospfd


def test_what_is_no_link_stays_in_a_bare_lab(manokwari: Regency) -> None:
    full, plan = plan_lab(manokwari, "a"), plan_lab(manokwari, "a", bare=True)
    assert router_texts.staticd_config(plan, plan.core) == router_texts.staticd_config(full, full.core)
    assert texts.address_lines(plan, plan.node("noc")) == texts.address_lines(full, full.node("noc"))
    assert texts.address_lines(plan, plan.node("inet")) == texts.address_lines(full, full.node("inet"))
    office = texts.address_lines(plan, plan.office("dpmptsp"))
    assert "address add 100.65.0.11/32 dev lo" in office
    assert "address add 100.64.11.1/24 dev lan0" in office
    assert plan.digest() != full.digest()
    assert LabPlan.from_json(plan.to_json()) == plan


def test_only_a_bare_lab_has_a_bootstrap(manokwari: Regency) -> None:
    assert bootstrap(plan_lab(manokwari, "a")) == {}


def test_a_bare_lab_is_managed_along_its_tree(manokwari: Regency) -> None:
    """Walks the routes from the core down to every router, and from every router up to `noc`."""
    plan = plan_lab(manokwari, "a", bare=True)
    ways = {node: dict(_read(line) for line in lines) for node, lines in bootstrap(plan).items()}
    owners = {_host(port): port.node for wire in plan.wires for port in (wire.near, wire.far)}
    (noc,) = plan.ports("noc")
    outside = str(IPv4Interface(noc.address).network)
    for node in plan.routers:
        here, hops = plan.core.key, 0
        while here != node.key:
            here, hops = owners[ways[here][f"{node.address}/32"]], hops + 1
            assert hops <= 3
        while here != plan.core.key:
            here, hops = owners[ways[here][outside]], hops + 1
            assert hops <= 6
    office = plan.office("dpmptsp")
    assert set(ways[office.key]) == {outside, "100.65.1.1/32", "100.65.2.1/32"}
    assert not any(plan.node(node).role is Role.OFFICE and f"{plan.office('bappeda').address}/32" in ways[node] for node in ways)


def _read(line: str) -> tuple[str, str]:
    words = line.split()
    assert words[:2] == ["route", "replace"]
    assert int(words[words.index("metric") + 1]) >> 24 == 254
    return words[2], words[words.index("via") + 1]


def _host(port: Port) -> str:
    return (port.bootstrap or port.address).partition("/")[0]

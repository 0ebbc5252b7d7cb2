"""A regency as a lab: every link a wire, every address one that a lab may use, and a refusal that names what does not fit."""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.load import load_regency
from inventory.model import DeviceRole, Probe
from inventory.regency import Regency
from inventory.units import Direction
from inventory.views import small_copy
from network.errors import LabError
from network.lab import router_texts, texts
from network.lab.layout import INSIDE, OUTSIDE, WIRES, LabPlan, Role, client_address, lab_of, prefix
from network.lab.topology import plan_lab

REGENCIES = Path(__file__).parents[3] / "inventory" / "regencies"
NAMES = ("manokwari", "bontang", "tolikara")
KEYS = {"env:LAJUR_OSPF_KEY": "0123456789abcdef"}


@pytest.fixture(scope="module")
def regencies() -> dict[str, Regency]:
    return {name: load_regency(REGENCIES / name) for name in NAMES}


@pytest.fixture
def manokwari(regencies: dict[str, Regency]) -> Regency:
    return regencies["manokwari"]


def changed(regency: Regency, what: str, key: str, **values: Any) -> Regency:
    """The regency with some fields of one item replaced."""
    items = tuple(item.model_copy(update=values) if item.key == key else item for item in getattr(regency, what))
    return regency.model_copy(update={what: items})


@pytest.mark.parametrize("name", NAMES)
def test_every_device_is_a_node_and_every_link_a_wire_between_the_same_interfaces(
    regencies: dict[str, Regency], name: str
) -> None:
    regency = regencies[name]
    plan = plan_lab(regency, "a")
    assert {node.key for node in plan.nodes} == {device.key for device in regency.devices} | {"inet", "noc"}
    wires = {wire.key: wire for wire in plan.wires}
    for link in regency.links:
        ends = tuple((port.node, port.interface) for port in (wires[link.key].near, wires[link.key].far))
        assert ends == tuple((end.device, end.interface) for end in link.ends)
        assert wires[link.key].routed
    assert len(plan.wires) == len(regency.links) + len(regency.uplinks) + 1


@pytest.mark.parametrize("name", NAMES)
def test_addresses_are_unique_and_only_such_as_a_lab_may_use(regencies: dict[str, Regency], name: str) -> None:
    plan = plan_lab(regencies[name], "a")
    for wire in plan.wires:
        near, far = IPv4Interface(wire.near.address), IPv4Interface(wire.far.address)
        assert near.network == far.network
        assert near.network.prefixlen == 31
        assert near.network.subnet_of(WIRES)
    used = Counter(port.host for wire in plan.wires for port in (wire.near, wire.far))
    used.update(node.address for node in plan.routers if node.address)
    assert set(used.values()) == {1}
    for node in plan.nodes:
        if node.lan:
            assert IPv4Network(node.lan).subnet_of(INSIDE)
            assert IPv4Address(client_address(node)) in IPv4Network(node.lan)


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_survives_its_file(regencies: dict[str, Regency], name: str) -> None:
    plan = plan_lab(regencies[name], "a")
    again = LabPlan.from_json(plan.to_json())
    assert again == plan
    assert again.digest() == plan.digest()
    assert plan_lab(regencies[name], "b").digest() != plan.digest()


@settings(max_examples=15, deadline=None)
@given(count=st.integers(2, 37))
def test_a_smaller_regency_is_a_smaller_lab(count: int) -> None:
    regency = load_regency(REGENCIES / "manokwari")
    plan = plan_lab(small_copy(regency, count), "a")
    assert sum(node.role is Role.OFFICE for node in plan.nodes) == count
    assert plan.digest() != plan_lab(regency, "a").digest()


def test_each_uplink_has_addresses_that_leave_by_it(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a")
    domestic = manokwari.prefixes["domestic"]
    for destination in plan.destinations:
        address = IPv4Address(destination.address)
        assert address in OUTSIDE
        assert any(address in network for network in domestic) == (destination.uplink == "domestic")
        owners = {a.key for a in manokwari.applications if any(address in network for network in a.destinations)}
        assert owners == ({destination.application} if destination.application else set())
    assert {(d.uplink, d.application) for d in plan.destinations} >= {
        ("domestic", None),
        ("domestic", "eplanning"),
        ("international", None),
    }


def test_applications_are_played_where_the_truth_asks_them(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a")
    probes = {each.key: each.probe for each in manokwari.applications if each.probe is not None}
    assert {each.key: (each.kind, each.address, each.port) for each in plan.systems} == {
        key: (probe.kind, probe.host, probe.port) for key, probe in probes.items()
    }
    named = Probe(kind="https", host="oss.example")
    away = Probe(kind="https", host="192.0.2.1")
    for probe in (named, away, None):
        others = [each.model_copy(update={"probe": probe}) for each in manokwari.applications]
        assert plan_lab(manokwari.model_copy(update={"applications": tuple(others)}), "a").systems == ()


def test_the_provider_enforces_the_contract_and_never_less(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a")
    inet, border = plan.node("inet"), plan.border
    for uplink in manokwari.uplinks:
        for node, interface, direction in (
            (inet, f"border{uplink.id}", Direction.DOWN),
            (border, f"isp{uplink.id}", Direction.UP),
        ):
            (line,) = [line for line in texts.contract_lines(plan, node) if f"dev {interface} " in line]
            words = line.split()
            assert words[words.index("rate") + 1] == f"{int(uplink.rate.of(direction))}bit"
            assert int(words[words.index("burst") + 1]) >= 16 * 1514
            assert int(words[words.index("limit") + 1]) > int(words[words.index("burst") + 1])


def test_a_single_uplink_carries_everything(regencies: dict[str, Regency]) -> None:
    plan = plan_lab(regencies["tolikara"], "a")
    (provider,) = plan.providers
    assert provider.default
    core = router_texts.staticd_config(plan, plan.core)
    assert core is not None
    assert core.splitlines()[1:] == [f"ip route 0.0.0.0/0 {provider.inside.near.host} up{provider.id}"]
    assert not [line for line in texts.address_lines(plan, plan.border) if "unreachable" in line]


def test_the_core_sends_listed_prefixes_over_their_own_link(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a")
    domestic, international = plan.providers
    core, border = router_texts.staticd_config(plan, plan.core), router_texts.staticd_config(plan, plan.border)
    assert core is not None
    assert border is not None
    assert f"ip route 198.18.0.0/16 {domestic.inside.near.host} up1\n" in core
    assert f"ip route 0.0.0.0/0 {international.inside.near.host} up2\n" in core
    assert f"ip route 198.18.0.0/16 {domestic.outside.near.host} isp1 table 101\n" in border
    assert f"ip route 100.64.0.0/10 {domestic.inside.far.host} core1 table 5001\n" in border
    assert router_texts.staticd_config(plan, plan.office("dpmptsp")) is None


def test_only_wires_of_the_truth_speak_ospf_and_loopbacks_and_lans_are_known_by_it(manokwari: Regency) -> None:
    plan = plan_lab(manokwari, "a")
    core = router_texts.ospfd_config(plan, plan.core, KEYS)
    assert core.count("point-to-point") == sum(wire.routed for wire in plan.wires if plan.core.key in _ends(wire))
    assert "default-information originate always" in core
    assert "isp1" not in router_texts.ospfd_config(plan, plan.border, KEYS)
    office = router_texts.ospfd_config(plan, plan.office("dpmptsp"), KEYS)
    assert "interface lan0\n ip ospf area 0\n ip ospf passive" in office
    assert "interface lo\n ip ospf area 0" in office
    assert "default-information" not in office


def _ends(wire: Any) -> tuple[str, str]:
    return wire.near.node, wire.far.node


@pytest.mark.parametrize("lab_id", ["", "A", "a-b", "a_b", "../x", "thirteenchars"])
def test_a_wrong_id_is_refused(manokwari: Regency, lab_id: str) -> None:
    with pytest.raises(LabError) as refused:
        plan_lab(manokwari, lab_id)
    assert refused.value.code == "lab.id_wrong"


def test_two_borders_are_refused(manokwari: Regency) -> None:
    with pytest.raises(LabError) as refused:
        plan_lab(changed(manokwari, "devices", "hub-sgg", role=DeviceRole.BORDER), "a")
    assert refused.value.code == "lab.role_count"
    assert refused.value.fields["count"] == 2


@pytest.mark.parametrize("interface", ["ge-0/0/1", "GigabitEthernet0", "a" * 16])
def test_an_interface_name_of_another_brand_is_refused_by_name(manokwari: Regency, interface: str) -> None:
    link = manokwari.links[-1]
    ends = (link.ends[0], link.ends[1].model_copy(update={"interface": interface}))
    with pytest.raises(LabError) as refused:
        plan_lab(changed(manokwari, "links", link.key, ends=ends), "a")
    assert refused.value.code == "lab.interface_name"
    assert refused.value.fields["interface"] == interface


def test_an_interface_used_twice_is_refused(manokwari: Regency) -> None:
    first, second = manokwari.links[-2:]
    ends = (second.ends[0], first.ends[1])
    with pytest.raises(LabError) as refused:
        plan_lab(changed(manokwari, "links", second.key, ends=ends), "a")
    assert refused.value.code == "lab.interface_twice"


@pytest.mark.parametrize("lan", ["192.168.7.0/24", "100.66.4.0/24", "100.0.0.0/8"])
def test_a_lan_outside_what_a_lab_may_use_is_refused(manokwari: Regency, lan: str) -> None:
    office = manokwari.offices[0].key
    with pytest.raises(LabError) as refused:
        plan_lab(changed(manokwari, "offices", office, lan=IPv4Network(lan)), "a")
    assert refused.value.code == "lab.address_outside"
    assert refused.value.fields["what"] == office


def test_real_destinations_are_refused(manokwari: Regency) -> None:
    prefixes = {"domestic": (IPv4Network("203.0.113.0/24"),)}
    with pytest.raises(LabError) as refused:
        plan_lab(manokwari.model_copy(update={"prefixes": prefixes}), "a")
    assert refused.value.code == "lab.address_outside"


def test_an_uplink_whose_link_is_not_the_borders_is_refused(manokwari: Regency) -> None:
    with pytest.raises(LabError) as refused:
        plan_lab(changed(manokwari, "uplinks", "domestic", link=manokwari.links[-1].key), "a")
    assert refused.value.code == "lab.uplink_link"


@given(lab=st.text("a1", min_size=1, max_size=3), other=st.text("a1", min_size=1, max_size=3))
def test_no_labs_names_begin_like_another_labs(lab: str, other: str) -> None:
    assert prefix(lab).startswith(prefix(other)) == (lab == other)
    assert lab_of(prefix(lab) + "core") == lab

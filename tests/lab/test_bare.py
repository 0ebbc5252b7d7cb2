"""A lab whose links nobody has configured: managed all the same, until OSPF takes over from the bootstrap."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from inventory.regency import Regency
from inventory.views import small_copy
from network.errors import LabError
from network.lab import enter, hardware, lab, standing
from network.lab.lab import LabState
from network.lab.layout import Port, Wire
from tests.lab.conftest import new_lab_id
from tests.lab.machine import until

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def bare(manokwari: Regency) -> Iterator[LabState]:
    """One office, its hub, the core and the border."""
    lab_id = new_lab_id()
    try:
        yield lab.up(small_copy(manokwari, 1), lab_id, timeout=240, bare=True)
    finally:
        lab.down(lab_id)


def said(state: LabState, node: str, *argv: str) -> str:
    done = lab.exec_in(state.plan.lab, node, argv)
    assert done.returncode == 0, done.stderr
    return done.stdout


def greeted(state: LabState, address: str | None) -> bool:
    try:
        with enter.dialer(state)(str(address), 22, 1.0) as connection:
            return connection.recv(8) == b"SSH-2.0-"
    except OSError:
        return False


def way(state: LabState, node: str, prefix: str) -> str:
    """Which protocol's route to `prefix` zebra has chosen, and the kernel follows."""
    routes = json.loads(said(state, node, "vtysh", "-c", f"show ip route {prefix} json")).get(prefix, [])
    (chosen,) = [route["protocol"] for route in routes if route.get("selected")] or [""]
    return str(chosen)


def test_every_router_is_managed_and_no_link_of_the_truth_is_configured(bare: LabState) -> None:
    assert {node.ready for node in standing.status(bare.plan.lab).nodes} == {True}
    for node in bare.plan.routers:
        assert greeted(bare, node.address)
        running = said(bare, node.key, "vtysh", "-c", "show running-config")
        addresses = said(bare, node.key, "ip", "-brief", "address")
        for port, wire in bare.plan.wired(node.key):
            if wire.routed:
                assert f"interface {port.interface}\n" not in running
                assert port.address not in addresses
                state = json.loads(said(bare, node.key, "ip", "-j", "link", "show", "dev", port.interface))[0]
                assert state["operstate"] == "UP"


def test_a_bare_lab_and_another_are_not_the_same(bare: LabState, manokwari: Regency) -> None:
    with pytest.raises(LabError) as refused:
        lab.up(small_copy(manokwari, 1), bare.plan.lab)
    assert refused.value.code == "lab.other_plan"


def test_a_bare_link_that_was_cut_is_managed_again_when_it_is_mended(bare: LabState) -> None:
    (office,) = [node for node in bare.plan.routers if node.office]
    link = next(wire.key for wire in bare.plan.wires if wire.far.node == office.key)
    hardware.cut(bare.plan.lab, link)
    assert not greeted(bare, office.address)
    hardware.mend(bare.plan.lab, link)
    until(lambda: greeted(bare, office.address))


def test_ospf_takes_over_and_the_bootstrap_serves_again_when_it_goes(bare: LabState) -> None:
    plan = bare.plan
    (office,) = [node for node in plan.routers if node.office]
    key = json.loads(bare.ospf_keys.read_text())["env:LAJUR_OSPF_KEY"]
    wires = [wire for wire in plan.wires if wire.routed and plan.border.key != wire.near.node]
    address, lan = f"{office.address}/32", str(office.lan)
    assert way(bare, plan.core.key, address) == "kernel"
    for wire in wires:
        for port in (wire.far, wire.near):
            said(bare, port.node, "vtysh", *(word for line in configured(port, wire, key) for word in ("-c", line)))
    for interface in ("lo", str(office.lan_interface)):
        said(bare, office.key, "vtysh", *_words("configure", f"interface {interface}", "ip ospf area 0", "ip ospf passive"))
    until(lambda: way(bare, plan.core.key, lan) == "ospf")
    assert way(bare, plan.core.key, address) == "ospf"
    assert "proto ospf" in said(bare, plan.core.key, "ip", "route", "show", address).splitlines()[0]
    assert greeted(bare, office.address)
    said(bare, office.key, "vtysh", *_words("configure", "interface wan0", "no ip ospf area 0"))
    until(lambda: way(bare, plan.core.key, address) == "kernel")
    assert greeted(bare, office.address)
    lab.restart(plan.lab, office.key)
    assert greeted(bare, office.address)


def configured(port: Port, wire: Wire, key: str) -> list[str]:
    assert wire.ospf is not None
    return [
        "configure",
        f"interface {port.interface}",
        f"ip address {port.address}",
        "ip ospf authentication message-digest",
        f"ip ospf message-digest-key 1 md5 {key}",
        f"ip ospf hello-interval {wire.ospf.hello}",
        f"ip ospf dead-interval {wire.ospf.dead}",
        "ip ospf network point-to-point",
        f"ip ospf area {wire.ospf.area}",
    ]


def _words(*lines: str) -> list[str]:
    return [word for line in lines for word in ("-c", line)]

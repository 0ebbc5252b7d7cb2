"""NAPALM's own suite of getters, as its wheel has it, on a real router: BGP, LLDP, a bridge, a second network instance."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from napalm.base.test import conftest as suite

from napalm_frr import FRRDriver
from tests.napalm.conftest import ABSENT, Ground, until


def _live_suite() -> ModuleType:
    """The suite decides when it is imported whether it asks a device or files: here a device."""
    spec = importlib.util.find_spec("napalm.base.test.getters")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    mock, suite.NAPALM_TEST_MOCK = suite.NAPALM_TEST_MOCK, 0
    try:
        spec.loader.exec_module(module)
    finally:
        suite.NAPALM_TEST_MOCK = mock
    return module


LIVE: Any = _live_suite()

BGP = """\
router bgp {own}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor {peer} remote-as {other}
 neighbor {peer} timers 1 3
 address-family ipv4 unicast
  network {network}
 exit-address-family
exit
"""
BRIDGE = """\
ip link add name br0 type bridge vlan_filtering 1 2>/dev/null || ip link add name br0 type bridge
ip link add name p1 type veth peer name p2
ip link set p1 master br0
for nic in br0 p1 p2; do ip link set $nic up; done
bridge fdb add 00:11:22:33:44:55 dev p1 master static"""
INSTANCE = """\
ip netns add TEST
ip link add name t1 type veth peer name t2 netns TEST
ip -n TEST link set t2 up
ip -n TEST address add 10.9.9.1/24 dev t2
ip -n TEST neigh add 10.9.9.2 lladdr 02:00:00:00:00:0a dev t2"""
LLDP = """\
command -v lldpd >/dev/null || exit 0
[ ! -S /run/lldpd.socket ] || exit 0
: >/run/lldpd.ours
mkdir -p /run/lldpd
echo "127.0.0.1 localhost $(cat /proc/sys/kernel/hostname)" >/run/hosts
mount --bind /run/hosts /etc/hosts
printf 'configure lldp tx-interval 1\\nconfigure lldp portidsubtype ifname\\n' >/run/lldpd.conf
lldpd -O /run/lldpd.conf >/dev/null 2>&1"""
"""lldpd asks for its own name, and there is no name server in the lab."""
NO_LLDP = "[ ! -f /run/lldpd.ours ] || { kill $(cat /run/lldpd.pid); umount /etc/hosts; }"
TARGET = "8.8.8.8"
"""What the suite pings and traces. Here it is an address of the hub's, and no packet leaves the lab."""


@pytest.fixture(scope="class")
def _device(request: pytest.FixtureRequest, _ground: Ground) -> Iterator[None]:
    plan = _ground.lab.plan
    office = next(each.key for each in plan.nodes if each.office)
    wire = next(each for each in plan.wires if office in (each.near.node, each.far.node) and each.routed)
    here, there = (wire.near, wire.far) if wire.near.node == office else (wire.far, wire.near)
    for router in (office, there.node):
        _ground.console(router, "/usr/lib/frr/bgpd -d -A 127.0.0.1 -P 0")
        _ground.console(router, LLDP)
    _ground.console(there.node, f"ip address add {TARGET}/32 dev lo")
    _ground.console(office, f"{BRIDGE}\n{INSTANCE}\nip route add {TARGET}/32 via {there.host}")
    for router, peer, own, other, network in (
        (office, there.host, 65005, 65001, "203.0.113.0/24"),
        (there.node, here.host, 65001, 65005, "1.0.4.0/24"),
    ):
        device = _ground.driver(router)
        device.load_merge_candidate(config=BGP.format(own=own, other=other, peer=peer, network=network))
        device.commit_config()
    request.cls.driver = FRRDriver
    request.cls.device = device = _ground.driver(office)
    _ground.opened.remove(device)
    try:
        until(lambda: bool(device.get_route_to("1.0.4.0/24", "bgp")), "BGP brings the route")
        if _ground.console(office, "command -v lldpcli"):
            until(lambda: "wan0" in device.get_lldp_neighbors(), "LLDP hears the hub")
        _ground.console(office, f"ping -c 1 -W 2 {TARGET}")
        yield
    finally:
        device.close()
        for router in (office, there.node):
            again = _ground.driver(router)
            again.rollback()
            _ground.console(router, f"kill $(cat /run/frr/bgpd.pid); {NO_LLDP}; ip address del {TARGET}/32 dev lo")
        _ground.console(office, f"ip route del {TARGET}/32; ip link del br0; ip link del p1; ip link del t1; ip netns del TEST")
        _ground.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    suite.pytest_generate_tests(metafunc, "/nowhere/" + __name__)


@pytest.mark.lab
@pytest.mark.usefixtures("_device")
@pytest.mark.filterwarnings("ignore::pytest.PytestReturnNotNoneWarning")  # NAPALM's tests return what they looked at
class TestGetters(LIVE.BaseTestGetters):  # type: ignore[misc]  # NAPALM ships no types
    """NAPALM's tests; ours is only to leave out what this machine cannot have."""

    device: Any

    @pytest.fixture(autouse=True)
    def where_there_is_something(self, request: pytest.FixtureRequest, _device: None, _ground: Ground, node: str) -> None:
        test = request.node.originalname
        if "lldp" in test and not _ground.console(node, "command -v lldpcli"):
            pytest.skip(ABSENT[test])
        if test.startswith(("test_get_ntp", "test_get_vlans")) and not getattr(self.device, test.removeprefix("test_"))():
            pytest.skip(ABSENT[test])

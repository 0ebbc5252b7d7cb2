"""One interface under several names, and two under names that look alike."""

from __future__ import annotations

import pytest

from inventory.model import Link, LinkEnd
from inventory.units import Bandwidth
from network.core.link_findings import findings
from network.core.port_names import same_host, same_port
from network.core.watch_ports import Glance, Peer


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Ethernet1", "Et1"),
        ("Ethernet1/1", "Eth1/1"),
        ("FastEthernet0/1", "Fa0/1"),
        ("GigabitEthernet0/1", "Gi0/1"),
        ("GigabitEthernet1/0/1", "Gi1/0/1"),
        ("GigabitEthernet0/0/1.100", "Gi0/0/1.100"),
        ("TwoGigabitEthernet1/0/1", "Tw1/0/1"),
        ("FiveGigabitEthernet1/0/1", "Fi1/0/1"),
        ("TenGigabitEthernet1/1/1", "Te1/1/1"),
        ("TwentyFiveGigE1/0/1", "Twe1/0/1"),
        ("FortyGigabitEthernet1/1/1", "Fo1/1/1"),
        ("HundredGigE1/0/25", "Hu1/0/25"),
        ("Port-channel1", "Po1"),
        ("Port-Channel10", "Po10"),
        ("Vlan10", "Vl10"),
        ("Loopback0", "Lo0"),
        ("Management1", "Ma1"),
        ("wan0", "wan0"),
        ("lo", "lo"),
    ],
)
def test_a_short_name_is_the_same_port(full: str, short: str) -> None:
    assert same_port(full, short)
    assert same_port(short, full)
    assert same_port(full, full)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GigabitEthernet0/1", "Gi0/11"),
        ("GigabitEthernet0/1", "Te0/1"),
        ("GigabitEthernet0/1", "GigabitEthernet0/1.5"),
        ("TwoGigabitEthernet1/0/1", "Twe1/0/1"),
        ("Ethernet0", "eth0"),
        ("Loopback0", "lo0"),
        ("wan0", "wan1"),
        ("Gi", "GigabitEthernet"),
        ("", "Gi0/1"),
    ],
)
def test_another_port_is_another(one: str, other: str) -> None:
    assert not same_port(one, other)
    assert not same_port(other, one)


def test_a_host_is_the_same_with_a_domain_and_in_capitals() -> None:
    assert same_host("HUB-SGG.example.go.id", "hub-sgg")
    assert not same_host("hub-sow", "hub-sgg")


def test_a_neighbour_that_names_its_port_short_is_no_finding() -> None:
    near, far = LinkEnd(device="hub", interface="GigabitEthernet0/1"), LinkEnd(device="office", interface="GigabitEthernet0/0/0")
    link = Link.model_validate({"key": "hub-office", "ends": (near, far), "rate": Bandwidth(10**8)})

    def found(heard: str) -> list[str]:
        glance = Glance(neighbours={near.interface: (Peer(device="office.example.go.id", interface=heard),)})
        return [each.seen for each in findings(link, near, glance)]

    assert found("Gi0/0/0") == []
    assert found("Gi0/0/1") == ["office.example.go.id Gi0/0/1"]

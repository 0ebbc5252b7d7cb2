"""Reading FRR's configuration as it prints it, and as people write it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napalm_frr import direct
from napalm_frr.answers import Running
from napalm_frr.candidate import Candidate
from napalm_frr.changeset import Maker
from napalm_frr.masks import masked
from napalm_frr.text import Unreadable, parse

WANTED = {
    "vrf RED": {"ip route 10.0.0.0/8 10.1.1.1": {}, "vni 100": {}},
    "interface wan0": {"description two words": {}, "ip ospf area 0": {}},
    "router bgp 65001": {
        "neighbor 10.0.0.1 remote-as 65002": {},
        "address-family ipv4 unicast": {"network 10.0.0.0/8": {}},
        "address-family l2vpn evpn": {"advertise-all-vni": {}, "vni 100": {"rd 1:1": {}}},
    },
    "key chain K": {"key 1": {"key-string abc": {}}, "key 2": {}},
    "route-map R permit 10": {},
    "route-map R permit 20": {"match tag 4": {}},
    "ip prefix-list P seq 5 permit 10.0.0.0/8": {},
    "line vty": {"exec-timeout 0 0": {}},
}
PRINTED = """\
Building configuration...

Current configuration:
!
frr version 8.4.4
frr defaults traditional
!
vrf RED
 ip route 10.0.0.0/8 10.1.1.1
 vni 100
exit-vrf
!
interface wan0
 description two words
 ip ospf area 0
exit
!
router bgp 65001
 neighbor 10.0.0.1 remote-as 65002
 !
 address-family ipv4 unicast
  network 10.0.0.0/8
 exit-address-family
 !
 address-family l2vpn evpn
  advertise-all-vni
  vni 100
   rd 1:1
  exit-vni
 exit-address-family
exit
!
key chain K
 key 1
  key-string abc
 exit
 key 2
 exit
exit
!
route-map R permit 10
exit
!
route-map R permit 20
 match tag 4
exit
!
ip prefix-list P seq 5 permit 10.0.0.0/8
line vty
 exec-timeout 0 0
exit
!
end
"""


def test_what_frr_prints() -> None:
    assert parse(PRINTED).tree == WANTED


def test_without_indentation() -> None:
    assert parse("\n".join(line.strip() for line in PRINTED.splitlines())).tree == WANTED


def test_without_exits() -> None:
    kept = (line for line in PRINTED.splitlines() if not line.strip().startswith("exit"))
    assert parse("\n".join(kept)).tree == WANTED


def test_a_block_that_is_not_known_is_known_by_its_indentation() -> None:
    assert parse("future thing\n  deep\n    deeper\n  next\nhostname x\n").tree == {
        "future thing": {"deep": {"deeper": {}}, "next": {}},
        "hostname x": {},
    }


def test_a_block_that_is_given_twice_is_one() -> None:
    assert parse("interface a\n description x\ninterface a\n bandwidth 1\n").tree == {
        "interface a": {"description x": {}, "bandwidth 1": {}}
    }


def test_lines_know_where_they_stand() -> None:
    numbers = parse("! a comment\ninterface a\n\n description   x\n").numbers
    assert numbers == {("interface a",): 2, ("interface a", "description x"): 4}


@pytest.mark.parametrize("bad", ["interface a\x00b", "do write memory", "interface a\n do show run", "a\x1b[2Jb", "a\x9bb"])
def test_what_is_no_configuration(bad: str) -> None:
    with pytest.raises(Unreadable, match=r"line [12]"):
        parse(bad)


@given(st.text())
def test_anything_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        tree = parse(text).tree
        assert all(line == " ".join(line.split()) for line in tree)


SECRETS = pytest.mark.parametrize(
    "line",
    [
        " ip ospf message-digest-key 1 md5 SECRET",
        " ip ospf authentication-key SECRET",
        " neighbor 10.0.0.1 password SECRET",
        "  key-string SECRET",
        "password SECRET",
        "enable password 8 SECRET",
        " area 0 virtual-link 1.1.1.1 message-digest-key 1 md5 SECRET",
        " area 0 virtual-link 1.1.1.1 authentication message-digest message-digest-key 1 md5 SECRET",
        " ipv6 ospf6 authentication key-id 1 hash-algo hmac-sha-256 key SECRET",
        " no isis password md5 SECRET",
        " openfabric password clear SECRET",
    ],
)


@SECRETS
def test_secrets_are_masked(line: str) -> None:
    shown = masked(f"interface x\n{line}\nexit\n")
    assert "SECRET" not in shown
    assert shown.count("<removed>") == 1
    assert shown.endswith("\nexit\n")


@SECRETS
def test_no_secret_is_an_argument_of_a_program(line: str) -> None:
    """Whatever vtysh or Perl is given as one, every user of the device may read."""
    assert direct.addressed(line) is None
    running = Running("", frozenset({"zebra", "ospfd"}), {"x": 1500}, frozenset())
    change = Maker(Candidate.of(f"interface x\n description y\n{line.replace(' no ', ' ')}\nexit\n", whole=False)).change(running)
    assert change.is_file
    assert not Maker(Candidate.of("interface x\n description y\nexit\n", whole=False)).change(running).is_file


@SECRETS
def test_no_secret_is_an_argument_on_the_way_away_from_it(line: str) -> None:
    held = line.strip().removeprefix("no ")
    running = Running(f"interface x\n {held}\nexit\n", frozenset({"zebra", "ospfd"}), {"x": 1500}, frozenset())
    change = Maker(Candidate.of(f"interface x\n no {held}\nexit\n", whole=False)).change(running)
    assert change.is_file or "SECRET" not in change.there.text

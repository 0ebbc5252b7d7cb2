"""What the hand on a MikroTik router's links promises, tried on a terminal that answers as RouterOS does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest
from paramiko import PKey

from network.core.link_ports import Commit
from network.core.links.capabilities import CAPABILITIES
from network.core.links.sight import Looks, Neighbour, Pings
from network.dialects.links import routeros_seen as seen
from network.drivers import routeros_links
from network.drivers.link_sessions import LinkTarget
from network.drivers.netmiko_links import NetmikoLogin
from network.drivers.routeros_links import RouterOsLinkDevice
from network.errors import ArmExpired, DeviceArmed, HostKeyChanged, HostKeyUnknown, LoginRefused, StepRefused
from tests.contract.router import PATIENCE
from tests.contract.routeros import RouterOs
from tests.contract.ssh_peer import ADDRESS, PASSWORD, Peer, ecdsa, key_of

KNOWN = CAPABILITIES["mikrotik_routeros"]
TEMPLATE = "/routing ospf interface-template set [find interfaces=ether1] cost=9"
KEYED = '/routing ospf interface-template set [find interfaces=ether1] auth-key="Pa55!key"'
COMMENT = '/interface set [find name=ether1] comment="lajur sgg-bappeda: hub-sgg o5 (Sanggeng)"'
PEER, OWN = "100.66.0.16", "100.66.0.17"

NEIGHBOURS = """\
 0 interface=sfp1,bridge1 address=100.65.1.1 mac-address=24:A4:3C:00:11:22
   identity="hub-sgg" platform="MikroTik" version="7.15.3 (stable)" age=2s
   interface-name="bridge1/o5" system-caps=bridge,router discovered-by=lldp,mndp

 1 interface=ether2 mac-address=AA:BB:CC:DD:EE:FF identity="lain" interface-name="ether9" discovered-by=mndp
"""
PINGED = """\
  SEQ HOST                                     SIZE TTL TIME       STATUS
    0 100.66.0.16                                84  64 443us
    1 100.66.0.16                                84  64 410us
    sent=5 received=5 packet-loss=0% min-rtt=410us avg-rtt=430us max-rtt=443us
"""
OSPF = """\
Flags: V - virtual; D - dynamic
 0  D instance=lajur area=lajur-0 address=100.66.0.16 priority=1 router-id=100.65.1.1
      state="Full" state-changes=6 adjacency=1h16m34s timeout=3s
"""
MODULE = """\
                 name: sfp1
               status: link-ok
         sfp-tx-power: -5.792dBm
         sfp-rx-power: -17.22dBm
"""


@pytest.fixture
def router() -> RouterOs:
    return RouterOs(export="# 2026-09-07 10:15:22 by RouterOS 7.15.3\n/system identity set name=r-bappeda")


@pytest.fixture
def hand(router: RouterOs, tmp_path: Path) -> Iterator[Callable[[], RouterOsLinkDevice]]:
    """`hand()`: new connections to the router, as another controller would make them."""
    made: list[RouterOsLinkDevice] = []
    with closing(Peer(terminal=router.talk, greeting="SSH-2.0-ROSSSH")) as peer:
        _pin(tmp_path, peer, ecdsa())

        def make(password: str = PASSWORD) -> RouterOsLinkDevice:
            made.append(RouterOsLinkDevice(_target(peer, tmp_path), KNOWN, NetmikoLogin(password=password)))
            return made[-1]

        yield make
        for each in made:
            each.close()


def _pin(folder: Path, peer: Peer, key: PKey) -> None:
    (folder / "known_hosts").write_text(f"[{ADDRESS}]:{peer.port} {key_of(key)}\n")


def _target(peer: Peer, folder: Path) -> LinkTarget:
    known = str(folder / "known_hosts")
    return LinkTarget(device="r-bappeda", host=ADDRESS, port=peer.port, username="lajur", known_hosts=known, seconds=60)


def _commit(*lines: str, run: str = "run-one", inverse: str = "") -> Commit:
    return Commit(run=run, candidate="".join(f"{line}\n" for line in lines), inverse=inverse, revert_in=None, message=run)


def _until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < deadline, f"not within {PATIENCE:.0f} s"
        sleep(0.05)


def test_what_is_committed_waits_and_is_kept_over_another_session(
    hand: Callable[[], RouterOsLinkDevice], router: RouterOs
) -> None:
    device = hand()
    before = device.read()
    assert (before.text, before.pending) == (router.export, None)
    device.commit(_commit(COMMENT, TEMPLATE))
    assert router.did == [COMMENT, TEMPLATE]
    pending = device.read().pending
    assert pending is not None
    assert pending.run == "run-one"
    device.confirm("run-one")
    assert (router.holder, router.pending, router.did) == (None, 0, [COMMENT, TEMPLATE])
    assert device.read().pending is None


def test_what_is_committed_goes_back_when_asked(hand: Callable[[], RouterOsLinkDevice], router: RouterOs) -> None:
    device = hand()
    device.commit(_commit(COMMENT))
    device.revert()
    assert (router.did, router.holder) == ([], None)
    device.revert()
    device.commit(_commit(TEMPLATE, run="run-two"))
    device.confirm("run-two")
    assert router.did == [TEMPLATE]


def test_a_session_that_is_lost_takes_its_change_with_it(hand: Callable[[], RouterOsLinkDevice], router: RouterOs) -> None:
    device = hand()
    device.commit(_commit(COMMENT))
    assert router.holder is not None
    router.holder.get_transport().close()
    _until(lambda: router.holder is None)
    assert router.did == []
    with pytest.raises(ArmExpired):
        device.confirm("run-one")
    assert router.holder is None


def test_a_line_that_is_refused_leaves_nothing_and_shows_no_key(hand: Callable[[], RouterOsLinkDevice], router: RouterOs) -> None:
    router.says = {KEYED: "input does not match any value of interfaces"}
    device = hand()
    with pytest.raises(StepRefused) as refused:
        device.commit(_commit(COMMENT, KEYED, TEMPLATE))
    assert router.did == []
    assert "input does not match any value" in str(refused.value)
    assert "Pa55!key" not in f"{refused.value} {refused.value!r}"


def test_who_is_in_safe_mode_already_is_left_alone(hand: Callable[[], RouterOsLinkDevice], router: RouterOs) -> None:
    other = hand()
    other.commit(_commit(COMMENT))
    with pytest.raises(DeviceArmed):
        hand().commit(_commit(TEMPLATE, run="run-two"))
    assert router.did == [COMMENT]
    pending = hand().read().pending
    assert pending is not None
    assert pending.run == ""
    other.confirm("run-one")
    assert router.did == [COMMENT]


def test_a_change_that_is_too_long_for_safe_mode_is_typed_back(
    hand: Callable[[], RouterOsLinkDevice], router: RouterOs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routeros_links, "_MOST", 2)
    device = hand()
    lines = [f"/interface set [find name=ether{number}] mtu=1600" for number in range(3)]
    device.commit(_commit(*lines, inverse="/interface set [find name=ether1] mtu=1500\n"))
    assert (router.did, router.holder) == (lines, None)
    device.revert()
    assert router.did == [*lines, "/interface set [find name=ether1] mtu=1500"]


def test_a_look_reads_what_routeros_prints(hand: Callable[[], RouterOsLinkDevice], router: RouterOs) -> None:
    router.says = {
        seen.of_interface("sfp1", "running"): "true",
        seen.of_interface("sfp1", "actual-mtu"): "1500",
        seen.NEIGHBOURS: NEIGHBOURS,
        seen.ping(PEER, OWN, 84, 5): PINGED,
        seen.ping(PEER, OWN, 1500, 5): PINGED.replace("received=5 packet-loss=0%", "received=3 packet-loss=40%"),
        seen.OSPF: OSPF,
        seen.module("sfp1"): MODULE,
    }
    (sight,) = hand().look([Looks(interface="sfp1", peer=PEER, source=OWN, small=84, large=1500, count=5)])
    assert (sight.carrier, sight.mtu) == (True, 1500)
    assert sight.neighbours == (Neighbour(device="hub-sgg", interface="o5"),)
    assert (sight.small, sight.large) == (Pings(sent=5, received=5), Pings(sent=5, received=3))
    assert (sight.routing, sight.routing_age) == ("Full", 4594.0)
    assert (sight.received, sight.sent) == (-17.22, -5.792)
    assert router.did == []


def test_a_router_that_has_nothing_to_say_is_not_taken_for_well(hand: Callable[[], RouterOsLinkDevice], router: RouterOs) -> None:
    router.says = {seen.of_interface("ether9", "running"): "no such item"}
    (sight,) = hand().look([Looks(interface="ether9", peer=PEER, source=OWN, small=84, large=1500, count=5)])
    assert (sight.carrier, sight.mtu, sight.neighbours) == (None, None, ())
    assert (sight.small, sight.routing, sight.received) == (Pings(sent=5, received=0), "", None)


def test_only_a_pinned_key_is_talked_to(router: RouterOs, tmp_path: Path) -> None:
    with closing(Peer(terminal=router.talk, greeting="SSH-2.0-ROSSSH")) as peer:
        (tmp_path / "known_hosts").touch()
        device = RouterOsLinkDevice(_target(peer, tmp_path), KNOWN, NetmikoLogin(password=PASSWORD))
        with pytest.raises(HostKeyUnknown):
            device.read()
        _pin(tmp_path, peer, ecdsa(1))
        with pytest.raises(HostKeyChanged):
            device.read()
        assert peer.tried == []


def test_a_password_that_is_wrong_is_said_to_be_refused(hand: Callable[..., RouterOsLinkDevice]) -> None:
    with pytest.raises(LoginRefused):
        hand("wrong").read()

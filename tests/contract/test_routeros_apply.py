"""A whole link between two MikroTik routers, changed, proved and kept; each end is a terminal that answers as RouterOS does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from network.clock import StepClock
from network.core.links.capabilities import CAPABILITIES
from network.core.links.intent import LOOPBACK, Authentication, Base, EndIntent, LinkIntent, Routing, Side
from network.dialects.links import routeros_seen as seen
from network.dialects.links.routeros import RouterOsLinks
from network.drivers.link_sessions import LinkTarget
from network.drivers.netmiko_links import NetmikoLogin
from network.drivers.routeros_links import RouterOsLinkDevice
from network.errors import LajurError
from network.link_wiring import DIALECTS
from network.runners.threads import ThreadRunner
from network.services.links.apply import LinkWish, apply_link
from network.services.links.hands import LinkHands
from network.services.links.look import plan_links
from tests.contract.routeros import RouterOs
from tests.contract.ssh_peer import ADDRESS, PASSWORD, Peer, ecdsa, key_of
from tests.contract.test_link_device import _NoLedger

BARE = "# 2026-09-07 10:15:22 by RouterOS 7.15.3\n/system identity set name={device}"
WHOLE = """\
# 2026-09-07 10:15:22 by RouterOS 7.15.3
/interface ethernet set [ find default-name=ether1 ] comment="lajur hub-izin"
/routing ospf instance add disabled=no name=lajur router-id={router}
/routing ospf area add disabled=no instance=lajur name=lajur-0
/ip address add address={address}/32 interface=ether1 network={peer}
/routing ospf interface-template add area=lajur-0 disabled=no interfaces=lo passive
/routing ospf interface-template add area=lajur-0 auth=md5 auth-id=1 auth-key=Pa55!key dead-interval=4s disabled=no \\
    hello-interval=1s interfaces=ether1 type=ptp
"""
ENDS = {Side.NEAR: ("hub-utara", "100.66.0.16", "100.65.1.1"), Side.FAR: ("r-izin", "100.66.0.17", "100.65.0.1")}


class Box(RouterOs):
    """Shows the whole configuration as soon as everything was typed, and its link well then, unless it is `dark`."""

    dark = False

    def __init__(self, device: str, end: EndIntent, whole: str, typed: int) -> None:
        super().__init__(export=BARE.format(device=device), name=device)
        self._end, self._whole, self._typed = end, whole, typed

    def _answer(self, line: str) -> str:
        end, done = self._end, len(self.did) == self._typed
        self.export = self._whole if done else BARE.format(device=self.name)
        assert end.peer is not None
        other = f'identity="{end.peer_end[0]}" interface-name="{end.peer_end[1]}" discovered-by=lldp'
        answers = {
            seen.of_interface("ether1", "running"): "false" if self.dark else "true",
            seen.of_interface("ether1", "actual-mtu"): "1500",
            seen.NEIGHBOURS: f" 0 interface=ether1 {other}",
            seen.OSPF: f' 0 D address={end.peer} state="Full" adjacency=0s' if done else "",
        }
        source = str(end.address).partition("/")[0]
        pinged = "    sent=5 received=5 packet-loss=0% min-rtt=410us"
        answers |= {seen.ping(end.peer, source, size, 5): pinged for size in (84, 1500)}
        self.says = answers
        return super()._answer(line)


class Hasty(StepClock):
    """A wait is over at once, and was a long one: patience ends after few looks."""

    def sleep(self, seconds: float) -> None:
        super().sleep(20 * seconds)


def _end(side: Side) -> EndIntent:
    device, address, router = ENDS[side]
    other = ENDS[Side.FAR if side is Side.NEAR else Side.NEAR]
    return EndIntent(
        link="hub-izin",
        side=side,
        device=device,
        platform="mikrotik_routeros",
        interface="ether1",
        description="lajur hub-izin",
        peer_end=(other[0], "ether1"),
        address=f"{address}/31",
        peer=other[1],
        routing=Routing(area="0", hello=1, dead=4, authentication=Authentication(key_id=1, reference="env:KEY")),
        base=Base(router_id=router, area="0", passive=(LOOPBACK,), way_out=False),
    )


@dataclass(frozen=True)
class Ground:
    intent: LinkIntent
    boxes: dict[str, Box]
    hands: LinkHands


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    intent = LinkIntent(key="hub-izin", near=_end(Side.NEAR), far=_end(Side.FAR), depth=2)
    boxes: dict[str, Box] = {}
    devices: dict[str, RouterOsLinkDevice] = {}
    known_hosts = tmp_path / "known_hosts"
    with ExitStack() as stack:
        for end in intent.ends:
            plan = RouterOsLinks().plan(end, BARE.format(device=end.device), lambda reference: "Pa55!key")
            whole = WHOLE.format(router=end.base.router_id if end.base else "", address=str(end.address)[:-3], peer=end.peer)
            box = boxes[end.device] = Box(end.device, end, whole, len(plan.candidate.splitlines()))
            peer = stack.enter_context(closing(Peer(terminal=box.talk, greeting="SSH-2.0-ROSSSH")))
            with known_hosts.open("a") as file:
                file.write(f"[{ADDRESS}]:{peer.port} {key_of(ecdsa())}\n")
            target = LinkTarget(device=end.device, host=ADDRESS, port=peer.port, username="lajur", known_hosts=str(known_hosts))
            login = NetmikoLogin(password=PASSWORD)
            devices[end.device] = RouterOsLinkDevice(target, CAPABILITIES["mikrotik_routeros"], login)
            stack.callback(devices[end.device].close)
        hands = LinkHands(
            devices=devices,
            dialects=DIALECTS,
            keys=lambda reference: "Pa55!key",
            ledger=_NoLedger(),
            clock=Hasty(datetime(2026, 9, 7, tzinfo=UTC)),
            runner=ThreadRunner(tmp_path / "locks"),
        )
        yield Ground(intent, boxes, hands)


WISH = LinkWish(regency="coba", reason="test", patience=2)


def test_a_link_between_two_of_them_is_changed_proved_and_kept(ground: Ground) -> None:
    report = apply_link(ground.intent, WISH, ground.hands)
    assert report.result == "done"
    for name, box in ground.boxes.items():
        assert (box.holder, box.pending) == (None, 0), name
        assert any("interface-template add interfaces=ether1" in line for line in box.did)
    (again,) = plan_links([ground.intent], ground.hands)
    assert again.error is None
    assert not again.waits


def test_a_link_that_stays_dark_leaves_both_as_they_were(ground: Ground) -> None:
    ground.boxes["r-izin"].dark = True
    with pytest.raises(LajurError) as failed:
        apply_link(ground.intent, WISH, ground.hands)
    assert failed.value.code == "links.bad_carrier" or "links.bad_carrier" in repr(failed.value.__cause__)
    for name, box in ground.boxes.items():
        assert (box.did, box.holder) == ([], None), name

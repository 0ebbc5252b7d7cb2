"""First looks and drift on real routers: nothing to tell where all is right, and where something is not, what and where."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from inventory.regency import Regency
from inventory.views import link_addresses
from network import reach, wiring
from network.core.drift import Finding
from network.core.inspection import Weight
from network.lab import lab
from network.lab.lab import LabState
from network.link_wiring import LinkGround, link_ground
from network.services.apply import Wish, apply
from network.services.drift import Drift, LinkPart, drift
from network.services.inspect import Verdict, inspect
from network.services.links.apply import LinkWish
from network.services.links.rollout import roll_out
from network.settings import Settings
from network.wiring import Ground

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]


SLOW = ("rate", "1mbit", "burst", "5kb", "limit", "9kb")


class Site:
    """A shaped lab, and what it shows."""

    def __init__(self, settings: Settings, ground: Ground, links: LinkGround, lab_id: str) -> None:
        self._settings, self._ground, self._links, self._lab = settings, ground, links, lab_id

    def wish(self) -> Wish:
        return Wish(regency=self._ground.regency, reason="test", now=self._ground.hands.clock.now())

    def drift(self) -> Drift:
        return drift(self.wish(), self._ground.hands, LinkPart(self._links.intents, self._links.hands, self._links.alone))

    def drift_of(self) -> tuple[Finding, ...]:
        """The findings of a look at which every device answered, in a settled order; routing may need a moment to come back."""
        deadline = monotonic() + 30
        while (found := self.drift()).unread:
            assert monotonic() < deadline, found.unread
        order = ("drift.link", "drift.address", "drift.shaper")
        return tuple(
            sorted(found.findings, key=lambda each: next((at for at, code in enumerate(order) if each.what.startswith(code)), 9))
        )

    def mend(self, finding: Finding) -> None:
        """What the finding says would mend it."""
        match shlex.split(finding.mend):
            case ["lajur", "apply"]:
                self.apply()
            case ["lajur", "link", "apply", key]:
                wish = LinkWish(regency=self._ground.regency.head.key, reason="test")
                wanted = [each for each in self._links.intents if each.key == key]
                done = roll_out(wanted, wish, self._links.hands)
                assert not done.failed, done.failed
            case words:
                assert words, finding
                self.do(finding.device, *words)

    def apply(self) -> None:
        apply(self.wish(), self._ground.hands)

    def check(self, *names: str) -> tuple[Verdict, ...]:
        inspector = reach.inspector(reach.reach(self._settings, self._ground), self._ground)
        return inspect(names, self._ground.regency, inspector, self._ground.hands.runner)

    def told(self, name: str) -> dict[str, str]:
        """What a first look says of one device: what was seen, by its code."""
        (verdict,) = self.check(name)
        assert verdict.error is None, verdict.error
        return {each.what.code: str(each.what.fields) for each in verdict.remarks}

    def do(self, node: str, *argv: str) -> None:
        done = lab.exec_in(self._lab, node, argv)
        assert done.returncode == 0, done.stderr

    def configure(self, node: str, *lines: str) -> None:
        words = [word for line in ("configure terminal", *lines) for word in ("-c", line)]
        self.do(node, "vtysh", *words)


@pytest.fixture(scope="module")
def site(small: Regency, running: LabState, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    state = tmp_path_factory.mktemp("state")
    settings = Settings.read({"LAJUR_STATE": str(state), "LAJUR_LAB": running.plan.lab}, Path("/nonexistent"))
    with ExitStack() as stack:
        ground = stack.enter_context(wiring.ground(settings, small, via="lab", lab_id=running.plan.lab))
        links = stack.enter_context(
            link_ground(settings, small, via="lab", lab_id=running.plan.lab, clock=ground.hands.clock, ledger=ground.ledger)
        )
        made = Site(settings, ground, links, running.plan.lab)
        made.apply()
        yield made


@pytest.fixture
def office(small: Regency) -> str:
    return small.offices[0].device


@dataclass(frozen=True)
class Hand:
    """What somebody does by hand, as commands by node, and what is to be found of it: each finding's code and where."""

    does: tuple[tuple[str, str], ...]
    found: tuple[tuple[str, str], ...]


HTB = "prio 3 quantum 1514 burst 15k cburst 15k"
HANDS = {
    "an address beside FRR": Hand((("office", "ip address add 203.0.113.9/24 dev wan0"),), (("drift.address_extra", "wan0"),)),
    "a LAN switched off": Hand((("office", "ip link set lan0 down"),), (("drift.down", "lan0"),)),
    "another address on a LAN": Hand((("office", "ip address add 203.0.113.1/24 dev lan0"),), (("drift.address_extra", "lan0"),)),
    "a route by hand": Hand((("office", "ip route add {other} dev wan0"),), (("drift.route", "{other}"),)),
    "a route to nowhere of ours": Hand(
        (("office", "ip route add 10.50.0.0/16 dev wan0"),), (("drift.route_beside", "10.50.0.0/16"),)
    ),
    "a way out by hand": Hand((("office", "ip route add default dev wan0 metric 5"),), (("drift.route", "0.0.0.0/0"),)),
    "no forwarding": Hand((("office", "sysctl -qw net.ipv4.ip_forward=0"),), (("drift.forwarding", "ip_forward"),)),
    "a queue on a link": Hand(
        (("office", "tc qdisc add dev wan0 root tbf rate 9mbit burst 9kb limit 9kb"),), (("drift.queue_beside", "wan0"),)
    ),
    "a link switched off": Hand((("border", "ip link set core1 down"),), (("drift.down", "core1"),)),
    "an address taken away": Hand((("border", "ip address del {border} dev core1"),), (("drift.address_absent", "core1"),)),
    "another MTU": Hand((("border", "ip link set core1 mtu 1400"),), (("drift.link", "core1"),)),
    "no description": Hand(
        (("office", "vtysh -c configure_terminal -c interface_wan0 -c no_description"),), (("drift.link_absent", "wan0"),)
    ),
    "two things at once": Hand(
        (
            ("office", "vtysh -c configure_terminal -c interface_wan0 -c description_lain"),
            ("hub", "ip address add 203.0.113.77/24 dev {hub}"),
            ("core", "tc qdisc del dev up2 root"),
        ),
        (("drift.link", "wan0"), ("drift.address_extra", "{hub}"), ("drift.shaper_absent", "international/up")),
    ),
    "a queue's rate": Hand(
        (("core", f"tc class change dev up1 parent 1:fff classid 1:{{class_}} htb rate 1mbit ceil 2mbit {HTB}"),),
        (("drift.queue", "domestic/up"),),
    ),
    "rules taken away": Hand(
        (("core", "tc filter del dev up1 parent 1:"),), (("drift.shaper_part", "domestic/up"), ("drift.rules", "domestic/up"))
    ),
}


@contextmanager
def for_now(do: Callable[[], None], undo: Callable[[], None]) -> Iterator[None]:
    do()
    try:
        yield
    finally:
        undo()


def places(found: Drift) -> dict[str, Finding]:
    assert not found.unread
    return {each.place: each for each in found.findings}


def test_a_lab_that_is_as_the_truth_says_has_nothing_to_tell(site: Site, small: Regency) -> None:
    names = [device.key for device in small.devices]
    for verdict in site.check(*names):
        assert verdict.error is None
        assert [each.what for each in verdict.remarks if each.weight is Weight.MEND] == []
        assert verdict.facts is not None
        assert "FRR" in verdict.facts.version
        assert verdict.facts.name == verdict.device
    for _ in range(8):
        found = site.drift()
        assert (found.findings, found.unread, set(found.looked)) == ((), {}, set(names))


def test_a_queue_that_somebody_changed(site: Site, small: Regency) -> None:
    office = small.offices[0]
    words = "htb rate 1mbit ceil 2mbit prio 3 quantum 1514 burst 15k cburst 15k"
    site.do("core", "tc", "class", "change", "dev", "up1", "parent", "1:fff", "classid", f"1:2{office.id:03x}", *words.split())
    found = places(site.drift())
    uplink = small.uplinks[0].key
    assert [each.what for each in found.values()] == ["drift.queue"]
    assert found[f"{uplink}/up {office.key}"].mend == "lajur apply"
    seen = {each.name: each.found for each in found[f"{uplink}/up {office.key}"].figures}
    assert (seen["guarantee"], seen["ceiling"]) == (1_000_000, 2_000_000)
    site.apply()
    assert site.drift().findings == ()


def test_a_queue_of_somebody_else(site: Site) -> None:
    make = ("tc", "class", "add", "dev", "up1", "parent", "1:", "classid", "1:10", "htb", "rate", "1mbit", "quantum", "1514")
    with for_now(lambda: site.do("core", *make), lambda: site.do("core", "tc", "class", "del", "dev", "up1", "classid", "1:10")):
        (found,) = site.drift().findings
        assert (found.what, found.found, found.mend) == ("drift.foreign", "class htb 1:10", "")
        assert "class htb 1:10" in site.told("core")["check.queue_in_way"]
    assert site.drift().findings == ()


@pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS)
def test_what_somebody_did_by_hand_is_found_with_what_mends_it(site: Site, small: Regency, hand: Hand) -> None:
    """The mend that is named is carried out, and then nothing differs any more."""
    office, other = small.offices[0], small.offices[1]
    access = next(link for link in small.links if link.ends[1].device == office.device)
    (near, _), border = access.ends, next(link for link in small.links if link.ends[0].interface == "core1")
    words = {
        "other": str(next(other.lan.subnets(new_prefix=28))),
        "border": (link_addresses(small, border) or ("", ""))[0],
        "hub": near.interface,
        "class_": f"2{office.id:03x}",
    }
    nodes = {"office": office.device, "hub": near.device, "border": border.ends[0].device, "core": border.ends[1].device}
    for node, command in hand.does:
        site.do(
            nodes[node],
            *(word.replace("_", " ") if command.startswith("vtysh") else word for word in command.format(**words).split()),
        )
    findings = site.drift_of()
    try:
        seen = [(each.what, each.place) for each in findings]
        assert [what for what, _ in seen] == [what for what, _ in hand.found], seen
        for (_, place), (_, where) in zip(seen, hand.found, strict=True):
            assert where.format(**words) in place
    finally:
        for each in findings:
            site.mend(each)
    assert site.drift_of() == ()


def test_an_ospf_cost_and_an_address_that_somebody_changed(site: Site, small: Regency, office: str) -> None:
    link = next(link for link in small.links if link.ends[1].device == office)
    near, far = link.ends
    with for_now(
        lambda: site.configure(near.device, f"interface {near.interface}", "ip ospf cost 77"),
        lambda: site.configure(near.device, f"interface {near.interface}", "no ip ospf cost"),
    ):
        (found,) = site.drift().findings
        assert (found.device, found.found) == (near.device, "ip ospf cost 77")
        assert (found.place, found.mend) == (f"{link.key}: interface {near.interface}", f"lajur link apply {link.key}")
    with for_now(
        lambda: site.configure(far.device, f"interface {far.interface}", "ip address 203.0.113.9/24"),
        lambda: site.configure(far.device, f"interface {far.interface}", "no ip address 203.0.113.9/24"),
    ):
        (found,) = site.drift().findings
        assert (found.device, found.found) == (far.device, "ip address 203.0.113.9/24")
        assert "203.0.113.9/24" in site.told(office)["check.address_strange"]
    assert site.drift().findings == ()


def test_a_first_look_sees_what_would_hurt(site: Site, small: Regency, office: str) -> None:
    lan = small.offices[1].lan[9]
    with for_now(
        lambda: site.do(office, "ip", "address", "add", f"{lan}/32", "dev", "lo"),
        lambda: site.do(office, "ip", "address", "del", f"{lan}/32", "dev", "lo"),
    ):
        assert small.offices[1].key in site.told(office)["check.address_taken"]
    with for_now(
        lambda: site.do(office, "tc", "qdisc", "add", "dev", "lan0", "root", "tbf", *SLOW),
        lambda: site.do(office, "tc", "qdisc", "del", "dev", "lan0", "root"),
    ):
        assert "tbf" in site.told(office)["check.queue_beside"]

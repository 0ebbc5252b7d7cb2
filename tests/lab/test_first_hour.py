"""First looks and drift on real routers: nothing to tell where all is right, and where something is not, what and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from inventory.regency import Regency
from network import reach, wiring
from network.core.drift import Finding
from network.core.inspection import Weight
from network.lab import lab
from network.lab.lab import LabState
from network.link_wiring import LinkGround, link_ground
from network.services.apply import Wish, apply
from network.services.drift import Drift, LinkPart, drift
from network.services.inspect import Verdict, inspect
from network.settings import Settings
from network.wiring import Ground

pytestmark = [pytest.mark.lab, pytest.mark.timeout(240)]


SLOW = ("rate", "1mbit", "burst", "5kb", "limit", "9kb")


class Site:
    """A shaped lab, and what it shows."""

    def __init__(self, settings: Settings, ground: Ground, links: LinkGround, lab_id: str) -> None:
        self._settings, self._ground, self._links, self._lab = settings, ground, links, lab_id
        self._part = LinkPart(links.intents, links.hands, links.alone)

    def wish(self) -> Wish:
        return Wish(regency=self._ground.regency, reason="test", now=self._ground.hands.clock.now())

    def drift(self) -> Drift:
        return drift(self.wish(), self._ground.hands, self._part)

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
    assert "guarantee 1 Mbit/s" in found[f"{uplink}/up {office.key}"].found
    site.apply()
    assert site.drift().findings == ()


def test_a_queue_of_somebody_else(site: Site) -> None:
    make = ("tc", "class", "add", "dev", "up1", "parent", "1:", "classid", "1:10", "htb", "rate", "1mbit", "quantum", "1514")
    with for_now(lambda: site.do("core", *make), lambda: site.do("core", "tc", "class", "del", "dev", "up1", "classid", "1:10")):
        (found,) = site.drift().findings
        assert (found.what, found.found, found.mend) == ("drift.foreign", "class htb 1:10", "")
        assert "class htb 1:10" in site.told("core")["check.queue_in_way"]
    assert site.drift().findings == ()


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

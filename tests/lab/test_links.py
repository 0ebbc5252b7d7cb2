"""Links on real routers: from bare wires to full OSPF, and every bad day from which both ends come back as they were."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from threading import Timer
from typing import Any

import pytest

from inventory.regency import Regency
from network import labs
from network.core.link_ports import Commit, LinkDevice
from network.core.links.intent import LinkIntent, Routing
from network.core.links.plan import EndPlan
from network.errors import DeviceArmed, DeviceError, LajurError, RunReturned
from network.link_wiring import LinkGround, link_ground
from network.services.links.apply import LinkWish, apply_link
from network.services.links.hands import LinkEvent, LinkHands, LinkStage
from network.services.links.look import look_at
from network.services.links.rollout import roll_out
from network.settings import Settings
from tests.lab.conftest import new_lab_id

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]

LINK, FAR, NEAR = "sgg-bappeda", "r-bappeda", "hub-sgg"


@pytest.fixture(scope="module")
def bare(small: Regency, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LinkGround]:
    """A lab whose links nobody has configured yet; the tests of this file stand one on the other."""
    lab_id, folder = new_lab_id(), tmp_path_factory.mktemp("links")
    with ExitStack() as stack:
        stack.callback(labs.down, lab_id)
        labs.up(small, lab_id, bare=True, timeout=240)
        settings = Settings.read({"LAJUR_STATE": str(folder)}, folder)
        yield stack.enter_context(link_ground(settings, small, via="lab", lab_id=lab_id))


def _wish(ground: LinkGround, patience: float | None = None) -> LinkWish:
    return LinkWish(regency=ground.regency.head.key, reason="test", patience=patience)


def _lab(ground: LinkGround) -> str:
    assert ground.lab is not None
    return ground.lab.plan.lab


def test_bare_wires_become_full_ospf_and_a_second_time_nothing_changes(bare: LinkGround) -> None:
    report = roll_out(bare.intents, _wish(bare), bare.hands)
    assert not report.failed
    assert len(report.done) == len(bare.intents)
    assert all(seen.good for seen in look_at(bare.intents, bare.hands))
    again = roll_out(bare.intents, _wish(bare), bare.hands)
    assert len(again.nothing) == len(bare.intents)
    for office in bare.regency.offices:
        said = labs.exec_in(_lab(bare), "noc", ["ping", "-c", "1", "-W", "2", str(office.lan[1])])
        assert said.returncode == 0, office.key


def test_every_link_has_one_neighbour_although_its_wire_has_the_bootstrap_address_too(bare: LinkGround) -> None:
    """The kernel's other addresses on a wire are none of OSPF's business."""
    for device in sorted({name for intent in bare.intents for name in intent.devices}):
        said = labs.exec_in(_lab(bare), device, ["vtysh", "-c", "show ip ospf neighbor json"])
        found = sorted(entry["ifaceName"] for those in json.loads(said.stdout)["neighbors"].values() for entry in those)
        ends = [end for intent in bare.intents for end in intent.ends if end.device == device]
        assert found == sorted(f"{end.interface}:{(end.address or '').partition('/')[0]}" for end in ends)


@pytest.fixture
def link(bare: LinkGround) -> LinkIntent:
    """A link that stands, and is to have another cost."""
    own = next(intent for intent in bare.intents if intent.key == LINK)
    return _with(own, lambda end: replace(end, routing=_cost(end.routing, 77)))


def _with(intent: LinkIntent, change: Callable[[Any], Any]) -> LinkIntent:
    return replace(intent, far=change(intent.far), near=change(intent.near))


def _cost(routing: Routing | None, cost: int) -> Routing:
    assert routing is not None
    return replace(routing, cost=cost)


def _texts(ground: LinkGround) -> list[str]:
    return [ground.hands.devices[name].read().text for name in (FAR, NEAR)]


def _returned(ground: LinkGround, link: LinkIntent, hands: LinkHands | None = None, patience: float = 1.0) -> LajurError:
    """The cause for which both ends came back as they were."""
    before = _texts(ground)
    with pytest.raises(RunReturned) as returned:
        apply_link(link, _wish(ground, patience), hands or ground.hands)
    assert _texts(ground) == before
    cause = returned.value.fields["cause"]
    assert isinstance(cause, LajurError)
    return cause


class _Then:
    """A device to which something happens right after it was committed."""

    def __init__(self, device: LinkDevice, happens: Callable[[], object]) -> None:
        self._device, self._happens = device, happens

    def commit(self, commit: Commit) -> None:
        self._device.commit(commit)
        self._happens()

    def __getattr__(self, verb: str) -> Any:
        return getattr(self._device, verb)


def _hands(ground: LinkGround, name: str, happens: Callable[[], object]) -> LinkHands:
    device: Any = _Then(ground.hands.devices[name], happens)
    return replace(ground.hands, devices={**ground.hands.devices, name: device})


def test_a_far_end_that_is_configured_otherwise_never_stays(bare: LinkGround, link: LinkIntent) -> None:
    assert link.far.routing is not None
    wrong = replace(link, far=replace(link.far, routing=replace(link.far.routing, hello=2, dead=9)))
    assert _returned(bare, wrong).code == "links.bad_routing"


def test_a_near_end_that_cuts_itself_off_comes_back(bare: LinkGround, link: LinkIntent) -> None:
    class Cutting:
        """Takes the interface down with the change."""

        def plan(self, end: Any, running: str, keys: Any) -> EndPlan:
            plan = bare.hands.dialects["frr"].plan(end, running, keys)
            if end.device != NEAR or not plan.changes:
                return plan
            return replace(plan, candidate=f"{plan.candidate}interface {end.interface}\n shutdown\nexit\n")

    cause = _returned(bare, link, replace(bare.hands, dialects={"frr": Cutting()}))
    assert cause.code == "links.bad_carrier"


def test_a_router_that_restarts_while_its_commit_waits_comes_back_with_the_other(bare: LinkGround, link: LinkIntent) -> None:
    hands = _hands(bare, NEAR, lambda: labs.restart(_lab(bare), FAR))
    cause = _returned(bare, link, hands)
    assert isinstance(cause, DeviceError)
    assert cause.device == FAR


def test_a_neighbour_that_is_not_the_one_of_the_truth_is_named(bare: LinkGround, link: LinkIntent) -> None:
    wrong = replace(link, far=replace(link.far, peer_end=("hub-brs", "o5")))
    cause = _returned(bare, wrong)
    assert cause.code == "links.bad_neighbour"
    assert "hub-sgg o5" in str(cause.fields["seen"])


def test_light_below_the_budget_is_told(bare: LinkGround, link: LinkIntent) -> None:
    assert link.far.optics is not None
    labs.set_optics(_lab(bare), FAR, link.far.interface, -30.0)
    try:
        assert _returned(bare, link).code == "links.bad_optics"
    finally:
        labs.set_optics(_lab(bare), FAR, link.far.interface, link.far.optics.handover)


def test_a_second_engineer_is_not_disturbed(bare: LinkGround, link: LinkIntent) -> None:
    """He begins while we look: what is his stays pending, and ours waits."""
    other = bare.hands.devices[NEAR]
    other.commit(
        Commit(run="budi", candidate=f"interface {link.near.interface}\n ip ospf cost 5\nexit\n", revert_in=60, message="budi")
    )
    try:
        with pytest.raises(DeviceArmed) as armed:
            apply_link(link, _wish(bare, 1.0), bare.hands)
        assert armed.value.fields["run"] == "budi"
        pending = other.read().pending
        assert pending is not None
    finally:
        other.revert()


def _listening(ground: LinkGround, stage: LinkStage, happens: Callable[[], object]) -> LinkHands:
    def listen(event: LinkEvent) -> None:
        if event.stage is stage:
            happens()

    return replace(ground.hands, listen=listen)


def test_a_fibre_that_is_dark_stops_it_and_both_ends_are_as_before_when_it_is_mended(bare: LinkGround, link: LinkIntent) -> None:
    """Cut as soon as the far end holds the change, which nobody can then take back before the fibre is mended."""
    lab_id = _lab(bare)
    listening = _listening(bare, LinkStage.GOING_BACK, lambda: Timer(1.0, labs.mend, (lab_id, LINK)).start())
    hands = replace(_hands(bare, FAR, lambda: labs.cut(lab_id, LINK)), listen=listening.listen)
    try:
        assert _returned(bare, link, hands, patience=0.5).code == "links.bad_carrier"
    finally:
        labs.mend(lab_id, LINK)


def test_routers_that_greet_everybody_who_logs_in_are_understood(bare: LinkGround) -> None:
    """Whatever a shell's start-up files print comes before the answer of every command."""
    noise = "echo 'Selamat datang! <r-1># [y/n]'; printf '\\n@0 1\\n\\033[2J'; echo 'awas' >&2"
    for name in (FAR, NEAR):
        labs.exec_in(_lab(bare), name, ["sh", "-c", "cat >~root/.bashrc"], text=f"{noise}\n")
    try:
        own = next(intent for intent in bare.intents if intent.key == LINK)
        report = apply_link(
            _with(own, lambda end: replace(end, description=f"lajur {end.device} greets")), _wish(bare), bare.hands
        )
        assert report.result == "done"
        assert apply_link(own, _wish(bare), bare.hands).result == "done"
    finally:
        for name in (FAR, NEAR):
            labs.exec_in(_lab(bare), name, ["sh", "-c", "rm ~root/.bashrc"])


def test_a_fibre_that_is_away_for_a_moment_before_the_confirmation_is_waited_for(bare: LinkGround, link: LinkIntent) -> None:
    """The last: from here on the link has another cost."""
    lab_id = _lab(bare)

    def flicker() -> None:
        labs.cut(lab_id, LINK)
        Timer(1.5, labs.mend, (lab_id, LINK)).start()

    report = apply_link(link, _wish(bare, 1.0), _listening(bare, LinkStage.VERIFIED, flicker))
    assert report.result == "done"
    for name in (FAR, NEAR):
        running = bare.hands.devices[name].read()
        assert running.pending is None
        assert "ip ospf cost 77" in running.text

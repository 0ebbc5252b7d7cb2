"""A real Ironic before the emulated machines: what it tells and carries out, and with the real engine from adoption to return."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from infra.errors import BmcError
from infra.reach.controller import BmcLimits, BmcLogin
from infra.reach.ironic import Ironic as Reached
from tests.contract.bmc import CPUS, DISKS, MEMORY_GIB, PASSWORD, Bmc
from tests.contract.images import served
from tests.contract.ironic import IRONIC_PASSWORD, IRONIC_USER, Ironic
from tests.doors.certificates import Authority
from tests.infra.site import machine_of, standing, truth_of
from tests.infra.test_controller import SYSTEMS, by_hand, emulated, everything

pytestmark = [
    pytest.mark.ironic,
    pytest.mark.timeout(600),  # two of them start first, beside whatever else the machine does
    pytest.mark.filterwarnings("ignore::openstack.warnings.RemovedInSDK50Warning"),  # the SDK warns of what it does itself
]

FAKE = "palsu"
PATIENT = BmcLimits(effect=40, between=0.2)


@dataclass
class Grounds:
    """`known` asks who one is and stands before two emulated machines; `open` asks nobody, and its hardware is invented."""

    bmc: Bmc
    known: Ironic
    open: Ironic


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    folder = tmp_path_factory.mktemp("ironic")
    pair = Authority(folder).sign("ironic")
    with ExitStack() as stack:
        bmc = stack.enter_context(closing(emulated(folder, pair)))
        images = stack.enter_context(served(folder / "known" / "images")).rpartition("/")[0]
        known = stack.enter_context(closing(Ironic(folder / "known", pair, IRONIC_PASSWORD, images=images)))
        free = stack.enter_context(closing(Ironic(folder / "open", pair, None, images=images, records=known.records)))
        known.wait()
        for server, system in SYSTEMS.items():
            known.enrol(server, bmc, system, inspect=server == "mon-1")
        free.wait()
        free.enrol(FAKE, None)
        yield Grounds(bmc, known, free)


def reached(ironic: Ironic, node: str, limits: BmcLimits = PATIENT, **words: str) -> Reached:
    login = {"url": ironic.url, "user": IRONIC_USER, "password": IRONIC_PASSWORD, "certificate": ironic.certificate, **words}
    return Reached(BmcLogin(server="app-1", system=node, **login), limits)


def test_an_inspected_machine_is_told_as_ironic_found_it(grounds: Grounds) -> None:
    with reached(grounds.known, "mon-1") as machine:
        facts = machine.facts()
        assert (facts.cpus, facts.memory) == (CPUS, MEMORY_GIB * 2**30)
        assert [(disk.size, disk.kind) for disk in facts.disks or ()] == [(size, "ssd") for size in DISKS]
        assert machine.state().node == "manageable"


def test_what_it_does_not_offer_is_told(grounds: Grounds) -> None:
    with reached(grounds.open, FAKE, user="", password="") as machine:
        machine.adopt()
        machine.adopt()
        machine.power("on")
        assert (machine.state().node, machine.state().power) == ("active", "on")
        assert (machine.facts().cpus, machine.facts().disks) == (None, None)
        with pytest.raises(BmcError) as met:
            machine.media("http://127.0.0.1/debian.iso")
    assert met.value.code == "infra.bmc_lacks"


def refused(ask: Callable[[], None]) -> BmcError:
    with pytest.raises(BmcError) as met:
        ask()
    return met.value


def test_a_node_that_is_in_other_hands_is_told_and_the_next_order_goes_through(grounds: Grounds) -> None:
    ironic = grounds.open
    ironic.enrol("sibuk", None, manage=False)
    with reached(ironic, "sibuk", replace(PATIENT, busy=0.5), user="", password="") as machine:
        wrong = refused(machine.adopt)
        assert (wrong.code, wrong.fields["state"], wrong.fields["wanted"]) == ("infra.ironic_state", "enroll", "manageable")
        ironic.bring("sibuk", "manage", "manageable")

        ironic.maintain("sibuk", "kipas diganti \x1b[2J")
        for ask in (machine.adopt, partial(machine.power, "on"), partial(machine.boot, "pxe")):
            told = refused(ask)
            assert (told.code, told.fields["state"]) == ("infra.ironic_maintenance", "manageable")
            assert told.fields["reason"] == "kipas diganti \\x1b[2J"
        machine.state()
        ironic.maintain("sibuk", None)
        machine.power("on")

        ironic.hold("sibuk", "konduktor-2")
        machine.power("on")  # holds already, so nobody is waited for
        busy = refused(machine.adopt)
        assert (busy.code, busy.fields["holder"], busy.fields["doing"]) == ("infra.ironic_busy", "konduktor-2", "adopt")
        letting_go = threading.Timer(0.3, ironic.hold, ("sibuk", None))
        letting_go.start()
        with reached(ironic, "sibuk", user="", password="") as patient:
            patient.adopt()
            assert patient.state().node == "active"
        letting_go.join()


@pytest.mark.parametrize(
    ("node", "words", "code"),
    [
        ("mon-1", {"password": "ten-storks"}, "infra.bmc_login_refused"),
        ("mon-1", {"certificate": "SHA256:" + 64 * "0"}, "infra.bmc_certificate"),
        ("mon-1", {"url": "https://127.0.0.1:1"}, "infra.bmc_unreachable"),
        ("app-9", {}, "infra.ironic_no_node"),
    ],
)
def test_who_is_not_let_in_or_not_there_is_told(grounds: Grounds, node: str, words: dict[str, str], code: str) -> None:
    with reached(grounds.known, node, PATIENT, **words) as machine, pytest.raises(BmcError) as met:
        machine.state()
    assert met.value.code == code
    assert "storks" not in f"{met.value} {met.value.fields} {machine.__dict__}"


@pytest.mark.engine
def test_machines_of_an_ironic_are_adopted_watched_mended_and_let_go_of(grounds: Grounds, tmp_path: Path) -> None:
    ironic, login = grounds.known, {"user": IRONIC_USER, "password": "env:LAJUR_IRONIC_PASSWORD"}
    through = {"via": "ironic", "url": ironic.url, "certificate": ironic.certificate, "login": login, "adopt": True}
    with (
        served(tmp_path / "images") as image,
        standing(tmp_path, {"app-1": machine_of("app-1")}) as site,
        closing(by_hand(grounds.bmc)) as hand,
    ):
        own = {server: {**through, "node": server, "power": "on", "boot": "pxe", "media": image} for server in SYSTEMS}
        site.truth = truth_of(tmp_path, own, controlled=["mon-1"])
        site.controllers = dict.fromkeys(SYSTEMS, (IRONIC_USER, IRONIC_PASSWORD))

        assert set(site.run("preview").result["changes"]) == set(SYSTEMS)
        assert ironic.node("app-1")["provision_state"] == "manageable", "a preview changes nothing"
        if os.environ.get("LAJUR_FULL"):
            ironic.maintain("app-1", "kipas diganti")
            told = site.run("up")
            assert (told.code, told.last["fields"]["server"]) == ("infra.ironic_maintenance", "app-1")
            ironic.maintain("app-1", None)
        first = site.run("up")
        assert set(first.result["outputs"]) == set(SYSTEMS)
        assert {ironic.node(server)["provision_state"] for server in SYSTEMS} == {"active"}
        held = hand.state()
        assert (held.power, held.boot, bool(held.media)) == ("on", "pxe", True)

        hand.power("force_off")
        hand.boot("disk")
        hand.media(None)
        ironic.until("app-1", "power_state", "power off")
        seen = site.run("drift").result["differences"]
        kinds = {("app-1", "power_changed"), ("app-1", "boot_changed"), ("app-1", "media_changed")}
        assert {(each["server"], each["kind"]) for each in seen} == kinds
        mended = site.run("up")
        assert {(each["server"], each["kind"]) for each in mended.of("infra.repaired")} == kinds
        assert (hand.state().power, hand.state().boot, hand.state().media) == (held.power, held.boot, held.media)

        given = site.run("destroy", release=list(SYSTEMS))
        assert sorted(given.result["released"]) == sorted(SYSTEMS)
        assert (hand.state().power, hand.state().media) == ("on", None)
        assert {ironic.node(server)["provision_state"] for server in SYSTEMS} == {"active"}, "taking it out of use wipes it"
        kept = everything(site, first, mended, given)
        assert IRONIC_PASSWORD.encode() not in kept
        assert PASSWORD.encode() not in kept

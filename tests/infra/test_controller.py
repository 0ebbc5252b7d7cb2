"""Controllers with the real engine and an emulator of Redfish: held, changed by hand, mended, let go of, and unreachable."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from infra.reach.controller import BmcLimits, BmcLogin, is_same_image
from infra.reach.redfish import Redfish
from tests.contract.bmc import PASSWORD, SYSTEM, USER, Bmc
from tests.contract.images import served
from tests.doors.certificates import Authority, Pair
from tests.infra.site import Answer, Site, machine_of, standing, truth_of

pytestmark = pytest.mark.engine

OTHER = "8f6c5a3e-1111-4222-8333-944445555666"
SYSTEMS = {"app-1": SYSTEM, "mon-1": OTHER}
LOGIN = {"user": USER, "password": "env:LAJUR_BMC_PASSWORD"}


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Authority(tmp_path).sign("bmc")


def emulated(folder: Path, pair: Pair, port: int = 0) -> Bmc:
    return Bmc(folder / "bmc", pair.certificate, pair.key, tuple(SYSTEMS.values()), port=port)


@contextmanager
def sited(folder: Path, bmc: Bmc, **held: Any) -> Iterator[Site]:
    """app-1 is logged in to and has a controller; of mon-1 there is only its controller."""
    with standing(folder, {"app-1": machine_of("app-1")}) as site:
        write(site, bmc, **held)
        site.controllers = dict.fromkeys(SYSTEMS, (USER, PASSWORD))
        yield site


def write(site: Site, bmc: Bmc, **held: Any) -> None:
    own = {
        server: {"url": bmc.url, "login": LOGIN, "certificate": bmc.certificate, "system": system, "power": "on", **held}
        for server, system in SYSTEMS.items()
    }
    site.truth = truth_of(site.folder, own, controlled=["mon-1"])


def by_hand(bmc: Bmc, server: str = "app-1") -> Redfish:
    login = BmcLogin(
        server=server, url=bmc.url, user=USER, password=PASSWORD, certificate=bmc.certificate, system=SYSTEMS[server]
    )
    return Redfish(login, BmcLimits(between=0.2))


def everything(site: Site, *answers: Answer) -> bytes:
    """All that was kept and all that was told."""
    places = [site.folder / "state", site.folder / "home", site.reports]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    told = [json.dumps([answer.events, answer.last]).encode() + answer.errors.encode() for answer in answers]
    return b"\n".join([*(path.read_bytes() for path in files), *told])


def test_what_was_changed_by_hand_is_told_and_carried_back(tmp_path: Path, pair: Pair) -> None:
    with (
        served(tmp_path / "images") as image,
        closing(emulated(tmp_path, pair)) as bmc,
        sited(tmp_path, bmc, boot="pxe", media=image) as site,
        closing(by_hand(bmc)) as hand,
    ):
        seen = site.run("preview")
        assert set(seen.result["changes"]) == {"app-1", "mon-1"}
        assert hand.state().media is None, "a preview changes nothing"

        first = site.run("up")
        assert {each["server"] for each in first.of("infra.accepted")} == {"app-1", "mon-1"}
        assert first.result["outputs"]["mon-1"]["acceptance"]["accepted"]
        held = hand.state()
        assert (held.power, held.boot) == ("on", "pxe")
        assert is_same_image(image, held.media or "")

        hand.power("force_off")
        hand.boot("disk")
        hand.media(None)
        told = site.run("drift").result["differences"]
        kinds = {("app-1", "power_changed"), ("app-1", "boot_changed"), ("app-1", "media_changed")}
        assert {(each["server"], each["kind"]) for each in told} == kinds
        assert hand.state().power == "off", "looking changes nothing"

        mended = site.run("up")
        assert {(each["server"], each["kind"]) for each in mended.of("infra.repaired")} == kinds
        assert mended.result["unrepaired"] == []
        assert hand.state() == held

        given = site.run("destroy", release=["app-1", "mon-1"])
        assert (sorted(given.result["released"]), given.result["left"]) == (["app-1", "mon-1"], [])
        assert (hand.state().power, hand.state().media) == ("on", None)
        assert PASSWORD.encode() not in everything(site, seen, first, mended, given)


def test_bad_days_hold_up_nobody_else_and_the_next_run_goes_on(tmp_path: Path, pair: Pair) -> None:
    with closing(emulated(tmp_path, pair)) as bmc, sited(tmp_path, bmc) as site:
        site.controllers["mon-1"] = (USER, "eight-herons")
        refused = site.run("up")
        assert refused.code == "infra.bmc_login_refused"
        assert (refused.last["fields"]["server"], refused.last["fields"]["user"]) == ("mon-1", USER)
        assert [each["server"] for each in refused.of("infra.accepted")] == ["app-1"]
        assert b"herons" not in everything(site, refused)
        site.controllers["mon-1"] = (USER, PASSWORD)
        assert set(site.run("up").result["outputs"]) == {"app-1", "mon-1"}
        bmc.close()

        gone = site.run("drift").result["differences"]
        assert {(each["server"], each["kind"]) for each in gone} >= {(server, "controller_unreachable") for server in SYSTEMS}
        with closing(emulated(tmp_path, Authority(tmp_path).sign("another"), bmc.port)) as changed:
            met = site.run("up")
            assert met.code == "infra.several_failed"
            reasons = {(each["server"], each["code"], each["fields"]["offered"]) for each in met.last["fields"]["failures"]}
            assert reasons == {(server, "infra.bmc_certificate", changed.certificate) for server in SYSTEMS}
        with closing(emulated(tmp_path, pair, bmc.port)):
            site.run("up").result  # noqa: B018 - it fails when the run did
            assert site.run("drift").result["differences"] == []

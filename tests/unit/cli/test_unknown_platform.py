"""`lajur` on devices themselves, where one has a platform whose words about links nobody here knows: its own links are told
as that, and all others are served. The devices are twins in memory that stand where the real ones are dialled."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from inventory.load import load_regency
from network import link_wiring, wiring
from network.clock import SystemClock
from network.core.links.intent import intend
from network.drivers.link_looks import LinkGlances
from network.drivers.memory_links import MemoryLinkDevice, MemoryNet
from network.errors import NeedsPerson, Refused
from network.link_wiring import link_ground
from network.settings import Settings
from tests.unit.cli.conftest import Lajur

ODD, LINK = "r-bappeda", "krb-bappeda"
JSON = ("--output", "json")


@pytest.fixture(autouse=True)
def _direct(regencies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real regency, one office's router of which is a Linux machine that does not run FRR."""
    folder = regencies / "tolikara"
    head = folder / "regency.yaml"
    head.write_text(head.read_text().replace("illustrative: true", "illustrative: false"))
    devices = folder / "devices.yaml"
    before, key, after = devices.read_text().partition(f"- key: {ODD}\n")
    devices.write_text(before + key + after.replace("    services: {routing: frr}\n", "", 1))
    for name in ("LAJUR_OSPF_KEY", "LAJUR_SSH_KEY"):
        monkeypatch.setenv(name, "invented")
    clock = SystemClock()
    net = MemoryNet(intend(load_regency(folder)), clock)
    twins = partial(wiring._memory_devices, tmp_path / "twins", clock)
    monkeypatch.setattr(wiring, "_direct_devices", lambda _settings, regency, stack: twins(regency, stack))
    monkeypatch.setattr(link_wiring, "_device", lambda device, *_: MemoryLinkDevice(net, device.key))


def test_every_other_link_is_planned_changed_and_seen(lajur: Lajur) -> None:
    planned = {each["link"]: each for each in lajur("link", "plan", *JSON).json["links"]}
    assert {link for link, each in planned.items() if each["state"] == "unread"} == {LINK}
    assert {each["state"] for link, each in planned.items() if link != LINK} == {"waits"}
    assert "linux" in planned[LINK]["why"]
    assert ODD in planned[LINK]["why"]
    done = lajur("link", "apply", "--all", "--yes", *JSON)
    assert done.code == Refused.exit_code
    assert [(each["links"], each["code"]) for each in done.json["failed"]] == [([LINK], "links.no_dialect")]
    assert {each["link"] for each in done.json["done"]} == set(planned) - {LINK}
    for verb in ("verify", "status"):
        seen = lajur("link", verb, *JSON).json
        assert {each["link"] for each in seen["links"] if not each["good"]} == {LINK}
        assert seen["good"] == len(planned) - 1
        (why,) = {end["why"] for each in seen["links"] for end in (each["far"], each["near"]) if end["why"]}
        assert ODD in why


def test_in_memory_too_it_is_told_of_its_own_end_only(lajur: Lajur) -> None:
    said = lajur("link", "status", "--via", "memory", *JSON)
    assert said.code == NeedsPerson.exit_code
    ends = [end for each in said.json["links"] for end in (each["far"], each["near"])]
    assert [end["device"] for end in ends if end["why"]] == [ODD]


def test_drift_tells_the_device_as_unseen_and_compares_the_rest(lajur: Lajur) -> None:
    found = lajur("drift", *JSON).json
    assert (found["unseen"], found["unread"]) == ([ODD], [])
    assert ODD not in found["looked"]
    assert {each["code"] for each in found["findings"]} >= {"drift.end_absent"}


def test_the_watch_looks_at_all_others(regencies: Path, tmp_path: Path) -> None:
    settings = Settings.read({"LAJUR_STATE": str(tmp_path / "state"), "LAJUR_REGENCIES": str(regencies)}, tmp_path)
    regency = load_regency(regencies / "tolikara")
    asked: Any
    with ExitStack() as stack:
        ground = stack.enter_context(link_ground(settings, regency))
        assert ground.via == "direct"
        asked = stack.enter_context(LinkGlances(ground.hands.devices, ground.intents)).devices
    assert set(asked) == {end.device for intent in ground.intents for end in intent.ends} - {ODD}

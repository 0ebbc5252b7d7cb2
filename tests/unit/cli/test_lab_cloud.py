"""`lajur lab` with a cloud: what is said where its servers are no machines, or it stands alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from network import labs
from network.lab.layout import Wanted
from network.lab.topology import plan_lab
from tests.unit.cli.conftest import Lajur

Tell = Callable[[labs.Progress], None]


@pytest.mark.parametrize(
    ("language", "words"), [("id", "Server yang disewa di cloud ini palsu"), ("en", "Servers rented from this")]
)
@pytest.mark.parametrize("fake", [True, False])
def test_up_and_status_say_that_a_cloud_s_servers_are_fake(
    lajur: Lajur, monkeypatch: pytest.MonkeyPatch, fake: bool, language: str, words: str
) -> None:
    asked: list[Wanted] = []
    plan = plan_lab(load_regency(SHIPPED / "tolikara"), "satu", cloud=True, fake=fake)

    def up(*_: object, **wanted: Unpack[Wanted]) -> labs.LabState:
        asked.append(wanted)
        return labs.LabState(plan=plan, ready_after=12.5, reused=False)

    monkeypatch.setattr(labs, "up", up)
    monkeypatch.setattr(labs, "settle", lambda: False)
    monkeypatch.setattr(labs, "status", lambda lab: labs.LabStatus(lab=lab, state="ready", fake=fake))
    flag = "--fake-cloud" if fake else "--cloud"
    assert (words in lajur("lab", "up", flag, "--lang", language).out) is fake
    assert (asked[0]["cloud"], asked[0]["fake"]) == (True, fake)
    assert (words in lajur("lab", "status", "--lang", language).out) is fake
    assert lajur("lab", "status", "--output", "json").json["fake"] is fake


@pytest.mark.parametrize(("language", "words"), [("id", "Tanpa root"), ("en", "Without root")])
def test_without_root_a_cloud_comes_alone_and_that_is_said(
    lajur: Lajur, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    asked: list[Wanted] = []
    tolikara = load_regency(SHIPPED / "tolikara")

    def up(regency: Regency, lab: str, _: Tell, **wanted: Unpack[Wanted]) -> labs.LabState:
        asked.append(wanted)
        return labs.LabState(plan=plan_lab(regency, lab, **wanted), ready_after=12.5, reused=False)

    monkeypatch.setattr(labs, "up", up)
    monkeypatch.setattr(labs, "settle", lambda: True)
    said = " ".join(lajur("lab", "up", "--cloud", "--lang", language).out.split())
    assert words in said
    assert "`lajur infra preview`" in said
    assert asked[0]["alone"]
    for more in ("--bare", "--servers", "--short=app-1"):
        lajur("lab", "up", "--cloud", more)
        assert not asked.pop()["alone"], "what needs root is refused by the machine, and not left out"

    alone = labs.LabState(plan=plan_lab(tolikara, "satu", alone=True), ready_after=12.5, reused=True)
    monkeypatch.setattr("network.lab.lab.find", lambda _: (alone,))
    for word in ("status", "topology", "plan"):
        assert (lajur(word, "--lang", language).code, "cloud" in lajur(word, "--lang", language).err) == (3, True)

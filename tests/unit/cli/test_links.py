"""`lajur status --links`: the other meter, on its own and named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from network import wiring
from network.core.rates import Dropped
from network.messages import text
from network.services import link_totals
from network.services.link_totals import LinkLine, LinkTotals
from tests.unit.cli.conftest import Lajur

MEMORY = ("--via", "memory")


def _line(**known: Any) -> LinkLine:
    given = {"link": "core-up", "ends": ("core:h1", "hub:core0"), "capacity_down": 10**8, "capacity_up": 10**8}
    return LinkLine(**{**given, "down": None, "up": None, "by": None, "why": None, **known})


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Devices in memory that are taken for a lab's, and a meter that says one number and one silence."""
    real = wiring.ground
    lines = (_line(down=12_340_000, up=4_500, by="core"), _line(link="far", why="silent"))

    @contextmanager
    def ground(*given: Any, **more: Any) -> Iterator[wiring.Ground]:
        with real(*given, **more) as found:
            yield replace(found, via="lab")

    @contextmanager
    def meter(*_: Any) -> Iterator[None]:
        yield None

    monkeypatch.setattr(wiring, "ground", ground)
    monkeypatch.setattr(wiring, "interface_meter", meter)
    monkeypatch.setattr(link_totals, "link_totals", lambda *_: LinkTotals(regency="tolikara", links=lines, over=10.0, age=3.2))


@pytest.mark.usefixtures("measured")
def test_links_are_told_with_their_meter_and_its_age(lajur: Lajur) -> None:
    shown = lajur("status", "--links", *MEMORY, "--lang", "id").out
    assert "12,3 Mbit/s" in shown
    assert "tidak menjawab" in shown
    assert "SNMP" in shown
    assert "3,2 s" in shown


@pytest.mark.usefixtures("measured")
def test_links_as_json_are_bits(lajur: Lajur) -> None:
    document = lajur("status", "--links", *MEMORY, "--output", "json").json
    assert [(each["down"], each["why"]) for each in document["links"]] == [(12_340_000, None), (None, "silent")]


def test_devices_in_memory_have_no_links(lajur: Lajur) -> None:
    said = lajur("status", "--links", *MEMORY)
    assert said.code == 3
    assert "lajur lab up" in said.err


def test_the_two_meters_do_not_mix(lajur: Lajur) -> None:
    assert lajur("status", "--links", "--watch", *MEMORY).code == 64


@pytest.mark.parametrize("why", [*(each.value for each in Dropped), "silent", "no_snmp", "no_interface"])
def test_every_reason_of_a_meter_has_words(why: str) -> None:
    assert text(f"cli.meter.{why}", "id") != text(f"cli.meter.{why}", "en")

"""Of each link one end is asked in either half of an interval, whatever the network looks like."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.load import load_regency
from inventory.model import Link, LinkEnd
from inventory.regency import Regency
from network.core.poll_halves import halves

TRUTH = Path(__file__).parents[3] / "inventory" / "regencies"


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(TRUTH / "manokwari")


def keys(regency: Regency) -> list[str]:
    return [device.key for device in regency.devices]


def test_every_device_has_one_turn_and_the_ends_of_a_link_have_different_ones(regency: Regency) -> None:
    first, second = halves(regency, keys(regency))
    assert set(first).isdisjoint(second)
    assert {*first, *second} == set(keys(regency))
    for link in regency.links:
        assert (link.ends[0].device in first) is (link.ends[1].device in second), link.key


def test_whose_neighbour_cannot_be_asked_has_both_turns(regency: Regency) -> None:
    office = regency.offices[0]
    hub = regency.hub(office.hub).device
    first, second = halves(regency, [key for key in keys(regency) if key != office.device])
    assert set(first) & set(second) == {hub}
    assert office.device not in {*first, *second}


def test_in_a_ring_of_three_somebody_has_both_turns(regency: Regency) -> None:
    one, other = regency.links[1], next(link for link in regency.links if link.ends[0].device == regency.links[1].ends[1].device)
    ends = (LinkEnd(device=one.ends[0].device, interface="x0"), LinkEnd(device=other.ends[1].device, interface="x1"))
    ring = Link.model_validate({"key": "third", "ends": ends, "rate": one.rate})
    found = regency.model_copy(update={"links": (*regency.links, ring)})
    first, second = halves(found, keys(found))
    for link in found.links:
        near, far = (end.device for end in link.ends)
        for half in (first, second):
            assert near in half or far in half, link.key


def test_nobody_to_ask_is_nobody_asked(regency: Regency) -> None:
    assert halves(regency, ()) == ((), ())

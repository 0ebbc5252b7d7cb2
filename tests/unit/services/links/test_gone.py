"""A dead run on devices that the truth no longer has: the others decide, it is closed, and the lost ones are named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from network.services.links.apply import apply_link
from network.services.links.hands import LinkHands, LinkStage
from network.services.links.leftovers import recover
from network.services.links.look import look_at
from network.services.links.recover import LinkSettled
from tests.unit.services.links.conftest import Links, die_at

LINK, FAR, NEAR = "sgg-bappeda", "r-bappeda", "hub-sgg"
OTHER, OTHER_FAR = "sgg-dpmptsp", "r-dpmptsp"
LONG = 3600.0


def _without(links: Links, *gone: str) -> LinkHands:
    hands = links.hands()
    return replace(hands, devices={name: device for name, device in hands.devices.items() if name not in gone})


def _is_on_record(links: Links, run: str, name: str) -> bool:
    ends = [str(entry.event) for entry in links.ledger.entries() if entry.event.action == "run.finished"]
    return any(run in end and name in end for end in ends)


def _settled(links: Links, *gone: str) -> LinkSettled:
    (settled,) = recover(links.wish(), _without(links, *gone))
    assert isinstance(settled, LinkSettled), settled
    assert settled.gone == gone
    assert "running" not in links.results()
    assert all(_is_on_record(links, settled.run.id, name) for name in gone)
    left_out = [event for event in links.events if event.stage is LinkStage.LEFT_OUT]
    assert [(event.run, event.device) for event in left_out] == [(settled.run.id, ", ".join(gone))]
    return settled


@pytest.mark.parametrize("at", [LinkStage.COMMITTED_FAR, LinkStage.CONFIRMED_FAR])
def test_a_run_of_which_no_device_is_left_is_abandoned(links: Links, monkeypatch: pytest.MonkeyPatch, at: LinkStage) -> None:
    die_at(links, monkeypatch, at, LINK)
    assert _settled(links, FAR, NEAR).result == "abandoned"
    assert not recover(links.wish(), _without(links, FAR, NEAR))


@pytest.mark.parametrize("late", [0.0, LONG])
@pytest.mark.parametrize("gone", [FAR, NEAR])
def test_the_end_that_is_left_goes_back_when_it_was_not_kept(
    links: Links, monkeypatch: pytest.MonkeyPatch, gone: str, late: float
) -> None:
    before = links.texts()
    die_at(links, monkeypatch, LinkStage.VERIFIED, LINK)
    links.clock.sleep(late)
    assert _settled(links, gone).result == "returned"
    (rest,) = {FAR, NEAR} - {gone}
    assert links.net.text(rest) == before[rest]


def test_the_end_that_is_left_and_was_kept_decides(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(links, monkeypatch, LinkStage.CONFIRMED_FAR, LINK)
    kept = links.net.text(FAR)
    assert _settled(links, NEAR).result == "done"
    assert links.net.text(FAR) == kept


@pytest.mark.parametrize("late", [0.0, LONG])
def test_links_that_are_whole_still_are_followed_to_the_end(links: Links, monkeypatch: pytest.MonkeyPatch, late: float) -> None:
    """One of two far ends is kept, and the office of the other one was closed."""
    die_at(links, monkeypatch, LinkStage.CONFIRMED_FAR, LINK, OTHER)
    (kept,) = [name for name in (FAR, OTHER_FAR) if links.net.box(name).before is None]
    key, gone = (LINK, OTHER_FAR) if kept == FAR else (OTHER, FAR)
    links.clock.sleep(late)
    _settled(links, gone)
    (seen,) = look_at((links.link(key),), links.hands())
    assert seen.good


def test_far_ends_whose_hub_is_gone_are_left_as_they_are(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(links, monkeypatch, LinkStage.CONFIRMED_FAR, LINK, OTHER)
    links.clock.sleep(LONG)
    before = links.texts()
    assert _settled(links, NEAR).result == "abandoned"
    assert links.texts() == before


@pytest.mark.parametrize("at", [LinkStage.VERIFIED, LinkStage.CONFIRMED_FAR])
def test_the_next_link_of_the_hub_is_not_kept_from_it(links: Links, monkeypatch: pytest.MonkeyPatch, at: LinkStage) -> None:
    die_at(links, monkeypatch, at, LINK)
    assert apply_link(links.link(OTHER), links.wish(), _without(links, FAR)).result == "done"
    assert "running" not in links.results()

"""A link that is managed over itself: whoever is reached over it is out of reach while its two ends do not agree."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from network.core.links.intent import EndIntent, LinkIntent
from network.drivers.memory_links import Fault, MemoryNet
from network.errors import LajurError, NeedsPerson
from network.services.links.apply import apply_link, apply_links
from network.services.links.hands import LinkStage
from network.services.links.leftovers import recover
from network.services.links.look import look_at, plan_links
from network.services.links.recover import LinkSettled
from network.services.links.rollout import roll_out
from tests.unit.services.links.conftest import Links, die_at

LINK, FAR, NEAR = "sgg-bappeda", "r-bappeda", "hub-sgg"
OTHER, OTHER_FAR = "sgg-dpmptsp", "r-dpmptsp"
LONG = 3600.0


@pytest.fixture
def standing(links: Links) -> Links:
    """Two links of one hub that stand, are to greet otherwise, and lead to their far ends."""
    apply_links([links.link(LINK), links.link(OTHER)], links.wish(), links.hands())
    links.events.clear()
    for far in (FAR, OTHER_FAR):
        links.net.cut_when[far] = _apart(far)
    return replace(links, intents=tuple(_slower(intent) for intent in links.intents))


def _apart(far: str):  # type: ignore[no-untyped-def]
    def when(net: MemoryNet) -> bool:
        return net.routes((far, "wan0"))[0] != "Full"

    return when


def _slower(intent: LinkIntent) -> LinkIntent:
    return replace(intent, far=_greeting(intent.far), near=_greeting(intent.near))


def _greeting(end: EndIntent) -> EndIntent:
    assert end.routing is not None
    return replace(end, routing=replace(end.routing, hello=2, dead=6))


def _whole(links: Links, *keys: str) -> bool:
    """Both ends of every link are seen well."""
    return all(seen.good for seen in look_at([links.link(key) for key in keys], links.hands()))


@pytest.mark.parametrize("late", [0.0, LONG])
@pytest.mark.parametrize("at", [LinkStage.COMMITTED_FAR, LinkStage.COMMITTED_NEAR, LinkStage.VERIFIED])
def test_a_controller_that_dies_before_an_end_is_kept(
    standing: Links, monkeypatch: pytest.MonkeyPatch, at: LinkStage, late: float
) -> None:
    before = standing.texts()
    die_at(standing, monkeypatch, at, LINK)
    standing.clock.sleep(late)
    (settled,) = recover(standing.wish(), standing.hands())
    assert isinstance(settled, LinkSettled), settled
    assert settled.result == "returned"
    assert standing.texts() == before
    assert _whole(standing, LINK)


@pytest.mark.parametrize("late", [0.0, LONG])
def test_a_controller_that_dies_between_the_confirmations(standing: Links, monkeypatch: pytest.MonkeyPatch, late: float) -> None:
    """Late, the near end has gone back, and the far one, which is kept, can no longer be asked."""
    die_at(standing, monkeypatch, LinkStage.CONFIRMED_FAR, LINK)
    standing.clock.sleep(late)
    (settled,) = recover(standing.wish(), standing.hands())
    assert isinstance(settled, LinkSettled), settled
    assert settled.result == "done"
    assert _whole(standing, LINK)
    assert not plan_links((standing.link(LINK),), standing.hands())[0].waits
    assert "running" not in standing.results()


@pytest.mark.parametrize("late", [0.0, LONG])
def test_a_controller_that_dies_between_the_confirmations_of_two_links(
    standing: Links, monkeypatch: pytest.MonkeyPatch, late: float
) -> None:
    """Both far ends share the near one; one of them is kept."""
    die_at(standing, monkeypatch, LinkStage.CONFIRMED_FAR, LINK, OTHER)
    standing.clock.sleep(late)
    told = recover(standing.wish(), standing.hands())
    assert [settled.result for settled in told if isinstance(settled, LinkSettled)] == ["done"], told
    assert _whole(standing, LINK, OTHER)


def _meant(links: Links) -> dict[str, list[str]]:
    """Every device's lines without a dead time of four hellos, which stands there whether it is written or not."""
    return {name: sorted({*text.splitlines()} - {" ip ospf dead-interval 4"}) for name, text in links.texts().items()}


@pytest.mark.parametrize("late", [0.0, LONG])
def test_a_truth_that_was_changed_meanwhile_does_not_decide_what_became_of_it(
    links: Links, standing: Links, monkeypatch: pytest.MonkeyPatch, late: float
) -> None:
    """The engineer takes the change out of the truth again: what was kept of it is first brought to its end, then taken back."""
    before = _meant(standing)
    die_at(standing, monkeypatch, LinkStage.CONFIRMED_FAR, LINK)
    standing.clock.sleep(late)
    apply_link(links.link(LINK), standing.wish(), standing.hands())
    assert _meant(standing) == before
    assert _whole(links, LINK)
    assert "running" not in standing.results()


def test_the_next_roll_out_brings_a_link_to_its_end(standing: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(standing, monkeypatch, LinkStage.CONFIRMED_FAR, LINK)
    standing.clock.sleep(LONG)
    report = roll_out([standing.link(LINK), standing.link(OTHER)], standing.wish(), standing.hands())
    assert not report.failed
    assert _whole(standing, LINK, OTHER)
    assert "running" not in standing.results()


def test_a_broken_router_keeps_nobody_from_the_other_links_of_its_hub(standing: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(standing, monkeypatch, LinkStage.CONFIRMED_FAR, LINK)
    standing.clock.sleep(LONG)
    standing.net.cut_when[FAR] = lambda net: True
    assert apply_link(standing.link(OTHER), standing.wish(), standing.hands()).result == "done"
    (told,) = recover(standing.wish(), standing.hands())
    assert isinstance(told, NeedsPerson)
    assert told.code == "links.out_of_reach"
    assert standing.net.boxes[NEAR].before is None
    standing.net.cut_when[FAR] = _apart(FAR)
    (settled,) = recover(standing.wish(), standing.hands())
    assert isinstance(settled, LinkSettled)
    assert _whole(standing, LINK, OTHER)


@pytest.mark.parametrize("verb", ["read", "commit", "look", "confirm", "revert"])
@pytest.mark.parametrize("device", [FAR, NEAR])
def test_whatever_fails_wherever(standing: Links, device: str, verb: str) -> None:
    net = standing.net
    for how, at, gone in product(("before", "lost", "restart"), (1, 2, 3), (0.0, LONG)):
        # As it stood before, whatever the last fault left.
        _put_back(standing)
        net.faults.append(Fault(device=device, verb=verb, how=how, at=net.asked(device, verb) + at, gone=gone))
        what = f"{how} at {at}, gone {gone:g}"
        said: LajurError | None = None
        try:
            apply_link(standing.link(LINK), standing.wish(), standing.hands())
        except LajurError as error:
            said = error
        standing.clock.sleep(LONG)
        net.faults.clear()
        if isinstance(said, NeedsPerson):
            told = recover(standing.wish(), standing.hands())
            assert all(isinstance(each, LinkSettled) for each in told), f"{what}: {said}: {told}"
        assert _whole(standing, LINK), f"{what}: {said}"
        assert "running" not in standing.results(), what


def _put_back(links: Links) -> None:
    for name in (FAR, NEAR):
        box = links.net.boxes[name]
        box.go_back()
        box.gone_until = 0.0
        for lines in box.text.values():
            if "ip ospf hello-interval 2" in lines:
                lines[lines.index("ip ospf hello-interval 2")] = "ip ospf hello-interval 1"
                lines[lines.index("ip ospf dead-interval 6")] = "ip ospf dead-interval 4"
    links.clock.sleep(LONG)
    links.net.greet()

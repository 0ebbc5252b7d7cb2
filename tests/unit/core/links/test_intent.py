"""What the truth makes of both ends of a link, and what a person means by a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.load import load_regency
from inventory.regency import Regency
from network.core.links.capabilities import CAPABILITIES, Timer
from network.core.links.choose import choose
from network.core.links.intent import LOOPBACK, LinkIntent, intend
from network.errors import NotFound

TRUTH = Path(__file__).parents[4] / "inventory" / "regencies" / "manokwari"


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(TRUTH)


@pytest.fixture(scope="module")
def intents(regency: Regency) -> tuple[LinkIntent, ...]:
    return intend(regency)


def _link(intents: tuple[LinkIntent, ...], key: str) -> LinkIntent:
    return next(intent for intent in intents if intent.key == key)


def test_every_link_is_there_and_what_is_nearer_to_the_core_comes_first(
    regency: Regency, intents: tuple[LinkIntent, ...]
) -> None:
    assert {intent.key for intent in intents} == {link.key for link in regency.links}
    depths = [intent.depth for intent in intents]
    assert depths == sorted(depths)
    reached = {"core"}
    for intent in intents:
        assert intent.near.device in reached
        reached.add(intent.far.device)


def test_the_far_end_is_the_one_that_is_reached_over_the_link(intents: tuple[LinkIntent, ...]) -> None:
    assert _link(intents, "border-domestic").devices == ("border", "core")
    assert _link(intents, "core-sgg").devices == ("hub-sgg", "core")
    assert _link(intents, "sgg-bappeda").devices == ("r-bappeda", "hub-sgg")


def test_both_ends_say_the_same_of_one_link(intents: tuple[LinkIntent, ...]) -> None:
    for intent in intents:
        far, near = intent.ends
        assert far.mtu == near.mtu
        assert far.routing == near.routing
        assert (far.peer, near.peer) == ((near.address or "").partition("/")[0], (far.address or "").partition("/")[0])
        assert far.peer_end == (near.device, near.interface)
        assert near.peer_end == (far.device, far.interface)


def test_only_the_core_gives_the_way_out(intents: tuple[LinkIntent, ...]) -> None:
    bases = {end.device: end.base for intent in intents for end in intent.ends}
    assert [device for device, base in bases.items() if base and base.way_out] == ["core"]


def test_an_office_announces_its_own_network(intents: tuple[LinkIntent, ...]) -> None:
    base = _link(intents, "sgg-bappeda").far.base
    assert base is not None
    assert base.passive == (LOOPBACK, "lan0")


def test_no_secret_is_in_an_intent(intents: tuple[LinkIntent, ...]) -> None:
    routing = intents[0].near.routing
    assert routing is not None
    assert routing.authentication is not None
    assert routing.authentication.reference.startswith(("env:", "file:"))


@pytest.mark.parametrize(
    ("name", "some"),
    [
        ("sgg-bappeda", "sgg-bappeda"),
        ("bappeda", "sgg-bappeda"),
        ("r-bappeda", "sgg-bappeda"),
        ("sgg", "core-sgg"),
        ("hub-sgg", "core-sgg"),
        ("hub", "core-brs"),
        ("office", "sow-setda"),
        ("frr", "border-domestic"),
        ("linux", "border-domestic"),
    ],
)
def test_a_name_means_what_a_person_would_take_it_for(
    regency: Regency, intents: tuple[LinkIntent, ...], name: str, some: str
) -> None:
    assert some in {intent.key for intent in choose(regency, intents, [name])}


def test_names_add_up_and_none_means_all(regency: Regency, intents: tuple[LinkIntent, ...]) -> None:
    assert [intent.key for intent in choose(regency, intents, ["bappeda", "core-sgg"])] == ["core-sgg", "sgg-bappeda"]
    assert choose(regency, intents, []) == intents


def test_a_name_that_means_nothing_is_told_with_what_is_near(regency: Regency, intents: tuple[LinkIntent, ...]) -> None:
    with pytest.raises(NotFound) as found:
        choose(regency, intents, ["bapeda"])
    assert "bappeda" in str(found.value.fields["nearest"])


@pytest.mark.parametrize(
    ("step", "least", "most", "asked", "given"),
    [(1, 1, 100, 37, 37), (60, 60, 7200, 1, 60), (60, 60, 7200, 61, 120), (60, 60, 120, 500, 120)],
)
def test_a_timer_is_never_shorter_than_asked_unless_it_cannot_be_longer(
    step: int, least: int, most: int, asked: int, given: int
) -> None:
    assert Timer(step=step, least=least, most=most).at_least(asked) == given


def test_whoever_cannot_go_back_by_himself_is_known() -> None:
    assert {name for name, known in CAPABILITIES.items() if known.timer is None} == {"mikrotik_routeros", "huawei_vrp"}

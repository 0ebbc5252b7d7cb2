"""When a second person is asked, and what they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from inventory.policy import Approval, Window
from inventory.units import Bandwidth
from network.core.admission.admit import Verdict, admit
from network.core.reason import Reason
from network.messages import text
from tests.unit.core.test_admission import HORIZON, Request
from tests.unit.core.test_offers import boost
from tests.unit.core.worlds import NOW, World, window

CLASSES = {"plain": {"share": 10}, "safe": {"share": 10, "protected": True}}
WORLD = World(
    uplinks={"main": 20_000}, default=0, floor=1_000, classes=CLASSES, offices=((1, "plain", 10**6), (1, "safe", 10**6))
)


def judged(request: Request, approval: dict[str, Any], world: World = WORLD, **more: Any) -> Verdict:
    regency = world.regency()
    policy = regency.policy.model_copy(update={"approval": Approval.model_validate(approval)})
    return admit(regency.model_copy(update={"policy": policy}), request, more.get("booked", ()), NOW, HORIZON)


def needs(request: Request, approval: dict[str, Any], world: World = WORLD, **more: Any) -> dict[str, Reason]:
    found = judged(request, approval, world, **more)
    assert found.fits, found.told(world.regency().zone)
    for need in found.needs:
        assert text(need.code, "id", need.fields)
        assert text(need.code, "en", need.fields)
    return {need.code: need for need in found.needs}


def test_an_ordinary_request_needs_nobody() -> None:
    assert needs(boost(3_000, offices=("office2",)), {}) == {}


@pytest.mark.parametrize("asked", [True, False])
def test_an_emergency_asks_for_a_second_person_where_policy_says_so(asked: bool) -> None:
    found = needs(boost(3_000, offices=("office2",), emergency=True), {"emergency": asked})
    assert set(found) == ({"approval.emergency"} if asked else set())


def test_only_an_emergency_takes_from_a_protected_office_and_then_it_is_named() -> None:
    calm = judged(boost(3_000), {"emergency": False})
    assert [short.cause.code for short in calm.shortfalls] == ["boost.does_not_fit"]
    found = needs(boost(3_000, emergency=True), {"emergency": False})
    assert set(found) == {"approval.protected"}
    fields = found["approval.protected"].fields
    assert (fields["office"], fields["shaper"], fields["base"], fields["guarantee"]) == (
        "office2", "main/down", Bandwidth(10_000_000), Bandwidth(7_000_000),
    )  # fmt: skip
    assert needs(boost(3_000, emergency=True), {"emergency": False, "protected": False}) == {}


def test_an_emergency_that_takes_from_nobody_protected_is_no_matter_of_protection() -> None:
    assert needs(boost(3_000, offices=("office2",), emergency=True), {"emergency": False}) == {}


def test_protection_that_another_emergency_lowers_already_is_not_its_doing() -> None:
    earlier = boost(3_000, emergency=True, id="earlier", created=NOW - timedelta(minutes=1))
    found = needs(boost(1_000, uplink="main", emergency=True), {"emergency": False}, booked=[earlier])
    assert found["approval.protected"].fields["guarantee"] == Bandwidth(6_000_000), "both together"


@pytest.mark.parametrize(("above", "asked"), [(64, True), (65, False), (100, False), (0, True)])
def test_above_a_share_of_the_uplink_a_second_person_is_asked(above: int, asked: bool) -> None:
    """Office 1 has 10 of 20 Mbit/s and comes to 13: 65 percent, which is not above 65."""
    world = replace(WORLD, offices=((1, "plain", 10**6), (1, "plain", 10**6)))
    found = needs(boost(3_000), {"above": above}, world)
    assert set(found) == ({"approval.above"} if asked else set())
    if asked:
        fields = found["approval.above"].fields
        assert (fields["offices"], fields["guarantee"], fields["percent"]) == ("office1", Bandwidth(13_000_000), 65)


def test_all_offices_that_a_boost_raises_count_together() -> None:
    world = replace(WORLD, offices=tuple((1, "plain", 10**6) for _ in range(4)))
    found = needs(boost(1_000, offices=("office1", "office2")), {"above": 59}, world)
    assert found["approval.above"].fields["offices"] == "office1, office2"
    assert needs(boost(1_000, offices=("office1", "office2")), {"above": 60}, world) == {}


def test_a_window_that_raises_offices_above_a_share_asks_too() -> None:
    world = replace(WORLD, classes={"plain": {"share": 10}, "safe": {"share": 10}})
    asked = Window.model_validate(window("asked", offices={"office1": {"share": 90}}))
    assert set(needs(asked, {"above": 80}, world)) == {"approval.above"}
    assert needs(asked, {"above": 95}, world) == {}


def test_what_a_refused_request_would_need_is_not_asked() -> None:
    found = judged(boost(30_000, emergency=True), {"emergency": True, "above": 1})
    assert not found.fits
    assert found.needs == ()

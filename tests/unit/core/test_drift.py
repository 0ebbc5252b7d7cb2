"""Drift: every difference between wish and device, once, in words that lead to it; and none where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, reject, settings

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from inventory.units import Direction
from network.core.allocate import Allocation
from network.core.drift import Figure, Finding, link_drift, queue_drift
from network.core.links.difference import Line
from network.core.links.intent import intend
from network.core.links.plan import EndPlan
from network.core.observed import ArmedTimer, DeviceState, Rule, ShaperState
from network.core.plan import make_plan
from network.core.tree import ROOT, ShaperId, leaf
from network.errors import Refused
from network.messages import text
from tests.unit.core.worlds import World, allocations, standing, wished, worlds

DOWN = ShaperId(1, "main", Direction.DOWN)


def drift(regency: Regency, states: Mapping[str, DeviceState], wish: Mapping[ShaperId, Allocation]) -> list[Finding]:
    found = list(queue_drift(regency, make_plan(states, wished(dict(wish))), states, wish))
    for each in found:
        assert text(each.what, "id") != text(each.what, "en")
    return found


def changed(states: Mapping[str, DeviceState], shaper: ShaperId, **more: object) -> Mapping[str, DeviceState]:
    """The same devices, with something of one shaper replaced."""
    (name, state), *_ = [(name, state) for name, state in states.items() if shaper in state.shapers]
    shapers = {**state.shapers, shaper: replace(state.shapers[shaper], **more)}  # type: ignore[arg-type]
    return {**states, name: replace(state, shapers=shapers)}


@pytest.fixture
def world() -> World:
    return World(uplinks={"main": 100_000}, hubs=(50_000,))


def test_a_queue_that_differs_is_one_finding_with_what_differs(world: World) -> None:
    wish = allocations(world)
    queues = dict(wish[DOWN].queues)
    queues[leaf(2)] = replace(queues[leaf(2)], guarantee=1_000_000, priority=7)
    (found,) = drift(world.regency(), changed(standing(wish).states(), DOWN, queues=queues), wish)
    assert (found.device, found.what, found.place, found.mend) == ("core", "drift.queue", "main/down office2", "lajur apply")
    right = wish[DOWN].queues[leaf(2)]
    assert found.figures == (
        Figure(name="guarantee", wanted=right.guarantee, found=1_000_000),
        Figure(name="priority", wanted=3, found=7),
    )
    assert (found.wanted, found.found) == ("", ""), "words are made where they are read"


def test_a_queue_that_hangs_elsewhere_is_told_by_the_names_of_the_truth(world: World) -> None:
    wish = allocations(world)
    queues = dict(wish[DOWN].queues)
    queues[leaf(2)] = replace(queues[leaf(2)], parent=ROOT)
    found = drift(world.regency(), changed(standing(wish).states(), DOWN, queues=queues), wish)
    parents = [figure for each in found for figure in each.figures if figure.name == "parent"]
    assert [(figure.wanted, figure.found) for figure in parents] == [("hub1", "uplink")]


def test_what_is_gone_and_what_is_too_much(world: World) -> None:
    wish = allocations(world)
    queues = dict(wish[DOWN].queues)
    queues[leaf(9)] = replace(queues.pop(leaf(2)), node=leaf(9))
    found = drift(world.regency(), changed(standing(wish).states(), DOWN, queues=queues), wish)
    told = {each.what: each for each in found}
    assert told["drift.queue_absent"].place == "main/down office2"
    assert told["drift.queue_extra"].place == "main/down #9"
    for code, side in (("drift.queue_absent", "found"), ("drift.queue_extra", "wanted")):
        assert [figure.name for figure in told[code].figures] == ["guarantee", "ceiling"]
        assert {getattr(figure, side) for figure in told[code].figures} == {None}


def test_a_shaper_that_is_not_there_is_one_finding(world: World) -> None:
    wish = allocations(world)
    found = drift(world.regency(), {"core": DeviceState(shapers={})}, wish)
    assert {figure.wanted for each in found for figure in each.figures} == {len(wish[DOWN].queues)}
    assert [(each.what, each.place) for each in found] == [
        ("drift.shaper_absent", "main/down"),
        ("drift.shaper_absent", "main/up"),
    ]


def test_rules_strangers_and_a_run_that_holds_the_device(world: World) -> None:
    wish = allocations(world)
    states = changed(standing(wish).states(), DOWN, rules=frozenset[Rule](), foreign=("class htb 1:10",))
    states = {name: replace(state, armed=ArmedTimer("run-1", 9)) for name, state in states.items()}
    found = drift(world.regency(), states, wish)
    assert [each.what for each in found] == ["drift.rules", "drift.foreign", "drift.armed"]
    assert [each.mend for each in found] == ["lajur apply", "", "lajur recover"]


@given(worlds())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_a_device_that_holds_the_wish_never_drifts(world: World) -> None:
    try:
        wish = allocations(world)
    except Refused:  # such a world has no wish to drift from
        reject()
    states = standing(wish).states()
    for _ in range(3):
        assert drift(world.regency(), states, wish) == []
    rounded = {
        name: replace(
            state,
            shapers={
                shaper: ShaperState(
                    queues={node: replace(queue, burst=queue.burst - queue.burst // 60) for node, queue in shown.queues.items()},
                    rules=shown.rules,
                )
                for shaper, shown in state.shapers.items()
            },
        )
        for name, state in states.items()
    }
    assert drift(world.regency(), rounded, wish) == [], "a burst as the kernel rounds it is no difference"


def test_the_root_and_hubs_have_names(world: World) -> None:
    wish = allocations(world)
    queues = {node: replace(queue, ceiling=queue.ceiling // 2) for node, queue in wish[DOWN].queues.items()}
    places = {each.place for each in drift(world.regency(), changed(standing(wish).states(), DOWN, queues=queues), wish)}
    assert {f"main/down {ROOT.kind.value}", "main/down hub1", "main/down office1"} <= places


def line(sign: str, said: str, section: str = "interface wan0") -> Line:
    return Line(sign=sign, section=section, section_shape=section, text=said, shape=said)


def end(*lines: Line) -> EndPlan:
    intent = intend(load_regency(SHIPPED / "tolikara"))[-1].far
    return EndPlan(intent=intent, candidate="x", lines=lines, digest="d")


def test_a_line_with_another_value_is_one_finding() -> None:
    plan = end(
        line("-", " ip ospf cost 50"),
        line("+", " ip ospf cost 10"),
        line("-", " description Telkom 12"),
        line("+", " description lajur krb-rsud: hub o9"),
        line("-", " ip ospf hello-interval 3"),
        line("+", " mtu 1400"),
    )
    found = list(link_drift(plan))
    assert [(each.what, each.found, each.wanted) for each in found] == [
        ("drift.link", "ip ospf cost 50", "ip ospf cost 10"),
        ("drift.link", "description Telkom 12", "description lajur krb-rsud: hub o9"),
        ("drift.link_absent", "", "mtu 1400"),
        ("drift.link_extra", "ip ospf hello-interval 3", ""),
    ]
    for each in found:
        assert each.mend == f"lajur link apply {plan.intent.link}"
        assert each.place == f"{plan.intent.link}: interface wan0"


def test_lines_of_two_sections_are_never_taken_for_one_another() -> None:
    plan = end(line("-", " ip ospf area 0", "interface lo"), line("+", " ip ospf area 1"))
    assert [each.what for each in link_drift(plan)] == ["drift.link_absent", "drift.link_extra"]


def test_an_area_is_one_statement_whichever_address_it_is_said_for() -> None:
    plan = end(line("-", " ip ospf area 0 10.9.8.1"), line("+", " ip ospf area 1 100.66.0.5"))
    assert [each.what for each in link_drift(plan)] == ["drift.link"]


def test_an_end_that_nobody_configured_is_told_once() -> None:
    lines = [line("+", f" ip ospf thing-{number}") for number in range(6)]
    (found,) = link_drift(end(line("+", " ip address 100.66.0.5/31"), *lines))
    assert (found.what, found.wanted) == ("drift.end_absent", "ip address 100.66.0.5/31")


def test_an_end_that_is_as_it_should_be_says_nothing() -> None:
    assert list(link_drift(end())) == []

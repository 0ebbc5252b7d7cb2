"""Ceilings that follow demand: never out of their bounds, never restless, and always on their way back to the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory import views
from inventory.load import load_regency
from inventory.policy import Demand
from inventory.units import Direction
from network.core.allocate import allocate
from network.core.demand import HOUR, Advice, DemandState, Place, Seen, advise, capped
from network.core.intent import intend
from network.core.sharing import LINUX_TC
from network.core.tree import DEFAULT, ROOT, ShaperId, leaf
from tests.unit.core.test_reporting import NOW

UPLINK = ShaperId(1, "domestic", Direction.DOWN)
GUARANTEE, PLANNED = 2_000_000, 100_000_000
RULES = Demand(mode="on")


def seen(rate: int | None, *, waiting: bool = False, guarantee: int = GUARANTEE, device: str = "core") -> Seen:
    return Seen(device=device, rate=rate, waiting=waiting, guarantee=guarantee, planned=PLANNED)


class Loop:
    """One loop with its clock; every poll is half a minute."""

    def __init__(self, rules: Demand = RULES) -> None:
        self.rules, self.state, self.at = rules, DemandState(), 0.0
        self.advice = Advice(mode=rules.mode)

    def poll(self, given_: Mapping[Place, Seen]) -> Advice:
        self.state, self.advice = advise(self.rules, self.state, given_, self.at)
        self.at += self.rules.poll_seconds
        return self.advice

    def of(self, number: int = 1) -> int | None:
        return self.advice.ceilings.get(UPLINK, {}).get(leaf(number))

    def polls(self, count: int, each: Seen) -> int | None:
        for _ in range(count):
            self.poll({Place(UPLINK, leaf(1)): each})
        return self.of()


def test_a_ceiling_is_lowered_after_quiet_polls_to_what_was_seen_and_room() -> None:
    loop = Loop()
    assert loop.polls(RULES.quiet_polls - 1, seen(10_000_000)) is None
    assert loop.polls(1, seen(10_000_000)) == 15_000_000


def test_it_is_never_below_the_guarantee() -> None:
    assert Loop().polls(RULES.quiet_polls, seen(100_000)) == GUARANTEE


def test_an_idle_leaf_proves_nothing() -> None:
    loop = Loop()
    assert loop.polls(100, seen(GUARANTEE * 2 // 100 - 1)) is None
    assert loop.polls(100, seen(0)) is None


@pytest.mark.parametrize("at_the_ceiling", [seen(15_000_000 * 95 // 100), seen(20_000_000), seen(9_000_000, waiting=True)])
def test_what_is_seen_at_a_ceiling_is_not_all_so_it_goes_back_to_the_plans_at_once(at_the_ceiling: Seen) -> None:
    loop = Loop()
    assert loop.polls(RULES.quiet_polls, seen(10_000_000)) == 15_000_000
    assert loop.polls(1, at_the_ceiling) is None


def test_more_demand_raises_at_once_and_less_lowers_only_after_a_hold() -> None:
    loop = Loop()
    loop.polls(RULES.quiet_polls, seen(10_000_000))
    raised = loop.polls(1, seen(14_000_000))
    assert raised == LINUX_TC.ceil(int((10_000_000 + 4_000_000 * 0.7) * 1.5))
    held = int(RULES.hold_minutes * 60 / RULES.poll_seconds) - 1
    assert loop.polls(held, seen(4_000_000)) == raised
    lowered = loop.polls(1, seen(4_000_000))
    assert lowered is not None
    assert lowered < raised


def test_a_difference_within_the_dead_band_changes_nothing() -> None:
    loop = Loop()
    lowered = loop.polls(RULES.quiet_polls, seen(10_000_000))
    for rate in (10_500_000, 9_500_000, 10_900_000, 9_100_000):
        assert loop.polls(20, seen(rate)) == lowered


def test_the_estimate_falls_slowly() -> None:
    """Ten quiet seconds in an hour of work are no reason to take the ceiling away."""
    loop = Loop()
    loop.polls(RULES.quiet_polls, seen(10_000_000))
    loop.polls(20, seen(10_000_000))
    assert loop.polls(1, seen(1_000_000)) == 15_000_000


def test_a_promise_that_changed_begins_anew() -> None:
    loop = Loop()
    assert loop.polls(RULES.quiet_polls, seen(10_000_000)) == 15_000_000
    assert loop.polls(1, seen(10_000_000, guarantee=GUARANTEE * 2)) is None


def test_three_polls_without_a_word_bring_everything_back() -> None:
    loop = Loop()
    loop.polls(RULES.quiet_polls, seen(10_000_000))
    assert loop.polls(3, seen(None)) == 15_000_000
    assert loop.polls(1, seen(None)) is None
    assert loop.advice.stale == ("core",)
    assert loop.polls(1, seen(10_000_000)) is None
    assert not loop.advice.stale


def test_a_device_that_is_silent_from_the_start_is_stale_too() -> None:
    loop = Loop()
    loop.polls(5, seen(None))
    assert loop.advice.stale == ("core",)


def test_the_budget_of_an_hour_puts_the_rest_off_and_keeps_half_for_raising() -> None:
    rules = Demand(mode="on", changes_per_hour=4)
    loop = Loop(rules)
    places = [Place(UPLINK, leaf(number)) for number in range(1, 7)]
    for _ in range(rules.quiet_polls):
        loop.poll({place: seen(10_000_000) for place in places})
    assert len(loop.advice.ceilings[UPLINK]) == 2
    assert loop.advice.waiting == 4
    while loop.at < HOUR:
        loop.poll({place: seen(10_000_000) for place in places})
    assert len(loop.advice.ceilings[UPLINK]) == 2
    loop.poll({place: seen(10_000_000, waiting=True) for place in places})
    assert UPLINK not in loop.advice.ceilings


RATES = st.one_of(st.none(), st.integers(0, PLANNED))
POLL = st.tuples(
    st.lists(st.tuples(RATES, st.booleans()), min_size=4, max_size=4),
    st.sampled_from([GUARANTEE, GUARANTEE, GUARANTEE, 3 * GUARANTEE]),
)
RULE = st.builds(
    Demand,
    mode=st.just("on"),
    poll_seconds=st.integers(30, 60),
    quiet_polls=st.integers(3, 5),
    hold_minutes=st.integers(5, 8),
    dead_band=st.integers(10, 30),
    room=st.integers(20, 100),
    changes_per_hour=st.integers(2, 8),
)


def moved(polls: list[tuple[list[tuple[int | None, bool]], int]]) -> Iterator[dict[Place, Seen]]:
    """Four leaves, two on each of two devices, every poll three times: what lasts is what moves a ceiling."""
    for leaves, guarantee in polls:
        for _ in range(3):
            yield {
                Place(UPLINK, leaf(at)): seen(rate, waiting=waits, guarantee=guarantee, device=f"core{at % 2}")
                for at, (rate, waits) in enumerate(leaves, start=1)
            }


@settings(max_examples=150, deadline=None)
@given(RULE, st.lists(POLL, min_size=1, max_size=40))
def test_whatever_is_seen_ceilings_stay_in_bounds_and_changes_within_the_budget(
    rules: Demand, polls: list[tuple[list[tuple[int | None, bool]], int]]
) -> None:
    loop = Loop(rules)
    before: dict[int, int] = {}
    moves: dict[str, list[float]] = {"core0": [], "core1": []}
    last: dict[int, float] = {}
    guarantee = None
    for given_ in moved(polls):
        at = loop.at
        loop.poll(given_)
        now = {number: loop.of(number) or PLANNED for number in range(1, 5)}
        for place, each in given_.items():
            number = place.node.id
            assert each.guarantee <= now[number] <= PLANNED
            assert now[number] == LINUX_TC.ceil(now[number])
            anew = guarantee not in (None, each.guarantee) or each.device in loop.advice.stale
            old = before.get(number, PLANNED)
            if anew:
                assert now[number] == PLANNED
            elif now[number] != old:
                moves[each.device].append(at)
                if now[number] < old:
                    assert at - last.get(number, -HOUR) >= rules.hold_minutes * 60
            if now[number] != old:
                last[number] = at
            recent = [moment for moment in moves[each.device] if at - moment < HOUR]
            assert len(recent) <= rules.changes_per_hour
        before, guarantee = now, next(iter(given_.values())).guarantee


@settings(max_examples=60, deadline=None)
@given(RULE, st.lists(POLL, min_size=1, max_size=20), st.booleans())
def test_it_always_comes_back_to_the_plan(
    rules: Demand, polls: list[tuple[list[tuple[int | None, bool]], int]], silent: bool
) -> None:
    loop = Loop(rules)
    for given_ in moved(polls):
        loop.poll(given_)
    places = [Place(UPLINK, leaf(number)) for number in range(1, 5)]
    enough = 5 if silent else int(HOUR / rules.poll_seconds) + 2
    for _ in range(enough):
        loop.poll({place: seen(None if silent else PLANNED, device=f"core{place.node.id % 2}") for place in places})
    assert loop.advice.ceilings == {}


def test_allocations_are_capped_between_guarantee_and_plan_and_in_nothing_else() -> None:
    regency = views.small_copy(load_regency(Path(__file__).parents[3] / "inventory" / "regencies" / "manokwari"), 6)
    plan = allocate(regency, intend(regency, NOW))
    shaper = next(iter(plan))
    one, two, three = (leaf(office.id) for office in regency.offices[:3])
    wished = {one: 1, two: 10**12, three: plan[shaper].queues[three].guarantee + 8000, ROOT: 1, DEFAULT: 1, leaf(4000): 1}
    after = capped(plan, {shaper: wished})
    assert {other: each for other, each in after.items() if other != shaper} == {
        other: each for other, each in plan.items() if other != shaper
    }
    queues, old = after[shaper].queues, plan[shaper].queues
    assert queues[one].ceiling == old[one].guarantee
    assert queues[two] == old[two]
    assert queues[three].ceiling == old[three].guarantee + 8000
    assert queues[ROOT] == old[ROOT]
    assert queues[DEFAULT] == old[DEFAULT]
    assert list(queues) == list(old)
    assert {node for node in old if queues[node] != old[node]} == {one, three}
    assert all(queues[node].guarantee == old[node].guarantee for node in old)

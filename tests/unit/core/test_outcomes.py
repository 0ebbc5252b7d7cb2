"""Many sets at once give, to the bit, what the allocator gives one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import product
from typing import TypeVar

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from inventory.model import Rates
from inventory.regency import Regency
from inventory.units import Bandwidth
from network.core.admission.outcomes import Ground, Sets
from network.core.allocate import Allocation, allocate
from network.core.intent import Boost, intend
from network.core.sharing import LINUX_TC
from network.core.tree import ROOT, ShaperId
from network.errors import Refused
from tests.unit.core.worlds import NOW, World, window, worlds

T = TypeVar("T")

RANDOM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=80)


@st.composite
def boosts(draw: st.DrawFn, world: World) -> tuple[Boost, ...]:
    """Up to three, oldest first, some of them emergencies."""
    found = []
    for number in range(draw(st.integers(0, 3))):
        offices = draw(st.sets(st.sampled_from([f"office{n}" for n, _ in enumerate(world.offices, 1)]), min_size=1))
        kilobits = st.one_of(st.just(0), st.integers(1, 3_000))
        found.append(
            Boost(
                id=f"b{number}",
                offices=tuple(sorted(offices)),
                uplink=draw(st.sampled_from([None, *world.uplinks])),
                amount=Rates(down=Bandwidth(draw(kilobits) * 1000), up=Bandwidth(draw(kilobits) * 1000)),
                reason="r",
                created=NOW - timedelta(minutes=9 - number),
                starts=NOW,
                expires=NOW + timedelta(hours=1),
                actor="a",
                emergency=draw(st.booleans()),
            )
        )
    return tuple(found)


def all_sets(regency: Regency, booked: tuple[Boost, ...]) -> Sets:
    windows = sorted(regency.windows, key=lambda each: (each.precedence, each.key))
    rows = np.array(list(product((False, True), repeat=len(windows) + len(booked))), dtype=np.bool_)
    return Sets(windows=windows, boosts=booked, window=rows[:, : len(windows)], boost=rows[:, len(windows) :])


def agree(regency: Regency, sets: Sets) -> None:
    """Both say the same of every set: the same guarantees, or the same refusal."""
    found = _or_refused(lambda: Ground(regency).given(sets))
    if isinstance(found, Refused):
        assert found.code == "allocate.no_room"
        return
    for row in range(len(sets.window)):
        on = frozenset(each.key for each, acts in zip(sets.windows, sets.window[row], strict=True) if acts)
        held = [each for each, acts in zip(sets.boosts, sets.boost[row], strict=True) if acts]
        told = [each.cause(row) for each in found.values() if row in each.lacks]
        allocations = _or_refused(partial(_allocated, regency, held, on))
        if isinstance(allocations, Refused):
            event(allocations.code)
            assert (told[0].code, told[0].fields) == (allocations.code, allocations.fields)
            continue
        assert not told
        for shaper, allocation in allocations.items():
            _same(regency, found[shaper].total[row].tolist(), [allocation.guarantee(key) for key in _keys(regency)])
            slack = [
                sum(LINUX_TC.steps.at(allocation.queues[node].guarantee) for node in allocation.leaves[key])
                for key in _keys(regency)
            ]
            assert found[shaper].slack[row].tolist() == slack


def _or_refused(work: Callable[[], T]) -> T | Refused:
    try:
        return work()
    except Refused as refused:
        return refused


def _allocated(regency: Regency, held: Sequence[Boost], on: frozenset[str]) -> Mapping[ShaperId, Allocation]:
    return allocate(regency, intend(regency, NOW, held, windows=on))


def _same(regency: Regency, one: list[int], other: list[int]) -> None:
    assert dict(zip(_keys(regency), one, strict=True)) == dict(zip(_keys(regency), other, strict=True))


def _keys(regency: Regency) -> list[str]:
    return [office.key for office in sorted(regency.offices, key=lambda each: each.id)]


@RANDOM
@given(st.data())
def test_every_set_gives_what_the_allocator_gives(data: st.DataObject) -> None:
    world = data.draw(worlds())
    agree(world.regency(), all_sets(world.regency(), data.draw(boosts(world))))


def test_what_was_solved_before_changes_nothing() -> None:
    """A second question about the same ground, with a boost of the same name that asks for more."""
    world = World(windows=[window("w", classes={"plain": {"share": 30}}), window("v", offices={"office1": {"share": 3}})])
    regency = world.regency()
    small = Boost(
        id="b", offices=("office1",), uplink=None, amount=Rates(down=Bandwidth(10**6), up=Bandwidth(0)), reason="r",
        created=NOW, starts=NOW, expires=NOW + timedelta(hours=1), actor="a",
    )  # fmt: skip
    large = replace(small, amount=Rates(down=Bandwidth(5 * 10**6), up=Bandwidth(0)))
    ground = Ground(regency)
    ground.given(all_sets(regency, (small,)))
    for booked in (small, large):
        sets = all_sets(regency, (booked,))
        again, fresh = ground.given(sets), Ground(regency).given(sets)
        assert all((again[shaper].total == fresh[shaper].total).all() for shaper in fresh)


def test_more_sets_than_one_solution_holds() -> None:
    """The largest rates there are: few trees fit beside each other, and still every one is solved."""
    world = World(uplinks={"main": 3 * 10**9}, hubs=(9 * 10**9,), offices=((1, "plain", 9 * 10**9), (1, "plain", 9 * 10**9)))
    many = [window(f"w{number}", precedence=number, offices={"office1": {"share": number + 2}}) for number in range(6)]
    regency = replace(world, windows=many).regency()
    shaper = ShaperId(1, "main", next(iter(Ground(regency).usual)).direction)
    assert Ground(regency).usual[shaper].pool.tree.inner[ROOT].ceiling == 3 * 10**12
    agree(regency, all_sets(regency, ()))

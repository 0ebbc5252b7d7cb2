"""The demo's verdict: on figures as the law gives them every promise is kept, and each that is not is told by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.load import load_regency
from inventory.regency import Regency
from network.bench import demo
from network.bench.demo_report import DemoReport
from network.bench.scene import quiet, story
from network.bench.story import Act, Cast, Story, cast
from network.core.allocate import Allocation, allocate, predict
from network.core.intent import intend
from network.core.tree import NodeId, leaf

GREEDY = 10**9


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(Path(__file__).parents[3] / "inventory" / "regencies" / "manokwari")


@pytest.fixture(scope="module")
def told(regency: Regency) -> Story:
    moments = {
        "before": quiet(regency),
        "during": story(regency).start + timedelta(seconds=1),
        "after": story(regency).end + timedelta(seconds=1),
    }
    found = {name: allocate(regency, intend(regency, moment)) for name, moment in moments.items()}
    who = cast(regency, found["before"])
    acts = tuple(_act(regency, who, name, allocations[who.shaper]) for name, allocations in found.items())
    return Story(cast=who, acts=acts, points=(), marks=())


def _act(regency: Regency, who: Cast, name: str, allocation: Allocation) -> Act:
    demand = {node: GREEDY for office in regency.offices for node in who.asked(office)}
    law = predict(allocation, demand)
    rates = {node: law[node] for node in allocation.queues if node in law}
    return Act(name=name, allocation=allocation, rates=rates, enforced=0.2, commands=1, rtt=0.05, loss=0.0, remade=0)


def broken(report: DemoReport) -> set[str]:
    return {promise.code.removeprefix("bench.promise.") for promise in report.promises if not promise.kept}


def test_the_law_keeps_every_promise(told: Story, regency: Regency) -> None:
    report = demo._report(told, regency)
    assert broken(report) == set()
    assert report.kept
    for line in report.offices:
        for act in ("before", "during", "after"):
            assert line.measured[act] >= line.guarantee[act] > 0


def test_what_nobody_asked_for_is_told_apart(told: Story, regency: Regency) -> None:
    report = demo._report(told, regency)
    planning = next(line for line in report.offices if line.office == told.cast.planning.key)
    assert planning.guarantee["before"] == told.acts[0].allocation.guarantee(planning.office)
    for act in told.acts:
        sure = sum(line.guarantee[act.name] for line in report.offices)
        assert sure + report.lent[act.name] == sum(act.allocation.guarantee(office.key) for office in regency.offices)


def _with(told: Story, number: int, change: Callable[[Act], Act]) -> Story:
    acts = list(told.acts)
    acts[number] = change(acts[number])
    return replace(told, acts=tuple(acts))


def _less(node: NodeId) -> Callable[[Act], Act]:
    return lambda act: replace(act, rates={**act.rates, node: int(0.97 * act.allocation.queues[node].guarantee)})


@pytest.mark.parametrize(("number", "act"), [(0, "before"), (1, "during"), (2, "after")])
def test_an_office_below_its_guarantee_breaks_the_promise_of_that_act(
    told: Story, regency: Regency, number: int, act: str
) -> None:
    office = next(office for office in regency.offices if office.service_class == "back_office")
    report = demo._report(_with(told, number, _less(leaf(office.id))), regency)
    assert broken(report) == {f"floor_{act}"}
    assert not report.kept
    promise = next(promise for promise in report.promises if not promise.kept)
    assert promise.fields["office"] == office.key


def test_each_other_promise_can_be_broken(told: Story, regency: Regency) -> None:
    reserved = told.cast.asked(told.cast.planning)[-1]
    licensing = leaf(told.cast.licensing.id)
    cases: dict[frozenset[str], Story] = {
        frozenset({"rtt"}): _with(told, 1, lambda act: replace(act, rtt=0.081)),
        frozenset({"hitless"}): _with(told, 2, lambda act: replace(act, remade=1)),
        frozenset({"planning"}): _with(told, 1, _less(reserved)),
        # What it does not get here nobody else gets either.
        frozenset({"floor_during", "licensing", "used"}): _with(told, 1, _less(licensing)),
        frozenset({"back"}): _with(
            told, 2, lambda act: replace(act, allocation=told.acts[1].allocation, rates=told.acts[1].rates)
        ),
    }
    for codes, changed in cases.items():
        assert broken(demo._report(changed, regency)) == codes


def test_no_answer_to_the_probe_is_a_broken_promise(told: Story, regency: Regency) -> None:
    assert broken(demo._report(_with(told, 0, lambda act: replace(act, rtt=None, loss=1.0)), regency)) == {"rtt"}


def test_an_idle_uplink_breaks_the_promise_of_full_use(told: Story, regency: Regency) -> None:
    def idle(act: Act) -> Act:
        rates = {node: act.allocation.queues[node].guarantee if node.is_leaf else rate for node, rate in act.rates.items()}
        asked = {node for office in regency.offices for node in told.cast.asked(office)}
        return replace(act, rates={node: rate if node in asked else 0 for node, rate in rates.items()})

    assert broken(demo._report(_with(told, 1, idle), regency)) == {"used"}

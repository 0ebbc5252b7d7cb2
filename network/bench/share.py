"""Whether the kernel shares as the brain said: rates against allocation, a binding hub, a favoured office, round trips."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from statistics import median
from typing import Final

from inventory.model import Office
from inventory.regency import Regency
from inventory.units import Direction
from network import labs
from network.bench.rows import Row, median_row
from network.bench.scene import SETTLE, Scene, floods, measured, quiet, story
from network.core.allocate import Allocation, predict
from network.core.tree import NodeId, ShaperId, leaf
from network.core.tree import hub as hub_node
from network.services import observe
from network.services.hands import Hands

RUNS: Final = 5
LARGE: Final = 2_000_000
"""Bit/s from which an office counts as large: eight seconds measure it to a percent, and its queue drains quickly."""

PLENTY: Final = 10**9
"""Bit/s that a greedy office wants: more than any link of a lab."""

Report = Callable[[Row], None]


def measure(scene: Scene, report: Report) -> None:
    """Rows `share.*`, one direction and uplink at a time: floods of everything at once would measure the processor."""
    with scene.hands() as hands:
        scene.clock.set(quiet(scene.regency))
        allocations = scene.apply(hands, "bench").preview.allocations
        for allocation in allocations.values():
            _greedy(scene, hands, allocation, report)
        _predicted(scene, hands, report)
        _favoured(scene, hands, report)
        _round_trips(scene, hands, report)
        _dropped(scene, hands, report)


def _greedy(scene: Scene, hands: Hands, allocation: Allocation, report: Report) -> None:
    """Every office floods: each is to get what the law says, and the uplink is to be full."""
    shaper = allocation.shaper
    flows = floods(scene.regency, shaper.uplink, shaper.direction)
    law = predict(allocation, {leaf(office.id): PLENTY for office in scene.regency.offices})
    leaves = [leaf(office.id) for office in scene.regency.offices]
    small = any(law[node] < LARGE for node in leaves)
    seconds = 30.0 if small else 8.0
    errors: dict[bool, list[float]] = {True: [], False: []}
    used: list[float] = []
    with scene.flood(flows, RUNS * (seconds + 1) + SETTLE + 20):
        time.sleep(SETTLE)
        for _ in range(RUNS):
            rates = measured(hands, shaper, seconds)
            for is_large in (True, False):
                own = [abs(rates[node] / law[node] - 1) * 100 for node in leaves if (law[node] >= LARGE) is is_large]
                errors[is_large].extend([max(own)] if own else [])
            used.append(100 * sum(rates.get(node, 0) for node in allocation.queues if node.is_leaf) / allocation.capacity)
    name = f"{shaper.uplink}.{shaper.direction.value}"
    if errors[True]:
        what = f"{shaper}, all greedy: worst error of an office of 2 Mbit/s and more"
        report(median_row(f"share.error_large.{name}", what, errors[True], "%", "<=", 1.0))
    if errors[False]:
        what = f"{shaper}, all greedy: worst error of a smaller office"
        report(median_row(f"share.error_small.{name}", what, errors[False], "%", "<=", 2.0))
    report(median_row(f"share.used.{name}", f"{shaper}, all greedy: part of the shaped rate used", used, "%", ">=", 99.5))


def _predicted(scene: Scene, hands: Hands, report: Report) -> None:
    """A hub whose link binds, unequal weights, two priorities, idle and half-idle offices.

    The favoured class is served first and asks for three times its guarantees, so that it takes a good part of the spare
    and leaves some.
    """
    first = favoured_office(scene.regency).service_class
    regency = _served_first(scene.regency, first)
    binding = _narrowest_busy_hub(regency)
    allocation = _down(scene.apply(hands, "bench, two priorities", regency).preview.allocations)
    wants: dict[str, int] = {}
    for number, office in enumerate(regency.offices):
        guarantee = allocation.queues[leaf(office.id)].guarantee
        # The binding hub floods; elsewhere one office floods, one is half idle and one is idle, in turn.
        turn = (PLENTY, guarantee // 2, 0)[number % 3]
        wants[office.key] = 3 * guarantee if office.service_class == first else PLENTY if office.hub == binding else turn
    misses = _measured_against_law(scene, hands, allocation, wants)
    hub = next(each for each in regency.hubs if each.key == binding)
    ceiling = allocation.queues[hub_node(hub.id)].ceiling
    inside = [leaf(office.id) for office in regency.offices if office.hub == binding]
    over = [100 * sum(rates[node] for node in inside) / ceiling for _, rates in misses]
    what = "three levels, two priorities, idle and half-idle offices: worst miss, 1 = 2 % or 50 kbit/s"
    report(median_row("share.predicted", what, [miss for miss, _ in misses], "of the bar", "<=", 1.0))
    report(median_row("share.hub", f"hub {binding}: measured part of its link's part", over, "%", "<=", 100.1))
    _borrowing(scene, hands, report)
    scene.apply(hands, "bench")


def _borrowing(scene: Scene, hands: Hands, report: Report) -> None:
    """The hardest case for TCP: the least served class is served first and floods, and takes ten times its guarantee.

    Its queues hold 50 ms of the guarantee, which is 4 ms of what it gets; at each loss TCP leaves them empty for a moment,
    and what it does not ask for goes to the others. (Senders that do not back off get the law's rates exactly.)
    """
    regency = scene.regency
    classes = regency.policy.classes
    least = min(classes, key=lambda key: (classes[key].share, classes[key].weight, key))
    allocation = _down(scene.apply(hands, "bench, least first", _served_first(regency, least)).preview.allocations)
    wants = {office.key: PLENTY if number % 3 == 0 else 0 for number, office in enumerate(regency.offices)}
    law = predict(allocation, {leaf(office.id): wants[office.key] for office in regency.offices})
    borrowers = [leaf(office.id) for office in regency.offices if office.service_class == least and law[leaf(office.id)] > LARGE]
    parts = [
        min(100 * rates[node] / law[node] for node in borrowers)
        for _, rates in _measured_against_law(scene, hands, allocation, wants)
    ]
    what = f"offices of {least} served first, one TCP flow each: part of what the law offers, ten times their guarantee"
    report(median_row("share.borrowing", what, parts, "%"))


def _measured_against_law(
    scene: Scene, hands: Hands, allocation: Allocation, wants: Mapping[str, int]
) -> list[tuple[float, dict[NodeId, int]]]:
    """The worst miss of an office, and what every node sent, in each of the runs. `wants`: bit/s by office."""
    shaper, offices = allocation.shaper, scene.regency.offices
    flows = [
        labs.Flow(office=key, uplink=shaper.uplink, direction=shaper.direction, rate=None if rate == PLENTY else rate)
        for key, rate in wants.items()
        if rate
    ]
    law = predict(allocation, {leaf(office.id): wants[office.key] for office in offices})
    found: list[tuple[float, dict[NodeId, int]]] = []
    with scene.flood(flows, RUNS * 9 + SETTLE + 20):
        time.sleep(SETTLE)
        for _ in range(RUNS):
            rates = measured(hands, shaper, 8)
            found.append((max(_miss(rates, law, office) for office in offices), rates))
    return found


def _down(allocations: Mapping[ShaperId, Allocation]) -> Allocation:
    return allocations[first_shaper(allocations)]


def _miss(rates: Mapping[NodeId, int], law: Mapping[NodeId, int], office: Office) -> float:
    expected = law[leaf(office.id)]
    return abs(rates.get(leaf(office.id), 0) - expected) / max(expected * 0.02, 50_000)


def _served_first(regency: Regency, service_class: str) -> Regency:
    """The same regency, in which one class is served the spare before the others."""
    classes = dict(regency.policy.classes)
    classes[service_class] = classes[service_class].model_copy(update={"priority": 2})
    return regency.model_copy(update={"policy": regency.policy.model_copy(update={"classes": classes})})


def _narrowest_busy_hub(regency: Regency) -> str:
    """The hub with the most guaranteed demand for its link."""
    rates = {hub.key: min(link.rate.down for link in regency.links if link.ends[1].device == hub.device) for hub in regency.hubs}
    return min(rates, key=lambda key: (rates[key] / sum(office.hub == key for office in regency.offices), key))


def _favoured(scene: Scene, hands: Hands, report: Report) -> None:
    """The window opens while everyone else floods: what its favoured office gets from two to ten seconds later."""
    regency = scene.regency
    favoured = favoured_office(regency)
    got: list[float] = []
    for _ in range(RUNS):
        scene.clock.set(quiet(regency))
        before = scene.apply(hands, "bench").preview.allocations
        shaper = first_shaper(before)
        flows = floods(regency, shaper.uplink, Direction.DOWN)
        flows += [
            labs.Flow(office=favoured.key, uplink=shaper.uplink, direction=Direction.DOWN, application=key)
            for key in reserved_applications(regency, shaper.uplink)
        ]
        with scene.flood(flows, 40):
            time.sleep(SETTLE)
            scene.clock.set(story(regency).start + timedelta(seconds=2))
            allocation = scene.apply(hands, "bench").preview.allocations[shaper]
            time.sleep(2)
            rates = measured(hands, shaper, 8)
        nodes = allocation.leaves[favoured.key]
        got.append(min(100 * rates[node] / allocation.queues[node].guarantee for node in nodes))
    what = f"{favoured.key}, all others flooding: mean of t+2 to t+10 s after the window opened, of its guarantee"
    report(median_row("share.favoured", what, got, "%", ">=", 98.0))


def favoured_office(regency: Regency) -> Office:
    """An office of the class whose share the story's window raises most."""
    window = next(each for each in regency.windows if each.key == story(regency).window)
    base = regency.policy.classes
    raised = {key: (change.share or 0) - base[key].share for key, change in window.policy.classes.items()}
    best = max(raised, key=lambda key: (raised[key], key))
    return next(office for office in regency.offices if office.service_class == best)


def reserved_applications(regency: Regency, uplink: str) -> list[str]:
    return [reserve.application for reserve in regency.policy.reserves if reserve.uplink == uplink]


def first_shaper(allocations: Mapping[ShaperId, Allocation]) -> ShaperId:
    """Downward on the first uplink of the truth."""
    return next(shaper for shaper in allocations if shaper.direction is Direction.DOWN)


def _round_trips(scene: Scene, hands: Hands, report: Report) -> None:
    """Probes through a quiet and a flooding office, and through a small one, while all others flood."""
    regency = scene.regency
    scene.clock.set(quiet(regency))
    allocation = next(iter(scene.apply(hands, "bench").preview.allocations.values()))
    shaper = allocation.shaper
    ranked = sorted(regency.offices, key=lambda office: (-allocation.guarantee(office.key), office.id))
    quiet_one, busy_one = ranked[0], ranked[1]
    flows = [flow for flow in floods(regency, shaper.uplink, Direction.DOWN) if flow.office != quiet_one.key]
    targets = [labs.Target(office=office.key, uplink=shaper.uplink) for office in (quiet_one, busy_one)]
    _probe(scene, flows, targets, ("quiet", "busy"), (20.0, 80.0), report)
    narrow = regency.uplinks[-1].key
    smallest = min(regency.offices, key=lambda office: (office.service_class != ranked[-1].service_class, office.id))
    if narrow != shaper.uplink:
        target = [labs.Target(office=smallest.key, uplink=narrow)]
        _probe(scene, floods(regency, narrow, Direction.DOWN), target, ("small",), (None,), report)


def _probe(
    scene: Scene,
    flows: list[labs.Flow],
    targets: list[labs.Target],
    names: tuple[str, ...],
    bars: tuple[float | None, ...],
    report: Report,
) -> None:
    late: dict[str, list[float]] = {name: [] for name in names}
    lost: dict[str, list[float]] = {name: [] for name in names}
    with scene.flood(flows, RUNS * 9 + SETTLE + 20):
        time.sleep(SETTLE)
        for _ in range(RUNS):
            with labs.RunningProbe(scene.lab, targets, 8, 0.02) as running:
                for name, result in zip(names, running.wait(), strict=True):
                    late[name].append(1000 * (result.percentile(95) or 10.0))
                    lost[name].append(100 * result.loss)
    for name, target, bar in zip(names, targets, bars, strict=True):
        what = f"RTT p95 through {target.office} ({name}), all others flooding; loss {median(lost[name]):.1f} %"
        report(median_row(f"share.rtt.{name}", what, late[name], "ms", "<=" if bar else None, bar))


def _dropped(scene: Scene, hands: Hands, report: Report) -> None:
    """Every office sends a quarter of its guarantee, so no queue overflows: what is lost is lost by the change."""
    regency = scene.regency
    scene.clock.set(quiet(regency))
    allocation = next(iter(scene.apply(hands, "bench").preview.allocations.values()))
    shaper = allocation.shaper
    flows = [
        labs.Flow(
            office=office.key,
            uplink=shaper.uplink,
            direction=Direction.DOWN,
            rate=allocation.queues[leaf(office.id)].guarantee // 4,
        )
        for office in regency.offices
    ]
    lost: list[float] = []
    with scene.flood(flows, RUNS * 6 + 30):
        time.sleep(SETTLE)
        for number in range(RUNS):
            before = observe.sample(hands)
            scene.clock.set(story(regency).start + timedelta(seconds=2) if number % 2 == 0 else quiet(regency))
            scene.apply(hands, "bench")
            lost.append(float(_lost(before, observe.sample(hands), shaper)))
    report(median_row("share.dropped", "packets dropped, and queues emptied, by the change itself", lost, "packets", "<=", 0))


def _lost(before: observe.Sample, after: observe.Sample, shaper: ShaperId) -> int:
    """Drops between two readings; a counter that went back means a queue that was thrown away with what was in it."""
    total = 0
    for device, state in after.states.items():
        old = before.states[device].shapers[shaper].counters
        for node, counter in state.shapers[shaper].counters.items():
            was = old[node]
            total += counter.drops - was.drops if counter.packets >= was.packets else was.backlog // 1514 + 1
    return total

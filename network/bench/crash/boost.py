"""A controller dies in the middle of a boost, on the lab, while everybody floods: the devices return without it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from inventory.model import Rates
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction
from network.bench.crash.on_lab import Death, controller
from network.bench.scene import SETTLE, Scene, floods, quiet
from network.core.allocate import allocate
from network.core.intent import Boost, intend
from network.core.observed import Queue
from network.core.plan import make_plan
from network.core.tree import ROOT, NodeId, ShaperId, leaf
from network.services import observe
from network.services.apply import Wish
from network.services.hands import Hands
from network.services.returns import RETURN_GRACE, wished

ARM: Final = 30
LASTS: Final = timedelta(seconds=20)
EACH: Final = 5.0
"""Seconds over which a guarantee is looked at."""

_AMOUNT: Final = Bandwidth(3_000_000)
_PATIENCE: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """`back`: seconds from the boost's end until the devices held the base policy. `kept`: the least percent of its guarantee
    that any flooding office had in any five seconds, from before the death until after the return. `shared`: the same without
    a clock, by each office's part of what the uplink carried: a busy machine that answers late or carries less does not change
    it."""

    back: float
    kept: float
    shared: float


def left_alone(scene: Scene) -> Left:
    """Carry a boost out, kill the controller when the devices hold it, and only look."""
    scene.clock.set(quiet(scene.regency))
    uplink = scene.regency.uplinks[0].key
    with scene.hands() as hands:
        scene.apply(hands, "before the boost")
        with scene.flood(floods(scene.regency, uplink, Direction.DOWN), _PATIENCE + 60):
            time.sleep(SETTLE)
            boost = _boost(scene.regency, uplink, scene.clock.now())
            now = scene.clock.now()
            wish = Wish(regency=scene.regency, reason="boost", now=now, boosts=(boost,), arm_seconds=ARM, ceilings={})
            looks = [_look(scene, hands)]
            code = controller(scene, wish, Death(verb="confirm"))
            assert code < 0, "the controller was killed when the devices had confirmed"
            looks += _until_back(scene, hands, boost)
    wanted = wished(allocate(scene.regency, intend(scene.regency, boost.expires)))
    back = next((each.at for each in looks if each.at >= boost.expires and not make_plan(each.sample.states, wanted).steps), None)
    assert back is not None, f"the devices held the boost {_PATIENCE} seconds after the death"
    kept, shared = _kept(scene, looks)
    return Left(back=(back - boost.expires).total_seconds(), kept=kept, shared=shared)


@dataclass(frozen=True, slots=True)
class _Look:
    at: datetime
    sample: observe.Sample


def _look(scene: Scene, hands: Hands) -> _Look:
    return _Look(scene.clock.now(), observe.sample(hands))


def _until_back(scene: Scene, hands: Hands, boost: Boost) -> Iterator[_Look]:
    """Look twice a second until some seconds after the latest time at which the devices must have returned."""
    end = boost.expires + timedelta(seconds=RETURN_GRACE + 2 * EACH)
    while (look := _look(scene, hands)).at < end:
        yield look
        time.sleep(0.5)


def _boost(regency: Regency, uplink: str, now: datetime) -> Boost:
    """For an office without protection: others without it pay."""
    office = next(each for each in regency.offices if not regency.policy.classes[each.service_class].protected)
    return Boost(
        id="boost-left-alone",
        offices=(office.key,),
        uplink=uplink,
        amount=Rates(down=_AMOUNT, up=Bandwidth(0)),
        reason="left alone",
        created=now,
        starts=now,
        expires=now + LASTS,
        actor="os:bench",
    )


def _kept(scene: Scene, looks: Sequence[_Look]) -> tuple[float, float]:
    """The least percent of a guarantee that the devices held at both ends of any five seconds: by the clock, by its part."""
    by_clock, by_part = [100.0], [100.0]
    uplink = scene.regency.uplinks[0].key
    for first in looks:
        last = next((each for each in looks if each.sample.at >= first.sample.at + EACH), None)
        if last is None:
            break
        for shaper, nodes in observe.rates(first.sample, last.sample).items():
            if (shaper.uplink, shaper.direction) == (uplink, Direction.DOWN):
                ends = (_held(first.sample, shaper), _held(last.sample, shaper))
                whole = min(queues[ROOT].ceiling for queues in ends)
                carried = sum(rate for node, rate in nodes.items() if node.is_leaf)
                for percent in _percents(scene.regency, nodes, ends):
                    by_clock.append(percent)
                    by_part.append(percent * whole / carried)
    return min(by_clock), min(by_part)


def _percents(regency: Regency, nodes: Mapping[NodeId, int], ends: Sequence[Mapping[NodeId, Queue]]) -> Iterator[float]:
    for office in regency.offices:
        node = leaf(office.id)
        sure = min(queues[node].guarantee if node in queues else 0 for queues in ends)
        if sure and node in nodes:
            yield 100 * nodes[node] / sure


def _held(sample: observe.Sample, shaper: ShaperId) -> Mapping[NodeId, Queue]:
    return next(state.shapers[shaper].queues for state in sample.states.values() if shaper in state.shapers)

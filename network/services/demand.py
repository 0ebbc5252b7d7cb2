"""The demand loop of one regency: polls by policy's beat, what it would do for all to see, and what is really done."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from inventory.policy import Demand
from network.core.demand import STALE_POLLS, Advice, Ceilings, DemandState, Place, Seen, advise
from network.core.rates import ClassReading
from network.core.reporting import Look
from network.core.tree import NodeId
from network.services.figures import rates

_NONE: Final[Ceilings] = MappingProxyType({})

log = logging.getLogger(__name__)


class DemandLoop:
    """Fed by the watch with every look; decides at most once a poll."""

    def __init__(self) -> None:
        self._state = DemandState()
        self._last: Look | None = None
        self._rules = Demand()
        self.advice: Advice | None = None
        """What was asked for at the last poll; None when policy has the loop off."""

    def looked(self, rules: Demand, look: Look) -> None:
        """A new look; one poll's rate is over the whole time since the poll before."""
        if rules.mode != self._rules.mode:
            self._state, self._last = DemandState(), None
        self._rules = rules
        if rules.mode == "off":
            self.advice = None
            return
        if self._last is None:
            self._last, self.advice = look, Advice(mode=rules.mode)
        elif look.taken - self._last.taken >= rules.poll_seconds:
            earlier = self.advice
            self._state, self.advice = advise(rules, self._state, dict(_seen(self._last, look)), look.taken)
            self._last = look
            _tell(earlier, self.advice)

    def ceilings(self, now: float) -> Ceilings:
        """What the devices are to hold; nothing when the loop only rehearses, or has not looked for three polls."""
        if self.advice is None or self.advice.mode != "on" or self._last is None:
            return _NONE
        return _NONE if now - self._last.taken > STALE_POLLS * self._rules.poll_seconds else self.advice.ceilings


def _tell(before: Advice | None, after: Advice) -> None:
    """Into the log what would change or does, leaf by leaf."""
    old = before.ceilings if before else _NONE
    for shaper in sorted(old.keys() | after.ceilings.keys()):
        was, now = old.get(shaper, {}), after.ceilings.get(shaper, {})
        for node in sorted(was.keys() | now.keys()):
            if was.get(node) != now.get(node):
                told = {"shaper": str(shaper), "leaf": str(node), "mode": after.mode, "ceiling": now.get(node)}
                log.info("demand.ceiling", extra=told)


def _seen(before: Look, after: Look) -> Iterator[tuple[Place, Seen]]:
    measured = rates(before, after)
    for shaper, allocation in after.allocations.items():
        device = allocation.place.device
        found = measured.get(shaper, {})
        for nodes in allocation.leaves.values():
            for node in nodes:
                queue, place = allocation.queues[node], Place(shaper, node)
                yield (
                    place,
                    Seen(
                        device=device,
                        rate=found.get(node),
                        waiting=_waits(before.readings, after.readings, device, place),
                        guarantee=queue.guarantee,
                        planned=queue.ceiling,
                    ),
                )


def _waits(before: Mapping[str, ClassReading], after: Mapping[str, ClassReading], device: str, place: Place) -> bool:
    """Whether packets waited at the end, or were dropped since: more was wanted than passed."""
    counters = [
        shown.counters.get(NodeId(*place.node))
        for readings in (before, after)
        if (reading := readings.get(device)) and (shown := reading.state.shapers.get(place.shaper))
    ]
    if len(counters) < 2 or counters[0] is None or counters[1] is None:
        return False
    return counters[1].backlog > 0 or counters[1].drops > counters[0].drops

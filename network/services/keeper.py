"""The loop that keeps the word: at every edge, when somebody asks, and from time to time, the devices are carried to the
intent of now.

One keeper a process and regency; how many processes there are does not matter: a slot is claimed once, a device is held by
one, and whoever comes later finds nothing to do. Whatever the clock does (a jump, a suspend, a start in the middle of a
window), the next round converges. Never gives up: what fails is told, waited out and tried again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from network.core import calendar
from network.core.calendar import Edge
from network.core.demand import Ceilings
from network.errors import LajurError, NeedsPerson, Refused, RunReturned
from network.services.apply import RunReport, Wish, apply
from network.services.bookings import Desk, cancel, standing
from network.services.hands import Hands, RunEvent, Stage
from network.services.shift import LOOK_BACK, announce, claim, reason_of

LOOK: Final = 0.1
"""Seconds between two looks at the clock. A sleep until the edge would miss a clock that was set meanwhile."""

ROUND: Final = 30.0
"""Seconds after which the devices are looked at again although nothing is due."""

FIRST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 60.0
"""Seconds between tries after a failure: twice as long each time."""

SYSTEM: Final = "system:keeper"
"""In whose name the record says what nobody asked for."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Pulse:
    """How the keeper is. `late`: seconds from an edge to the first command on a device, newest last; `ticked` by the
    monotonic clock. `runs` counts what rounds ended in: the results of runs, and `failed` for what never became one."""

    ticked: float | None = None
    tried: datetime | None = None
    done: datetime | None = None
    error: LajurError | None = None
    failures: int = 0
    next_edge: Edge | None = None
    late: list[float] = field(default_factory=list)
    runs: Counter[str] = field(default_factory=Counter)


class Keeper:
    """One regency's loop. `wake` may be called from any thread; everything else belongs to the thread that runs it."""

    def __init__(
        self,
        desk: Desk,
        hands: Hands,
        *,
        arm_seconds: int = 30,
        every: float = ROUND,
        ceilings: Callable[[], Ceilings] = dict,
    ) -> None:
        self._desk = desk
        self._hands = replace(hands, listen=self._heard)
        self._listen = hands.listen
        self._arm_seconds = arm_seconds
        self._every = every
        self._ceilings = ceilings
        self._woken = False
        self._soonest: datetime | None = None
        self._acted: tuple[Edge, ...] = ()
        self._skipped: tuple[Edge, ...] = ()
        self._unarmed: tuple[Edge, ...] = ()
        self.pulse = Pulse()

    def wake(self, since: datetime | None = None) -> None:
        """Something was granted, cancelled or changed: do not wait for the next edge that was known. `since`: what was granted
        acts from then on; None: at once."""
        if since is None or since <= self._hands.clock.now():
            self._woken = True
        elif self._soonest is None or since < self._soonest:
            self._soonest = since

    def run(self, stop: Callable[[], bool]) -> None:
        """Round after round until `stop` says so; a round that is under way is finished first."""
        clock = self._hands.clock
        while not stop():
            self._woken, self._soonest = False, None
            self.round()
            pause = self._pause()
            began, wall = clock.monotonic(), clock.now()
            while not stop() and not self._is_time(began, wall, pause):
                self.pulse.ticked = clock.monotonic()
                clock.sleep(LOOK)

    def round(self) -> None:
        """Claim what is due, converge, and tell. Never raises what a device, the record or policy says."""
        clock, pulse = self._hands.clock, self.pulse
        pulse.ticked, pulse.tried = clock.monotonic(), clock.now()
        try:
            self._converge()
        except LajurError as error:
            pulse.error, pulse.failures = error, pulse.failures + 1
            pulse.runs[_result(error)] += 1
            told = {"code": error.code, "error": error, "failures": pulse.failures}
            log.warning("keeper.failed", extra={"regency": self._regency(), **told})
        else:
            pulse.error, pulse.failures, pulse.done = None, 0, clock.now()
        pulse.ticked = clock.monotonic()

    def _converge(self) -> None:
        wish = self._wish("keeper")
        self.pulse.next_edge = calendar.next_edge(wish.regency, wish.now, wish.boosts)
        self._claim(wish)
        try:
            report = apply(replace(wish, reason=reason_of(self._acted) or wish.reason, renew=self._renewed), self._hands)
        except Refused as refusal:
            if not self._revoked(refusal):
                raise
            return
        self._done(report)

    def _claim(self, wish: Wish) -> None:
        """What is due, beside what was claimed before and could not be carried out yet."""
        acted, skipped = claim(wish, self._hands)
        waiting = (*self._acted, *acted)
        closed = {replace(edge.slot, edge="open") for edge in waiting if edge.slot.edge == "close"}
        missed = tuple(edge for edge in waiting if edge.slot in closed)  # it closes before it could open
        self._acted = tuple(edge for edge in waiting if edge not in missed)
        self._skipped = (*self._skipped, *missed, *skipped)
        self._unarmed = tuple(edge for edge in (*self._unarmed, *acted) if edge not in missed)

    def _done(self, report: RunReport) -> None:
        """Subscribers hear of what opened and closed, the log of what was done."""
        self.pulse.runs[report.result] += 1
        if report.result != "nothing" or self._acted or self._skipped:
            told = {"run": report.run, "result": report.result, "reason": report.preview.wish.reason}
            log.info("keeper.ran", extra={"regency": self._regency(), **told, "steps": len(report.preview.plan.steps)})
        announce(self._desk, SYSTEM, self._acted, self._skipped)
        self._acted = self._skipped = self._unarmed = ()

    def _wish(self, reason: str) -> Wish:
        now = self._desk.clock.now()
        found = standing(self._desk, now - LOOK_BACK)
        return Wish(
            regency=found.regency,
            reason=reason,
            now=now,
            boosts=found.boosts,
            arm_seconds=self._arm_seconds,
            ceilings=self._ceilings(),
        )

    def _renewed(self, wish: Wish) -> Wish:
        return replace(self._wish(wish.reason), run=wish.run, check=wish.check)

    def _revoked(self, refusal: Refused) -> bool:
        """Whether a boost that fits no longer was taken back. The truth has changed under it: everybody else goes first."""
        boost = refusal.fields.get("boost")
        if not refusal.code.startswith("boost.") or not isinstance(boost, str):
            return False
        log.warning("boost.revoked", extra={"regency": self._regency(), "boost": boost, "code": refusal.code})
        cancel(self._desk, boost, SYSTEM, why=str(refusal))
        self._acted, self._unarmed = (
            tuple(edge for edge in edges if edge.slot.window != boost) for edges in (self._acted, self._unarmed)
        )
        self._woken = True
        return True

    def _heard(self, event: RunEvent) -> None:
        if event.stage is Stage.ARMED:
            now = self._hands.clock.now()
            self.pulse.late.extend((now - edge.at).total_seconds() for edge in self._unarmed)
            del self.pulse.late[:-1000]
            self._unarmed = ()
        self._listen(event)

    def _pause(self) -> float:
        if not self.pulse.failures:
            return self._every
        return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self.pulse.failures - 1, 10)))

    def _is_time(self, began: float, wall: datetime, pause: float) -> bool:
        clock = self._hands.clock
        passed, now = clock.monotonic() - began, clock.now()
        jumped = abs((now - wall) - timedelta(seconds=passed)) > timedelta(seconds=1)
        edge, tried, soonest = self.pulse.next_edge, self.pulse.tried, self._soonest
        reached = edge is not None and tried is not None and tried < edge.at <= now
        reached = reached or (soonest is not None and soonest <= now)
        return self._woken or jumped or reached or passed >= pause

    def _regency(self) -> str:
        return self._desk.key


def _result(error: LajurError) -> str:
    """What a round that failed ended in, in the words of the record."""
    match error:
        case NeedsPerson():
            return "needs_person"
        case RunReturned():
            return "returned"
        case Refused():
            return "refused"
        case _:
            return "failed"

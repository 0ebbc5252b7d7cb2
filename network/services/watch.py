"""Watching one regency: what is promised, what the devices hold, what is measured; for figures and for reports.

Only looks. What cannot be read is said and grows old in the figures; it ends nothing and holds nothing up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from inventory.regency import Regency
from network.core import calendar
from network.core.allocate import Allocation, allocate
from network.core.demand import Ceilings, capped
from network.core.intent import Intent, intend
from network.core.plan import make_plan
from network.core.ports import AuditLog, InterfaceMeter, Reports
from network.core.rates import ClassReading
from network.core.reporting import Look, stretches
from network.core.tree import ShaperId
from network.errors import LajurError
from network.services.apply import Wish
from network.services.cross_check import APART, CrossChecker
from network.services.demand import DemandLoop
from network.services.figures import Snapshot, office_figures, uplink_figures
from network.services.hands import Hands, rest
from network.services.reporting import Reporter, terms
from network.services.returns import wished

TICK: Final = 2.0
"""Seconds between two readings of the class meter."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where one regency is watched from.

    `hands` are connections of its own: a device speaks with one caller at a time, and a run must not wait for a look. `wish`
    gives the truth, the windows and the boosts of a moment. `meter` None: no device answers SNMP.
    """

    key: str
    hands: Hands
    wish: Callable[[datetime], Wish]
    reports: Reports
    audit: AuditLog
    meter: InterfaceMeter | None = None


@dataclass(frozen=True, slots=True)
class _Meant:
    """What is intended at a moment: by the plan alone, and with the ceilings that follow demand."""

    regency: Regency
    intent: Intent
    on: tuple[calendar.Occurrence, ...]
    plan: Mapping[ShaperId, Allocation]


class Watch:
    """One thread calls `tick`, `poll` or `run`; `snapshot` and `ceilings` may be asked from any."""

    def __init__(self, post: Post, *, tick: float = TICK) -> None:
        self._post = post
        self._clock = post.hands.clock
        self._every = tick
        self._reporter = Reporter(post.key, post.reports, post.audit)
        self._checker = CrossChecker()
        self._demand = DemandLoop()
        self._look: Look | None = None
        self._meant: _Meant | None = None
        self._taken: dict[str, float | None] = dict.fromkeys(post.hands.devices)
        self._snapshot = Snapshot(regency=post.key)

    def snapshot(self) -> Snapshot:
        """The last figures; their ages are those of this moment."""
        now, shown = self._clock.monotonic(), self._snapshot
        age = {device: None if taken is None else round(now - taken, 1) for device, taken in self._taken.items()}
        return replace(shown, age=age, cross_check=self._checker.lines(now))

    def ceilings(self) -> Ceilings:
        """What `Wish.ceilings` should be now; nothing unless policy has the demand loop on and its figures are fresh."""
        return self._demand.ceilings(self._clock.monotonic())

    def run(self, stop: Callable[[], bool]) -> None:
        """Watch until `stop` says so."""
        polled = None
        while not stop():
            began = self._clock.monotonic()
            self.tick()
            if self._post.meter is not None and (polled is None or began - polled >= APART):
                polled = began
                self.poll()
            rest(self._clock, began + self._every - self._clock.monotonic(), stop)

    def tick(self) -> Snapshot:
        """Read the class meter once; new figures, and lines of the reports at the end of a minute. Raises no LajurError."""
        before = self._snapshot.errors
        self._look_again()
        self._tell(before, self._snapshot.errors)
        return self.snapshot()

    def _look_again(self) -> None:
        readings, errors = self._read()
        meant: _Meant | None = None
        now, taken = self._clock.now(), self._clock.monotonic()
        try:
            meant = self._meant = _meant(self._post.wish(now), self._meant)
        except LajurError as error:
            errors["intent"] = error
        if meant is None:
            self._snapshot = replace(self._snapshot, errors=errors)
            return
        before, look = self._look, Look(now=now, taken=taken, allocations=meant.plan, readings=readings)
        self._look = look
        self._checker.looked(look)
        self._reporter.take(terms(meant.intent, meant.on), stretches(before, look) if before else {}, now)
        if self._reporter.error is not None:
            errors["record"] = self._reporter.error
        self._demand.looked(meant.regency.policy.demand, look)
        self._snapshot = self._seen(meant, before, look, errors)

    def poll(self) -> None:
        """Ask the SNMP meter once; a silent device is an error in the figures."""
        if self._post.meter is None:
            return
        readings = self._post.meter.read()
        errors = {f"snmp {device}": each for device, each in readings.items() if isinstance(each, LajurError)}
        others = {name: error for name, error in self._snapshot.errors.items() if not name.startswith("snmp ")}
        self._tell(self._snapshot.errors, {**others, **errors})
        self._snapshot = replace(self._snapshot, errors={**others, **errors})
        self._checker.polled(self._look, readings, self._clock.monotonic())

    def _tell(self, before: Mapping[str, LajurError], after: Mapping[str, LajurError]) -> None:
        """Into the log what began to fail, and what is well again."""
        for what in sorted(after.keys() - before.keys()):
            told = {"what": what, "code": after[what].code, "error": after[what]}
            log.warning("watch.failed", extra={"regency": self._post.key, **told})
        for what in sorted(before.keys() - after.keys()):
            log.info("watch.well", extra={"regency": self._post.key, "what": what})

    def _read(self) -> tuple[dict[str, ClassReading], dict[str, LajurError]]:
        """Every device that answers, all at once; the others' errors beside what the SNMP meter last said."""
        hands = self._post.hands

        def one(name: str) -> ClassReading:
            asked = self._clock.monotonic()
            state = hands.devices[name].observe()
            # The counters were read somewhere between asking and answering; the middle halves the doubt.
            return ClassReading(state=state, taken=(asked + self._clock.monotonic()) / 2)

        answers = hands.runner.each(tuple(sorted(hands.devices)), one)
        readings = {name: each for name, each in answers.items() if isinstance(each, ClassReading)}
        errors = {name: each for name, each in answers.items() if isinstance(each, LajurError)}
        self._taken = {**self._taken, **{name: reading.taken for name, reading in readings.items()}}
        return readings, {**{name: e for name, e in self._snapshot.errors.items() if name.startswith("snmp ")}, **errors}

    def _seen(self, meant: _Meant, before: Look | None, look: Look, errors: Mapping[str, LajurError]) -> Snapshot:
        states = {name: reading.state for name, reading in look.readings.items()}
        wanted = wished(capped(meant.plan, self.ceilings()))
        answered = {name: shapers for name, shapers in wanted.items() if name in states}
        return Snapshot(
            regency=self._post.key,
            at=look.now,
            windows=meant.intent.windows,
            boosts=tuple(boost.id for boost in meant.intent.boosts),
            uplinks=tuple(uplink_figures(meant.regency, before, look)),
            offices=tuple(office_figures(before, look)),
            drift=len(make_plan(states, answered).steps) if states else None,
            errors=errors,
            advice=self._demand.advice,
        )


def _meant(wish: Wish, before: _Meant | None) -> _Meant:
    """An allocation follows from the truth and what acts; most looks find both as they were."""
    intent = intend(wish.regency, wish.now, wish.boosts)
    acts = (intent.windows, intent.boosts)
    same = before is not None and before.regency is wish.regency and (before.intent.windows, before.intent.boosts) == acts
    plan = before.plan if before is not None and same else allocate(wish.regency, intent)
    return _Meant(wish.regency, intent, calendar.active(wish.regency, wish.now), plan)

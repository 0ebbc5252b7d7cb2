"""The questions to connected systems as a loop of the service: so that figures and alerts know of them while nobody looks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from inventory.regency import Regency
from network.core.ports import Clock
from network.core.systems import systems
from network.errors import LajurError
from network.services.hands import rest
from network.services.systems import SystemHands, ask

EVERY: Final = 300.0
"""Seconds between two rounds."""

log = logging.getLogger(__name__)


class SystemRounds:
    """One thread calls `run`. `hands` are those that reach the offices of a truth. What is heard goes on record."""

    def __init__(
        self, truth: Callable[[], Regency], hands: Callable[[Regency], SystemHands], clock: Clock, every: float = EVERY
    ) -> None:
        self._truth, self._hands, self._clock, self._every = truth, hands, clock, every
        self._told: frozenset[str] = frozenset()

    def run(self, stop: Callable[[], bool]) -> None:
        """Every so often until `stop` says so, not at once: a service that starts has more urgent things to do."""
        rest(self._clock, self._every, stop)
        while not stop():
            regency = self._truth()
            try:
                self._round(regency)
            except LajurError as error:
                log.warning("systems.unasked_now", extra={"regency": regency.head.key, "code": error.code, "error": error})
            rest(self._clock, self._every, stop)

    def _round(self, regency: Regency) -> None:
        there = systems(regency)
        if not there:
            return
        board = ask(regency, [each.key for each in regency.offices], there, self._hands(regency))
        found = frozenset(
            f"{each.what.code} {each.what.fields.get('system', '')}".strip() for each in board.remarks if each.grave
        )
        for each in sorted(found - self._told):
            log.warning("systems.fault", extra={"regency": regency.head.key, "fault": each})
        for each in sorted(self._told - found):
            log.info("systems.fault_over", extra={"regency": regency.head.key, "fault": each})
        self._told = found

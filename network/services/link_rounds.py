"""The watch over links as a loop of the service: what is known of them now, for whoever asks from another thread.

Polls alone: one process may have the trap port, and that is `lajur link watch`'s. Only looks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from inventory.regency import Regency
from network.core.coverage import Coverage
from network.core.link_states import LinkTurn, Word
from network.core.ports import Clock
from network.errors import LajurError
from network.services.hands import rest
from network.services.link_watch import EVERY, STALE, LinkPost, LinkWatch, Pace

AGAIN: Final = 30.0
"""Seconds until a post that could not be had is asked for again."""

FRESH: Final = 1.0
"""Seconds for which a picture is shown as the present one: states are judged by the moment, so that old ones become unknown."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFigures:
    """What is known of the links of one regency.

    `coverage` None: not every device has been asked yet, or nobody has looked lately. `states` has every link; what is not known
    is unknown. `silent` of the `asked` devices did not answer the last time. `age`: seconds since any device answered, None
    before the first. `error`: why nobody can be asked.
    """

    coverage: Coverage | None = None
    states: Mapping[str, Word] = field(default_factory=lambda: MappingProxyType({}))
    asked: int = 0
    silent: int = 0
    age: float | None = None
    error: LajurError | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """Figures as they were made at `at`, and when a device last answered."""

    at: float
    heard: float | None
    figures: LinkFigures


class LinkRounds:
    """One thread calls `run`; `figures` may be asked from any.

    `post` opens the place from where the links of a truth are polled. When the truth is another one, it is opened anew.
    """

    def __init__(
        self,
        truth: Callable[[], Regency],
        post: Callable[[Regency], AbstractContextManager[LinkPost]],
        clock: Clock,
        every: float = EVERY,
    ) -> None:
        self._truth, self._post, self._clock = truth, post, clock
        self._pace = Pace(every=every)
        self._seen: _Seen | None = None

    def figures(self) -> LinkFigures:
        """As of now: a watch that stands still knows nothing any more."""
        seen = self._seen
        if seen is None:
            return LinkFigures()
        now = self._clock.monotonic()
        age = None if seen.heard is None else now - seen.heard
        known, figures = now - seen.at <= STALE * self._pace.every, seen.figures
        return LinkFigures(
            coverage=figures.coverage if known else None,
            states=figures.states if known else dict.fromkeys(figures.states, Word.UNKNOWN),
            asked=figures.asked,
            silent=figures.silent,
            age=age,
            error=figures.error,
        )

    def run(self, stop: Callable[[], bool]) -> None:
        """Watch until `stop` says so. What cannot be opened is told in the figures, and tried again."""
        while not stop():
            regency = self._truth()
            try:
                with self._post(regency) as post:
                    self._watch(regency, LinkWatch(post, self._pace), stop)
            except LajurError as error:
                self._failed(regency, error)
                rest(self._clock, AGAIN, stop)

    def _failed(self, regency: Regency, error: LajurError) -> None:
        before = self._seen.figures.error if self._seen else None
        if before is None or before.code != error.code:
            log.warning("links.unseen", extra={"regency": regency.head.key, "code": error.code, "error": error})
        states = {link.key: Word.UNKNOWN for link in regency.links}
        self._seen = _Seen(self._clock.monotonic(), self._heard, LinkFigures(states=states, error=error))

    def _watch(self, regency: Regency, watch: LinkWatch, stop: Callable[[], bool]) -> None:
        while not stop() and self._truth() is regency:
            for news in watch.step():
                if isinstance(news, LinkTurn):
                    _tell(regency, news)
            now = self._clock.monotonic()
            if self._seen is None or self._seen.figures.error is not None or now - self._seen.at >= FRESH:
                self._seen = _look(watch, now, self._heard)

    @property
    def _heard(self) -> float | None:
        """Another truth takes nothing from what was heard before it."""
        return self._seen.heard if self._seen else None


def _look(watch: LinkWatch, now: float, before: float | None) -> _Seen:
    picture = watch.picture()
    figures = LinkFigures(
        coverage=picture.coverage if watch.has_asked_all else None,
        states={edge.link: edge.state for edge in picture.topology.edges},
        asked=picture.asked,
        silent=len(picture.silent),
    )
    return _Seen(now, before if watch.heard is None else watch.heard, figures)


def _tell(regency: Regency, turn: LinkTurn) -> None:
    """Into the log, once for each thing that happens."""
    after = turn.after
    told = {"link": turn.link, "before": turn.before, "after": after.word, "why": after.why, "end": after.end}
    level = logging.INFO if after.word is Word.UP else logging.WARNING
    log.log(level, "link.turned", extra={"regency": regency.head.key, **told, "flapped": turn.flapped})

"""Watching the links of one regency: polls, traps, and on schedules of their own the light in the modules and the neighbours.

Only looks. One thread listens; the hands ask and hear in threads of their own and put what they hear into one inbox, so that a
device that is dead or slow delays nothing, and a trap is known as soon as it came.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from inventory.regency import Regency
from network.core.coverage import Coverage, coverage
from network.core.link_findings import LinkFinding, LinkNotice
from network.core.link_states import CONFIRM_SECONDS, LinkTurn
from network.core.poll_halves import halves
from network.core.ports import Clock
from network.core.rates import InterfaceReading
from network.core.topology import Topology, topology
from network.core.watch_ports import Glance, LinkLooks, LinkMeter, TrapCounts, TrapEar, TrapHeard
from network.errors import LajurError
from network.services.hands import HEAR
from network.services.link_board import LinkBoard

EVERY: Final = 30.0
"""Seconds from one poll of a device to the next; the ends of a link take turns, so that a cut is known before that is over."""
OPTICS: Final = 3600.0
"""Seconds between two looks at the modules: some devices suffer when they are asked more often."""
NEIGHBOURS: Final = 300.0
STALE: Final = 2.5
"""Polls after which what was heard says nothing of now."""
_LONGEST: Final = 60.0
"""Seconds that a single poll of all devices is waited for; their budgets end it long before."""
_ROOM: Final = 10_000
_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Polled:
    device: str
    found: InterfaceReading | LajurError


@dataclass(frozen=True, slots=True)
class Late:
    """A device that used to answer does not answer at once."""

    device: str


@dataclass(frozen=True, slots=True)
class Looked:
    device: str
    found: Glance | LajurError


Heard = Polled | Late | Looked | TrapHeard


class Inbox:
    """What the hands heard, until the watch takes it. Bounded: who finds it full is not heard, and polls make good for it."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Heard] = queue.Queue(_ROOM)

    def put(self, heard: Heard) -> None:
        try:
            self._queue.put_nowait(heard)
        except queue.Full:
            return

    def take(self, seconds: float) -> list[Heard]:
        """All that there is, up to a thousand; waits so long for the first."""
        try:
            found = [self._queue.get(timeout=seconds) if seconds > 0 else self._queue.get_nowait()]
        except queue.Empty:
            return []
        while len(found) < _AT_ONCE:
            try:
                found.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds between two polls of a device, two looks at the modules, two looks at the neighbours.

    The two ends of a link are polled by turns, half of `every` apart.
    """

    every: float = EVERY
    optics: float = OPTICS
    neighbours: float = NEIGHBOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPost:
    """From where links are watched. `inbox` is where `ear` puts traps; without it, or without `looks`, there are none."""

    regency: Regency
    meter: LinkMeter
    clock: Clock
    inbox: Inbox
    ear: TrapEar | None = None
    looks: LinkLooks | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPicture:
    """What is known at `at`. `silent`: devices that were asked and did not answer, and why. `asked`: how many answer SNMP."""

    regency: str
    at: datetime
    asked: int
    silent: dict[str, LajurError]
    coverage: Coverage
    topology: Topology
    findings: tuple[LinkFinding, ...]
    traps: TrapCounts | None


News = LinkTurn | LinkNotice


class LinkWatch:
    """One thread calls `once`, `run` or `step`, and `picture` in it."""

    def __init__(self, post: LinkPost, pace: Pace | None = None) -> None:
        self._post = post
        self._pace = pace or Pace()
        self._clock = post.clock
        self._board = LinkBoard(post.regency, post.meter.devices, STALE * self._pace.every, self._pace.every)
        self._due = _Due()
        self._halves = halves(post.regency, post.meter.devices)
        self._half = 0
        self._waiting: set[str] = set()
        self._again: dict[str, float] = {}

    def once(self) -> LinkPicture:
        """One poll of every device, waited for. A device that does not answer delays nobody beyond its own budget."""
        self._due.is_due("poll", self._clock.monotonic(), self._pace.every / 2)
        self._poll(self._post.meter.devices)
        deadline = self._clock.monotonic() + _LONGEST
        while self._waiting and self._clock.monotonic() < deadline:
            self._hear()
        return self.picture()

    def run(self, stop: Callable[[], bool], tell: Callable[[News], None] = lambda news: None) -> None:
        """Watch until `stop` says so; everything that happens is told once, in order."""
        while not stop():
            for news in self.step():
                tell(news)

    def step(self) -> tuple[News, ...]:
        """Ask whoever is due and listen for a moment; what happened, in order."""
        self._ask()
        return self._hear()

    def now(self) -> float:
        """The moment on the clock of everything that is told."""
        return self._clock.monotonic()

    def moment(self, at: float) -> datetime:
        """The same moment on the wall clock."""
        return self._clock.now() - timedelta(seconds=self._clock.monotonic() - at)

    @property
    def heard(self) -> float | None:
        """When a device last answered; None before the first."""
        return self._board.heard

    @property
    def has_asked_all(self) -> bool:
        """Whether every device has answered once, or failed to."""
        return self._board.met.issuperset(self._post.meter.devices)

    def picture(self) -> LinkPicture:
        """As of the last that was heard."""
        regency, now = self._post.regency, self._clock.monotonic()
        states = self._board.states
        return LinkPicture(
            regency=regency.head.key,
            at=self._clock.now(),
            asked=len(self._post.meter.devices),
            silent=dict(sorted(self._board.silent.items())),
            coverage=coverage(regency, states, now),
            topology=topology(regency, states, now),
            findings=self._board.findings,
            traps=self._post.ear.counts() if self._post.ear else None,
        )

    def _ask(self) -> None:
        """Ask whoever is due."""
        now = self._clock.monotonic()
        first = not self._due.begun("poll")
        if self._due.is_due("poll", now, self._pace.every / 2):
            self._poll(self._post.meter.devices if first else self._halves[self._half])
            self._half = 1 - self._half
        again = tuple(name for name, at in self._again.items() if at <= now)
        if again:
            for name in again:
                del self._again[name]
            self._poll(again)
        looks = self._post.looks
        if looks is None:
            return
        neighbours = self._due.is_due("neighbours", now, self._pace.neighbours)
        optics = self._due.is_due("optics", now, self._pace.optics)
        if neighbours or optics:
            looks.ask(
                looks.devices, lambda name, found: self._post.inbox.put(Looked(name, found)), optics=optics, neighbours=neighbours
            )

    def _poll(self, devices: tuple[str, ...]) -> None:
        self._waiting.update(set(devices) & set(self._post.meter.devices))
        inbox = self._post.inbox
        self._post.meter.ask(devices, lambda name, found: inbox.put(Polled(name, found)), lambda name: inbox.put(Late(name)))

    def _hear(self) -> tuple[News, ...]:
        for heard in self._post.inbox.take(HEAR):
            if isinstance(heard, Polled):
                self._waiting.discard(heard.device)
                self._board.polled(heard.device, heard.found, self._clock.monotonic())
            elif isinstance(heard, Late):
                # Who is cut off cannot say so, but the end before it can, and its turn may be half an interval away.
                self._poll(self._board.before(heard.device))
            elif isinstance(heard, TrapHeard):
                again = self._clock.monotonic() + CONFIRM_SECONDS
                self._again |= dict.fromkeys(self._board.trapped(heard), again)
            elif isinstance(heard.found, Glance):
                self._board.looked(heard.device, heard.found)
        return self._board.judge(self._clock.monotonic())


class _Due:
    """When something was last begun; what is called late once is not late for ever."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def begun(self, what: str) -> bool:
        return what in self._last

    def is_due(self, what: str, now: float, every: float) -> bool:
        """True at first, and then once in so many seconds, counted from when it was due and not from when somebody looked."""
        last = self._last.get(what)
        if last is not None and now - last < every:
            return False
        self._last[what] = now if last is None or now - last >= 2 * every else last + every
        return True

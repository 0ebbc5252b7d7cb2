"""One change after the other: killed after every command, over every kind of wire, then left alone and then begun again.

Left alone, every device must end at what held before or at what was wished, by its own timers, and later at what follows when
windows and boosts have ended. Begun again, all must hold what is wished, and the record must know of nothing half done. At no
moment may guarantees pass a ceiling.
"""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from inventory.regency import Regency
from network.bench.crash.box import Box, Kind, Trouble
from network.bench.crash.controller import Controller, mortal, run
from network.bench.crash.world import Change, change, ground
from network.clock import StepClock
from network.core.allocate import allocate, base
from network.core.intent import intend
from network.core.plan import make_plan
from network.drivers.memory import MemoryRouter
from network.ledger.sqlite import FILE, open_sqlite
from network.ledger.store import SqlLedger
from network.services import audit
from network.services.apply import Wish
from network.services.returns import Shapers, turnings, wished
from network.wiring import places

ALONE: Final = 60
"""Seconds beyond its timer in which a device that is left alone is back."""

_LONG: Final = timedelta(days=3)
"""After so long every window and boost of a trial has ended."""

HEIR: Final = "heir"
_CHECKED: Final = 50
"""One audit log in so many is computed again."""

_MOST_LATE: Final = 10
_MOST_LINES: Final = 24


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was tried and what came of it. `oversubscribed`: the most bit/s ever promised too often; `faults`: where a device
    was not where it should be, or the record was not closed, and how to see it again."""

    changes: int = 0
    kills: int = 0
    ends: int = 0
    oversubscribed: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.changes += other.changes
        self.kills += other.kills
        self.ends += other.ends
        self.oversubscribed = max(self.oversubscribed, other.oversubscribed)
        self.faults += other.faults


def trials(truth: Regency, seed: str, numbers: Iterable[int], kinds: Sequence[Kind]) -> Tally:
    """The changes of these numbers over these kinds of wire; the same for the same seed.

    Forks, so no other thread may run in this process.
    """
    tally, regency = Tally(), ground(truth)
    with (
        TemporaryDirectory(prefix="lajur-crash-", dir=_memory()) as folder,
        open_sqlite(Path(folder)) as ledger,
        open_sqlite(Path(folder) / HEIR) as heir,
    ):
        desk = _Desk(Path(folder), ledger, heir)
        for number in numbers:
            name = f"{seed}-{number}"
            random = Random(name)  # noqa: S311 - the same trial can be seen again
            _Trial(change(regency, random), regency, random, desk, tally, name).run(kinds)
            gc.collect()
            gc.freeze()  # what is here before a fork is never touched by a child's collector
    return tally


def _memory() -> str | None:
    """Where files cost nothing, if there is such a place: thousands of records are written and thrown away."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a folder of our own is made in it


class _Desk:
    """The record that a controller writes to, what it was before, and what whoever comes after its death finds of it. No
    connection is open across a fork."""

    def __init__(self, folder: Path, ledger: SqlLedger, heir: SqlLedger) -> None:
        self._folder, self._ledger, self._heir, self._inherited = folder, ledger, heir, 0
        ledger.close()
        heir.close()
        self.keep("bare")

    def controller(self, wish: Wish) -> Controller:
        return Controller(ledger=self._ledger, locks=self._folder / "locks", wish=wish)

    def heir(self, wish: Wish) -> Controller:
        """Who comes after; the dead one's locks are gone with it."""
        return Controller(ledger=self._heir, locks=self._folder / HEIR / "locks", wish=wish)

    def keep(self, name: str) -> None:
        shutil.copy(self._folder / FILE, self._folder / name)

    def recall(self, name: str) -> None:
        """As it was kept."""
        _renewed(self._folder, self._folder / name, None)

    def inherit(self) -> None:
        """The record as it is at this moment, with all that its writer has not yet folded into the file. The chain of the last
        one is checked now and then before it goes."""
        self._inherited += 1
        if self._inherited % _CHECKED == 0:
            audit.verify(self._heir)
            self._heir.close()
        _renewed(self._folder / HEIR, self._folder / FILE, self._folder / f"{FILE}-wal")

    def left_running(self, regency: str) -> int:
        return self._heir.runbook.counts(regency).get("running", 0)

    def close(self) -> None:
        self._ledger.close()
        self._heir.close()


def _renewed(folder: Path, file: Path, written_ahead: Path | None) -> None:
    for rest in (f"{FILE}-wal", f"{FILE}-shm"):
        (folder / rest).unlink(missing_ok=True)
    shutil.copy(file, folder / FILE)
    if written_ahead is not None and written_ahead.exists():
        shutil.copy(written_ahead, folder / written_ahead.name)


class _Trial:
    def __init__(self, change: Change, regency: Regency, random: Random, desk: _Desk, tally: Tally, name: str) -> None:
        self._change, self._random, self._desk, self._tally, self._name = change, random, desk, tally, name
        clock = StepClock(change.before.now)
        routers = {device: MemoryRouter(device, own, clock) for device, own in places(regency).items()}
        self._box = Box(routers, clock)
        self._before, self._after = tuple(_ways(change.before)), tuple(_ways(change.after))
        self._known: dict[tuple[object, ...], Shapers] = {}

    def run(self, kinds: Sequence[Kind]) -> None:
        whole = self._begun()
        self._tally.changes += 1
        for kind in kinds:
            at = 0 if kind is Kind.NOTHING else self._random.randint(1, max(1, whole))
            lag, line = self._random.randint(1, _MOST_LATE), self._random.randint(1, _MOST_LINES)
            # Deaths before the trouble are those of a good wire, and nobody misses an answer in the moment of death.
            first = at + 1 if kind in (Kind.NOTHING, Kind.ANSWER_LOST, Kind.REQUEST_LOST) else at
            self._killed_after_each(Trouble(kind=kind, at=at, lag=lag, line=line), first)

    def _begun(self) -> int:
        """Carry the devices to what holds before; how many commands a run takes from there."""
        self._desk.recall("bare")
        first = run(self._box, self._desk.controller(self._change.before))
        assert first == "done", f"{self._name}: a run over a good wire ended in {first}"
        self._desk.close()
        self._desk.keep("begun")
        self._box.clock.moment = max(self._box.clock.moment, self._change.after.now)
        whole = self._box.twin()
        how = run(whole, self._desk.controller(self._change.after))
        assert how in ("done", "nothing"), f"{self._name}: a run over a good wire ended in {how}"
        self._desk.close()
        return whole.done

    def _killed_after_each(self, trouble: Trouble, first: int) -> None:
        number = count(first)

        def died(world: Box) -> None:
            self._tally.kills += 1
            self._examined(world, f"{self._name}: {trouble}, killed after {next(number)}")

        self._desk.recall("begun")
        box = self._box.twin()
        how = mortal(box, self._desk.controller(self._change.after), trouble, first, died)
        self._tally.ends += 1
        self._examined(box, f"{self._name}: {trouble}, ended {how}")

    def _examined(self, box: Box, told: str) -> None:
        self._desk.inherit()
        self._left_alone(box.twin(), told)
        self._begun_again(box, told)

    def _left_alone(self, box: Box, told: str) -> None:
        """Nobody comes; what was on the wire arrives at some time."""
        first = self._random.random() < 0.5
        if first:
            box.deliver()
        box.clock.sleep(self._change.after.arm_seconds + ALONE)
        states = {name: router.state() for name, router in box.routers.items()}
        box.deliver()
        ways = (*self._before, *self._after)
        for name, state in states.items():
            if state.armed:
                self._fault(f"{told}: left alone, {name} is still armed")
            if not any(_same(box, name, way) for way in ways):
                self._fault(f"{told}: left alone, {name} holds neither the one nor the other")
        box.clock.moment += _LONG
        ends = (self._before[-1], self._after[-1])
        for name in states:
            if not any(_same(box, name, way) for way in ends):
                self._fault(f"{told}: left alone for long, {name} has not returned")
        self._seen(box, told)

    def _begun_again(self, box: Box, told: str) -> None:
        box.clock.sleep(self._random.choice((0, 0, 20, 33, 40)))
        before = box.clock.now()
        controller = self._desk.heir(self._change.after)
        how = run(box, controller, tries=4)
        if how not in ("done", "nothing"):
            self._fault(f"{told}: begun again, it ended in {how}")
        box.deliver()
        if self._wanted(before) is not self._wanted(box.clock.now()):
            run(box, controller, tries=4)  # an edge was passed meanwhile: one more tick
        wanted = self._wanted(box.clock.now())
        for name, router in box.routers.items():
            if router.state().armed:
                self._fault(f"{told}: begun again, {name} is still armed")
            if not _same(box, name, wanted):
                self._fault(f"{told}: begun again, {name} does not hold what is wished")
        left = self._desk.left_running(self._change.after.regency.head.key)
        self._desk.close()
        if left:
            self._fault(f"{told}: begun again, {left} runs are on record as running")
        self._seen(box, told)

    def _wanted(self, now: datetime) -> Shapers:
        """What is wished at that time; the very same object while the same acts."""
        wish = self._change.after
        intent = intend(wish.regency, now, wish.boosts)
        acting = (intent.windows, intent.boosts)
        if acting not in self._known:
            self._known[acting] = wished(allocate(wish.regency, intent))
        return self._known[acting]

    def _seen(self, box: Box, told: str) -> None:
        self._tally.oversubscribed = max(self._tally.oversubscribed, box.oversubscribed)
        if box.oversubscribed:
            self._fault(f"{told}: promised {box.oversubscribed} bit/s too often")

    def _fault(self, told: str) -> None:
        self._tally.faults.append(told)


def _ways(wish: Wish) -> Iterator[Shapers]:
    """What the wish asks for, and then what is to follow by itself, end after end."""
    intent = intend(wish.regency, wish.now, wish.boosts)
    yield wished(allocate(wish.regency, intent))
    for turn in turnings(wish.regency, intent, wish.boosts, base(wish.regency, intent)):
        yield turn.shapers


def _same(box: Box, device: str, way: Shapers) -> bool:
    states = {device: box.routers[device].state()}
    return not make_plan(states, {device: way.get(device, {})}, detach=True).steps

"""The twin of a Linux router: a device in memory that holds what `tc` would hold and refuses what `tc` would refuse.

For machines without root or namespaces, for rehearsal, and for tests. It counts time by the clock that it is given,
fails on demand, and notes the worst oversubscription after every single line. Never opens anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal

from network.core.observed import ArmedTimer, Counter, DeviceState, Queue, ReturnTimer, ShaperState
from network.core.plan import QueueStep, RulesStep, ShaperStep, Step
from network.core.ports import Arm, Clock, Return
from network.core.sharing import LINUX_TC
from network.core.tree import NodeId, NodeKind, Place, ShaperId
from network.dialects.linux_shell import Answer, Verdict
from network.dialects.linux_tc import LinuxTc
from network.drivers.failures import failure, step_name
from network.drivers.memory_tree import Tree
from network.errors import DeviceUnreachable, SessionCut

_MISSING: Final = "RTNETLINK answers: No such file or directory"
_IN_USE: Final = "Error: HTB class in use."


@dataclass(slots=True)
class Faults:
    """What goes wrong next. `refuse_line` counts the lines to come from 1; it and `cut` happen once.

    `cut` ends the connection before a batch was sent whole, or after: then the device carries it out all the same.
    """

    unreachable: bool = False
    cut: Literal["before", "after"] | None = None
    refuse_line: int | None = None


class _LineRefused(Exception):
    def __init__(self, said: str, answer: Answer = Answer.REFUSED) -> None:
        super().__init__(said)
        self.said = said
        self.answer = answer


@dataclass(frozen=True, slots=True)
class _Pending:
    due: datetime
    name: str
    steps: tuple[Step, ...]
    run: str = ""

    def seconds_left(self, now: datetime) -> int:
        return max(0, int((self.due - now).total_seconds()))


class MemoryRouter:
    """The box. It outlives every connection to it, and goes back or returns by itself when its clock says so.

    `oversubscribed` is the most, in bit/s, by which guarantees have passed a ceiling above them after any line; `lines`
    counts the lines carried out. `foreign` may be filled with what somebody else made. `turn` counts what it was told or did
    by itself: what was sent for another turn is answered MOVED and not done.
    """

    def __init__(self, name: str, places: Mapping[ShaperId, Place], clock: Clock) -> None:
        self.name = name
        self.places = places
        self.faults = Faults()
        self.foreign: dict[ShaperId, tuple[str, ...]] = {}
        self.oversubscribed = 0
        self.lines = 0
        self.turn = 0
        self._clock = clock
        self._trees: dict[ShaperId, Tree] = {}
        self._armed: _Pending | None = None
        self._confirmed = ""
        self._returns: tuple[_Pending, ...] = ()
        self._left = False  # return timers under the run that holds the device

    def send(self, shaper: ShaperId, node: NodeId, traffic: Counter) -> None:
        """Traffic has passed a queue: added to its totals; the backlog is what waits now."""
        tree = self._trees[shaper]
        old = tree.counters[node]
        tree.counters[node] = Counter(
            old.bytes + traffic.bytes, old.packets + traffic.packets, old.drops + traffic.drops, traffic.backlog
        )

    def twin(self, clock: Clock) -> MemoryRouter:
        """Another box that holds just the same, and lives by another clock."""
        other = copy(self)
        trees = {shaper: tree.copy() for shaper, tree in self._trees.items()}
        vars(other).update(faults=Faults(), foreign=dict(self.foreign), _clock=clock, _trees=trees)
        return other

    def restart(self) -> None:
        """Power off and on, queues kept: a run that was armed goes back at once, return timers go on."""
        if self._armed:
            self._armed = replace(self._armed, due=self._clock.now())
        self.pass_time()

    def pass_time(self) -> None:
        """Do what has become due. A return waits while a run holds the device."""
        now = self._clock.now()
        if self._armed and self._armed.due <= now:
            armed, self._armed = self._armed, None
            self._forget_returns(armed.name)
            self._by_itself(armed)
        if self._armed:
            return
        due = sorted((one for one in self._returns if one.due <= now), key=lambda one: one.due)
        self._returns = tuple(one for one in self._returns if one.due > now)
        for one in due:
            self._by_itself(one)

    def _by_itself(self, what: _Pending) -> None:
        self.turn += 2
        self.run(what.steps, tolerant=True)

    def _forget_returns(self, run: str) -> None:
        self._returns, self._left = tuple(one for one in self._returns if one.run != run), False

    def state(self) -> DeviceState:
        self.pass_time()
        now = self._clock.now()
        return DeviceState(
            shapers=MappingProxyType(
                {
                    shaper: ShaperState(
                        queues=MappingProxyType(dict(tree.queues)),
                        rules=tree.rules,
                        foreign=self.foreign.get(shaper, ()),
                        counters=MappingProxyType(dict(tree.counters)),
                    )
                    for shaper, tree in self._trees.items()
                }
            ),
            armed=ArmedTimer(self._armed.name, self._armed.seconds_left(now)) if self._armed else None,
            returns=tuple(
                ReturnTimer(one.name, one.seconds_left(now)) for one in sorted(self._returns, key=lambda one: one.name)
            ),
            turn=self.turn,
        )

    def arm(self, arm: Arm) -> Verdict:
        self.pass_time()
        now = self._clock.now()
        if self._armed and self._armed.name != arm.run:
            return Verdict(Answer.ARMED, self._armed.seconds_left(now), self._armed.name)
        if arm.seen not in (None, self.turn):
            return Verdict(Answer.MOVED)
        if self._armed:
            self._forget_returns(arm.run)
            return self._done()
        self._armed = _Pending(now + timedelta(seconds=arm.seconds), arm.run, arm.restore)
        self._confirmed = ""
        return self._done()

    def carry(self, steps: Sequence[Step], run: str = "", turn: int | None = None) -> Verdict:
        """Carry out the steps, unless `run` is given and no longer armed, or `turn` is not the present one."""
        self.pass_time()
        if passed := self._passed(run, turn):
            return passed
        done = self._done()
        verdict = self.run(steps)
        return done if verdict.answer is Answer.DONE else verdict

    def confirm(self, run: str, turn: int | None = None) -> Verdict:
        self.pass_time()
        if self._confirmed == run:
            return Verdict(Answer.DONE, self.turn)
        if passed := self._passed(run, turn):
            return passed
        self._armed, self._confirmed = None, run
        if self._left:
            self._returns, self._left = tuple(one for one in self._returns if one.run == run), False
        return self._done()

    def leave(self, returns: Sequence[Return], run: str = "", turn: int | None = None) -> Verdict:
        self.pass_time()
        if passed := self._passed(run, turn):
            return passed
        now = self._clock.now()
        others = tuple(one for one in self._returns if run and one.run != run)
        new = tuple(_Pending(now + timedelta(seconds=one.seconds), one.name, one.steps, run) for one in returns)
        self._returns, self._left = (*others, *new), bool(run)
        return self._done()

    def _passed(self, run: str, turn: int | None) -> Verdict | None:
        """Why a command comes too late, if it does."""
        if run and (self._armed is None or self._armed.name != run):
            return Verdict(Answer.EXPIRED)
        return Verdict(Answer.MOVED) if turn not in (None, self.turn) else None

    def _done(self) -> Verdict:
        self.turn += 1
        return Verdict(Answer.DONE, self.turn)

    def run(self, steps: Sequence[Step], *, tolerant: bool = False) -> Verdict:
        """Carry out the steps in order; `tolerant` goes on after a refused line, as a device does by itself."""
        for number, step in enumerate(steps):
            for line in self._lines(step):
                try:
                    if not tolerant:
                        self._refuse_on_demand()
                    line()
                except _LineRefused as error:
                    if not tolerant:
                        return Verdict(error.answer, number, step_name(step), error.said)
                else:
                    self.lines += 1
        return Verdict(Answer.DONE)

    def _refuse_on_demand(self) -> None:
        left = self.faults.refuse_line
        if left is not None:
            self.faults.refuse_line = left - 1 if left > 1 else None
            if left <= 1:
                raise _LineRefused("Error: refused on demand.")

    def _lines(self, step: Step) -> Sequence[Callable[[], None]]:
        match step:
            case ShaperStep():
                return [lambda: self._attach(step.shaper) if step.attach else self._detach(step.shaper)]
            case RulesStep():
                return [lambda: self._point(step)]
            case QueueStep(after=None):
                return [lambda: self._remove(step.shaper, step.node)]
            case QueueStep(after=Queue(buffer=None)):
                return [lambda: self._class(step)]
            case QueueStep():
                return [lambda: self._class(step), lambda: self._leaf(step)]

    def _attach(self, shaper: ShaperId) -> None:
        if shaper not in self._trees and self.foreign.get(shaper):
            raise _LineRefused(self.foreign[shaper][0], Answer.FOREIGN)
        self._trees.setdefault(shaper, Tree())

    def _detach(self, shaper: ShaperId) -> None:
        if self.foreign.get(shaper):
            raise _LineRefused(self.foreign[shaper][0], Answer.FOREIGN)
        self._trees.pop(shaper, None)

    def _tree(self, shaper: ShaperId) -> Tree:
        if shaper not in self._trees:
            raise _LineRefused(_MISSING)
        return self._trees[shaper]

    def _point(self, step: RulesStep) -> None:
        self._tree(step.shaper).rules = step.after

    def _remove(self, shaper: ShaperId, node: NodeId) -> None:
        tree = self._trees.get(shaper)
        if tree is None or node not in tree.queues:
            return
        if any(queue.parent == node for queue in tree.queues.values()) or any(rule.leaf == node for rule in tree.rules):
            raise _LineRefused(_IN_USE)
        tree.drop(node)

    def _class(self, step: QueueStep) -> None:
        """`tc class`: another parent is passed over in silence, and a parent that is not there means none."""
        tree, after = self._tree(step.shaper), step.after
        assert after is not None
        held = tree.queues.get(after.node)
        if held is None and step.before is not None:
            raise _LineRefused(_MISSING)
        parent = held.parent if held else after.parent if after.parent in tree.queues else None
        buffer = held.buffer if held else None if after.buffer is None else 0
        floor = LINUX_TC.steps.floor
        self._put(
            tree,
            replace(after, parent=parent, guarantee=floor(after.guarantee), ceiling=floor(after.ceiling), buffer=buffer),
        )

    def _leaf(self, step: QueueStep) -> None:
        tree, after = self._tree(step.shaper), step.after
        assert after is not None
        if after.node not in tree.queues:
            raise _LineRefused(_MISSING)
        self._put(tree, replace(tree.queues[after.node], buffer=after.buffer))

    def _put(self, tree: Tree, queue: Queue) -> None:
        if queue.node.kind is NodeKind.UPLINK:
            queue = replace(queue, guarantee=queue.ceiling)
        self.oversubscribed = max(self.oversubscribed, tree.put(queue))


class MemoryDevice:
    """`network.core.ports.Device` on a MemoryRouter: one controller's connection to it."""

    def __init__(self, router: MemoryRouter) -> None:
        self._router = router
        self._dialect = LinuxTc()
        self._run = ""
        self._turn: int | None = None

    def observe(self) -> DeviceState:
        self._reach("observe")
        return self._router.state()

    def arm(self, arm: Arm) -> None:
        self._dialect.arm_script(arm, self._router.places)
        doing = f"arm {arm.run}"
        self._turn = self._judge(doing, self._over_wire(doing, lambda: self._router.arm(arm)), run=arm.run)
        self._run = arm.run

    def carry(self, steps: Sequence[Step]) -> None:
        if not steps:
            return
        run, turn = self._run, self._turn
        self._dialect.carry_script(steps, self._router.places, run, turn)
        doing = step_name(steps[0])
        verdict = self._over_wire(doing, lambda: self._router.carry(steps, run, turn), len(steps))
        reached = self._judge(doing, verdict, run=run, steps=steps)
        self._turn = reached if run else None

    def confirm(self, run: str) -> None:
        turn = self._turn if run == self._run else None
        self._dialect.confirm_script(run, turn)
        doing = f"confirm {run}"
        self._judge(doing, self._over_wire(doing, lambda: self._router.confirm(run, turn)), run=run)
        self._run, self._turn = "", None

    def leave(self, returns: Sequence[Return]) -> None:
        run, turn = self._run, self._turn
        self._dialect.leave_script(returns, self._router.places, run, turn)
        doing = "return timers"
        reached = self._judge(doing, self._over_wire(doing, lambda: self._router.leave(returns, run, turn)), run=run)
        self._turn = reached if run else None

    def close(self) -> None:
        """Nothing is held here."""

    def _reach(self, doing: str) -> None:
        if self._router.faults.unreachable:
            name = self._router.name
            raise DeviceUnreachable(
                "device.unreachable", device=name, step=doing, address="memory", reason="unreachable on demand"
            )

    def _over_wire(self, doing: str, work: Callable[[], Verdict], total: int = 1) -> Verdict:
        self._reach(doing)
        cut, self._router.faults.cut = self._router.faults.cut, None
        if cut != "before":
            verdict = work()
            if cut is None:
                return verdict
        raise SessionCut(
            f"device.cut_{'before' if cut == 'before' else 'during'}",
            device=self._router.name,
            step=doing,
            address="memory",
            total=total,
            reason="cut on demand",
        )

    def _judge(self, doing: str, verdict: Verdict, *, run: str = "", steps: Sequence[Step] = ()) -> int | None:
        if verdict.answer is Answer.EXPIRED:
            self._run, self._turn = "", None
        if verdict.answer is not Answer.DONE:
            raise failure(verdict, device=self._router.name, doing=doing, run=run, steps=steps)
        return verdict.number

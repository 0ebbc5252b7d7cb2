"""One plan being carried out: arm, lower, raise, point, read back, leave, confirm; and the way back when it fails.

What was sent may arrive late or twice. A device takes commands of the turn that it is at only, so a run arms it at the turn
at which its plan was made, and takes it anew before it goes back: what is still on its way then does nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar

from network.core.observed import DeviceState, ShaperState
from network.core.plan import Phase, Plan, make_plan, restore
from network.core.ports import Arm, Return
from network.core.tree import ShaperId
from network.errors import (
    ArmExpired,
    DeviceArmed,
    DeviceMoved,
    DeviceUnreachable,
    LajurError,
    LedgerError,
    NeedsPerson,
    RunReturned,
    SessionCut,
    StepRefused,
)
from network.services.hands import Hands, RunEvent, Stage

T = TypeVar("T")

_STAGE: Final = {
    Phase.LOWER: Stage.LOWERED,
    Phase.RAISE: Stage.RAISED,
    Phase.POINT: Stage.POINTED,
}

_PATIENCE: Final = 10
"""Seconds beyond a device's own timer for which we wait to see it back."""

_AGAIN: Final = 0.5
"""Seconds between two tries."""


@dataclass(slots=True, kw_only=True)
class Run:
    """`states` is what the devices showed at the beginning, `wished` what they are to show at the end.

    `returns` are the return timers to leave on each device; None when they stand already.
    """

    id: str
    hands: Hands
    plan: Plan
    states: Mapping[str, DeviceState]
    wished: Mapping[str, Mapping[ShaperId, ShaperState]]
    returns: Mapping[str, tuple[Return, ...]] | None
    began: float
    timings: dict[Stage, float] = field(default_factory=dict)
    _strange: set[str] = field(default_factory=set, init=False)
    _confirming: bool = field(default=False, init=False)

    def tell(self, stage: Stage, steps: int = 0) -> None:
        elapsed = self.hands.clock.monotonic() - self.began
        self.timings[stage] = elapsed
        self.hands.listen(RunEvent(run=self.id, stage=stage, elapsed=elapsed, steps=steps))

    @property
    def touched(self) -> list[str]:
        """The devices on which something is to be changed."""
        return sorted({step.device for step in self.plan.steps} | set(self.returns or ()))

    def carry_out(self, arm_seconds: int) -> None:
        """Every step of the plan, confirmed. Raises RunReturned, then nothing of the plan holds; or NeedsPerson."""
        try:
            deadline = self.hands.clock.monotonic() + arm_seconds + _PATIENCE
            self._arm(arm_seconds)
            for phase in Phase:
                self._phase(phase)
            self._read_back()
            self._leave()
            self._confirm(deadline)
        except (LajurError, KeyboardInterrupt) as cause:
            returned = self._go_back(cause, arm_seconds)
            if isinstance(cause, KeyboardInterrupt):
                raise
            if returned:
                raise RunReturned("run.returned", run=self.id, cause=cause) from cause

    def _arm(self, seconds: int) -> None:
        """Every device as it was when the plan was made; one that is not so any more is none of this run's."""

        def arm(name: str) -> None:
            try:
                self._take(name, seconds, self.states[name])
            except (DeviceArmed, DeviceMoved):
                self._strange.add(name)
                raise

        self._each(self.touched, arm)
        self._reached(Stage.ARMED, len(self.touched))

    def _take(self, name: str, seconds: int, seen: DeviceState) -> None:
        own = tuple(step for step in restore(self.plan) if step.device == name)
        self.hands.devices[name].arm(Arm(run=self.id, seconds=seconds, restore=own, seen=seen.turn))

    def _phase(self, phase: Phase) -> None:
        steps = [step for step in self.plan.steps if step.phase is phase]
        if not steps:
            return
        names = sorted({step.device for step in steps})
        self._each(names, lambda name: self.hands.devices[name].carry([step for step in steps if step.device == name]))
        self._reached(_STAGE[phase], len(steps))

    def _read_back(self) -> None:
        seen = self._observe(self.touched)
        rest = make_plan(seen, {name: self.wished[name] for name in seen})
        if rest.steps:
            step = rest.steps[0]
            raise StepRefused("run.read_back_differs", device=step.device, step=str(step.shaper), different=len(rest.steps))
        self._reached(Stage.READ_BACK)

    def _leave(self) -> None:
        """Set the return timers. A run that cannot leave them is not confirmed: the promise to return would be empty."""
        returns = self.returns
        if returns is not None:
            self._each(sorted(returns), lambda name: self.hands.devices[name].leave(returns[name]))
        self._reached(Stage.RETURN_LEFT)

    def _confirm(self, deadline: float) -> None:
        """Cancel the timers. The first device that is confirmed decides: from then on nothing is gone back from, because what a
        device returns to was made for what it holds. One that is not confirmed goes back by itself, and the next run carries
        it on."""
        self._confirming = True
        first, *rest = self.touched
        self._confirmed(first, deadline)
        self._each(rest, lambda name: self._confirmed(name, deadline))
        self._reached(Stage.CONFIRMED)

    def _confirmed(self, name: str, deadline: float) -> None:
        """Whether a device has heard it is not known when the answer is lost, so it is told again: it says the same to the
        second, and goes back by itself if it never hears any."""
        while True:
            try:
                return self.hands.devices[name].confirm(self.id)
            except ArmExpired:
                self._strange.add(name)  # it went back before it was told, and may have been another run's since
                raise
            except (SessionCut, DeviceUnreachable):
                if self.hands.clock.monotonic() >= deadline:
                    raise
            self.hands.clock.sleep(_AGAIN)

    def _go_back(self, cause: BaseException, arm_seconds: int) -> bool:
        """To the states of the beginning, proved by reading back; False when all devices turn out to be confirmed instead.

        Raises NeedsPerson when neither can be proved.
        """
        self.tell(Stage.GOING_BACK)
        deadline = self.hands.clock.monotonic() + arm_seconds + _PATIENCE
        last: LajurError | None = None
        while True:
            try:
                if self._confirming and self._decided(cause):
                    return False
                if self._back(arm_seconds):
                    break
            except NeedsPerson:
                raise
            except LajurError as error:
                last = error
            if self.hands.clock.monotonic() >= deadline:
                self._record("needs_person", cause)
                names = ", ".join(self.touched)
                raise NeedsPerson("run.needs_person", run=self.id, devices=names, cause=last or cause) from cause
            self.hands.clock.sleep(_AGAIN)
        self.tell(Stage.BACK)
        self._record("returned", cause)
        return True

    def _decided(self, cause: BaseException) -> bool:
        """Whether every device was confirmed, though not all could say so. Raises NeedsPerson when only some were: those that
        were not go back by themselves."""
        seen = self._observe(self.touched)
        confirmed = [name for name in self.touched if name not in self._strange and self._is_confirmed(name, seen[name])]
        if confirmed and len(confirmed) < len(self.touched):
            self._record("needs_person", cause)
            rest = ", ".join(name for name in self.touched if name not in confirmed)
            raise NeedsPerson("run.half_confirmed", run=self.id, devices=", ".join(confirmed), rest=rest, cause=cause) from cause
        return bool(confirmed)

    def _is_confirmed(self, name: str, seen: DeviceState) -> bool:
        """It holds what was wished and counts down what was left, with no timer of this run."""
        left = self.returns[name] if self.returns is not None and name in self.returns else None
        counts = left is None or {one.name for one in left} == {one.name for one in seen.returns}
        return seen.armed is None and counts and not make_plan({name: seen}, {name: self.wished[name]}).steps

    def _back(self, arm_seconds: int) -> bool:
        """One try: take the devices anew, plan from what is observed to the beginning, carry it out, read back, confirm."""
        names = self._ours(arm_seconds)
        before = {name: self.states[name].shapers for name in names}
        seen = self._observe(names)
        steps = make_plan(seen, before, detach=True).steps
        for phase in Phase:
            now = [step for step in steps if step.phase is phase]
            for name in sorted({step.device for step in now}):
                self.hands.devices[name].carry([step for step in now if step.device == name])
        seen = self._observe(names) if steps else seen
        if make_plan(seen, before, detach=True).steps:
            return False
        for name in names:
            self.hands.devices[name].confirm(self.id)
        return True

    def _ours(self, arm_seconds: int) -> list[str]:
        """The devices that are this run's to bring back, taken anew.

        One that is not armed for it any more has gone back by itself. One that shows the turn at which the plan was made was
        never armed; it is taken so that an arming which is still on its way comes too late.
        """
        names = [name for name in self.touched if name not in self._strange]
        seen, ours = self._observe(names), []
        for name in names:
            armed = seen[name].armed
            if armed and armed.run != self.id:
                continue
            if armed or seen[name].turn == self.states[name].turn:
                self._take(name, arm_seconds, seen[name])
                ours.append(name)
        return ours

    def _observe(self, names: Sequence[str]) -> dict[str, DeviceState]:
        return self._each(names, lambda name: self.hands.devices[name].observe())

    def _each(self, names: Sequence[str], work: Callable[[str], T]) -> dict[str, T]:
        return each(self.hands, names, work)

    def _reached(self, stage: Stage, steps: int = 0) -> None:
        self.hands.ledger.mark(self.id, stage.value, self.hands.clock.now())
        self.tell(stage, steps)

    def _record(self, result: str, cause: BaseException) -> None:
        # The devices come first: a ledger that cannot write must not hide what became of them.
        with suppress(LedgerError):
            self.hands.ledger.finish(self.id, result, self.hands.clock.now(), detail=str(cause))


def each(hands: Hands, names: Sequence[str], work: Callable[[str], T]) -> dict[str, T]:
    """`work` on every device at once; raises the first device's error after all have ended."""
    results = hands.runner.each(names, work)
    values: dict[str, T] = {}
    for name in names:
        result = results[name]
        if isinstance(result, LajurError):
            raise result
        values[name] = result
    return values

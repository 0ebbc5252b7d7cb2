"""One plan being carried out: arm, lower, raise, point, read back, confirm; and the way back when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar

from network.core.observed import DeviceState, ShaperState
from network.core.plan import Phase, Plan, make_plan, restore
from network.core.ports import Arm, Return
from network.core.tree import ShaperId
from network.errors import ArmExpired, LajurError, LedgerError, NeedsPerson, RunReturned, StepRefused
from network.services.hands import Hands, RunEvent, Stage

T = TypeVar("T")

_STAGE: Final = {
    Phase.LOWER: Stage.LOWERED,
    Phase.RAISE: Stage.RAISED,
    Phase.POINT: Stage.POINTED,
}

_PATIENCE: Final = 10
"""Seconds beyond a device's own timer for which we wait to see it back."""


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

    def tell(self, stage: Stage, steps: int = 0) -> None:
        elapsed = self.hands.clock.monotonic() - self.began
        self.timings[stage] = elapsed
        self.hands.listen(RunEvent(run=self.id, stage=stage, elapsed=elapsed, steps=steps))

    def carry_out(self, arm_seconds: int) -> None:
        """Every step of the plan, confirmed. Raises RunReturned or NeedsPerson; then nothing of the plan holds."""
        try:
            self._arm(arm_seconds)
            for phase in Phase:
                self._phase(phase)
            self._read_back()
            self.leave()
            self._confirm()
        except (LajurError, KeyboardInterrupt) as cause:
            self._go_back(cause, arm_seconds)
            if isinstance(cause, KeyboardInterrupt):
                raise
            raise RunReturned("run.returned", run=self.id, cause=cause) from cause

    def _arm(self, seconds: int) -> None:
        back = restore(self.plan)
        self._each(
            self._touched(),
            lambda name: self.hands.devices[name].arm(
                Arm(run=self.id, seconds=seconds, restore=tuple(step for step in back if step.device == name))
            ),
        )
        self._reached(Stage.ARMED, len(self._touched()))

    def _phase(self, phase: Phase) -> None:
        steps = [step for step in self.plan.steps if step.phase is phase]
        if not steps:
            return
        names = sorted({step.device for step in steps})
        self._each(names, lambda name: self.hands.devices[name].carry([step for step in steps if step.device == name]))
        self._reached(_STAGE[phase], len(steps))

    def _read_back(self) -> None:
        seen = self._observe(self._touched())
        rest = make_plan(seen, self.wished)
        if rest.steps:
            step = rest.steps[0]
            raise StepRefused("run.read_back_differs", device=step.device, step=str(step.shaper), different=len(rest.steps))
        self._reached(Stage.READ_BACK)

    def leave(self) -> None:
        """Set the return timers. A run that cannot leave them is not confirmed: the promise to return would be empty."""
        if self.returns is None:
            return
        returns = self.returns
        self._each(sorted(returns), lambda name: self.hands.devices[name].leave(returns[name]))
        self.tell(Stage.RETURN_LEFT)

    def _confirm(self) -> None:
        self._each(self._touched(), lambda name: self.hands.devices[name].confirm(self.id))
        self._reached(Stage.CONFIRMED)

    def _go_back(self, cause: BaseException, arm_seconds: int) -> None:
        """To the states of the beginning, proved by reading back. Raises NeedsPerson when that cannot be proved."""
        self.tell(Stage.GOING_BACK)
        deadline = self.hands.clock.monotonic() + arm_seconds + _PATIENCE
        last: LajurError | None = None
        while True:
            try:
                if self._back():
                    break
            except LajurError as error:
                last = error
            if self.hands.clock.monotonic() >= deadline:
                self._record("needs_person", cause)
                names = ", ".join(self._touched())
                raise NeedsPerson("run.needs_person", run=self.id, devices=names, cause=last or cause) from cause
            self.hands.clock.sleep(0.5)
        self.tell(Stage.BACK)
        self._record("returned", cause)

    def _back(self) -> bool:
        """One try: plan from what is observed to the beginning, carry it out, read back, cancel the timers."""
        names = self._touched()
        seen = self._observe(names)
        before = {name: self.states[name].shapers for name in names}
        steps = make_plan(seen, before, detach=True).steps
        for phase in Phase:
            now = [step for step in steps if step.phase is phase]
            for name in sorted({step.device for step in now}):
                self.hands.devices[name].carry([step for step in now if step.device == name])
        seen = self._observe(names) if steps else seen
        if make_plan(seen, before, detach=True).steps:
            return False
        for name in names:
            armed = seen[name].armed
            if armed and armed.run == self.id:
                try:
                    self.hands.devices[name].confirm(self.id)
                except ArmExpired:
                    return False
        return True

    def _touched(self) -> list[str]:
        return sorted({step.device for step in self.plan.steps})

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

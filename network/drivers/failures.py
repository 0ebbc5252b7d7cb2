"""What went wrong on a device, as the errors of `network.errors`: the same for the real driver and its twin.

Decides nothing; never hides an answer that it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence

from network.core.plan import QueueStep, RulesStep, ShaperStep, Step
from network.dialects.linux_shell import Answer, Verdict
from network.errors import ArmExpired, DeviceArmed, DeviceError, DeviceMoved, StepRefused


def step_name(step: Step) -> str:
    """A step as a person looks for it in a plan: `domestic/up leaf:7`."""
    match step:
        case ShaperStep():
            return f"{step.shaper} {'attach' if step.attach else 'detach'}"
        case RulesStep():
            return f"{step.shaper} rules"
        case QueueStep():
            return f"{step.shaper} {step.node}"


def lacking(device: str, doing: str, what: str) -> DeviceError:
    return StepRefused("device.lacks", device=device, step=doing, what=what)


def unreadable(device: str, doing: str, reason: str) -> DeviceError:
    return DeviceError("device.unreadable", device=device, step=doing, reason=reason)


def failure(verdict: Verdict, *, device: str, doing: str, run: str = "", steps: Sequence[Step] = ()) -> DeviceError:
    """The error for a verdict other than done. `doing` names the operation, `steps` are those of the batch."""
    match verdict.answer:
        case Answer.ARMED:
            seconds = verdict.number or 0
            return DeviceArmed("device.armed", device=device, step=doing, run=verdict.words or "?", seconds=seconds)
        case Answer.EXPIRED:
            return ArmExpired("device.expired", device=device, step=doing, run=run)
        case Answer.MOVED:
            return DeviceMoved("device.moved", device=device, step=doing)
        case Answer.LACKS:
            return lacking(device, doing, verdict.words)
        case _:
            return _refused(verdict, device, doing, steps)


def _refused(verdict: Verdict, device: str, doing: str, steps: Sequence[Step]) -> DeviceError:
    if not steps:
        return StepRefused("device.record_refused", device=device, step=doing, line=verdict.words)
    held = verdict.number if verdict.number is not None and verdict.number < len(steps) else 0
    return StepRefused(
        "device.foreign" if verdict.answer is Answer.FOREIGN else "device.refused",
        device=device,
        step=step_name(steps[held]),
        line=verdict.words,
        said=verdict.said,
        held=held,
        total=len(steps),
    )

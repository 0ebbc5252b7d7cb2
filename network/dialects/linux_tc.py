"""Linux HTB by `tc`: the dialect of a router whose queues the kernel keeps.

One HTB root `1:` for each shaper: on the way out of the uplink interface, or on an ifb to which incoming traffic is
redirected. Text in, text out; never runs anything and knows nothing of the connection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from network.core.observed import DeviceState
from network.core.plan import Step
from network.core.ports import Arm, Return
from network.core.tree import Place, ShaperId
from network.dialects import linux_steps, linux_tc_read, linux_timers
from network.dialects.linux_shell import script


class LinuxTc:
    """`network.core.ports.Dialect` for Linux. Every script is for one `sh` on a device, as root.

    Rendering raises ValueError for what no device could carry out (an id that does not fit, a queue that would change
    its parent, a name that may not stand in a command): a mistake of ours, never a device's.
    """

    def observe_script(self, places: Mapping[ShaperId, Place]) -> str:
        return linux_tc_read.observe_script(places)

    def observed(self, text: str, places: Mapping[ShaperId, Place]) -> DeviceState:
        """Raises Unreadable or Lacking of `linux_shell`."""
        return linux_tc_read.observed(text, places)

    def carry_script(
        self, steps: Sequence[Step], places: Mapping[ShaperId, Place], run: str = "", turn: int | None = None
    ) -> str:
        body = f'need tc ip flock\n{linux_timers.held_by(run, turn)}\n{linux_steps.render(steps, places)}\nsay done "$turn"'
        return script(body, functions=f"{linux_steps.FUNCTIONS}{linux_timers.TURNS}")

    def arm_script(self, arm: Arm, places: Mapping[ShaperId, Place]) -> str:
        return linux_timers.arm_script(arm.run, arm.seconds, _unattended(arm.restore, places), arm.seen)

    def confirm_script(self, run: str, turn: int | None = None) -> str:
        return linux_timers.confirm_script(run, turn)

    def leave_script(
        self, returns: Sequence[Return], places: Mapping[ShaperId, Place], run: str = "", turn: int | None = None
    ) -> str:
        scripts = [(one.name, one.seconds, _unattended(one.steps, places)) for one in returns]
        return linux_timers.leave_script(scripts, run, turn)


def _unattended(steps: Sequence[Step], places: Mapping[ShaperId, Place]) -> str:
    """What the device runs by itself: every line on its own, so that one absent thing does not keep the rest away."""
    return script(linux_steps.render(steps, places, tolerant=True), functions=linux_steps.FUNCTIONS)

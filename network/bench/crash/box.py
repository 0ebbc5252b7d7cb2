"""The devices of one trial in a process of their own, and the wire between them and a controller in another.

The wire does to one command what wires do; the box can kill the controller after any command. Time passes only when the
controller sleeps or the trial says so. Everything that happens here is decided by the trial's own random numbers.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any, Final

from network.clock import StepClock
from network.core.observed import DeviceState
from network.dialects.linux_shell import Verdict
from network.drivers.memory import MemoryRouter

COMMANDS: Final = frozenset({"arm", "carry", "confirm", "leave"})
"""What is counted, spoilt and killed after; looking is not."""

ENDED: Final = "ended"
"""What a controller says last, with how it ended."""

DYING: Final = "dying"
"""What a copy of a controller says: its process, and the command after which it is to die."""

LOST: Final = "lost"
"""What the wire gives back instead of an answer when there is none."""


class Kind(StrEnum):
    """What the wire does to a command."""

    NOTHING = "nothing"
    ANSWER_LOST = "answer lost"
    REQUEST_LOST = "request lost"
    LATE = "late"
    TWICE = "twice"
    CUT = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """`kind` befalls the command number `at` (from 1). What is late or comes twice arrives `lag` messages later; a batch is cut
    after `line` lines, and nobody hears of it."""

    kind: Kind
    at: int
    lag: int = 0
    line: int = 0


UNTROUBLED: Final = Trouble(kind=Kind.NOTHING, at=0)


@dataclass(frozen=True, slots=True)
class _Late:
    """A command that is still on the wire for so many messages."""

    lag: int
    verb: str
    device: str
    arguments: tuple[Any, ...]


class Box:
    """`routers` by device, and the clock that they live by."""

    def __init__(self, routers: Mapping[str, MemoryRouter], clock: StepClock, late: tuple[_Late, ...] = ()) -> None:
        self.routers = routers
        self.clock = clock
        self.done = 0
        self._late = late
        self.trouble = UNTROUBLED

    def twin(self) -> Box:
        """The same devices at the same moment in another world; what is still on the wire is on its way there too."""
        clock = StepClock(self.clock.moment)
        routers = {name: router.twin(clock) for name, router in self.routers.items()}
        return Box(routers, clock, tuple(self._late))

    @property
    def oversubscribed(self) -> int:
        """The most, in bit/s, that was ever promised too often below a ceiling of any device."""
        return max(router.oversubscribed for router in self.routers.values())

    def serve(self, wire: Connection, trouble: Trouble, died: Callable[[Box], None]) -> str:
        """Answer a controller until it says how it ended.

        What it sends from a copy of itself that is to die is carried out in a world of its own, which `died` is given when the
        copy has been killed.
        """
        self.done, self.trouble = 0, trouble
        try:
            while True:
                message = wire.recv()
                if message[0] == ENDED:
                    return str(message[1])
                if message[0] == DYING:
                    died(self._killed(*message[1:]))
                    continue
                answer = self.answer(message)
                wire.send(_portable(answer) if isinstance(answer, DeviceState) else answer)
        finally:
            self.trouble = UNTROUBLED

    def _killed(self, pid: int, command: tuple[Any, ...]) -> Box:
        """The world in which the process `pid` dies as soon as its command has been carried out."""
        world = self.twin()
        world.done, world.trouble = self.done, self.trouble
        # Whether the answer gets away before the end does not matter: nobody is there to read it.
        world.answer(command)
        os.kill(pid, signal.SIGKILL)
        world.trouble = UNTROUBLED
        return world

    def deliver(self) -> None:
        """All that is still on the wire arrives, in the order in which it was sent."""
        late, self._late = self._late, ()
        for each in late:
            self._carried_out(each.verb, each.device, each.arguments)

    def answer(self, message: tuple[Any, ...]) -> object:
        """What the controller is told; LOST when it is told nothing."""
        said, *arguments = message
        self._pass()
        match said:
            case "sleep":
                self.clock.sleep(arguments[0])
                return None
            case "state":
                return self.routers[arguments[0]].state()
            case _:
                return self._command(said, *arguments)

    def _pass(self) -> None:
        """One more message: what was late may arrive."""
        due = [each for each in self._late if each.lag <= 1]
        self._late = tuple(replace(each, lag=each.lag - 1) for each in self._late if each.lag > 1)
        for each in due:
            self._carried_out(each.verb, each.device, each.arguments)

    def _command(self, verb: str, device: str, *arguments: Any) -> object:
        self.done += 1
        trouble = self.trouble
        if self.done != trouble.at or trouble.kind is Kind.NOTHING:
            return self._carried_out(verb, device, arguments)
        if trouble.kind in (Kind.LATE, Kind.TWICE):
            self._late = (*self._late, _Late(trouble.lag, verb, device, arguments))
        match trouble.kind:
            case Kind.TWICE:
                return self._carried_out(verb, device, arguments)
            case Kind.CUT if verb == "carry":
                faults = self.routers[device].faults
                faults.refuse_line = trouble.line
                self._carried_out(verb, device, arguments)
                faults.refuse_line = None
            case Kind.ANSWER_LOST | Kind.CUT:
                self._carried_out(verb, device, arguments)
        return LOST

    def _carried_out(self, verb: str, device: str, arguments: tuple[Any, ...]) -> Verdict:
        verdict: Verdict = getattr(self.routers[device], verb)(*arguments)
        return verdict


def _portable(state: DeviceState) -> DeviceState:
    """The same with mappings that can be sent to another process."""
    shapers = {
        shaper: replace(each, queues=dict(each.queues), counters=dict(each.counters)) for shaper, each in state.shapers.items()
    }
    return replace(state, shapers=shapers)

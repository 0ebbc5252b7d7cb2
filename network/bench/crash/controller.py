"""A controller: the real run over the real record, with devices at the other end of a wire.

One that is to be killed lives in a process of its own. What comes after it starts from nothing but the record and the devices,
so it need not: it is the same code over the same wire, with nothing in between.
"""

from __future__ import annotations

import gc
import os
import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar, cast

from network.bench.crash.box import COMMANDS, DYING, ENDED, LOST, Box, Trouble
from network.clock import StepClock
from network.core.observed import DeviceState
from network.core.plan import Step
from network.core.ports import Arm, Heard, Return
from network.core.tree import Place, ShaperId
from network.dialects.linux_shell import Verdict
from network.drivers.memory import MemoryDevice, MemoryRouter
from network.errors import LajurError, SessionCut
from network.ledger.store import SqlLedger
from network.runners.threads import ThreadRunner
from network.services.apply import Wish, apply
from network.services.hands import Hands

T = TypeVar("T")


class _Wire:
    """One question at a time to the box; also the clock of whoever lives by it, which shows what the box's does."""

    def __init__(self, ask: Callable[[tuple[object, ...]], Any], clock: StepClock) -> None:
        self.ask = ask
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self.ask(("sleep", seconds))


class _Mortal:
    """The way to a box in another process. From the command number `first` on, each is sent by a copy of this process first,
    which dies of it: the controller is killed after every command, and what it was goes on."""

    def __init__(self, connection: Connection, clock: StepClock, first: int) -> None:
        self._connection, self._clock, self._first, self._done = connection, clock, first, 0

    def __call__(self, message: tuple[object, ...]) -> Any:
        if message[0] == "sleep":  # the clock of this process is carried along with the box's
            self._clock.sleep(cast(float, message[1]))
        if message[0] in COMMANDS:
            self._done += 1
            if self._done >= self._first:
                self._die(message)
        self._connection.send(message)
        return self._connection.recv()

    def _die(self, message: tuple[object, ...]) -> None:
        pid = os.fork()
        if pid == 0:
            self._connection.send((DYING, os.getpid(), message))
            signal.pause()
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), "a copy lives until it is killed"


class _InTurn(ThreadRunner):
    """One device after the other, in one thread, so that the same trial is the same trial again."""

    def each(
        self, devices: Sequence[str], work: Callable[[str], T], heard: Heard[T] | None = None
    ) -> Mapping[str, T | LajurError]:
        found = {}
        for device in devices:
            found[device] = self._one(device, work)
            if heard is not None:
                heard(device, found[device])
        return found

    @staticmethod
    def _one(device: str, work: Callable[[str], T]) -> T | LajurError:
        try:
            return work(device)
        except LajurError as error:
            return error


class _Far(MemoryRouter):
    """A box at the other end of a wire. Raises SessionCut when there is no answer."""

    def __init__(self, name: str, places: Mapping[ShaperId, Place], wire: _Wire) -> None:
        super().__init__(name, places, wire)
        self._wire = wire

    def state(self) -> DeviceState:
        state: DeviceState = self._wire.ask(("state", self.name))
        return state

    def arm(self, arm: Arm) -> Verdict:
        return self._told("arm", arm)

    def carry(self, steps: Sequence[Step], run: str = "", turn: int | None = None) -> Verdict:
        return self._told("carry", tuple(steps), run, turn)

    def confirm(self, run: str, turn: int | None = None) -> Verdict:
        return self._told("confirm", run, turn)

    def leave(self, returns: Sequence[Return], run: str = "", turn: int | None = None) -> Verdict:
        return self._told("leave", tuple(returns), run, turn)

    def _told(self, verb: str, *arguments: object) -> Verdict:
        answer = self._wire.ask((verb, self.name, *arguments))
        if answer == LOST:
            raise SessionCut("device.silent", device=self.name, step=verb, address="box", seconds=20, total=1)
        verdict: Verdict = answer
        return verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """What a controller is made of. `ledger` has no connection open: each child opens its own. `locks`: a folder."""

    ledger: SqlLedger
    locks: Path
    wish: Wish


def run(box: Box, controller: Controller, *, tries: int = 1) -> str:
    """Carry the devices of `box` to the wish: the result of the run, or the code of its error. With `tries` it begins again after
    an error, as the service does."""
    wire = _Wire(box.answer, box.clock)
    return _tried(lambda: _run(wire, box, controller), wire, tries)


def mortal(box: Box, controller: Controller, trouble: Trouble, first: int, died: Callable[[Box], None]) -> str:
    """The same in a process of its own, killed after every command from the number `first` on; how it ends when it lives."""
    here, there = Pipe()
    pid = os.fork()
    if pid == 0:
        here.close()
        _live(there, box, controller, first)
    there.close()
    try:
        return box.serve(here, trouble, died)
    finally:
        here.close()
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0, "a controller that is not killed ends by itself"


def _live(connection: Connection, box: Box, controller: Controller, first: int) -> None:
    gc.disable()  # it does not live long enough to need it
    wire, code = _Wire(_Mortal(connection, box.clock, first), box.clock), 1
    try:
        connection.send((ENDED, _tried(lambda: _run(wire, box, controller), wire, 1)))
        code = 0
    except BaseException:
        traceback.print_exc()  # nobody above: this process has been only this
        raise
    finally:
        os._exit(code)


def _run(wire: _Wire, box: Box, controller: Controller) -> str:
    devices = {name: MemoryDevice(_Far(name, router.places, wire)) for name, router in box.routers.items()}
    hands = Hands(devices=devices, ledger=controller.ledger, clock=wire, runner=_InTurn(controller.locks))
    return apply(replace(controller.wish, renew=partial(_present, wire)), hands).result


def _present(wire: _Wire, wish: Wish) -> Wish:
    return replace(wish, now=wire.now())


def _tried(work: Callable[[], str], wire: _Wire, tries: int) -> str:
    while True:
        try:
            return work()
        except LajurError as error:
            tries -= 1
            if not tries:
                return error.code
            wire.sleep(2)

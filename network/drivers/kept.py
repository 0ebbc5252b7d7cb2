"""A twin that remembers: what it holds outlives the command, in one file a device, as the steps that lead there.

Never keeps timers: those end with the process, and the next run converges.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from network.core import codec
from network.core.observed import DeviceState
from network.core.plan import Step, make_plan
from network.core.ports import Clock
from network.core.tree import Place, ShaperId
from network.drivers.memory import MemoryDevice, MemoryRouter
from network.errors import LedgerError


class KeptDevice(MemoryDevice):
    """Reads its file whenever it is observed and writes it whenever it was changed, so that a run that holds the device's
    lock sees what the run before it left."""

    def __init__(self, name: str, places: Mapping[ShaperId, Place], clock: Clock, folder: Path) -> None:
        super().__init__(MemoryRouter(name, places, clock))
        self._name, self._places, self._clock = name, places, clock
        self._file = folder / f"{name}.json"
        self._text = ""

    def observe(self) -> DeviceState:
        self._recall()
        return super().observe()

    def carry(self, steps: Sequence[Step]) -> None:
        try:
            super().carry(steps)
        finally:
            self._keep()

    def _recall(self) -> None:
        """Raises LedgerError for a file that cannot be read; it is left for a person."""
        try:
            text = self._file.read_text(encoding="utf-8")
            if text == self._text:
                return
            steps = tuple(codec.decode_step(step) for step in _listed(json.loads(text)))
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise LedgerError("memory.unreadable", file=str(self._file)) from error
        router = MemoryRouter(self._name, self._places, self._clock)
        MemoryDevice(router).carry(steps)
        self._router, self._text = router, text

    def _keep(self) -> None:
        state = self._router.state()
        plan = make_plan({self._name: DeviceState(shapers={})}, {self._name: state.shapers})
        text = json.dumps([codec.encode_step(step) for step in plan.steps])
        part = self._file.with_suffix(".part")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8")
            part.replace(self._file)
        except OSError as error:
            raise LedgerError("memory.unwritable", file=str(self._file), reason=error.strerror or str(error)) from error
        self._text = text


def _listed(written: Any) -> list[Any]:
    if not isinstance(written, list):
        raise TypeError("not a list of steps")
    return written

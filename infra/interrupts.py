"""What an interrupt does to this process: the engine is asked to stop, and is waited for."""

from __future__ import annotations

import signal
import subprocess
import threading
from types import FrameType
from typing import Final

_PATIENT: Final = 2
"""How many interrupts the engine may answer in its own way; the next one ends it."""


class Interrupts:
    """SIGINT and SIGTERM to this process, handed on to the command that runs. `install` in the main thread."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[str] | None = None
        self.count = 0

    def install(self) -> None:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self._running is None:
            raise KeyboardInterrupt
        self._running.send_signal(signal.SIGINT if self.count <= _PATIENT else signal.SIGKILL)

    def wait(self, process: subprocess.Popen[str], *streams: threading.Thread) -> None:
        """Until it has ended and said everything, however often we are interrupted meanwhile."""
        self._running = process
        try:
            if self.count:  # between its start and now
                process.send_signal(signal.SIGINT)
            for stream in streams:
                stream.join()
            process.wait()
        finally:
            self._running = None

"""Requests to stop that are noted while something must not be torn apart, instead of raising wherever the program just is."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class Interrupts:
    """How often we were asked to stop."""

    count: int = 0


@contextmanager
def noted() -> Iterator[Interrupts]:
    """Note what would raise KeyboardInterrupt here; what somebody else has a use for, or ignores, is left as it is.

    Only the main thread hears of signals: in any other nothing is noted.
    """
    interrupts = Interrupts()

    def note(*_: Any) -> None:
        interrupts.count += 1

    with ExitStack() as restored:
        if threading.current_thread() is threading.main_thread():
            for each in _SIGNALS:
                if signal.getsignal(each) is signal.default_int_handler:
                    restored.callback(signal.signal, each, signal.signal(each, note))
        yield interrupts

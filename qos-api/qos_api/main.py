"""What the command starts: the services of these regencies, their loops, and the door in front of them."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event
from typing import Final

from network.serving import serving
from network.settings import Settings
from qos_api import logs, manager, server
from qos_api.routes import ROUTERS
from qos_api.served import Served

TURN: Final = 0.0005
"""Seconds for which one thread may compute while others wait: a keeper's round of planning must not hold up a read."""


def run(
    settings: Settings,
    keys: Sequence[str],
    *,
    via: str = "auto",
    at: datetime | None = None,
    ready: Callable[[str], None] | None = None,
    stop: Event | None = None,
) -> None:
    """Serve until SIGINT, SIGTERM or `stop`. Raises, before anything listens, what opening the grounds or the door raises."""
    sys.setswitchinterval(TURN)
    _stay_on_one_core()
    # Before the loops begin: what they say first is a line of the log like any other.
    logs.configure(language=server.options_of(settings).language)

    def answering(address: str) -> None:
        manager.tell("READY=1")
        if ready is not None:
            ready(address)

    with serving(settings, keys, via=via, at=at) as opened, opened.working():
        gc.freeze()  # what is loaded by now stays, and need not be looked through again and again
        server.run(settings, Served(opened), ROUTERS, ready=answering, stop=stop)


def _stay_on_one_core() -> None:
    """This thread and all that it will start. One of them computes at a time whatever the machine has, and on several cores they
    hand the interpreter to each other across them: that costs a fifth of the time, and doubles the slowest answers."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})

"""How late the first command reaches a device after a window opens, by the keeper's own loop on the lab."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from threading import Event, Thread
from typing import Final

from inventory.regency import Regency
from network import wiring
from network.bench.rows import Row
from network.bench.scene import Scene, story
from network.core import calendar
from network.errors import LabError
from network.services.keeper import Keeper

OPENINGS: Final = 24
AHEAD: Final = timedelta(seconds=6)
"""So long before an opening the clock is set: time enough to carry the devices back to what held before it."""

PATIENCE: Final = 60.0
BAR: Final = 1.0


def measure(scene: Scene, report: Callable[[Row], None]) -> None:
    """Rows `slot.*`: every opening on another day, all offices, both uplinks; the clock runs as fast as the real one."""
    days = list(islice(_openings(scene.regency), OPENINGS))
    scene.clock.set(days[0] - AHEAD)
    with _keeping(scene) as keeper:
        late = [_opened(scene, keeper, at) for at in days]
    value = sorted(late)[math.ceil(0.95 * len(late)) - 1]
    what = f"p95 of {len(late)} openings: from the edge to the timer armed on the device, which is the first command"
    report(Row(id="slot.late", what=what, value=value, unit="s", bar=BAR, direction="<=", holds=value <= BAR, samples=late))


def _openings(regency: Regency) -> Iterator[datetime]:
    first = story(regency)
    window = next(each for each in regency.windows if each.key == first.window)
    for each in calendar.occurrences(window, regency, first.start, first.start + timedelta(days=366)):
        yield each.start


@contextmanager
def _keeping(scene: Scene) -> Iterator[Keeper]:
    """The loop of `lajur serve`, and nothing else of it."""
    stop = Event()
    with wiring.ground(scene.settings, scene.regency, via="lab", lab_id=scene.lab.plan.lab, clock=scene.clock) as ground:
        keeper = Keeper(ground.desk, ground.hands)
        thread = Thread(target=keeper.run, args=(stop.is_set,), name="keeper")
        thread.start()
        try:
            yield keeper
        finally:
            stop.set()
            thread.join()


def _opened(scene: Scene, keeper: Keeper, at: datetime) -> float:
    """Seconds by which the opening at that moment was late."""
    known = len(keeper.pulse.late)
    scene.clock.set(at - AHEAD)
    end = time.monotonic() + PATIENCE
    while len(keeper.pulse.late) == known:
        if time.monotonic() > end:
            raise LabError("bench.slot", at=at.isoformat(), seconds=PATIENCE) from keeper.pulse.error
        time.sleep(0.05)
    return keeper.pulse.late[-1]

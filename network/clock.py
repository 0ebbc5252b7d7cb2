"""The wall clock, read here and nowhere else."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.perf_counter()

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))


class SimulatedClock(SystemClock):
    """Runs as fast as the real one from a moment of choice, and can be set: a demo opens a window at any date."""

    def __init__(self, start: datetime) -> None:
        self._shift = start.astimezone(UTC) - super().now()

    def now(self) -> datetime:
        return super().now() + self._shift

    def set(self, moment: datetime) -> None:
        """Make `moment` (aware) the present."""
        self._shift = moment.astimezone(UTC) - super().now()

    def advance(self, duration: timedelta) -> None:
        self._shift += duration


class StepClock:
    """Stands still but for sleeping: time passes only when somebody lets it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)

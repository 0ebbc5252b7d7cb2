"""The SNMP meter as the watch over links uses it: devices by key, and none asked twice at a time.

The budgets of time and requests of each device, and the lanes that keep a dead one out of the way, are the meter's own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

from network.core.rates import InterfaceReading
from network.errors import LajurError
from network.telemetry.snmp import SnmpMeter, SnmpTarget


class Fleet:
    """`network.core.watch_ports.LinkMeter`: the targets of one regency, asked by the one engine of the process."""

    def __init__(self, meter: SnmpMeter, targets: Sequence[SnmpTarget]) -> None:
        self._meter = meter
        self._targets = {target.device: target for target in targets}
        self._asked: set[str] = set()
        self._lock = threading.Lock()

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(self._targets)

    def ask(
        self,
        devices: Sequence[str],
        heard: Callable[[str, InterfaceReading | LajurError], None],
        late: Callable[[str], None],
    ) -> None:
        """Devices that answer no SNMP are nobody's question and never heard."""
        with self._lock:
            wanted = [self._targets[name] for name in devices if name in self._targets and name not in self._asked]
            self._asked.update(target.device for target in wanted)
        self._meter.ask(wanted, partial(self._heard, heard), late)

    def _heard(
        self, heard: Callable[[str, InterfaceReading | LajurError], None], device: str, found: InterfaceReading | LajurError
    ) -> None:
        with self._lock:
            self._asked.discard(device)
        heard(device, found)

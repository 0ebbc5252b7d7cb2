"""What every link carries: who is asked, and what is told of a link that says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from inventory.load import SHIPPED, load_regency
from network.clock import StepClock
from network.core.rates import InterfaceReading, InterfaceTotals
from network.errors import LajurError, MeterError
from network.services.link_totals import LinkLine, link_totals

REGENCY = load_regency(SHIPPED / "tolikara")
LINK = REGENCY.links[0]
NEAR, FAR = LINK.ends

Said = Mapping[str, tuple[str, ...] | None]
"""By device, the interfaces that it has; None: it does not answer."""


class Meter:
    def __init__(self, clock: StepClock, said: Said) -> None:
        self._clock, self._said = clock, said

    def read(self) -> Mapping[str, InterfaceReading | LajurError]:
        return {device: self._reading(device, names) for device, names in self._said.items()}

    def _reading(self, device: str, names: tuple[str, ...] | None) -> InterfaceReading | LajurError:
        if names is None:
            return MeterError("meter.silent", device=device, step="snmp", address="192.0.2.1", port=161, user="lajur")
        now = self._clock.monotonic()
        totals = InterfaceTotals(received=round(now) * 1000, sent=round(now) * 2000, uptime=round(now * 100))
        return InterfaceReading(device=device, taken=now, interfaces=dict.fromkeys(names, totals))


def line(said: Said) -> LinkLine:
    clock = StepClock(datetime(2026, 11, 26, 3, tzinfo=UTC))
    return link_totals(REGENCY, Meter(clock, said), clock).links[0]


@pytest.mark.parametrize(
    ("near", "far", "why"),
    [
        (None, None, "silent"),
        (("lo",), ("lo",), "no_interface"),
        ((NEAR.interface,), None, None),
        (None, (FAR.interface,), None),
    ],
)
def test_a_device_that_answers_is_never_told_as_silent(
    near: tuple[str, ...] | None, far: tuple[str, ...] | None, why: str | None
) -> None:
    found = line({NEAR.device: near, FAR.device: far})
    assert (found.why, found.down is None) == (why, why is not None)


def test_a_device_without_snmp_is_told_as_that() -> None:
    assert line({}).why == "no_snmp"

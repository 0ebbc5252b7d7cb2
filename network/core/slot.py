"""The name of one edge of a window or boost: what a claim in the record is on. A value only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """One edge. `purpose`: window, boost or capacity; `start` is the original start in UTC; `edge` is `open` or `close`."""

    regency: str
    purpose: str
    window: str
    start: datetime
    edge: str

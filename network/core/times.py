"""When windows act, a whole time at once: for everybody, and on days off for the calendar's exempt offices alone."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from inventory.days import DAYS_OFF, EVERY_DAY
from inventory.policy import Window
from inventory.regency import Regency
from network.core.calendar import occurrences
from network.core.overlaps import Spans, spans


class When(NamedTuple):
    """When a window acts for everybody, and when for exempt offices alone."""

    whole: Spans
    off: Spans


class Own(NamedTuple):
    """When a request acts, and in which of that time for everybody; None: in all of it."""

    spans: Spans
    whole: Spans | None = None


def halves(regency: Regency, window: Window) -> bool:
    """Whether the window may act for exempt offices alone."""
    return bool(regency.days.exempt) and window.calendar not in (EVERY_DAY, DAYS_OFF)


def when(window: Window, regency: Regency, since: datetime, until: datetime) -> When:
    """The occurrences that have a part in `since` <= t < `until`; those that meet or overlap are one."""
    every = tuple(occurrences(window, regency, since, until))
    whole, off = ([(each.start, each.end) for each in every if each.exempt_only is only] for only in (False, True))
    return When(spans(whole), spans(off))

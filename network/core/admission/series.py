"""A window's series rewritten: all of it later in the day, each occurrence shorter, the whole ended or begun elsewhere.

Moments here are local, as in the truth. None where the series cannot be written so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from inventory.policy import Reserve, Window
from inventory.units import Bandwidth

_UNTIL: Final = "%Y%m%dT%H%M%S"
_SECOND: Final = timedelta(seconds=1)


def shifted(window: Window, by: timedelta) -> Window | None:
    """Every occurrence `by` later and as long as before. Days of a rule stay what they are, so none may start on another day."""
    if any((start + by).date() != start.date() for start in (window.start, *window.rdates)):
        return None
    return window.model_copy(
        update={
            "start": window.start + by,
            "end": window.end + by,
            "recurrence": _rule((name, _later(value, by) if name == "UNTIL" else value) for name, value in _parts(window)),
            "exdates": tuple(each + by for each in window.exdates),
            "rdates": tuple(each + by for each in window.rdates),
        }
    )


def cut(window: Window, by: timedelta) -> Window | None:
    """Every occurrence ends `by` earlier."""
    return window.model_copy(update={"end": window.end - by}) if window.end - by > window.start else None


def delayed(window: Window, by: timedelta) -> Window | None:
    """Every occurrence starts `by` later and ends as before."""
    moved = shifted(window, by)
    return None if moved is None else cut(moved, by)


def ended(window: Window, before: datetime) -> Window | None:
    """Without the occurrences that start at `before` or later."""
    if before <= window.start:
        return None
    kept = [part for part in _parts(window) if part[0] not in ("UNTIL", "COUNT")]
    return window.model_copy(
        update={
            "recurrence": _rule([*kept, ("UNTIL", (before - _SECOND).strftime(_UNTIL))] if kept else ()),
            "exdates": tuple(each for each in window.exdates if each < before),
            "rdates": tuple(each for each in window.rdates if each < before),
        }
    )


def begun(window: Window, start: datetime) -> Window | None:
    """Without the occurrences before `start`, which is one that the rule gives. A rule that counts cannot begin elsewhere."""
    names = [name for name, _ in _parts(window)]
    if not names or "COUNT" in names or start in window.rdates:
        return None
    return window.model_copy(
        update={
            "start": start,
            "end": start + (window.end - window.start),
            "exdates": tuple(each for each in window.exdates if each >= start),
            "rdates": tuple(each for each in window.rdates if each >= start),
        }
    )


def scaled(window: Window, percent: int) -> Window:
    """With so much of each of its reserves, in whole kbit/s."""
    return window.model_copy(
        update={
            "policy": window.policy.model_copy(
                update={"reserves": tuple(_scaled(reserve, percent) for reserve in window.policy.reserves)}
            )
        }
    )


def _scaled(reserve: Reserve, percent: int) -> Reserve:
    rates = {side: part_of(rate, percent) for side, rate in (("down", reserve.rate.down), ("up", reserve.rate.up))}
    return reserve.model_copy(update={"rate": reserve.rate.model_copy(update=rates)})


def part_of(rate: Bandwidth, percent: int) -> Bandwidth:
    """So many percent of a rate, in whole kbit/s."""
    return Bandwidth(rate * percent // 100 // 1000 * 1000)


def _parts(window: Window) -> list[tuple[str, str]]:
    rule = window.recurrence or ""
    return [(name.upper(), value) for name, _, value in (part.partition("=") for part in rule.split(";")) if name]


def _rule(parts: Iterable[tuple[str, str]]) -> str | None:
    return ";".join(f"{name}={value}" for name, value in parts) or None


def _later(until: str, by: timedelta) -> str:
    return (datetime.fromisoformat(until.upper()) + by).strftime(_UNTIL)

"""The nation's days off: public holidays and joint leave (cuti bersama), year by year.

The package that knows them computes and never asks anybody, so the same year always gives the same days. It is slow to
load, and loaded when a year is first asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final, NamedTuple

_ESTIMATE: Final = "(perkiraan)"


class Holiday(NamedTuple):
    """`estimated`: computed from the moon; the decree that settles the day is still to come."""

    name: str
    estimated: bool


@cache
def days_off(year: int) -> Mapping[date, Holiday]:
    """Every holiday and day of joint leave that is known of this year."""
    return {day: Holiday(name, _ESTIMATE in name) for kind in ("government", "public") for day, name in _days(year, kind)}


@cache
def settled(year: int) -> bool:
    """Whether the joint leave of this year is known. It is decreed for each year by itself, usually in the year before."""
    return bool(_days(year, "government"))


def _days(year: int, kind: str) -> tuple[tuple[date, str], ...]:
    from holidays import country_holidays

    return tuple(sorted(country_holidays("ID", years=year, categories=(kind,), language="id", expand=False).items()))

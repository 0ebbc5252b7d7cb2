"""What rented servers cost in a month, in whole rupiah. Pure: prices of the truth and hours in, integers out.

An hour that has begun is paid whole, for each stay in each month; a GB that has begun likewise. What a volume costs for a part of
a month is rounded up to the rupiah. Nothing else is rounded.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

from inventory.cloud_model import Cloud
from inventory.cloud_views import Stay, stays
from inventory.regency import Regency

_HOUR: Final = timedelta(hours=1)
_GIGABYTE: Final = 10**9
_DECEMBER: Final = 12


@dataclass(frozen=True, order=True, slots=True)
class MonthCost:
    """What a stage pays in the calendar month that begins with `month`, a day of the regency's own."""

    month: date
    stage: str
    rupiah: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """In whole rupiah: each hour of a server that has begun, and each GB of its volume for a month."""

    hourly: int
    volume_monthly: int


def price_in(regency: Regency, cloud: str, size: str) -> Price | None:
    """As the truth has it today; None where it has no such cloud, or no such size there."""
    found = next((each for each in regency.clouds if each.key == cloud), None)
    if found is None or size not in found.sizes:
        return None
    return Price(hourly=found.sizes[size].hourly, volume_monthly=found.volume_monthly)


def price_of(*, hours: int, hourly: int, gigabytes: int, volume_monthly: int, month_hours: int) -> int:
    """One server for so many hours of a month that has `month_hours` (720 with 30 days, 744 with 31), in whole rupiah."""
    return hours * hourly + _up(gigabytes * volume_monthly * hours, month_hours)


def cost_of(cloud: Cloud, stay: Stay, start: datetime, end: datetime) -> int:
    """What the part of the stay costs that lies in the month from `start` to `end`; 0 for a size that the cloud has not."""
    length = min(stay.end, end) - max(stay.start, start)
    size = cloud.sizes.get(stay.entry.size)
    if size is None or length <= timedelta(0):
        return 0
    return price_of(
        hours=hours_of(length),
        hourly=size.hourly,
        gigabytes=gigabytes_of(stay.entry.volume),
        volume_monthly=cloud.volume_monthly,
        month_hours=(end - start) // _HOUR,
    )


def hours_of(length: timedelta) -> int:
    """Those that have begun."""
    return -(-length // _HOUR)


def gigabytes_of(volume: int | None) -> int:
    """Those that are paid for, of a volume of so many bytes."""
    return _up(volume or 0, _GIGABYTE)


def month_of(regency: Regency, day: date) -> tuple[datetime, datetime]:
    """The calendar month of a day of the regency's own, from its first moment to the first of the next, in UTC."""
    first = day.replace(day=1)
    return _midnight(regency, first), _midnight(regency, next_month(first))


def next_month(day: date) -> date:
    """The first day of the month after."""
    return date(day.year + day.month // _DECEMBER, day.month % _DECEMBER + 1, 1)


def month_costs(regency: Regency, since: date, until: date) -> tuple[MonthCost, ...]:
    """Of every month from that of `since` to that of `until`, both whole, what each stage pays that pays at all; in order.

    Raises Unfit for a rule that cannot be used.
    """
    clouds = {cloud.key: cloud for cloud in regency.clouds}
    months = [since.replace(day=1)]
    while months[-1] <= until:
        months.append(next_month(months[-1]))
    edges = [_midnight(regency, each) for each in months]
    costs: dict[tuple[date, str], int] = defaultdict(int)
    found = stays(regency, edges[0], edges[-1])
    for month, (start, end) in zip(months, pairwise(edges), strict=False):
        for stay in found:
            if stay.start < end and start < stay.end:
                costs[month, stay.entry.stage] += cost_of(clouds[stay.entry.cloud], stay, start, end)
    return tuple(sorted(MonthCost(month, stage, rupiah) for (month, stage), rupiah in costs.items()))


def _midnight(regency: Regency, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=regency.zone).astimezone(UTC)


def _up(whole: int, parts: int) -> int:
    return -(-whole // parts)

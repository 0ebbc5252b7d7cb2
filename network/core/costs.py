"""What rented servers cost, from what the audit log has of them and from the prices of the truth. Pure; `now` is an argument.

The record says who stood when, and at which price; of records without one the truth says that. What neither has is without a
price, and told all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from inventory.cloud_costs import Price, cost_of, gigabytes_of, hours_of, month_costs, month_of, next_month, price_in, price_of
from inventory.cloud_model import Capacity, CloudServer
from inventory.cloud_views import Stay, stays
from inventory.regency import Regency
from network.core.audit import AuditEvent

RENTED: Final = "server.rented"
RETURNED: Final = "server.returned"
"""The actions under which the audit log has them; the subject is the server's key."""
STRUCK: Final = "struck"
"""Of the detail of RETURNED: what was begun and came to nothing, so that nothing is paid for it."""
VOLUME: Final = "volume"
"""`part` of a rent: the volume of a server, which itself came to nothing."""
RENT: Final = "rent "
"""What the subjects of observations of standing rents begin with; the key follows. `part` is their value."""

MOST_MONTHS: Final = 12
"""How many months ahead are told of what is about to be rented, this one with them."""
_NOTHING: Final = timedelta(0)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rent:
    """One server that was rented, or its volume alone where `part` says so. `end` is None while it stands. `stage` is empty and
    `gigabytes` None where nobody knows them. `by` is empty of one that is only planned; `price` is that of the
    moment at which it was rented, None where the record has none."""

    server: str
    cloud: str
    size: str
    entry: str
    window: str
    stage: str
    gigabytes: int | None
    by: str
    start: datetime
    end: datetime | None
    part: str = ""
    price: Price | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The part of a rent that lies in a month: from `since` to `until`, which is the moment of asking where it `stands` still.
    `hours` that have begun; `rupiah` None where nobody knows its price."""

    rent: Rent
    since: datetime
    until: datetime
    stands: bool
    hours: int
    rupiah: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSpent:
    """What a stage paid, beside its `budget`; `unpriced`: of so many rents nobody knows the price. `planned`: what the truth
    foresees of the whole month, None of a month that is over. `stage` is empty where nobody knows it."""

    stage: str
    rupiah: int
    unpriced: int
    budget: int | None
    planned: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSpent:
    """A calendar month. `planned`: nothing of it is on record yet, and what is said is what the truth foresees."""

    month: date
    planned: bool
    spent: tuple[Spent, ...]
    stages: tuple[StageSpent, ...]

    @property
    def rupiah(self) -> int:
        return sum(each.rupiah or 0 for each in self.spent)

    @property
    def unpriced(self) -> tuple[Rent, ...]:
        return tuple(each.rent for each in self.spent if each.rupiah is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageAhead:
    """What the rented servers of a stage cost in the calendar month that begins with `month`: as they stand `now`, and `after`
    what is about to be done."""

    month: date
    stage: str
    now: int
    after: int
    budget: int | None


def ahead(regency: Regency, there: Iterable[Stay], coming: Iterable[Stay], now: datetime) -> tuple[StageAhead, ...]:
    """By month, from this one to the last in which one of them stands, and by stage. A server that stands is paid as long as it
    is meant to stand, and until `now` where that is over; what is still to come for a later peak is not among it."""
    clouds, budgets = {cloud.key: cloud for cloud in regency.clouds}, {stage.key: stage.budget for stage in regency.stages}
    held = [(stay, True) for stay in there] + [(stay, False) for stay in coming]
    last = max((stay.end for stay, _ in held), default=now)
    month, found = now.astimezone(regency.zone).date().replace(day=1), list[StageAhead]()
    for _ in range(MOST_MONTHS):
        start, end = month_of(regency, month)
        costs: dict[str, list[int]] = {stay.entry.stage: [0, 0] for stay, _ in held}
        for stay, stands in held:
            whole = replace(stay, end=max(stay.end, now))
            price = cost_of(clouds[stay.entry.cloud], whole, start, end)
            costs[stay.entry.stage][0] += price if stands else 0
            costs[stay.entry.stage][1] += price
        found += [
            StageAhead(month=month, stage=stage, now=before, after=after, budget=budgets.get(stage))
            for stage, (before, after) in sorted(costs.items())
        ]
        month = next_month(month)
        if end >= last:
            break
    return tuple(found)


def rents(events: Iterable[AuditEvent], regency: Regency, place: str) -> tuple[Rent, ...]:
    """Of the servers that were rented there, in the order in which they came; `events` as they happened.

    Who is rented anew and was never given back on record was gone by then. What older records do not say of stage and volume is
    taken from the truth, while that has the entry.
    """
    entries = _entries(regency)
    standing: dict[str, Rent] = {}
    found: list[Rent] = []
    for event in events:
        if event.regency != regency.head.key or str(event.detail.get("via")) != place or event.action not in (RENTED, RETURNED):
            continue
        held = standing.pop(event.subject, None)
        if held is not None and not event.detail.get(STRUCK):
            found.append(replace(held, end=event.at))
        if event.action == RENTED:
            standing[event.subject] = _rent(event, entries.get(str(event.detail.get("entry"))))
    return tuple(sorted((*found, *standing.values()), key=lambda each: (each.start, each.server)))


def month_spent(regency: Regency, known: Iterable[Rent], month: date, now: datetime) -> MonthSpent:
    """What the month of the day `month` cost until `now`; of one that has not begun, what the truth foresees of it.

    Raises Unfit for a rule of the calendar that cannot be used.
    """
    start, end = month_of(regency, month)
    parts = tuple(_parts(regency, known, start, end, now))
    planned = not parts and start > now
    if planned:
        parts = tuple(_planned(regency, start, end))
    ahead = {each.stage: each.rupiah for each in month_costs(regency, month, month)} if end > now else None
    return MonthSpent(month=month.replace(day=1), planned=planned, spent=parts, stages=_stages(regency, parts, ahead))


def _parts(regency: Regency, known: Iterable[Rent], start: datetime, end: datetime, now: datetime) -> Iterator[Spent]:
    for rent in known:
        since, until = max(rent.start, start), min(rent.end or now, end)
        if until - since > _NOTHING:
            hours, price = hours_of(until - since), _price(regency, rent, hours_of(until - since), (end - start) // _HOUR)
            stands = rent.end is None and until < end
            yield Spent(rent=rent, since=since, until=until, stands=stands, hours=hours, rupiah=price)


def _planned(regency: Regency, start: datetime, end: datetime) -> Iterator[Spent]:
    clouds = {cloud.key: cloud for cloud in regency.clouds}
    for stay in stays(regency, start, end):
        since, until = max(stay.start, start), min(stay.end, end)
        yield Spent(
            rent=rent_of(stay),
            since=since,
            until=until,
            stands=False,
            hours=hours_of(until - since),
            rupiah=cost_of(clouds[stay.entry.cloud], stay, start, end),
        )


def rent_of(stay: Stay) -> Rent:
    """A stay as the truth foresees it."""
    entry = stay.entry
    return Rent(
        server=stay.key,
        cloud=entry.cloud,
        size=entry.size,
        entry=entry.key,
        window=getattr(entry, "window", None) or "",
        stage=entry.stage,
        gigabytes=gigabytes_of(entry.volume),
        by="",
        start=stay.start,
        end=stay.end,
    )


def _entries(regency: Regency) -> Mapping[str, CloudServer | Capacity]:
    found: dict[str, CloudServer | Capacity] = {each.key: each for each in regency.cloud_servers}
    return found | {each.key: each for each in regency.capacity}


def _rent(event: AuditEvent, entry: CloudServer | Capacity | None) -> Rent:
    said = {name: str(event.detail.get(name, "")) for name in ("cloud", "size", "entry", "window", "stage", "part")}
    told = event.detail.get("gigabytes")
    gigabytes = told if isinstance(told, int) else gigabytes_of(entry.volume) if entry else None
    stage = said["stage"] or (entry.stage if entry else "")
    hourly, monthly = event.detail.get("hourly"), event.detail.get("volume_monthly")
    price = Price(hourly=hourly, volume_monthly=monthly) if isinstance(hourly, int) and isinstance(monthly, int) else None
    own = {**said, "stage": stage}
    return Rent(server=event.subject, by=event.actor, gigabytes=gigabytes, start=event.at, end=None, price=price, **own)


def _price(regency: Regency, rent: Rent, hours: int, month_hours: int) -> int | None:
    price = rent.price or price_in(regency, rent.cloud, rent.size)
    if price is None or rent.gigabytes is None:
        return None
    return price_of(
        hours=hours,
        hourly=0 if rent.part == VOLUME else price.hourly,
        gigabytes=rent.gigabytes,
        volume_monthly=price.volume_monthly,
        month_hours=month_hours,
    )


def _stages(regency: Regency, parts: tuple[Spent, ...], ahead: Mapping[str, int] | None) -> tuple[StageSpent, ...]:
    """In the order of the file, those that pay or are going to; what nobody knows the stage of last."""
    order = {stage.key: number for number, stage in enumerate(regency.stages)}
    budgets = {stage.key: stage.budget for stage in regency.stages}
    names = {each.rent.stage for each in parts} | set(ahead or ())
    return tuple(
        StageSpent(
            stage=name,
            rupiah=sum(each.rupiah or 0 for each in parts if each.rent.stage == name),
            unpriced=sum(each.rupiah is None for each in parts if each.rent.stage == name),
            budget=budgets.get(name),
            planned=None if ahead is None else ahead.get(name, 0),
        )
        for name in sorted(names, key=lambda each: (order.get(each, len(order)), not each, each))
    )

"""Leases as a document, a table and a calendar: how long each runs, what it costs, which machines it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from inventory.messages import rupiah
from network.cli.session import Session
from network.cli.words import clean

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from inventory.lease_views import LeaseState
    from inventory.server_model import Lease
    from network.cli.draw import Column
    from network.dialects.icalendar import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseLine:
    """`state`: future, running or expired. `days_left` counts to the last day (0), below 0 it has ended; `warning` is 90, 30 or
    7 once so many days or fewer are left. `monthly_cost` in rupiah."""

    key: str
    lessor: str
    number: str
    start: date
    end: date
    state: str
    days_left: int
    warning: int | None
    monthly_cost: int
    country: str
    place: str
    servers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseList:
    """`monthly_cost`: of the leases that run on that day, in rupiah."""

    regency: str
    today: date
    monthly_cost: int
    leases: tuple[LeaseLine, ...]


def leases(own: Session, today: date) -> LeaseList:
    from inventory.lease_views import LeaseTime, lease_states

    states = lease_states(own.regency, today)
    return LeaseList(
        regency=own.regency.head.key,
        today=today,
        monthly_cost=sum(each.lease.monthly_cost for each in states if each.state is LeaseTime.RUNNING),
        leases=tuple(_line(own, each) for each in states),
    )


def _line(own: Session, state: LeaseState) -> LeaseLine:
    from inventory.lease_views import servers_of

    lease = state.lease
    return LeaseLine(
        key=lease.key,
        lessor=lease.lessor,
        number=lease.number,
        start=lease.start,
        end=lease.end,
        state=state.state.value,
        days_left=state.days_left,
        warning=state.warning,
        monthly_cost=lease.monthly_cost,
        country=lease.country,
        place=lease.place,
        servers=tuple(server.key for server in servers_of(own.regency, lease)),
    )


_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.lease", "left"),
    ("cli.column.servers", "left"),
    ("cli.column.until", "left"),
    ("cli.column.state", "left"),
    ("cli.column.monthly", "right"),
    ("cli.column.lessor", "left"),
    ("cli.column.number", "left"),
    ("cli.column.place", "left"),
)
_NARROW_COLUMNS: Final = 5
"""Of these, how many a narrow terminal shows."""

_STYLES: Final = {90: "yellow", 30: "bold yellow", 7: "bold red"}


def draw(own: Session, document: LeaseList) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    if not document.leases:
        return stack(say("cli.lease.none", regency=document.regency))
    columns = _COLUMNS[:_NARROW_COLUMNS] if own.out.is_narrow else _COLUMNS
    rows = [
        (
            cell(each.key),
            cell(", ".join(each.servers) or "–"),
            cell(f"{each.end:%Y-%m-%d}"),
            _state(own, each),
            cell(rupiah(each.monthly_cost, own.language)),
            cell(each.lessor),
            cell(each.number),
            cell(each.place),
        )[: len(columns)]
        for each in document.leases
    ]
    due = [each.key for each in document.leases if each.warning is not None]
    over = [each.key for each in document.leases if each.state == "expired"]
    return stack(
        table(say, columns, rows),
        say("cli.lease.total", amount=rupiah(document.monthly_cost, own.language), day=f"{document.today:%Y-%m-%d}"),
        cell(say("cli.lease.due", leases=", ".join(due)), "yellow") if due else None,
        cell(say("cli.lease.over", leases=", ".join(over)), "red") if over else None,
    )


def _state(own: Session, line: LeaseLine) -> Text:
    from network.cli.draw import cell

    if line.state == "expired":
        return cell(own.out.say("cli.lease.expired", days=-line.days_left), "bold red")
    if line.state == "future":
        return cell(own.out.say("cli.lease.future", start=f"{line.start:%Y-%m-%d}"))
    code = "cli.lease.running" if line.days_left else "cli.lease.last_day"
    return cell(own.out.say(code, days=line.days_left), _STYLES.get(line.warning or 0, ""))


def calendar(own: Session, now: datetime) -> str:
    """The last day of every lease with alarms before it, in the reader's language, as an iCalendar file."""
    from network.dialects.icalendar import icalendar

    head = own.regency.head
    return icalendar(
        own.out.say("cli.lease.calendar", regency=head.name), [_event(own, lease) for lease in own.regency.leases], now
    )


def _event(own: Session, lease: Lease) -> Event:
    from inventory.lease_views import WARN_DAYS, servers_of
    from network.dialects.icalendar import Alarm, Event

    say = own.out.say
    servers = ", ".join(server.key for server in servers_of(own.regency, lease)) or "–"
    told = [
        say("cli.lease.event_contract", lessor=lease.lessor, number=lease.number),
        say("cli.lease.event_servers", servers=servers, cost=rupiah(lease.monthly_cost, own.language)),
        *(say("cli.lease.event_condition", condition=each) for each in lease.return_conditions),
        say("cli.lease.event_do"),
    ]
    return Event(
        uid=f"lease-{lease.key}@{own.regency.head.key}.lajur.invalid",
        day=lease.end,
        summary=clean(say("cli.lease.event", lease=lease.key, lessor=lease.lessor)),
        description=clean("\n".join(told)),
        location=clean(lease.place),
        alarms=tuple(
            Alarm(days=days, text=clean(say("cli.lease.event_alarm", lease=lease.key, lessor=lease.lessor, days=days)))
            for days in WARN_DAYS
        ),
    )

"""`lajur infra costs`: what was rented in a month, for which window, by whom, and what it cost. Only looks; needs no server.

Also what `lajur infra preview` says of costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from inventory.messages import rupiah
from network.cli.grammar import AT
from network.cli.session import FIRST_YEAR, LAST_YEAR, Session, session
from network.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inventory.regency import Regency
    from network.cli.draw import Column
    from network.core.capacity import Course
    from network.core.costs import MonthSpent, Spent, StageAhead, StageSpent
    from network.infra_wiring import BuildGround
    from network.services.build_report import BuildReport
    from network.services.capacity_parts import CapacityHands

MONTH: TypeAlias = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="cli.flag.month")]

_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One rent of a server, as far as it lies in the month: from `since` to `until`. `start`, `end`: of the whole; `end` is None
    while it stands, and `stands` where it was counted until now. `part`: `volume` where its machine came to nothing, else empty.
    `window`: that it follows, or empty. `by`: empty of one that is only planned. `hours` that have begun; `rupiah` is None where
    the truth has no price for it any more."""

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
    since: datetime
    until: datetime
    stands: bool
    hours: int
    rupiah: int | None
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCost:
    """`rupiah` on record (or planned, where the month is); `planned`: what the truth foresees of the whole month, None of one
    that is over; `unpriced`: so many rents are not in the sum. `over`: the budget is passed, or going to be. `stage` is
    empty where nobody knows it."""

    stage: str
    rupiah: int
    unpriced: int
    planned: int | None
    budget: int | None
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraCosts:
    """`month` as YYYY-MM, in the regency's own zone; `planned`: it has not begun, and nothing of it is on record. `hours`,
    `rupiah`: the sums, without those `unpriced`."""

    regency: str
    via: str
    month: str
    zone: str
    now: datetime
    planned: bool
    rents: tuple[CostLine, ...]
    stages: tuple[StageCost, ...]
    hours: int
    rupiah: int
    unpriced: tuple[str, ...]


def costs(ctx: typer.Context, month: MONTH = None, at: AT = None) -> int:
    from network.services.costs import costs as found
    from network.wiring import reached

    own = session(ctx)
    wanted = None if month is None else month_named(month)
    reached(own.regency, own.flags.via.value, own.settings.lab, strict=False)  # of several labs one has to be chosen
    with own.ground(at=at, reach=False) as ground:
        now = ground.hands.clock.now()
        spent = found(own.regency, ground.ledger, ground.hands.place, wanted, now)
    document = _document(own, spent, now)
    own.out.show(document, lambda: draw(own, document))
    for each in dict.fromkeys(spent.unpriced):
        own.out.note("costs.unpriced", server=each.server, cloud=each.cloud or "–", size=each.size or "–")
    return 0


def month_named(written: str) -> date:
    """Its first day. Raises UsageError."""
    found = _MONTH.fullmatch(written)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise UsageError("cli.usage.month", value=written)
    return date(int(found[1]), int(found[2]), 1)


def _document(own: Session, spent: MonthSpent, now: datetime) -> InfraCosts:
    return InfraCosts(
        regency=own.regency.head.key,
        via=own.via,
        month=f"{spent.month:%Y-%m}",
        zone=str(own.regency.zone),
        now=now,
        planned=spent.planned,
        rents=tuple(_line(each) for each in spent.spent),
        stages=tuple(_stage(each) for each in spent.stages),
        hours=sum(each.hours for each in spent.spent),
        rupiah=spent.rupiah,
        unpriced=tuple(dict.fromkeys(each.server for each in spent.unpriced)),
    )


def _line(spent: Spent) -> CostLine:
    rent = spent.rent
    return CostLine(
        server=rent.server,
        cloud=rent.cloud,
        size=rent.size,
        entry=rent.entry,
        window=rent.window,
        stage=rent.stage,
        gigabytes=rent.gigabytes,
        by=rent.by,
        start=rent.start,
        end=rent.end,
        since=spent.since,
        until=spent.until,
        stands=spent.stands,
        hours=spent.hours,
        rupiah=spent.rupiah,
        part=rent.part,
    )


def _stage(spent: StageSpent) -> StageCost:
    most = max(spent.rupiah, spent.planned or 0)
    return StageCost(
        stage=spent.stage,
        rupiah=spent.rupiah,
        unpriced=spent.unpriced,
        planned=spent.planned,
        budget=spent.budget,
        over=spent.budget is not None and most > spent.budget,
    )


_COLUMNS: Final[tuple[Column, ...]] = (
    ("infra.column.server", "left"),
    ("costs.column.from", "left"),
    ("costs.column.until", "left"),
    ("costs.column.hours", "right"),
    ("costs.column.cost", "right"),
    ("costs.column.window", "left"),
    ("costs.column.by", "left"),
    ("costs.column.stage", "left"),
    ("costs.column.size", "left"),
)
_NARROW: Final = 5
"""Of these, how many a narrow terminal shows."""
_STAGE_COLUMNS: Final[tuple[Column, ...]] = (
    ("costs.column.stage", "left"),
    ("costs.column.cost", "right"),
    ("costs.column.planned", "right"),
    ("costs.column.budget", "right"),
    ("costs.column.left", "right"),
)


def draw(own: Session, document: InfraCosts) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    if not document.rents and not document.stages:
        return cell(say("costs.none", month=document.month, regency=document.regency))
    columns = _COLUMNS[:_NARROW] if own.out.is_narrow else _COLUMNS
    rows = [_cells(own, each)[: len(columns)] for each in document.rents]
    title = say("costs.planned" if document.planned else "costs.title", month=document.month, zone=document.zone)
    standing = sum(each.stands for each in document.rents)
    return stack(
        cell(title, "bold"),
        table(say, columns, rows) if rows else cell(say("costs.none", month=document.month, regency=document.regency)),
        table(say, _STAGE_COLUMNS, [_stage_cells(own, each) for each in document.stages]) if document.stages else None,
        cell(say("costs.sum", servers=len(document.rents), hours=document.hours, rupiah=rupiah(document.rupiah, own.language))),
        cell(say("costs.standing", count=standing, now=own.local(document.now))) if standing else None,
        *(cell(say("costs.over", stage=each.stage), "red") for each in document.stages if each.over),
    )


def _cells(own: Session, line: CostLine) -> tuple[str, ...]:
    until = own.out.say("costs.stands") if line.stands else _moment(own, line.until)
    return (
        line.server,
        _moment(own, line.since),
        until,
        str(line.hours),
        _amount(own, line.rupiah),
        line.window or line.entry or "–",
        line.by or "–",
        line.stage or "–",
        f"{line.cloud or '–'} {own.out.say(f'costs.part.{line.part}') if line.part else line.size}".strip(),
    )


def _stage_cells(own: Session, stage: StageCost) -> tuple[str, ...]:
    left = None if stage.budget is None else stage.budget - max(stage.rupiah, stage.planned or 0)
    return (
        stage.stage or "–",
        _amount(own, stage.rupiah) + (" + –" if stage.unpriced else ""),
        _amount(own, stage.planned),
        _amount(own, stage.budget),
        _amount(own, left),
    )


def _moment(own: Session, value: datetime) -> str:
    return f"{value.astimezone(own.regency.zone):%Y-%m-%d %H:%M}"


def _amount(own: Session, value: int | None) -> str:
    return "–" if value is None else rupiah(value, own.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageAheadLine:
    """What a stage's rented servers cost in that calendar month (YYYY-MM) as they stand `now` and `after` what is previewed, in
    rupiah."""

    month: str
    stage: str
    now: int
    after: int
    budget: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostAhead:
    """`rented`: by month and stage, from this month to the last of these stays, twelve at most. `dearest`: the month in which all
    of it costs most `after`, with `now` and `after` of all stages in it. `leased`: what the contracts of leased servers cost a
    month, which nothing here changes."""

    rented: tuple[StageAheadLine, ...]
    dearest: str
    now: int
    after: int
    leased: int


_AHEAD_COLUMNS: Final[tuple[Column, ...]] = (
    ("costs.column.stage", "left"),
    ("costs.column.now", "right"),
    ("costs.column.after", "right"),
    ("costs.column.budget", "right"),
)


def cost_ahead(report: BuildReport, ground: BuildGround) -> CostAhead:
    from network.services.costs import costs_ahead

    return _ahead(ground.regency, costs_ahead(ground.regency, report, ground.hands), ground.hands.clock.now())


def cost_due(asked: Course, hands: CapacityHands) -> CostAhead:
    from network.services.costs import costs_due

    return _ahead(hands.regency, costs_due(asked, hands), hands.build.clock.now())


def _ahead(regency: Regency, found: Iterable[StageAhead], now: datetime) -> CostAhead:
    from inventory.lease_views import LeaseTime, lease_states

    states = lease_states(regency, now.astimezone(regency.zone).date())
    lines = tuple(
        StageAheadLine(month=f"{each.month:%Y-%m}", stage=each.stage, now=each.now, after=each.after, budget=each.budget)
        for each in found
    )
    months = dict.fromkeys(each.month for each in lines)
    dearest = max(months, key=lambda month: sum(each.after for each in lines if each.month == month), default="")
    return CostAhead(
        rented=lines,
        dearest=dearest,
        now=sum(each.now for each in lines if each.month == dearest),
        after=sum(each.after for each in lines if each.month == dearest),
        leased=sum(each.lease.monthly_cost for each in states if each.state is LeaseTime.RUNNING),
    )


def draw_ahead(own: Session, cost: CostAhead | None) -> RenderableType | None:
    """Nothing where nothing is rented."""
    from network.cli.draw import cell, stack, table

    if cost is None or not cost.rented:
        return None
    say, shown = own.out.say, [each for each in cost.rented if each.month == cost.dearest]
    rows = [(each.stage, *(_amount(own, value) for value in (each.now, each.after, each.budget))) for each in shown]
    if len(rows) > 1:
        rows.append((say("costs.total"), _amount(own, cost.now), _amount(own, cost.after), ""))
    over = [each.stage for each in shown if each.budget is not None and each.after > each.budget]
    return stack(
        cell(say("costs.ahead", month=cost.dearest), "bold"),
        table(say, _AHEAD_COLUMNS, rows),
        *(cell(say("costs.over", stage=stage), "red") for stage in over),
        cell(say("costs.leased", rupiah=_amount(own, cost.leased))) if cost.leased else None,
    )

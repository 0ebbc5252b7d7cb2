"""`lajur window`: the recurring times at which the sharing changes, those of the truth and those that were granted beside it.

What is here looks only and needs no device; asking for one is in `window_requests`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

import typer

from network.cli import completion
from network.cli.grammar import AT, Verb, noun
from network.cli.session import Session, session
from network.cli.words import decimal
from network.core.near import perhaps
from network.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inventory.policy import Reserve, ServiceClass, ServiceClassChange, Window
    from network.cli.draw import Column
    from network.core.calendar import Occurrence

app = noun("cli.help.window")

_SHOWN: Final = 6
_HORIZON: Final = timedelta(days=366 * 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLine:
    """`active`: takes place at the asked moment. `opens` and `closes`: of what is on, else of the next time; UTC.

    `source`: truth, or request for one that was granted beside it.
    """

    key: str
    name: str
    source: str
    confirmed: bool
    precedence: int
    recurrence: str | None
    calendar: str
    active: bool
    opens: datetime | None
    closes: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowList:
    regency: str
    timezone: str
    now: datetime
    windows: tuple[WindowLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowTime:
    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowChange:
    """One thing that a window replaces. `of`: class, office or reserve; `what`: share, weight, priority, spare, down, up."""

    of: str
    key: str
    what: str
    base: str
    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowDetail:
    regency: str
    timezone: str
    now: datetime
    window: WindowLine
    changes: tuple[WindowChange, ...]
    times: tuple[WindowTime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextEdge:
    """`edge` is open or close; all None when no confirmed window has an edge in the years to come."""

    regency: str
    timezone: str
    now: datetime
    at: datetime | None
    window: str | None
    edge: str | None


@app.command("list", cls=Verb, help="cli.help.window_list")
def list_windows(ctx: typer.Context, at: AT = None) -> int:
    own = session(ctx)
    now = own.at(at) or own.now()
    written = _joined(own)
    regency = own.regency
    lines = tuple(_line(own, window, now, written) for window in regency.windows)
    document = WindowList(regency=regency.head.key, timezone=regency.head.timezone, now=now, windows=lines)
    own.out.show(document, lambda: _draw_list(own, document))
    return 0


@app.command("show", cls=Verb, help="cli.help.window_show")
def show(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="cli.flag.window_key", autocompletion=completion.windows)],
    at: AT = None,
) -> int:
    own = session(ctx)
    now = own.at(at) or own.now()
    written = _joined(own)
    window = _window(own, key)
    document = WindowDetail(
        regency=own.regency.head.key,
        timezone=own.regency.head.timezone,
        now=now,
        window=_line(own, window, now, written),
        changes=tuple(_changes(own, window)),
        times=tuple(WindowTime(opens=each.start, closes=each.end) for each in islice(_times(own, window, now), _SHOWN)),
    )
    own.out.show(document, lambda: _draw_detail(own, document))
    return 0


@app.command("next", cls=Verb, help="cli.help.window_next")
def next_edge(ctx: typer.Context, at: AT = None) -> int:
    from network.core import calendar

    own = session(ctx)
    now = own.at(at) or own.now()
    _joined(own)
    head = own.regency.head
    edge = calendar.next_edge(own.regency, now)
    document = NextEdge(
        regency=head.key,
        timezone=head.timezone,
        now=now,
        at=edge.at if edge else None,
        window=edge.slot.window if edge else None,
        edge=edge.slot.edge if edge else None,
    )
    own.out.show(document, lambda: _draw_next(own, document))
    return 0


def _joined(own: Session) -> tuple[Window, ...]:
    """The windows of the truth; from here on those that were granted stand beside them in the session's regency."""
    written = own.regency.windows
    with own.ground(reach=False):
        return written


def _window(own: Session, key: str) -> Window:
    known = [window.key for window in own.regency.windows]
    if key not in known:
        raise UsageError("cli.usage.no_window", key=key, nearest=perhaps(key, known))
    return next(window for window in own.regency.windows if window.key == key)


def _times(own: Session, window: Window, now: datetime) -> Iterator[Occurrence]:
    from network.core import calendar

    return calendar.occurrences(window, own.regency, now, now + _HORIZON)


def _line(own: Session, window: Window, now: datetime, written: tuple[Window, ...]) -> WindowLine:
    first = next(_times(own, window, now), None)
    return WindowLine(
        key=window.key,
        name=window.name,
        source="truth" if window in written else "request",
        confirmed=window.confirmed,
        precedence=window.precedence,
        recurrence=window.recurrence,
        calendar=window.calendar,
        active=bool(window.confirmed and first and first.start <= now),
        opens=first.start if first else None,
        closes=first.end if first else None,
    )


def _changes(own: Session, window: Window) -> Iterator[WindowChange]:
    policy = own.regency.policy
    for key, change in window.policy.classes.items():
        yield from _class_changes("class", key, policy.classes[key], change)
    for key, change in window.policy.offices.items():
        yield from _class_changes("office", key, policy.classes[own.regency.office(key).service_class], change)
    for reserve in window.policy.reserves:
        base = next((each for each in policy.reserves if _place(each) == _place(reserve)), None)
        for what in ("down", "up"):
            before, after = str(getattr(base.rate, what)) if base else "-", str(getattr(reserve.rate, what))
            if before != after:
                yield WindowChange(of="reserve", key=" → ".join(_place(reserve)), what=what, base=before, window=after)


def _class_changes(of: str, key: str, base: ServiceClass, change: ServiceClassChange) -> Iterator[WindowChange]:
    for what in ("share", "weight", "priority", "spare"):
        value = getattr(change, what)
        if value is not None and value != getattr(base, what):
            yield WindowChange(of=of, key=key, what=what, base=str(getattr(base, what)), window=str(value))


def _place(reserve: Reserve) -> tuple[str, str]:
    return reserve.application, reserve.uplink


_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.window", "left"),
    ("cli.column.name", "left"),
    ("cli.column.state", "left"),
    ("cli.column.opens", "left"),
    ("cli.column.closes", "left"),
)
_CHANGE_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.of", "left"),
    ("cli.column.key", "left"),
    ("cli.column.what", "left"),
    ("cli.column.base", "right"),
    ("cli.column.in_window", "right"),
)
_TIME_COLUMNS: Final[tuple[Column, ...]] = (("cli.column.opens", "left"), ("cli.column.closes", "left"))


def _draw_list(own: Session, document: WindowList) -> RenderableType:
    from network.cli.draw import stack, table

    say = own.out.say
    rows = [
        (
            line.key,
            line.name,
            _state(own, line),
            own.local(line.opens),
            own.local(line.closes),
        )
        for line in document.windows
    ]
    return stack(table(say, _COLUMNS, rows, title=_title(own, document.now)))


def _draw_detail(own: Session, document: WindowDetail) -> RenderableType:
    from network.cli.draw import facts, stack, table

    say, line = own.out.say, document.window
    head = facts(
        (
            (say("cli.column.window"), f"{line.key} – {line.name}"),
            (say("cli.column.state"), _state(own, line)),
            (say("cli.column.precedence"), str(line.precedence)),
            (say("cli.column.recurrence"), _rule(own, line)),
        )
    )
    changes = [
        (say(f"cli.of.{each.of}"), each.key, each.what, decimal(each.base, own.language), decimal(each.window, own.language))
        for each in document.changes
    ]
    times = [(own.local(each.opens), own.local(each.closes)) for each in document.times]
    return stack(
        head,
        table(say, _CHANGE_COLUMNS, changes, title=say("cli.window.changes")),
        table(say, _TIME_COLUMNS, times, title=say("cli.window.times")) if times else say("cli.window.no_times"),
    )


def _draw_next(own: Session, document: NextEdge) -> RenderableType:
    from network.cli.draw import cell

    if document.at is None:
        return cell(own.out.say("cli.window.no_next"))
    wait = own.long(document.at - document.now)
    return cell(own.out.say(f"cli.window.next_{document.edge}", window=document.window, at=own.local(document.at), wait=wait))


def _title(own: Session, now: datetime) -> str:
    return own.out.say("cli.window.title", regency=own.regency.head.name, now=own.local(now))


def _state(own: Session, line: WindowLine) -> str:
    state = "active" if line.active else "waiting" if line.opens else "over"
    said = own.out.say(f"cli.window.{state if line.confirmed else 'unconfirmed'}")
    return said if line.source == "truth" else own.out.say("cli.window.requested", state=said)


def _rule(own: Session, line: WindowLine) -> str:
    rule = line.recurrence or own.out.say("cli.window.once")
    return f"{rule}, {own.out.say('cli.window.working_days')}" if line.calendar == "working_days" else rule

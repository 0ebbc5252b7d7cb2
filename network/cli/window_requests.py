"""`lajur window request` and what follows it: windows beside those of the truth, asked for, agreed to, withdrawn."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from network.cli import bookings, verdict, window
from network.cli.bookings import EVERY, LISTED, REASON
from network.cli.grammar import AT, DRY_RUN, Verb
from network.cli.session import Session, session
from network.errors import NotAdmitted, TruthError, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inventory.policy import Window
    from network.cli.draw import Column
    from network.core.admission.offers import Offer
    from network.core.booking import Booking

app = window.app
"""The same noun: what is here stands beside the verbs that only look."""

NOUN: Final = "window"

_STANDARD_INPUT: Final = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRequest:
    """A window that was asked for. `starts`, `ends`: its first occurrence, UTC; `recurrence` in local time."""

    request: bookings.Request
    key: str
    name: str
    starts: datetime
    ends: datetime
    recurrence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRequestDetail:
    regency: str
    timezone: str
    now: datetime
    window: WindowRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRequestList:
    """Newest first."""

    regency: str
    timezone: str
    now: datetime
    windows: tuple[WindowRequest, ...]


@app.command("request", cls=Verb, help="cli.help.window_request")
def request(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="cli.flag.window_file")],
    *,
    reason: REASON,
    dry_run: DRY_RUN = False,
    at: AT = None,
) -> int:
    from network.core.booking import Booking
    from network.services.bookings import judge, request_window

    own = session(ctx)
    why = bookings.reason(reason)
    with own.ground(at=at, reach=False) as ground:
        wanted = _read(own, file)
        if dry_run:
            found = judge(ground.desk, wanted)
            return verdict.show(own, found, asked=False, line=partial(_line, own, wanted))
        try:
            booking = request_window(ground.desk, wanted, why, bookings.actor())
        except NotAdmitted as error:
            return verdict.refused(own, error, partial(_line, own, wanted))
        now = ground.hands.clock.now()
    assert isinstance(booking, Booking), "only a request with a key of its own is answered from the record"
    return _told(own, booking, now)


@app.command("requests", cls=Verb, help="cli.help.window_requests")
def requests(ctx: typer.Context, every: EVERY = False, at: AT = None) -> int:
    from network.core.booking import Kind

    own = session(ctx)
    head = own.regency.head
    with own.ground(at=at, reach=False) as ground:
        now = ground.hands.clock.now()
        found = ground.ledger.bookings.page(head.key, Kind.WINDOW, None, LISTED)
    shown = tuple(_document(own, each, now) for each in found if every or each.live(now))
    document = WindowRequestList(regency=head.key, timezone=head.timezone, now=now, windows=shown)
    own.out.show(document, lambda: _draw(own, document))
    return 0


def _read(own: Session, file: str) -> Window:
    """The one window in that file. Raises UsageError that names the file, TruthError with every finding."""
    from inventory.policy import Window
    from inventory.shapes import shape
    from inventory.source import Unreadable, parse

    try:
        raw = sys.stdin.buffer.read() if file == _STANDARD_INPUT else Path(file).read_bytes()
    except OSError as error:
        raise UsageError("cli.usage.file", file=file, cause=error.strerror or type(error).__name__) from error
    try:
        read = shape(Window, parse(Path(file).name, raw))
    except Unreadable as error:
        raise TruthError("cli.usage.no_request", regency=own.settings.regency, findings=error.findings) from error
    if not isinstance(read, Window):
        raise TruthError("cli.usage.no_request", regency=own.settings.regency, findings=read)
    return read.model_copy(update={"confirmed": True})


def _line(own: Session, wanted: Window, offer: Offer) -> str:
    """What to write into the file to ask for what was offered."""
    from inventory.policy import Window

    value = offer.value
    assert isinstance(value, Window), "what is offered for a window is a window"
    written = {"start": _local(value.start), "end": _local(value.end), "recurrence": value.recurrence or "-"}
    usual = {"start": _local(wanted.start), "end": _local(wanted.end), "recurrence": wanted.recurrence or "-"}
    fields = [f"{name}: {each}" for name, each in written.items() if each != usual[name]]
    for reserve, asked in zip(value.policy.reserves, wanted.policy.reserves, strict=True):
        if reserve != asked:
            fields.append(f"{reserve.application}@{reserve.uplink}: {{down: {reserve.rate.down}, up: {reserve.rate.up}}}")
    return own.out.say(f"cli.verdict.write_{offer.kind}", fields=", ".join(fields))


def _local(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _told(own: Session, booking: Booking, now: datetime) -> int:
    head, told = own.regency.head, _document(own, booking, now)
    document = WindowRequestDetail(regency=head.key, timezone=head.timezone, now=now, window=told)
    own.out.show(document, lambda: bookings.outcome(own, NOUN, told.request, told.starts, now))
    return 0


def _document(own: Session, booking: Booking, now: datetime) -> WindowRequest:
    from inventory.policy import Window

    value = booking.value
    assert isinstance(value, Window), "only windows are found by that kind"
    return WindowRequest(
        request=bookings.document(own, booking, now),
        key=value.key,
        name=value.name,
        starts=value.start.replace(tzinfo=own.regency.zone),
        ends=value.end.replace(tzinfo=own.regency.zone),
        recurrence=value.recurrence,
    )


_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.id", "left"),
    ("cli.column.state", "left"),
    ("cli.column.window", "left"),
    ("cli.column.from", "left"),
    ("cli.column.recurrence", "left"),
    ("cli.column.actor", "left"),
    ("cli.column.reason", "left"),
)


def _draw(own: Session, document: WindowRequestList) -> RenderableType:
    from network.cli.draw import cell, table

    say = own.out.say
    if not document.windows:
        return cell(say("cli.booking.none"))
    rows = [
        (
            each.request.id,
            say(f"cli.booking.{each.request.phase}"),
            each.key,
            own.local(each.starts),
            each.recurrence or say("cli.window.once"),
            each.request.actor,
            each.request.reason,
        )
        for each in document.windows
    ]
    drawn = table(say, _COLUMNS, rows)
    drawn.columns[0].no_wrap = True  # it is copied into the next command
    return drawn


bookings.decisions(app, NOUN, _told)

"""`lajur boost`: more for some offices for a while. Asked for, agreed to where policy wants it, ended. Touches no device."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli import bookings, completion, verdict
from network.cli.bookings import EVERY, ID, LISTED, REASON
from network.cli.grammar import AT, DRY_RUN, Verb, noun
from network.cli.session import Session, session
from network.cli.words import lasting, rate_of, rate_written
from network.core.near import perhaps
from network.errors import NotAdmitted, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inventory.units import Bandwidth
    from network.cli.draw import Column
    from network.core.admission.offers import Offer
    from network.core.booking import Booking
    from network.services.bookings import BoostDraft, Desk

app = noun("cli.help.boost")

NOUN: Final = "boost"

_ALMOST: Final = timedelta(microseconds=999_999)
"""A start is rounded up to a whole second, an end down."""

_SOON: Final = timedelta(minutes=1)
"""An offer that starts so soon starts now for who pastes it."""

OFFICES: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="OFFICE", help="cli.flag.boosted", autocompletion=completion.offices)
]
AMOUNT: TypeAlias = Annotated[str, typer.Option("--amount", metavar="RATE", help="cli.flag.amount")]
UP: TypeAlias = Annotated[str | None, typer.Option("--up", metavar="RATE", help="cli.flag.up")]
UPLINK: TypeAlias = Annotated[str | None, typer.Option("--uplink", metavar="KEY", help="cli.flag.uplink")]
FOR: TypeAlias = Annotated[str | None, typer.Option("--for", metavar="DURATION", help="cli.flag.for")]
UNTIL: TypeAlias = Annotated[str | None, typer.Option("--until", metavar="TIME", help="cli.flag.until")]
FROM: TypeAlias = Annotated[str | None, typer.Option("--from", metavar="TIME", help="cli.flag.from")]
EMERGENCY: TypeAlias = Annotated[bool, typer.Option("--emergency", help="cli.flag.emergency")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boost:
    """Each of `offices` gets `down` and `up` (bit/s) more on `uplink` (None: on every one)."""

    request: bookings.Request
    offices: tuple[str, ...]
    uplink: str | None
    down: int
    up: int
    starts: datetime
    expires: datetime
    emergency: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostDetail:
    regency: str
    timezone: str
    now: datetime
    boost: Boost


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostList:
    """Newest first."""

    regency: str
    timezone: str
    now: datetime
    boosts: tuple[Boost, ...]


@app.command("request", cls=Verb, help="cli.help.boost_request")
def request(  # noqa: PLR0913 - one parameter a flag
    ctx: typer.Context,
    offices: OFFICES,
    *,
    amount: AMOUNT,
    reason: REASON,
    up: UP = None,
    uplink: UPLINK = None,
    lasts: FOR = None,
    until: UNTIL = None,
    begins: FROM = None,
    emergency: EMERGENCY = False,
    dry_run: DRY_RUN = False,
    at: AT = None,
) -> int:
    from inventory.model import Rates
    from network.services.bookings import BoostDraft

    own = session(ctx)
    with own.ground(at=at, reach=False) as ground:
        now = ground.hands.clock.now()
        starts, expires = _times(own, now, begins, lasts, until)
        down = _rate("--amount", amount)
        draft = BoostDraft(
            offices=tuple(_known_office(own, key) for key in dict.fromkeys(offices)),
            uplink=_known_uplink(own, uplink),
            amount=Rates(down=down, up=_rate("--up", up) if up else down),
            reason=bookings.reason(reason),
            starts=starts,
            expires=expires,
            emergency=emergency,
        )
        return (_tried if dry_run else _asked)(own, ground.desk, draft, now)


@app.command("list", cls=Verb, help="cli.help.boost_list")
def list_boosts(ctx: typer.Context, every: EVERY = False, at: AT = None) -> int:
    from network.core.booking import Kind

    own = session(ctx)
    head = own.regency.head
    with own.ground(at=at, reach=False) as ground:
        now = ground.hands.clock.now()
        found = ground.ledger.bookings.page(head.key, Kind.BOOST, None, LISTED)
    shown = tuple(_document(own, each, now) for each in found if every or each.live(now))
    document = BoostList(regency=head.key, timezone=head.timezone, now=now, boosts=shown)
    own.out.show(document, lambda: _draw_list(own, document))
    return 0


@app.command("show", cls=Verb, help="cli.help.boost_show")
def show(ctx: typer.Context, id: ID, at: AT = None) -> int:
    from network.core.booking import Kind
    from network.services.bookings import found

    own = session(ctx)
    with own.ground(at=at, reach=False) as ground:
        now = ground.hands.clock.now()
        document = _detail(own, found(ground.desk, id, kind=Kind.BOOST), now)
    own.out.show(document, lambda: _draw(own, document))
    return 0


def _asked(own: Session, desk: Desk, draft: BoostDraft, now: datetime) -> int:
    from network.core.booking import Booking
    from network.services.bookings import request_boost

    try:
        booking = request_boost(desk, draft, bookings.actor())
    except NotAdmitted as error:
        return verdict.refused(own, error, partial(_line, own, draft, now))
    assert isinstance(booking, Booking), "only a request with a key of its own is answered from the record"
    for warning in _unproven(own, desk, draft.offices):
        own.out.plain(f"{warning}\n", to_stderr=True)
    return _told(own, booking, desk.clock.now())


def _tried(own: Session, desk: Desk, draft: BoostDraft, now: datetime) -> int:
    """What would be said to it; keeps nothing."""
    from network.services.bookings import boost_of, judge

    found = judge(desk, boost_of(draft, "boost-dry-run", bookings.actor(), now))
    line = partial(_line, own, draft, now)
    return verdict.show(own, found, asked=False, line=line, warnings=_unproven(own, desk, draft.offices))


def _unproven(own: Session, desk: Desk, offices: tuple[str, ...]) -> tuple[str, ...]:
    """Over which links that nobody has proven it would give more, an office a line."""
    from network.services.bookings import unproven

    return tuple(own.out.say("plan.unproven", office=each.office, links=" ".join(each.links)) for each in unproven(desk, offices))


def _line(own: Session, draft: BoostDraft, now: datetime, offer: Offer) -> str:
    """The command that asks for what was offered."""
    amount = offer.amount or draft.amount
    words = ["lajur", "boost", "request", *draft.offices, "--amount", rate_written(amount.down)]
    words += ["--up", rate_written(amount.up)] if amount.up != amount.down else []
    words += ["--uplink", draft.uplink] if draft.uplink else []
    is_now = draft.starts is None and offer.starts - now < _SOON
    words += [] if is_now else ["--from", _written(own, offer.starts + _ALMOST)]
    words += ["--until", _written(own, offer.ends), "--reason", draft.reason]
    words += ["--emergency"] if draft.emergency else []
    words += ["--regency", own.flags.regency] if own.flags.regency else []
    return shlex.join(words)


def _written(own: Session, moment: datetime) -> str:
    """As `--from` and `--until` read it: local, without an offset, in whole seconds."""
    return moment.astimezone(own.regency.zone).replace(tzinfo=None).isoformat(timespec="seconds").removesuffix(":00")


def _told(own: Session, booking: Booking, now: datetime) -> int:
    document = _detail(own, booking, now)
    own.out.show(document, lambda: bookings.outcome(own, NOUN, document.boost.request, document.boost.starts, now))
    return 0


def _times(
    own: Session, now: datetime, begins: str | None, lasts: str | None, until: str | None
) -> tuple[datetime | None, datetime]:
    """When it begins (None: at once) and ends. Raises UsageError for times that cannot be."""
    starts = own.at(begins)
    if starts is not None and starts < now:
        raise UsageError("cli.usage.past", flag="--from", value=begins)
    if (lasts is None) == (until is None):
        raise UsageError("cli.usage.for_or_until")
    if lasts is not None:
        return starts, ((starts or now) + lasting(lasts)).replace(microsecond=0)
    ends = own.at(until)
    assert ends is not None, "one of both was given"
    if ends <= now:
        raise UsageError("cli.usage.past", flag="--until", value=until)
    if starts is not None and ends <= starts:
        raise UsageError("cli.usage.ends_first", starts=begins, until=until)
    return starts, ends


def _rate(flag: str, written: str) -> Bandwidth:
    rate = rate_of(flag, written)
    if not rate and flag == "--amount":
        raise UsageError("cli.usage.rate", flag=flag, value=written)
    return rate


def _known_office(own: Session, key: str) -> str:
    known = [office.key for office in own.regency.offices]
    if key not in known:
        raise UsageError("cli.usage.no_office", key=key, nearest=perhaps(key, known))
    return key


def _known_uplink(own: Session, key: str | None) -> str | None:
    known = [uplink.key for uplink in own.regency.uplinks]
    if key is not None and key not in known:
        raise UsageError("cli.usage.no_uplink", key=key, nearest=perhaps(key, known))
    return key


def _document(own: Session, booking: Booking, now: datetime) -> Boost:
    from network.core.intent import Boost as Value

    value = booking.value
    assert isinstance(value, Value), "only boosts are found by that kind"
    return Boost(
        request=bookings.document(own, booking, now),
        offices=value.offices,
        uplink=value.uplink,
        down=value.amount.down,
        up=value.amount.up,
        starts=value.starts,
        expires=value.expires,
        emergency=value.emergency,
    )


def _detail(own: Session, booking: Booking, now: datetime) -> BoostDetail:
    head = own.regency.head
    return BoostDetail(regency=head.key, timezone=head.timezone, now=now, boost=_document(own, booking, now))


_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.id", "left"),
    ("cli.column.state", "left"),
    ("cli.column.offices", "left"),
    ("cli.column.uplink", "left"),
    ("cli.column.down", "right"),
    ("cli.column.up", "right"),
    ("cli.column.from", "left"),
    ("cli.column.until", "left"),
    ("cli.column.reason", "left"),
)


def _draw_list(own: Session, document: BoostList) -> RenderableType:
    from network.cli.draw import cell, table

    say = own.out.say
    if not document.boosts:
        return cell(say("cli.booking.none"))
    rows = [
        (
            each.request.id,
            say(f"cli.booking.{each.request.phase}"),
            ", ".join(each.offices),
            each.uplink or say("cli.boost.everywhere"),
            own.rate(each.down),
            own.rate(each.up),
            own.local(each.starts),
            own.local(each.expires),
            each.request.reason,
        )
        for each in document.boosts
    ]
    drawn = table(say, _COLUMNS, rows)
    drawn.columns[0].no_wrap = True  # it is copied into the next command
    return drawn


def _draw(own: Session, document: BoostDetail) -> RenderableType:
    from network.cli.draw import facts

    say, boost = own.out.say, document.boost
    more = f"↓ {own.rate(boost.down)}  ↑ {own.rate(boost.up)}"
    rows = [
        (say("cli.column.id"), boost.request.id),
        (say("cli.column.offices"), ", ".join(boost.offices)),
        (say("cli.column.uplink"), boost.uplink or say("cli.boost.everywhere")),
        (say("cli.column.more"), f"{more} · {say('cli.boost.emergency')}" if boost.emergency else more),
        (say("cli.column.from"), own.local(boost.starts)),
        (say("cli.column.until"), own.local(boost.expires)),
    ]
    return facts([*rows, *bookings.facts(own, boost.request)])


bookings.decisions(app, NOUN, _told)

"""What was asked for ahead of time, and the words about it that `boost` and `window` share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli.grammar import Verb
from network.cli.session import Session, session
from network.errors import UsageError

if TYPE_CHECKING:
    from network.core.booking import Answer, Booking
    from network.services.bookings import Desk

ID: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="cli.flag.booking")]
NOTE: TypeAlias = Annotated[str, typer.Option("--note", metavar="TEXT", help="cli.flag.note")]
WHY_NOT: TypeAlias = Annotated[str, typer.Option("--note", metavar="TEXT", help="cli.flag.rejection")]
REASON: TypeAlias = Annotated[str, typer.Option("--reason", metavar="TEXT", help="cli.flag.reason")]
EVERY: TypeAlias = Annotated[bool, typer.Option("--all", help="cli.flag.every")]
"""Words that both nouns take, each with one meaning."""

WAITING: Final = 2
"""Exit code of a dry run of what would be taken."""

LISTED: Final = 200
"""How many requests `--all` goes back."""

_LONGEST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A second person's word. `agreed` false is a rejection."""

    actor: str
    at: datetime
    agreed: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`state` as it is kept, `phase` as it is now (`network.core.booking`).

    `needs`: why a second person is asked. `hold_until`: when a pending one lets go of its place.
    """

    id: str
    state: str
    phase: str
    actor: str
    reason: str
    created: datetime
    ends: datetime | None
    hold_until: datetime | None
    needs: tuple[str, ...]
    approvals: tuple[Word, ...]
    revision: int


def document(own: Session, booking: Booking, now: datetime) -> Request:
    return Request(
        id=booking.id,
        state=booking.state.value,
        phase=booking.phase(now).value,
        actor=booking.actor,
        reason=booking.reason,
        created=booking.created,
        ends=booking.ends,
        hold_until=booking.hold_until,
        needs=tuple(own.out.say(need.code, **need.fields) for need in booking.needs),
        approvals=tuple(Word(actor=each.actor, at=each.at, agreed=each.agreed, note=each.note) for each in booking.approvals),
        revision=booking.revision,
    )


def actor() -> str:
    """In whose name this line asks and decides."""
    from network.wiring import user

    return f"os:{user()}"


def reason(text: str, flag: str = "--reason") -> str:
    """Raises UsageError for one that says nothing, or that a line of the record could not show."""
    said = text.strip()
    if not said or len(said) > _LONGEST or not said.isprintable():
        raise UsageError("cli.usage.reason", flag=flag, most=_LONGEST)
    return said


def decisions(app: typer.Typer, noun: str, told: Callable[[Session, Booking, datetime], int]) -> None:
    """Gives a noun its verbs approve, reject and cancel; `told` shows what became of the request."""

    @app.command("approve", cls=Verb, help=f"cli.help.{noun}_approve")
    def approve(ctx: typer.Context, id: ID, note: NOTE = "") -> int:
        from network.services import bookings as service

        own = session(ctx)
        return told(own, *_decided(own, noun, id, partial(service.approve, note=note)))

    @app.command("reject", cls=Verb, help=f"cli.help.{noun}_reject")
    def reject(ctx: typer.Context, id: ID, *, note: WHY_NOT) -> int:
        from network.services import bookings as service

        own = session(ctx)
        return told(own, *_decided(own, noun, id, partial(service.reject, note=reason(note, "--note"))))

    @app.command("cancel", cls=Verb, help=f"cli.help.{noun}_cancel")
    def cancel(ctx: typer.Context, id: ID) -> int:
        from network.services import bookings as service

        own = session(ctx)
        return told(own, *_decided(own, noun, id, service.cancel))


def _decided(own: Session, noun: str, id: str, act: Callable[[Desk, str, str], Booking | Answer]) -> tuple[Booking, datetime]:
    """Does that to what has that id and is of that noun."""
    from network.core.booking import Booking, Kind
    from network.services.bookings import found

    with own.ground(reach=False) as ground:
        found(ground.desk, id, kind=Kind(noun))
        booking = act(ground.desk, id, actor())
        now = ground.hands.clock.now()
    assert isinstance(booking, Booking), "only a request with a key of its own is answered from the record"
    return booking, now


def outcome(own: Session, noun: str, request: Request, starts: datetime, now: datetime) -> str:
    """What came of it, and who carries it out. `starts`: when it begins to act."""
    say = own.out.say
    if request.phase == "waiting":
        return say("cli.booking.waits", id=request.id, noun=noun, until=own.local(request.hold_until))
    if request.phase == "cancelled":
        return f"{say('cli.booking.withdrawn', id=request.id)} {say('cli.booking.soon')}"
    if request.phase == "rejected":
        return say("cli.booking.refused", id=request.id)
    granted = say("cli.booking.from", id=request.id, starts=own.local(starts))
    return f"{granted} {say('cli.booking.soon' if starts <= now else 'cli.booking.then')}"


def facts(own: Session, request: Request) -> list[tuple[str, str]]:
    """Who asked, who agreed, for a person."""
    say = own.out.say
    words = [_word(own, each) for each in request.approvals]
    rows = [
        (say("cli.column.state"), say(f"cli.booking.{request.phase}")),
        (say("cli.column.reason"), request.reason),
        (say("cli.column.actor"), f"{request.actor}, {own.local(request.created)}"),
        (say("cli.column.needs"), "\n".join(request.needs)),
        (say("cli.column.approvals"), "\n".join(words)),
    ]
    return [(name, value) for name, value in rows if value]


def _word(own: Session, word: Word) -> str:
    said = own.out.say(f"cli.booking.{'approved' if word.agreed else 'declined'}", actor=word.actor, at=own.local(word.at))
    return f"{said}: {word.note}" if word.note else said

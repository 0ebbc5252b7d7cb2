"""`lajur what-if`: what more of an uplink would buy, and what is left when one fails. Only computes; reaches no device."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeAlias, TypeVar

import typer

from network.cli import completion, what_if_view
from network.cli.grammar import AT, Verb, noun
from network.cli.session import Session, session
from network.cli.words import rate_of
from network.core.near import perhaps
from network.errors import UsageError

if TYPE_CHECKING:
    from inventory.model import Rates
    from inventory.regency import Regency
    from inventory.units import Bandwidth
    from network.core.intent import Intent

app = noun("cli.help.what_if")

_Answer = TypeVar("_Answer")

UPLINK: TypeAlias = Annotated[
    str, typer.Argument(metavar="UPLINK", help="cli.flag.asked_uplink", autocompletion=completion.uplinks)
]
DOWN: TypeAlias = Annotated[str | None, typer.Option("--down", metavar="RATE", help="cli.flag.extra_down")]
UP: TypeAlias = Annotated[str | None, typer.Option("--up", metavar="RATE", help="cli.flag.extra_up")]


@app.command("more", cls=Verb, help="cli.help.what_if_more")
def more(ctx: typer.Context, uplink: UPLINK, down: DOWN = None, up: UP = None, at: AT = None) -> int:
    from network.core.what_if import more as ask

    own = session(ctx)
    extra = _extra(down, up)
    answer, intent = _asked(own, uplink, at, lambda regency, intent: ask(regency, intent, uplink, extra))
    document = what_if_view.MoreUplink(
        regency=own.regency.head.key,
        timezone=own.regency.head.timezone,
        now=intent.now,
        windows=intent.windows,
        boosts=tuple(boost.id for boost in intent.boosts),
        uplink=uplink,
        down=extra.down,
        up=extra.up,
        uplinks=answer.uplinks,
        offices=answer.offices,
        notes=tuple(own.out.say(note.code, **note.fields) for note in answer.notes),
    )
    own.out.show(document, lambda: what_if_view.draw_more(own, document))
    return 0


@app.command("without", cls=Verb, help="cli.help.what_if_without")
def without(ctx: typer.Context, uplink: UPLINK, at: AT = None) -> int:
    from network.core.what_if import without as ask

    own = session(ctx)
    answer, intent = _asked(own, uplink, at, lambda regency, intent: ask(regency, intent, uplink))
    document = what_if_view.WithoutUplink(
        regency=own.regency.head.key,
        timezone=own.regency.head.timezone,
        now=intent.now,
        windows=intent.windows,
        boosts=tuple(boost.id for boost in intent.boosts),
        uplink=uplink,
        takes_over=answer.takes_over,
        uplinks=answer.uplinks,
        offices=answer.offices,
        applications=answer.applications,
        notes=tuple(own.out.say(note.code, **note.fields) for note in answer.notes),
    )
    own.out.show(document, lambda: what_if_view.draw_without(own, document))
    return 0


def _asked(own: Session, uplink: str, at: str | None, ask: Callable[[Regency, Intent], _Answer]) -> tuple[_Answer, Intent]:
    """Ask of what stands at the moment; from here on that is the session's regency. Time moves for the question only, so `at`
    may be any moment, on real devices too.
    """
    from network.core.intent import intend
    from network.services.bookings import standing
    from network.services.shift import LOOK_BACK

    known = [each.key for each in own.regency.uplinks]
    if uplink not in known:
        raise UsageError("cli.usage.no_uplink", key=uplink, nearest=perhaps(uplink, known))
    moved = own.at(at)
    with own.ground(reach=False) as ground:
        now = ground.hands.clock.now()
        moment = moved or now
        found = standing(ground.desk, min(moment, now) - LOOK_BACK)
    own.regency = found.regency
    intent = intend(found.regency, moment, found.boosts)
    return ask(found.regency, intent), intent


def _extra(down: str | None, up: str | None) -> Rates:
    from inventory.model import Rates
    from inventory.units import Bandwidth

    if down is None and up is None:
        raise UsageError("cli.usage.how_much")
    return Rates(
        down=Bandwidth(0) if down is None else _rate("--down", down), up=Bandwidth(0) if up is None else _rate("--up", up)
    )


def _rate(flag: str, written: str) -> Bandwidth:
    """A rate that may have a sign."""
    from inventory.units import Bandwidth

    sign, size = written[:1], written[1:] if written[:1] in ("-", "+") else written
    rate = rate_of(flag, size)
    return Bandwidth(-rate) if sign == "-" else rate

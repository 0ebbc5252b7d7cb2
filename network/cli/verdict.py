"""What admission says of a request: whether it fits, what is missing, and what would fit, ready to be given as a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from network.cli.bookings import WAITING
from network.cli.session import Session
from network.errors import NotAdmitted

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.core.admission import admit as admission
    from network.core.admission import offers as offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """From `since` to `until` it does not fit at `place`: `missing` bit/s, with what acts together then (`who`)."""

    since: datetime
    until: datetime
    who: tuple[str, ...]
    place: str
    missing: int
    why: str
    why_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What would fit. `kind`: later, smaller or shorter. `part`: percent of what was asked for. `line`: how to ask for it."""

    kind: str
    starts: datetime
    ends: datetime
    down: int | None
    up: int | None
    part: float | None
    line: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`asked` false: it was a dry run. `needs`: why a second person would be asked. `warnings` hinder nothing."""

    fits: bool
    asked: bool
    needs: tuple[str, ...]
    shortfalls: tuple[Shortfall, ...]
    offers: tuple[Offer, ...]
    warnings: tuple[str, ...] = ()


Line = Callable[["offered.Offer"], str]


def show(own: Session, found: admission.Verdict, *, asked: bool, line: Line | None = None, warnings: tuple[str, ...] = ()) -> int:
    """Show it; the exit code that goes with it. `line` writes an offer as a command."""
    document = replace(_document(own, found, asked, line), warnings=warnings)
    own.out.show(document, lambda: _draw(own, document))
    return WAITING if document.fits else NotAdmitted.exit_code


def refused(own: Session, error: NotAdmitted, line: Line | None = None) -> int:
    """Show what the request was refused for."""
    from network.core.admission.admit import Verdict as Found

    found = error.fields["verdict"]
    assert isinstance(found, Found), "what is not admitted has its verdict"
    return show(own, found, asked=True, line=line)


def _document(own: Session, found: admission.Verdict, asked: bool, line: Line | None) -> Verdict:
    say = own.out.say
    return Verdict(
        fits=not found.shortfalls,
        asked=asked,
        needs=tuple(say(need.code, **need.fields) for need in found.needs),
        shortfalls=tuple(
            Shortfall(
                since=short.since,
                until=short.until,
                who=tuple(short.who),
                place=short.place,
                missing=short.missing,
                why=say(short.cause.code, **short.cause.fields),
                why_code=short.cause.code,
            )
            for short in found.shortfalls
        ),
        offers=tuple(
            Offer(
                kind=offer.kind,
                starts=offer.starts,
                ends=offer.ends,
                down=offer.amount.down if offer.amount else None,
                up=offer.amount.up if offer.amount else None,
                part=offer.part,
                line=line(offer) if line else None,
            )
            for offer in found.offers
        ),
    )


_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.from", "left"),
    ("cli.column.until", "left"),
    ("cli.column.together", "left"),
    ("cli.column.place", "left"),
    ("cli.column.missing", "right"),
    ("cli.column.why", "left"),
)


def _draw(own: Session, document: Verdict) -> RenderableType:
    from network.cli.draw import cell, line, stack, table

    say = own.out.say
    needs = [cell(say("cli.verdict.needs")), *(cell(f"  {each}") for each in document.needs)] if document.needs else []
    if document.fits:
        return stack(cell(say("cli.verdict.fits"), "green"), *needs, *(cell(each, "yellow") for each in document.warnings))
    rows = [
        (
            own.local(each.since),
            own.local(each.until),
            ", ".join(each.who),
            own.out.say("cli.place", place=each.place),
            own.rate(each.missing),
            each.why,
        )
        for each in document.shortfalls
    ]
    offers = [line(f"  {_told(own, each)}") for each in document.offers]
    head = say("cli.verdict.offers" if offers else "admission.no_offer")
    short = cell(say("cli.verdict.refused" if document.asked else "cli.verdict.short"), "bold red")
    return stack(table(say, _COLUMNS, rows, title=say("cli.verdict.shortfalls")), short, cell(head), *offers)


def _told(own: Session, offer: Offer) -> str:
    if offer.line:
        return offer.line
    part = "" if offer.part is None else own.out.say("cli.verdict.part", part=round(offer.part))
    kind = own.out.say(f"cli.verdict.{offer.kind}", starts=own.local(offer.starts), ends=own.local(offer.ends))
    return f"{kind} {part}".strip()

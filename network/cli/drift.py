"""`lajur drift`: what devices hold beside what they are to hold. Only looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli.session import Session, session
from network.cli.words import decimal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.core.drift import Figure
    from network.link_wiring import LinkGround
    from network.services.drift import Drift as Found
    from network.wiring import Ground

SERVERS: TypeAlias = Annotated[bool, typer.Option("--servers", help="cli.flag.drift_servers")]

_WAITING, _NEEDS_PERSON = 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """`mend`: a command; empty: by hand. `text` is `code` in the reader's language.

    `wanted` and `found` are for a person: the device's own words, or `figures` in the reader's language. `figures` are for a
    program: each value that differs by its `name`, as `network.core.drift.Figure` has it, rates in bit/s and sizes in bytes.
    """

    device: str
    code: str
    text: str
    place: str
    wanted: str
    found: str
    mend: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadLine:
    device: str
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """`looked`: devices that were read; `unread`: those that could not be; `unseen`: those whose links were not compared."""

    regency: str
    now: datetime
    looked: tuple[str, ...]
    findings: tuple[FindingLine, ...]
    unread: tuple[UnreadLine, ...]
    unseen: tuple[str, ...]


def drift(ctx: typer.Context, *, servers: SERVERS = False) -> int:
    from network.cli.drift_servers import look_at_servers
    from network.services import drift as service

    own = session(ctx)
    if servers:
        return look_at_servers(own)
    with own.ground() as ground, _links(own, ground) as links:
        part = service.LinkPart(links.intents, links.hands, links.alone)
        found = service.drift(own.wish("drift", ground.hands.clock.now()), ground.hands, part)
    document = _document(own, found)
    own.out.show(document, lambda: _draw(own, document))
    return _WAITING if found.findings else _NEEDS_PERSON if found.unread else 0


def _links(own: Session, ground: Ground) -> AbstractContextManager[LinkGround]:
    """The links of the same ground, by the same way."""
    from network.link_wiring import link_ground

    lab = ground.lab.plan.lab if ground.lab else None
    clock, ledger = ground.hands.clock, ground.ledger
    return link_ground(own.settings, ground.regency, via=ground.via, lab_id=lab, clock=clock, ledger=ledger)


def _document(own: Session, found: Found) -> Drift:
    say = own.out.say
    return Drift(
        regency=own.regency.head.key,
        now=found.at,
        looked=found.looked,
        findings=tuple(
            FindingLine(
                device=each.device,
                code=each.what,
                text=say(each.what),
                place=each.place,
                wanted=each.wanted or _worded(own, ((figure.name, figure.wanted) for figure in each.figures)),
                found=each.found or _worded(own, ((figure.name, figure.found) for figure in each.figures)),
                mend=each.mend,
                figures=each.figures,
            )
            for each in found.findings
        ),
        unread=tuple(
            UnreadLine(device=device, code=error.code, text=own.out.text_of(error)) for device, error in found.unread.items()
        ),
        unseen=found.unseen,
    )


def _worded(own: Session, figures: Iterable[tuple[str, int | str | None]]) -> str:
    """Whole, not rounded: two that differ by little must not look alike."""
    from inventory.units import Bandwidth

    words = []
    for name, value in figures:
        if value is not None:
            shown = decimal(str(Bandwidth(value)), own.language) if name in _RATES and isinstance(value, int) else value
            words.append(own.out.say(f"drift.figure.{name}", value=shown))
    return ", ".join(words)


_RATES: Final = ("guarantee", "ceiling")

_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.device", "left"),
    ("drift.column_where_on", "left"),
    ("drift.column_differs", "left"),
    ("drift.column_wanted", "left"),
    ("drift.column_found", "left"),
    ("drift.column_mend", "left"),
)


def _mend(own: Session, finding: FindingLine) -> str:
    """A command of ours as it is; one of the device's own with where to give it."""
    if not finding.mend:
        return own.out.say("drift.by_hand")
    return finding.mend if finding.mend.startswith("lajur ") else own.out.say("drift.there", command=finding.mend)


def _draw(own: Session, document: Drift) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    rows = [
        (
            each.device,
            own.out.say("cli.place", place=each.place),
            each.text,
            each.wanted or "–",
            each.found or "–",
            _mend(own, each),
        )
        for each in document.findings
    ]
    unread = [cell(each.text, "red") for each in document.unread]
    unread += [cell(say("drift.unseen", devices=", ".join(document.unseen)))] if document.unseen else []
    at = own.local(document.now)
    if not rows:
        return stack(*unread, cell(say("drift.none", count=len(document.looked), at=at)))
    last = say("drift.sum", count=len(rows), devices=len({each.device for each in document.findings}), at=at)
    return stack(table(say, _COLUMNS, rows), *unread, cell(last))

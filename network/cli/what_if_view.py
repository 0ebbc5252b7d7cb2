"""An answer to a what-if as a person reads it: what each office would be sure of, where the rates go, and what to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from network.cli.session import Session
from network.cli.words import decimal

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from inventory.units import Direction
    from network.cli.draw import Column
    from network.core import supposed
    from network.core.supposed import Balance, Change, Effect, Left


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreUplink:
    """`down`, `up`: the extra in bit/s, below 0 for less. `now`: the moment that is asked about; what acts then counts on both
    sides. `notes` are in the reader's language.
    """

    regency: str
    timezone: str
    now: datetime
    windows: tuple[str, ...]
    boosts: tuple[str, ...]
    uplink: str
    down: int
    up: int
    uplinks: tuple[supposed.Balance, ...]
    offices: tuple[supposed.Effect, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutUplink:
    """`takes_over`: the default uplink, None when it is the one that fails. `offices` has the worst hit first."""

    regency: str
    timezone: str
    now: datetime
    windows: tuple[str, ...]
    boosts: tuple[str, ...]
    uplink: str
    takes_over: str | None
    uplinks: tuple[supposed.Remaining, ...]
    offices: tuple[supposed.Left, ...]
    applications: tuple[supposed.Cut, ...]
    notes: tuple[str, ...]


_PARTS: Final = ("contracted", "headroom", "default_class", "guaranteed", "unpromised", "busy")
_ARROWS: Final = {"down": "↓", "up": "↑"}

_BALANCE: Final[tuple[Column, ...]] = (
    ("cli.column.uplink", "left"),
    ("cli.column.where", "left"),
    ("cli.column.now", "right"),
    ("cli.column.then", "right"),
    ("cli.column.change", "right"),
)
_APPLICATIONS: Final[tuple[Column, ...]] = (
    ("cli.column.application", "left"),
    ("cli.column.reserved", "right"),
    ("cli.column.goes_to", "left"),
    ("cli.column.reserved_there", "right"),
)


def draw_more(own: Session, document: MoreUplink) -> RenderableType:
    from network.cli.draw import cell, stack

    say = own.out.say
    head = say(
        "cli.what_if.more",
        uplink=document.uplink,
        down=_signed(own, document.down),
        up=_signed(own, document.up),
        **_moment(own, document),
    )
    notes = [cell(note, "yellow") for note in document.notes]
    return stack(cell(head, "bold"), _offices(own, document), _balances(own, document), *notes)


def draw_without(own: Session, document: WithoutUplink) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    head = cell(say("cli.what_if.without", uplink=document.uplink, **_moment(own, document)), "bold")
    notes = [cell(note, "yellow") for note in document.notes]
    cut = [
        (
            each.application,
            _both(own, each.reserved),
            ", ".join(each.goes_to) or cell(say("cli.what_if.no_way_out"), "red"),
            _both(own, each.reserved_there) if each.goes_to else "–",
        )
        for each in document.applications
    ]
    applications = table(say, _APPLICATIONS, cut, title=say("cli.what_if.applications")) if cut else None
    return stack(head, _left(own, document), applications, *notes)


def _moment(own: Session, document: MoreUplink | WithoutUplink) -> dict[str, str]:
    return {
        "regency": own.regency.head.name,
        "at": own.local(document.now),
        "windows": ", ".join(document.windows) or "–",
        "boosts": ", ".join(document.boosts) or "–",
    }


def _offices(own: Session, document: MoreUplink) -> RenderableType:
    """A line an office, a column a shaper; offices that would be sure of the same do not appear."""
    from network.cli.draw import by_shaper, cell, merged

    say = own.out.say
    rows: dict[str, dict[tuple[str, str], Effect]] = {}
    for each in document.offices:
        if each.guarantee.difference:
            rows.setdefault(each.office, {})[each.uplink, each.direction.value] = each
    shapers = [(each.uplink, each.direction.value) for each in document.uplinks if _is_told(each, document)]
    ways = merged(shapers, lambda shaper: [found.guarantee if (found := row.get(shaper)) else None for row in rows.values()])
    drawn = by_shaper(say, (("cli.column.office", "left"),), ways, narrow=own.out.is_narrow)
    drawn.title, drawn.title_justify = cell(say("cli.what_if.offices"), "bold"), "left"
    for office, row in rows.items():
        name, first = own.regency.office(office).name, next(iter(row.values()))
        title = f"{name} ({say('cli.what_if.protected')})" if first.protected else name
        changes = [found.guarantee if (found := row.get((way[0], way[1][0]))) else None for way in ways]
        drawn.add_row(cell(title), *(_cell(own, change) for change in changes))
    quiet = len(own.regency.offices) - len(rows)
    if quiet > 0:
        drawn.caption, drawn.caption_justify = say("cli.what_if.quiet", count=quiet), "left"
    return drawn


def _is_told(each: Balance, document: MoreUplink) -> bool:
    """The uplink that was asked about; of the others those on which an office would be sure of more or less."""
    return each.uplink == document.uplink or any(
        row.guarantee.difference for row in document.offices if (row.uplink, row.direction) == (each.uplink, each.direction)
    )


def _balances(own: Session, document: MoreUplink) -> RenderableType:
    from network.cli.draw import merged, table

    say = own.out.say
    told = {(each.uplink, each.direction.value): each for each in document.uplinks if _is_told(each, document)}

    def figures(shaper: tuple[str, str]) -> list[Change]:
        return [getattr(told[shaper], part) for part in _PARTS]

    rows = [
        (
            f"{uplink} {''.join(_ARROWS[each] for each in directions)}" if part == _PARTS[0] else "",
            say(f"cli.what_if.{part}"),
            own.rate(change.now),
            own.rate(change.then),
            _signed(own, change.difference),
        )
        for uplink, directions in merged(told, figures)
        for part, change in zip(_PARTS, figures((uplink, directions[0])), strict=True)
    ]
    return table(say, _BALANCE, rows, title=say("cli.what_if.uplinks"))


def _left(own: Session, document: WithoutUplink) -> RenderableType:
    """The columns of what the truth could still hand over stand there only when it is something."""
    from network.cli.draw import table

    say = own.out.say
    handed = any(each.rewritten != each.left for each in document.offices)
    columns: list[Column] = [("cli.column.office", "left"), ("cli.column.direction", "left")]
    columns += [("cli.column.now", "right"), ("cli.column.left", "right")]
    columns += [("cli.column.rewritten", "right")] if handed else []
    columns += [("cli.column.base", "right"), ("cli.column.below", "left")]
    rows = [
        (
            own.regency.office(each.office).name,
            arrows,
            own.rate(each.now),
            own.rate(each.left),
            *((own.rate(each.rewritten),) if handed else ()),
            own.rate(each.base),
            _state(own, each),
        )
        for each, arrows in _joined(document)
    ]
    return table(say, columns, rows, title=say("cli.what_if.offices"))


def _joined(document: WithoutUplink) -> Iterator[tuple[Left, str]]:
    """An office stands once where both directions say the same."""
    by_office: dict[str, list[Left]] = {}
    for each in document.offices:
        by_office.setdefault(each.office, []).append(each)
    for each in document.offices:
        others = [other for other in by_office[each.office] if _figures(other) == _figures(each)]
        if others[0] is each:
            yield each, "".join(_ARROWS[other.direction.value] for other in others)


def _figures(each: Left) -> tuple[int, ...]:
    return each.now, each.left, each.rewritten, each.base, each.floor


def _state(own: Session, each: Left) -> Text:
    from network.cli.draw import cell

    words = [own.out.say(f"cli.what_if.below_{each.below}")] if each.below else []
    words += [own.out.say("cli.what_if.protected")] if each.protected else []
    return cell(", ".join(words), "red" if each.below == "floor" else "yellow" if each.below else "")


def _cell(own: Session, change: Change | None) -> Text:
    from network.cli.draw import cell

    if change is None:
        return cell("=", "dim")
    return cell(f"{_mega(own, change.now)} → {_mega(own, change.then)}", "green" if change.difference > 0 else "yellow")


def _mega(own: Session, bits: int) -> str:
    return decimal(f"{bits / 1e6:.2f}", own.language)


def _signed(own: Session, bits: int) -> str:
    return f"+{own.rate(bits)}" if bits > 0 else own.rate(bits)


def _both(own: Session, rates: Mapping[Direction, int]) -> str:
    return "  ".join(own.rate(rate) if rate else "–" for rate in rates.values())

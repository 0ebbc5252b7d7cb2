"""`lajur status`: what each office uses now, beside what it is guaranteed, and what each link carries. Looks only.

Two meters that are never mixed: the queues' own counters for offices, SNMP interface totals for links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli.session import Session, Via, session
from network.cli.words import bar, decimal
from network.errors import Refused, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from network.cli.draw import Column
    from network.services.link_totals import LinkTotals
    from network.services.observe import OfficeLine, Status
    from network.wiring import Ground

WATCH: TypeAlias = Annotated[bool, typer.Option("--watch", help="cli.flag.watch")]
LINKS: TypeAlias = Annotated[bool, typer.Option("--links", help="cli.flag.links")]

_INTERVAL: Final = 2.0
"""Seconds between two readings of the class meter."""

_BAR: Final = 6
_NAME, _CELL = 14, 17
"""Columns that a name needs at least, and that a pair of figures takes with what is around it."""

_AT_GUARANTEE: Final = 0.98
_FRAME: Final = 13
"""Lines of a frame around its facts, its uplinks and its offices."""

_UPLINK_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.uplink", "left"),
    ("cli.column.direction", "left"),
    ("cli.column.contracted", "right"),
    ("cli.column.shaped", "right"),
    ("cli.column.used", "right"),
    ("cli.column.use", "left"),
)
_LINK_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.link", "left"),
    ("cli.column.ends", "left"),
    ("cli.column.capacity", "right"),
    ("cli.column.down", "right"),
    ("cli.column.up", "right"),
    ("cli.column.by", "left"),
)


def status(ctx: typer.Context, watch: WATCH = False, links: LINKS = False) -> int:
    from network.services import observe

    own = session(ctx)
    if watch and links:
        raise UsageError("cli.usage.watch_links")
    with own.ground() as ground:
        if links:
            return _show_links(own, ground)
        if not watch:
            seen, _ = observe.status(own.wish("status", ground.hands.clock.now()), ground.hands, interval=_INTERVAL)
            own.out.show(seen, lambda: draw(own, seen, ground.via))
            return 0
        try:
            own.out.watch(_frames(own, ground))
        except KeyboardInterrupt:
            return 0  # how one leaves a display that never ends
    return 0


def _show_links(own: Session, ground: Ground) -> int:
    from network import wiring
    from network.services.link_totals import APART, link_totals

    if ground.via == Via.MEMORY:
        raise Refused("cli.refused.links_memory")
    with own.out.progress(always=True) as tell, wiring.interface_meter(own.regency, ground.lab) as meter:
        tell(own.out.say("cli.status.polling", seconds=round(APART)))
        seen = link_totals(own.regency, meter, ground.hands.clock)
    own.out.show(seen, lambda: _draw_links(own, seen))
    return 0


def _frames(own: Session, ground: Ground) -> Iterator[tuple[Status, Callable[[], RenderableType]]]:
    from network.services import observe

    clock, before = ground.hands.clock, None
    while True:
        if before is not None:
            clock.sleep(_INTERVAL)
        seen, before = observe.status(own.wish("status", clock.now()), ground.hands, before=before, interval=_INTERVAL)
        yield seen, partial(draw, own, seen, ground.via, height=own.out.size[1])


def draw(own: Session, seen: Status, via: str, height: int | None = None) -> RenderableType:
    """The whole picture. `height`: lines that there are; when not all offices fit, those that use most come first."""
    from network.cli.draw import facts, stack

    known = _facts(own, seen, via)
    rows = None if height is None else height - _FRAME - len(known) - len(seen.uplinks)
    return stack(facts(known), _uplinks(own, seen), _offices(own, seen, rows))


def _facts(own: Session, seen: Status, via: str) -> list[tuple[str, str]]:
    say = own.out.say
    edge = seen.next_edge
    rows = [
        (say("cli.column.regency"), f"{own.regency.head.name} ({say(f'cli.via.{via}')})"),
        (say("cli.column.time"), own.local(seen.now)),
        (say("cli.column.windows"), ", ".join(seen.windows) or say("cli.status.no_window")),
        (say("cli.column.meter"), say("cli.status.meter", age=_age(own, seen))),
        (
            say("cli.column.waiting"),
            say("cli.status.waiting", steps=seen.waiting) if seen.waiting else say("cli.status.as_intended"),
        ),
    ]
    if edge is not None:
        words = say(f"cli.status.next_{edge.slot.edge}", window=edge.slot.window, at=own.local(edge.at))
        rows.insert(3, (say("cli.column.next"), words))
    rows += [(say("cli.column.armed"), f"{device}: {run}") for device, run in seen.armed.items()]
    rows += [(say("cli.column.returns"), f"{device}: {', '.join(names)}") for device, names in seen.returns.items()]
    rows += [(say("cli.column.foreign"), line) for line in seen.foreign]
    return rows


def _age(own: Session, seen: Status) -> str:
    return "–" if seen.age is None else decimal(f"{seen.age:.1f}", own.language)


def _uplinks(own: Session, seen: Status) -> RenderableType:
    from network.cli.draw import table

    rows = [
        (
            line.uplink,
            own.out.say(f"cli.direction.{line.direction}"),
            own.rate(line.contracted),
            own.rate(line.shaped),
            own.rate(line.rate),
            bar((line.rate or 0) / line.shaped if line.shaped else 0.0, 3 * _BAR),
        )
        for line in seen.uplinks
    ]
    return table(own.out.say, _UPLINK_COLUMNS, rows)


def _offices(own: Session, seen: Status, most: int | None) -> RenderableType:
    """A line an office, a column a shaper: a bar of the guarantee, then rate and guarantee in Mbit/s."""
    from network.cli.draw import by_shaper, cell

    shapers = list(dict.fromkeys((line.uplink, line.direction) for line in seen.offices))
    by_office: dict[str, dict[tuple[str, str], OfficeLine]] = {}
    for line in seen.offices:
        by_office.setdefault(line.office, {})[line.uplink, line.direction] = line
    keys = _fitting(by_office, most)
    ways = [(uplink, (direction,)) for uplink, direction in shapers]
    drawn = by_shaper(own.out.say, (("cli.column.office", "left"),), ways, narrow=False)
    drawn.columns[0].no_wrap, drawn.columns[0].overflow = True, "ellipsis"
    drawn.columns[0].max_width = max(_NAME, own.out.size[0] - len(ways) * (_CELL if own.out.is_narrow else _CELL + _BAR))
    for key in keys:
        lines = by_office[key]
        first = next(iter(lines.values()))
        drawn.add_row(cell(first.name), *(_use(own, lines[shaper]) for shaper in shapers))
    hidden = len(by_office) - len(keys)
    drawn.caption = own.out.say("cli.status.hidden", count=hidden) if hidden else own.out.say("cli.status.legend")
    drawn.caption_justify = "left"
    return drawn


def _fitting(by_office: Mapping[str, Mapping[tuple[str, str], OfficeLine]], most: int | None) -> list[str]:
    if most is None or len(by_office) <= most:
        return list(by_office)
    used = {key: sum(line.rate or 0 for line in lines.values()) for key, lines in by_office.items()}
    return sorted(by_office, key=lambda key: -used[key])[: max(1, most)]


def _use(own: Session, line: OfficeLine) -> Text:
    """Green: has all that it is guaranteed or more. Red and ≠: the device holds another guarantee than intended."""
    from network.cli.draw import cell

    part = (line.rate or 0) / line.guarantee if line.guarantee else 0.0
    style = "green" if part >= _AT_GUARANTEE else "dim" if part < 0.01 else ""
    gauge = f"{bar(part, _BAR)} " if not own.out.is_narrow else ""
    drawn = cell(f"{gauge}{_mega(own, line.rate)}/", style)
    wrong = line.guarantee != line.intended
    return drawn.append_text(cell(f"{_mega(own, line.guarantee)}{'≠' if wrong else ' '}", "bold red" if wrong else ""))


def _mega(own: Session, bits: int | None) -> str:
    return "–" if bits is None else decimal(f"{bits / 1e6:.2f}", own.language)


def _draw_links(own: Session, seen: LinkTotals) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    rows = [
        (
            line.link,
            " – ".join(line.ends),
            own.rate(line.capacity_down),
            own.rate(line.down),
            own.rate(line.up),
            line.by or say(f"cli.meter.{line.why}"),
        )
        for line in seen.links
    ]
    over, age = (decimal(f"{value:.1f}", own.language) for value in (seen.over, seen.age))
    return stack(table(say, _LINK_COLUMNS, rows), cell(say("cli.status.link_meter", over=over, age=age), "dim"))

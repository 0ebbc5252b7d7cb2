"""`lajur shift`: carry the devices across the edge of a window, and see which edges were claimed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli import plan, runs
from network.cli.grammar import AT, DRY_RUN, Verb, noun
from network.cli.session import Session, session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.core.ports import RunRecord
    from network.core.slot import Slot

app = noun("cli.help.shift")

DUE: TypeAlias = Annotated[bool, typer.Option("--due", help="cli.flag.due")]

_SINCE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One edge of a window or boost. `start`: original start of the occurrence; `at`: when the edge itself comes, None when the
    truth no longer says so; `status`: due, acted or skipped."""

    window: str
    edge: str
    start: datetime
    at: datetime | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What `shift run` did: the edges that it claimed, and the run."""

    regency: str
    now: datetime
    edges: tuple[Edge, ...]
    run: runs.Run


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftList:
    """Edges of the last seven days, those that wait first; the last runs, newest first."""

    regency: str
    timezone: str
    now: datetime
    edges: tuple[Edge, ...]
    runs: tuple[RunRecord, ...]


@app.command("run", cls=Verb, help="cli.help.shift_run")
def run(ctx: typer.Context, _due: DUE = False, at: AT = None, dry_run: DRY_RUN = False) -> int:
    from network import wiring
    from network.services.shift import announce, shift

    own = session(ctx)
    with own.ground(at=at) as ground:
        now = ground.hands.clock.now()
        if dry_run:
            return plan.show(own, ground.hands, now)
        report = shift(own.wish("shift", now), ground.hands)
        announce(ground.desk, f"os:{wiring.user()}", report.acted, report.skipped)
    claimed = [_edge(edge.slot, edge.at, "acted") for edge in report.acted]
    claimed += [_edge(edge.slot, edge.at, "skipped") for edge in report.skipped]
    document = Shift(regency=own.regency.head.key, now=now, edges=tuple(claimed), run=runs.document(own, report.run))
    own.out.show(document, lambda: _draw_shift(own, document))
    return 0


@app.command("list", cls=Verb, help="cli.help.shift_list")
def list_shifts(ctx: typer.Context) -> int:
    from network.core.calendar import edges
    from network.services.shift import LOOK_BACK, due

    own = session(ctx)
    head = own.regency.head
    with own.ground(reach=False) as ground:
        now = ground.hands.clock.now()
        waiting = [_edge(edge.slot, edge.at, "due") for edge in due(own.wish("shift", now), ground.hands)]
        slots = ground.hands.ledger.claims(head.key, now - _SINCE)
        starts = [slot.start for slot, _ in slots] or [now]
        came = {edge.slot: edge.at for edge in edges(own.regency, min(starts) - LOOK_BACK, max(starts) + LOOK_BACK, own.boosts)}
        claimed = [_edge(slot, slot.start if slot.edge == "open" else came.get(slot), status) for slot, status in slots]
        last = ground.hands.ledger.runs(head.key)
    document = ShiftList(regency=head.key, timezone=head.timezone, now=now, edges=(*waiting, *claimed), runs=last)
    own.out.show(document, lambda: _draw_list(own, document))
    return 0


def _edge(slot: Slot, at: datetime | None, status: str) -> Edge:
    return Edge(window=slot.window, edge=slot.edge, start=slot.start, at=at, status=status)


_EDGES: Final = re.compile(r"(\S+) (open|close)(?=, |$)")


def _reason(own: Session, reason: str) -> str:
    """Edges in the reader's words (`services.shift.reason_of` wrote them); any other reason as it stands."""
    if not re.fullmatch(rf"{_EDGES.pattern}(?:, {_EDGES.pattern})*", reason):
        return reason
    return _EDGES.sub(lambda found: f"{found[1]} {own.out.say(f'cli.edge.{found[2]}')}", reason)


_EDGE_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.window_or_boost", "left"),
    ("cli.column.edge", "left"),
    ("cli.column.occurs", "left"),
    ("cli.column.state", "left"),
)
_RUN_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.run", "left"),
    ("cli.column.time", "left"),
    ("cli.column.reason", "left"),
    ("cli.column.steps", "right"),
    ("cli.column.result", "left"),
)


def _edges(own: Session, edges: Iterable[Edge]) -> RenderableType:
    from network.cli.draw import table

    say = own.out.say
    rows = [(each.window, say(f"cli.edge.{each.edge}"), own.local(each.at), say(f"cli.slot.{each.status}")) for each in edges]
    return table(say, _EDGE_COLUMNS, rows)


def _draw_shift(own: Session, document: Shift) -> RenderableType:
    from network.cli.draw import stack

    edges = _edges(own, document.edges) if document.edges else own.out.say("cli.shift.nothing_due", at=own.local(document.now))
    return stack(edges, runs.draw(own, document.run))


def _draw_list(own: Session, document: ShiftList) -> RenderableType:
    from network.cli.draw import stack, table

    say = own.out.say
    rows = [
        (run.id, own.local(run.started), _reason(own, run.reason), str(run.steps), say(f"cli.result.{run.result}"))
        for run in document.runs
    ]
    edges = _edges(own, document.edges) if document.edges else say("cli.shift.no_edges")
    return stack(edges, table(say, _RUN_COLUMNS, rows) if rows else say("cli.shift.no_runs"))

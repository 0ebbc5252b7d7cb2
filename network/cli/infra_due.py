"""`lajur infra up --due`: rented servers brought for their peaks, and given back when these end."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from network.cli.infra_costs import CostAhead, cost_due, draw_ahead
from network.cli.plan import WAITING
from network.cli.session import Session, Via
from network.clock import SimulatedClock
from network.errors import LajurError, NeedsPerson, Refused, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.capacity_wiring import CapacityGround
    from network.cli.draw import Column
    from network.core.calendar import Edge
    from network.core.capacity import Course
    from network.core.quotas import Lack
    from network.core.reason import Reason
    from network.services.capacity_parts import CapacityReport


@dataclass(frozen=True, slots=True, kw_only=True)
class DueEdge:
    """One edge of a time for which servers come. `start`: when that time begins; `at`: when the edge itself comes; `status`: due,
    acted or skipped."""

    capacity: str
    edge: str
    start: datetime
    at: datetime
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueServer:
    """`move`: comes, goes (they would), came, went; `logs`: the file with the journals of one that went, empty where there is
    none."""

    server: str
    capacity: str
    move: str
    logs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLack:
    """A quota of a cloud that will have too little room: `needed` for the time from `start` to `end`, and `free`."""

    cloud: str
    capacity: str
    start: datetime
    end: datetime
    quota: str
    needed: int
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraDue:
    """What was done at `now`, or would be. `unasked`: clouds that could not be asked what room they have. `cost`: of a look
    ahead at servers that would come."""

    regency: str
    via: str
    now: datetime
    dry_run: bool
    edges: tuple[DueEdge, ...]
    servers: tuple[DueServer, ...]
    lacks: tuple[DueLack, ...]
    unasked: tuple[str, ...]
    cost: CostAhead | None = None


def up_due(own: Session, *, at: str | None, yes: bool, dry_run: bool) -> int:
    from network.services.capacity import due, tick, told, waiting

    with _ground(own, at) as ground:
        hands = ground.hands
        now = hands.build.clock.now()
        asked = waiting(hands, now)
        if dry_run or not (yes or asked.nothing):
            code = _ahead(own, ground, asked, due(hands, now), now)
            if dry_run or code != WAITING or not _agreed(own, asked):
                return code
        own.out.interruption_means("capacity.interrupted")
        with own.out.progress(always=not own.out.as_json) as line:
            report = tick(hands, lambda reason: line(_said(own, reason)) if _is_shown(own, reason) else None)
        document = _done(own, report, now)
        own.out.show(document, lambda: _draw(own, document, wrong=bool(report.errors)))
        _note(own, told(report, own.regency.zone))
    return own.out.failed(_one(report.errors)) if report.errors else 0


@contextmanager
def _ground(own: Session, at: str | None) -> Iterator[CapacityGround]:
    from network.capacity_wiring import capacity_ground

    moved, settings = own.at(at), own.settings
    with capacity_ground(
        settings,
        own.regency,
        via=own.flags.via.value,
        lab_id=settings.lab,
        clock=SimulatedClock(moved) if moved else None,
        environment=own.environment,
    ) as ground:
        if moved and ground.build.via == Via.DIRECT:
            raise Refused("cli.refused.at_direct")
        own.tell_way(ground.build.via)
        own.via = ground.build.via
        if moved:
            own.out.note("cli.at.simulated", at=own.local(moved))
        if ground.build.made is not None:
            own.out.note("infra.passphrase_made", file=str(ground.build.made))
        yield ground


def _ahead(own: Session, ground: CapacityGround, asked: Course, edges: Iterable[Edge], now: datetime) -> int:
    """Show what would be done; the exit code of that."""
    from network.services.capacity import told
    from network.services.capacity_parts import CapacityReport
    from network.services.foresight import foresee

    seen = foresee(ground.hands, now, keep=False)
    goes = tuple(DueServer(server=each.key, capacity=each.entry.key, move="goes") for each in asked.closes)
    comes = tuple(DueServer(server=each.key, capacity=each.entry.key, move="comes") for each in asked.opens)
    document = InfraDue(
        regency=own.regency.head.key,
        via=own.via,
        now=now,
        dry_run=True,
        edges=tuple(_edge(each, "due") for each in edges),
        servers=(*goes, *comes),
        lacks=_lacks(seen.lacks),
        unasked=tuple(seen.unasked),
        cost=cost_due(asked, ground.hands) if asked.opens else None,
    )
    own.out.show(document, lambda: _draw(own, document, wrong=bool(asked.for_person)))
    _note(own, told(CapacityReport(lacks=seen.lacks, unasked=seen.unasked), own.regency.zone))
    if asked.for_person:
        return own.out.failed(_one([NeedsPerson(each.code, **each.fields) for each in asked.for_person]))
    return 0 if asked.nothing else WAITING


def _agreed(own: Session, asked: Course) -> bool:
    """Raises Refused when there is nobody to ask."""
    if own.out.as_json or not sys.stdin.isatty():
        raise Refused("cli.refused.needs_yes")
    goes, comes = (", ".join(each.key for each in found) or "–" for found in (asked.closes, asked.opens))
    agreed = own.out.ask("capacity.ask", goes=goes, comes=comes)
    if not agreed:
        own.out.note("cli.ask.left")
    return agreed


def _done(own: Session, report: CapacityReport, now: datetime) -> InfraDue:
    edges = [(edge, "acted") for edge in report.acted] + [(edge, "skipped") for edge in report.skipped]
    moved = [(each, "went") for each in report.went] + [(each, "came") for each in report.came]
    return InfraDue(
        regency=own.regency.head.key,
        via=own.via,
        now=now,
        dry_run=False,
        edges=tuple(_edge(edge, status) for edge, status in edges),
        servers=tuple(DueServer(server=each.server, capacity=each.entry, move=move, logs=each.logs) for each, move in moved),
        lacks=_lacks(report.lacks),
        unasked=tuple(report.unasked),
    )


def _edge(edge: Edge, status: str) -> DueEdge:
    return DueEdge(capacity=edge.slot.window, edge=edge.slot.edge, start=edge.slot.start, at=edge.at, status=status)


def _lacks(found: Iterable[Lack]) -> tuple[DueLack, ...]:
    return tuple(
        DueLack(
            cloud=each.cloud,
            capacity=each.entry,
            start=each.start,
            end=each.end,
            quota=each.quota,
            needed=each.needed,
            free=each.free,
        )
        for each in found
    )


def _one(errors: Sequence[LajurError]) -> LajurError:
    return errors[0] if len(errors) == 1 else NeedsPerson("capacity.several", count=len(errors), reasons=tuple(errors))


def _note(own: Session, reasons: Iterable[Reason]) -> None:
    for reason in reasons:
        fields: dict[str, Any] = dict(reason.fields)
        own.out.note(reason.code, **fields)


def _is_shown(own: Session, reason: Reason) -> bool:
    """Where each line stays, tasks would hide the steps that they belong to."""
    from network.services.capacity_parts import TASK

    return reason.code != TASK or bool(own.out.verbose) or own.out.is_live


def _said(own: Session, reason: Reason) -> str:
    return own.out.say(reason.code, **reason.fields)


_EDGE_COLUMNS: Final[tuple[Column, ...]] = (
    ("capacity.column.capacity", "left"),
    ("cli.column.edge", "left"),
    ("cli.column.occurs", "left"),
    ("cli.column.state", "left"),
)
_SERVER_COLUMNS: Final[tuple[Column, ...]] = (
    ("infra.column.server", "left"),
    ("capacity.column.capacity", "left"),
    ("capacity.column.move", "left"),
    ("capacity.column.logs", "left"),
)


def _draw(own: Session, document: InfraDue, *, wrong: bool) -> RenderableType:
    """`wrong`: something is not as it should be, which is told beside it."""
    from network.cli.draw import stack, table

    say = own.out.say
    edges = [
        (each.capacity, say(f"cli.edge.{each.edge}"), own.local(each.at), say(f"capacity.slot.{each.status}"))
        for each in document.edges
    ]
    servers = [(each.server, each.capacity, say(f"capacity.move.{each.move}"), each.logs or "–") for each in document.servers]
    parts: list[RenderableType] = [table(say, _EDGE_COLUMNS, edges)] if edges else []
    parts += [table(say, _SERVER_COLUMNS, servers)] if servers else []
    if not parts and not wrong:
        return say("capacity.nothing", at=own.local(document.now))
    return stack(*parts, draw_ahead(own, document.cost))


def fit(servers: Iterable[str], at: str | None, *, due: bool) -> None:
    """Raises UsageError for words of `lajur infra up` that say nothing together."""
    if due and tuple(servers):
        raise UsageError("capacity.which", flag="--server")
    if at is not None and not due:
        raise UsageError("capacity.at_alone")

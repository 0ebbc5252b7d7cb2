"""The lab as documents and tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from network.cli.session import Session
from network.cli.words import decimal, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.labs import LabState, LabStatus, TrafficResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Up:
    """A lab that is up. `reused`: it already was; `ready_after`: seconds that it took, once. `next` is a line to give, and
    `servers_next` one for its servers, where it has any; `clouds`: how its cloud is entered, where it has one; `fake`: what is
    rented there are no machines."""

    lab: str
    regency: str
    offices: int
    nodes: int
    servers: int
    ready_after: float
    reused: bool
    next: str
    servers_next: str | None
    clouds: str | None
    fake: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Down:
    """The labs that were taken down."""

    labs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabLine:
    """`state` as `lajur lab status` has it; `regency` is None where no plan can be read. `uptime` in seconds."""

    lab: str
    regency: str | None
    state: str
    nodes: int
    uptime: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LabList:
    labs: tuple[LabLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted:
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A link of the lab and whether it has a carrier now."""

    link: str
    carrier: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemIs:
    """A system outside the lab and how it is played now."""

    system: str
    manner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskSeen:
    """A server of the lab and whether a disk of it is in."""

    server: str
    disk: str
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowResult:
    """Payload of one connection in bit/s: what arrived, without headers. `broken`: it ended before its time."""

    office: str
    uplink: str
    direction: str
    rate: int
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    seconds: float
    flows: tuple[FlowResult, ...]


def up(state: LabState) -> Up:
    return Up(
        lab=state.plan.lab,
        regency=state.plan.regency,
        offices=sum(node.office is not None for node in state.plan.nodes),
        nodes=len(state.plan.nodes),
        servers=len(state.plan.servers),
        ready_after=round(state.ready_after, 2),
        reused=state.reused,
        next=_next(state),
        servers_next="lajur infra preview" if state.plan.servers else None,
        clouds=str(state.clouds) if state.clouds else None,
        fake=state.plan.fake,
    )


def _next(state: LabState) -> str:
    if not state.plan.routers:
        return "lajur infra preview"
    return "lajur link apply --all" if state.plan.bare else "lajur plan"


def draw_up(own: Session, document: Up) -> RenderableType:
    from network.cli.draw import stack

    alone = document.fake and not document.offices
    code = "cli.lab.was_up" if document.reused else "cli.lab.up_servers" if document.servers else "cli.lab.up"
    code = "cli.lab.up_alone" if alone else code
    took = seconds(document.ready_after, own.language)
    facts = {"lab": document.lab, "regency": document.regency, "offices": document.offices, "servers": document.servers}
    said = own.out.say(code, **facts, took=took, next=document.next, servers_next=document.servers_next)
    inside = "cli.lab.up_cloud_inside" if alone else "cli.lab.up_cloud"
    entered = own.out.say(inside, clouds=document.clouds) if document.clouds else None
    return stack(said, entered, own.out.say("cli.lab.fake") if document.fake else None)


def draw_down(own: Session, document: Down) -> RenderableType:
    from network.cli.draw import stack

    return stack(own.out.say("cli.lab.down", labs=", ".join(document.labs)) if document.labs else own.out.say("cli.lab.none"))


def listed(found: Iterable[LabStatus]) -> LabList:
    """Those of which anything is left; a lock alone is nothing."""
    return LabList(
        labs=tuple(
            LabLine(lab=each.lab, regency=each.regency, state=each.state, nodes=len(each.nodes), uptime=round(each.uptime, 1))
            for each in found
            if each.state != "absent"
        )
    )


def draw_listed(own: Session, document: LabList) -> RenderableType:
    from network.cli.draw import stack, table

    say = own.out.say
    rows = [
        (each.lab, each.regency or "–", say(f"cli.lab.{each.state}"), own.long(timedelta(seconds=each.uptime)))
        for each in document.labs
    ]
    return stack(table(say, _LAB_COLUMNS, rows) if rows else say("cli.lab.no_labs"))


_LAB_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.lab", "left"),
    ("cli.column.regency", "left"),
    ("cli.column.state", "left"),
    ("cli.column.uptime", "right"),
)
_NODE_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.node", "left"),
    ("cli.column.role", "left"),
    ("cli.column.address", "left"),
    ("cli.column.ready", "left"),
    ("cli.column.starts", "right"),
)
_FLOW_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.office", "left"),
    ("cli.column.uplink", "left"),
    ("cli.column.direction", "left"),
    ("cli.column.used", "right"),
    ("cli.column.broken", "right"),
)


def draw_status(own: Session, seen: LabStatus) -> RenderableType:
    from network.cli.draw import facts, stack, table

    say = own.out.say
    rows = [(say("cli.column.lab"), seen.lab), (say("cli.column.state"), say(f"cli.lab.{seen.state}"))]
    if seen.regency is not None:
        rows += [
            (say("cli.column.regency"), seen.regency),
            (say("cli.column.processes"), str(seen.processes)),
            (say("cli.column.memory"), f"{decimal(f'{seen.memory / 1e6:.0f}', own.language)} MB"),
            (say("cli.column.uptime"), own.long(timedelta(seconds=seen.uptime))),
        ]
    if seen.ready_after is not None:
        rows.append((say("cli.column.ready_after"), seconds(seen.ready_after, own.language)))
    nodes = [
        (node.key, node.role, node.address or "–", say("cli.lab.yes" if node.ready else "cli.lab.no"), str(node.starts))
        for node in seen.nodes
    ]
    fake = say("cli.lab.fake") if seen.fake else None
    return stack(facts(rows), table(say, _NODE_COLUMNS, nodes) if nodes else None, fake)


def traffic(result: TrafficResult) -> Traffic:
    return Traffic(
        seconds=round(result.seconds, 2),
        flows=tuple(
            FlowResult(
                office=each.flow.office,
                uplink=each.flow.uplink,
                direction=each.flow.direction.value,
                rate=round(each.bytes * 8 / result.seconds) if result.seconds else 0,
                broken=each.broken,
            )
            for each in result.flows
        ),
    )


def draw_traffic(own: Session, document: Traffic) -> RenderableType:
    from network.cli.draw import stack, table

    say = own.out.say
    rows = [
        (each.office, each.uplink, say(f"cli.direction.{each.direction}"), own.rate(each.rate), str(each.broken or ""))
        for each in document.flows
    ]
    total = own.rate(sum(each.rate for each in document.flows))
    took = seconds(document.seconds, own.language)
    return stack(table(say, _FLOW_COLUMNS, rows), say("cli.lab.traffic", total=total, took=took))

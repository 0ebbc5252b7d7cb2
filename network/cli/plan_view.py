"""A plan as a person reads it: office by office what holds now, what would hold next, and why."""

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

    from network.cli.draw import Column
    from network.core.observed import ShaperState
    from network.core.tree import ShaperId
    from network.services.apply import Preview


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeChange:
    """An office on one uplink in one direction whose queues the plan touches. Guarantees in bit/s.

    Equal `now` and `next` mean that only weight, priority, ceiling or buffer change. `why` is in the reader's language.
    """

    office: str
    name: str
    service_class: str
    uplink: str
    direction: str
    now: int
    next: int
    why: str
    why_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UplinkTotal:
    """The guarantees below one root in bit/s, and the steps of its tree. `shaped`: what the root lets through."""

    uplink: str
    direction: str
    device: str
    shaped: int
    now: int
    next: int
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`now`: the moment whose intent is planned. `steps` counts by phase, in order. `hits`: why it is not hitless.

    `via`: lab, memory or direct, which is whose devices are meant. `armed`: the run that holds a device, by device.
    `refused`: why the guard, or policy, would not let it begin; `remedies`: what to do about that. `unproven`: what would get
    more over a link which nobody has proven.
    """

    regency: str
    timezone: str
    via: str
    now: datetime
    windows: tuple[str, ...]
    steps: Mapping[str, int]
    hitless: bool
    hits: tuple[str, ...]
    foreign: tuple[str, ...]
    armed: Mapping[str, str]
    refused: tuple[str, ...]
    remedies: tuple[str, ...]
    unproven: tuple[str, ...]
    totals: tuple[UplinkTotal, ...]
    offices: tuple[OfficeChange, ...]


def document(own: Session, seen: Preview) -> Plan:
    head, plan, say = own.regency.head, seen.plan, own.out.say
    phases = [step.phase.name.lower() for step in plan.steps]
    return Plan(
        regency=head.key,
        timezone=head.timezone,
        via=own.via,
        now=seen.wish.now,
        windows=seen.intent.windows,
        steps={phase: phases.count(phase) for phase in dict.fromkeys(phases)},
        hitless=plan.hitless,
        hits=tuple(say(hit.code, **hit.fields) for hit in plan.hits),
        foreign=tuple(f"{shaper}: {line}" for shaper, lines in plan.foreign.items() for line in lines),
        armed={device: state.armed.run for device, state in seen.states.items() if state.armed},
        refused=_refusals(own, seen, "reasons") or ((own.out.text_of(seen.refusal),) if seen.refusal else ()),
        remedies=_refusals(own, seen, "remedies"),
        unproven=tuple(say("plan.unproven", office=each.office, links=" ".join(each.links)) for each in seen.unproven),
        totals=tuple(_totals(seen)),
        offices=tuple(_offices(own, seen)),
    )


def _refusals(own: Session, seen: Preview, which: str) -> tuple[str, ...]:
    told = seen.refusal.fields.get(which, ()) if seen.refusal else ()
    assert isinstance(told, tuple)
    return tuple(map(own.out.text_of, told))


def _totals(seen: Preview) -> Iterator[UplinkTotal]:
    from network.core.tree import NodeKind

    for shaper, allocation in seen.allocations.items():
        held = _held(seen, shaper)
        yield UplinkTotal(
            uplink=shaper.uplink,
            direction=shaper.direction.value,
            device=allocation.place.device,
            shaped=allocation.capacity,
            now=sum(queue.guarantee for node, queue in held.queues.items() if node.kind is NodeKind.LEAF) if held else 0,
            next=sum(allocation.guarantee(office) for office in allocation.leaves),
            steps=sum(step.shaper == shaper for step in seen.plan.steps),
        )


def _offices(own: Session, seen: Preview) -> Iterator[OfficeChange]:
    from network.core.explain import explain

    known = {office.key: office for office in own.regency.offices}
    for row in explain(seen.plan, seen.states, seen.allocations):
        office = known.get(row.office)
        yield OfficeChange(
            office=row.office,
            name=office.name if office else row.office,
            service_class=office.service_class if office else "–",
            uplink=row.uplink,
            direction=row.direction.value,
            now=row.now,
            next=row.next,
            why=own.out.say(row.why.code, **row.why.fields),
            why_code=row.why.code,
        )


def _held(seen: Preview, shaper: ShaperId) -> ShaperState | None:
    return seen.states[seen.allocations[shaper].place.device].shapers.get(shaper)


_FEW: Final = 3
_TOTAL_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.uplink", "left"),
    ("cli.column.direction", "left"),
    ("cli.column.device", "left"),
    ("cli.column.shaped", "right"),
    ("cli.column.now", "right"),
    ("cli.column.then", "right"),
    ("cli.column.steps", "right"),
)


def draw(own: Session, plan: Plan) -> RenderableType:
    from network.cli.draw import cell, stack

    say = own.out.say
    windows = ", ".join(plan.windows) or "–"
    at = say(
        "cli.plan.head", regency=own.regency.head.name, at=own.local(plan.now), windows=windows, via=say(f"cli.via.{plan.via}")
    )
    foreign = [cell(say("cli.plan.foreign", what=line), "yellow") for line in plan.foreign]
    armed = [cell(say("cli.plan.armed", device=device, run=run), "yellow") for device, run in plan.armed.items()]
    if not plan.steps:
        return stack(cell(at, "bold"), *foreign, *(armed or [cell(say("cli.plan.nothing"))]))
    steps = ", ".join(say(f"cli.phase.{phase}", count=count) for phase, count in plan.steps.items())
    hits = [cell(f"  {line}", "yellow") for line in plan.hits]
    calm = cell(say("cli.plan.hitless"), "green") if plan.hitless else cell(say("cli.plan.hits"), "yellow")
    refused = [cell(say("cli.plan.refused"), "bold red")] if plan.refused else []
    refused += [cell(f"  {line}", "red") for line in plan.refused]
    refused += [cell(line) for line in plan.remedies]
    tables = _draw_offices(own, plan), _draw_totals(own, plan)
    lacking = [cell(line, "yellow") for line in _unproven(own, plan)]
    return stack(cell(at, "bold"), *tables, *foreign, *armed, *lacking, calm, *hits, steps, *refused)


def _unproven(own: Session, plan: Plan) -> Iterator[str]:
    """A few lines, however many there are: at first no link is proven at all."""
    if plan.unproven:
        yield own.out.say("cli.plan.unproven")
        yield from (f"  {line}" for line in plan.unproven[:_FEW])
        if len(plan.unproven) > _FEW:
            yield own.out.say("cli.plan.unproven_more", count=len(plan.unproven) - _FEW)


def _draw_totals(own: Session, plan: Plan) -> RenderableType:
    from network.cli.draw import table

    rows = [
        (
            each.uplink,
            own.out.say(f"cli.direction.{each.direction}"),
            each.device,
            own.rate(each.shaped),
            own.rate(each.now),
            own.rate(each.next),
            str(each.steps),
        )
        for each in plan.totals
    ]
    return table(own.out.say, _TOTAL_COLUMNS, rows, title=own.out.say("cli.plan.totals"))


def _draw_offices(own: Session, plan: Plan) -> RenderableType:
    """A line an office, a column a shaper; offices that stay as they are do not appear."""
    from network.cli.draw import by_shaper, cell, merged

    say = own.out.say
    shapers = [(each.uplink, each.direction) for each in plan.totals]
    by_office: dict[str, dict[tuple[str, str], OfficeChange]] = {}
    for each in plan.offices:
        by_office.setdefault(each.office, {})[each.uplink, each.direction] = each
    ways = merged(shapers, lambda shaper: [_figures(changes.get(shaper)) for changes in by_office.values()])
    drawn = by_shaper(say, (("cli.column.office", "left"),), ways, narrow=own.out.is_narrow)
    drawn.add_column(say("cli.column.why"), overflow="fold", min_width=16)
    for changes in by_office.values():
        first = next(iter(changes.values()))
        why = "; ".join(dict.fromkeys(each.why for each in changes.values()))
        drawn.add_row(
            cell(first.name), *(_cell(own, changes.get((uplink, directions[0]))) for uplink, directions in ways), cell(why)
        )
    quiet = len(own.regency.offices) - len(by_office)
    drawn.caption = " ".join((say("cli.plan.legend"), say("cli.plan.quiet", count=quiet) if quiet > 0 else ""))
    drawn.caption_justify = "left"
    return drawn


def _figures(each: OfficeChange | None) -> tuple[int, int] | None:
    return (each.now, each.next) if each else None


def _cell(own: Session, each: OfficeChange | None) -> Text:
    from network.cli.draw import cell

    if each is None:
        return cell("=", "dim")
    if each.now == each.next:
        return cell(f"{_mega(own, each.next)} *")
    return cell(f"{_mega(own, each.now)} → {_mega(own, each.next)}", "green" if each.next > each.now else "yellow")


def _mega(own: Session, bits: int) -> str:
    return decimal(f"{bits / 1e6:.2f}", own.language)

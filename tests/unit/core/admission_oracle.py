"""A slow admission: at every moment at which anything changes it asks the allocator and the guard, and believes nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inventory.policy import Window
from inventory.regency import Regency
from network.core import guard
from network.core.allocate import Allocation, allocate
from network.core.calendar import active, occurrences
from network.core.intent import Boost, Intent, intend
from network.core.plan import make_plan
from network.core.tree import ShaperId
from network.errors import Refused
from tests.unit.core.worlds import standing, wished

Allocations = Mapping[ShaperId, Allocation]
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why it cannot be at `at`. `edge`: not what holds then, but the way there."""

    at: datetime
    who: tuple[str, ...]
    cause: Refused
    edge: bool = False


@dataclass(frozen=True, kw_only=True)
class _State:
    """What holds at a moment; `given` None where the allocator refuses it."""

    intent: Intent
    given: Allocations | None
    own: bool
    who: tuple[str, ...]


def joined(regency: Regency, request: Boost | Window) -> Regency:
    if isinstance(request, Boost):
        return regency
    others = tuple(each for each in regency.windows if each.key != request.key)
    return regency.model_copy(update={"windows": (*others, request)})


def faults(
    regency: Regency, request: Boost | Window, boosts: Sequence[Boost], now: datetime, horizon: timedelta
) -> tuple[Fault, ...]:
    """Everything that is wrong with the request from `now` on, in order."""
    whole = joined(regency, request)
    every = [*boosts, request] if isinstance(request, Boost) else list(boosts)
    spans = (
        [(max(now, request.starts), request.expires)]
        if isinstance(request, Boost)
        else [(max(now, each.start), each.end) for each in occurrences(request, whole, now, now + horizon)]
    )
    others = tuple(each for each in regency.windows if isinstance(request, Boost) or each.key != request.key)
    return tuple(_faults(whole, regency.model_copy(update={"windows": others}), request, every, spans))


def _faults(
    regency: Regency,
    without: Regency,
    request: Boost | Window,
    boosts: Sequence[Boost],
    spans: Sequence[tuple[datetime, datetime]],
) -> Iterator[Fault]:
    """`without`: as it is before the request is granted, perhaps in the middle of one of its occurrences."""
    moments = _moments(regency, boosts, spans)
    before: _State | None = None
    for at in moments:
        own = any(start <= at < end for start, end in spans)
        intent = intend(regency if at >= spans[0][0] else without, at, boosts)
        name = request.id if isinstance(request, Boost) else request.key
        who = tuple(each for each in (*intent.windows, *(boost.id for boost in intent.boosts)) if each != name)
        given, found = _allocated(regency, intent)
        state = _State(intent=intent, given=given, own=own, who=who)
        if given is not None:
            reasons = _guarded(regency, intent, given, before)
            found += [each for each in reasons if each.code in ("guard.protected", "guard.below_floor")]
            moved = [each for each in reasons if each.code == "guard.largest_move"]
            if own or (before and before.own):
                beside = who if own or before is None else before.who
                yield from (Fault(at=at, who=beside, cause=each, edge=True) for each in moved)
        if own:
            found += _undecided(regency, request, at)
            found += _without_contract(regency, request, at)
            yield from (Fault(at=at, who=who, cause=each) for each in found)
        before = state


def _moments(regency: Regency, boosts: Sequence[Boost], spans: Sequence[tuple[datetime, datetime]]) -> list[datetime]:
    """Every edge in and around the request's time, every local midnight in it, and the instant before its first edge."""
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    found = {first - _INSTANT, *(edge for span in spans for edge in span)}
    found |= {edge for boost in boosts for edge in (boost.starts, boost.expires) if first <= edge <= last}
    for window in regency.windows:
        if window.confirmed:
            each = occurrences(window, regency, first - _INSTANT, last + _INSTANT)
            found |= {edge for one in each for edge in (one.start, one.end) if first <= edge <= last}
    midnight = first.astimezone(regency.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight < last:
        midnight += timedelta(days=1)
        found.add(min(midnight, last))
    return sorted(each.astimezone(first.tzinfo) for each in found)


def _allocated(regency: Regency, intent: Intent) -> tuple[Allocations | None, list[Refused]]:
    """What every shaper gives, or every refusal."""
    given: dict[ShaperId, Allocation] = {}
    refusals = []
    for shaper, leaves in intent.leaves.items():
        try:
            given |= allocate(regency, replace(intent, leaves={shaper: leaves}))
        except Refused as refused:
            refusals.append(refused)
    return None if refusals else given, refusals


def _guarded(regency: Regency, intent: Intent, given: Allocations, before: _State | None) -> tuple[Refused, ...]:
    states = standing(before.given if before and before.given else {}).states()
    steps = make_plan(states, wished(given))
    try:
        guard.check(regency, intent, given, steps, states)
    except Refused as refused:
        reasons = refused.fields["reasons"]
        assert isinstance(reasons, tuple)
        return reasons
    return ()


def _undecided(regency: Regency, request: Boost | Window, at: datetime) -> list[Refused]:
    if isinstance(request, Boost):
        return []
    on = {each.window: each.exempt_only for each in active(regency, at)}
    return [
        Refused("admission.precedence", other=other.key)
        for other in regency.windows
        if other.key in on
        and other.key != request.key
        and other.precedence == request.precedence
        and _named(regency, request, on[request.key]) & _named(regency, other, on[other.key])
    ]


def _named(regency: Regency, window: Window, exempt_only: bool) -> set[tuple[str, str]]:
    """What it replaces, office by office; a class that no office has stands for itself."""
    found = {(each.application, each.uplink) for each in window.policy.reserves if not exempt_only}
    members = {office.service_class for office in regency.offices}
    empty = {key: change for key, change in window.policy.classes.items() if key not in members}
    found |= {(key, name) for key, change in empty.items() for name, value in change if value is not None}
    for office in regency.offices:
        if office.key in window.exempt or (exempt_only and office.key not in regency.calendar.exempt):
            continue
        for change in (window.policy.classes.get(office.service_class), window.policy.offices.get(office.key)):
            found |= {(office.key, name) for name, value in change or () if value is not None}
    return found


def _without_contract(regency: Regency, request: Boost | Window, at: datetime) -> list[Refused]:
    here = {uplink.key for uplink in regency.uplinks}
    if isinstance(request, Boost):
        here = {request.uplink} if request.uplink else here
    elif not any(
        value is not None for each in (*request.policy.classes.values(), *request.policy.offices.values()) for _, value in each
    ):
        here = {each.uplink for each in request.policy.reserves}
    day = at.astimezone(regency.zone).date()
    ended = [each for each in regency.uplinks if each.key in here and not each.contract.covers(day)]
    return [Refused("admission.contract", uplink=each.key) for each in ended]


def place(fault: Fault) -> tuple[str, str]:
    """The code and where, the two directions of an uplink as one."""
    fields = fault.cause.fields
    where = fields.get("shaper") or fields.get("place") or fields.get("node") or fields.get("uplink") or ""
    return fault.cause.code, str(where).split("/")[0]

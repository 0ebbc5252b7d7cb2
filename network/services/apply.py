"""Carry devices to the intent of a moment: observe, allocate, diff, guard, arm, lower, raise, read back, confirm, record.

Reads devices, not memory: a run begins and ends by observing, and a failed run goes
back by planning from what is observed to what was observed at its beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from secrets import token_hex
from types import MappingProxyType

from inventory.regency import Regency
from network.core import guard
from network.core.allocate import Allocation, allocate, base
from network.core.demand import Ceilings, capped
from network.core.explain import explain
from network.core.intent import Boost, Intent, intend
from network.core.observed import DeviceState
from network.core.plan import Plan, make_plan
from network.core.ports import Return, RunRecord
from network.core.proofs import Unproven
from network.core.tree import ShaperId
from network.errors import DeviceBusy, LedgerError, Refused
from network.services import proven
from network.services.hands import Hands, Stage
from network.services.recover import settle
from network.services.returns import stand, timers, turnings, wished
from network.services.run import Run, each


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to carry the devices to: the intent of `now`. `arm_seconds`: how long a device waits for us before it goes back.

    `run` is the run's id when somebody waits for it; `check` may refuse the plan that was made, before anything is changed;
    `renew` looks again at what was asked for, once the devices are held: what was granted while we waited counts too.
    `ceilings` are lower than the plan's where demand is low (`network.services.watch.Watch.ceilings`).
    """

    regency: Regency
    reason: str
    now: datetime
    boosts: tuple[Boost, ...] = ()
    arm_seconds: int = 30
    run: str | None = None
    check: Callable[[Plan], None] | None = None
    renew: Callable[[Wish], Wish] | None = None
    ceilings: Ceilings = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All that is known before anything is changed. `refusal`: why the guard, or policy, would not let the plan begin.

    `unproven`: offices that would be granted more over a link which nobody has proven (`network.services.proven.lacking`).
    """

    wish: Wish
    intent: Intent
    allocations: Mapping[ShaperId, Allocation]
    states: Mapping[str, DeviceState]
    plan: Plan
    refusal: Refused | None = None
    unproven: tuple[Unproven, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run did. `timings` in seconds from the decision to the end of each stage; `result` done or nothing."""

    run: str
    result: str
    preview: Preview
    timings: Mapping[Stage, float]
    return_at: datetime | None


def preview(wish: Wish, hands: Hands) -> Preview:
    """Only looks: reads the devices back, plans, and asks the guard. Raises DeviceError, or Refused when the wish cannot be
    allocated."""
    intent = intend(wish.regency, wish.now, wish.boosts)
    allocations = capped(allocate(wish.regency, intent), wish.ceilings)
    usual = _usual(wish, intent, allocations)
    seen = _preview(wish, intent, allocations, usual, observe(hands, devices_of(allocations)), hands)
    try:
        guard.check(wish.regency, intent, allocations, seen.plan, seen.states, usual)
    except Refused as refusal:
        return replace(seen, refusal=refusal)
    return replace(seen, refusal=proven.refusal(wish.regency, seen.unproven))


def apply(wish: Wish, hands: Hands) -> RunReport:
    """Carry all devices to the wish, or leave them as they were.

    Raises Refused before anything was changed, and records that it did; RunReturned when it failed and the state before was
    read back; NeedsPerson when that could not be proved.
    """
    run_id = wish.run or new_run(hands)
    try:
        return _apply(run_id, wish, hands)
    except DeviceBusy:
        raise
    except Refused as refusal:
        _record_refusal(run_id, wish, hands, refusal)
        raise


def new_run(hands: Hands) -> str:
    """An id for a run that is about to begin."""
    return f"run-{hands.clock.now():%Y%m%dt%H%M%S}-{token_hex(3)}"


def _apply(run_id: str, wish: Wish, hands: Hands) -> RunReport:
    names = tuple(sorted(hands.devices))
    with hands.runner.hold(names, run_id):
        began = hands.clock.monotonic()
        states = settle(run_id, wish.regency.head.key, hands).states
        wish = wish.renew(wish) if wish.renew else wish
        intent = intend(wish.regency, wish.now, wish.boosts)
        allocations = capped(allocate(wish.regency, intent), wish.ceilings)
        usual = _usual(wish, intent, allocations)
        seen = _preview(wish, intent, allocations, usual, states, hands)
        guard.check(wish.regency, intent, allocations, seen.plan, seen.states, usual)
        if (refused := proven.refusal(wish.regency, seen.unproven)) is not None:
            raise refused
        if wish.check is not None:
            wish.check(seen.plan)
        run = Run(
            id=run_id,
            hands=hands,
            plan=seen.plan,
            states=seen.states,
            wished=wished(allocations),
            returns=_returns(seen, usual, hands.clock.now()),
            began=began,
        )
        if run.touched:
            record = RunRecord(
                id=run_id, regency=wish.regency.head.key, reason=wish.reason, started=hands.clock.now(), place=hands.place
            )
            hands.ledger.begin(record, seen.plan.steps)
            run.carry_out(wish.arm_seconds)
            hands.ledger.finish(run_id, "done", hands.clock.now())
    result = "done" if seen.plan.steps else "nothing"
    return RunReport(run=run_id, result=result, preview=seen, timings=run.timings, return_at=intent.until)


def _record_refusal(run_id: str, wish: Wish, hands: Hands, refusal: Refused) -> None:
    """In the record, so that a timer that is refused every minute is seen; the same refusal again is one line."""
    key, now, detail = wish.regency.head.key, hands.clock.now(), str(refusal)
    with suppress(LedgerError):  # what is refused stays refused, written or not
        last = hands.ledger.runs(key, limit=1)
        if last and (last[0].result, last[0].reason, last[0].detail) == ("refused", wish.reason, detail):
            return
        hands.ledger.begin(RunRecord(id=run_id, regency=key, reason=wish.reason, started=now, place=hands.place), ())
        hands.ledger.finish(run_id, "refused", now, detail)


def observe(hands: Hands, names: tuple[str, ...]) -> dict[str, DeviceState]:
    """Read the named devices back, all at once. Raises the first device's error."""
    return each(hands, names, lambda name: hands.devices[name].observe())


def devices_of(allocations: Mapping[ShaperId, Allocation]) -> tuple[str, ...]:
    return tuple(sorted({allocation.place.device for allocation in allocations.values()}))


def _usual(wish: Wish, intent: Intent, allocations: Mapping[ShaperId, Allocation]) -> Mapping[ShaperId, Allocation]:
    """What the base policy alone gives at this moment."""
    return base(wish.regency, intent) if intent.temporary else allocations


def _preview(
    wish: Wish,
    intent: Intent,
    allocations: Mapping[ShaperId, Allocation],
    usual: Mapping[ShaperId, Allocation],
    states: Mapping[str, DeviceState],
    hands: Hands,
) -> Preview:
    plan = make_plan(states, wished(allocations))
    lacking = proven.lacking(wish.regency, hands.proofs, explain(plan, states, allocations), usual) if plan.steps else ()
    return Preview(wish=wish, intent=intent, allocations=allocations, states=states, plan=plan, unproven=lacking)


def _returns(seen: Preview, usual: Mapping[ShaperId, Allocation], now: datetime) -> Mapping[str, tuple[Return, ...]] | None:
    """The return timers to leave on each device; None when the devices count down just these. `usual`: of the base policy.
    `now` is the present: the wish may be some seconds old when its devices are held."""
    turns = turnings(seen.wish.regency, seen.intent, seen.wish.boosts, usual)
    wanted = timers(wished(seen.allocations), turns, now)
    return None if stand(seen.states, wanted) else wanted

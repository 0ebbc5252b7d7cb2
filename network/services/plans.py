"""A plan that was looked at, agreed to, and then carried out as it was shown, or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from inventory.units import Bandwidth
from network.core.booking import Announcement, Answer, Booking, Kind, Previewed, State
from network.core.codec import encode_step
from network.core.explain import Row, explain
from network.core.plan import Plan, Step
from network.core.ports import Book
from network.core.reason import Reason
from network.errors import Conflict
from network.services.apply import Preview, RunReport, Wish, apply, new_run
from network.services.bookings import Desk, Reply, found, transact
from network.services.hands import Hands

USABLE: Final = timedelta(minutes=30)
"""How long a plan may be carried out; the ground under an older one has moved."""


def digest(steps: Sequence[Step]) -> str:
    """The SHA-256 of the steps as canonical JSON: equal plans have equal digests."""
    text = json.dumps([encode_step(step) for step in steps], sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def propose(desk: Desk, seen: Preview, reason: str, actor: str, reply: Reply | None = None) -> Booking | Answer:
    """Keep a preview so that it can be agreed to and carried out. Raises what the guard would refuse."""
    if seen.refusal is not None:
        raise seen.refusal
    now = desk.clock.now()
    mark = digest(seen.plan.steps)
    needs = _needs(seen)
    booking = Booking(
        id=f"plan-{now:%Y%m%dt%H%M%S}-{sha256(f'{desk.key} {actor} {now.isoformat()} {mark}'.encode()).hexdigest()[:12]}",
        regency=desk.key,
        kind=Kind.PLAN,
        value=Previewed(
            digest=mark,
            steps=len(seen.plan.steps),
            rows=tuple(map(_row, _rows(seen))),
            unproven={each.office: each.links for each in seen.unproven},
        ),
        state=State.PENDING if needs else State.GRANTED,
        actor=actor,
        created=now,
        changed=now,
        ends=now + USABLE,
        reason=reason,
        hold_until=now + USABLE if needs else None,
        needs=needs,
    )

    def act(book: Book) -> Booking:
        book.put(booking)
        book.note("plan.proposed", booking.id, {"reason": reason, "steps": len(seen.plan.steps), "digest": mark})
        return booking

    return transact(desk, actor, now, reply, act)


def carry_out(desk: Desk, hands: Hands, wish: Wish, id: str, actor: str, reply: Reply | None = None) -> RunReport:
    """Carry the devices to the intent of now, if that still takes the very steps that the plan showed.

    The plan is marked as used once its devices are held and the guard has let it pass, and before anything is changed.
    Raises Conflict (`plan.stale`, `plan.not_approved`, `booking.over`), and what `apply` raises.
    """
    booking = found(desk, id, kind=Kind.PLAN)
    value = booking.value
    assert isinstance(value, Previewed), "only plans are found by that kind"
    _usable(booking, desk.clock.now())  # before anybody's devices are held for it
    run = wish.run or new_run(hands)

    def check(plan: Plan) -> None:
        if digest(plan.steps) != value.digest:
            raise Conflict("plan.stale", id=id)
        if isinstance(begin(desk, id, run, actor, revision=booking.revision, reply=reply), Answer):
            raise Conflict("booking.over", id=id, state=State.USED.value)

    return apply(replace(wish, run=run, check=check), hands)


def begin(
    desk: Desk, id: str, run: str, actor: str, *, revision: int | None = None, reply: Reply | None = None
) -> Booking | Answer:
    """Mark the plan as used by `run`, so that nobody carries it out a second time. Raises Conflict."""
    now = desk.clock.now()

    def act(book: Book) -> Booking:
        booking = found(desk, id, revision, Kind.PLAN)
        value = booking.value
        assert isinstance(value, Previewed), "only plans are found by that kind"
        _usable(booking, now)
        used = replace(booking, state=State.USED, value=replace(value, run=run), changed=now, revision=booking.revision + 1)
        book.put(used)
        book.note("plan.used", id, {"run": run, "digest": value.digest})
        book.announce(Announcement(kind="plan.used", subject=id, data={"id": id, "run": run}))
        return used

    return transact(desk, actor, now, reply, act)


def _usable(booking: Booking, now: datetime) -> None:
    if booking.state is State.PENDING:
        raise Conflict("plan.not_approved", id=booking.id)
    if not booking.live(now):
        raise Conflict("booking.over", id=booking.id, state=booking.state.value)


def _needs(seen: Preview) -> tuple[Reason, ...]:
    """Why policy wants a second person: a protected office pays for an emergency, or more moves than it lets one person move."""
    approval = seen.wish.regency.policy.approval
    needs: list[Reason] = []
    if approval.emergency and seen.intent.emergency:
        needs.append(Reason(code="approval.emergency", fields={}))
    if approval.above is None:
        return tuple(needs)
    for shaper, allocation in seen.allocations.items():
        gained = sum(
            max(0, row.next - row.now) for row in _rows(seen) if (row.uplink, row.direction) == (shaper.uplink, shaper.direction)
        )
        if allocation.capacity and gained * 100 > approval.above * allocation.capacity and shaper in _standing(seen):
            fields = {"amount": Bandwidth(gained), "above": approval.above, "uplink": shaper.uplink}
            needs.append(Reason(code="approval.moved", fields=fields))
    return tuple(needs)


def _standing(seen: Preview) -> set[Any]:
    """Shapers that stand already: one that is set up whole takes nothing from anybody."""
    return {shaper for state in seen.states.values() for shaper in state.shapers}


def _rows(seen: Preview) -> tuple[Row, ...]:
    return explain(seen.plan, seen.states, seen.allocations)


def _row(row: Row) -> Mapping[str, Any]:
    return {
        "office": row.office,
        "uplink": row.uplink,
        "direction": row.direction.value,
        "now": row.now,
        "next": row.next,
        "why": row.why.code,
        "fields": {name: str(value) for name, value in row.why.fields.items()},
    }

"""One link carried to what the truth says, under the locks of both its devices, and put on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Final

from network.core.link_ports import Running
from network.core.links.deeds import PREFIX, deeds_of
from network.core.links.intent import LinkIntent
from network.core.links.plan import LinkPlan
from network.core.ports import RunRecord
from network.errors import DeviceArmed, LajurError
from network.services.links.change import LinkChange
from network.services.links.hands import LinkEvent, LinkHands, LinkStage
from network.services.links.look import LinkSeen, plan_link
from network.services.links.recover import settle

_SLACK: Final = 12.0
"""Seconds beyond the routing's own times: sessions, LLDP's first word, pings."""

_UNROUTED: Final = 8.0

_TIMER: Final = 2
"""A device counts down so many times as long as we look, because the far one is armed first and goes back last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWish:
    """`reason` goes on record. `patience`: seconds until all must be seen well; None gives what the link's routing needs."""

    regency: str
    reason: str
    patience: float | None = None

    def patience_for(self, intent: LinkIntent) -> float:
        if self.patience is not None:
            return self.patience
        routing = intent.near.routing
        return _SLACK + (2 * routing.hello + routing.dead if routing else _UNROUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """`result` done or nothing. `timings` in seconds from the decision. `seen` is what proved it."""

    run: str
    intent: LinkIntent
    result: str
    plan: LinkPlan
    seen: LinkSeen | None = None
    timings: Mapping[LinkStage, float] = field(default_factory=dict)


def apply_link(intent: LinkIntent, wish: LinkWish, hands: LinkHands) -> LinkReport:
    """Both ends changed, proved and kept, or both as before.

    Raises DeviceBusy or DeviceArmed when a device is somebody else's, Refused or DeviceError before anything was changed;
    RunReturned when it failed and both were read back; NeedsPerson when that could not be proved.
    """
    run = new_run(hands)
    with hands.runner.hold(intent.devices, run):
        began = hands.clock.monotonic()
        settle(intent, wish.regency, hands)
        read = _read(intent, hands)
        plan = plan_link(intent, read, hands)
        hands.listen(LinkEvent(run=run, link=intent.key, stage=LinkStage.READ, elapsed=hands.clock.monotonic() - began))
        if not plan.changed:
            hands.listen(LinkEvent(run=run, link=intent.key, stage=LinkStage.NOTHING, elapsed=hands.clock.monotonic() - began))
            return LinkReport(run=run, intent=intent, result="nothing", plan=plan)
        patience = wish.patience_for(intent)
        change = LinkChange(
            run=run, hands=hands, plan=plan, patience=patience, revert_in=round(patience * _TIMER) + 10, began=began
        )
        record = RunRecord(id=run, regency=wish.regency, reason=f"{wish.reason} {intent.key}", started=hands.clock.now())
        hands.ledger.begin(record, deeds_of(plan))
        change.carry_out()
        hands.ledger.finish(run, "done", hands.clock.now())
        change.tell(LinkStage.DONE)
    return LinkReport(run=run, intent=intent, result="done", plan=plan, seen=change.seen, timings=change.timings)


def new_run(hands: LinkHands) -> str:
    """An id for a run on a link that is about to begin."""
    return f"{PREFIX}{hands.clock.now():%Y%m%dt%H%M%S}-{token_hex(3)}"


def _read(intent: LinkIntent, hands: LinkHands) -> Mapping[str, Running]:
    """Both devices. Raises the first one's error, or DeviceArmed when somebody else's commit is pending on one."""
    found = hands.runner.each(intent.devices, lambda name: hands.devices[name].read())
    read: dict[str, Running] = {}
    for name in intent.devices:
        running = found[name]
        if isinstance(running, LajurError):
            raise running
        if running.pending is not None:
            left = running.pending.seconds_left
            raise DeviceArmed(
                "links.armed",
                device=name,
                step=intent.key,
                run=running.pending.run or "?",
                seconds="?" if left is None else left,
            )
        read[name] = running
    return read

"""Links carried to what the truth says, under the locks of all their devices, and put on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Final

from network.core.link_ports import Running
from network.core.links.deeds import PREFIX, LinkDeed, deeds_of
from network.core.links.intent import LinkIntent
from network.core.links.plan import LinkPlan, settles_after
from network.core.ports import RunRecord
from network.errors import (
    DeviceBusy,
    DeviceError,
    DeviceUnreachable,
    KeptUnsaved,
    LajurError,
    NeedsPerson,
    NotSaved,
    RunReturned,
    SessionCut,
)
from network.services.links.change import LinkChange
from network.services.links.hands import LinkEvent, LinkHands, LinkStage
from network.services.links.look import LinkSeen, devices_of, plan_all
from network.services.links.proof import armed
from network.services.links.recover import (
    LinkSettled,
    asked,
    dead_runs,
    gone,
    here,
    is_open,
    links_of,
    out_of_reach,
    save_typed,
    settle,
    whole,
)

_SLACK: Final = 12.0
"""Seconds beyond the routing's own times: sessions, LLDP's first word, pings."""

_UNROUTED: Final = 8.0

_AGAIN: Final = 0.4
"""Seconds between two looks."""

_SESSIONS: Final = 2.0
"""Seconds that a look itself may take."""

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
    """One link, as `apply_links`."""
    (report,) = apply_links((intent,), wish, hands)
    return report


def apply_links(intents: Sequence[LinkIntent], wish: LinkWish, hands: LinkHands) -> tuple[LinkReport, ...]:
    """All ends of these links changed, proved and kept, or all as before: those of one device are changed in one go.

    Raises DeviceBusy or DeviceArmed when a device is somebody else's, Refused or DeviceError before anything was changed;
    RunReturned when it failed and all were read back; NeedsPerson when that could not be proved; KeptUnsaved when all is done and
    kept, and a device could not write it for its next start.
    """
    run, names = new_run(hands), devices_of(intents)
    _settle_before(intents, names, wish, hands)
    unsaved: dict[str, NotSaved] = {}
    with hands.runner.hold(names, run):
        reports = _carry(intents, wish, hands, run, unsaved)
    _saved(run, ", ".join(intent.key for intent in intents), unsaved)
    return reports


def settle_left(record: RunRecord, deeds: Sequence[LinkDeed], wish: LinkWish, hands: LinkHands) -> LinkSettled:
    """One dead run brought to its end, under the locks of its devices: all as it wanted, or none.

    A far end that was kept while the near one has gone back may be out of reach just for that: the near one is then carried
    after it, with its timer, and stays so only if the far one is found to hold the change. Raises DeviceBusy when the run is
    alive, the error of a device that does not answer, and NeedsPerson when a person must look; the run stays on record as open,
    but for KeptUnsaved. Whoever was waited for may have ended its run itself.

    Devices that the truth no longer has cannot be asked, today or ever: the others decide without them, the run is closed, and
    whoever listens is told their names.
    """
    run, links, left_out = new_run(hands), links_of(deeds), gone(deeds, hands)
    keys, unsaved = tuple(link.key for link in links), dict[str, NotSaved]()
    with hands.runner.hold(devices_of(links), run):
        if not is_open(record, hands):
            return LinkSettled(run=record, links=keys, result="own")
        result = _settled(record, here(deeds, hands), wish, hands, run, unsaved)
        _close(record, result, left_out, hands, run)
    if left_out:
        hands.listen(
            LinkEvent(run=record.id, link=", ".join(keys), stage=LinkStage.LEFT_OUT, elapsed=0.0, device=", ".join(left_out))
        )
    _saved(record.id, ", ".join(keys), unsaved)
    followed = result == "abandoned" and whole(deeds, hands) == links
    return LinkSettled(run=record, links=keys, result="done" if followed else result, gone=left_out)


def _settled(
    record: RunRecord, deeds: Sequence[LinkDeed], wish: LinkWish, hands: LinkHands, run: str, unsaved: dict[str, NotSaved]
) -> str:
    """As `settle`, and then those that were behind carried after the others, as far as both devices of their links are there."""
    links, found = whole(deeds, hands), asked(deeds, hands)
    try:
        result = settle(record, deeds, found, hands, unsaved)
    except (DeviceUnreachable, SessionCut) as error:
        silent = out_of_reach(deeds, found, hands)
        if not silent or not links:
            raise
        try:
            result = _follow(record, deeds, silent, wish, hands, run, unsaved=unsaved)
        except (DeviceUnreachable, SessionCut):
            device, link = ", ".join(sorted(silent)), ", ".join(link.key for link in links_of(deeds))
            raise NeedsPerson("links.out_of_reach", run=record.id, link=link, device=device, cause=error) from error
    if result == "abandoned" and links:
        _carry(links, wish, hands, run, unsaved)
    if result != "returned":
        save_typed(record, deeds, hands, unsaved)
    return result


def _close(record: RunRecord, result: str, left_out: Sequence[str], hands: LinkHands, run: str) -> None:
    lost = f"; no longer in the truth, and not asked: {', '.join(left_out)}" if left_out else ""
    hands.ledger.finish(record.id, result, hands.clock.now(), f"found by {run}{lost}")


def _follow(
    record: RunRecord,
    deeds: Sequence[LinkDeed],
    silent: frozenset[str],
    wish: LinkWish,
    hands: LinkHands,
    run: str,
    *,
    unsaved: dict[str, NotSaved],
) -> str:
    """As `settle`, where far ends are out of reach. Raises their error when they stay so."""
    links = whole(deeds, hands)
    try:
        _carry(links, wish, hands, run, unsaved, unheard=silent, left=record.id)
    except RunReturned:
        # One that was found counting down is back as well, and answers as soon as routing knows it again.
        until = hands.clock.monotonic() + max(map(wish.patience_for, links))
        while hands.clock.monotonic() < until:
            with suppress(DeviceUnreachable, SessionCut):
                return settle(record, deeds, asked(deeds, hands), hands, unsaved)
            hands.clock.sleep(_AGAIN)
    return settle(record, deeds, asked(deeds, hands), hands, unsaved)


def _settle_before(intents: Sequence[LinkIntent], names: Sequence[str], wish: LinkWish, hands: LinkHands) -> None:
    """What somebody left on these devices. A run on other links of theirs that cannot be brought to its end now, because its own
    devices do not answer, fail, or are held by somebody else, is left to `recover`: it is nothing to the links that are wanted,
    and would block them for as long as that lasts. What it left on these devices themselves is seen when they are read."""
    keys = {intent.key for intent in intents}
    for record, deeds in dead_runs(wish.regency, names, hands):
        try:
            _settle_in_turn(record, deeds, wish, hands)
        except (DeviceBusy, DeviceError, NeedsPerson, RunReturned):
            if keys & {deed.link for deed in deeds}:
                raise


def _settle_in_turn(record: RunRecord, deeds: Sequence[LinkDeed], wish: LinkWish, hands: LinkHands) -> None:
    """As `settle_left`. Whoever holds its devices may be at the same: he is waited for, no longer than it takes, and what he has
    brought to its end is left alone. Raises DeviceBusy when he is at something else."""
    until = hands.clock.monotonic() + _TIMER * max(map(wish.patience_for, links_of(deeds)), default=0.0)
    while True:
        try:
            settle_left(record, deeds, wish, hands)
        except DeviceBusy:
            if not is_open(record, hands):
                return
            if hands.clock.monotonic() >= until:
                raise
        else:
            return
        hands.clock.sleep(_AGAIN)


def _carry(
    intents: Sequence[LinkIntent],
    wish: LinkWish,
    hands: LinkHands,
    run: str,
    unsaved: dict[str, NotSaved],
    *,
    unheard: frozenset[str] = frozenset(),
    left: str = "",
) -> tuple[LinkReport, ...]:
    """As `apply_links`, on devices that are held; `unsaved` hears of those that cannot write what they keep. `unheard` and
    `left` as `LinkChange` has them."""
    began = hands.clock.monotonic()
    read = _read([name for name in devices_of(intents) if name not in unheard], hands)
    plans = plan_all(intents, read, hands, unheard=unheard)
    # Whatever patience there is, it is longer than the time for which a link may only seem well.
    patience = max(max(wish.patience_for(plan.intent), settles_after(plan) + _SESSIONS) for plan in plans)
    change = LinkChange(
        run=run,
        hands=hands,
        plans=plans,
        patience=patience,
        revert_in=round(patience * _TIMER) + 10,
        began=began,
        unheard=unheard,
        left=left,
        unsaved=unsaved,
    )
    change.tell(LinkStage.READ)
    if not change.touched:
        change.tell(LinkStage.NOTHING)
        return _reports(change, "nothing")
    reason = f"{wish.reason} {change.name}"
    record = RunRecord(id=run, regency=wish.regency, reason=reason, started=hands.clock.now(), place=hands.place)
    hands.ledger.begin(record, [deed for plan in plans for deed in deeds_of(plan)])
    change.carry_out()
    hands.ledger.finish(run, "done", hands.clock.now(), _owed(unsaved))
    change.tell(LinkStage.DONE)
    return _reports(change, "done")


def _owed(unsaved: Mapping[str, NotSaved]) -> str:
    return f"not written for the next start: {', '.join(unsaved)}" if unsaved else ""


def _saved(run: str, link: str, unsaved: Mapping[str, NotSaved]) -> None:
    """Raises KeptUnsaved where a device could not write what it keeps."""
    if unsaved:
        cause = next(iter(unsaved.values()))
        raise KeptUnsaved("links.unsaved", run=run, link=link, device=", ".join(unsaved), cause=cause) from cause


def _reports(change: LinkChange, result: str) -> tuple[LinkReport, ...]:
    """Of links that changed and of those that held already."""
    seen = {each.intent.key: each for each in change.seen}
    return tuple(
        LinkReport(
            run=change.run,
            intent=plan.intent,
            result=result if plan.changed else "nothing",
            plan=plan,
            seen=seen.get(plan.intent.key),
            timings=change.timings if plan.changed else {},
        )
        for plan in change.plans
    )


def new_run(hands: LinkHands) -> str:
    """An id for a run on a link that is about to begin."""
    return f"{PREFIX}{hands.clock.now():%Y%m%dt%H%M%S}-{token_hex(3)}"


def _read(names: Sequence[str], hands: LinkHands) -> Mapping[str, Running]:
    """All devices. Raises the first one's error, or DeviceArmed when somebody else's commit is pending on one."""
    read: dict[str, Running] = {}
    for name, running in hands.runner.each(names, lambda each: hands.devices[each].read()).items():
        if isinstance(running, LajurError):
            raise running
        if running.pending is not None:
            raise armed(name, running.pending)
        read[name] = running
    return read

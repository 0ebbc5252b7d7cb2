"""Links changed together: far ends, near ends, proved from fresh sessions, confirmed; or all as they were.

Every device counts down from the moment it is changed, so whatever dies (this process, a link, a device) ends with all as before.
From the first confirmation on nothing is gone back from: the other devices are finished, whatever it takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from network.core.link_ports import Commit, Pending, Running
from network.core.links.capabilities import CAPABILITIES
from network.core.links.intent import Side
from network.core.links.plan import DevicePlan, LinkPlan, by_device, settles_after
from network.errors import (
    ArmExpired,
    DeviceArmed,
    DeviceError,
    DeviceUnreachable,
    LajurError,
    LedgerError,
    NeedsPerson,
    NotSaved,
    Refused,
    RunReturned,
    SessionCut,
)
from network.services.links.hands import LinkEvent, LinkHands, LinkStage
from network.services.links.look import LinkSeen, look_at, plan_end
from network.services.links.proof import armed, failing

_AGAIN: Final = 0.4
"""Seconds between two looks."""

_BEYOND: Final = 15
"""Seconds beyond a device's own timer for which we wait to see it back."""

_NOT_SENT: Final = "device.cut_before"

_COMMITTED: Final = {Side.FAR: LinkStage.COMMITTED_FAR, Side.NEAR: LinkStage.COMMITTED_NEAR}
_CONFIRMED: Final = {Side.FAR: LinkStage.CONFIRMED_FAR, Side.NEAR: LinkStage.CONFIRMED_NEAR}


@dataclass(kw_only=True)
class LinkChange:
    """`plans` are what the devices showed when they were read. `patience`: seconds for which we wait to see all well;
    `revert_in`: seconds after which a device goes back by itself, longer than that. `unheard` are devices that nobody could
    read, to which nothing is done, and that are to hold what the truth says, for good, once the others do; one of them that is
    found to count down for the dead run `left` was never told to keep its change, and is asked to go back. `unsaved`
    are devices that hold the change and could not write it for their next start."""

    run: str
    hands: LinkHands
    plans: tuple[LinkPlan, ...]
    patience: float
    revert_in: int
    began: float
    unheard: frozenset[str] = frozenset()
    left: str = ""
    timings: dict[LinkStage, float] = field(default_factory=dict)
    seen: tuple[LinkSeen, ...] = ()
    unsaved: dict[str, NotSaved] = field(default_factory=dict)
    _ours: dict[str, DevicePlan] = field(default_factory=dict, init=False)
    _until: float = field(default=0.0, init=False)
    _confirming: str = field(default="", init=False)

    @cached_property
    def touched(self) -> Mapping[str, DevicePlan]:
        """The devices that change, in the order in which they do."""
        return {each.device: each for each in by_device(self.plans)}

    @cached_property
    def name(self) -> str:
        """The links, as one speaks of them."""
        keys = [plan.intent.key for plan in self.plans]
        return keys[0] if len(keys) == 1 else f"{keys[0]} (+{len(keys) - 1})"

    def carry_out(self) -> None:
        """All ends changed, seen well (`seen`) and kept. Raises RunReturned, and then all are as before; or NeedsPerson."""
        try:
            for side in (Side.FAR, Side.NEAR):
                self._commit([name for name, plan in self.touched.items() if plan.side is side], side)
            self._prove()
            self._confirming = next(iter(self.touched))
            self._confirm(self._confirming, self._until)
        except (LajurError, KeyboardInterrupt) as cause:
            is_back = self._go_back(cause)
            if not is_back:
                self._finish()
            if isinstance(cause, KeyboardInterrupt):
                raise
            if is_back:
                raise RunReturned("links.returned", run=self.run, link=self.name, cause=cause) from cause
        else:
            self._finish()

    def tell(self, stage: LinkStage, device: str = "", *, mark: bool = False) -> None:
        elapsed = self.hands.clock.monotonic() - self.began
        self.timings[stage] = elapsed
        if mark:
            self.hands.ledger.mark(self.run, stage.value, self.hands.clock.now())
        self.hands.listen(LinkEvent(run=self.run, link=self.name, stage=stage, elapsed=elapsed, device=device))

    # ---- forward

    def _commit(self, names: Sequence[str], side: Side) -> None:
        """A far end that is reached over the link itself may be cut by its own change before it can say so: that is not known
        to be a failure until the near end has followed."""
        if not names:
            return
        orders = {name: self._order_for(name) for name in names}
        longest = max(order.revert_in or 0 for order in orders.values())
        self._until = max(self._until, self.hands.clock.monotonic() + longest)
        self._ours |= {name: self.touched[name] for name in names}
        found = self.hands.runner.each(names, lambda name: self.hands.devices[name].commit(orders[name]))
        errors = {name: error for name, error in found.items() if isinstance(error, LajurError)}
        for name, error in errors.items():
            if isinstance(error, DeviceArmed):
                del self._ours[name]  # somebody else's, and his to end
        followed = side is Side.FAR and any(plan.side is Side.NEAR for plan in self.touched.values())
        for error in errors.values():
            if not (followed and isinstance(error, SessionCut) and error.code != _NOT_SENT):
                raise error
        self.tell(_COMMITTED[side], ", ".join(names), mark=True)

    def _order_for(self, name: str) -> Commit:
        plan = self.touched[name]
        timer = CAPABILITIES[plan.platform].timer
        return Commit(
            run=self.run,
            candidate=plan.candidate,
            inverse=plan.inverse,
            revert_in=timer.at_least(self.revert_in) if timer else None,
            message=f"{self.run} {self.name}",
        )

    def _prove(self) -> None:
        """Look until all is well on all ends, for longer than it could seem so, and they hold what was planned. Raises what is
        still wrong when patience ends."""
        since = self.hands.clock.monotonic()
        self.tell(LinkStage.LOOKING)
        while True:
            wrong = self._wrong()
            passed = self.hands.clock.monotonic() - since
            if wrong is None and not self._may_seem(passed):
                return self.tell(LinkStage.VERIFIED, mark=True)
            if wrong is not None and passed >= self.patience:
                raise wrong
            self.hands.clock.sleep(_AGAIN)

    def _may_seem(self, passed: float) -> bool:
        """Whether a neighbour is still taken for one from before the change: it has been one for longer than `passed`, and would
        be missed only later."""
        for plan, seen in zip(self.plans, self.seen, strict=True):
            if passed < settles_after(plan):
                ages = [end.sight.routing_age for end in seen.ends if end.sight is not None and end.sight.routing is not None]
                if any(age is None or age >= passed for age in ages):
                    return True
        return False

    def _wrong(self) -> LajurError | None:
        """A quick look first: pings take their time, and say nothing of a link that is not up yet."""
        intents = [plan.intent for plan in self.plans]
        for pings in (False, True):
            self.seen = look_at(intents, self.hands, pings=pings)
            if (wrong := failing(self.seen)) is not None:
                return wrong
        return self._not_held()

    def _not_held(self) -> LajurError | None:
        """What a device does not hold of its plan, or that it cannot be read."""
        ends = {name: [end.intent for end in plan.ends] for name, plan in self.touched.items()}
        for plan in self.plans:
            for end in plan.ends:
                if end.intent.device in self.unheard:
                    ends.setdefault(end.intent.device, []).append(end.intent)
        for name, running in self.hands.runner.each(list(ends), self._read).items():
            if isinstance(running, LajurError):
                return running
            if name in self.unheard and running.pending is not None:
                return self._counts_down(name, running.pending)
            for intent in ends[name]:
                rest = plan_end(intent, running, self.hands).lines
                if rest:
                    said = f"{rest[0].sign} {rest[0].text}"
                    return DeviceError("links.not_held", device=name, step=intent.link, line=said, count=len(rest))
        return None

    def _counts_down(self, name: str, pending: Pending) -> LajurError:
        if pending.run == self.left:
            self.hands.devices[name].revert()
        return armed(name, pending)

    def _read(self, name: str) -> Running:
        return self.hands.devices[name].read()

    # ---- keeping: whichever device is confirmed first decides for all

    def _confirm(self, name: str, deadline: float) -> None:
        """Told again while it is not known whether it was heard. Raises ArmExpired when it had gone back already."""
        while True:
            try:
                self.hands.devices[name].confirm(self.run)
                break
            except NotSaved as error:  # kept all the same, and the other end is to follow
                self.unsaved[name] = error
                break
            except ArmExpired:
                if self._holds(name):
                    break
                raise
            except (SessionCut, DeviceUnreachable):
                if self.hands.clock.monotonic() >= deadline:
                    raise
            self.hands.clock.sleep(_AGAIN)
        self.tell(_CONFIRMED[self.touched[name].side], name, mark=True)

    def _holds(self, name: str) -> bool:
        running = self._read(name)
        return running.pending is None and not any(
            plan_end(end.intent, running, self.hands).changes for end in self.touched[name].ends
        )

    def _finish(self) -> None:
        """The other devices, now that one is kept. An interruption waits: a half-changed link is worse."""
        rest = [name for name in self.touched if name != self._confirming]
        interrupted: KeyboardInterrupt | None = None
        found: Mapping[str, LajurError | None] | None = None
        while found is None:
            try:
                found = self.hands.runner.each(rest, self._finish_device)
            except KeyboardInterrupt as interruption:
                interrupted = interruption
        errors = [error for error in found.values() if isinstance(error, LajurError)]
        if errors:
            raise errors[0]  # on record as open: `recover` brings the others after it when they can be reached
        if interrupted is not None:
            raise interrupted

    def _finish_device(self, name: str) -> None:
        deadline = self.hands.clock.monotonic() + self.revert_in + self.patience + _BEYOND
        last: LajurError | None = None
        while self.hands.clock.monotonic() < deadline:
            try:
                return self._confirm(name, self.hands.clock.monotonic())
            except ArmExpired:
                last = self._again(name)
            except DeviceError as error:
                last = error
            self.hands.clock.sleep(_AGAIN)
        kept = self._confirming
        raise NeedsPerson("links.half", run=self.run, link=self.name, device=name, kept=kept, cause=last or "?") from last

    def _again(self, name: str) -> LajurError | None:
        """It went back before it was told to keep the change: it is given the change once more."""
        self.tell(LinkStage.FINISHING, name)
        try:
            self.hands.devices[name].commit(self._order_for(name))
        except DeviceError as error:
            return error
        return None

    # ---- back

    def _go_back(self, cause: BaseException) -> bool:
        """Every device that may hold something of ours, read back as it was; False when the first one turns out to be kept
        instead. Raises NeedsPerson when neither can be proved."""
        self.tell(LinkStage.GOING_BACK)
        deadline = self._until + _BEYOND
        left = dict(self._ours)
        last: dict[str, LajurError] = {}
        while left:
            for names in self._groups(left):
                for name, found in self.hands.runner.each(names, self._is_back).items():
                    if isinstance(found, LajurError):
                        last[name] = found
                    elif found is None:
                        return False
                    elif found:
                        del left[name]
                        self._confirming = ""
            if left and self.hands.clock.monotonic() >= deadline:
                raise self._unproved(list(left), last, cause)
            if left:
                self.hands.clock.sleep(_AGAIN)
        self.tell(LinkStage.BACK)
        self._record("returned", cause)
        return True

    def _groups(self, left: Mapping[str, DevicePlan]) -> list[list[str]]:
        """The far ones first: the near ones still lead to them. One that was told to keep its change comes alone: what became of
        it decides for all."""
        if self._confirming:
            return [[self._confirming]]
        sides = [[name for name, plan in left.items() if plan.side is side] for side in (Side.FAR, Side.NEAR)]
        return [names for names in sides if names]

    def _is_back(self, name: str) -> bool | None:
        """One try: asked to go back when it counts down for us, then read. None: it has been kept."""
        if name == self._confirming and self._holds(name):
            return None
        device, plan = self.hands.devices[name], self.touched[name]
        running = device.read()
        ours = running.pending is not None and running.pending.run in ("", self.run)
        if ours or CAPABILITIES[plan.platform].timer is None:
            device.revert()
            running = device.read()
        if running.pending is not None:
            return False
        return all(plan_end(end.intent, running, self.hands).lines == end.lines for end in plan.ends)

    def _unproved(self, left: Sequence[str], last: Mapping[str, LajurError], cause: BaseException) -> NeedsPerson:
        name = self._confirming or left[0]
        reason: object = last.get(name) or (cause if isinstance(cause, LajurError) else type(cause).__name__)
        if name in last and isinstance(cause, LajurError):
            reason = Refused("links.and_then", first=cause, then=last[name])
        if self._confirming:  # on record as open: `recover` asks them again
            rest = ", ".join(each for each in left if each != name) or name
            return NeedsPerson("links.undecided", run=self.run, link=self.name, device=name, rest=rest, cause=reason)
        self._record("needs_person", cause)
        seconds = round(self._until - self.hands.clock.monotonic())
        device = ", ".join(left)
        if seconds <= 0:
            return NeedsPerson("links.gone_by", run=self.run, link=self.name, device=device, cause=reason)
        return NeedsPerson("links.unproved", run=self.run, link=self.name, device=device, seconds=seconds, cause=reason)

    def _record(self, result: str, cause: object) -> None:
        # The devices come first: a record that cannot be written must not hide what became of them.
        with suppress(LedgerError):
            self.hands.ledger.finish(self.run, result, self.hands.clock.now(), detail=str(cause))

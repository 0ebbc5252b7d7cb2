"""One link changed: far end, near end, proved from fresh sessions, confirmed; or both as they were.

Both ends count down from the moment they are changed, so whatever dies (this process, the link, a device) ends with both as
before. From the first confirmation on nothing is gone back from: the other end is finished, whatever it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from network.core.link_ports import Commit, Running
from network.core.links.capabilities import CAPABILITIES
from network.core.links.intent import Side
from network.core.links.plan import EndPlan, LinkPlan
from network.errors import (
    ArmExpired,
    DeviceArmed,
    DeviceError,
    DeviceUnreachable,
    LajurError,
    LedgerError,
    NeedsPerson,
    RunReturned,
    SessionCut,
)
from network.services.links.hands import LinkEvent, LinkHands, LinkStage
from network.services.links.look import LinkSeen, look_at, plan_end
from network.services.links.proof import failing

_AGAIN: Final = 0.4
"""Seconds between two looks."""

_BEYOND: Final = 15
"""Seconds beyond a device's own timer for which we wait to see it back."""

_NOT_SENT: Final = "device.cut_before"

_COMMITTED: Final = {Side.FAR: LinkStage.COMMITTED_FAR, Side.NEAR: LinkStage.COMMITTED_NEAR}
_CONFIRMED: Final = {Side.FAR: LinkStage.CONFIRMED_FAR, Side.NEAR: LinkStage.CONFIRMED_NEAR}


@dataclass(slots=True, kw_only=True)
class LinkChange:
    """`before` is what the devices showed when `plan` was made. `patience`: seconds for which we wait to see all well;
    `revert_in`: seconds after which a device goes back by itself, longer than that."""

    run: str
    hands: LinkHands
    plan: LinkPlan
    patience: float
    revert_in: int
    began: float
    timings: dict[LinkStage, float] = field(default_factory=dict)
    seen: LinkSeen | None = None
    _ours: dict[str, EndPlan] = field(default_factory=dict, init=False)
    _until: float = field(default=0.0, init=False)
    _confirming: EndPlan | None = field(default=None, init=False)

    def carry_out(self) -> None:
        """Both ends changed, seen well (`seen`) and kept. Raises RunReturned, and then both are as before; or NeedsPerson."""
        try:
            for end in self.plan.changed:
                self._commit(end)
            self._prove()
            self._confirm_first()
        except (LajurError, KeyboardInterrupt) as cause:
            is_back = self._go_back(cause)
            if not is_back:
                self._finish()
            if isinstance(cause, KeyboardInterrupt):
                raise
            if is_back:
                raise RunReturned("links.returned", run=self.run, link=self.plan.intent.key, cause=cause) from cause
        else:
            self._finish()

    def tell(self, stage: LinkStage, device: str = "", *, mark: bool = False) -> None:
        elapsed = self.hands.clock.monotonic() - self.began
        self.timings[stage] = elapsed
        if mark:
            self.hands.ledger.mark(self.run, stage.value, self.hands.clock.now())
        self.hands.listen(LinkEvent(run=self.run, link=self.plan.intent.key, stage=stage, elapsed=elapsed, device=device))

    # ---- forward

    def _commit(self, end: EndPlan) -> None:
        """A far end that is reached over the link itself may be cut by its own change before it can say so: that is not known
        to be a failure until the near end has followed."""
        device = end.intent.device
        commit = self._commit_of(end)
        self._until = max(self._until, self.hands.clock.monotonic() + (commit.revert_in or 0))
        self._ours[device] = end
        try:
            self.hands.devices[device].commit(commit)
        except DeviceArmed:
            del self._ours[device]  # somebody else's, and his to end
            raise
        except SessionCut as cut:
            if end.intent.side is Side.NEAR or cut.code == _NOT_SENT or not self.plan.near.changes:
                raise
        self.tell(_COMMITTED[end.intent.side], device, mark=True)

    def _timer(self, end: EndPlan) -> int | None:
        timer = CAPABILITIES[end.intent.platform].timer
        return timer.at_least(self.revert_in) if timer else None

    def _commit_of(self, end: EndPlan) -> Commit:
        return Commit(
            run=self.run,
            candidate=end.candidate,
            inverse=end.inverse,
            revert_in=self._timer(end),
            message=f"{self.run} {end.intent.link}",
        )

    def _prove(self) -> None:
        """Look until all is well on both ends and both hold what was planned. Raises what is still wrong when patience ends."""
        deadline = self.hands.clock.monotonic() + self.patience
        self.tell(LinkStage.LOOKING)
        while True:
            wrong = self._wrong()
            if wrong is None:
                return self.tell(LinkStage.VERIFIED, mark=True)
            if self.hands.clock.monotonic() >= deadline:
                raise wrong
            self.hands.clock.sleep(_AGAIN)

    def _wrong(self) -> LajurError | None:
        """A quick look first: pings take their time, and say nothing of a link that is not up yet."""
        for pings in (False, True):
            (self.seen,) = look_at((self.plan.intent,), self.hands, pings=pings)
            if (wrong := failing(self.seen)) is not None:
                return wrong
        return self._not_held()

    def _not_held(self) -> DeviceError | None:
        """What an end does not hold of its plan, or that it cannot be read."""
        for end in self.plan.changed:
            name = end.intent.device
            try:
                running = self.hands.devices[name].read()
            except DeviceError as error:
                return error
            rest = plan_end(end.intent, running, self.hands)
            if rest.changes:
                said = f"{rest.lines[0].sign} {rest.lines[0].text}"
                return DeviceError("links.not_held", device=name, step=end.intent.link, line=said, count=len(rest.lines))
        return None

    # ---- keeping

    def _confirm_first(self) -> None:
        """Whichever is confirmed first decides for both."""
        self._confirming = self.plan.changed[0]
        self._confirm(self._confirming, self._until)

    def _confirm(self, end: EndPlan, deadline: float) -> None:
        """Told again while it is not known whether it was heard. Raises ArmExpired when it had gone back already."""
        name = end.intent.device
        while True:
            try:
                self.hands.devices[name].confirm(self.run)
                break
            except ArmExpired:
                if self._holds(end):
                    break
                raise
            except (SessionCut, DeviceUnreachable):
                if self.hands.clock.monotonic() >= deadline:
                    raise
            self.hands.clock.sleep(_AGAIN)
        self.tell(_CONFIRMED[end.intent.side], name, mark=True)

    def _holds(self, end: EndPlan) -> bool:
        running = self.hands.devices[end.intent.device].read()
        return running.pending is None and not plan_end(end.intent, running, self.hands).changes

    def _finish(self) -> None:
        """The other end, now that one is kept. An interruption waits: a half-changed link is worse."""
        interrupted: KeyboardInterrupt | None = None
        for end in self.plan.changed[1:]:
            deadline = self.hands.clock.monotonic() + self.revert_in + self.patience + _BEYOND
            while True:
                try:
                    self._finish_end(end, deadline)
                    break
                except KeyboardInterrupt as interruption:
                    interrupted = interruption
        if interrupted is not None:
            raise interrupted

    def _finish_end(self, end: EndPlan, deadline: float) -> None:
        last: LajurError | None = None
        while self.hands.clock.monotonic() < deadline:
            try:
                return self._confirm(end, self.hands.clock.monotonic())
            except ArmExpired:
                last = self._again(end)
            except DeviceError as error:
                last = error
            self.hands.clock.sleep(_AGAIN)
        self._record("needs_person", last)
        device = end.intent.device
        kept = ", ".join(each.intent.device for each in self.plan.changed if each is not end)
        raise NeedsPerson("links.half", run=self.run, link=end.intent.link, device=device, kept=kept, cause=last or "?") from last

    def _again(self, end: EndPlan) -> LajurError | None:
        """It went back before it was told to keep the change: it is given the change once more."""
        device = self.hands.devices[end.intent.device]
        self.tell(LinkStage.FINISHING, end.intent.device)
        try:
            rest = plan_end(end.intent, device.read(), self.hands)
            if rest.changes:
                device.commit(self._commit_of(rest))
        except DeviceError as error:
            return error
        return None

    # ---- back

    def _go_back(self, cause: BaseException) -> bool:
        """Every end that may hold something of ours, read back as it was; False when the first one turns out to be kept instead.
        Raises NeedsPerson when neither can be proved."""
        self.tell(LinkStage.GOING_BACK)
        deadline = self._until + _BEYOND
        left = dict(self._ours)
        last: dict[str, LajurError] = {}
        while left:
            for name in self._order(left):
                try:
                    if left[name] is self._confirming and self._holds(left[name]):
                        return False
                    if self._is_back(left[name]):
                        del left[name]
                        self._confirming = None
                except LajurError as error:
                    last[name] = error
            if left and self.hands.clock.monotonic() >= deadline:
                raise self._unproved(left, last, cause)
            if left:
                self.hands.clock.sleep(_AGAIN)
        self.tell(LinkStage.BACK)
        self._record("returned", cause)
        return True

    def _order(self, left: Mapping[str, EndPlan]) -> list[str]:
        """The far one first: the near one still leads to it. One that was told to keep its change comes alone: what became of it
        decides for the other."""
        if self._confirming is not None:
            return [self._confirming.intent.device]
        return sorted(left, key=lambda each: left[each].intent.side is Side.NEAR)

    def _is_back(self, end: EndPlan) -> bool:
        """One try: asked to go back when it counts down for us, then read."""
        device = self.hands.devices[end.intent.device]
        running = device.read()
        ours = running.pending is not None and running.pending.run in ("", self.run)
        if ours or CAPABILITIES[end.intent.platform].timer is None:
            device.revert()
            running = device.read()
        if running.pending is not None:
            return False
        return self._as_before(end, running)

    def _as_before(self, end: EndPlan, running: Running) -> bool:
        return plan_end(end.intent, running, self.hands).lines == end.lines

    def _unproved(self, left: Mapping[str, EndPlan], last: Mapping[str, LajurError], cause: BaseException) -> NeedsPerson:
        self._record("needs_person", cause)
        name = next(iter(left))
        if self._confirming is not None:
            name = self._confirming.intent.device
            rest = ", ".join(each for each in left if each != name) or name
            reason = last.get(name) or (cause if isinstance(cause, LajurError) else type(cause).__name__)
            link = self.plan.intent.key
            return NeedsPerson("links.undecided", run=self.run, link=link, device=name, rest=rest, cause=reason)
        return NeedsPerson(
            "links.unproved",
            run=self.run,
            link=self.plan.intent.key,
            device=", ".join(left),
            seconds=round(max(0.0, self._until - self.hands.clock.monotonic())),
            cause=last.get(name) or (cause if isinstance(cause, LajurError) else type(cause).__name__),
        )

    def _record(self, result: str, cause: object) -> None:
        # The devices come first: a record that cannot be written must not hide what became of them.
        with suppress(LedgerError):
            self.hands.ledger.finish(self.run, result, self.hands.clock.now(), detail=str(cause))

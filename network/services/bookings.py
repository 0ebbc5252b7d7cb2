"""Asking for bandwidth ahead of time: a boost or a window is admitted, waits for a second person where policy asks, and acts.

Decision, booking, audit lines, announcements and the answer to a repeated request stand in one transaction, so two requests
for the same capacity are decided one after the other, and nothing is half-written. Touches no device: the keeper does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Final

from inventory.model import Rates
from inventory.policy import Window
from inventory.regency import Regency
from network.core.admission.admit import Verdict, admit
from network.core.booking import Announcement, Answer, AnswerKey, Approval, Booking, Kind, State
from network.core.intent import Boost
from network.core.ports import Book, Bookings, Clock
from network.core.proofs import Proofs, Unproven
from network.core.proofs import unproven as promised
from network.errors import Conflict, NotAdmitted, NotAllowed, NotFound
from network.services.proven import refusal

HOLD: Final = timedelta(hours=24)
"""How long a request keeps its place while it waits for a second person."""

SHORT_HOLD: Final = timedelta(hours=1)
"""The same for one whose time has come already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where one regency is asked. `truth` gives its files as they are now, without what was requested here.

    `proofs` None: no record of which links were proven, so that nobody asks for it.
    """

    truth: Callable[[], Regency]
    bookings: Bookings
    clock: Clock
    proofs: Proofs | None = None

    @property
    def key(self) -> str:
        return self.truth().head.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An idempotent request: its key, what it was made from, and how its answer is written."""

    key: AnswerKey
    fingerprint: str
    answer: Callable[[Booking], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostDraft:
    """A boost as it is asked for. `starts` None: as soon as it is granted."""

    offices: tuple[str, ...]
    uplink: str | None
    amount: Rates
    reason: str
    starts: datetime | None
    expires: datetime
    emergency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What holds at a moment: the truth with the windows that were granted beside it, and the boosts that were granted.

    `requested`: ids and revisions of those windows. The same ones beside the same truth make the same regency.
    """

    regency: Regency
    boosts: tuple[Boost, ...]
    requested: tuple[tuple[str, int], ...]


def joined(regency: Regency, windows: Iterable[Booking]) -> Regency:
    """The regency with the windows of these bookings; one takes the place of a window of the truth with the same key."""
    requested = {each.value.key: each.value for each in windows if isinstance(each.value, Window)}
    if not requested:
        return regency
    kept = tuple(window for window in regency.windows if window.key not in requested)
    return regency.model_copy(update={"windows": (*kept, *requested.values())})


def standing(desk: Desk, since: datetime) -> Standing:
    """What was granted and had not ended by `since`: what acts at a moment after it, the calendar says.

    A boost that names what the truth does not have waits until it has it again: a slip in a file ends nothing.
    """
    key = desk.key
    windows = _granted(desk.bookings.live(key, Kind.WINDOW, since))
    boosts = desk.bookings.live(key, Kind.BOOST, since)
    requested = tuple((each.id, each.revision) for each in windows)
    regency = joined(desk.truth(), windows)
    return Standing(regency=regency, boosts=_there(regency, _boosts(_granted(boosts))), requested=requested)


def _there(regency: Regency, boosts: tuple[Boost, ...]) -> tuple[Boost, ...]:
    offices = {office.key for office in regency.offices}
    uplinks = {None, *(uplink.key for uplink in regency.uplinks)}
    return tuple(boost for boost in boosts if offices.issuperset(boost.offices) and boost.uplink in uplinks)


def request_boost(desk: Desk, draft: BoostDraft, actor: str, reply: Reply | None = None) -> Booking | Answer:
    """Admit a boost, or raise NotAdmitted with the verdict; what is refused is not kept."""
    now = desk.clock.now()
    value = boost_of(draft, _id("boost", desk, actor, now, reply), actor, now)
    booking = Booking(
        id=value.id,
        regency=desk.key,
        kind=Kind.BOOST,
        value=value,
        state=State.GRANTED,
        actor=actor,
        created=now,
        changed=now,
        ends=value.expires,
        reason=draft.reason,
    )
    return transact(desk, actor, now, reply, lambda book: _request(desk, book, booking, now))


def boost_of(draft: BoostDraft, id: str, actor: str, now: datetime) -> Boost:
    """The boost that this draft, granted at `now`, would be."""
    return Boost(
        id=id,
        offices=draft.offices,
        uplink=draft.uplink,
        amount=draft.amount,
        reason=draft.reason,
        created=now,
        starts=max(now, draft.starts or now),
        expires=draft.expires,
        actor=actor,
        emergency=draft.emergency,
    )


def request_window(desk: Desk, window: Window, reason: str, actor: str, reply: Reply | None = None) -> Booking | Answer:
    """Admit a window beside those of the truth; Conflict when one was requested under its key and still stands."""
    now = desk.clock.now()
    booking = Booking(
        id=_id("window", desk, actor, now, reply),
        regency=desk.key,
        kind=Kind.WINDOW,
        value=window,
        state=State.GRANTED,
        actor=actor,
        created=now,
        changed=now,
        ends=None,
        reason=reason,
    )
    return transact(desk, actor, now, reply, lambda book: _request(desk, book, booking, now))


def judge(desk: Desk, request: Boost | Window) -> Verdict:
    """What admission would say now; keeps nothing. Raises Refused for what policy keeps from links that are not proven."""
    now = desk.clock.now()
    _proven(desk, request)
    windows = desk.bookings.live(desk.key, Kind.WINDOW, now)
    boosts = desk.bookings.live(desk.key, Kind.BOOST, now)
    return admit(joined(desk.truth(), windows), request, _boosts(boosts), now)


def approve(
    desk: Desk, id: str, actor: str, *, note: str = "", revision: int | None = None, reply: Reply | None = None
) -> Booking | Answer:
    """A second person agrees. What was admitted is admitted once more: something else may have come between."""
    now = desk.clock.now()

    def act(book: Book) -> Booking:
        booking = _pending(desk, id, actor, revision)
        if isinstance(booking.value, (Boost, Window)):
            _admitted(desk, book, booking, now)
        word = Approval(actor, now, agreed=True, note=note)
        return _next(book, booking, now, "granted", State.GRANTED, word)

    with _noted(desk, id, actor, now):
        return transact(desk, actor, now, reply, act)


@contextmanager
def _noted(desk: Desk, id: str, actor: str, now: datetime) -> Iterator[None]:
    """Who tries to agree to what they asked for themselves stands in the audit log: it is what auditors look for."""
    try:
        yield
    except NotAllowed as refusal:
        with desk.bookings.book(desk.key, actor, now) as book:
            book.note("approval.refused", id, {"code": refusal.code})
        raise


def reject(
    desk: Desk, id: str, actor: str, *, note: str, revision: int | None = None, reply: Reply | None = None
) -> Booking | Answer:
    now = desk.clock.now()

    def act(book: Book) -> Booking:
        booking = _pending(desk, id, actor, revision)
        return _next(book, booking, now, "rejected", State.REJECTED, Approval(actor, now, agreed=False, note=note))

    return transact(desk, actor, now, reply, act)


def cancel(
    desk: Desk, id: str, actor: str, *, revision: int | None = None, reply: Reply | None = None, why: str = ""
) -> Booking | Answer:
    """End it: a boost that acts ends now, what was still to come never does. `why` goes into the record."""
    now = desk.clock.now()

    def act(book: Book) -> Booking:
        booking = found(desk, id, revision)
        if not booking.live(now):
            raise Conflict("booking.over", id=id, state=booking.state.value)
        return _next(book, booking, now, "cancelled", State.CANCELLED, why=why)

    return transact(desk, actor, now, reply, act)


def found(desk: Desk, id: str, revision: int | None = None, kind: Kind | None = None) -> Booking:
    """The booking of this regency. Raises NotFound, or Conflict when it is not at `revision` any more."""
    booking = desk.bookings.booking(id)
    if booking is None or booking.regency != desk.key or (kind is not None and booking.kind is not kind):
        raise NotFound("booking.not_found", id=id, regency=desk.key)
    if revision is not None and booking.revision != revision:
        raise Conflict("booking.changed", id=id, revision=booking.revision)
    return booking


def transact(desk: Desk, actor: str, now: datetime, reply: Reply | None, act: Callable[[Book], Booking]) -> Booking | Answer:
    """Do it in one transaction with its answer, or give again what was answered to the same key."""
    with desk.bookings.book(desk.key, actor, now) as book:
        earlier = book.recall(reply.key) if reply else None
        if earlier is not None:
            return earlier
        booking = act(book)
        if reply:
            book.remember(reply.key, reply.answer(booking))
        return booking


def _request(desk: Desk, book: Book, booking: Booking, now: datetime) -> Booking:
    verdict = _admitted(desk, book, booking, now)
    if verdict.needs:
        held = (
            now + HOLD if not isinstance(booking.value, Boost) else max(now + SHORT_HOLD, min(booking.value.starts, now + HOLD))
        )
        booking = replace(booking, state=State.PENDING, needs=verdict.needs, hold_until=held)
    book.put(booking)
    _tell(book, booking, "requested" if verdict.needs else "granted")
    return booking


def _admitted(desk: Desk, book: Book, booking: Booking, now: datetime) -> Verdict:
    """The verdict, when it fits beside everything else that holds a place. Raises NotAdmitted, and what `judge` raises."""
    value = booking.value
    assert isinstance(value, (Boost, Window)), "a plan asks for no capacity"
    _proven(desk, value)
    windows = [each for each in book.live(Kind.WINDOW, now) if each.id != booking.id]
    boosts = [each for each in book.live(Kind.BOOST, now) if each.id != booking.id]
    verdict = admit(joined(desk.truth(), windows), value, _boosts(boosts), now)
    if verdict.shortfalls:
        raise NotAdmitted("booking.not_admitted", id=booking.id, reasons=verdict.told(desk.truth().zone), verdict=verdict)
    return verdict


def _proven(desk: Desk, value: Boost | Window) -> None:
    """A boost that no plan would carry out is not granted, or it would keep every other change of its time from being made.

    To whom a window gives more depends on what else acts: its plan says so.
    """
    refused = refusal(desk.truth(), unproven(desk, value.offices)) if isinstance(value, Boost) else None
    if refused is not None:
        raise refused


def unproven(desk: Desk, offices: Collection[str]) -> tuple[Unproven, ...]:
    """Those of `offices` (keys) with a link that is not proven now."""
    regency = desk.truth()
    return () if desk.proofs is None else tuple(promised(regency, desk.proofs.proofs(regency.head.key), offices))


def _pending(desk: Desk, id: str, actor: str, revision: int | None) -> Booking:
    booking = found(desk, id, revision)
    if booking.state is not State.PENDING:
        raise Conflict("booking.not_pending", id=id, state=booking.state.value)
    if booking.actor == actor:
        raise NotAllowed("booking.own_request", id=id, actor=actor)
    now = desk.clock.now()
    if booking.ends is not None and booking.ends <= now:
        raise Conflict("booking.over", id=id, state="ended")
    return booking


def _next(
    book: Book, booking: Booking, now: datetime, verb: str, state: State, approval: Approval | None = None, *, why: str = ""
) -> Booking:
    approvals = (*booking.approvals, approval) if approval else booking.approvals
    after = replace(booking, state=state, approvals=approvals, changed=now, revision=booking.revision + 1)
    book.put(after)
    _tell(book, after, verb, approval, why)
    return after


def _tell(book: Book, booking: Booking, verb: str, approval: Approval | None = None, why: str = "") -> None:
    """In the audit log, and to whoever wants to know."""
    name = f"{booking.kind.value}.{verb}"
    detail: dict[str, str | int] = {"reason": booking.reason, "revision": booking.revision}
    if approval:
        detail["note"] = approval.note
    if why:
        detail["why"] = why
    if booking.needs:
        detail["needs"] = ", ".join(reason.code for reason in booking.needs)
    book.note(name, booking.id, detail)
    told = {"id": booking.id, "state": booking.state.value, "reason": booking.reason, "revision": booking.revision}
    book.announce(Announcement(kind=name, subject=booking.id, data=told))


def _granted(bookings: Iterable[Booking]) -> tuple[Booking, ...]:
    return tuple(each for each in bookings if each.state is State.GRANTED)


def _boosts(bookings: Iterable[Booking]) -> tuple[Boost, ...]:
    return tuple(each.value for each in bookings if isinstance(each.value, Boost))


def _id(kind: str, desk: Desk, actor: str, now: datetime, reply: Reply | None) -> str:
    """The same for the same request under the same key, so that a repeated one can never stand twice; without a key, any."""
    own = token_hex(6)
    if reply:
        own = sha256(repr((desk.key, actor, reply.key.key, reply.fingerprint)).encode()).hexdigest()[:12]
    return f"{kind}-{now:%Y%m%d}-{own}"

"""Announcements out of the outbox to whoever subscribed: signed, tried again by a schedule, given up in the end.

In rounds: what is due is taken, and every subscription is served in a thread of its own, its deliveries one after another in
the order in which they came. So nobody waits for a slow receiver longer than one attempt and `_BEGIN` seconds, and no
receiver gets two requests at once. What a round did not come to stays held and is taken again when the hold has passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Protocol

from network.core.booking import Delivery
from network.core.ports import Clock, Outbox, Runner
from network.core.webhook import Outcome, again, headers, outcome, secret
from network.errors import LajurError, LedgerError
from network.services.hands import rest

BATCH: Final = 64
"""Deliveries that one round takes."""

HOLD: Final = timedelta(minutes=2)
"""How long they are ours: longer than a round can last."""

TICK: Final = 1.0
"""Seconds between two rounds."""

REST: Final = 10.0
"""Seconds for which the record is left alone when it cannot be read."""

_BEGIN: Final = 5.0
"""Seconds of a round in which a receiver is sent another one."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a request: the HTTP status, or None and `why` there was none (a message code)."""

    status: int | None
    why: str = ""


class Courier(Protocol):
    """Carries one request to a receiver that may be anybody. Safe to use from several threads."""

    def check(self, url: str) -> None:
        """Whether we would send there at all. Raises Refused that says why not."""

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Receipt:
        """Send once, within a bounded time. Never raises for what a receiver or the network does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """What came of all rounds since the start, by outcome, and what the last one could not do."""

    counts: Mapping[Outcome, int] = field(default_factory=lambda: MappingProxyType({}))
    given_up: int = 0
    error: LajurError | None = None


class Postman:
    """One thread calls `tick` or `run`; `deliveries` may be asked from any. `key` is the master key of all secrets.

    `clock` is that of whoever announces. Receivers judge the moment in a signature by the time of day, so `stamp` gives it
    where that clock is a simulated one.
    """

    def __init__(
        self, outbox: Outbox, courier: Courier, runner: Runner, clock: Clock, key: bytes, stamp: Clock | None = None
    ) -> None:
        self._outbox, self._courier, self._runner, self._clock, self._key = outbox, courier, runner, clock, key
        self._stamp = stamp or clock
        self._done = Deliveries()

    def deliveries(self) -> Deliveries:
        return self._done

    def run(self, stop: Callable[[], bool]) -> None:
        """Rounds until `stop` says so."""
        while not stop():
            if self.tick() < BATCH:
                rest(self._clock, REST if self._done.error else TICK, stop)

    def tick(self) -> int:
        """One round; how many were taken. What the record refuses is kept in `deliveries` and raised to nobody."""
        try:
            taken = self._outbox.take(self._clock.now(), HOLD, BATCH)
        except LedgerError as error:
            self._count((), error)
            return 0
        by_receiver: dict[str, list[Delivery]] = {}
        for delivery in taken:
            by_receiver.setdefault(delivery.subscription.id, []).append(delivery)
        if not by_receiver:
            self._count((), None)
            return 0
        answers = self._runner.each(tuple(by_receiver), lambda id: self._serve(by_receiver[id]))
        failed = [each for each in answers.values() if isinstance(each, LajurError)]
        self._count(
            [each for part in answers.values() if not isinstance(part, LajurError) for each in part],
            failed[0] if failed else None,
        )
        return len(taken)

    def _serve(self, deliveries: Iterable[Delivery]) -> list[tuple[Outcome, bool]]:
        """Send them in order until the receiver is down or has gone; for each, what came of it and whether it was given up."""
        began = self._clock.monotonic()
        found: list[tuple[Outcome, bool]] = []
        down: Receipt | None = None
        for delivery in deliveries:
            if down is None and self._clock.monotonic() - began > _BEGIN:
                break
            receipt = down or self._send(delivery)
            said = outcome(receipt.status)
            found.append((said, self._note(delivery, receipt, said)))
            if said is Outcome.GONE:
                break
            down = receipt if said is Outcome.DOWN else None
        return found

    def _send(self, delivery: Delivery) -> Receipt:
        body = delivery.payload.encode()
        own = secret(self._key, delivery.subscription.id)
        signed = headers(own, delivery.id, self._stamp.now(), body)
        kind = {"content-type": "application/cloudevents+json; charset=utf-8", "user-agent": "Lajur"}
        return self._courier.send(delivery.subscription.url, {**kind, **signed}, body)

    def _note(self, delivery: Delivery, receipt: Receipt, said: Outcome) -> bool:
        """Into the record; whether it was given up."""
        now = self._clock.now()
        if said is Outcome.DELIVERED:
            self._outbox.delivered(delivery.id, now)
            return False
        why = f"http {receipt.status}" if receipt.status is not None else receipt.why
        if said is Outcome.GONE:
            self._outbox.failed(delivery.id, now, None, why)
            self._outbox.unsubscribe(delivery.subscription.id, now)
            return True
        later = again(delivery.attempts, now)
        self._outbox.failed(delivery.id, now, later, why)
        return later is None

    def _count(self, found: Iterable[tuple[Outcome, bool]], error: LajurError | None) -> None:
        counts, given_up = dict(self._done.counts), self._done.given_up
        for said, ended in found:
            counts[said] = counts.get(said, 0) + 1
            given_up += ended
        self._done = Deliveries(counts=counts, given_up=given_up, error=error)

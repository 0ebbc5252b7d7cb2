"""What routes have in common: the caller's language and moment; of bookings a page, one with its tag, the answer to a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import Path, Response
from pydantic import BaseModel
from starlette.requests import Request

from network.core.access import Caller
from network.core.booking import Answer, Booking, State
from network.core.intent import Boost
from network.errors import UsageError
from network.messages import Language
from network.services.bookings import Reply
from network.serving import Service
from qos_api.etags import etag
from qos_api.idempotency import Once, answer_of, replay
from qos_api.security import door
from qos_api.speech import language

Id = Annotated[str, Path(pattern=r"^[a-z]+-[a-z0-9-]{1,60}$", examples=["boost-20260818-0123456789ab"])]

View = Callable[[Booking], BaseModel]

HORIZON: Final = timedelta(days=2 * 366)
"""How far from now a moment may be that is asked about."""


def spoken(request: Request) -> Language:
    """The caller's language."""
    return language(request.headers.get("accept-language"), door(request).options.language)


def moment(service: Service, at: datetime | None) -> datetime:
    """The moment that is asked about, in UTC; None is now. Raises UsageError beyond the horizon."""
    now = service.desk.clock.now()
    found = now if at is None else at.astimezone(UTC)
    if abs(found - now) > HORIZON:
        raise UsageError("api.too_far", days=HORIZON.days)
    return found


def reply_of(once: Once, view: View, headers: Callable[[Booking], Mapping[str, str]], *, made: bool) -> Reply:
    """How the answer to this request is written, for whoever keeps it. `made`: 201, or 202 while a second person is asked."""

    def answer(booking: Booking) -> Answer:
        status = 200 if not made else 202 if booking.state is State.PENDING else 201
        return answer_of(once, status, view(booking), headers(booking))

    return Reply(key=once.key, fingerprint=once.fingerprint, answer=answer)


def answered(once: Once, reply: Reply, result: Booking | Answer, service: Service) -> Response:
    """The answer to a change; the keeper looks what it means for the devices as soon as it means something."""
    if isinstance(result, Answer):
        return replay(once, result)
    service.keeper.wake(result.value.starts if isinstance(result.value, Boost) and result.state is State.GRANTED else None)
    return replay(once, reply.answer(result), is_new=True)


def earlier(once: Once, service: Service) -> Response | None:
    """What was answered to this key before, without waiting for anybody's transaction."""
    answer = service.ledger.bookings.recalled(once.key)
    return replay(once, answer) if answer else None


def kept(service: Service, caller: Caller, once: Once, answer: Answer) -> Answer:
    """Remember the answer to what was done without a booking, and which is harmless to do again."""
    with service.ledger.bookings.book(service.key, caller.name, service.desk.clock.now()) as book:
        if book.recall(once.key) is None:
            book.remember(once.key, answer)
    return answer


def tagged(model: BaseModel, booking: Booking) -> Response:
    return Response(model.model_dump_json(), media_type="application/json", headers={"ETag": etag(booking)})

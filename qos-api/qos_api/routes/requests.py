"""What waits for a second person, whatever was asked for, and that person's word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Response
from starlette.requests import Request

from network.core.access import Caller, Right
from network.core.booking import Booking, Kind, State
from network.messages import Language
from network.services import bookings
from network.serving import Service
from qos_api.answers import AGREED, READ
from qos_api.etags import IfMatch, etag, unchanged
from qos_api.idempotency import OnlyOnce
from qos_api.routes.asked import Id, View, answered, earlier, reply_of, spoken, tagged
from qos_api.schemas.bookings import NoteSent, RejectionSent, RequestList, RequestTold
from qos_api.security import require
from qos_api.security import router as guarded
from qos_api.served import Here

router = guarded("/v1/regencies/{regency}", tag="requests")

Reader = Annotated[Caller, require(Right.READ)]
Approver = Annotated[Caller, require(Right.APPROVE)]


@router.get("/requests", operation_id="listRequests")
def list_requests(request: Request, here: Here, _: Reader) -> RequestList:
    """Boosts, windows and plans that wait for a second person now, oldest first within a kind."""
    now, language = here.desk.clock.now(), spoken(request)
    waiting = (each for kind in Kind for each in here.ledger.bookings.live(here.key, kind, now) if each.state is State.PENDING)
    return RequestList(items=[RequestTold.of(each, now, language) for each in waiting])


@router.get("/requests/{id}", operation_id="getRequest", response_model=RequestTold, responses=READ)
def get_request(request: Request, id: Id, here: Here, _: Reader) -> Response:
    booking = bookings.found(here.desk, id)
    return unchanged(request, etag(booking)) or tagged(_view(here, spoken(request))(booking), booking)


@router.post("/requests/{id}/approvals", operation_id="approve", response_model=RequestTold, responses=AGREED)
def approve(
    request: Request, id: Id, *, word: NoteSent, here: Here, caller: Approver, once: OnlyOnce, match: IfMatch
) -> Response:
    """A second person agrees. What asks for capacity is admitted once more."""
    reply = reply_of(once, _view(here, spoken(request)), _headers, made=False)
    if before := earlier(once, here):
        return before
    done = bookings.approve(here.desk, id, caller.name, note=word.note, revision=match.revision(id), reply=reply)
    return answered(once, reply, done, here)


@router.post("/requests/{id}/rejections", operation_id="reject", response_model=RequestTold, responses=AGREED)
def reject(
    request: Request, id: Id, *, word: RejectionSent, here: Here, caller: Approver, once: OnlyOnce, match: IfMatch
) -> Response:
    """A second person says no, and why."""
    reply = reply_of(once, _view(here, spoken(request)), _headers, made=False)
    if before := earlier(once, here):
        return before
    done = bookings.reject(here.desk, id, caller.name, note=word.note, revision=match.revision(id), reply=reply)
    return answered(once, reply, done, here)


def _view(here: Service, language: Language) -> View:
    now = here.desk.clock.now()
    return lambda booking: RequestTold.of(booking, now, language)


def _headers(booking: Booking) -> Mapping[str, str]:
    return {"ETag": etag(booking)}

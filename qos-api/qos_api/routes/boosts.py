"""Boosts: more for some offices for a while."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated

from fastapi import Response
from starlette.requests import Request

from network.core.access import Caller, Right
from network.core.booking import Booking, Kind
from network.messages import Language
from network.services import bookings
from network.services.bookings import boost_of, judge
from network.serving import Service
from qos_api.answers import PAGED, READ, TAGGED, WAITS, made
from qos_api.etags import IfMatch, etag, unchanged
from qos_api.idempotency import OnlyOnce
from qos_api.paging import Paging, links
from qos_api.routes.asked import Id, answered, earlier, reply_of, spoken, tagged
from qos_api.schemas.bookings import BoostPage, BoostSent, BoostTold
from qos_api.schemas.verdicts import VerdictTold, verdict_told
from qos_api.security import require
from qos_api.security import router as guarded
from qos_api.served import Here

router = guarded("/v1/regencies/{regency}", tag="boosts")

Reader = Annotated[Caller, require(Right.READ)]
Asker = Annotated[Caller, require(Right.REQUEST)]


@router.get("/boosts", operation_id="listBoosts", responses=PAGED)
def list_boosts(request: Request, response: Response, here: Here, page: Paging, _: Reader) -> BoostPage:
    """All that were asked for, newest first."""
    found = here.ledger.bookings.page(here.key, Kind.BOOST, page.after, page.limit + 1)
    shown = found[: page.limit]
    following = page.next(shown[-1].id) if len(found) > page.limit else None
    response.headers.update(links(following))
    view = _view(here, spoken(request))
    return BoostPage(items=[view(each) for each in shown], next=following)


@router.get("/boosts/{id}", operation_id="getBoost", response_model=BoostTold, responses=READ)
def get_boost(request: Request, id: Id, here: Here, _: Reader) -> Response:
    booking = bookings.found(here.desk, id, kind=Kind.BOOST)
    return unchanged(request, etag(booking)) or tagged(_view(here, spoken(request))(booking), booking)


@router.post("/boosts", operation_id="requestBoost", status_code=201, response_model=BoostTold, responses=made(BoostTold, WAITS))
def request_boost(request: Request, wanted: BoostSent, here: Here, caller: Asker, once: OnlyOnce) -> Response:
    """Granted (201), or admitted and waiting for a second person (202); what does not fit is refused with what would."""
    reply = reply_of(once, _view(here, spoken(request)), _headers(here), made=True)
    before = earlier(once, here)
    return before or answered(once, reply, bookings.request_boost(here.desk, wanted.draft(), caller.name, reply), here)


@router.post("/admissions/boosts", operation_id="judgeBoost")
def judge_boost(request: Request, wanted: BoostSent, here: Here, caller: Asker, _: OnlyOnce) -> VerdictTold:
    """What admission would say now. Nothing is kept."""
    now = here.desk.clock.now()
    asked = boost_of(wanted.draft(), "boost-asked", caller.name, now)
    return verdict_told(judge(here.desk, asked), spoken(request), _lacking(here, asked.offices))


@router.delete("/boosts/{id}", operation_id="cancelBoost", response_model=BoostTold, responses=TAGGED)
def cancel_boost(request: Request, id: Id, here: Here, caller: Asker, match: IfMatch) -> Response:
    """One that acts ends now; one that was still to come never does."""
    bookings.found(here.desk, id, kind=Kind.BOOST)
    booking = bookings.cancel(here.desk, id, caller.name, revision=match.revision(id))
    here.keeper.wake()
    assert isinstance(booking, Booking), "only requests with a key are answered from before"
    return tagged(_view(here, spoken(request))(booking), booking)


def _view(here: Service, language: Language) -> Callable[[Booking], BoostTold]:
    """Over which links is asked here, once and before anybody's transaction."""
    now = here.desk.clock.now()
    lacking = _lacking(here, [office.key for office in here.truth().offices])
    return lambda booking: BoostTold.of(booking, now, language, lacking if booking.live(now) else {})


def _lacking(here: Service, offices: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    return {each.office: each.links for each in bookings.unproven(here.desk, offices)}


def _headers(here: Service) -> Callable[[Booking], Mapping[str, str]]:
    return lambda booking: {"ETag": etag(booking), "Location": f"/v1/regencies/{here.key}/boosts/{booking.id}"}

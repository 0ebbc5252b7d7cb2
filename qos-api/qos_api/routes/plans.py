"""Plans: what would be changed now, agreed to, and carried out as it was shown or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

from fastapi import Response
from pydantic import ConfigDict
from starlette.requests import Request

from network.core.access import Caller, Right
from network.core.booking import Answer, Booking, Kind, Previewed
from network.errors import Conflict
from network.messages import Language
from network.services import bookings, plans
from network.services.apply import new_run
from network.services.bookings import Reply
from network.serving import Service
from qos_api.answers import PAGED, READ, WAITS, headed, made
from qos_api.etags import IfMatch, etag, unchanged
from qos_api.idempotency import OnlyOnce, answer_of, replay
from qos_api.paging import Paging, links
from qos_api.routes.asked import Id, View, answered, earlier, reply_of, spoken, tagged
from qos_api.schemas.common import ReasonTold, Sent, Words, unproven
from qos_api.schemas.reads import CarriedTold, PlanPage, PlanRow, PlanTold
from qos_api.security import require
from qos_api.security import router as guarded
from qos_api.served import Here

router = guarded("/v1/regencies/{regency}", tag="plans")

Reader = Annotated[Caller, require(Right.READ)]
Asker = Annotated[Caller, require(Right.REQUEST)]
Operator = Annotated[Caller, require(Right.APPLY)]


class PlanSent(Sent):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "as agreed this morning"}]})

    reason: Words


@router.get("/plans", operation_id="listPlans", responses=PAGED)
def list_plans(request: Request, response: Response, here: Here, page: Paging, _: Reader) -> PlanPage:
    """Newest first."""
    found = here.ledger.bookings.page(here.key, Kind.PLAN, page.after, page.limit + 1)
    shown = found[: page.limit]
    following = page.next(shown[-1].id) if len(found) > page.limit else None
    response.headers.update(links(following))
    now, language = here.desk.clock.now(), spoken(request)
    return PlanPage(items=[_told(each, now, language) for each in shown], next=following)


@router.get("/plans/{id}", operation_id="getPlan", response_model=PlanTold, responses=READ)
def get_plan(request: Request, id: Id, here: Here, _: Reader) -> Response:
    booking = bookings.found(here.desk, id, kind=Kind.PLAN)
    return unchanged(request, etag(booking)) or tagged(_view(here, spoken(request))(booking), booking)


@router.post("/plans", operation_id="makePlan", status_code=201, response_model=PlanTold, responses=made(PlanTold, WAITS))
def make_plan(request: Request, wanted: PlanSent, here: Here, caller: Asker, once: OnlyOnce) -> Response:
    """Reads the devices and keeps what would be changed for half an hour; changes nothing."""
    reply = reply_of(once, _view(here, spoken(request)), _headers(here), made=True)
    if before := earlier(once, here):
        return before
    seen = here.look(wanted.reason)
    return answered(once, reply, plans.propose(here.desk, seen, wanted.reason, caller.name, reply), here)


@router.post(
    "/plans/{id}/runs",
    operation_id="carryOutPlan",
    status_code=202,
    response_model=CarriedTold,
    responses={
        200: {"model": CarriedTold, "description": "There was nothing to do.", **headed("Idempotency-Replayed")},
        202: headed("Location", "Idempotency-Replayed"),
    },
)
def carry_out_plan(id: Id, here: Here, caller: Operator, once: OnlyOnce, match: IfMatch) -> Response:
    """Begins the run (202: follow its events), or says that there was nothing to do (200)."""
    if before := earlier(once, here):
        return before
    plan = bookings.found(here.desk, id, match.revision(id), Kind.PLAN)
    run = new_run(here.hands)

    def begun(booking: Booking) -> Answer:
        """A plan is carried out as it was shown, so one without steps has no run to follow."""
        if isinstance(booking.value, Previewed) and booking.value.steps == 0:
            return answer_of(once, 200, CarriedTold(run=run, result="nothing"))
        return answer_of(once, 202, CarriedTold(run=run, result=None), {"Location": f"/v1/regencies/{here.key}/runs/{run}"})

    carried = here.carry_out(id, caller.name, run, Reply(key=once.key, fingerprint=once.fingerprint, answer=begun))
    if carried.error is not None:
        if isinstance(carried.error, Conflict) and (before := earlier(once, here)):
            return before  # this very request, sent twice at once
        raise carried.error
    return replay(once, begun(plan), is_new=True)


def _view(here: Service, language: Language) -> View:
    now = here.desk.clock.now()
    return lambda booking: _told(booking, now, language)


def _headers(here: Service) -> Callable[[Booking], Mapping[str, str]]:
    return lambda booking: {"ETag": etag(booking), "Location": f"/v1/regencies/{here.key}/plans/{booking.id}"}


def _told(booking: Booking, now: datetime, language: Language) -> PlanTold:
    value = booking.value
    assert isinstance(value, Previewed), "plans are found by that kind"
    assert booking.ends is not None, "a plan is usable until a moment"
    over = booking.ends <= now and booking.state.value in ("granted", "pending")
    return PlanTold(
        id=booking.id,
        state="ended" if over else booking.state.value,
        requested_by=booking.actor,
        reason=booking.reason,
        created=booking.created,
        usable_until=booking.ends,
        steps=value.steps,
        digest=value.digest,
        rows=[PlanRow.model_validate(row) for row in value.rows],
        needs=[ReasonTold.of(need, language) for need in booking.needs],
        warnings=unproven(value.unproven, language),
        run=value.run,
        revision=booking.revision,
    )

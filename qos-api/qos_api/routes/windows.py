"""Windows: recurring times with their own policy, those of the regency's files and those that were requested here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Path, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import Request

from inventory.policy import ServiceClassChange, Window
from network.core import calendar
from network.core.access import Caller, Right
from network.core.booking import Booking, Kind
from network.errors import NotFound, UsageError
from network.messages import Language
from network.services import bookings
from network.services.bookings import joined, judge
from network.serving import Service
from qos_api.answers import PAGED, TAGGED, WAITS, made
from qos_api.etags import IfMatch, etag
from qos_api.idempotency import OnlyOnce
from qos_api.paging import Paging, links
from qos_api.routes.asked import Id, View, answered, earlier, reply_of, spoken, tagged
from qos_api.schemas.bookings import (
    ChangeTold,
    OccurrenceTold,
    ReserveTold,
    WindowPage,
    WindowSent,
    WindowTold,
    common,
)
from qos_api.schemas.common import RatesTold
from qos_api.schemas.verdicts import VerdictTold, verdict_told
from qos_api.security import require
from qos_api.security import router as guarded
from qos_api.served import Here

router = guarded("/v1/regencies/{regency}", tag="windows")

Reader = Annotated[Caller, require(Right.READ)]
Asker = Annotated[Caller, require(Right.REQUEST)]
Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,31}$", examples=["rka-skpd"])]

_AHEAD: Final = timedelta(days=2 * 366)
"""How far the next time of a window is sought."""


@router.get("/windows", operation_id="listWindows", responses=PAGED)
def list_windows(request: Request, response: Response, here: Here, page: Paging, _: Reader) -> WindowPage:
    """Those that may act: by key."""
    every = _windows(here)
    keys = sorted(key for key in every if page.after is None or key > page.after)
    shown = keys[: page.limit]
    following = page.next(shown[-1]) if len(keys) > page.limit else None
    response.headers.update(links(following))
    language = spoken(request)
    return WindowPage(items=[_told(here, *every[key], language) for key in shown], next=following)


@router.get("/windows/{key}", operation_id="getWindow", response_model=WindowTold, responses=TAGGED)
def get_window(request: Request, key: Name, here: Here, _: Reader) -> Response:
    found = _windows(here).get(key)
    if found is None:
        raise NotFound("booking.not_found", id=key, regency=here.key)
    window, booking = found
    told = _told(here, window, booking, spoken(request))
    return tagged(told, booking) if booking else Response(told.model_dump_json(), media_type="application/json")


@router.post(
    "/windows", operation_id="requestWindow", status_code=201, response_model=WindowTold, responses=made(WindowTold, WAITS)
)
def request_window(request: Request, wanted: WindowSent, here: Here, caller: Asker, once: OnlyOnce) -> Response:
    """Every occurrence of the coming year is admitted, or the window is refused with what would fit."""
    reply = reply_of(once, _view(here, spoken(request)), _headers(here), made=True)
    if before := earlier(once, here):
        return before
    return answered(once, reply, bookings.request_window(here.desk, _window(wanted), wanted.reason, caller.name, reply), here)


@router.post("/admissions/windows", operation_id="judgeWindow")
def judge_window(request: Request, wanted: WindowSent, here: Here, _: Asker, __: OnlyOnce) -> VerdictTold:
    """What admission would say now. Nothing is kept."""
    return verdict_told(judge(here.desk, _window(wanted)), spoken(request))


@router.delete("/windows/requests/{id}", operation_id="cancelWindow", response_model=WindowTold, responses=TAGGED)
def cancel_window(request: Request, id: Id, here: Here, caller: Asker, match: IfMatch) -> Response:
    """A requested window acts no more. Those of the regency's files are ended in the files."""
    bookings.found(here.desk, id, kind=Kind.WINDOW)
    booking = bookings.cancel(here.desk, id, caller.name, revision=match.revision(id))
    here.keeper.wake()
    assert isinstance(booking, Booking), "only requests with a key are answered from before"
    return tagged(_view(here, spoken(request))(booking), booking)


def _window(wanted: WindowSent) -> Window:
    """As the truth would take it: what is wrong is told of the body's own fields."""
    try:
        return wanted.window()
    except ValidationError as error:
        wrong = [{**each, "loc": ("body", *each["loc"])} for each in error.errors(include_url=False)]
        raise RequestValidationError(wrong) from error
    except ValueError as error:
        raise UsageError("api.window", reason=str(error)[:200]) from error


def _windows(here: Service) -> dict[str, tuple[Window, Booking | None]]:
    """By key: the window that counts, and the request behind it."""
    requested = here.ledger.bookings.live(here.key, Kind.WINDOW, here.desk.clock.now())
    found: dict[str, tuple[Window, Booking | None]] = {window.key: (window, None) for window in here.truth().windows}
    for booking in requested:
        if isinstance(booking.value, Window):
            found[booking.value.key] = (booking.value, booking)
    return found


def _view(here: Service, language: Language) -> View:
    def view(booking: Booking) -> WindowTold:
        assert isinstance(booking.value, Window), "windows are found by that kind"
        return _told(here, booking.value, booking, language)

    return view


def _headers(here: Service) -> Callable[[Booking], Mapping[str, str]]:
    def headers(booking: Booking) -> Mapping[str, str]:
        assert isinstance(booking.value, Window), "windows are found by that kind"
        return {"ETag": etag(booking), "Location": f"/v1/regencies/{here.key}/windows/{booking.value.key}"}

    return headers


def _told(here: Service, window: Window, booking: Booking | None, language: Language) -> WindowTold:
    now = here.desk.clock.now()
    following = _next(here, window, booking, now)
    return WindowTold(
        key=window.key,
        name=window.name,
        source="request" if booking else "truth",
        confirmed=window.confirmed,
        active=following is not None and window.confirmed and following.start <= now,
        precedence=window.precedence,
        start=window.start.isoformat(),
        end=window.end.isoformat(),
        recurrence=window.recurrence,
        calendar=window.calendar,
        emergency=window.emergency,
        classes={key: _change(change) for key, change in window.policy.classes.items()},
        offices={key: _change(change) for key, change in window.policy.offices.items()},
        reserves=[
            ReserveTold(
                application=reserve.application,
                uplink=reserve.uplink,
                rate=RatesTold.of(reserve.rate),
                divide=reserve.divide.value,
                weight=reserve.weight,
                priority=reserve.priority,
            )
            for reserve in window.policy.reserves
        ],
        next=following,
        booking=common(booking, now, language) if booking else None,
    )


def _next(here: Service, window: Window, booking: Booking | None, now: datetime) -> OccurrenceTold | None:
    regency = joined(here.truth(), [booking] if booking else [])
    found = next(iter(calendar.occurrences(window, regency, now, now + _AHEAD)), None)
    return OccurrenceTold(start=found.start, end=found.end) if found else None


def _change(change: ServiceClassChange) -> ChangeTold:
    return ChangeTold(share=change.share, weight=change.weight, priority=change.priority, spare=change.spare)

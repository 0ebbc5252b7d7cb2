"""A regency as it stands: its uplinks, its offices, and who is sure of how much at any moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import Annotated, Final, TypeVar

from fastapi import Path, Query, Response
from starlette.requests import Request

from inventory.model import Office, Uplink
from inventory.regency import Regency
from network.core import calendar
from network.core.access import Caller, Right
from network.core.allocate import Allocation, allocate
from network.core.intent import intend
from network.errors import NotFound
from network.messages import Language
from network.serving import Service
from qos_api.answers import PAGED, READ
from qos_api.etags import tag, unchanged
from qos_api.paging import Paging, links
from qos_api.routes.asked import HORIZON, moment, spoken
from qos_api.schemas.common import Moment, RatesTold, ReasonTold
from qos_api.schemas.reads import (
    AllocationsTold,
    ContractTold,
    FigureTold,
    GuaranteeTold,
    OfficePage,
    OfficeTold,
    RegencyList,
    RegencyTold,
    UplinkList,
    UplinkTold,
)
from qos_api.security import known, require
from qos_api.security import router as guarded
from qos_api.served import Here, served

router = guarded("/v1/regencies", tag="regencies")

Reader = Annotated[Caller, require(Right.READ)]
Key = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,31}$")]

_MOST_KEPT: Final = 256

T = TypeVar("T")


@router.get("", operation_id="listRegencies")
def list_regencies(request: Request, caller: Annotated[Caller, known()]) -> RegencyList:
    """Those that the caller has anything to do with."""
    here = served(request)
    return RegencyList(items=[_regency(here.service(key)) for key in sorted(here.regencies()) if caller.knows(key)])


@router.get("/{regency}", operation_id="getRegency")
def get_regency(here: Here, _: Reader) -> RegencyTold:
    return _regency(here)


@router.get("/{regency}/uplinks", operation_id="listUplinks")
def list_uplinks(here: Here, _: Reader) -> UplinkList:
    figures = here.watch.snapshot().uplinks
    return UplinkList(
        items=[
            _uplink(
                uplink,
                [
                    FigureTold(
                        direction=each.direction,
                        contracted=each.contracted,
                        shaped=each.shaped,
                        guaranteed=each.guaranteed,
                        measured=each.measured,
                        headroom=each.headroom,
                    )
                    for each in figures
                    if each.uplink == uplink.key
                ],
            )
            for uplink in here.truth().uplinks
        ]
    )


@router.get("/{regency}/offices", operation_id="listOffices", responses=PAGED)
def list_offices(response: Response, here: Here, page: Paging, _: Reader) -> OfficePage:
    offices = sorted(here.truth().offices, key=lambda office: office.key)
    rest = [office for office in offices if page.after is None or office.key > page.after]
    following = page.next(rest[page.limit - 1].key) if len(rest) > page.limit else None
    response.headers.update(links(following))
    return OfficePage(items=[_office(here, office) for office in rest[: page.limit]], next=following)


@router.get("/{regency}/offices/{office}", operation_id="getOffice")
def get_office(here: Here, office: Key, _: Reader) -> OfficeTold:
    found = next((each for each in here.truth().offices if each.key == office), None)
    if found is None:
        raise NotFound("api.no_office", office=office, regency=here.key)
    return _office(here, found)


@router.get("/{regency}/allocations", operation_id="getAllocations", response_model=AllocationsTold, responses=READ)
def get_allocations(
    request: Request,
    here: Here,
    _: Reader,
    at: Annotated[Moment | None, Query(description="Another moment than now.")] = None,
    office: Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9-]{0,31}$")] = None,
) -> Response:
    """Who is sure of how much, on which uplink, and why."""
    asked = moment(here, at)
    if office is not None and all(each.key != office for each in here.truth().offices):
        raise NotFound("api.no_office", office=office, regency=here.key)
    answer = _KEPT.answer(here, asked, office, spoken(request))
    return unchanged(request, answer.tag) or Response(answer.body, media_type="application/json", headers={"ETag": answer.tag})


@dataclass(frozen=True, slots=True)
class _Answer:
    """The same bytes at every moment from `since` to before `until`, under this truth."""

    truth: Regency
    since: datetime
    until: datetime
    body: bytes
    tag: str


class _Kept:
    """Answers, which hold until something is granted, a window opens or the files change; and the rows that they are made of,
    which are the same whenever the same windows and boosts act. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[tuple[object, ...], _Answer] = {}
        self._rows: dict[tuple[object, ...], tuple[Regency, list[GuaranteeTold]]] = {}

    def answer(self, here: Service, at: datetime, office: str | None, language: Language) -> _Answer:
        truth = here.truth()
        found = here.standing(at)
        key = (here.key, found.requested, tuple(boost.id for boost in found.boosts), office, language)
        kept = self._answers.get(key)
        if kept is not None and kept.truth is truth and kept.since <= at < kept.until:
            return kept
        intent = intend(found.regency, at, found.boosts)
        boosts = [boost.id for boost in intent.boosts]
        edge = calendar.next_edge(found.regency, at, found.boosts)
        acting = (here.key, found.requested, intent.windows, *boosts, office, language)
        of_truth, rows = self._rows.get(acting, (None, []))
        if of_truth is not truth:
            rows = [row for each in allocate(found.regency, intent).values() for row in _rows(each, office, language)]
            self._keep(self._rows, acting, (truth, rows))
        told = AllocationsTold(
            regency=here.key,
            at=at,
            windows=list(intent.windows),
            boosts=boosts,
            until=edge.at if edge else None,
            items=rows,
        )
        body = told.model_dump_json().encode()
        until = edge.at if edge else at + HORIZON
        answer = _Answer(truth, at, until, body, tag("allocations", sha256(body).hexdigest()[:16]))
        self._keep(self._answers, key, answer)
        return answer

    def _keep(self, kept: dict[tuple[object, ...], T], key: tuple[object, ...], value: T) -> None:
        with self._lock:
            kept[key] = value
            if len(kept) > _MOST_KEPT:
                del kept[next(iter(kept))]


_KEPT: Final = _Kept()


def _rows(allocation: Allocation, office: str | None, language: Language) -> Iterator[GuaranteeTold]:
    for key in allocation.offices:
        if office not in (None, key):
            continue
        rest = allocation.queues[allocation.leaves[key][0]]
        yield GuaranteeTold(
            office=key,
            uplink=allocation.shaper.uplink,
            direction=allocation.shaper.direction,
            guarantee=allocation.guarantee(key),
            ceiling=max(allocation.queues[node].ceiling for node in allocation.leaves[key]),
            weight=rest.quantum // 1514,
            priority=rest.priority,
            why=ReasonTold.of(allocation.reasons[key], language),
        )


def _regency(here: Service) -> RegencyTold:
    now = here.desk.clock.now()
    wish = here.wish("look", now)
    edge = calendar.next_edge(wish.regency, now, wish.boosts)
    head = wish.regency.head
    return RegencyTold(
        key=head.key,
        name=head.name,
        timezone=head.timezone,
        illustrative=head.illustrative,
        via=here.via,
        now=now,
        offices=len(wish.regency.offices),
        windows=[each.window for each in calendar.active(wish.regency, now)],
        boosts=[boost.id for boost in wish.boosts if boost.holds(now)],
        next_edge=edge.at if edge else None,
    )


def _uplink(uplink: Uplink, figures: list[FigureTold]) -> UplinkTold:
    contract = uplink.contract
    return UplinkTold(
        id=uplink.id,
        key=uplink.key,
        name=uplink.name,
        kind=uplink.kind.value,
        rate=RatesTold.of(uplink.rate),
        contract=ContractTold(
            number=contract.number, start=contract.start.isoformat(), end=contract.end.isoformat(), provider=uplink.provider
        ),
        figures=figures,
    )


def _office(here: Service, office: Office) -> OfficeTold:
    return OfficeTold(
        id=office.id,
        key=office.key,
        name=office.name,
        service_class=office.service_class,
        protected=here.truth().policy.classes[office.service_class].protected,
        hub=office.hub,
        lan=str(office.lan),
    )

"""Reports: what was promised, held and measured while a window or a boost was on."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Response
from starlette.requests import Request

from network.core.access import Caller, Right
from network.services.report import Reported, occurrences, report
from qos_api.answers import PAGED, READ
from qos_api.etags import tag, unchanged
from qos_api.paging import Page, Paging, links, moment
from qos_api.schemas.common import Moment
from qos_api.schemas.reads import ReportedTold, ReportLineTold, ReportPage, ReportTold, ReportTotalTold
from qos_api.security import require
from qos_api.security import router as guarded
from qos_api.served import Here

router = guarded("/v1/regencies/{regency}", tag="reports")

Reader = Annotated[Caller, require(Right.READ)]


@router.get("/reports", operation_id="listReports", responses=PAGED)
def list_reports(response: Response, here: Here, page: Paging, _: Reader) -> ReportPage:
    """Every occurrence that was watched, latest start first."""
    found = occurrences(here.ledger.reports, here.key, _after(page), page.limit + 1)
    shown = found[: page.limit]
    following = page.next(_position(shown[-1])) if len(found) > page.limit else None
    response.headers.update(links(following))
    items = [ReportedTold(purpose=each.purpose, window=each.window, start=each.start) for each in shown]
    return ReportPage(items=items, next=following)


@router.get("/reports/{purpose}/{window}/{start}", operation_id="getReport", response_model=ReportTold, responses=READ)
def get_report(
    request: Request,
    here: Here,
    purpose: Literal["window", "boost"],
    window: Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,63}$")],
    start: Annotated[Moment, Path(description="The occurrence's original start.")],
    _: Reader,
) -> Response:
    """Promised, applied and measured by office, and the minutes below the promise."""
    found = report(here.ledger.reports, here.key, purpose, window, start)
    told = ReportTold(
        regency=found.regency,
        purpose=found.purpose,
        window=found.window,
        start=found.start,
        updated=found.updated,
        minutes=found.minutes,
        wanting=found.wanting,
        below=found.below,
        totals=[ReportTotalTold.model_validate(each, from_attributes=True) for each in found.totals],
        lines=[ReportLineTold.model_validate(each, from_attributes=True) for each in found.lines],
        digest=found.digest,
    )
    mark = tag("report", found.digest[:16])
    return unchanged(request, mark) or Response(told.model_dump_json(), media_type="application/json", headers={"ETag": mark})


def _position(reported: Reported) -> str:
    return f"{reported.start.isoformat()} {reported.purpose} {reported.window}"


def _after(page: Page) -> Reported | None:
    if page.after is None:
        return None
    start, _, rest = page.after.partition(" ")
    purpose, _, window = rest.partition(" ")
    return Reported(start=moment(start), purpose=purpose, window=window)

"""Shifts: the edges of windows and boosts, and a tick for a scheduled job that speaks HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import Response
from starlette.requests import Request

from network.core.access import Caller, Right
from network.core.slot import Slot
from network.services.shift import due
from qos_api.answers import REPEATED
from qos_api.idempotency import OnlyOnce, answer_of, replay
from qos_api.routes.asked import earlier, kept
from qos_api.schemas.reads import EdgeList, EdgeTold, ShiftTold
from qos_api.security import require
from qos_api.security import router as guarded
from qos_api.served import Here

router = guarded("/v1/regencies/{regency}", tag="shifts")

SHOWN: Final = timedelta(days=7)


@router.get("/shifts", operation_id="listShifts")
def list_shifts(here: Here, _: Annotated[Caller, require(Right.READ)]) -> EdgeList:
    """Edges of the last seven days: those that wait, then those that were claimed."""
    now = here.desk.clock.now()
    waiting = [_edge(edge.slot, "due") for edge in due(here.wish("look"), here.hands)]
    claimed = [_edge(slot, status) for slot, status in here.ledger.claims(here.key, now - SHOWN)]
    return EdgeList(items=[*waiting, *claimed])


@router.post("/shifts", operation_id="shift", response_model=ShiftTold, responses=REPEATED)
def shift(_: Request, here: Here, caller: Annotated[Caller, require(Right.SHIFT)], once: OnlyOnce) -> Response:
    """Claim what is due and carry the devices to the intent of now; answers when that is done."""
    if before := earlier(once, here):
        return before
    report = here.shift(caller.name)
    edges = [_edge(edge.slot, "acted") for edge in report.acted] + [_edge(edge.slot, "skipped") for edge in report.skipped]
    told = ShiftTold(
        edges=edges,
        run=report.run.run,
        result=report.run.result,
        steps=len(report.run.preview.plan.steps),
        return_at=report.run.return_at,
    )
    return replay(once, kept(here, caller, once, answer_of(once, 200, told)), is_new=True)


def _edge(slot: Slot, status: str) -> EdgeTold:
    return EdgeTold.model_validate(
        {"purpose": slot.purpose, "window": slot.window, "edge": slot.edge, "start": slot.start, "status": status}
    )

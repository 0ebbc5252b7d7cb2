"""Runs: what was done to the devices, and one as it goes, event by event."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated, Final

import anyio
import anyio.to_thread
from fastapi import Header, Path, Response
from starlette.requests import Request
from starlette.responses import StreamingResponse

from network.core.access import Caller, Right
from network.core.ports import RunRecord
from network.errors import NotFound
from network.serving import Service
from qos_api.answers import PAGED
from qos_api.paging import Paging, links
from qos_api.problems import DoorError
from qos_api.schemas.reads import MarkTold, RunDetail, RunPage, RunTold
from qos_api.security import require
from qos_api.security import router as guarded
from qos_api.served import Here

router = guarded("/v1/regencies/{regency}", tag="runs")

Reader = Annotated[Caller, require(Right.READ)]
Run = Annotated[str, Path(pattern=r"^run-[a-z0-9-]{1,60}$", examples=["run-20260818t080000-0a1b2c"])]

LOOK: Final = 0.2
BEAT: Final = 15.0
LONGEST: Final = 600.0
"""Seconds: between two looks at the record, between signs of life, and until a stream ends whatever happens."""

_EVENT: Final = {
    "description": "One event. `data` is JSON: `run`, and `phase` and `at`, or `result` and `detail`.",
    "type": "object",
    "required": ["id", "event", "data"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]{1,6}$"},
        "event": {"type": "string", "enum": ["phase", "finished"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}

MOST: Final = 50
"""Streams at a time."""


@router.get("/runs", operation_id="listRuns", responses=PAGED)
def list_runs(response: Response, here: Here, page: Paging, _: Reader) -> RunPage:
    """Newest first."""
    found = here.ledger.runbook.before(here.key, page.after, page.limit + 1)
    shown = found[: page.limit]
    following = page.next(shown[-1].id) if len(found) > page.limit else None
    response.headers.update(links(following))
    return RunPage(items=[RunTold.model_validate(_run(each)) for each in shown], next=following)


@router.get("/runs/{run}", operation_id="getRun")
def get_run(here: Here, run: Run, _: Reader) -> RunDetail:
    record = _found(here, run)
    marks = [MarkTold(phase=phase, at=at) for phase, at in here.ledger.runbook.marks(run)]
    return RunDetail.model_validate({**_run(record), "marks": marks})


@router.get(
    "/runs/{run}/events",
    operation_id="followRun",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": _EVENT}}}},
)
async def follow_run(
    request: Request,
    here: Here,
    run: Run,
    _: Reader,
    last: Annotated[
        str | None, Header(alias="Last-Event-ID", pattern=r"^[0-9]{1,6}$", description="The last event that was seen.")
    ] = None,
) -> Response:
    """Server-Sent Events: one for each phase that the run enters, the last one with its result."""
    await anyio.to_thread.run_sync(_found, here, run)
    streams: set[object] = request.app.state.__dict__.setdefault("streams", set())
    if len(streams) >= MOST:
        raise DoorError("api.streams", status=429, headers={"Retry-After": "10"}, most=MOST)
    mark = object()
    streams.add(mark)
    stream = _events(here, run, int(last) if last else 0, lambda: streams.discard(mark))
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _events(here: Service, run: str, seen: int, ended: Callable[[], None]) -> AsyncIterator[str]:
    clock = here.desk.clock
    began = beat = clock.monotonic()
    try:
        while clock.monotonic() - began < LONGEST:
            record, marks = await anyio.to_thread.run_sync(_look, here, run)
            for number, (phase, at) in enumerate(marks, 1):
                if number > seen:
                    seen = number
                    yield _event(number, "phase", {"run": run, "phase": phase, "at": at.isoformat()})
            if record.result != "running":
                yield _event(len(marks) + 1, "finished", {"run": run, "result": record.result, "detail": record.detail})
                return
            if clock.monotonic() - beat >= BEAT:
                beat = clock.monotonic()
                yield ": still here\n\n"
            await anyio.sleep(LOOK)
    finally:
        ended()


def _event(number: int, name: str, data: dict[str, str]) -> str:
    return f"id: {number}\nevent: {name}\ndata: {json.dumps(data)}\n\n"


def _look(here: Service, run: str) -> tuple[RunRecord, tuple[tuple[str, datetime], ...]]:
    return _found(here, run), here.ledger.runbook.marks(run)


def _found(here: Service, run: str) -> RunRecord:
    record = here.ledger.runbook.run(run)
    if record is None or record.regency != here.key:
        raise NotFound("api.no_run", run=run, regency=here.key)
    return record


def _run(record: RunRecord) -> dict[str, object]:
    names = ("id", "reason", "started", "finished", "result", "steps", "detail")
    return {name: getattr(record, name) for name in names}

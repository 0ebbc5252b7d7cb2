"""Is it alive, is it ready, what does it measure, what can be asked: the addresses that monitoring and clients begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from network.core.access import Right
from network.messages import text
from qos_api import problems
from qos_api.desk import Part
from qos_api.metrics import MEDIA, Requests
from qos_api.security import door, require
from qos_api.security import router as guarded
from qos_api.speech import language

METRICS: Final = "/metrics"
SPECIFICATION: Final = "/v1/openapi.json"


class Alive(BaseModel):
    """The process answers."""

    status: str


class PartStatus(BaseModel):
    """`code` says what is wrong; `age`: seconds since this part was last seen to work."""

    ok: bool
    code: str | None
    age: float | None


class Readiness(BaseModel):
    """`parts` by name: `ledger`, `devices <regency>`, `keeper <regency>`. When one is not well, the answer is a problem."""

    status: str
    parts: dict[str, PartStatus]


def routers(app: FastAPI, requests: Requests, *, metrics_open: bool) -> tuple[APIRouter, ...]:
    opened = APIRouter(tags=["service"])
    opened.get("/healthz", response_model=Alive, operation_id="health")(healthz)
    opened.get("/readyz", response_model=Readiness, operation_id="readiness")(readyz)

    def specification() -> dict[str, Any]:
        return app.openapi()

    opened.get(SPECIFICATION, operation_id="specification", response_class=JSONResponse)(specification)

    def metrics(request: Request) -> Response:
        return Response(requests.exposition(door(request).services.figures()), media_type=MEDIA)

    measured = opened if metrics_open else guarded(tag="service")
    needs = [] if metrics_open else [require(Right.READ, everywhere=True)]
    text_answer: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA.partition(";")[0]: {"schema": {"type": "string"}}}}}
    measured.get(METRICS, operation_id="metrics", dependencies=needs, response_class=Response, responses=text_answer)(metrics)
    return (opened,) if metrics_open else (opened, measured)


async def healthz() -> Alive:
    """Whether the process lives. Asks nobody."""
    return Alive(status="alive")


def readyz(request: Request) -> Response:
    """Whether changes can be made now, part by part."""
    own = door(request)
    parts = own.services.ready()
    shown = {name: _status(part) for name, part in parts.items()}
    wrong = [name for name, part in parts.items() if part.problem is not None]
    if not wrong:
        return JSONResponse({"status": "ready", "parts": shown})
    spoken = language(request.headers.get("accept-language"), own.options.language)
    fields = {"parts": ", ".join(wrong)}
    detail = text("api.not_ready", spoken, fields)
    members: Mapping[str, Any] = {"fields": fields, "parts": shown}
    return problems.document(503, "api.not_ready", detail, spoken, {"Retry-After": "5"}, members)


def _status(part: Part) -> dict[str, Any]:
    age = None if part.age is None else round(part.age, 1)
    return {"ok": part.problem is None, "code": part.problem.code if part.problem else None, "age": age}

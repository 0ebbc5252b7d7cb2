"""The app, made by a factory that is given everything: services, options, routes. Nothing is read or opened at import."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from network.errors import LajurError
from network.messages import Language, text
from qos_api import health, problems
from qos_api.desk import Options, Services
from qos_api.invalid import MOST, told
from qos_api.metrics import Requests
from qos_api.middleware import Bounded, Envelope
from qos_api.openapi import document
from qos_api.security import Door, Guarded
from qos_api.speech import language

OPEN: Final = frozenset({"/healthz", "/readyz", "/v1/openapi.json"})
"""What everybody may ask, and /metrics when the options say so."""

_STATUS: Final = {404: "api.no_such_path", 405: "api.method"}


def create_app(services: Services, options: Options, routers: Iterable[APIRouter] = ()) -> FastAPI:
    """An app of its own over these services. Raises UsageError for options that cannot be, TypeError for an unguarded route."""
    own = Door(services, options)
    requests = Requests()
    app = FastAPI(
        title="Lajur",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={
            LajurError: _refused,
            RequestValidationError: _invalid,
            HTTPException: _http,
        },
        middleware=[
            Middleware(Envelope, door=own, requests=requests),
            Middleware(Bounded, door=own),
        ],
    )
    app.state.door = own
    for each in (*health.routers(app, requests, metrics_open=options.metrics_open), *routers):
        app.include_router(each)
    _all_guarded(app, OPEN | ({health.METRICS} if options.metrics_open else frozenset()))
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    return app


def _all_guarded(app: FastAPI, opened: frozenset[str]) -> None:
    for each in iter_route_contexts(app.routes):
        if not isinstance(each.original_route, Guarded) and each.path not in opened:
            raise TypeError(f"{each.path}: everybody could ask for it; make it by `qos_api.security.router`")


def _language(request: Request) -> Language:
    own: Door = request.app.state.door
    return language(request.headers.get("accept-language"), own.options.language)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, LajurError)
    spoken = _language(request)
    own: Door = request.app.state.door
    extra = own.services.details(error, spoken)
    return problems.respond(error, spoken, matched="if-match" in request.headers, extra=extra)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    spoken = _language(request)
    found = error.errors()
    detail = text("api.invalid", spoken, {"count": len(found)})
    members: dict[str, Any] = {"fields": {"count": len(found)}, "errors": told(found[:MOST], spoken)}
    return problems.document(400, "api.invalid", detail, spoken, {}, members)


async def _http(request: Request, error: Exception) -> Response:
    """What the framework refuses by itself."""
    assert isinstance(error, HTTPException)
    spoken = _language(request)
    headers = dict(error.headers or {})
    code = _STATUS.get(error.status_code, "api.malformed")
    fields: dict[str, object] = {}
    if code == "api.method":
        headers["Allow"] = _allowed(request)
        fields = {"method": request.method[:20], "allowed": headers["Allow"]}
    status = error.status_code if code != "api.malformed" else 400
    return problems.document(status, code, text(code, spoken, fields), spoken, headers, {"fields": fields})


def _allowed(request: Request) -> str:
    """Every method of this address, whichever route has it."""
    found: set[str] = set()
    for each in iter_route_contexts(request.app.routes):
        if each.methods and each.path_regex.match(request.scope["path"]):
            found |= each.methods
    return ", ".join(sorted(found))

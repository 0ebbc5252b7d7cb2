"""Who asks, and whether they may. Every route of ours is a `Guarded` one and says which right it takes; a route that does not
cannot be made.

The order in which a request is judged, before anything of its body is read: is the caller known (401), have they asked too often
(429), does the regency exist for them (404, the same whether it is not there or not theirs), may they (403). Then its shape.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import partial, wraps
from inspect import iscoroutinefunction
from threading import Lock
from typing import Annotated, Any, Final, get_origin

import anyio.to_thread
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from fastapi import APIRouter, Depends, Path
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from network.core.access import EVERYWHERE, RIGHTS, Caller, Right
from network.core.booking import Token
from network.services import tokens
from qos_api.context import caller_name
from qos_api.desk import Options, Services
from qos_api.oidc import Oidc, refused
from qos_api.problems import DoorError
from qos_api.rates import Meter
from qos_api.strict import StrictRequest

KNOWN_FOR: Final = 1.0
"""Seconds for which a token that was read from the record is not read again: so long a revoked one may still hold."""

_MOST_KNOWN: Final = 2000
_ISSUER_THREADS: Final = 4
"""Requests that may wait for an issuer at a time. The rest of the service never does."""

READERS: Final = 1
"""Reads that are made at a time."""

_READING: Final[RunVar[CapacityLimiter]] = RunVar("reading")

_REGENCY: Final = Path(description="The regency's key.", json_schema_extra={"pattern": "^[a-z][a-z0-9-]{0,31}$"})

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Door:
    """What one app carries: its services, its options, and who is known. Safe from any thread."""

    def __init__(self, services: Services, options: Options) -> None:
        self.services = services
        self.options = options
        self.meter = Meter(options, services.clock.monotonic)
        self._oidc = Oidc(options.issuer, services.clock) if options.issuer else None
        self._waiting: CapacityLimiter | None = None
        self._known: dict[str, tuple[float, Token]] = {}
        self._lock = Lock()

    async def caller(self, request: Request) -> Caller:
        """Who asks. Raises DoorError: 401, 429 for too many failures, 503 when it cannot be found out."""
        host = request.client.host if request.client else None
        try:
            return await self._identified(request)
        except DoorError as error:
            if error.status == 401:
                self.meter.failed(host)
            raise

    async def _identified(self, request: Request) -> Caller:
        written = request.headers.getlist("authorization")
        kind, _, token = written[0].partition(" ") if len(written) == 1 else ("", "", "")
        if kind.lower() != "bearer" or not token.strip():
            raise DoorError("api.no_token", status=401, headers={"WWW-Authenticate": 'Bearer realm="lajur"'})
        shown = tokens.parse(token.strip())
        if shown is not None:
            known = self._fresh(shown.id) or await anyio.to_thread.run_sync(self._read, shown.id)
            return self._of_ours(shown, known)
        if self._oidc is None:
            raise refused()
        if self._waiting is None:
            self._waiting = CapacityLimiter(_ISSUER_THREADS)
        return await anyio.to_thread.run_sync(self._oidc.caller, token.strip(), limiter=self._waiting)

    def _of_ours(self, shown: tokens.Shown, token: Token | None) -> Caller:
        if token is None or not tokens.is_of(token, shown) or token.revoked is not None:
            raise refused()
        if token.expires <= self.services.clock.now():
            raise refused("api.token_expired")
        return tokens.caller(token)

    def _fresh(self, id: str) -> Token | None:
        with self._lock:
            read, token = self._known.get(id, (float("-inf"), None))
        return token if self.services.clock.monotonic() - read < KNOWN_FOR else None

    def _read(self, id: str) -> Token | None:
        now = self.services.clock.monotonic()
        token = self.services.tokens.token(id)
        with self._lock:
            self._known.pop(id, None)
            if token is not None:
                self._known[id] = (now, token)
                if len(self._known) > _MOST_KNOWN:
                    del self._known[next(iter(self._known))]
        return token


def door(request: Request) -> Door:
    found = request.app.state.door
    assert isinstance(found, Door)
    return found


@dataclass(frozen=True, slots=True)
class Needs:
    """Which right a route takes. `everywhere`: for no single regency. No right: any caller who is known."""

    right: Right | None
    everywhere: bool = False


class _Here(Needs):
    """For the regency in the path, which the OpenAPI document knows by this."""

    async def __call__(self, request: Request, regency: Annotated[str, _REGENCY]) -> Caller:
        return _caller(request)


class _Everywhere(Needs):
    async def __call__(self, request: Request) -> Caller:
        return _caller(request)


def _caller(request: Request) -> Caller:
    found = request.state.caller
    assert isinstance(found, Caller), "a guarded route knows its caller before it solves anything"
    return found


def require(right: Right, *, everywhere: bool = False) -> Any:
    """As a parameter, `Annotated[Caller, require(Right.READ)]`, or in `dependencies=[require(Right.READ)]`.

    Without `everywhere` the route's path has `{regency}`, and the right must hold there.
    """
    return Depends(_Everywhere(right, everywhere=True) if everywhere else _Here(right))


def known() -> Any:
    """A route for every caller who is known, whatever they may do; what it shows, it must choose by their grants."""
    return Depends(_Everywhere(None, everywhere=True))


class Guarded(APIRoute):
    """A route that lets nobody through who has no right to it. Raises TypeError for one that names no right."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        only_reads = given.get("methods") is not None and set(given["methods"]) == {"GET"}
        super().__init__(path, _reading(endpoint) if only_reads else endpoint, **given)

    def get_route_handler(self) -> Handler:
        return partial(self._handle, _needs(self.dependant, self.path), super().get_route_handler())

    @property
    def needs(self) -> Needs:
        return _needs(self.dependant, self.path)

    async def _handle(self, needs: Needs, handler: Handler, request: Request) -> Response:
        own = door(request)
        caller = await own.caller(request)
        request.state.caller = caller
        caller_name.set(caller.name)
        request.scope["lajur.caller"] = caller.name
        left = own.meter.caller(caller.name)
        request.scope["lajur.headers"] = left.headers
        allow(own, caller, needs, str(request.path_params.get("regency", EVERYWHERE)))
        self._look_at_query(request)
        strict = StrictRequest(request.scope, request.receive)
        if self.body_field is not None:
            _look_at_type(request)
            await strict.json()
        return await handler(strict)

    def _look_at_query(self, request: Request) -> None:
        """A parameter that nobody knows is a misspelt one."""
        fields = {field.alias: field for each in _flat(self.dependant) for field in each.query_params}
        given = [name for name, _ in request.query_params.multi_items()]
        wrong: list[dict[str, Any]] = []
        for name in dict.fromkeys(given):
            if name not in fields:
                wrong.append({"type": "unknown_parameter", "loc": ("query", name), "ctx": {"known": list(fields)}})
            elif given.count(name) > 1 and not _is_many(fields[name].field_info.annotation):
                wrong.append({"type": "twice", "loc": ("query", name)})
        if wrong:
            raise RequestValidationError(wrong)


def allow(own: Door, caller: Caller, needs: Needs, regency: str) -> None:
    """Let this caller pass, or raise DoorError: 404 for a regency that is not there for them, 403 without the right."""
    if not needs.everywhere and (regency not in own.services.regencies() or not caller.knows(regency)):
        raise DoorError("api.no_regency", status=404, regency=regency)
    where = EVERYWHERE if needs.everywhere else regency
    if needs.right is not None and not caller.may(needs.right, where):
        roles = ", ".join(role.value for role, rights in RIGHTS.items() if needs.right in rights)
        raise DoorError("api.not_allowed", status=403, caller=caller.name, right=needs.right.value, regency=where, roles=roles)


def router(prefix: str = "", *, tag: str) -> APIRouter:
    """A router of guarded routes, for example `router("/v1/regencies/{regency}", tag="boosts")`."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=Guarded, redirect_slashes=False)


def _reading(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """In one of few threads: of many that compute at once each takes the others' turns and all of them end late. What may wait
    for a device or a writer is no read and has threads of its own."""
    if iscoroutinefunction(endpoint):
        return endpoint

    @wraps(endpoint)
    async def read(*given: Any, **named: Any) -> Any:
        limiter = _READING.get(None) or CapacityLimiter(READERS)
        _READING.set(limiter)
        return await anyio.to_thread.run_sync(partial(endpoint, *given, **named), limiter=limiter)

    return read


def _needs(dependant: Dependant, path: str) -> Needs:
    found: list[Needs] = [each.call for each in _flat(dependant) if isinstance(each.call, (_Here, _Everywhere))]
    if len(set(found)) != 1:
        raise TypeError(f"{path}: a route names the one right that it takes, by `require`")
    if not found[0].everywhere and "{regency}" not in path:
        raise TypeError(f"{path}: no {{regency}} in the path, so the right must be required `everywhere`")
    return found[0]


def _flat(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _flat(each)


def _is_many(annotation: Any) -> bool:
    return get_origin(annotation) in (list, tuple, set, frozenset)


def _look_at_type(request: Request) -> None:
    written = request.headers.get("content-type", "-")
    kind = written.partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise DoorError("api.content_type", status=415, headers={"Accept-Post": "application/json"}, found=kind[:100])

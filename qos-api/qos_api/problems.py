"""Every error as a problem document (RFC 9457), in the caller's language. The one table from the error tree to HTTP.

The rule by which a refusal gets its status:

- 400: the request cannot be read. Bad JSON, an unknown, missing or misshapen field, a header or cursor out of shape.
- 422: it can be read, and no state of things would let it through. It names an office that does not exist, a rule that never
  occurs, a key that stands for another request.
- 409: it could be met at another time, and now is not that time. No capacity left, changed meanwhile, a device held by
  another run, files of the truth that do not hold together. 412 and 428 are this for a request with or without `If-Match`.
- 404, 403: it names what is not there, or what this caller may not do.
- 502: a device did not do as asked. 503: the record, the issuer or a secret is away; nothing was changed.
- 500: a bug. Its text says nothing of the inside; the log has it all, under the same correlator.

`type` is `urn:lajur:problem:<code>`, and a code never changes its meaning. Text about this machine (paths, databases) stays here.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from inventory.findings import shown
from inventory.messages import render
from network import errors
from network.errors import LajurError
from network.messages import Language, text
from qos_api.context import correlator
from qos_api.invalid import safe

MEDIA: Final = "application/problem+json"
TYPE: Final = "urn:lajur:problem:"
_LONGEST: Final = 4000
_FINDINGS: Final = 100

_STATUS: Final[tuple[tuple[type[LajurError], int], ...]] = (
    (errors.NotAdmitted, 409),
    (errors.Conflict, 409),
    (errors.NotFound, 404),
    (errors.NotAllowed, 403),
    (errors.TruthError, 409),
    (errors.DeviceBusy, 409),
    (errors.Refused, 422),
    (errors.UsageError, 400),
    (errors.DeviceError, 502),
    (errors.RunReturned, 502),
    (errors.NeedsPerson, 502),
    (errors.LedgerError, 503),
    (errors.LabError, 503),
    (errors.BuildError, 502),
    (errors.PlayError, 502),
    (errors.PrintFailed, 503),
)
"""The first that fits; anything else is a bug."""

_BY_CODE: Final = (
    ("guard.", 409),
    ("proof.", 409),
    ("boost.does_not_fit", 409),
    ("truth.", 409),
    ("wiring.", 503),
    ("credentials.", 503),
    ("lock.", 503),
)
"""Refusals that are not about what was asked for but about how things stand here."""

RETRY: Final = 5
"""Seconds after which another try makes sense."""

log = logging.getLogger(__name__)


class DoorError(LajurError):
    """What the door itself refuses, with the status and headers that HTTP has for it."""

    def __init__(self, code: str, *, status: int, headers: Mapping[str, str] | None = None, **fields: object) -> None:
        super().__init__(code, **fields)
        self.status = status
        self.headers = dict(headers or {})


class FieldProblem(BaseModel):
    """One place of the request. `pointer` is a JSON pointer (RFC 6901) into the part that `in` names."""

    model_config = ConfigDict(populate_by_name=True)

    place: str = Field(alias="in", description="body, query, path or header")
    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457. `detail` is in the caller's language; programs read `code`, `fields` and `errors`."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="urn:lajur:problem:<code>; stable", pattern=r"^urn:lajur:problem:[a-z0-9_.]+$")
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    instance: str = Field(description="urn:lajur:request:<correlator>")
    code: str
    correlator: str
    fields: dict[str, str | int | float | bool | None] = Field(default_factory=dict)
    errors: list[FieldProblem] = Field(default_factory=list)


def status_of(error: LajurError, *, matched: bool = False) -> int:
    """`matched`: the request had `If-Match`, so a revision that is no longer there is a failed precondition."""
    if isinstance(error, DoorError):
        return error.status
    if isinstance(error, errors.Conflict) and matched and "revision" in error.fields:
        return 412
    if type(error) is errors.Refused:
        by_code = next((status for prefix, status in _BY_CODE if error.code.startswith(prefix)), None)
        if by_code is not None:
            return by_code
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def respond(error: LajurError, language: Language, *, matched: bool = False, extra: Mapping[str, Any] | None = None) -> Response:
    """The answer to a request that ended in `error`; `extra` are members of its own."""
    status = status_of(error, matched=matched)
    if status >= 500:
        log.warning("request.failed", extra={"code": error.code, "error": shown(error)}, exc_info=error)
    headers = dict(error.headers) if isinstance(error, DoorError) else {}
    if status == 503 or isinstance(error, errors.DeviceBusy):
        headers.setdefault("Retry-After", str(RETRY))
    members = {**_members(error, language), **(extra or {})}
    return document(status, error.code, _detail(error, status, language), language, headers, members)


def document(
    status: int, code: str, detail: str, language: Language, headers: Mapping[str, str], members: Mapping[str, Any]
) -> Response:
    known = correlator.get()
    body = {
        "type": TYPE + code,
        "title": text(f"api.title.{status}", language),
        "status": status,
        "detail": detail,
        "instance": f"urn:lajur:request:{quote(known, safe=':')}",
        "code": code,
        "correlator": known,
        **members,
    }
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", errors="replace")
    told = {"Content-Language": language, "Vary": "Accept-Language", **headers}
    return Response(written, status_code=status, headers=told, media_type=MEDIA)


def bug(language: Language) -> Response:
    """The answer to what should not have happened. Whoever catches it logs it."""
    return document(500, "api.bug", text("api.bug", language), language, {}, {"fields": {}})


def _detail(error: LajurError, status: int, language: Language) -> str:
    if status == 500:
        return text("api.bug", language)
    if isinstance(error, errors.LedgerError):
        return text("api.unavailable", language)
    if status == 503 and not isinstance(error, DoorError):
        return text("api.not_set_up", language)
    fields = {name: shown(value) if isinstance(value, str) else value for name, value in error.fields.items()}
    said = text(error.code, language, fields)
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"


def _members(error: LajurError, language: Language) -> dict[str, Any]:
    if status_of(error) in (500, 503) and not isinstance(error, DoorError):
        return {"fields": {}}
    members: dict[str, Any] = {"fields": dict(safe(error.fields))}
    if isinstance(error, errors.TruthError):
        findings = error.fields.get("findings")
        if isinstance(findings, tuple):
            members["findings"] = [render(each, language) for each in findings[:_FINDINGS]]
    return members

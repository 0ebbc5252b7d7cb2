"""A request that changes something may be sent again: under the same key it is carried out once and answered alike.

The answer is kept in the ledger, in the transaction of what it answers (`network.core.ports.Book`); here is only how a request
becomes a key and a fingerprint, and a kept answer an answer again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import Depends, Header
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from network.core.access import Caller
from network.core.booking import Answer, AnswerKey
from network.errors import UsageError
from qos_api.problems import DoorError
from qos_api.strict import canonical

REPLAYED: Final = "Idempotency-Replayed"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True)
class Once:
    """One request, however often it is sent. `fingerprint`: SHA-256 of method, path and body in its one way of writing."""

    key: AnswerKey
    fingerprint: str


async def _once(
    request: Request,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="New for each request; the same when it is sent again.",
            json_schema_extra={"minLength": 1, "maxLength": 128, "pattern": "^[!-~]{1,128}$"},
        ),
    ] = None,
) -> Once:
    given = request.headers.getlist("idempotency-key")
    if key is None or not given:
        raise UsageError("api.key_missing")
    if len(given) != 1 or not _KEY.fullmatch(given[0]):
        raise UsageError("api.key_bad")
    caller = request.state.caller
    assert isinstance(caller, Caller), "only guarded routes change something"
    body = canonical(await request.json()) if await request.body() else b""
    parts = (request.method.encode(), request.url.path.encode(), request.url.query.encode(), body)
    return Once(AnswerKey(caller.name, given[0]), sha256(b"\n".join(parts)).hexdigest())


OnlyOnce = Annotated[Once, Depends(_once)]
"""A parameter of every route that changes something."""


def answer_of(once: Once, status: int, model: BaseModel | None, headers: Mapping[str, str] | None = None) -> Answer:
    """What will be answered, to be kept with its effect. `headers` such as ETag and Location."""
    body = "" if model is None else model.model_dump_json(by_alias=True)
    return Answer(fingerprint=once.fingerprint, status=status, body=body, headers=dict(headers or {}))


def replay(once: Once, answer: Answer, *, is_new: bool = False) -> Response:
    """A kept answer, given again; `is_new` when it was made by this very request.

    Raises DoorError (422) when the key stands for another request.
    """
    if answer.fingerprint != once.fingerprint:
        raise DoorError("api.key_reused", status=422)
    headers = dict(answer.headers) if is_new else {**answer.headers, REPLAYED: "true"}
    media: Any = "application/json" if answer.body else None
    return Response(answer.body or None, status_code=answer.status, headers=headers, media_type=media)

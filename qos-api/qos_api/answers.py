"""What a route says of its answers in the OpenAPI document, beside their bodies: for the `responses` of its decorator."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel

Responses = dict[int | str, dict[str, Any]]

HEADERS: Final[dict[str, dict[str, Any]]] = {
    "ETag": {"description": "The revision that was told, for If-Match and If-None-Match.", "schema": {"type": "string"}},
    "Location": {"description": "Where what was made is read.", "schema": {"type": "string", "format": "uri-reference"}},
    "Link": {"description": 'The page that follows, as `rel="next"` (RFC 8288).', "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds after which to try again.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to say who asks.", "schema": {"type": "string"}},
    "Allow": {"description": "What does apply here.", "schema": {"type": "string"}},
    "Idempotency-Replayed": {"description": "This was answered before.", "schema": {"type": "string", "enum": ["true"]}},
    "RateLimit": {"description": "What is left of it.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "How many requests a minute.", "schema": {"type": "string"}},
    "x-correlator": {"description": "The request's own, or one that was made for it.", "schema": {"type": "string"}},
}
"""Every header that an answer may have, as the document has them under `components`."""


def headed(*names: str) -> dict[str, Any]:
    """An answer with these headers of `HEADERS`."""
    return {"headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names}}


PAGED: Final[Responses] = {200: headed("Link")}
TAGGED: Final[Responses] = {200: headed("ETag")}
REPEATED: Final[Responses] = {200: headed("Idempotency-Replayed")}
READ: Final[Responses] = {**TAGGED, 304: {"description": "As it was when it was read.", **headed("ETag")}}
"""Of a route that asks `qos_api.etags.unchanged`."""

AGREED: Final[Responses] = {200: headed("ETag", "Idempotency-Replayed")}


def made(model: type[BaseModel], waits: str) -> Responses:
    """201, or 202 when it `waits`; both with where it is."""
    headers = headed("ETag", "Location", "Idempotency-Replayed")
    return {201: headers, 202: {"model": model, "description": waits, **headers}}


WAITS: Final = "Kept, and waiting for a second person."

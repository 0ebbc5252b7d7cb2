"""The OpenAPI 3.1 document: what the framework knows of the routes, and what every one of them may answer besides."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from qos_api.answers import HEADERS, headed
from qos_api.context import CORRELATOR
from qos_api.problems import MEDIA, FieldProblem, Problem
from qos_api.security import Guarded

_ABOUT: Final = (
    "Asks for bandwidth ahead of time, shows who gets how much and why. "
    "Errors are problem documents (RFC 9457) in the language of `Accept-Language` (id, en)."
)
_WORDS: Final = {
    400: "The request cannot be read.",
    401: "The caller is not known.",
    403: "The caller may not do this.",
    404: "Nothing has that name here, as far as the caller may see.",
    405: "The method does not apply here.",
    408: "The body came too slowly.",
    409: "In conflict with how things stand: another time, or another request, may go through.",
    412: "Changed since it was read.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "Understood, but no state of things would let it through.",
    428: "A change must name the revision that it is about, by If-Match.",
    429: "Too many requests; Retry-After says when again.",
    500: "A mistake of lajur.",
    502: "A device did not do as asked.",
    503: "The record, an issuer or a secret is away; nothing was changed.",
}
_BY_HEADER: Final = {"Idempotency-Key": {409, 422}, "If-Match": {409, 412, 428}}
"""What a request may be answered that must have that header."""

_OF_PROBLEM: Final = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}

_EXAMPLE: Final = {
    "type": "urn:lajur:problem:booking.changed",
    "title": "Changed since it was read",
    "status": 412,
    "detail": "boost-20260818-0123456789ab was changed by somebody else. Nothing was changed. Read it again.",
    "instance": "urn:lajur:request:0af7651916cd43dd8448eb211c80319c",
    "code": "booking.changed",
    "correlator": "0af7651916cd43dd8448eb211c80319c",
    "fields": {"id": "boost-20260818-0123456789ab", "revision": 2},
}

_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags that the caller has already: 304 when one of them still holds. What is none is passed over.",
    "schema": {"type": "string"},
}

_NAME: Final = r"^[^\x00-\x1f\x7f/]{1,200}$"
"""What may stand in an address where something is named."""

_TEMPLATE: Final = "#/components/schemas/{model}"


def document(app: FastAPI) -> dict[str, Any]:
    """Made once for each app."""
    if app.openapi_schema:
        return app.openapi_schema
    made = get_openapi(
        title="Lajur",
        version=version("lajur"),
        openapi_version="3.1.0",
        description=_ABOUT,
        routes=app.routes,
        servers=[{"url": "/"}],
    )
    guarded = {
        (each.path_format, method.lower())
        for each in iter_route_contexts(app.routes)
        if isinstance(each.original_route, Guarded)
        for method in each.methods or ()
    }
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for model in (Problem, FieldProblem):
        own = model.model_json_schema(ref_template=_TEMPLATE, mode="serialization", by_alias=True)
        own.pop("$defs", None)
        schemas[model.__name__] = own
    for schema in schemas.values():
        _closed(schema)
    components["headers"] = HEADERS
    components["responses"] = {f"Problem{status}": _answer(status) for status in _WORDS}
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "A token of the OIDC issuer, or an API token."}
    }
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            _complete(operation, is_guarded=(path, method) in guarded)
    app.openapi_schema = made
    return made


def _complete(operation: dict[str, Any], *, is_guarded: bool) -> None:
    responses = operation["responses"]
    always = headed(CORRELATOR, "RateLimit", "RateLimit-Policy") if is_guarded else headed(CORRELATOR)
    for answer in (each for status, each in responses.items() if status < "400"):
        answer["headers"] = answer.get("headers", {}) | always["headers"]
    own = responses.get("422", {})
    if "HTTPValidationError" in str(own):
        del responses["422"]
    statuses = {400, 405, 408, 413, 429, 500, 503} | ({401, 403, 404, 502} if is_guarded else set())
    operation["security"] = [{"bearer": []}] if is_guarded else []
    if "requestBody" in operation:
        statuses |= {409, 415, 422}
    for parameter in operation.get("parameters", ()):
        _present(parameter)
        if parameter["in"] == "path" and parameter["schema"].get("type") == "string":
            parameter["schema"].setdefault("pattern", _NAME)
        own_statuses = _BY_HEADER.get(parameter["name"])
        if own_statuses and parameter["in"] == "header":
            statuses |= own_statuses
            parameter["required"] = True  # the framework would answer by itself, and not in our words
    for status in sorted(statuses):
        responses.setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
    if "304" in responses:
        operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
    operation.setdefault("parameters", []).append(
        {
            "name": CORRELATOR,
            "in": "header",
            "required": False,
            "description": "Comes back with the answer and stands in the log.",
            "schema": {"type": "string", "pattern": r"^[a-zA-Z0-9\-_:;./<>{}]{0,256}$"},
        }
    )


def _answer(status: int) -> dict[str, Any]:
    headers = headed(CORRELATOR, *([_OF_PROBLEM[status]] if status in _OF_PROBLEM else []))
    content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if status == _EXAMPLE["status"]:
        content["example"] = _EXAMPLE
    return {"description": _WORDS[status], **headers, "content": {MEDIA: content}}


def _present(parameter: dict[str, Any]) -> None:
    """What may be left out is left out: in a query or header there is no null."""
    schema = parameter["schema"]
    kinds = [each for each in schema.pop("anyOf", ()) if each != {"type": "null"}]
    if kinds:
        assert len(kinds) == 1, "a parameter has one kind of value"
        parameter["schema"] = kinds[0] | schema


def _closed(schema: Any) -> None:
    """An object whose names have a pattern has no others; what comes as text and is not this is refused."""
    for each in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _closed(each)
    if isinstance(schema, dict) and "patternProperties" in schema:
        schema.setdefault("additionalProperties", False)

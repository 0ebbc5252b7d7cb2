"""Every field of every request, a step beyond what the document lets it be. A new route is tried like the rest."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final, NamedTuple

HOSTILE: Final = ("'; DROP TABLE booking; --", "{{7*7}}", "<script>alert(1)</script>", "../../etc/passwd", "${jndi:ldap://a}")


class Case(NamedTuple):
    """One body that must be refused because of what stands at `pointer`; where fields exclude each other, maybe for both."""

    method: str
    path: str
    pointer: str
    said: str
    body: Any
    is_choice: bool


def cases(document: dict[str, Any]) -> Iterator[Case]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if "requestBody" in operation:
                schema = resolved(document, operation["requestBody"]["content"]["application/json"]["schema"])
                assert schema.get("examples"), f"{method} {path}: its body has no example to begin with"
                example = schema["examples"][0]
                for pointer, said, body in _bodies(document, schema, example):
                    yield Case(method.upper(), path, pointer, said, body, "oneOf" in schema)


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return {**found, **{name: each for name, each in schema.items() if name != "$ref"}}
    return schema


def _bodies(document: dict[str, Any], schema: dict[str, Any], example: Any) -> Iterator[tuple[str, str, Any]]:
    for pointer, own, is_needed, value in _places(document, schema, example, ()):
        for said, wrong in _beyond(document, own, value):
            yield "/" + "/".join(pointer), said, _with(example, pointer, wrong)
        if is_needed:
            yield "/" + "/".join(pointer), "missing", _without(example, pointer)
    for odd in ("reasom", "__proto__", "$where", ""):
        yield f"/{odd}", "unknown", {**example, odd: 1}


def _places(
    document: dict[str, Any], schema: dict[str, Any], value: Any, at: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any], bool, Any]]:
    """Every field below, its schema, whether it must be there, and what the example has (None when it has none)."""
    schema = resolved(document, schema)
    for name, given in schema.get("properties", {}).items():
        own = _one(resolved(document, given))
        inner = value.get(name) if isinstance(value, dict) else None
        yield (*at, name), own, name in schema.get("required", ()), inner
        if isinstance(inner, dict):
            yield from _places(document, own, inner, (*at, name))
    for own in schema.get("patternProperties", {}).values():
        for name, inner in value.items():
            yield (*at, name), resolved(document, own), False, inner
            yield from _places(document, own, inner, (*at, name))


def _one(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return {**schema, **kinds[0], "nullable": True} if kinds else schema


def _beyond(document: dict[str, Any], schema: dict[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    schema = resolved(document, schema)
    kind = schema.get("type", "")
    if not schema.get("nullable"):
        yield "null", None
    yield from OTHERS[kind]
    yield from {"string": _texts, "integer": _numbers, "array": _lists, "object": _objects}.get(kind, _nothing)(schema, value)


OTHERS: Final[dict[str, tuple[tuple[str, Any], ...]]] = {
    "string": (("a number", 7), ("a list", ["x"]), ("a flag", True), ("an object", {})),
    "integer": (("text", "1"), ("a flag", True), ("a part", 1.5), ("a list", [1]), ("enormous", 2**62)),
    "boolean": (("text", "yes"), ("a number", 1), ("a list", [])),
    "array": (("an object", {}), ("text", "x"), ("a list of lists", [[[]]])),
    "object": (("a list", []), ("text", "x"), ("a number", 0)),
}


def _nothing(_schema: dict[str, Any], _value: Any) -> Iterator[tuple[str, Any]]:
    yield from ()


def _texts(schema: dict[str, Any], _value: Any) -> Iterator[tuple[str, Any]]:
    pattern = schema.get("pattern", "")
    is_free = pattern.startswith(("^[^\\x00", "^[ -~]"))
    if is_free:
        yield from (("a line end", "a\nb"), ("an escape", "a\x1b[31m"), ("only an escape", "\x1b"), ("a delete", "\x7f"))
    elif pattern or "enum" in schema:
        yield from (("hostile", each) for each in HOSTILE)
    if schema.get("minLength") or "enum" in schema or (pattern and not is_free):
        yield "empty", ""
    if "maxLength" in schema:
        yield "too long", "x" * (schema["maxLength"] + 1)


def _numbers(schema: dict[str, Any], _value: Any) -> Iterator[tuple[str, Any]]:
    if "minimum" in schema:
        yield "below", schema["minimum"] - 1
    if "maximum" in schema:
        yield "above", schema["maximum"] + 1


def _lists(schema: dict[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    if schema.get("minItems"):
        yield "too few", []
    if "maxItems" in schema and value:
        yield "too many", [value[0]] * (schema["maxItems"] + 1)


def _objects(schema: dict[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    if schema.get("minProperties"):
        yield "too few", {}
    if "patternProperties" in schema:
        yield "a hostile name", {HOSTILE[0]: next(iter((value or {"x": {}}).values()))}


def _with(example: Any, pointer: tuple[str, ...], wrong: Any) -> Any:
    body = deepcopy(example)
    here = body
    for name in pointer[:-1]:
        here = here[name]
    here[pointer[-1]] = wrong
    return body


def _without(example: Any, pointer: tuple[str, ...]) -> Any:
    body = deepcopy(example)
    here = body
    for name in pointer[:-1]:
        here = here[name]
    here.pop(pointer[-1], None)
    return body

"""The shape of one file: pydantic's judgement in our own words and with our own lines. Never judges how files agree."""

from __future__ import annotations

import math
import re
import types
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from inventory.findings import Finding, Path, nearest, shown
from inventory.source import Source
from inventory.units import Unfit
from inventory.values import Truth

_Shape = TypeVar("_Shape", bound=Truth)

_CODES: Final = {
    "missing": "shape.missing",
    "extra_forbidden": "shape.unknown_key",
    "string_type": "shape.text",
    "string_too_short": "shape.text_short",
    "string_too_long": "shape.text_long",
    "int_type": "shape.integer",
    "int_parsing": "shape.integer",
    "int_parsing_size": "shape.integer",
    "int_from_float": "shape.integer",
    "float_type": "shape.number",
    "float_parsing": "shape.number",
    "finite_number": "shape.number",
    "greater_than_equal": "shape.too_small",
    "less_than_equal": "shape.too_large",
    "enum": "shape.choice",
    "literal_error": "shape.choice",
    "bool_type": "shape.boolean",
    "bool_parsing": "shape.boolean",
    "date_type": "shape.date",
    "date_parsing": "shape.date",
    "date_from_datetime_parsing": "shape.date",
    "date_from_datetime_inexact": "shape.date",
    "datetime_type": "shape.datetime",
    "datetime_parsing": "shape.datetime",
    "datetime_from_date_parsing": "shape.datetime",
    "datetime_object_invalid": "shape.datetime",
    "timezone_offset": "shape.datetime",
    "too_short": "shape.too_few",
    "too_long": "shape.too_many",
    "tuple_type": "shape.list",
    "list_type": "shape.list",
    "dict_type": "shape.mapping",
    "model_type": "shape.mapping",
    "model_attributes_type": "shape.mapping",
    "ip_v4_address": "shape.address",
    "ip_v4_network": "shape.prefix",
}

# A pattern of the model, by words in it, and what to say about it.
_PATTERNS: Final = (
    ("[a-z0-9-]{0,31}", "shape.key"),
    ("[a-z0-9_]{0,31}", "shape.class_key"),
    ("[A-Za-z0-9_./:-]", "shape.interface"),
    ("prefixes/", "shape.prefix_file"),
    ("[0-9]{1,9}", "shape.area"),
    ("[a-z0-9-]{0,29}", "shape.server_key"),
    ("[a-z0-9-]{0,61}", "shape.dns_name"),
    ("[A-Za-z0-9+/]{43}", "shape.fingerprint"),
    ("[a-z0-9-]{0,25}", "shape.group_key"),
    ("sha(256", "shape.checksum"),
    ("[0-9a-f]{64}", "shape.certificate"),
    ("^(ssh-", "shape.ssh_key"),
    ("[A-Z]{2}", "shape.country"),
    ("[A-Za-z0-9._~-]{0,254}", "shape.node"),
    ("^/[", "shape.url_path"),
    ("https://", "shape.https"),
    ("https?://", "shape.image"),
    ("env:", "shape.secret"),
)

_UNSHOWN: Final = ("shape.secret", "shape.https", "shape.image", "shape.ssh_key")
"""What may be a secret or have one in it: a reference's place, an address with a login in front, the wrong half of a key."""


def shape(model: type[_Shape], source: Source) -> _Shape | tuple[Finding, ...]:
    """The model of this file, or every finding about its shape."""
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if not _echo(detail)]
        return tuple(dict.fromkeys(_finding(model, source, detail) for detail in details))


def _echo(detail: ErrorDetails) -> bool:
    """A list whose items are all wrong counts as too short as well; the items are told already."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail.get("ctx", {}).get("min_length", 0)


def _finding(model: type[Truth], source: Source, detail: ErrorDetails) -> Finding:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    context = detail.get("ctx", {})
    reason = context.get("error")
    if isinstance(reason, Unfit):
        place = path if reason.at is None else (*path, reason.at)
        return _at(source, place, reason.code, _shown(reason.fields))
    code = _code(detail)
    if code == "shape.mapping" and not path:
        return _at(source, path, "shape.file", {"first": _first(model, source)})
    fields = {"field": _field(path), "value": _value(detail["input"])}
    if code == "shape.unknown_key":
        fields |= nearest(str(path[-1]), _keys(model, path[:-1]))
    elif code == "shape.choice":
        choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        near = nearest(str(detail["input"]), choices)
        fields |= near if len(choices) > 1 else {"known": ", ".join(choices)}
        fields["choices"] = ", ".join(choices)
    elif code in _UNSHOWN:
        del fields["value"]
    elif code == "shape.prefix_host":
        fields["network"] = str(network_of(detail["input"]))
    for ours, theirs in _BOUNDS.get(code, ()):
        fields[ours] = str(next((context[name] for name in theirs if name in context), "?"))
    if code == "shape.too_few" and detail["type"] == "missing":
        fields["least"] = str(int(path[-1]) + 1)
    return _at(source, path, code, fields)


def _at(source: Source, path: Path, code: str, fields: dict[str, str]) -> Finding:
    stem = source.name.removesuffix(".yaml")
    whole = path if path[:1] == (stem,) else (stem, *path)
    said = {name: shown(value) for name, value in fields.items()}
    return Finding(code=code, path=whole, file=source.name, line=source.line(path), fields=said)


_BOUNDS: Final = {
    "shape.text_short": (("least", ("min_length",)),),
    "shape.text_long": (("most", ("max_length",)),),
    "shape.too_small": (("least", ("ge",)),),
    "shape.too_large": (("most", ("le",)),),
    "shape.too_few": (("least", ("min_length",)),),
    "shape.too_many": (("most", ("max_length",)),),
}


def _code(detail: ErrorDetails) -> str:
    kind, value, path = detail["type"], detail["input"], detail["loc"]
    if kind == "missing" and isinstance(path[-1], int):
        return "shape.too_few"
    if value is None and kind not in ("missing", "extra_forbidden"):
        return "shape.nothing"
    if isinstance(value, float) and math.isnan(value):
        return "shape.number"
    if isinstance(value, bool) and kind == "int_type":
        return "shape.integer_boolean"
    if kind == "string_pattern_mismatch":
        pattern = str(detail.get("ctx", {}).get("pattern", ""))
        return next((code for words, code in _PATTERNS if words in pattern), "shape.other")
    if kind == "ip_v4_network" and network_of(value) is not None:
        return "shape.prefix_host"
    return _CODES.get(kind, "shape.other")


def network_of(value: object) -> IPv4Network | None:
    """The network that an address with a prefix length lies in, for a writer who wrote a host's address."""
    try:
        return IPv4Network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None


def _field(path: Path) -> str:
    """The last named key on the way, with the position in its list counted from 1 when there is one."""
    if not path:
        return "-"
    if isinstance(path[-1], int):
        return f"{_field(path[:-1])}[{path[-1] + 1}]"
    return path[-1]


def _first(model: type[Truth], source: Source) -> str:
    """With what a file of this kind begins."""
    stem = source.name.removesuffix(".yaml")
    return stem if stem in model.model_fields else next(iter(model.model_fields))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()  # as YAML has it
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, (list, tuple)):
        return "[…]"
    return shown(value)


def _shown(fields: dict[str, object]) -> dict[str, str]:
    return {name: _value(value) for name, value in fields.items()}


def _keys(model: type[Truth], path: Path) -> list[str]:
    """The keys that may stand at `path`, for a did-you-mean."""
    here: Any = model
    for part in path:
        here = next((step for step in _below(here, part)), None)
    return [name for each in _models(here) for name in each.model_fields]


def _below(annotation: Any, part: str | int) -> Iterator[Any]:
    for model in _models(annotation):
        if part in model.model_fields:
            yield model.model_fields[str(part)].annotation
    for inner in _unwrapped(annotation):
        if get_origin(inner) in (tuple, dict):
            yield get_args(inner)[-1 if get_origin(inner) is dict else 0]


def _models(annotation: Any) -> list[type[Truth]]:
    return [inner for inner in _unwrapped(annotation) if isinstance(inner, type) and issubclass(inner, Truth)]


def _unwrapped(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        return _unwrapped(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [inner for each in get_args(annotation) for inner in _unwrapped(each)]
    return [annotation]

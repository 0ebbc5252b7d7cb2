"""What was wrong with the fields of a request, in our own words: pydantic's verdict, with JSON pointers. Echoes no value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from inventory.findings import nearest, shown
from inventory.messages import MESSAGES, figured
from inventory.units import Unfit
from network.errors import LajurError
from network.messages import Language, text

MOST: Final = 50
"""Places that are told; a body that is wrong everywhere is no report."""

_PLACES: Final = ("body", "query", "path", "header", "cookie")
_CODES: Final = {
    "missing": "api.field.missing",
    "extra_forbidden": "api.field.unknown",
    "unknown_parameter": "api.field.unknown",
    "twice": "api.field.twice",
    "string_type": "api.field.text",
    "string_unicode": "api.field.text",
    "string_too_short": "api.field.short",
    "string_too_long": "api.field.long",
    "string_pattern_mismatch": "api.field.pattern",
    "int_type": "api.field.integer",
    "int_parsing": "api.field.integer",
    "int_parsing_size": "api.field.integer",
    "int_from_float": "api.field.integer",
    "float_type": "api.field.number",
    "float_parsing": "api.field.number",
    "finite_number": "api.field.number",
    "bool_type": "api.field.boolean",
    "bool_parsing": "api.field.boolean",
    "greater_than_equal": "api.field.small",
    "greater_than": "api.field.above",
    "less_than_equal": "api.field.large",
    "less_than": "api.field.below",
    "enum": "api.field.choice",
    "literal_error": "api.field.choice",
    "union_tag_invalid": "api.field.choice",
    "union_tag_not_found": "api.field.missing",
    "date_type": "api.field.date",
    "date_parsing": "api.field.date",
    "date_from_datetime_parsing": "api.field.date",
    "date_from_datetime_inexact": "api.field.date",
    "datetime_type": "api.field.moment",
    "datetime_parsing": "api.field.moment",
    "datetime_from_date_parsing": "api.field.moment",
    "datetime_object_invalid": "api.field.moment",
    "moment_range": "api.field.moment_range",
    "timezone_aware": "api.field.moment",
    "timezone_offset": "api.field.moment",
    "too_short": "api.field.short",
    "too_long": "api.field.long",
    "list_type": "api.field.list",
    "tuple_type": "api.field.list",
    "set_type": "api.field.list",
    "dict_type": "api.field.object",
    "mapping_type": "api.field.object",
    "model_type": "api.field.object",
    "model_attributes_type": "api.field.object",
    "url_type": "api.field.address",
    "url_parsing": "api.field.address",
    "url_scheme": "api.field.address",
}
_FORMS: Final = (
    ("^-?((0|[1-9]", "api.field.pattern_rate_signed"),
    ("Mbit/s)", "api.field.pattern_rate"),
    ("T([01][0-9]|2[0-3])", "api.field.pattern_local"),
    ("^[a-z]", "api.field.pattern_key"),
    (r"^[^\x00", "api.field.pattern_line"),
)
"""What a pattern has in it, and what to write instead, in the place of the pattern; the code of the place stays the same."""

_BOUNDS: Final = {"least": ("min_length", "ge", "gt"), "most": ("max_length", "le", "lt")}


def told(errors: Sequence[Mapping[str, Any]], language: Language) -> list[dict[str, str]]:
    """For each place: `in` (body, query, path, header), `pointer` (RFC 6901 below it), `code` and `detail`."""
    return [_told(error, language) for error in errors[:MOST]]


def _told(error: Mapping[str, Any], language: Language) -> dict[str, str]:
    place, *path = error["loc"] or ("body",)
    if place not in _PLACES:
        place, path = "body", [place, *path]
    unfit = error.get("ctx", {}).get("error")
    if isinstance(unfit, Unfit):
        path = path if unfit.at is None else [*path, unfit.at]
        code, detail = unfit.code, _inventory(unfit, language)
    else:
        code = _CODES.get(str(error["type"]), "api.field.other")
        fields = _fields(code, error, path)
        wording = "api.field.unknown_all" if "known" in fields else _wording(code, error)
        detail = text(wording, language, fields)
    return {"in": str(place), "pointer": pointer(path), "code": code, "detail": shown(detail)}


def _wording(code: str, error: Mapping[str, Any]) -> str:
    pattern = str(error.get("ctx", {}).get("pattern", ""))
    return next((words for mark, words in _FORMS if mark in pattern), code) if code == "api.field.pattern" else code


def pointer(path: Sequence[str | int]) -> str:
    """RFC 6901, without what pydantic puts in for a key or a member of a union."""
    return "".join(f"/{shown(part).replace('~', '~0').replace('/', '~1')}" for part in path if not _is_made_up(part))


def _is_made_up(part: str | int) -> bool:
    return isinstance(part, str) and (part == "[key]" or part.startswith(("function-", "lax-or-strict", "constrained-")))


def _fields(code: str, error: Mapping[str, Any], path: Sequence[str | int]) -> dict[str, object]:
    context = error.get("ctx", {})
    fields: dict[str, object] = {
        ours: next((context[name] for name in theirs if name in context), "?") for ours, theirs in _BOUNDS.items()
    }
    if code == "api.field.choice":
        wanted = str(context.get("expected") or context.get("expected_tags") or "")
        fields["choices"] = ", ".join(re.findall(r"'([^']*)'", wanted))
    elif code == "api.field.unknown":
        fields |= nearest(str(path[-1])[:100] if path else "", context.get("known", ()))
    elif code == "api.field.pattern":
        fields["pattern"] = context.get("pattern", "?")
    return fields


def _inventory(unfit: Unfit, language: Language) -> str:
    message = MESSAGES[unfit.code]
    template = message.id if language == "id" else message.en
    return template.format(**{"field": "", **{name: figured(shown(value), language) for name, value in unfit.fields.items()}})


def safe(fields: Mapping[str, object]) -> Iterator[tuple[str, str | int | float | bool | None]]:
    """The fields of an error that a program may read: scalars, short, and nothing about this machine."""
    for name, value in fields.items():
        if name in _OURS or isinstance(value, (LajurError, tuple, list, dict)):
            continue
        if value is None or isinstance(value, (bool, float)):
            yield name, value
        elif isinstance(value, int):
            yield name, int(value)
        else:
            yield name, shown(value)


_OURS: Final = frozenset({"file", "folder", "ledger", "pid", "cause", "verdict", "findings"})

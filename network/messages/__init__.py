"""The catalogue: every message code in Indonesian and English. Renders text; decides nothing and prints nothing."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final, Literal

from inventory.findings import Finding
from inventory.messages import Message, render, spoken
from network.errors import LajurError
from network.messages.native import native

Language = Literal["id", "en"]

_PARTS: Final = (
    "api",
    "fill",
    "brain",
    "admission",
    "bookings",
    "devices",
    "infra_machines",
    "infra_rules",
    "hands",
    "lab",
    "lab_servers",
    "services",
    "links",
    "cli",
    "watching",
    "playing",
    "plays",
    "play_refusals",
    "chat",
    "bench",
    "bench_servers",
    "bench_release",
    "bench_renting",
    "what_if",
    "first_hour",
    "beginning",
    "drift",
    "leases",
    "readiness",
    "systems",
    "infra",
    "infra_state",
    "infra_reach",
    "infra_cloud",
    "infra_words",
    "giving_back",
    "infra_cli",
    "costs",
    "releases",
    "release_ends",
    "release_files",
    "joining",
    "capacity",
    "cli_releases",
)


def _joined() -> dict[str, Message]:
    joined: dict[str, Message] = {}
    for part in _PARTS:
        messages: Mapping[str, Message] = import_module(f"network.messages.{part}").MESSAGES
        twice = joined.keys() & messages.keys()
        if twice:
            raise ValueError(f"message codes defined twice: {sorted(twice)}")
        joined.update(messages)
    return joined


CATALOGUE: Final = _joined()


def text(code: str, language: Language, fields: Mapping[str, object] | None = None) -> str:
    """The message of `code` in `language`; an error or a finding among the fields, or a tuple of them, is rendered in its place,
    and numbers are written as the language does. Text in `value` is what the reader wrote, and stays so.

    Raises KeyError for a code that no catalogue has.
    """
    message = CATALOGUE[code]
    template = message.id if language == "id" else message.en
    shown = {name: _shown(name, value, language) for name, value in (fields or {}).items() if not _is_echo(name, value)}
    return template.format_map({**(fields or {}), **shown})


def _is_echo(name: str, value: object) -> bool:
    return name == "value" and isinstance(value, str)


def _shown(name: str, value: object, language: Language) -> object:
    if isinstance(value, tuple):
        return " ".join(str(_shown(name, each, language)) for each in value)
    if isinstance(value, Finding):
        return render(value, language)
    if isinstance(value, LajurError):
        return text(value.code, language, value.fields)
    return spoken(name, native(name, value) if isinstance(value, str) and language == "id" else value, language)

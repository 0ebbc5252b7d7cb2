"""Why a thing is as it is, for a person: a message code and its fields. Never text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """`code` names a template of `network.messages`, `fields` fill it."""

    code: str
    fields: Mapping[str, object]

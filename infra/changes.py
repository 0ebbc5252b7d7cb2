"""What the truth says of a server otherwise than what is on record of it: by name, in the truth's own words. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from infra.facts import Difference
from infra.text import clean

_LONGEST: Final = 200
"""Characters of a value."""
_NOTHING: Final = "–"
_WORDS: Final[Mapping[str, str]] = {"controller": "bmc"}
"""Names of inputs that are others in the truth."""
_DEEDS: Final = ("address", "port", "entered", "serial", "waivers", "bmc", "lease.promise", "lease.lessor_keys")
"""What something hangs on: where the machine is, what it is compared with, who is let in. The rest is text that is kept."""


def changes(state: Mapping[str, Any], inputs: Mapping[str, Any], under: str = "") -> tuple[Difference, ...]:
    """Of every input that is not as it is on record: what it was (`found`) and what it shall be (`wanted`). `under`: what the
    names begin with."""
    return tuple(
        Difference(kind="truth_changed", name=name, wanted=_shown(now), found=_shown(was), mend="repair")
        for name, was, now in _changed(state, inputs, under)
    )


def is_text(name: str) -> bool:
    """Whether what bears this name changes nothing on the machine, nor what it is compared with."""
    return not any(name == deed or name.startswith(f"{deed}.") for deed in _DEEDS)


def _changed(state: Mapping[str, Any], inputs: Mapping[str, Any], under: str) -> Iterator[tuple[str, Any, Any]]:
    for name, now in inputs.items():
        was, path = state.get(name), f"{under}{_WORDS.get(name) or _snake(name)}"
        if isinstance(now, Mapping) and isinstance(was, Mapping):
            yield from _changed(was, now, f"{path}.")
        elif was != now and now is not None:  # else it is not known yet
            yield path, was, now


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


def _shown(value: Any) -> str:
    """On one line; what is empty as a dash."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = ", ".join(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return clean(text)[:_LONGEST] if value not in ("", None, [], {}) else _NOTHING

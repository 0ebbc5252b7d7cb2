"""In which language a caller is answered: `Accept-Language` by its weights, else what the service was set to. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from network.messages import Language

SPOKEN: Final[tuple[Language, ...]] = get_args(Language)
_MOST: Final = 20
"""Wishes that are looked at; nobody speaks more."""


def language(accepted: str | None, default: Language) -> Language:
    """`accepted` is the header's text, however wrong it may be. Equal weights: the one named first."""
    if not accepted:
        return default
    best = max(_wishes(accepted, default), key=lambda wish: wish[0], default=(0.0, default))
    return best[1] if best[0] > 0 else default


def _wishes(accepted: str, default: Language) -> Iterator[tuple[float, Language]]:
    for wish in accepted.split(",")[:_MOST]:
        tag, _, rest = wish.partition(";")
        name = tag.strip().lower().partition("-")[0]
        spoken = default if name == "*" else next((each for each in SPOKEN if each == name), None)
        if spoken:
            yield _weight(rest), spoken


def _weight(rest: str) -> float:
    name, _, value = rest.strip().partition("=")
    if not name:
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if name.strip() == "q" and 0 <= weight <= 1 else 0.0

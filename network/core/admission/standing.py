"""Which windows of the truth would be refused when their time comes, before it does. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from inventory.findings import Finding, warning
from inventory.policy import Window
from inventory.regency import Regency
from network.core.admission.judging import Beside, Judged, Shortfall
from network.core.admission.requests import YEAR, own_spans
from network.errors import Refused

_CODES: Final = {"guard.protected": "outlook.takes_protected", "guard.largest_move": "outlook.moves_too_much"}


def refused(regency: Regency, now: datetime) -> Iterator[Finding]:
    """A warning for each confirmed window that does not fit beside the others in the year from `now`, at its first time."""
    for position, window in enumerate(regency.windows):
        short = _first(regency, window, now) if window.confirmed else None
        if short is not None:
            yield warning(
                _CODES.get(short.cause.code, "outlook.does_not_fit"),
                "windows",
                position,
                windows=", ".join((window.key, *short.who)),
                at=f"{short.since.astimezone(regency.zone):%Y-%m-%dT%H:%M}",
                place=short.place,
                missing=short.missing,
            )


def _first(regency: Regency, window: Window, now: datetime) -> Shortfall | None:
    """Of what is missing. Where nothing is, only a contract is, and of that the rules of the truth speak."""
    try:
        judged = Judged(Beside(regency, window, ()), window, own_spans(regency, window, now, YEAR))
    except Refused:  # it never acts, or there is too much to look at: told by the rules, or when it is looked at
        return None
    return None if judged.fits else next((short for short in judged.shortfalls if short.missing), None)

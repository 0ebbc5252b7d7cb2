"""Every route of version 1, one file for each noun. Thin: read the request, call the service, write the answer."""

from __future__ import annotations

from typing import Final

from qos_api.routes import (
    audit,
    boosts,
    plans,
    regencies,
    reports,
    requests,
    runs,
    shifts,
    subscriptions,
    tokens,
    what_if,
    windows,
)

_NOUNS: Final = (regencies, windows, boosts, what_if, plans, requests, runs, shifts, reports, audit, subscriptions, tokens)

ROUTERS: Final = tuple(noun.router for noun in _NOUNS)

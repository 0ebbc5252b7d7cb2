"""How an announcement is signed and when it is sent again: Standard Webhooks 1.0. Pure; keys come in and never go out.

A subscription's secret is derived from one master key and the subscription's id (HKDF-SHA256, RFC 5869), so none is stored
and each can be shown again to whoever may.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

AGAIN: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The wait after each failed attempt, as the standard proposes; after the last of them it is given up."""

SHORTEST_KEY: Final = 32
"""Bytes of a master key."""

_SALT: Final = b"lajur webhook secrets"
_GONE: Final = 410
_BUSY: Final = (429, 503)


class Outcome(StrEnum):
    """What a receiver's answer means. `down`: it takes nothing now, so what else waits for it need not be tried either."""

    DELIVERED = "delivered"
    FAILED = "failed"
    DOWN = "down"
    GONE = "gone"


def secret(master: bytes, subscription: str) -> bytes:
    """The 32 bytes with which what goes to `subscription` is signed. Raises ValueError for a master key that is too short."""
    if len(master) < SHORTEST_KEY:
        raise ValueError(f"a master key has {SHORTEST_KEY} bytes or more")
    key = hmac.digest(_SALT, master, "sha256")
    return hmac.digest(key, subscription.encode() + b"\x01", "sha256")


def shown(own: bytes) -> str:
    """A secret as a receiver's library takes it."""
    return f"whsec_{b64encode(own).decode()}"


def headers(own: bytes, id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of the standard. `id` stays the same at every attempt, `at` is the attempt's own moment."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join((id.encode(), timestamp.encode(), body))
    signature = b64encode(hmac.new(own, signed, sha256).digest()).decode()
    return {"webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": f"v1,{signature}"}


def again(attempts: int, at: datetime) -> datetime | None:
    """When to try again after a failure at `at`; `attempts` were made before that one. None: given up."""
    return at + AGAIN[attempts] if attempts < len(AGAIN) else None


def outcome(status: int | None) -> Outcome:
    """2xx is delivered; 410 ends the subscription; a redirect is a failure, because nobody checked where it leads."""
    if status is None or status in _BUSY:
        return Outcome.DOWN
    if 200 <= status < 300:
        return Outcome.DELIVERED
    return Outcome.GONE if status == _GONE else Outcome.FAILED

"""The audit log's chain: what an entry is, and how each one seals all before it. Pure; nothing here reads or writes.

An entry's digest is the SHA-256 of its own fields as canonical JSON (keys sorted, no spaces, ASCII), with the digest of the
entry before it among them. So nobody can change, drop or slip in an entry without changing every digest after it, and anybody
can compute them again (`network/ledger/check_audit.py` does, with nothing of ours).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Final

GENESIS: Final = "0" * 64
"""What stands in the place of a digest before the first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Who did what to what. `action` is a dotted verb such as `run.begun`; `detail` holds texts and whole numbers only."""

    at: datetime
    actor: str
    action: str
    regency: str
    subject: str
    detail: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An event in its place: `number` counts from 1 without a gap."""

    number: int
    event: AuditEvent
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry at which the chain does not hold. `why`: number, previous or digest."""

    number: int
    why: str


def canonical(number: int, event: AuditEvent, previous: str) -> str:
    """The text that is digested."""
    fields = {
        "number": number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "action": event.action,
        "regency": event.regency,
        "subject": event.subject,
        "detail": dict(event.detail),
        "previous": previous,
    }
    return json.dumps(fields, sort_keys=True, separators=(",", ":"))


def seal(number: int, event: AuditEvent, previous: str) -> AuditEntry:
    digest = sha256(canonical(number, event, previous).encode()).hexdigest()
    return AuditEntry(number=number, event=event, previous=previous, digest=digest)


def line(entry: AuditEntry) -> str:
    """One line of an export: the digested fields and the digest, as JSON."""
    fields = json.loads(canonical(entry.number, entry.event, entry.previous))
    return json.dumps({**fields, "digest": entry.digest}, sort_keys=True, separators=(",", ":"))


def first_break(entries: Iterable[AuditEntry], last: AuditEntry | None = None) -> Break | None:
    """Where the chain of `entries` breaks, None when it holds. `last` is the entry before the first of them."""
    number, previous = (last.number, last.digest) if last else (0, GENESIS)
    for entry in entries:
        if entry.number != number + 1:
            return Break(number + 1, "number")
        if entry.previous != previous:
            return Break(entry.number, "previous")
        if seal(entry.number, entry.event, entry.previous).digest != entry.digest:
            return Break(entry.number, "digest")
        number, previous = entry.number, entry.digest
    return None

"""The audit log read from end to end: whether its chain holds, and its lines for somebody else to compute again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from network.core.audit import GENESIS, AuditEntry, first_break, line
from network.core.ports import AuditLog
from network.errors import NeedsPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditVerdict:
    """The chain holds: `entries` of them, and `digest` is the last one's. Note it elsewhere: what is cut off at the end later
    does not show in the chain itself."""

    entries: int
    digest: str


def entries(log: AuditLog) -> Iterator[AuditEntry]:
    """Every entry, in order, a thousand at a time."""
    after = 0
    while part := log.entries(after):
        yield from part
        after = part[-1].number


def verify(log: AuditLog) -> AuditVerdict:
    """Compute every digest again. Raises NeedsPerson that names the first entry at which the chain breaks."""
    last: AuditEntry | None = None
    for entry in entries(log):
        broken = first_break((entry,), last)
        if broken is not None:
            raise NeedsPerson(f"audit.broken_{broken.why}", number=broken.number)
        last = entry
    return AuditVerdict(entries=last.number if last else 0, digest=last.digest if last else GENESIS)


def export(log: AuditLog) -> Iterator[str]:
    """One line of JSON an entry, as `network/ledger/check_audit.py` reads them."""
    return map(line, entries(log))

"""What was rented in a month and what it cost: the audit log read from end to end, priced by the truth. Only looks."""

from __future__ import annotations

from datetime import date, datetime

from inventory.regency import Regency
from network.core.costs import MonthSpent, month_spent, rents
from network.core.ports import AuditLog
from network.services.audit import entries


def costs(regency: Regency, log: AuditLog, place: str, month: date | None, now: datetime) -> MonthSpent:
    """Of the month of that day, of this one where none is said; `place` is where it was rented, as the record names it."""
    known = rents((entry.event for entry in entries(log)), regency, place)
    return month_spent(regency, known, month or now.astimezone(regency.zone).date(), now)

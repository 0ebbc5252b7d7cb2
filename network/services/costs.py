"""What was rented in a month and what it cost: the audit log read from end to end, priced by the truth. Only looks."""

from __future__ import annotations

from datetime import date, datetime

from inventory.regency import Regency
from network.core.costs import VOLUME, MonthSpent, StageAhead, ahead, month_spent, rents
from network.core.ports import AuditLog
from network.services.audit import entries
from network.services.build_report import BuildReport
from network.services.infra import BuildHands
from network.services.infra import rents as standing_rents


def costs_ahead(regency: Regency, report: BuildReport, hands: BuildHands) -> tuple[StageAhead, ...]:
    """What rented servers cost a month as they stand, and when what this preview found were done. One that a rule forbids, or
    that could not be looked at, does not come."""
    there = {key for key, part in standing_rents(hands).items() if part != VOLUME}
    found = {part.server for part in report.waiting}
    stands = [stay for key, stay in hands.rented.items() if key in there]
    coming = [stay for key, stay in hands.rented.items() if key not in there and key in found]
    return ahead(regency, stands, coming, hands.clock.now())


def costs(regency: Regency, log: AuditLog, place: str, month: date | None, now: datetime) -> MonthSpent:
    """Of the month of that day, of this one where none is said; `place` is where it was rented, as the record names it."""
    known = rents((entry.event for entry in entries(log)), regency, place)
    return month_spent(regency, known, month or now.astimezone(regency.zone).date(), now)

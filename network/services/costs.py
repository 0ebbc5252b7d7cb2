"""What was rented in a month and what it cost: the audit log read from end to end, priced by the truth. Only looks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from inventory.cloud_views import Stay
from inventory.regency import Regency
from network.core.capacity import Course
from network.core.costs import VOLUME, MonthSpent, StageAhead, ahead, month_spent, rents
from network.core.ports import AuditLog
from network.services.audit import entries
from network.services.build_report import BuildReport
from network.services.capacity_parts import CapacityHands
from network.services.infra import BuildHands, standing_rents


def costs_ahead(regency: Regency, report: BuildReport, hands: BuildHands) -> tuple[StageAhead, ...]:
    """What rented servers cost a month as they stand, and when what this preview found were done. One that a rule forbids, or
    that could not be looked at, does not come."""
    found = {part.server for part in report.waiting}
    return _ahead(regency, [stay for key, stay in hands.rented.items() if key in found], hands)


def costs_due(asked: Course, hands: CapacityHands) -> tuple[StageAhead, ...]:
    """The same, when what is asked for now were done. Who goes was paid for until now."""
    return _ahead(hands.regency, asked.opens, hands.build)


def _ahead(regency: Regency, wanted: Iterable[Stay], hands: BuildHands) -> tuple[StageAhead, ...]:
    there = {key for key, part in standing_rents(hands).items() if part != VOLUME}
    stands = [stay for key, stay in hands.rented.items() if key in there]
    return ahead(regency, stands, [stay for stay in wanted if stay.key not in there], hands.clock.now())


def costs(regency: Regency, log: AuditLog, place: str, month: date | None, now: datetime) -> MonthSpent:
    """Of the month of that day, of this one where none is said; `place` is where it was rented, as the record names it."""
    known = rents((entry.event for entry in entries(log)), regency, place)
    return month_spent(regency, known, month or now.astimezone(regency.zone).date(), now)

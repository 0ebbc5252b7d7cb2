"""What was promised, applied and measured during an occurrence of a window or a boost, as the record has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from network.core.booking import ReportLine
from network.core.ports import Reports
from network.core.reporting import digest, spot
from network.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTotal:
    """One uplink and direction, in bit/s: the sums over its offices of what they averaged. Minutes are added up too."""

    uplink: str
    direction: str
    offices: int
    promised: int
    applied: int
    measured: int
    wanting: int
    below: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowReport:
    """One occurrence. `lines` by office, uplink and direction; what the words in them mean, `network.core.reporting` says.

    `minutes` have a verdict; a minute of which too little was seen has none. `below` and `wanting` add up the minutes of all
    lines. `digest` is what the audit log holds once the occurrence has ended, unless somebody changed a line after.
    """

    regency: str
    purpose: str
    window: str
    start: datetime
    updated: datetime
    minutes: int
    wanting: int
    below: int
    totals: tuple[ReportTotal, ...]
    lines: tuple[ReportLine, ...]
    digest: str


@dataclass(frozen=True, slots=True, order=True)
class Reported:
    """An occurrence that has a report."""

    start: datetime
    purpose: str
    window: str


def report(reports: Reports, regency: str, purpose: str, window: str, start: datetime) -> WindowReport:
    """Raises NotFound when nothing was recorded of it."""
    lines = tuple(sorted(reports.lines(regency, purpose, window, start), key=spot))
    if not lines:
        raise NotFound("report.none", regency=regency, purpose=purpose, window=window, start=start.isoformat(timespec="minutes"))
    return WindowReport(
        regency=regency,
        purpose=purpose,
        window=window,
        start=start,
        updated=max(line.updated for line in lines),
        minutes=max(line.minutes for line in lines),
        wanting=sum(line.wanting for line in lines),
        below=sum(line.below for line in lines),
        totals=_totals(lines),
        lines=lines,
        digest=digest(lines),
    )


def occurrences(reports: Reports, regency: str, after: Reported | None = None, limit: int = 50) -> tuple[Reported, ...]:
    """What has a report, latest start first; `after` goes on from an earlier answer."""
    last = (after.purpose, after.window, after.start) if after else None
    return tuple(Reported(start, purpose, window) for purpose, window, start in reports.occurrences(regency, last, limit))


def length(report: WindowReport) -> timedelta:
    """From its start to the end of the last minute with a verdict."""
    return report.updated - report.start


def _totals(lines: Sequence[ReportLine]) -> tuple[ReportTotal, ...]:
    places = dict.fromkeys((line.uplink, line.direction) for line in lines)
    return tuple(_total(*place, [line for line in lines if (line.uplink, line.direction) == place]) for place in places)


def _total(uplink: str, direction: str, lines: Sequence[ReportLine]) -> ReportTotal:
    return ReportTotal(
        uplink=uplink,
        direction=direction,
        offices=len({line.office for line in lines}),
        promised=sum(line.promised for line in lines),
        applied=sum(line.applied for line in lines),
        measured=sum(line.measured for line in lines),
        wanting=sum(line.wanting for line in lines),
        below=sum(line.below for line in lines),
    )

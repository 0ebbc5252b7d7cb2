"""Lines of a report, minute by minute, for every window and boost that is on; and an audit line when one has ended.

What is kept is added up, so a minute that could not be written is in the next one. A controller that starts in the middle of
a window goes on from what was written, and says of those that ended meanwhile what there is to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from network.core import calendar
from network.core.audit import AuditEntry, AuditEvent
from network.core.booking import ReportLine
from network.core.intent import Intent
from network.core.ports import AuditLog, Reports
from network.core.reporting import MINUTE, Spot, Stretch, Term, digest, fold, judge, spot
from network.errors import LedgerError

BOOST: Final = "boost"
"""The purpose of boosts in terms and slots; that of windows is `network.core.calendar.PURPOSE`."""

AGAIN: Final = timedelta(minutes=1)
"""How long the record is left alone after it could not be written."""

_LOOK_BACK: Final = timedelta(days=2)
_LATEST: Final = 50
_TAIL: Final = 5000


def terms(intent: Intent, on: Iterable[calendar.Occurrence]) -> tuple[Term, ...]:
    """What has a report now: the windows of `on` that act, and the boosts that hold."""
    windows = (Term(calendar.PURPOSE, each.window, each.start, each.end) for each in on if each.window in intent.windows)
    boosts = (Term(BOOST, boost.id, boost.starts, boost.expires) for boost in intent.boosts)
    return (*windows, *boosts)


@dataclass(slots=True)
class _Tally:
    """One term while it is on. `minute` is the one that `parts` belong to."""

    term: Term
    lines: dict[Spot, ReportLine]
    minute: int | None = None
    parts: dict[Spot, list[Stretch]] = field(default_factory=dict)
    unwritten: bool = False
    over: bool = False


class Reporter:
    """Keeps the lines of one regency. Not for several threads."""

    def __init__(self, regency: str, reports: Reports, audit: AuditLog) -> None:
        self._regency, self._reports, self._audit = regency, reports, audit
        self._tallies: dict[tuple[str, str, datetime], _Tally] = {}
        self._recovered = False
        self._rest_until: datetime | None = None
        self.error: LedgerError | None = None
        """Why the record was not written the last time; None when it was."""

    def take(self, on: Iterable[Term], found: Mapping[Spot, Stretch], now: datetime) -> None:
        """Add what was seen; at the end of a minute, write. What cannot be written is in `error`, and nothing is lost."""
        current = {_key(term): term for term in on}
        for key, tally in self._tallies.items():
            tally.over = tally.over or key not in current
        for spot_, stretch in found.items():
            self._add(spot_, stretch)
        for tally in self._tallies.values():
            if tally.over or (tally.minute is not None and tally.term.minute(now) > tally.minute):
                self._close(tally, now)
        if self._rest_until is None or not now < self._rest_until <= now + AGAIN:
            try:
                self._record(current, now)
            except LedgerError as error:
                self._rest_until, self.error = now + AGAIN, error
            else:
                self._rest_until = self.error = None

    def _add(self, where: Spot, stretch: Stretch) -> None:
        middle = stretch.since + (stretch.until - stretch.since) / 2
        for tally in self._tallies.values():
            if not tally.term.has(stretch):
                continue
            minute = tally.term.minute(middle)
            if tally.minute is not None and minute > tally.minute:
                self._close(tally, stretch.until)
            if tally.minute is None or minute == tally.minute:
                tally.minute = minute
                tally.parts.setdefault(where, []).append(stretch)

    def _close(self, tally: _Tally, now: datetime) -> None:
        """The minute is over: its verdicts go into the lines."""
        if tally.minute is None:
            return
        end = min(tally.term.start + (tally.minute + 1) * MINUTE, tally.term.end, now)
        for where, parts in tally.parts.items():
            line, verdict = tally.lines.get(where), judge(parts)
            # A minute that was written by whoever watched before is not written twice.
            if verdict is not None and (line is None or line.updated < end):
                tally.lines[where] = fold(line, self._regency, tally.term, where, verdict, end)
                tally.unwritten = True
        tally.minute = None
        tally.parts.clear()

    def _record(self, current: Mapping[tuple[str, str, datetime], Term], now: datetime) -> None:
        if not self._recovered:
            self._recover(current, now)
            self._recovered = True
        for key, term in current.items():
            if key not in self._tallies:
                lines = self._reports.lines(self._regency, *key)
                self._tallies[key] = _Tally(term, {spot(line): line for line in lines})
            self._tallies[key].term = term
        for key, tally in tuple(self._tallies.items()):
            if tally.unwritten:
                self._reports.add(tuple(tally.lines.values()))
                tally.unwritten = False
            if tally.over:
                if tally.lines:
                    self._note(tally.term, tuple(tally.lines.values()), now)
                del self._tallies[key]

    def _note(self, term: Term, lines: tuple[ReportLine, ...], now: datetime) -> None:
        """The audit line of a term that has ended: enough to prove later that its report is the one of that day."""
        self._audit.append(
            AuditEvent(
                at=now,
                actor="system",
                action=_action(term.purpose),
                regency=self._regency,
                subject=term.window,
                detail={
                    "start": _text(term.start),
                    "minutes": max(line.minutes for line in lines),
                    "wanting": sum(line.wanting for line in lines),
                    "below": sum(line.below for line in lines),
                    "lines": len(lines),
                    "digest": digest(lines),
                },
            )
        )

    def _recover(self, current: Mapping[tuple[str, str, datetime], Term], now: datetime) -> None:
        """What ended while nobody watched, and was not said so in the last entries of the audit log."""
        noted: set[tuple[str, str, str]] | None = None
        for purpose, window, start in self._reports.occurrences(self._regency, None, _LATEST):
            if (purpose, window, start) in current:
                continue
            lines = self._reports.lines(self._regency, purpose, window, start)
            if not lines or now - max(line.updated for line in lines) > _LOOK_BACK:
                continue
            if noted is None:
                noted = {
                    (entry.event.action, entry.event.subject, str(entry.event.detail.get("start")))
                    for entry in tail(self._audit, _TAIL)
                    if entry.event.regency == self._regency
                }
            if (_action(purpose), window, _text(start)) not in noted:
                self._note(Term(purpose, window, start, now), lines, now)


def _key(term: Term) -> tuple[str, str, datetime]:
    return term.purpose, term.window, term.start


def _action(purpose: str) -> str:
    return f"{purpose}.reported"


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def tail(log: AuditLog, count: int) -> Iterator[AuditEntry]:
    """About the last `count` entries, in order; found in a few questions however long the log is."""
    low, high = 0, 1
    while log.entries(high, 1):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if log.entries(middle, 1) else (low, middle)
    after = max(0, high - count)
    while part := log.entries(after):
        yield from part
        after = part[-1].number

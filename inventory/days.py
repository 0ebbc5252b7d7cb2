"""The regency's calendar, day by day: whether it works, from when to when, and whom a window concerns. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from inventory import national
from inventory.model import WEEKDAYS, Calendar, DayHours, Period

EVERY_DAY: Final = "every_day"
WORKING_DAYS: Final = "working_days"
DAYS_OFF: Final = "days_off"
OFFICE_HOURS: Final = "office_hours"
WORDS: Final = (EVERY_DAY, WORKING_DAYS, DAYS_OFF, OFFICE_HOURS)
"""What a window may name as its calendar, beside the periods of calendar.yaml."""

Whom = Literal["all", "exempt"]
"""Whom a window concerns on a day: every office, or those only that serve on days off too."""

_DAY: Final = timedelta(days=1)


class Year(NamedTuple):
    """A year day by day, from 1 January on. Hours in minutes after midnight; both 0 where there are none."""

    works: bytes
    opens: array[int]
    closes: array[int]


class Days:
    """One calendar, ready to be asked about any day. Remembers the years that it was asked for; equal to itself only."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.exempt = frozenset(calendar.exempt)
        self._on = {each.day for each in calendar.days_on}
        self._off = {each.day for each in calendar.days_off}
        self._week = {WEEKDAYS.index(each) for each in calendar.working_days}
        self._periods = tuple(calendar.calendars)
        self._years: dict[int, Year] = {}

    def knows(self, word: str) -> bool:
        """Whether a window may name this as its calendar."""
        return word in WORDS or any(period.key == word for period in self._periods)

    def works(self, day: date) -> bool:
        """Whether `day` is a working day. The regency's own word comes before the week and before the nation's."""
        if day in self._on or day in self._off:
            return day in self._on
        return day.weekday() in self._week and not self._nation_rests(day)

    def leans(self, day: date) -> bool:
        """Whether only the nation's calendar can say if `day` is a working day."""
        return self.calendar.national_holidays and day.weekday() in self._week and day not in self._on and day not in self._off

    def hours(self, day: date) -> DayHours | None:
        """The office hours of this weekday, in this period; None where the calendar has none."""
        for period in self._periods:
            if period.hours is not None and period.has(day):
                return period.hours.of(day)
        return None if self.calendar.hours is None else self.calendar.hours.of(day)

    def periods(self, key: str) -> tuple[Period, ...]:
        return tuple(period for period in self._periods if period.key == key)

    def concerns(self, word: str, day: date) -> Whom | None:
        """Whom a window with this calendar concerns that starts on `day`; None: nobody, it does not take place."""
        if word == EVERY_DAY:
            return "all"
        if word == DAYS_OFF:
            return None if self.works(day) else "all"
        if word not in WORDS and not any(period.has(day) for period in self.periods(word)):
            return None
        if word == OFFICE_HOURS and self.hours(day) is None:
            return None
        if self.works(day):
            return "all"
        return "exempt" if self.exempt else None

    def year(self, year: int) -> Year:
        """All days of a year at once."""
        found = self._years.get(year)
        if found is None:
            days = tuple(_days_of(year))
            hours = [self.hours(day) for day in days]
            found = self._years[year] = Year(
                works=bytes(self.works(day) for day in days),
                opens=array("q", (0 if each is None else _minutes(each.start.hour, each.start.minute) for each in hours)),
                closes=array("q", (0 if each is None else _minutes(each.end.hour, each.end.minute) for each in hours)),
            )
        return found

    def _nation_rests(self, day: date) -> bool:
        return self.calendar.national_holidays and day in national.days_off(day.year)


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + number * _DAY for number in range((date(year, 12, 31) - first).days + 1))


def _minutes(hour: int, minute: int) -> int:
    return 60 * hour + minute

"""Days that somebody should not forget, as an iCalendar file (RFC 5545). Pure: text out of values, `now` is an argument."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

_PRODUCT: Final = "-//Lajur//lajur//EN"
_LONGEST: Final = 75
"""Octets of a line without its end (RFC 5545, section 3.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Shown `days` days before the event, with a text of its own."""

    days: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A whole day. `uid` is the same whenever the same thing is written again, so that a calendar replaces it."""

    uid: str
    day: date
    summary: str
    description: str
    location: str
    alarms: tuple[Alarm, ...] = ()


def icalendar(name: str, events: Iterable[Event], now: datetime) -> str:
    """The file, with CRLF and folded lines. `now` (aware) is when it was written; texts are from outside and made harmless."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
        *(line for event in events for line in _event(event, now)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(event.summary)}"
    yield f"DESCRIPTION:{_text(event.description)}"
    yield f"LOCATION:{_text(event.location)}"
    yield "TRANSP:TRANSPARENT"
    for alarm in event.alarms:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"TRIGGER:-P{alarm.days}D"
        yield f"DESCRIPTION:{_text(alarm.text)}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _text(text: str) -> str:
    """A TEXT value: its own signs escaped, and whatever a calendar might obey rather than show, as a dot."""
    plain = "".join(each if each.isprintable() or each == "\n" else "·" for each in text.replace("\r\n", "\n"))
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(sign, escaped)
    return plain


def _folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets, never within a character; each part but the first begins with a blank."""
    part, room = "", _LONGEST
    for each in line:
        size = len(each.encode())
        if size > room:
            yield part
            part, room = " ", _LONGEST - 1
        part += each
        room -= size
    yield part

"""A calendar file as RFC 5545 wants it, whatever stands in the texts: read back by the rules of that document."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.dialects.icalendar import Alarm, Event, icalendar

NOW = datetime(2026, 11, 26, 7, 30, 5, tzinfo=UTC)
EVENT = Event(
    uid="lease-small@kecil",
    day=date(2027, 1, 31),
    summary="Sewa small berakhir",
    description="Kontrak 1",
    location="Ruang server",
    alarms=(Alarm(days=90, text="90 hari lagi"), Alarm(days=7, text="7 hari lagi")),
)
ESCAPED = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}


def unfolded(text: str) -> list[tuple[str, str]]:
    """The content lines: name with parameters, and value. Section 3.1."""
    raw = text.encode()
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    for line in raw.split(b"\r\n"):
        line.decode()  # no character is cut in two
    whole = text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    return [(name, value) for name, _, value in (line.partition(":") for line in whole)]


def read(value: str) -> str:
    """A TEXT value. Section 3.3.11."""
    assert not re.search(r"[;,]", re.sub(r"\\[\\;,nN]", "", value))
    return re.sub(r"\\[\\;,nN]", lambda found: ESCAPED[found[0]], value)


def test_one_event_with_its_alarms() -> None:
    lines = unfolded(icalendar("Sewa", [EVENT], NOW))
    assert lines == [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Lajur//lajur//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("X-WR-CALNAME", "Sewa"),
        ("BEGIN", "VEVENT"),
        ("UID", "lease-small@kecil"),
        ("DTSTAMP", "20261126T073005Z"),
        ("DTSTART;VALUE=DATE", "20270131"),
        ("DTEND;VALUE=DATE", "20270201"),
        ("SUMMARY", "Sewa small berakhir"),
        ("DESCRIPTION", "Kontrak 1"),
        ("LOCATION", "Ruang server"),
        ("TRANSP", "TRANSPARENT"),
        ("BEGIN", "VALARM"),
        ("ACTION", "DISPLAY"),
        ("TRIGGER", "-P90D"),
        ("DESCRIPTION", "90 hari lagi"),
        ("END", "VALARM"),
        ("BEGIN", "VALARM"),
        ("ACTION", "DISPLAY"),
        ("TRIGGER", "-P7D"),
        ("DESCRIPTION", "7 hari lagi"),
        ("END", "VALARM"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]


def test_the_moment_of_writing_is_told_in_utc() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    assert icalendar("x", [EVENT], there) == icalendar("x", [EVENT], NOW)


def test_no_event_is_a_calendar_too() -> None:
    assert [name for name, _ in unfolded(icalendar("x", [], NOW))].count("BEGIN") == 1


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_folded_escaped_and_read_back(summary: str, description: str) -> None:
    event = Event(uid="u", day=date(2027, 1, 31), summary=summary, description=description, location=summary)
    found = dict(unfolded(icalendar(description, [event], NOW)))
    assert len(unfolded(icalendar(description, [event], NOW))) == 16
    for name, text in (("SUMMARY", summary), ("DESCRIPTION", description), ("X-WR-CALNAME", description)):
        back = read(found[name])
        assert back == "".join(each if each.isprintable() or each == "\n" else "·" for each in text.replace("\r\n", "\n"))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_line_is_cut_between_characters_of_every_size(size: int) -> None:
    character = ("a", "é", "語", "🛜")[size - 1]
    for length in range(60, 90):
        unfolded(icalendar("x", [Event(uid="u", day=NOW.date(), summary=character * length, description="", location="")], NOW))


def test_a_hostile_text_begins_no_line_of_its_own() -> None:
    text = "x\r\nEND:VEVENT\r\nBEGIN:VALARM\x1b[2J\u2028ATTACH:http://192.0.2.1\x85"
    found = unfolded(icalendar(text, [Event(uid=text, day=NOW.date(), summary=text, description=text, location=text)], NOW))
    assert [name for name, _ in found].count("END") == 2
    assert all(name in {"BEGIN", "END"} or "VALARM" not in name for name, _ in found)
    assert "\x1b" not in "".join(value for _, value in found)

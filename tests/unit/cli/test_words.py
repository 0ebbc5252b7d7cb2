"""How values are written for a person."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.findings import finding
from inventory.messages import render
from inventory.units import Bandwidth
from network.cli.words import bar, clean, moment, moment_of, rate, rate_of, rate_written, seconds, span
from network.errors import Refused, UsageError
from network.messages import Language, text

THURSDAY = datetime(2026, 7, 1, 23, 0, tzinfo=UTC)


@given(st.text())
def test_clean_text_steers_no_terminal(text: str) -> None:
    assert not [each for each in clean(text) if each not in "\n\t" and unicodedata.category(each) in {"Cc", "Cf"}]


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Zs"))))
def test_clean_leaves_plain_text_alone(text: str) -> None:
    assert clean(text) == text


def test_clean_shows_what_it_defused() -> None:
    assert clean("\x1b[31mDinas\x9b2J\u202e") == "\\x1b[31mDinas\\x9b2J\\u202e"


@pytest.mark.parametrize(
    ("bits", "language", "shown"),
    [
        (None, "en", "–"),
        (0, "en", "0 bit/s"),
        (800, "en", "800 bit/s"),
        (128_000, "en", "128 kbit/s"),
        (3_214_000, "en", "3.21 Mbit/s"),
        (3_214_000, "id", "3,21 Mbit/s"),
        (19_400_000, "id", "19,4 Mbit/s"),
        (200_000_000, "en", "200 Mbit/s"),
        (1_000_000_000, "id", "1 Gbit/s"),
    ],
)
def test_a_rate_has_three_figures_and_a_unit(bits: int | None, language: Language, shown: str) -> None:
    assert rate(bits, language) == shown


@pytest.mark.parametrize(
    ("zone", "language", "shown"),
    [
        ("Asia/Jayapura", "en", "Thu 2026-07-02 08:00 WIT"),
        ("Asia/Makassar", "id", "Kam 2026-07-02 07:00 WITA"),
        ("Asia/Jakarta", "id", "Kam 2026-07-02 06:00 WIB"),
    ],
)
def test_a_moment_is_local_and_names_its_zone(zone: str, language: Language, shown: str) -> None:
    assert moment(THURSDAY, ZoneInfo(zone), language) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=-5), "0 s"),
        (timedelta(minutes=9), "9 min"),
        (timedelta(hours=1, seconds=3), "1 h"),
        (timedelta(days=2, hours=4, minutes=59), "2 d 4 h"),
    ],
)
def test_a_span_has_its_two_largest_units(value: timedelta, shown: str) -> None:
    assert span(value, "en") == shown


def test_seconds_follow_the_language() -> None:
    assert (seconds(0.384, "en"), seconds(12.34, "id")) == ("0.38 s", "12,3 s")


@given(st.floats(min_value=-2, max_value=3), st.integers(min_value=1, max_value=40))
def test_a_bar_is_as_wide_as_asked(part: float, width: int) -> None:
    drawn = bar(part, width)
    assert len(drawn) == width
    assert (drawn == "█" * width) == (round(min(1.0, max(0.0, part)) * width * 8) == width * 8)


# ---- numbers in sentences


def test_a_number_in_a_sentence_is_written_as_the_language_does() -> None:
    fields = {"office": "x", "shaper": "main down", "cause": "10.1 kOhm", "missing": Bandwidth(6_007_000)}
    cause = Refused("guard.protected", guarantee=Bandwidth(4_192_000), base=Bandwidth(10_199_000), **fields)
    whole = {"reasons": (cause,), "remedies": ()}
    assert "4,192 Mbit/s" in text("guard.refused", "id", whole)
    assert "10,199 Mbit/s" in text("guard.refused", "id", whole)
    assert "10.199 Mbit/s" in text("guard.refused", "en", whole)
    assert "10.1 kOhm" in text("guard.refused", "id", whole), "what somebody wrote stays"


def test_what_was_kept_as_text_is_spoken_like_what_was_not() -> None:
    kept = {"amount": "2.5 Mbit/s", "above": 20, "uplink": "main"}
    assert "2,5 Mbit/s" in text("approval.moved", "id", kept)
    assert "2.5 Mbit/s" in text("approval.moved", "en", kept)


@pytest.mark.parametrize(("value", "shown"), [(0.2, "0,2"), (2.0, "2")])
def test_a_template_that_asks_for_a_form_gets_it(value: float, shown: str) -> None:
    assert f" {shown} detik" in text("lock.busy", "id", {"device": "core", "run": "r", "pid": 1, "seconds": value})


def test_a_finding_too() -> None:
    found = finding("policy.rate_small", "uplinks", 0, "rate", value=Bandwidth(10_500), least=Bandwidth(64_000))
    assert "10,5 kbit/s" in render(found, "id")
    assert "10.5 kbit/s" in render(found, "en")


@pytest.mark.parametrize(
    ("written", "bits"),
    [("2,5 Mbit/s", 2_500_000), ("2.5 Mbit/s", 2_500_000), ("0,125 Mbit/s", 125_000), ("4192 kbit/s", 4_192_000)],
)
def test_a_rate_is_read_with_point_or_comma(written: str, bits: int) -> None:
    assert rate_of("--amount", written) == bits


@pytest.mark.parametrize("written", ["1.000 Mbit/s", "1,000 Mbit/s", "10.199 Mbit/s", "1.000.000 bit/s"])
def test_what_may_be_thousands_is_not_guessed(written: str) -> None:
    with pytest.raises(UsageError) as refused:
        rate_of("--amount", written)
    assert refused.value.code == "cli.usage.rate_thousands"


@given(st.integers(min_value=1, max_value=10**13).map(Bandwidth))
def test_a_rate_that_is_written_for_the_command_line_is_read_back(rate: Bandwidth) -> None:
    assert rate_of("--amount", rate_written(rate)) == rate


# ---- times that are typed


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-26", "2026-11-26T00:00:00"),
        ("2026-11-26T10:30", "2026-11-26T10:30:00"),
        ("2026-11-26 10:30", "2026-11-26T10:30:00"),
        ("2026-11-26T10.30", "2026-11-26T10:30:00"),
        ("2026-11-26 10.30.05", "2026-11-26T10:30:05"),
        ("2026-11-26T10:30:05.25", "2026-11-26T10:30:05.250000"),
        ("2026-11-26T10:30Z", "2026-11-26T10:30:00+00:00"),
        ("2026-11-26T10.30+09:00", "2026-11-26T10:30:00+09:00"),
    ],
)
def test_a_time_is_read_to_the_minute(written: str, read: str) -> None:
    assert moment_of(written).isoformat() == read


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-26T10", "2026-11-26T10,5", "2026-11-26T10.5", "2026-W48-4", "2026-11-26x10:30", "20261126", "2026-11-26T1030",
        "2026-11-26T10:30.05", "2026-11-26T10.30:05", "2026-11-26T10.30.05.5", "2026-11-26T24:01", "2026-02-30",
        "2026-11-26T10:30+07", "١٩٩٩-01-01", "",
    ],
)  # fmt: skip
def test_a_time_that_is_written_otherwise_is_refused(written: str) -> None:
    with pytest.raises(UsageError) as refused:
        moment_of(written)
    assert refused.value.code == "cli.usage.time"

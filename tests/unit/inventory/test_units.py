"""Bandwidth: whole bit/s, read and printed the same way."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inventory.units import Bandwidth, Unfit

LARGEST = 10**13


@given(st.integers(min_value=0, max_value=LARGEST))
@example(0)
@example(999)
@example(1001)
@example(999_999_999_999)
@example(LARGEST)
def test_what_is_printed_reads_back(value: int) -> None:
    assert Bandwidth.parse(str(Bandwidth(value))) == value


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_as_unfit(text: str) -> None:
    try:
        value: int | Unfit = Bandwidth.parse(text)
    except Unfit as error:
        value = error
    if isinstance(value, Unfit):
        assert value.code.startswith("unit.bandwidth")
        assert value.fields["value"] == text
    else:
        assert 0 <= value <= LARGEST


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("200 Mbit/s", 200_000_000),
        ("200Mbit/s", 200_000_000),
        (" 7.6 Mbit/s ", 7_600_000),
        ("128 kbit/s", 128_000),
        ("0.000000001 Gbit/s", 1),
        ("8 bit/s", 8),
        ("10000 Gbit/s", LARGEST),
    ],
)
def test_forms(text: str, value: int) -> None:
    assert Bandwidth.parse(text) == value


@pytest.mark.parametrize(
    "text", ["200 Mbsp", "200", "", "Mbit/s", "-1 Mbit/s", "1e3 bit/s", "1,5 Mbit/s", "200 mbit/s", "٢ Mbit/s "]
)
def test_what_is_no_bandwidth(text: str) -> None:
    with pytest.raises(Unfit) as caught:
        Bandwidth.parse(text)
    assert caught.value.code == "unit.bandwidth"


@pytest.mark.parametrize(
    ("value", "text"),
    [(200_000_000, "200 Mbit/s"), (128_000, "128 kbit/s"), (7, "7 bit/s"), (1_234_567, "1234.567 kbit/s"), (10**9, "1 Gbit/s")],
)
def test_printing(value: int, text: str) -> None:
    assert str(Bandwidth(value)) == text


def test_arithmetic_gives_plain_integers() -> None:
    assert type(Bandwidth(8) + Bandwidth(8)) is int

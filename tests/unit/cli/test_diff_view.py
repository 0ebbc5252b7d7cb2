"""Collapsed diffs on the screen: every line once, the devices named or counted, what comes from devices made harmless."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from network.cli import diff_view
from network.cli.language import speaker
from network.messages import Language


def drawn(diffs: dict[str, list[str]], language: Language = "en", width: int = 80) -> str:
    screen = io.StringIO()
    Console(file=screen, width=width).print(diff_view.draw(speaker(language), diffs))
    return screen.getvalue()


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_equal_diff_is_shown_once_with_all_its_devices(language: Language) -> None:
    text = drawn({"r-a": ["+ mtu 9000"], "r-b": ["+ mtu 9000"], "r-c": ["- mtu 9000"], "r-d": []}, language)
    assert text.count("+ mtu 9000") == 1
    assert "r-a, r-b" in text
    assert "r-c:" in text
    assert "r-d" not in text
    assert text.rstrip().endswith("1.")


def test_a_fleet_is_counted_where_naming_it_would_fill_the_screen() -> None:
    text = drawn({f"r-{number}": ["+ x"] for number in range(40)}, width=200)
    assert "40 devices, the same: r-0, " in text
    assert "and 32 more" in text


def test_a_long_line_is_seen_whole_and_steers_no_terminal() -> None:
    text = drawn({"r-a": ["+ description " + "x" * 120 + "\x1b[2J"]})
    assert text.count("x") == 121  # one of them in the code of the escape
    assert "\x1b" not in text


def test_nothing_to_change_says_so() -> None:
    assert drawn({"r-a": [], "r-b": []}).strip() == "Devices that stay as they are: 2."

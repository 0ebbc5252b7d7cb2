"""Which language the reader gets."""

from __future__ import annotations

import pytest

from network.cli.language import chosen
from network.messages import Language, text


@pytest.mark.parametrize(
    ("words", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "id_ID.UTF-8"}, "id"),
        ([], {"LANG": "id_ID.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "C.UTF-8", "LAJUR_LANG": "id"}, "id"),
        (["--lang", "en"], {"LAJUR_LANG": "id"}, "en"),
        (["plan", "--lang=id"], {}, "id"),
        (["--lang", "en", "plan", "--lang", "id"], {}, "id"),
        (["plan", "--lang", "fr"], {"LAJUR_LANG": "id"}, "id"),
        (["plan", "--lang"], {}, "en"),
        (["lab", "exec", "core", "--", "tool", "--lang", "id"], {}, "en"),
    ],
)
def test_the_line_wins_over_the_environment(words: list[str], environment: dict[str, str], language: Language) -> None:
    assert chosen(words, environment) == language


def test_an_indonesian_reader_reads_what_fields_carry_in_indonesian() -> None:
    lost = {"device": "r-a", "step": "look", "address": "192.0.2.1:22"}
    for reason in ("no answer in time", "[Errno 113] No route to host", "[Errno None] Unable to connect to port 22 on 192.0.2.1"):
        told = text("device.unreachable", "id", {**lost, "reason": reason})
        assert "(melihat)" in told
        assert "answer" not in told + text("device.unreachable", "id", {**lost, "reason": "x"})
        assert reason not in told
        assert reason in text("device.unreachable", "en", {**lost, "reason": reason})
    assert "dibatalkan" in text("booking.over", "id", {"id": "b", "state": "cancelled"})
    assert "jendela bernama rapat" in text("booking.exists", "id", {"kind": "window", "key": "rapat"})
    assert text("cli.place", "id", {"place": "serat-telkom/down leaf"}) == "serat-telkom/turun leaf"
    assert text("cli.link.as_wanted", "id", {"check": "sinyal", "seen": "up"}) == "sinyal ada"
    assert text("cli.usage.file", "id", {"file": "x", "cause": "a word of its own"}).count("a word of its own") == 1

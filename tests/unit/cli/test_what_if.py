"""`lajur what-if`: more of an uplink, or one that fails, as documents and as a person reads them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inventory.load import SHIPPED
from tests.unit.cli.conftest import Lajur, Said

MEMORY = ("--via", "memory")
MORE = ("what-if", "more", "satellite", "--down", "50 Mbit/s", "--up", "50 Mbit/s", *MEMORY)
TWO = {"LAJUR_REGENCIES": str(SHIPPED), "LAJUR_REGENCY": "manokwari"}


def balance(document: Any, direction: str = "down") -> Any:
    return next(each for each in document["uplinks"] if each["direction"] == direction)


def test_more_accounts_for_every_bit(lajur: Lajur) -> None:
    said = lajur(*MORE, "--output", "json")
    assert (said.code, said.json["document"], said.json["uplink"]) == (0, "MoreUplink", "satellite")
    each = balance(said.json)
    parts = ("headroom", "default_class", "guaranteed", "unpromised")
    assert sum(each[part]["difference"] for part in parts) == each["contracted"]["difference"] == 50_000_000
    gains = [row["guarantee"]["difference"] for row in said.json["offices"] if row["direction"] == "down"]
    assert sum(gains) == each["guaranteed"]["difference"] > 0
    assert [narrow["key"] for narrow in each["bottlenecks"]] == ["kgm"]


def test_an_amount_may_be_below_nothing_and_one_direction_is_enough(lajur: Lajur) -> None:
    document = lajur("what-if", "more", "satellite", "--down", "-5 Mbit/s", *MEMORY, "--output", "json").json
    assert (document["down"], document["up"]) == (-5_000_000, 0)
    assert balance(document)["guaranteed"]["difference"] < 0 == balance(document, "up")["guaranteed"]["difference"]


def test_without_has_the_worst_hit_first(lajur: Lajur) -> None:
    said = lajur("what-if", "without", "domestic", *MEMORY, "--output", "json", **TWO)
    assert (said.code, said.json["document"], said.json["takes_over"]) == (0, "WithoutUplink", "international")
    parts = [each["left"] / each["base"] for each in said.json["offices"]]
    assert parts == sorted(parts)
    cut = {each["application"]: each for each in said.json["applications"]}
    assert cut["eplanning"]["reserved"]["down"] > 0


def test_another_moment_has_its_windows(lajur: Lajur) -> None:
    at = ("--at", "2026-09-07T09:00", "--output", "json")
    assert lajur(*MORE, *at).json["windows"] == ["pekan-perizinan"]
    assert lajur("what-if", "without", "satellite", *MEMORY, *at).json["windows"] == ["pekan-perizinan"]


def test_a_boost_that_was_granted_counts(lajur: Lajur) -> None:
    wanted = (
        "dpmptsp",
        "--amount",
        "1 Mbit/s",
        "--reason",
        "a queue",
        "--until",
        "2026-08-05T10:00",
        "--from",
        "2026-08-05T08:00",
    )
    granted = lajur("boost", "request", *wanted, "--at", "2026-08-04T08:00", *MEMORY, "--output", "json")
    assert granted.code == 0, granted.err
    document = lajur(*MORE, "--at", "2026-08-05T09:00", "--output", "json").json
    assert document["boosts"] == [granted.json["boost"]["request"]["id"]]


@pytest.mark.parametrize("language", ["id", "en"])
def test_people_read_both_questions(language: str, lajur: Lajur) -> None:
    said = [
        lajur(*MORE, "--lang", language),
        lajur("what-if", "without", "domestic", *MEMORY, "--lang", language, **TWO),
        lajur("what-if", "more", "domestic", "--down", "250 Mbit/s", *MEMORY, "--lang", language, **TWO),
    ]
    for each in said:
        assert (each.code, each.err) == (0, "")
        assert "cli." not in each.out
        assert "WIT" in each.out
    assert "kgm" in said[0].out
    assert ("dilindungi" if language == "id" else "protected") in said[1].out
    assert "`shares`" in said[2].out, "what others lose is told"


def test_offices_that_keep_what_they_have_are_only_counted(lajur: Lajur) -> None:
    asked = ("what-if", "more", "domestic", "--down", "250 Mbit/s", "--at", "2026-08-18T09:00", *MEMORY)
    document = lajur(*asked, "--output", "json", **TWO).json
    moved = {each["office"] for each in document["offices"] if each["guarantee"]["difference"]}
    still = {each["office"] for each in document["offices"]} - moved
    assert still
    assert f"{len(still)} other offices" in lajur(*asked, "--lang", "en", **TWO).out


WRONG = [
    (("what-if", "more", "satelite", "--down", "1 Mbit/s"), 64, "cli.usage.no_uplink"),
    (("what-if", "without", "no-such"), 64, "cli.usage.no_uplink"),
    (("what-if", "more", "satellite"), 64, "cli.usage.how_much"),
    (("what-if", "more", "satellite", "--down", "fast"), 64, "cli.usage.rate"),
    (("what-if", "more", "satellite", "--down", "--5 Mbit/s"), 64, "cli.usage.rate"),
    (("what-if", "more", "satellite", "--down", "-20 Mbit/s"), 3, "what_if.rate"),
    (("what-if", "more", "satellite", "--down", "-19 Mbit/s"), 3, "what_if.does_not_hold"),
    (("what-if", "more", "satellite", "--up", "81 Mbit/s"), 3, "what_if.above_link"),
    (("what-if", "more", "satellite", "--up", "1 Mbit/s", "--at", "soon"), 64, "cli.usage.time"),
]


@pytest.mark.parametrize(("words", "code", "told"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_what_cannot_be_asked_says_why_in_both_languages(words: tuple[str, ...], code: int, told: str, lajur: Lajur) -> None:
    said: list[Said] = [lajur(*words, *MEMORY, "--output", "json", "--lang", language) for language in ("id", "en")]
    for each in said:
        assert (each.code, each.out) == (code, "")
        assert json.loads(each.err)["code"] == told
    assert said[0].err != said[1].err


def test_a_question_leaves_the_record_as_it_was(lajur: Lajur) -> None:
    lajur("boost", "list", *MEMORY)
    before = lajur("audit", "export", *MEMORY).out
    assert lajur(*MORE).code == 0
    assert lajur("audit", "export", *MEMORY).out == before

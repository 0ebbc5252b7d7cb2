"""`lajur window`: what recurs, what it changes, what comes next."""

from __future__ import annotations

from datetime import datetime

from inventory.load import SHIPPED, load_regency
from network.core.calendar import next_edge
from tests.unit.cli.conftest import Lajur

OPEN = "2026-08-18T09:00"


def _manokwari(lajur: Lajur, *words: str, language: str = "en") -> dict[str, object]:
    said = lajur(
        *words, "--via", "memory", "--output", "json", "--lang", language, LAJUR_REGENCIES=str(SHIPPED), LAJUR_REGENCY="manokwari"
    )
    assert said.code == 0
    document = said.json
    assert isinstance(document, dict)
    return document


def test_list_says_what_is_on(lajur: Lajur) -> None:
    lines = _manokwari(lajur, "window", "list", "--at", OPEN)["windows"]
    assert isinstance(lines, list)
    active = {line["key"]: line["active"] for line in lines}
    assert active == {"musrenbang-distrik": False, "rka-skpd": True, "akhir-tahun": False}


def test_show_says_what_changes_and_when(lajur: Lajur) -> None:
    detail = _manokwari(lajur, "window", "show", "rka-skpd", "--at", OPEN)
    changes, times = detail["changes"], detail["times"]
    assert isinstance(changes, list)
    assert isinstance(times, list)
    share = next(each for each in changes if (each["of"], each["key"]) == ("class", "back_office"))
    assert (share["what"], share["window"]) == ("share", "0")
    assert share["base"] != "0"
    assert times[0]["opens"] == "2026-08-17T23:00:00Z"


def test_next_agrees_with_the_calendar(lajur: Lajur) -> None:
    edge = _manokwari(lajur, "window", "next", "--at", OPEN)
    regency = load_regency(SHIPPED / "manokwari")
    expected = next_edge(regency, datetime.fromisoformat(OPEN).replace(tzinfo=regency.zone))
    assert expected is not None
    assert (edge["window"], edge["edge"]) == (expected.slot.window, expected.slot.edge)
    assert datetime.fromisoformat(str(edge["at"])) == expected.at


def test_people_see_local_time_with_its_zone(lajur: Lajur) -> None:
    for words in (("window", "list"), ("window", "show", "rka-skpd"), ("window", "next")):
        said = lajur(*words, "--via", "memory", "--at", OPEN, LAJUR_REGENCIES=str(SHIPPED), LAJUR_REGENCY="manokwari")
        assert said.code == 0
        assert "2026-08-18 17:00 WIT" in " ".join(said.out.split())


def test_an_offset_says_which_moment_is_meant(lajur: Lajur) -> None:
    local = _manokwari(lajur, "window", "next", "--at", OPEN)
    utc = _manokwari(lajur, "window", "next", "--at", "2026-08-18T00:00+00:00")
    assert local["now"] == utc["now"]

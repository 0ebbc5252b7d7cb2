"""`lajur drift`: what differs and what would mend it, and an empty report when it was mended."""

from __future__ import annotations

import pytest

from network.core.drift import _FIGURES, Figure, Finding
from network.messages import text
from network.services import drift as service
from tests.unit.cli.conftest import Lajur

MEMORY = ("--via", "memory")


def test_what_differs_is_told_and_what_it_names_mends_it(lajur: Lajur) -> None:
    before = lajur("drift", *MEMORY, "--output", "json")
    assert before.code == 2
    mends = {each["mend"] for each in before.json["findings"]}
    assert "lajur apply" in mends
    assert {each["code"] for each in before.json["findings"]} == {"drift.shaper_absent", "drift.end_absent"}
    assert before.json["unread"] == []
    lajur("apply", "--yes", *MEMORY)
    assert {each["code"] for each in lajur("drift", *MEMORY, "--output", "json").json["findings"]} == {"drift.end_absent"}
    lajur("link", "apply", "--all", "--yes", *MEMORY)
    after = [lajur("drift", *MEMORY, "--output", "json") for _ in range(3)]
    assert [(each.code, each.json["findings"]) for each in after] == [(0, [])] * 3
    assert len(after[0].json["looked"]) == len({each["device"] for each in before.json["findings"]})


@pytest.mark.parametrize("language", ["id", "en"])
def test_people_read_where_and_how(lajur: Lajur, language: str) -> None:
    said = lajur("drift", *MEMORY, "--lang", language)
    assert said.code == 2
    shown = " ".join(said.out.split())
    assert "lajur apply" in shown
    assert {"id": "satellite/turun", "en": "satellite/down"}[language] in shown
    assert "drift." not in shown
    lajur("apply", "--yes", *MEMORY)
    lajur("link", "apply", "--all", "--yes", *MEMORY)
    assert "16" in lajur("drift", *MEMORY, "--lang", language).out


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", ("antrean", "jaminan 2,5 Mbit/s, batas atas 10 Mbit/s", "quantum 1500 byte", "penyangga 9 byte")),
        ("en", ("queues", "guarantee 2.5 Mbit/s, ceiling 10 Mbit/s", "quantum 1500 bytes", "buffer 9 bytes")),
    ],
)
def test_figures_are_told_in_the_readers_language_and_are_figures_for_a_program(
    lajur: Lajur, monkeypatch: pytest.MonkeyPatch, language: str, said: tuple[str, ...]
) -> None:
    found = lajur("drift", *MEMORY, "--lang", language, "--output", "json").json["findings"]
    (first, *_) = (each for each in found if each["code"] == "drift.shaper_absent")
    (queues,) = first["figures"]
    assert (queues["name"], queues["found"]) == ("queues", None)
    assert first["wanted"] == f"{queues['wanted']} {said[0]}"
    names = ("guarantee", 2_500_000), ("ceiling", 10_000_000), ("quantum", 1500), ("buffer", 9)
    figures = tuple(Figure(name=name, wanted=value) for name, value in names)
    queue = Finding(device="core", what="drift.queue_absent", place="main/down x", figures=figures)
    monkeypatch.setattr(service, "queue_drift", lambda *_: iter((queue,)))
    (line, *_) = lajur("drift", *MEMORY, "--lang", language, "--output", "json").json["findings"]
    assert (line["wanted"], line["found"]) == (", ".join(said[1:]), "")
    assert [(each["name"], each["wanted"]) for each in line["figures"]] == list(names)


@pytest.mark.parametrize("name", _FIGURES)
def test_every_figure_has_words(name: str) -> None:
    assert text(f"drift.figure.{name}", "id", {"value": 1}) != text(f"drift.figure.{name}", "en", {"value": 1})


def test_drift_changes_nothing(lajur: Lajur) -> None:
    lajur("drift", *MEMORY)
    assert lajur("shift", "list", *MEMORY, "--output", "json").json["runs"] == []
    assert lajur("plan", *MEMORY).code == 2


def test_the_ending_says_whether_something_differs_or_a_device_was_not_read(
    lajur: Lajur, monkeypatch: pytest.MonkeyPatch
) -> None:
    from network.drivers.memory import MemoryDevice
    from network.errors import DeviceUnreachable

    def silent(_device: object) -> None:
        raise DeviceUnreachable("device.unreachable", device="core", step="read", address="192.0.2.1", port=22, reason="-")

    with monkeypatch.context() as while_silent:
        while_silent.setattr(MemoryDevice, "observe", silent)
        some = lajur("drift", *MEMORY, "--output", "json")
    assert (some.code, bool(some.json["findings"]), bool(some.json["unread"])) == (2, True, True)
    lajur("apply", "--yes", *MEMORY)
    lajur("link", "apply", "--all", "--yes", *MEMORY)
    monkeypatch.setattr(MemoryDevice, "observe", silent)
    alone = lajur("drift", *MEMORY, "--output", "json")
    assert (alone.code, alone.json["findings"], bool(alone.json["unread"])) == (5, [], True)


def test_a_state_folder_that_cannot_be_made_is_refused(lajur: Lajur) -> None:
    said = lajur("plan", *MEMORY, LAJUR_STATE="/proc/x")
    assert said.code == 3
    assert "/proc/x" in said.err

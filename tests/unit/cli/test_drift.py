"""`lajur drift`: what differs and what would mend it, and an empty report when it was mended."""

from __future__ import annotations

import pytest

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
    assert "satellite/down" in shown
    assert "drift." not in shown
    lajur("apply", "--yes", *MEMORY)
    lajur("link", "apply", "--all", "--yes", *MEMORY)
    assert "16" in lajur("drift", *MEMORY, "--lang", language).out


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

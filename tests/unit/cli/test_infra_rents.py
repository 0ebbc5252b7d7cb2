"""What is paid for in a cloud is on record from the run that began it, taken over or not, until it is given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from network.clock import SystemClock
from network.core.building import BuildRequest, Ending, Heard, Verb
from network.errors import BuildError, LajurError, NeedsPerson, Refused
from tests.unit.cli.twin import OUTPUTS, Said, Twin, deeds, several

HERE: Final = {"LAJUR_REGENCY": "manokwari", "LAJUR_CLOUDS": "clouds: {}", "COLUMNS": "250"}
KEY: Final = "practice-1"
HOUR: Final = 250
"""What an hour of it costs; its volume costs 1,500 rupiah for each of 20 GB a month of 744 hours."""
GIVEN_BACK: Final = ("destroy", "--server", KEY, "--release", "--yes")


class Days:
    now = datetime.fromisoformat("2026-12-15T12:00+09:00")

    def at(self, text: str) -> None:
        self.now = datetime.fromisoformat(f"2026-12-{text}+09:00")


@pytest.fixture
def days(regencies: Path, monkeypatch: pytest.MonkeyPatch) -> Days:
    several(regencies)
    own = Days()
    monkeypatch.setattr(SystemClock, "now", lambda _: own.now)
    return own


def part(kind: str, status: str, operation: str = "create") -> Said:
    return "infra.resource", {"server": KEY, "kind": kind, "operation": operation, "status": status, "seconds": 1.0}


def cloud(code: str) -> LajurError:
    return BuildError(code, cloud="awan", what=f"Server {KEY}", reason="-", request="-")


def failed(twin: Twin, error: LajurError | None, *said: Said, interrupted: bool = False) -> None:
    twin.says[Verb.UP] = [part("volume", "begun"), part("volume", "done"), part("machine", "begun"), *said]
    twin.ends[Verb.UP] = Ending(error=error, interrupted=interrupted)


def rents(infra: Callable[..., Any]) -> list[tuple[int, int, bool]]:
    """Of each on record its hours, its price and whether it stands."""
    found = infra("costs", "--output", "json", **HERE).json["rents"]
    return [(each["hours"], each["rupiah"], each["stands"]) for each in found]


def volume(hours: int) -> int:
    return -(-20 * 1500 * hours // 744)


@pytest.mark.parametrize(
    ("error", "said", "interrupted"),
    [
        (None, (), True),
        (None, (part("machine", "failed"),), True),
        (cloud("infra.cloud_timeout"), (part("machine", "failed"),), False),
        (cloud("infra.cloud_away"), (part("machine", "failed"),), False),
        (NeedsPerson("infra.engine_died", cause="pulumi: SIGKILL"), (), False),
        (Refused("infra.short", server=KEY, lines="-"), (part("machine", "done"),), False),
    ],
)
def test_one_that_may_stand_is_paid_for_though_nobody_took_it_over(
    infra: Callable[..., Any], twin: Twin, days: Days, error: LajurError | None, said: tuple[Said, ...], *, interrupted: bool
) -> None:
    failed(twin, error, *said, interrupted=interrupted)
    assert infra("up", "--server", KEY, "--yes", **HERE).code != 0
    days.at("15T14:30")
    assert rents(infra) == [(3, 3 * HOUR + volume(3), True)]
    twin.ends[Verb.UP] = Ending(result={"outputs": {KEY: OUTPUTS["app-1"]}})
    twin.says[Verb.UP] = [part("machine", "begun"), part("machine", "done")]
    assert infra("up", "--server", KEY, "--yes", **HERE).code == 0
    assert rents(infra) == [(3, 3 * HOUR + volume(3), True)], "the same one"


@pytest.mark.parametrize("code", ["infra.cloud_quota", "infra.cloud_no_room", "infra.cloud_field", "infra.cloud_missing"])
def test_of_one_that_came_to_nothing_its_volume_is_paid_for(
    infra: Callable[..., Any], twin: Twin, days: Days, tmp_path: Path, code: str
) -> None:
    failed(twin, cloud(code), part("machine", "failed"))
    infra("up", "--server", KEY, "--yes", **HERE)
    days.at("15T13:30")
    assert rents(infra) == [(2, volume(2), True)]
    for language, word in (("id", "volumenya saja"), ("en", "its volume alone")):
        assert word in infra("costs", "--lang", language, **HERE).out
    failed(twin, None, part("machine", "done"))
    twin.ends[Verb.UP] = Ending(result={"outputs": {KEY: OUTPUTS["app-1"]}})
    infra("up", "--server", KEY, "--yes", **HERE)
    days.at("15T14:30")
    assert rents(infra) == [(2, volume(2), False), (1, HOUR + volume(1), True)]
    actions = [action for action, subject in deeds(tmp_path) if subject == KEY]
    assert actions == ["server.rented", "server.returned", "server.rented", "server.rented"], "the first was struck out"


@pytest.mark.usefixtures("days")
@pytest.mark.parametrize("code", ["infra.cloud_login", "infra.cloud_unknown"])
def test_where_nobody_was_let_in_nothing_is_paid_though_it_is_told_of_another(
    infra: Callable[..., Any], twin: Twin, code: str
) -> None:
    twin.says[Verb.UP] = [part("machine", "begun"), part("machine", "failed")]
    twin.ends[Verb.UP] = Ending(error=BuildError(code, cloud="awan", what="Server app-plan-1", reason="-", request="-"))
    infra("up", "--server", KEY, "--yes", **HERE)
    assert rents(infra) == []


def test_who_dies_without_a_word_leaves_what_is_paid_for_on_record(
    infra: Callable[..., Any], twin: Twin, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed(twin, None)
    whole = twin.run

    def dies(request: BuildRequest, heard: Heard) -> Ending:
        whole(request, heard)
        raise KeyboardInterrupt

    monkeypatch.setattr(twin, "run", dies)
    infra("up", "--server", KEY, "--yes", **HERE)
    days.at("15T13:30")
    assert rents(infra) == [(2, 2 * HOUR + volume(2), True)]


@pytest.mark.usefixtures("days")
def test_one_that_a_run_made_which_died_without_a_word_is_on_record_once_it_is_taken_over(
    infra: Callable[..., Any], twin: Twin, tmp_path: Path
) -> None:
    twin.says[Verb.UP] = [part("machine", "begun", "same"), part("machine", "done", "same")]
    twin.ends[Verb.UP] = Ending(result={"outputs": {KEY: OUTPUTS["app-1"]}})
    infra("up", "--server", KEY, "--yes", **HERE)
    infra("up", "--server", KEY, "--yes", **HERE)
    assert [action for action, subject in deeds(tmp_path) if subject == KEY] == ["server.rented"]


@pytest.mark.usefixtures("days")
def test_where_nothing_was_begun_nothing_is_paid(infra: Callable[..., Any], twin: Twin) -> None:
    twin.says[Verb.UP] = [part("machine", "failed")]
    twin.ends[Verb.UP] = Ending(error=cloud("infra.cloud_image_other"))
    assert infra("up", "--server", KEY, "--yes", **HERE).code != 0
    assert rents(infra) == []


def test_what_was_begun_and_is_given_back_is_paid_until_then(
    infra: Callable[..., Any], twin: Twin, days: Days, tmp_path: Path
) -> None:
    failed(twin, None, interrupted=True)
    infra("up", "--server", KEY, "--yes", **HERE)
    twin.says[Verb.DESTROY] = [part("volume", "done", "delete")]
    twin.ends[Verb.DESTROY] = Ending(error=cloud("infra.cloud_away"))
    infra(*GIVEN_BACK, **HERE)
    days.at("15T12:30")
    assert rents(infra) == [(1, HOUR + volume(1), True)], "nobody knows whether it is gone"
    twin.ends[Verb.DESTROY] = Ending(result={})
    assert infra(*GIVEN_BACK, **HERE).code == 0
    days.at("20T12:00")
    assert rents(infra) == [(1, HOUR + volume(1), False)]
    assert [action for action, subject in deeds(tmp_path) if subject == KEY] == ["server.rented", "server.returned"]


def test_a_volume_that_went_says_nothing_of_the_machine_beside_it(infra: Callable[..., Any], twin: Twin, days: Days) -> None:
    failed(twin, Refused("infra.short", server=KEY, lines="-"), part("machine", "done"))
    infra("up", "--server", KEY, "--yes", **HERE)
    twin.says[Verb.DESTROY] = [part("volume", "done", "delete"), part("machine", "begun", "delete")]
    twin.ends[Verb.DESTROY] = Ending(interrupted=True)
    infra(*GIVEN_BACK, **HERE)
    days.at("15T12:30")
    assert [stands for _, _, stands in rents(infra)] == [True]


def test_a_volume_that_stays_is_paid_for_when_its_machine_is_gone(infra: Callable[..., Any], twin: Twin, days: Days) -> None:
    failed(twin, None, part("machine", "done"))
    twin.ends[Verb.UP] = Ending(result={"outputs": {KEY: OUTPUTS["app-1"]}})
    infra("up", "--server", KEY, "--yes", **HERE)
    twin.says[Verb.DESTROY] = [part("machine", "done", "delete"), part("volume", "failed", "delete")]
    timeout = BuildError("infra.cloud_timeout", cloud="awan", what=f"Volume {KEY}", reason="-", request="-")
    twin.ends[Verb.DESTROY] = Ending(error=timeout)
    days.at("15T12:30")
    infra(*GIVEN_BACK, **HERE)
    days.at("15T13:20")
    assert rents(infra) == [(1, HOUR + volume(1), False), (1, volume(1), True)]
    twin.says[Verb.DESTROY], twin.ends[Verb.DESTROY] = [part("volume", "done", "delete")], Ending(result={})
    assert infra(*GIVEN_BACK, **HERE).code == 0
    assert [stands for _, _, stands in rents(infra)] == [False, False]


def test_what_a_refusal_shows_not_to_stand_is_not_paid_for_though_a_killed_run_began_it(
    infra: Callable[..., Any], twin: Twin, days: Days
) -> None:
    failed(twin, None, interrupted=True)
    infra("up", "--server", KEY, "--yes", **HERE)
    failed(twin, cloud("infra.cloud_quota"), part("machine", "failed"))
    days.at("15T12:30")
    infra("up", "--server", KEY, "--yes", **HERE)
    days.at("15T13:00")
    assert rents(infra) == [(1, volume(1), True)]


def test_what_up_takes_away_is_paid_no_longer(infra: Callable[..., Any], twin: Twin, days: Days) -> None:
    failed(twin, None, interrupted=True)
    infra("up", "--server", KEY, "--yes", **HERE)
    days.now = datetime.fromisoformat("2027-03-01T08:00+09:00")
    assert infra("up", "--server", KEY, "--yes", **HERE).code == 3, "its time is over"
    twin.says[Verb.UP], twin.ends[Verb.UP] = [part("machine", "done", "delete")], Ending(result={})
    infra("up", "--yes", **HERE)
    assert [stands for _, _, stands in rents(infra)] == [False]


def test_after_its_last_day_it_can_be_given_back_though_nobody_took_it_over(
    infra: Callable[..., Any], twin: Twin, days: Days
) -> None:
    failed(twin, None, interrupted=True)
    infra("up", "--server", KEY, "--yes", **HERE)
    days.now = datetime.fromisoformat("2027-03-01T08:00+09:00")
    twin.says[Verb.DESTROY], twin.ends[Verb.DESTROY] = [part("machine", "done", "delete")], Ending(result={})
    assert infra(*GIVEN_BACK, **HERE).code == 0
    assert [stands for _, _, stands in rents(infra)] == [False]
    for language, word in (("id", "tidak disewa sekarang"), ("en", "is not rented now")):
        said = infra("preview", "--server", KEY, "--lang", language, **HERE)
        assert (said.code, word in said.err, "2027-03-01 00:00" in said.err) == (3, True, True)

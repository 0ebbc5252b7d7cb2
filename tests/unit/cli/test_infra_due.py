"""`lajur infra up --due`: what is shown of servers that come and go for peaks, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from network import capacity_wiring
from tests.unit.cli.conftest import Lajur
from tests.unit.services.renting import DAY, KEYS, Renting, stay

WORDS = ("infra", "up", "--due", "--regency", "manokwari")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Renting:
    """Of manokwari, at the moment at which servers come."""
    made = Renting()

    @contextmanager
    def ground(*_: Any, **__: Any) -> Iterator[Any]:
        yield SimpleNamespace(hands=made.hands, build=SimpleNamespace(via="lab", made=None))

    monkeypatch.setattr(capacity_wiring, "capacity_ground", ground)
    return made


@pytest.fixture
def lajur(lajur: Lajur, regencies: Any) -> Lajur:
    from shutil import copytree

    from inventory.load import SHIPPED

    copytree(SHIPPED / "manokwari", regencies / "manokwari")
    return lajur


def test_first_it_says_what_would_come_and_needs_a_yes(lajur: Lajur, world: Renting) -> None:
    ahead = lajur(*WORDS, "--dry-run", "--output", "json")
    assert ahead.code == 2
    assert [(each["capacity"], each["edge"], each["status"]) for each in ahead.json["edges"]] == [("app-plan", "open", "due")]
    assert [(each["server"], each["move"]) for each in ahead.json["servers"]] == [(key, "comes") for key in KEYS]
    (month,) = ahead.json["cost"]["rented"]
    assert (month["now"], month["after"] > 0, month["budget"]) == (0, True, 500_000)
    assert "Rp500.000" in lajur(*WORDS, "--dry-run", "--lang", "id").out
    assert lajur(*WORDS).code == 3
    assert (world.did, world.claims.slots) == ([], {})


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("language", "word"), [("id", "datang"), ("en", "came")])
def test_with_a_yes_they_come_and_once_more_is_nothing(lajur: Lajur, language: str, word: str) -> None:
    said = lajur(*WORDS, "--yes", "--lang", language)
    assert (said.code, said.out.count(word)) == (0, 2)
    again = lajur(*WORDS, "--yes", "--output", "json")
    assert (again.code, again.json["edges"], again.json["servers"]) == (0, [], [])
    assert lajur(*WORDS).code == 0, "nothing is asked where nothing is to be done"


@pytest.mark.usefixtures("world")
def test_each_task_is_told_to_who_asks_for_more(lajur: Lajur) -> None:
    told = lajur(*WORDS, "--yes", "-v").err
    assert (f"{KEYS[0]}: a task" in told, "another" in told) == (True, False)


@pytest.mark.usefixtures("world")
def test_a_log_has_the_steps_without_their_tasks(lajur: Lajur) -> None:
    told = lajur(*WORDS, "--yes", "--lang", "en").err
    assert ("making" in told, "a task" in told) == (True, False)


def test_those_that_go_are_shown_with_their_journals(lajur: Lajur, world: Renting) -> None:
    world.tick()
    world.at(stay().end)
    assert [each["move"] for each in lajur(*WORDS, "--dry-run", "--output", "json").json["servers"]] == ["goes", "goes"]
    gone = lajur(*WORDS, "--yes", "--output", "json").json
    assert [(each["server"], each["move"], each["logs"][:11]) for each in gone["servers"]] == [
        (key, "went", "/kept/logs/") for key in KEYS
    ]


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_left_needs_a_person_and_is_told_whole(lajur: Lajur, world: Renting, language: str) -> None:
    world.unrentable = (KEYS[1],)
    said = lajur(*WORDS, "--yes", "--lang", language)
    assert said.code == 5
    assert KEYS[0] in said.out
    assert all(word in said.err for word in ("app-plan", KEYS[1], "lajur infra up --due"))


@pytest.mark.parametrize(
    ("language", "words"), [("id", ("jumlah server kurang 1", "2026-09-09 17:00 WIT")), ("en", ("servers: 1",))]
)
def test_a_cloud_without_room_is_told_days_ahead(lajur: Lajur, world: Renting, language: str, words: tuple[str, ...]) -> None:
    world.at(stay().start - 10 * DAY).quotas = {"instances": {"limit": 2, "used": 0}}
    said = lajur(*WORDS, "--yes", "--lang", language)
    assert said.code == 0
    assert all(word in said.err for word in ("awan", *words))
    looked = lajur(*WORDS, "--dry-run", "--output", "json")
    assert (looked.code, looked.json["lacks"][0]["needed"]) == (0, 3)


@pytest.mark.parametrize(
    ("words", "code"), [(("up", "--due", "--server", "app-1"), 64), (("up", "--at", "2026-09-10T09:00"), 64)]
)
def test_words_that_say_nothing_together_are_refused(lajur: Lajur, words: tuple[str, ...], code: int) -> None:
    assert lajur("infra", *words).code == code


def test_where_nothing_is_rented_there_is_nothing_to_do(infra: Callable[..., Any], twin: Any) -> None:
    said = infra("up", "--due", "--yes", "--output", "json")
    assert (said.code, said.json["servers"], twin.asked) == (0, [], [])
    assert infra("up", "--due", "--yes", "--at", "2026-09-10T09:00").code == 3, "real servers live in the present"

"""The service's own questions to systems: at their pace, through whatever fails, and told once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.model import Office
from inventory.regency import Regency
from inventory.views import small_copy
from network.core.systems import Answer, By, System, Why, Word
from network.errors import LedgerError
from network.ledger.sqlite import open_sqlite
from network.runners.threads import ThreadRunner
from network.services.system_rounds import SystemRounds
from network.services.systems import SystemHands

GOOD = Answer(word=Word.ANSWERS, by=By.HTTPS, milliseconds=20, source="100.64.11.1")
SILENT = Answer(word=Word.SILENT, by=By.HTTPS, why=Why.TIMEOUT, source="100.64.11.1")


@dataclass
class Watch:
    at: datetime = datetime(2026, 11, 26, 3, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Routers:
    down: set[str] = field(default_factory=set)
    asked: int = 0

    def probe(self, office: Office, systems: Sequence[System]) -> Mapping[str, Answer]:
        self.asked += 1
        return {each.key: SILENT if each.key in self.down else GOOD for each in systems}


@pytest.fixture(scope="module")
def regency() -> Regency:
    return small_copy(load_regency(SHIPPED / "manokwari"), 2)


def until(clock: Watch, seconds: float) -> Callable[[], bool]:
    end = clock.at + timedelta(seconds=seconds)
    return lambda: clock.at >= end


def test_rounds_keep_their_pace_and_a_fault_is_told_once(
    regency: Regency, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock, routers = Watch(), Routers(down={"oss"})
    with open_sqlite(tmp_path) as ledger:
        hands = SystemHands(
            prober=routers, runner=ThreadRunner(tmp_path / "locks"), clock=clock, observations=ledger.observations("lab:x")
        )
        rounds = SystemRounds(lambda: regency, lambda _: hands, clock, 300)
        rounds.run(until(clock, 299))
        assert routers.asked == 0, "not at once"
        rounds.run(until(clock, 901))
        assert routers.asked == 3 * len(regency.offices)
        routers.down = set()
        rounds.run(until(clock, 302))
        assert hands.observations.latest(regency.head.key, "system ")
    told = [(each.message, vars(each)["fault"]) for each in caplog.records if each.message.startswith("systems.fault")]
    assert told == [("systems.fault", "systems.down oss"), ("systems.fault_over", "systems.down oss")]


def test_a_round_that_fails_is_no_end(regency: Regency, caplog: pytest.LogCaptureFixture) -> None:
    clock = Watch()

    def away(_: Regency) -> SystemHands:
        raise LedgerError("ledger.unwritable", cause="full")

    SystemRounds(lambda: regency, away, clock, 60).run(until(clock, 200))
    assert [each.message for each in caplog.records] == ["systems.unasked_now"] * 3


def test_a_truth_without_systems_asks_nobody(regency: Regency) -> None:
    clock = Watch()
    nothing = regency.model_copy(update={"workloads": ()})
    SystemRounds(lambda: nothing, lambda _: pytest.fail("nobody to ask"), clock, 60).run(until(clock, 200))

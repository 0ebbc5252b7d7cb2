"""Asking from all offices at once, and what is kept of it: over a twin of the routers, and a real record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inventory.load import load_regency
from inventory.model import Office
from inventory.regency import Regency
from inventory.views import small_copy
from network.core.building import Observation
from network.core.readiness_values import Criterion, State
from network.core.systems import Answer, By, System, Why, Word, systems
from network.errors import DeviceUnreachable
from network.ledger.sqlite import open_sqlite
from network.ledger.store import SqlLedger
from network.runners.threads import ThreadRunner
from network.services.readiness import HEARD, readiness
from network.services.systems import TOGETHER, SystemHands, ask, fresh, last_heard, recorded

TRUTH = Path(__file__).parents[3] / "inventory" / "regencies" / "manokwari"
NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)
GOOD = Answer(word=Word.ANSWERS, by=By.HTTPS, milliseconds=20, status=200, source="100.64.11.1")
SILENT = Answer(word=Word.SILENT, by=By.HTTPS, why=Why.REFUSED, source="100.64.11.1")


@dataclass
class Routers:
    """A twin of the offices' routers: systems that are `down`, offices that are `away`."""

    down: set[str] = field(default_factory=set)
    away: set[str] = field(default_factory=set)

    def probe(self, office: Office, systems: Sequence[System]) -> Mapping[str, Answer]:
        if office.key in self.away:
            raise DeviceUnreachable(
                "device.unreachable", device=office.device, step="systems", address="192.0.2.1:22", reason="timed out"
            )
        return {each.key: SILENT if each.key in self.down else GOOD for each in systems}


@dataclass
class Watch:
    """A clock that goes when a test says so."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def regency() -> Regency:
    return small_copy(load_regency(TRUTH), 3)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_sqlite(tmp_path / "state") as found:
        yield found


@pytest.fixture
def routers() -> Routers:
    return Routers()


@pytest.fixture
def hands(routers: Routers, ledger: SqlLedger, tmp_path: Path) -> SystemHands:
    return SystemHands(
        prober=routers,
        runner=ThreadRunner(tmp_path / "locks"),
        clock=Watch(),
        observations=ledger.observations("lab:x"),
    )


def offices(regency: Regency) -> list[str]:
    return [each.key for each in regency.offices]


def test_every_office_asks_every_system_and_it_is_kept(regency: Regency, hands: SystemHands, routers: Routers) -> None:
    routers.down = {"oss"}
    board = ask(regency, offices(regency), systems(regency), hands)
    assert len(board.cells) == 3 * 5
    assert [each.what.code for each in board.remarks] == ["systems.down"]
    kept = last_heard(regency, hands.observations, hands.clock.now() + timedelta(minutes=5))
    assert kept.cells == board.cells
    assert [each.what for each in kept.remarks] == [each.what for each in board.remarks]
    assert set(hands.observations.latest(regency.head.key)) == {f"system {each.key}" for each in systems(regency)}


def test_what_was_seen_in_one_place_says_nothing_of_another(regency: Regency, hands: SystemHands, ledger: SqlLedger) -> None:
    ask(regency, offices(regency), systems(regency), hands)
    assert last_heard(regency, ledger.observations("direct"), NOON).cells == {}


def test_a_part_leaves_the_rest_on_record(regency: Regency, hands: SystemHands, routers: Routers) -> None:
    ask(regency, offices(regency), systems(regency), hands)
    routers.down = {"oss"}
    board = ask(regency, ["dpmptsp"], systems(regency)[:1], hands)
    assert list(board.cells) == [("dpmptsp", "oss")]
    kept = last_heard(regency, hands.observations, NOON)
    words = {office: kept.cell(office, "oss").word for office in offices(regency)}
    assert words == {"setda": Word.ANSWERS, "bappeda": Word.ANSWERS, "dpmptsp": Word.SILENT}
    assert [each.what.code for each in kept.remarks] == ["systems.silent_some"]


def test_an_office_that_could_not_be_asked_is_unknown_whatever_it_heard_before(
    regency: Regency, hands: SystemHands, routers: Routers
) -> None:
    ask(regency, offices(regency), systems(regency), hands)
    routers.away = {"setda"}
    board = ask(regency, offices(regency), systems(regency), hands)
    assert set(board.unreached) == {"setda"}
    assert len(board.cells) == 2 * 5, "the others are asked all the same"
    kept = last_heard(regency, hands.observations, NOON)
    assert kept.cell("setda", "oss").word is Word.UNASKED
    assert [each.what.code for each in kept.remarks] == ["systems.unreached"]
    assert not kept.is_good


def test_answers_of_different_times_are_not_compared(regency: Regency, hands: SystemHands, routers: Routers) -> None:
    routers.down = {"oss"}
    ask(regency, ["setda"], systems(regency), hands)
    routers.down = set()
    hands.clock.sleep((TOGETHER + timedelta(seconds=1)).total_seconds())
    ask(regency, ["bappeda", "dpmptsp"], systems(regency), hands)
    kept = recorded(regency, offices(regency), systems(regency), hands.observations, hands.clock.now())
    assert kept.cell("setda", "oss").word is Word.SILENT, "shown, with its age"
    assert kept.remarks == ()


def test_what_another_version_kept_is_nothing(regency: Regency, hands: SystemHands) -> None:
    hands.observations.put(
        regency.head.key, [Observation(subject="system oss", at=NOON, value={"offices": {"setda": {"word": "splendid"}}})]
    )
    assert last_heard(regency, hands.observations, NOON).cells == {}


def states(regency: Regency, hands: SystemHands, now: datetime = NOON) -> dict[str, tuple[State, set[str]]]:
    found = readiness(regency, None, now, hands.observations)
    return {
        each.office: (
            next(mark.state for mark in each.marks if mark.criterion is Criterion.SYSTEMS),
            {gap.why.code.removeprefix("readiness.gap.") for gap in each.gaps if gap.criterion is Criterion.SYSTEMS},
        )
        for each in found.offices
    }


def test_readiness_knows_what_the_offices_heard_and_for_how_long(regency: Regency, hands: SystemHands, routers: Routers) -> None:
    assert set(map(str, states(regency, hands))) == set(offices(regency))
    assert states(regency, hands)["setda"] == (State.UNKNOWN, {"systems"}), "nobody asked"
    ask(regency, offices(regency), systems(regency), hands)
    assert states(regency, hands)["setda"] == (State.MET, set())
    assert states(regency, hands, NOON + HEARD + timedelta(hours=1))["setda"] == (State.UNKNOWN, {"systems"})
    routers.down, routers.away = {"oss"}, {"setda"}
    ask(regency, offices(regency), systems(regency), hands)
    assert states(regency, hands)["setda"] == (State.UNKNOWN, {"systems"}), "whose router is away says nothing of systems"
    assert states(regency, hands)["dpmptsp"] == (State.MISSING, {"systems_silent"})
    nothing = regency.model_copy(update={"workloads": ()})
    assert states(nothing, hands)["setda"] == (State.UNKNOWN, {"systems_unwritten"})


def test_old_answers_are_left_out(regency: Regency, hands: SystemHands) -> None:
    board = ask(regency, offices(regency), systems(regency), hands)
    assert fresh(board, timedelta(0)).cells == board.cells
    later = last_heard(regency, hands.observations, NOON + timedelta(days=2))
    assert fresh(later, timedelta(days=1)).cells == {}

"""Readiness by the record: proofs of the ledger, the base policy's own answer, and the regency's own day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from inventory.load import load_regency
from inventory.regency import Regency
from inventory.units import Bandwidth
from network.core.proofs import Proof, mark
from network.core.readiness_values import Criterion, OfficeReadiness, State
from network.ledger.sqlite import open_sqlite
from network.services.readiness import readiness

REGENCIES = Path(__file__).parents[3] / "inventory" / "regencies"
NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)


def states(offices: tuple[OfficeReadiness, ...], criterion: Criterion) -> set[State]:
    return {mark.state for each in offices for mark in each.marks if mark.criterion is criterion}


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(REGENCIES / "tolikara")


@pytest.mark.parametrize("key", ["manokwari", "bontang", "tolikara"])
def test_every_shipped_regency_can_be_judged(key: str) -> None:
    regency = load_regency(REGENCIES / key)
    found = readiness(regency, None, NOON)
    assert sorted(each.office for each in found.offices) == sorted(each.key for each in regency.offices)
    assert states(found.offices, Criterion.GUARANTEE) == {State.MET}, "what is shipped fits"


def test_what_was_proven_elsewhere_proves_nothing_here(regency: Regency, tmp_path: Path) -> None:
    with open_sqlite(tmp_path) as ledger:
        made = [Proof(link=link.key, mark=mark(link), at=NOON, actor="os:test", seen={}) for link in regency.links]
        ledger.proofs("memory").add("tolikara", made)
        here, there = (readiness(regency, ledger.proofs(place), NOON) for place in ("memory", "direct"))
    assert (states(here.offices, Criterion.LINK), states(there.offices, Criterion.LINK)) == ({State.MET}, {State.MISSING})
    assert {each.proven for each in here.offices} == {NOON}


def test_a_base_policy_without_room_is_told_and_not_raised(regency: Regency) -> None:
    uplink = regency.uplinks[0]
    tiny = uplink.model_copy(update={"rate": uplink.rate.model_copy(update={"down": Bandwidth(200_000)})})
    found = readiness(regency.model_copy(update={"uplinks": (tiny, *regency.uplinks[1:])}), None, NOON)
    assert states(found.offices, Criterion.GUARANTEE) == {State.MISSING}


def test_today_is_the_regencys_own_day(regency: Regency) -> None:
    assert readiness(regency, None, datetime(2026, 11, 26, 14, 59, tzinfo=UTC)).today == date(2026, 11, 26)
    assert readiness(regency, None, datetime(2026, 11, 26, 15, 1, tzinfo=UTC)).today == date(2026, 11, 27)

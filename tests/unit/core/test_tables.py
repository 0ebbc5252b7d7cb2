"""The computed tables of the shipped regency: guarantees under the base policy and while e-planning is open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction
from network.core.allocate import Allocation, allocate, base
from network.core.intent import intend
from network.core.sharing import LINUX_TC
from network.core.tree import DEFAULT, ShaperId, leaf
from tests.unit.core.worlds import NOW, guarantees

MBIT = 1_000_000
GOLDEN = Path(__file__).parents[2] / "golden" / "allocation"
TABLES = {"base": frozenset[str](), "rka-skpd": frozenset({"rka-skpd"})}


def table(regency: Regency, windows: frozenset[str]) -> str:
    """A line an office, uplink and direction, and their sums; as CSV."""
    intent = intend(regency, NOW, windows=windows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("uplink", "direction", "office", "class", "floor", "reserve", "guarantee", "ceiling", "weight"))
    for shaper, allocation in allocate(regency, intent).items():
        writer.writerows(_lines(regency, shaper, allocation))
    return out.getvalue()


def _lines(regency: Regency, shaper: ShaperId, allocation: Allocation) -> Iterator[tuple[object, ...]]:
    head = (shaper.uplink, shaper.direction.value)
    floor = regency.policy.floors[shaper.uplink].of(shaper.direction)
    reserved = 0
    for each in regency.offices:
        rest, *parts = (allocation.queues[node] for node in allocation.leaves[each.key])
        reserve = sum(part.guarantee for part in parts)
        reserved += reserve
        weight = sum(queue.quantum // LINUX_TC.quantum for queue in (rest, *parts))
        numbers = (floor, Bandwidth(reserve), Bandwidth(allocation.guarantee(each.key)), Bandwidth(rest.ceiling), weight)
        yield (*head, each.key, each.service_class, *numbers)
    default = allocation.queues[DEFAULT].guarantee
    given = sum(allocation.guarantee(each.key) for each in regency.offices)
    yield (*head, "(default)", "", "", "", Bandwidth(default), Bandwidth(default), "")
    yield (*head, "(sum)", "", Bandwidth(floor * len(regency.offices)), Bandwidth(reserved), Bandwidth(given + default), "", "")
    yield (*head, "(shaped)", "", "", "", "", Bandwidth(allocation.capacity), "")


@pytest.fixture(scope="module")
def manokwari() -> Regency:
    return load_regency(SHIPPED / "manokwari")


@pytest.mark.parametrize("name", TABLES)
def test_the_computed_table_of_manokwari_is_the_golden_one(manokwari: Regency, name: str) -> None:
    """Written anew by `python -m tests.unit.core.test_tables` after the truth or the law was changed on purpose."""
    golden = (GOLDEN / f"manokwari-{name}.csv").read_text("utf-8")
    assert table(manokwari, TABLES[name]).splitlines() == golden.splitlines()


def test_manokwari_s_guarantees_fill_the_uplinks_and_no_more(manokwari: Regency) -> None:
    for windows in TABLES.values():
        for shaper, allocation in allocate(manokwari, intend(manokwari, NOW, windows=windows)).items():
            given = sum(guarantees(allocation).values())
            contracted = manokwari.uplink(shaper.uplink).rate.of(shaper.direction)
            assert allocation.capacity == contracted * 97 // 100
            assert 0 <= allocation.capacity - given < 1_000, "less than a step is left"


def test_manokwari_s_public_service_comes_first_and_keeps_what_it_has(manokwari: Regency) -> None:
    kinds = {each.key: each.service_class for each in manokwari.offices}
    intent = intend(manokwari, NOW, windows=frozenset({"rka-skpd"}))
    usual, peak = base(manokwari, intent), allocate(manokwari, intent)
    for shaper, allocation in usual.items():
        licensing = allocation.guarantee("dpmptsp")
        others = [allocation.guarantee(key) for key, kind in kinds.items() if kind != "public_service"]
        assert licensing > max(others)
        for key, kind in kinds.items():
            if manokwari.policy.classes[kind].protected:
                assert peak[shaper].guarantee(key) >= allocation.guarantee(key), (key, str(shaper))
        assert peak[shaper].guarantee("bappeda") > allocation.guarantee("bappeda")
    down = ShaperId(1, "domestic", Direction.DOWN)
    reserved = [sum(each[down].queues[leaf(office.id, 3)].guarantee for office in manokwari.offices) for each in (usual, peak)]
    assert reserved == [7_600_000, 30 * MBIT]


if __name__ == "__main__":
    for key, active in TABLES.items():
        (GOLDEN / f"manokwari-{key}.csv").write_text(table(load_regency(SHIPPED / "manokwari"), active), "utf-8")

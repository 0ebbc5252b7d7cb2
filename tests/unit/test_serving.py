"""The truth of a regency that is served grows with its files, and in a lab stays with what the lab was brought up with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory import views
from inventory.regency import Regency
from network.clock import StepClock
from network.lab.lab import LabState
from network.lab.topology import plan_lab
from network.serving import LOOK_AGAIN, Truth
from network.settings import Settings
from network.wiring import in_lab, open_regency
from tests.unit.inventory.small import FILES

GROWN = {
    "offices.yaml": """\
  - {id: 4, key: arsip, name: Arsip, service_class: branch, hub: utara, device: r-arsip, lan: 100.64.4.0/24}
""",
    "devices.yaml": """\
  - {key: r-arsip, role: office, platform: linux, address: 100.65.0.4, login: *login}
""",
    "links.yaml": """\
  - key: utara-arsip
    ends: [{device: hub-utara, interface: o4}, {device: r-arsip, interface: wan0}]
    rate: 10 Mbit/s
""",
}
THREE = ["izin", "dinkes", "distrik"]


@pytest.fixture
def clock() -> StepClock:
    return StepClock(datetime(2026, 8, 18, 3, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name, text in FILES.items():
        file = tmp_path / "regencies" / "kecil" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Settings.read({"LAJUR_STATE": str(tmp_path), "LAJUR_REGENCIES": str(tmp_path / "regencies")}, tmp_path)


@pytest.fixture
def grow(settings: Settings, clock: StepClock) -> Callable[[], None]:
    """Somebody adds an office, and the truth is looked at again."""

    def add() -> None:
        for name, more in GROWN.items():
            with (settings.regencies / "kecil" / name).open("a") as file:
                file.write(more)
        clock.sleep(LOOK_AGAIN)

    return add


def lab_of(regency: Regency) -> LabState:
    return LabState(plan=plan_lab(regency, "a"), ready_after=1.0, reused=False)


def keys(regency: Regency) -> list[str]:
    return [office.key for office in regency.offices]


def test_a_truth_that_grows_while_it_is_served_is_served_whole(
    settings: Settings, clock: StepClock, grow: Callable[[], None]
) -> None:
    truth = Truth(settings, open_regency(settings, "kecil"), clock, None)
    assert keys(truth()) == THREE
    grow()
    assert keys(truth()) == [*THREE, "arsip"]
    assert truth.problem is None
    assert views.access_link(truth(), truth().office("arsip")).key == "utara-arsip"


def test_a_lab_of_all_offices_keeps_its_own_when_another_comes(
    settings: Settings, clock: StepClock, grow: Callable[[], None]
) -> None:
    regency = open_regency(settings, "kecil")
    truth = Truth(settings, regency, clock, lab_of(regency))
    grow()
    assert keys(truth()) == THREE
    assert truth.problem is None
    assert "r-arsip" not in {device.key for device in truth().devices}


def test_a_small_lab_keeps_its_own_whichever_a_smaller_copy_would_choose(
    settings: Settings, clock: StepClock, grow: Callable[[], None]
) -> None:
    whole = open_regency(settings, "kecil")
    small = views.only(whole, {"dinkes"})
    assert keys(views.small_copy(whole, 1)) != ["dinkes"]
    lab = lab_of(small)
    truth = Truth(settings, small, clock, lab)
    grow()
    assert keys(truth()) == keys(in_lab(whole, lab)) == ["dinkes"]

"""The whole way on a real kernel: truth, brain, SSH, queues and traffic, and a controller that dies on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from inventory.regency import Regency
from inventory.units import Direction
from inventory.views import small_copy
from network import labs, wiring
from network.clock import SimulatedClock
from network.core.rates import InterfaceRate, InterfaceReading, interface_rates
from network.core.tree import NodeId, ShaperId, leaf
from network.errors import LajurError
from network.services import observe
from network.services.apply import RunReport, Wish, apply
from network.services.hands import Hands, RunEvent, Stage
from network.settings import Settings
from tests.lab.machine import until

pytestmark = pytest.mark.lab

OFFICES = 8
LOOKS = 3
"""How often it is measured at most: a machine that is busy otherwise starves the senders now and then."""


@dataclass(frozen=True)
class Ground:
    regency: Regency
    lab: labs.LabState
    hands: Hands
    clock: SimulatedClock
    settings: Settings

    def at(self, hour: str) -> None:
        self.clock.set(datetime.fromisoformat(f"2026-08-18T{hour}").replace(tzinfo=self.regency.zone))

    def apply(self) -> RunReport:
        return apply(Wish(regency=self.regency, reason="test", now=self.clock.now(), arm_seconds=5), self.hands)

    def held(self) -> Any:
        state = self.hands.devices["core"].observe()
        return {
            shaper: {node: (queue.guarantee, queue.ceiling, queue.quantum) for node, queue in shown.queues.items()}
            for shaper, shown in state.shapers.items()
        }


@pytest.fixture(scope="module")
def ground(manokwari: Regency, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    regency = small_copy(manokwari, OFFICES)
    settings = Settings.read({"LAJUR_STATE": str(tmp_path_factory.mktemp("state"))}, Path("/nowhere"))
    clock = SimulatedClock(datetime(2026, 8, 18, 7, 50, tzinfo=regency.zone))
    lab_id = f"g{os.getpid() % 10**7}"
    try:
        lab = labs.up(regency, lab_id, timeout=240)
        with wiring.ground(settings, regency, via="lab", lab_id=lab_id, clock=clock) as found:
            yield Ground(regency, lab, found.hands, clock, settings)
    finally:
        labs.down(lab_id)


def test_baseline_window_and_back(ground: Ground) -> None:
    ground.at("07:50")
    assert ground.apply().result == "done"
    base = ground.held()
    assert ground.apply().result == "nothing"
    ground.at("08:00")
    opened = ground.apply()
    assert opened.result == "done"
    assert opened.return_at is not None
    assert ground.held() != base
    assert ground.hands.devices["core"].observe().returns
    ground.at("17:00")
    assert ground.apply().result == "done"
    assert ground.held() == base
    assert ground.hands.devices["core"].observe().returns == ()


def test_a_flooded_uplink_is_shared_as_promised_in_both_directions(ground: Ground) -> None:
    ground.at("07:50")
    allocations = ground.apply().preview.allocations
    # The narrow uplink: what is measured is the sharing and not this machine's processor.
    for shaper in [shaper for shaper in allocations if shaper.uplink == "international"]:
        allocation = allocations[shaper]
        flows = [
            labs.Flow(office=office.key, uplink=shaper.uplink, direction=shaper.direction) for office in ground.regency.offices
        ]
        leaves = [leaf(office.id) for office in ground.regency.offices]
        lacking = dict.fromkeys(leaves, 0)
        with labs.Traffic(ground.lab).start(flows, 90):
            sleep(4)
            for _ in range(LOOKS):
                rates, sure = measured(ground, shaper, 12)
                assert sure * sum(rates[each] for each in leaves) <= 1.02 * allocation.capacity
                lacking = {each: rates[each] for each in leaves if rates[each] < 0.95 * allocation.queues[each].guarantee}
                if not lacking:
                    break
        assert not lacking, shaper


def measured(ground: Ground, shaper: ShaperId, seconds: float) -> tuple[dict[NodeId, int], float]:
    """Rates, and the part of the time in which they were read that they are taken over: a busy machine answers late."""
    began = monotonic()
    before = observe.sample(ground.hands)
    sleep(seconds)
    after = observe.sample(ground.hands)
    return observe.rates(before, after)[shaper], (after.at - before.at) / (monotonic() - began)


def test_both_meters_agree(ground: Ground) -> None:
    ground.at("07:50")
    allocations = ground.apply().preview.allocations
    shaper = next(each for each in allocations if each.uplink == "international" and each.direction is Direction.DOWN)
    office = ground.regency.offices[0]
    flow = labs.Flow(office=office.key, uplink="international", direction=Direction.DOWN, rate=4_000_000)
    with wiring.interface_meter(ground.regency, ground.lab, {}) as meter, labs.Traffic(ground.lab).start([flow], 90):
        sleep(5)
        first, classes = meter.read()[office.device], observe.sample(ground.hands)
        sleep(20)
        second, after = meter.read()[office.device], observe.sample(ground.hands)
    assert isinstance(first, InterfaceReading)
    assert isinstance(second, InterfaceReading)
    totals = interface_rates(first, second)["wan0"]
    assert isinstance(totals, InterfaceRate)
    by_class = observe.rates(classes, after)[shaper][leaf(office.id)]
    # net-snmp's totals are up to 3.2 s old at either end of 20 s.
    assert totals.received.bits == pytest.approx(by_class, rel=0.25)


DYING = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from inventory.load import load_regency
from inventory.views import small_copy
from network import wiring
from network.clock import SimulatedClock
from network.services.apply import Wish, apply
from network.settings import Settings

def listen(event):
    if event.stage.value == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

regency = small_copy(load_regency(Path(sys.argv[1])), int(sys.argv[2]))
clock = SimulatedClock(datetime(2026, 8, 18, 8, 0, tzinfo=regency.zone))
settings = Settings.read({"LAJUR_STATE": sys.argv[4]}, Path("/nowhere"))
with wiring.ground(settings, regency, via="lab", lab_id=sys.argv[5], clock=clock, listen=listen) as ground:
    apply(Wish(regency=regency, reason="dies", now=clock.now(), arm_seconds=5), ground.hands)
"""


@pytest.mark.parametrize("stage", ["armed", "lowered", "raised", "read_back"])
def test_a_controller_killed_on_the_way_leaves_the_router_as_it_was(ground: Ground, stage: str) -> None:
    ground.at("07:50")
    ground.apply()
    before = ground.held()
    truth = Path(__file__).parents[2] / "inventory" / "regencies" / "manokwari"
    died = subprocess.run(
        [sys.executable, "-c", DYING, str(truth), str(OFFICES), stage, str(ground.settings.state), ground.lab.plan.lab],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    until(lambda: ground.hands.devices["core"].observe().armed is None)
    assert ground.held() == before


def test_the_next_command_waits_for_a_dead_run_and_converges(ground: Ground) -> None:
    ground.at("07:50")
    ground.apply()
    truth = Path(__file__).parents[2] / "inventory" / "regencies" / "manokwari"
    subprocess.run(
        [sys.executable, "-c", DYING, str(truth), str(OFFICES), "lowered", str(ground.settings.state), ground.lab.plan.lab],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    ground.at("08:00")
    assert ground.apply().result == "done"
    assert ground.apply().result == "nothing"


def test_a_router_restarted_in_the_middle_of_a_run_comes_back_as_it_was(ground: Ground) -> None:
    ground.at("07:50")
    ground.apply()
    before = ground.held()
    ground.at("08:00")

    def listen(event: RunEvent) -> None:
        if event.stage is Stage.LOWERED:
            labs.restart(ground.lab.plan.lab, "core")

    with wiring.ground(
        ground.settings, ground.regency, via="lab", lab_id=ground.lab.plan.lab, clock=ground.clock, listen=listen
    ) as other:
        wish = Wish(regency=ground.regency, reason="restart", now=ground.clock.now(), arm_seconds=5)
        with pytest.raises(LajurError) as raised:
            apply(wish, other.hands)
    assert raised.value.exit_code == 4
    assert ground.held() == before


def test_the_console_shows_the_classes_that_were_asked_for(ground: Ground) -> None:
    """The lab's own console shows the very classes that were asked for."""
    ground.at("07:50")
    ground.apply()
    said = labs.exec_in(ground.lab.plan.lab, "core", ["tc", "class", "show", "dev", "up1"]).stdout
    office = ground.regency.offices[0]
    assert f"1:{0x2000 | office.id:x} " in said

"""Traffic really flows, ends when it must, and meets the providers' contracts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from inventory.regency import Regency
from inventory.units import Direction
from network.errors import LabError
from network.lab import lab, netns
from network.lab.lab import LabState
from network.lab.probe import RunningProbe, Target, probe
from network.lab.traffic import Flow, Traffic
from tests.lab.machine import traces, until

pytestmark = pytest.mark.lab

DOWN, UP = Direction.DOWN, Direction.UP
CONTRACT = 20_000_000
"""Of the international uplink, each way."""


def workers(state: LabState) -> list[int]:
    """Traffic processes: nothing else lives in `inet` but who plays the systems outside."""
    there = netns.processes([state.plan.namespace("inet")])
    return [pid for pid in there if b"network.lab.systems" not in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.mark.parametrize("direction", [DOWN, UP])
def test_a_flood_gets_the_contract_and_no_more(running: LabState, direction: Direction) -> None:
    flow = Flow(office="bappeda", uplink="international", direction=direction, streams=4)
    with Traffic(running).start([flow], 8) as traffic:
        result = traffic.wait()
    frames = result.flows[0].bytes * 8 * 1514 / 1448 / result.seconds
    assert 0.85 * CONTRACT < frames < 1.03 * CONTRACT
    assert result.flows[0].broken == 0
    assert workers(running) == []


def test_what_stays_below_the_contract_is_not_held_up(running: LabState) -> None:
    before = dropped(running)
    rate = CONTRACT * 97 // 100
    flow = Flow(office="bappeda", uplink="international", direction=DOWN, rate=rate, streams=4)
    with Traffic(running).start([flow], 6) as traffic:
        result = traffic.wait()
    assert result.flows[0].bytes * 8 * 1514 / 1448 / result.seconds == pytest.approx(rate, rel=0.05)
    assert dropped(running) == before


def dropped(state: LabState) -> int:
    said = lab.exec_in(state.plan.lab, "inet", ["tc", "-s", "qdisc", "show", "dev", "border2"]).stdout
    found = re.search(r"dropped (\d+)", said)
    assert found is not None
    return int(found[1])


def test_flows_are_told_apart(running: LabState) -> None:
    flows = [
        Flow(office="bappeda", uplink="domestic", direction=DOWN, rate=4_000_000),
        Flow(office="setda", uplink="domestic", direction=UP, rate=2_000_000, streams=2),
        Flow(office="dpmptsp", uplink="domestic", application="eplanning", direction=UP, rate=1_000_000),
    ]
    with Traffic(running).start(flows, 6) as traffic:
        result = traffic.wait()
    assert [each.flow for each in result.flows] == flows
    for each in result.flows:
        assert each.flow.rate is not None
        assert each.bytes * 8 * 1514 / 1448 / result.seconds == pytest.approx(each.flow.rate, rel=0.1)


def test_a_stop_is_prompt_and_final(running: LabState) -> None:
    flow = Flow(office="bappeda", uplink="domestic", direction=DOWN, rate=5_000_000)
    with Traffic(running).start([flow], 600) as traffic:
        assert len(workers(running)) == 1
        first = traffic.stop()
        assert traffic.stop() == first
    assert first.seconds < 600
    assert workers(running) == []


def test_leaving_without_a_word_ends_it(running: LabState) -> None:
    with Traffic(running).start([Flow(office="bappeda", uplink="domestic", direction=DOWN)], 600):
        pass
    assert workers(running) == []


def test_it_ends_by_itself(running: LabState) -> None:
    with Traffic(running).start([Flow(office="bappeda", uplink="domestic", direction=DOWN, rate=1_000_000)], 0.5):
        until(lambda: workers(running) == [])


def test_no_flow_outlives_its_lab(small: Regency, new_id: Callable[[], str]) -> None:
    state = lab.up(small, new_id(), timeout=240)
    flow = Flow(office="bappeda", uplink="domestic", direction=DOWN)
    target = Target(office="bappeda", uplink="domestic")
    with Traffic(state).start([flow], 600), RunningProbe(state, [target], 600, 0.05):
        assert len(workers(state)) == 2
        assert lab.down(state.plan.lab)
        assert traces(state.plan.lab) == []


@pytest.mark.parametrize(
    ("flow", "seconds", "code"),
    [
        (Flow(office="nobody", uplink="domestic", direction=DOWN), 1, "lab.no_such_path"),
        (Flow(office="bappeda", uplink="nowhere", direction=DOWN), 1, "lab.no_such_path"),
        (Flow(office="bappeda", uplink="international", application="oss", direction=DOWN), 1, "lab.no_such_path"),
        (Flow(office="bappeda", uplink="domestic", direction=DOWN), 10**6, "lab.worker_seconds"),
        (Flow(office="bappeda", uplink="domestic", direction=DOWN), 0, "lab.worker_seconds"),
    ],
)
def test_what_cannot_flow_is_refused(running: LabState, flow: Flow, seconds: float, code: str) -> None:
    with pytest.raises(LabError) as refused:
        Traffic(running).start([flow], seconds)
    assert refused.value.code == code
    assert workers(running) == []


def test_a_probe_measures_an_idle_path_and_feels_a_full_one(running: LabState) -> None:
    target = Target(office="setda", uplink="international")
    idle = probe(running, target, 4.0, 0.02)
    assert len(idle.samples) >= 50
    assert idle.loss == 0.0
    flood = Flow(office="bappeda", uplink="international", direction=DOWN, streams=4)
    with Traffic(running).start([flood], 30) as traffic, RunningProbe(running, [target], 30, 0.02) as running_probe:
        began = monotonic()
        until(lambda: monotonic() > began + 4)
        (full,) = running_probe.stop()
        traffic.stop()
    half, calm = full.between(began + 2, began + 4).percentile(50), idle.percentile(50)
    assert half is not None
    assert calm is not None
    assert half > 0.05 > calm, "an unmanaged link delays by its provider's queue, an idle one does not"


def test_loss_is_seen(running: LabState) -> None:
    node = running.plan.office("setda").key
    chain = 'add table netdev cut; add chain netdev cut in { type filter hook ingress device "wan0" priority 0; }'
    words = ["nft", f"{chain}; add rule netdev cut in meta l4proto udp drop"]
    assert lab.exec_in(running.plan.lab, node, words).returncode == 0
    try:
        result = probe(running, Target(office="setda", uplink="domestic"), 0.5, 0.05)
    finally:
        lab.exec_in(running.plan.lab, node, ["nft", "delete", "table", "netdev", "cut"])
    assert result.loss == 1.0
    assert result.percentile(95) is None

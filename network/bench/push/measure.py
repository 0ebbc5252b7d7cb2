"""Rows `push.*`: three lines on every office router of the lab, beside nornir with Netmiko and beside Ansible, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from network.bench.push.ansible_peer import COLLECTIONS, FORKS
from network.bench.push.collections import collections
from network.bench.push.nornir_peer import THREADS
from network.bench.push.one import push_one
from network.bench.push.peers import prepared, worked
from network.bench.push.work import Router, Worked
from network.bench.rows import Row, median_row
from network.bench.scene import Scene
from network.errors import LabError, LajurError
from network.link_wiring import link_ground

RUNS: Final = 5
SECONDS: Final = 5.0
FASTER_THAN_NORNIR: Final = 2.0
FASTER_THAN_ANSIBLE: Final = 30.0


def measure(scene: Scene, report: Callable[[Row], None]) -> None:
    """Ours and nornir's in turn, so that what else the machine does befalls both; Ansible's once, for it takes minutes."""
    environment = {COLLECTIONS: str(collections())}
    own: list[float] = []
    nornir: list[float] = []
    with prepared(scene.lab) as work:
        routers = work["routers"]
        for number in range(RUNS):
            own.append(pushed(scene, routers, 2 * number))
            nornir.append(_seconds(worked(scene.lab, "nornir_peer", work, 2 * number + 1)))
        ansible = _seconds(worked(scene.lab, "ansible_peer", work, 2 * RUNS, environment))
    what = f"three lines on {len(routers)} FRR routers: pushed, verified over a second login, confirmed"
    report(median_row("push.cold", f"{what}; nothing connected before", own, "s", "<=", SECONDS))
    report(median_row("push.nornir", f"the same by nornir with Netmiko, {THREADS} threads", nornir, "s"))
    what = f"the same by ansible-playbook, {FORKS} forks: lines and looks over network_cli, the timer over ssh"
    report(median_row("push.ansible", what, [ansible], "s"))
    ratios = [theirs / ours for ours, theirs in zip(own, nornir, strict=True)]
    report(median_row("push.to_nornir", "our rate to nornir's, in turn", ratios, "x", ">=", FASTER_THAN_NORNIR))
    ratios = [ansible / ours for ours in own]
    report(median_row("push.to_ansible", "our rate to Ansible's, in one run", ratios, "x", ">=", FASTER_THAN_ANSIBLE))


def pushed(scene: Scene, routers: Sequence[Router], number: int) -> float:
    """Seconds, by the hands and the runner that carry links. Raises LabError when a router is not done."""
    by_name = {router["name"]: router for router in routers}
    with link_ground(scene.settings, scene.regency, via="lab", lab_id=scene.lab.plan.lab) as ground:
        devices, runner = ground.hands.devices, ground.hands.runner

        def push(name: str) -> None:
            push_one(devices[name], by_name[name], number)

        began = time.perf_counter()
        found = runner.each(list(by_name), push)
        seconds = time.perf_counter() - began
    for name, result in found.items():
        if isinstance(result, LajurError):
            raise LabError("bench.push", device=name, reason=str(result)) from result
    return seconds


def _seconds(told: Worked) -> float:
    for name, reason in told["failed"].items():
        raise LabError("bench.push", device=name, reason=reason)
    return told["seconds"]

"""OSPF's times, of which FRR computes one from another."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.napalm.conftest import Ground

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("as_found")]

Open = Callable[..., Any]


def test_ospf_misses_neighbours_after_four_hellos_unless_told_otherwise_and_again_afterwards(
    ground: Ground, node: str, open_driver: Open
) -> None:
    def dead() -> int:
        said = json.loads(ground.console(node, "vtysh -c 'show ip ospf interface lan0 json'"))
        return int(said["interfaces"]["lan0"]["timerDeadSecs"])

    def say(line: str, **options: int) -> int:
        device.load_merge_candidate(config=f"interface lan0\n {line}\n")
        device.commit_config(**options)
        return dead()

    device = open_driver()
    assert say("ip ospf hello-interval 5") == 20
    assert say("ip ospf dead-interval 40", revert_in=60) == 40
    open_driver().rollback()
    assert dead() == 20
    assert say("no ip ospf hello-interval") == 40

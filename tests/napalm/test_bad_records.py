"""Records on the device that a loss of power cut short, timers that run out at the worst moment, and devices that take long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.napalm.conftest import Ground, until

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("as_found")]

HOME = "/var/lib/napalm_frr"
Open = Callable[..., Any]


def _commit(device: Any, lines: str, revert_in: int | None = None) -> None:
    device.load_merge_candidate(config=f"interface lan0\n {lines}\nexit\n")
    device.commit_config(revert_in=revert_in)


@pytest.mark.parametrize("cut", ["before", "kernel", "hostname", "whole"])
def test_a_record_that_is_not_whole_takes_nothing_away(cut: str, ground: Ground, node: str, open_driver: Open) -> None:
    """What a loss of power leaves of files that were just written. FRR has then started from what it has on disk."""
    device = open_driver()
    before = ground.running(node)
    _commit(device, "description pending\n ip address 192.0.2.9/32", 60)
    undo = "-c 'interface lan0' -c 'no description' -c 'no ip address 192.0.2.9/32'"
    ground.console(node, f"vtysh -c 'configure terminal' {undo}; : >{HOME}/armed/{cut}")
    with pytest.raises(Exception, match="not all of it"):
        device.rollback()
    assert ground.running(node) == before
    assert "not whole" in ground.console(node, f"cat {HOME}/reverted/log")


def test_a_last_change_that_is_not_whole_is_not_gone_back_from(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    _commit(device, "description kept")
    ground.console(node, f": >{HOME}/last/before")
    with pytest.raises(Exception, match="not whole"):
        device.rollback()
    assert "description kept" in ground.running(node)
    _commit(device, "no description")


def test_what_has_gone_back_meanwhile_does_not_take_the_change_before_it_along(
    ground: Ground, node: str, open_driver: Open
) -> None:
    device = open_driver()
    _commit(device, "description kept")
    _commit(device, "ip ospf cost 55", 60)
    ground.driver(node).rollback()
    device._commits.revert()
    assert "description kept" in ground.running(node)
    assert "ip ospf cost 55" not in ground.running(node)
    _commit(device, "no description")


def test_only_the_own_commit_is_gone_back_from(ground: Ground, node: str, open_driver: Open) -> None:
    first, second = open_driver(), open_driver()
    _commit(first, "description one", 60)
    first.rollback()
    _commit(first, "description one", 60)
    ground.driver(node).rollback()
    _commit(second, "description two", 60)
    first._commits.revert()
    assert "description two" in ground.running(node)
    assert second.has_pending_commit()
    second._commits.revert()
    assert "description" not in ground.running(node).partition("interface lan0")[2].partition("exit")[0]


def test_a_way_back_that_nobody_is_at_is_gone_to_its_end_by_who_looks(ground: Ground, node: str, open_driver: Open) -> None:
    """Its process was killed."""
    device = open_driver()
    _commit(device, "description pending", 60)
    ground.console(node, f"read -r pid due <{HOME}/armed/pid; kill -9 $pid; mv {HOME}/armed {HOME}/reverting")
    until(lambda: not device.has_pending_commit(), "it was finished")
    assert "description pending" not in ground.running(node)


def test_a_change_that_takes_the_device_longer_than_its_timer_is_kept(
    ground: Ground, node: str, open_driver: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timer of a change that is to be kept at once runs from when the device is through with it."""
    monkeypatch.setattr("napalm_frr.commits.SAFETY", 2)
    ground.console(
        node, 'printf \'#!/bin/sh\\ncase "$*" in *-C*) ;; *-f* | *-E*) sleep 4 ;; esac\\nexec /run/vtysh "$@"\\n\' >/run/slow'
    )
    ground.console(node, "cp /usr/bin/vtysh /run/vtysh; chmod 755 /run/slow; mount --bind /run/slow /usr/bin/vtysh")
    device = open_driver()
    try:
        _commit(device, "ip ospf message-digest-key 9 md5 garam")
    finally:
        ground.console(node, "umount /usr/bin/vtysh; rm /run/slow /run/vtysh")
    assert "message-digest-key 9" in ground.running(node)
    _commit(device, "no ip ospf message-digest-key 9")


def test_an_old_description_in_another_daemon_is_replaced_and_does_not_stop_the_way_back(
    ground: Ground, node: str, open_driver: Open
) -> None:
    """As after a restart of ospfd, which was not told of what was changed meanwhile."""
    device = open_driver()
    _commit(device, "description old")
    ground.console(node, "vtysh -d zebra -c 'configure terminal' -c 'interface lan0' -c 'description other'")
    assert {"description old", "description other"} <= {line.strip() for line in ground.running(node).splitlines()}
    assert "description other" in device.get_config()["running"]
    assert "description old" not in device.get_config()["running"]
    _commit(device, "description new\n ip ospf cost 47", 60)
    assert "description old" not in ground.running(node)
    device.rollback()
    assert ground.console(node, f"cat {HOME}/reverted/outcome") == "same\n"
    assert "description other" in ground.running(node)
    _commit(device, "no description")

"""A change that is kept while the start-up configuration cannot be written: told, remembered, written later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from napalm.base.exceptions import CommitError

from tests.napalm.conftest import Ground, until

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("as_found")]

CHANGE = "interface lan0\n description changed\n ip ospf cost 44\nexit\n"
HOME = "/var/lib/napalm_frr"
Open = Callable[..., Any]
BROKEN = "mount --bind /bin/false /usr/bin/vtysh; mount --bind /etc/frr /etc/frr; mount -o remount,bind,ro /etc/frr"
WHOLE = "umount /etc/frr; umount /usr/bin/vtysh"
UNSAVED = r"kept and nothing is pending, but the start-up configuration could not be written: vtysh fails"


def test_what_could_not_be_written_is_said_and_written_later(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config=CHANGE)
    device.commit_config(revert_in=60)
    ground.console(node, BROKEN)
    try:
        for _ in range(2):
            with pytest.raises(CommitError, match=UNSAVED):
                device.confirm_commit()
            assert not device.has_pending_commit()
        device.load_merge_candidate(config="interface lan0\n bandwidth 77\n")
        with pytest.raises(CommitError, match=UNSAVED):
            device.commit_config()
        assert device.compare_config() == ""
    finally:
        ground.console(node, WHOLE)
    startup = device.get_config(retrieve="startup")["startup"]
    assert "description changed" not in startup
    assert "description changed" in ground.running(node)
    device.load_merge_candidate(config="interface lan0\n no bandwidth\n")
    device.commit_config(revert_in=60)
    assert "description changed" in device.get_config(retrieve="startup")["startup"]
    assert ground.console(node, f"ls -d {HOME}/unsaved") == ""
    device.confirm_commit()
    device.load_merge_candidate(config="interface lan0\n no description\n no ip ospf cost\n")
    device.commit_config()


@pytest.mark.parametrize("meanwhile", ["nobody", "somebody"])
def test_what_could_not_be_written_holds_after_a_restart(meanwhile: str, ground: Ground, node: str, open_driver: Open) -> None:
    """Unless somebody wrote the start-up configuration meanwhile: then that holds."""
    device = open_driver()
    ground.console(node, BROKEN)
    try:
        device.load_merge_candidate(config=CHANGE)
        with pytest.raises(CommitError, match=UNSAVED):
            device.commit_config()
    finally:
        ground.console(node, WHOLE)
    if meanwhile == "somebody":
        ground.console(node, "vtysh -c 'configure terminal' -c 'interface lan0' -c 'ip ospf cost 45' -c end -c 'write memory'")
    ground.restart(node)
    cost = " ip ospf cost 44" if meanwhile == "nobody" else " ip ospf cost 45"
    until(lambda: cost in ground.running(node), "it is as it was kept")
    until(lambda: ground.console(node, f"ls -d {HOME}/unsaved") == "", "it is written")
    again = open_driver()
    assert cost in again.get_config(retrieve="startup")["startup"]
    again.rollback()

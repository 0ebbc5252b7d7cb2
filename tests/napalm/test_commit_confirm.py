"""What neither of NAPALM's suites looks at: a change that goes back by itself, whoever dies meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from napalm.base.exceptions import (
    CommandErrorException,
    CommitConfirmException,
    CommitError,
    MergeConfigException,
    NapalmException,
    ReplaceConfigException,
)

from tests.napalm.conftest import Ground, until

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("as_found")]

CHANGE = "interface lan0\n description changed\n ip ospf cost 44\nexit\n"
HOME = "/var/lib/napalm_frr"
Open = Callable[..., Any]


def _changed(ground: Ground, node: str) -> bool:
    return "description changed" in ground.running(node)


def test_a_confirmed_change_stays_and_is_in_the_startup_configuration(ground: Ground, node: str, open_driver: Open) -> None:
    first = open_driver()
    first.load_merge_candidate(config=CHANGE)
    first.commit_config(message="first", revert_in=60)
    assert first.has_pending_commit()
    assert _changed(ground, node)
    second = open_driver()
    assert second.has_pending_commit()
    second.confirm_commit()
    assert not second.has_pending_commit()
    assert not first.has_pending_commit()
    assert "description changed" in second.get_config(retrieve="startup")["startup"]
    with pytest.raises(CommitConfirmException, match="no commit waits"):
        second.confirm_commit()
    second.rollback()
    assert not _changed(ground, node)
    assert "description changed" not in second.get_config(retrieve="startup")["startup"]
    with pytest.raises(CommitError, match="no change to go back from"):
        second.rollback()


def test_it_goes_back_when_nobody_confirms(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config=CHANGE)
    device.commit_config(revert_in=4)
    assert _changed(ground, node)
    until(lambda: not device.has_pending_commit(), "it went back")
    assert not _changed(ground, node)
    assert ground.console(node, f"cat {HOME}/reverted/outcome") == "same\n"
    with pytest.raises(CommitConfirmException, match="too late"):
        device.confirm_commit()


def test_it_goes_back_when_the_controller_is_killed(ground: Ground, node: str, tmp_path: Path) -> None:
    program = tmp_path / "controller.py"
    program.write_text(
        "import os, signal, sys\n"
        "import napalm\n"
        "from network.lab import enter, lab\n"
        "from network.lab.state import Folder, read_plan\n"
        "plan = read_plan(Folder(lab=sys.argv[1]))\n"
        "state = lab.LabState(plan=plan, ready_after=0, reused=True)\n"
        "options = dict(key=state.client_key.read_text(), known_hosts=str(state.known_hosts), dial=enter.dialer(state))\n"
        "device = napalm.get_network_driver('frr')(sys.argv[2], 'root', '', optional_args=options)\n"
        "device.open()\n"
        "device.load_merge_candidate(config=sys.argv[3])\n"
        "device.commit_config(revert_in=4)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    words = [sys.executable, str(program), ground.lab.plan.lab, ground.address(node), CHANGE]
    root = Path(__file__).parents[2]
    done = subprocess.run(words, cwd=root, env={"PYTHONPATH": f"{root}:{root / 'network' / 'plugins'}"}, timeout=90, check=False)
    assert done.returncode == -9
    assert _changed(ground, node)
    until(lambda: not _changed(ground, node), "it went back")


def test_a_change_that_cuts_its_own_link_goes_back(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver(read_timeout=3, conn_timeout=3)
    device.load_merge_candidate(config="interface wan0\n shutdown\n")
    with pytest.raises(NapalmException, match=r"silent|ended"):
        _commit_and_look(device)
    assert " shutdown" in ground.running(node)
    until(lambda: " shutdown" not in ground.running(node), "it went back")
    until(lambda: ground.driver(node).is_alive()["is_alive"] if _reachable(ground, node) else False, "it answers again")


def _commit_and_look(device: Any) -> None:
    """The commit itself may still be answered."""
    device.commit_config(revert_in=12)
    device.get_facts()


def _reachable(ground: Ground, node: str) -> bool:
    try:
        ground.driver(node, conn_timeout=3)
    except NapalmException:
        return False
    return True


def test_a_second_engineer_is_told_who_is_first_and_how_long(ground: Ground, node: str, open_driver: Open) -> None:
    first, second = open_driver(who="maria"), open_driver(who="yosef")
    first.load_merge_candidate(config=CHANGE)
    first.commit_config(message="change 12\n of today", revert_in=60)
    second.load_merge_candidate(config="interface lan0\n description mine\n")
    with pytest.raises(CommitError, match=r"maria \(change 12  of today\) waits to be confirmed and goes back in \d+ s; nothing"):
        second.commit_config(revert_in=5)
    with pytest.raises(CommitError, match="maria"):
        second.commit_config()
    first.load_merge_candidate(config="interface lan0\n description twice\n")
    with pytest.raises(CommitError, match="maria"):
        first.commit_config(revert_in=5)
    assert list(second._get_pending_commits()) == ["change 12  of today"]
    assert 0 < second._get_pending_commits()["change 12  of today"] <= 60
    second.rollback()
    assert not _changed(ground, node)
    assert not first.has_pending_commit()
    with pytest.raises(CommitConfirmException):
        first.confirm_commit()


def test_two_at_once_are_one_after_the_other(ground: Ground, node: str, open_driver: Open) -> None:
    """Each has read the same before: the second one's change is computed anew."""
    first, second = open_driver(), open_driver()
    for device, line in ((first, "description changed"), (second, "bandwidth 500")):
        device.load_merge_candidate(config=f"interface lan0\n {line}\n")
        assert line in device.compare_config()
    first.commit_config()
    second.commit_config()
    assert _changed(ground, node)
    assert " bandwidth 500" in ground.running(node)
    second.rollback()
    assert _changed(ground, node)
    first.load_merge_candidate(config="interface lan0\n no description\n")
    first.commit_config()


@pytest.mark.parametrize("when", ["waiting", "saving"])
def test_a_restart_finishes_what_was_pending(when: str, ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config=CHANGE + "interface lan0\n ip address 192.0.2.1/24\n mtu 1400\n")
    device.commit_config(revert_in=60)
    if when == "saving":
        # As if the power failed between the decision and the disk.
        ground.console(node, f"cd {HOME} && mv armed saving")
    ground.restart(node)
    again = open_driver()
    until(lambda: not again.has_pending_commit(), "it is settled")
    kept = when == "saving"
    until(lambda: _changed(ground, node) is kept, "it is as it was decided")
    assert ("192.0.2.1/24" in ground.console(node, "ip -o address show dev lan0")) is kept
    assert ("mtu 1400" in ground.console(node, "ip link show dev lan0")) is kept
    if kept:
        until(lambda: ground.console(node, f"ls -d {HOME}/last") != "", "it is written")
        assert "description changed" in again.get_config(retrieve="startup")["startup"]
        again.rollback()


def test_a_timer_that_was_killed_goes_back_when_somebody_looks(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config=CHANGE)
    device.commit_config(revert_in=60)
    ground.console(node, f"read -r pid due <{HOME}/armed/pid; kill -9 $pid")
    until(lambda: not device.has_pending_commit(), "it went back")
    assert not _changed(ground, node)


KERNEL = "interface wan0\n ip address {address}\n description the same address, now FRR's\n"


def test_a_revert_brings_back_what_only_the_kernel_knew(ground: Ground, node: str, open_driver: Open) -> None:
    """FRR takes an address away with its line, also one that stood there before and was not its own."""
    address = ground.console(node, "ip -o -4 address show dev wan0 | awk '{ print $4 }'").strip()
    ground.console(node, "ip route add 203.0.113.0/24 dev wan0; ip address add 198.51.100.1/32 dev wan0")
    routes = ground.console(node, "ip route show dev wan0 | grep 203.0.113")
    assert routes
    try:
        device = open_driver()
        device.load_merge_candidate(config=KERNEL.format(address=address) + " ip address 198.51.100.1/32\n mtu 1490\n")
        device.commit_config(revert_in=3)
        until(lambda: ground.console(node, f"cd {HOME} && ls -d armed reverting") == "", "it went back")
        assert "FRR's" not in ground.running(node)
        shown = ground.console(node, "ip -o -4 address show dev wan0")
        assert address in shown
        assert "198.51.100.1/32" in shown
        assert ground.console(node, "ip route show dev wan0 | grep 203.0.113") == routes
        assert "mtu 1500" in ground.console(node, "ip link show dev wan0")
    finally:
        ground.console(node, "ip route del 203.0.113.0/24 dev wan0; ip address del 198.51.100.1/32 dev wan0")


LINES = (
    "interface lan0",
    " description one",
    " ip ospf cost 9",
    "router ospf",
    " distance 108",
    "route-map X permit 10",
    " set tag 4",
)


@pytest.mark.parametrize("at", range(1, len(LINES) + 1))
def test_a_bad_line_anywhere_leaves_nothing(at: int, ground: Ground, node: str, open_driver: Open) -> None:
    lines = [*LINES[:at], " no such command", *LINES[at:]]
    device = open_driver()
    before = ground.running(node)
    device.load_merge_candidate(config="\n".join(lines) + "\n")
    with pytest.raises(MergeConfigException, match=rf"line {at + 1} \(.*no such command\).*nothing was changed"):
        device.commit_config(revert_in=10)
    assert ground.running(node) == before
    assert not device.has_pending_commit()
    device.load_replace_candidate(config=before.replace("router ospf\n", "router ospf\n no such command\n"))
    with pytest.raises(ReplaceConfigException, match="no such command"):
        device.commit_config()
    assert ground.running(node) == before


def test_a_line_that_only_the_daemon_refuses_is_put_back_at_once(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    before = ground.running(node)
    device.load_merge_candidate(config=CHANGE + "router ospf\n network 10.0.0.0/8 area 0\nexit\nroute-map Z permit 5\n")
    with pytest.raises(MergeConfigException, match=r"line 6 \(router ospf > network .*Please remove all ip ospf area.*put back"):
        device.commit_config(revert_in=10)
    assert sorted(ground.running(node).splitlines()) == sorted(before.splitlines())
    assert not device.has_pending_commit()


def test_a_line_for_a_daemon_that_does_not_run_is_refused(open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config="router isis CORE\n net 49.0001.0000.0000.0001.00\n")
    with pytest.raises(MergeConfigException, match=r"line 1 .*isisd.*does not run; nothing was changed"):
        device.commit_config()


def test_a_change_of_the_loopback_goes_back_too(ground: Ground, node: str, open_driver: Open) -> None:
    """Its MTU is 65536, which nobody configured."""
    device = open_driver()
    device.load_merge_candidate(config="interface lo\n ip address 192.0.2.77/32\ninterface lan0\n mtu 1400\n")
    device.commit_config(revert_in=60)
    open_driver().confirm_commit()
    assert "192.0.2.77" in ground.running(node)
    open_driver().rollback()
    assert "192.0.2.77" not in ground.running(node)


def test_the_name_of_the_host_is_set_and_goes_back(node: str, open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config="hostname another\n")
    device.commit_config(revert_in=4)
    assert device.get_facts()["hostname"] == "another"
    until(lambda: not device.has_pending_commit(), "it went back")
    assert device.get_facts()["hostname"] == node


def test_an_empty_change_may_wait_too(open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config="interface lan0\n ip ospf area 0\n")
    assert device.compare_config() == ""
    device.commit_config(revert_in=60)
    assert device.has_pending_commit()
    device.confirm_commit()
    assert not device.has_pending_commit()


@pytest.mark.parametrize("seconds", [0, -1, 10**9, "x", 1.5, True])
def test_a_time_that_is_none_is_refused(seconds: object, open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config=CHANGE)
    with pytest.raises(CommitConfirmException, match="revert_in"):
        device.commit_config(revert_in=seconds)


def test_a_broken_frr_is_said_and_nothing_is_changed(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config=CHANGE)
    ground.console(node, "mv /run/frr/zebra.vty /run/frr/zebra.hidden; mv /run/frr/ospfd.vty /run/frr/ospfd.hidden")
    try:
        with pytest.raises(CommandErrorException):
            device.commit_config(revert_in=5)
    finally:
        ground.console(node, "mv /run/frr/zebra.hidden /run/frr/zebra.vty; mv /run/frr/ospfd.hidden /run/frr/ospfd.vty")
    assert not device.has_pending_commit()


STRANGE = 'it\'s $(touch /run/never) `id` "q" \\n %s ; |& <b> {x} *'


def test_a_line_is_never_more_than_a_line(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config=f"interface lan0\n description {STRANGE}\n")
    device.commit_config(message=STRANGE, revert_in=60)
    assert f" description {STRANGE}\n" in ground.running(node)
    assert list(open_driver()._get_pending_commits()) == [STRANGE]
    assert ground.console(node, "ls /run/never") == ""
    device.rollback()


def test_a_line_that_frr_would_lose_is_refused(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config="interface lan0\n bandwidth 7\n description left | include right\n")
    with pytest.raises(MergeConfigException, match=r"line 3 .*filter.*nothing was changed"):
        device.commit_config()
    assert "bandwidth 7" not in ground.running(node)


def test_a_large_change_goes_there_and_back(ground: Ground, node: str, open_driver: Open) -> None:
    """More than fits the arguments of a program."""
    lines = [
        f"ip prefix-list BIG{number // 20} seq {number} permit 10.{number // 200}.{number % 200}.0/24 le 32"
        for number in range(1, 1400)
    ]
    device = open_driver()
    device.load_merge_candidate(config="\n".join(lines))
    device.commit_config(revert_in=60)
    assert ground.running(node).count("ip prefix-list BIG") == len(lines)
    device.rollback()
    assert "BIG" not in ground.running(node)


PEER = """\
router bgp 65005
 neighbor 192.0.2.9 {first}
 neighbor 192.0.2.9 description kept all the while
 neighbor 192.0.2.9 timers 7 21
 address-family ipv4 unicast
  neighbor 192.0.2.9 route-map KEPT in
 exit-address-family
exit
route-map KEPT permit 10
exit
"""
GROUPED = PEER.replace("router bgp 65005\n", "router bgp 65005\n neighbor PG peer-group\n neighbor PG remote-as 65009\n")


def test_what_goes_with_something_else_comes_back(ground: Ground, node: str, open_driver: Open) -> None:
    """FRR forgets all of a neighbour when its AS goes; a replace that keeps the rest finds that out and says it again."""
    ground.console(node, "/usr/lib/frr/bgpd -d -A 127.0.0.1 -P 0")
    try:
        device = open_driver()
        device.load_merge_candidate(config=PEER.format(first="remote-as 65009"))
        device.commit_config()
        whole = device.get_config(retrieve="running")["running"]
        before, found, others = whole.partition("router bgp")
        assert found
        after = others.partition("\nexit\n")[2]
        wanted = before + GROUPED.format(first="peer-group PG").partition("route-map KEPT permit")[0] + after
        device.load_replace_candidate(config=wanted)
        device.commit_config(revert_in=60)
        device.load_replace_candidate(config=wanted)
        assert device.compare_config() == ""
        assert "description kept all the while" in ground.running(node)
        device.rollback()
        device.load_replace_candidate(config=whole)
        assert device.compare_config() == ""
        device.load_merge_candidate(config="no router bgp 65005\nno route-map KEPT permit 10\n")
        device.commit_config()
    finally:
        ground.console(node, "kill $(cat /run/frr/bgpd.pid)")

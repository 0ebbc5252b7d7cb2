"""FRR's daemons asked without vtysh: they tell and take the same, and vtysh is there where they cannot be asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from napalm.base.exceptions import MergeConfigException

from napalm_frr import direct
from tests.napalm.conftest import Ground

Open = Callable[..., Any]

KNOWN = """\
interface lan0
description one |two?
no description
bandwidth 1
bandwidth 100000
no bandwidth
no bandwidth 7
ip ospf cost 1
ip ospf cost 65535
no ip ospf cost
no ip ospf cost 7
ip ospf hello-interval 1
no ip ospf hello-interval 65535
ip ospf dead-interval 65535
no ip ospf dead-interval 1
ip ospf retransmit-interval 3
no ip ospf retransmit-interval 3
ip ospf passive
no ip ospf passive
exit
"""


def test_who_is_told_which_line() -> None:
    told = direct.addressed("interface lan0\n description a b\n bandwidth 5\n ip ospf cost 7\nexit\n")
    assert told == "all interface lan0\nall description a b\nzebra bandwidth 5\nospfd ip ospf cost 7\nall exit"
    assert direct.addressed("") == ""
    assert direct.addressed(KNOWN) is not None


@pytest.mark.parametrize(
    "line",
    [
        "bandwidth 0",
        "bandwidth 100001",
        "ip ospf cost 65536",
        "ip ospf cost",
        "ip ospf area 0",
        "ip address 192.0.2.1/24",
        "router ospf",
        "interface lan0 vrf x",
        "description",
        "description tab\there",
        "description caf\u00e9",
        "exit all",
    ],
)
def test_a_line_that_is_not_known_for_sure_goes_through_vtysh(line: str) -> None:
    assert direct.addressed(f"interface lan0\n {line}\nexit\n") is None


@pytest.mark.lab
def test_vtysh_knows_every_line_that_is_known_here(ground: Ground, node: str) -> None:
    """They go unchecked, so FRR must take each of them."""
    said = ground.console(node, f"cat >/run/known <<'END'\n{KNOWN}END\nvtysh -C -f /run/known; echo $?")
    assert said == "0\n"


@pytest.mark.lab
def test_the_daemons_tell_what_vtysh_tells(ground: Ground) -> None:
    for node in ("core", "border"):
        told = ground.driver(node).get_config(retrieve="running")["running"].splitlines()
        shown = ground.running(node).splitlines()
        assert _lines(told) == _lines(shown)


@pytest.mark.lab
@pytest.mark.usefixtures("as_found")
@pytest.mark.parametrize("integrated", [False, True])
def test_each_daemon_writes_its_own_file_unless_there_is_one_for_all(
    integrated: bool, ground: Ground, node: str, open_driver: Open
) -> None:
    """As vtysh does it, whose `write memory` is seen by what it then writes: the file for all."""
    device = open_driver()
    if integrated:
        ground.console(node, "touch /etc/frr/frr.conf")
    else:
        ground.console(node, "mount --bind /bin/false /usr/bin/vtysh")
    try:
        device.load_merge_candidate(config="interface lan0\n description written\n ip ospf cost 46\nexit\n")
        device.commit_config()
        written = ground.console(node, "grep -l 'ip ospf cost 46' /etc/frr/*.conf").split()
        described = ground.console(node, "grep -l 'description written' /etc/frr/*.conf").split()
    finally:
        ground.console(node, "rm -f /etc/frr/frr.conf*" if integrated else "umount /usr/bin/vtysh")
    files = ["/etc/frr/frr.conf"] if integrated else ["/etc/frr/ospfd.conf", "/etc/frr/zebra.conf"]
    assert described == files
    assert written == files[:1]
    device.load_merge_candidate(config="interface lan0\n no description\n no ip ospf cost\nexit\n")
    device.commit_config()


@pytest.mark.lab
def test_where_the_daemons_cannot_be_asked_vtysh_is(ground: Ground, node: str, open_driver: Open) -> None:
    """As on a device without Perl."""
    with_perl, without = open_driver(), open_driver()
    said = without.device.converse
    without.device.converse = lambda script, mark, reply: said(_no_perl(script), mark, lambda heard: _no_perl(reply(heard)))
    change = "interface lan0\n description by {}\n bandwidth 5\n ip ospf cost {}\n"
    before = ground.running(node)
    for number, device in enumerate((without, with_perl, without)):
        one, other = (each.get_config(retrieve="running")["running"] for each in (device, with_perl))
        assert _lines(one.splitlines()) == _lines(other.splitlines())
        device.load_merge_candidate(config=change.format(number, 7 + number))
        device.commit_config(revert_in=60)
        assert {f" description by {number}", " bandwidth 5", f" ip ospf cost {7 + number}"} <= set(
            ground.running(node).splitlines()
        )
        assert device._at_once(device.get_interfaces)[0]["lan0"]["description"] == f"by {number}"
        device.rollback()
        assert ground.console(node, "cat /var/lib/napalm_frr/reverted/outcome") == "same\n"
        assert _lines(ground.running(node).splitlines()) == _lines(before.splitlines())


@pytest.mark.lab
@pytest.mark.parametrize(
    ("line", "said"),
    [("ip ospf nonsense", "% .*Unknown command"), ("router ospf\n network 10.0.0.0/8 area 0", "Please remove all")],
)
def test_what_a_daemon_refuses_is_put_back_at_once(
    line: str, said: str, ground: Ground, node: str, open_driver: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should a line be refused that was taken for sure: by vtysh too, or by the daemon."""
    sure = (re.compile("(?:no )?(?:ip ospf nonsense|router ospf|network .*)"), "ospfd", 0)
    monkeypatch.setattr(direct, "_LINES", (*direct._LINES, sure))
    before = ground.running(node)
    device = open_driver()
    device.load_merge_candidate(config=f"interface lan0\n bandwidth 5\n {line}\n")
    with pytest.raises(MergeConfigException, match=rf"line [34] \(.*\): .*{said}.*; put back at once"):
        device.commit_config(revert_in=30)
    assert sorted(ground.running(node).splitlines()) == sorted(before.splitlines())
    assert not device.has_pending_commit()


def _no_perl(text: str | None) -> Any:
    return text and text.replace("perl -e", "no-perl -e")


def _lines(shown: list[str]) -> list[str]:
    return sorted(line.strip() for line in shown if line.strip(" !") and "configuration" not in line and line != "end")

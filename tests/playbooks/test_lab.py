"""An engineer's path on a real kernel: bare interfaces, links, links again, queues, queues again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from network import labs
from network.lab.lab import find
from tests.playbooks.conftest import LINKS, QOS, ROOT, Engineer, engineer, lines_in

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]

LAB = f"bukulab{os.getpid() % 10**5}"
DEVICES = {"border", "hub-krb", "r-bappeda", "r-dpmptsp"}
LINK, FAR, NEAR = "krb-dpmptsp", "r-dpmptsp", "hub-krb"
PORTS = ("wan0", "o5")
PATIENCE = 120.0


@pytest.fixture(scope="module")
def ansible(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engineer]:
    """Two offices of tolikara under a key of their own, bare; down again whatever happens."""
    own = engineer(tmp_path_factory.mktemp("playbooks"), "tolikara", LAB)
    try:
        own.lajur("lab", "up", "--bare", "--offices", "2")
        yield own
    finally:
        own.lajur("lab", "down", "--lab", LAB)


def test_from_bare_interfaces_to_links_and_queues_that_hold(ansible: Engineer) -> None:
    looked = ansible(LINKS, "--check", "--diff")
    assert looked.changed == DEVICES
    assert lines_in(looked.text, ansible.lajur("link", "plan", code=2))

    done = ansible(LINKS, "--diff", "-vvv")
    assert done.changed == DEVICES
    assert not done.failed
    (lab,) = find(LAB)
    keys = json.loads(lab.ospf_keys.read_text()).values()
    assert keys
    assert not any(key in done.text + looked.text for key in keys)
    assert "PRIVATE KEY" not in done.text

    seen = ansible.lajur.json("link", "verify")
    assert seen["good"] == len(seen["links"]) == len(DEVICES)
    assert not ansible(LINKS).changed

    assert lines_in(ansible(QOS, "--check", "--diff").text, ansible.lajur("plan", code=2))
    assert ansible(QOS).changed == {"core"}
    assert not ansible(QOS).changed
    ansible.lajur("plan")


def _cost(ansible: Engineer, cost: int) -> None:
    """The link is to have this cost."""
    file = Path(ansible.lajur.environment["LAJUR_REGENCIES"]) / LAB / "links.yaml"
    head, own, rest = file.read_text().partition(f"  - key: {LINK}\n")
    kept = [line for line in rest.splitlines(keepends=True) if not line.startswith("    ospf: {cost:")]
    file.write_text(f"{head}{own}    ospf: {{cost: {cost}}}\n{''.join(kept)}")


def _holding(cost: int) -> list[bool]:
    """Whether the far and the near end of the link have this cost."""
    texts = [labs.exec_in(LAB, node, ["vtysh", "-c", "show running-config"]).stdout for node in (FAR, NEAR)]
    return [
        f" ip ospf cost {cost}\n" in text[text.index(f"interface {port}\n") :].partition("exit\n")[0]
        for text, port in zip(texts, PORTS, strict=True)
    ]


def _below(pid: int) -> list[int]:
    """Its children and theirs. Ansible's workers have sessions of their own."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [each for child in map(int, children) for each in (child, *_below(child))]


@pytest.mark.parametrize(("cost", "whole"), [(70, False), (71, True)])
def test_killed_in_the_middle_of_a_play_both_ends_are_equal_once_recovered(ansible: Engineer, cost: int, whole: bool) -> None:
    """Ansible alone, whose worker goes on by itself; or all its processes."""
    ansible.lajur("link", "apply", "--all", "--yes")
    ansible.lajur("apply", "--yes")
    _cost(ansible, cost)
    play = subprocess.Popen(
        ["ansible-playbook", LINKS],
        env=ansible.lajur.environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = monotonic() + PATIENCE
    while not any(_holding(cost)):
        assert play.poll() is None, "the play ended before it could be killed"
        assert monotonic() < deadline, "not in time"
        sleep(0.05)
    for pid in [play.pid, *(_below(play.pid) if whole else [])]:
        os.kill(pid, signal.SIGKILL)
    assert play.wait(30) == -signal.SIGKILL
    results = [run["result"] for run in ansible.lajur.json("recover")["runs"]]
    held = _holding(cost)
    if whole:
        assert (results, held) in ((["returned"], [False, False]), (["done"], [True, True]))
    else:  # by itself, before `recover` asked or while it waited for the devices
        assert results in (["own"], [])
        assert held == [True, True]
    ansible.lajur("link", "apply", "--all", "--yes")
    assert _holding(cost) == [True, True]
    assert ansible.lajur.json("recover")["runs"] == []

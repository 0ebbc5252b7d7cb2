"""An engineer's worst days with a link, by the real command on a lab that is managed in band: killed anywhere in a change."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from network import labs
from tests.stories.conftest import Command, command, copied

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]

LAB = f"putus{os.getpid() % 10**5}"
LINK, FAR, NEAR = "krb-dpmptsp", "r-dpmptsp", "hub-krb"
PORTS, ADDRESS = ("wan0", "o5"), "100.65.0.5"
PATIENCE = 200.0

# `lajur`, killed as soon as the change has come to a stage; or before it can note that the first end heard the confirmation.
DYING = """
import os, signal, sys
from network.services.links.change import LinkChange
from network.drivers.napalm_links import NapalmLinkDevice
at, sys.argv = sys.argv[1], ["lajur", *sys.argv[2:]]
def die():
    os.kill(os.getpid(), signal.SIGKILL)
tell, confirm = LinkChange.tell, NapalmLinkDevice.confirm
def told(self, stage, device="", *, mark=False):
    tell(self, stage, device, mark=mark)
    if stage.value == at:
        die()
def confirmed(self, run):
    confirm(self, run)
    if at == "heard":
        die()
LinkChange.tell, NapalmLinkDevice.confirm = told, confirmed
from network.cli.app import main
main()
"""


@pytest.fixture(scope="module")
def lajur(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """Two offices of tolikara under a key of their own, configured and managed over their own links."""
    folder = tmp_path_factory.mktemp("links")
    own = command(folder, copied(folder, "tolikara", LAB), LAB)
    try:
        own("lab", "up", "--offices", "2")
        own("apply", "--yes")
        yield own
    finally:
        own("lab", "down", "--lab", LAB)


def _change(lajur: Command, old: str, new: str) -> None:
    """What the truth says of links."""
    file = Path(lajur.environment["LAJUR_REGENCIES"]) / LAB / "links.yaml"
    before = file.read_text()
    assert old in before
    file.write_text(before.replace(old, new))


def _cost(lajur: Command, cost: int) -> None:
    """The link is to have another cost: its ends do not need to agree on that."""
    file = Path(lajur.environment["LAJUR_REGENCIES"]) / LAB / "links.yaml"
    head, own, rest = file.read_text().partition(f"  - key: {LINK}\n")
    rest = re.sub(r"\A    ospf: .*\n", "", rest)
    file.write_text(f"{head}{own}    ospf: {{cost: {cost}}}\n{rest}")


def _texts() -> list[str]:
    return [labs.exec_in(LAB, node, ["vtysh", "-c", "show running-config"]).stdout for node in (FAR, NEAR)]


def _killed(lajur: Command, at: str) -> None:
    words = [sys.executable, "-c", DYING, at, "link", "apply", LINK, "--yes", "--patience", "5"]
    done = subprocess.run(words, env=lajur.environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr


def _until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < deadline, "not in time"
        sleep(0.1)


def _holding(line: str) -> list[bool]:
    """Whether the far and the near end say so of the link."""
    return [
        line in text[text.index(f"interface {port}") :].partition("exit")[0] for text, port in zip(_texts(), PORTS, strict=True)
    ]


def test_what_was_proven_counts_as_readiness(lajur: Command) -> None:
    def links() -> tuple[Any, set[str]]:
        found = lajur.json("readiness", code=2)
        marks = [mark for stage in found["stages"] for office in stage["offices"] for mark in office["marks"]]
        return found, {mark["state"] for mark in marks if mark["criterion"] == "link"}

    assert links()[1] == {"missing"}
    lajur("link", "verify")
    found, states = links()
    assert states == {"met"}
    assert (found["via"], found["coverage"]["offices"], found["coverage"]["reached"]) == ("lab", 2, 2)


@pytest.mark.parametrize("at", ["committed_far", "committed_near", "verified"])
def test_killed_before_an_end_is_kept_both_are_as_before(lajur: Command, at: str) -> None:
    before = _texts()
    _cost(lajur, 70)
    _killed(lajur, at)
    assert _holding("ip ospf cost 70") == [True, at != "committed_far"]
    (run,) = lajur.json("recover")["runs"]
    assert run["result"] == "returned"
    assert LINK in run["reason"]
    assert _texts() == before


def test_killed_between_the_confirmations_the_other_end_is_brought_after_the_first(lajur: Command) -> None:
    """Nobody had noted yet that the first one heard it."""
    _cost(lajur, 71)
    _killed(lajur, "heard")
    (run,) = lajur.json("recover")["runs"]
    assert run["result"] == "done"
    assert _holding("ip ospf cost 71") == [True, True]
    lajur("link", "plan", LINK)


def test_found_late_when_the_near_end_has_gone_back_and_the_far_one_cannot_be_asked(lajur: Command) -> None:
    _change(lajur, "hello: 1\n  dead: 4\n", "hello: 2\n  dead: 5\n")
    _killed(lajur, "confirmed_far")
    _until(lambda: _holding("ip ospf hello-interval 2") == [True, False])
    _until(lambda: "ospf" not in labs.exec_in(LAB, "core", ["ip", "route", "show", ADDRESS]).stdout)
    (run,) = lajur.json("recover")["runs"]
    assert run["result"] == "done"
    assert _holding("ip ospf hello-interval 2") == [True, True]
    assert lajur.json("link", "verify", LINK)["good"] == 1
    lajur("link", "plan", LINK)

"""The same lines on a real kernel: a small lab, real SSH, real queues."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.conftest import Command, command, copied

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]

LAB = f"cerita{os.getpid() % 10**5}"


@pytest.fixture
def lajur(tmp_path: Path) -> Iterator[Command]:
    """Three offices of tolikara under a key of their own; down again whatever happens."""
    own = command(tmp_path, copied(tmp_path, "tolikara", LAB), LAB)
    try:
        yield own
    finally:
        own("lab", "down", "--lab", LAB)


def test_a_lab_is_shaped_used_and_taken_down(lajur: Command) -> None:
    assert lajur.json("lab", "up", "--offices", "3")["offices"] == 3
    assert lajur.json("lab", "up", "--offices", "3")["reused"]
    assert lajur.json("lab", "status")["state"] == "ready"

    lajur("plan", code=2)
    lajur("apply", "--yes")
    lajur("plan")
    assert "class htb" in lajur("lab", "exec", "core", "--", "tc", "class", "show", "dev", "up1")
    lajur("lab", "exec", "core", "--", "sh", "-c", "exit 7", code=7)

    with subprocess.Popen(
        lajur.words("lab", "traffic", "--seconds", "12"), env=lajur.environment, stdout=subprocess.DEVNULL
    ) as flood:
        used = [_used(lajur) for _ in range(2)]
        assert flood.wait(60) == 0
    assert max(used) > 0
    links = {line["link"]: line for line in lajur.json("status", "--links")["links"]}
    assert links["border-satellite"]["by"] in {"border", "core"}

    lajur("lab", "restart", "core")
    lajur("plan")
    assert lajur.json("lab", "down")["labs"] == [LAB]
    assert lajur.json("lab", "status")["state"] == "absent"


def _used(lajur: Command) -> int:
    """What the uplinks carry down now, by the class meter, in bit/s."""
    lines = lajur.json("status")["uplinks"]
    return sum(line["rate"] or 0 for line in lines if line["direction"] == "down")

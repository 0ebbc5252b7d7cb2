"""An engineer's path on a real kernel: bare interfaces, links, links again, queues, queues again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from network.lab.lab import find
from tests.playbooks.conftest import LINKS, QOS, Engineer, engineer, lines_in

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]

LAB = f"bukulab{os.getpid() % 10**5}"
DEVICES = {"border", "hub-krb", "r-bappeda", "r-dpmptsp"}


@pytest.fixture
def ansible(tmp_path: Path) -> Iterator[Engineer]:
    """Two offices of tolikara under a key of their own, bare; down again whatever happens."""
    own = engineer(tmp_path, "tolikara", LAB)
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

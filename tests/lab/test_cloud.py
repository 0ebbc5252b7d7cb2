"""A lab with a cloud: servers are rented from a real control plane, and are real machines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.views import small_copy
from network.lab import lab, netns
from network.lab.enter import words_inside
from network.lab.keys import write_key
from network.lab.lab import LabState
from network.lab.layout import prefix
from tests.lab.conftest import _new_id

pytestmark = [pytest.mark.lab, pytest.mark.cloud, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def state() -> Iterator[LabState]:
    lab_id = _new_id()
    try:
        yield lab.up(small_copy(load_regency(SHIPPED / "manokwari"), 1), lab_id, timeout=120, cloud=True)
    finally:
        lab.down(lab_id)


def test_a_rented_server_answers_to_its_key_and_did_what_it_was_told(state: LabState, tmp_path: Path) -> None:
    key = tmp_path / "key"
    public = write_key(key)
    key.with_suffix(".pub").write_text(f"{public}\n")
    program = Path(__file__).with_name("renting.py")
    words = [*words_inside(state), sys.executable, str(program), str(state.clouds), str(key), "2"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["states"] == ["ACTIVE", "ACTIVE"]
    name, told, memory = seen["told"].splitlines()
    assert (name, told) == ("web-0", "as told {{ 6*7 }}"), "user data is carried out, and is no template"
    assert int(memory.split()[1]) <= 2**20, "of the size that was asked for, in KiB"
    assert seen["stopped"] == ""
    assert seen["left"] == []


def test_it_goes_with_its_lab_and_leaves_nothing(state: LabState) -> None:
    assert state.clouds is not None
    assert state.clouds.stat().st_mode & 0o777 == 0o600
    assert lab.down(state.plan.lab)
    assert not state.clouds.exists()
    assert netns.existing(prefix(state.plan.lab)) == []
    words = ["pgrep", "-af", f"cloud.keeper.*{state.plan.lab}"]
    running = subprocess.run(words, capture_output=True, text=True, check=False)
    assert state.plan.lab not in running.stdout

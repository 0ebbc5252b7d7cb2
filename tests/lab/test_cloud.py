"""A lab with a cloud: servers are rented from a real control plane, and are real machines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from network.lab.enter import words_inside
from network.lab.keys import write_key
from network.lab.lab import LabState

pytestmark = [pytest.mark.lab, pytest.mark.cloud, pytest.mark.timeout(900)]


def test_a_rented_server_answers_to_its_key_and_did_what_it_was_told(with_cloud: LabState, tmp_path: Path) -> None:
    key = tmp_path / "key"
    public = write_key(key)
    key.with_suffix(".pub").write_text(f"{public}\n")
    program = Path(__file__).with_name("renting.py")
    words = [*words_inside(with_cloud), sys.executable, str(program), str(with_cloud.clouds), str(key), "2"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["states"] == ["ACTIVE", "ACTIVE"]
    name, told, memory = seen["told"].splitlines()
    assert (name, told) == ("web-0", "as told {{ 6*7 }}"), "user data is carried out, and is no template"
    assert int(memory.split()[1]) <= 2**20, "of the size that was asked for, in KiB"
    assert seen["stopped"] == ""
    assert seen["left"] == []

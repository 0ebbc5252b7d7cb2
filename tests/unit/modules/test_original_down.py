"""A restore does not stop for an original that is down; a drill, which compares with it, does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.conftest import PLAYBOOKS

PLAY: dict[str, Any] = {
    "hosts": "localhost",
    "gather_facts": False,
    "ignore_unreachable": True,
    "vars": {"database_name": "records", "database_port": 1},
    "tasks": [
        {"ansible.builtin.include_role": {"name": "database", "tasks_from": "archived"}},
        {"ansible.builtin.debug": {"msg": "went on"}},
    ],
}

AWAY = ("-e", "ansible_connection=ssh", "-e", "ansible_host=127.0.0.1", "-e", "ansible_port=1")


def _archived(folder: Path, point: str, *more: str) -> subprocess.CompletedProcess[str]:
    """As the play does on the original, where no PostgreSQL answers; `more` words say how it is reached."""
    file = folder / "play.yml"
    file.write_text(json.dumps([{**PLAY, "vars": {**PLAY["vars"], "database_point": point}}]))
    own = {"ANSIBLE_HOME": str(folder), "ANSIBLE_LOCAL_TEMP": str(folder), "ANSIBLE_INVENTORY_ENABLED": "host_list"}
    code = {
        "ANSIBLE_CONFIG": str(PLAYBOOKS.parent / "ansible.cfg"),
        "ANSIBLE_ROLES_PATH": str(PLAYBOOKS / "roles"),
        "ANSIBLE_LIBRARY": str(PLAYBOOKS / "library"),
        "ANSIBLE_MODULE_UTILS": str(PLAYBOOKS / "module_utils"),
    }
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", "-c", "local", str(file)]
    words = ["-e", f"ansible_python_interpreter={sys.executable}", *more]
    environment = {**os.environ, **own, **code}
    return subprocess.run(
        [*command, *words], env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=100
    )


@pytest.mark.parametrize("more", [(), AWAY])
def test_a_restore_goes_on_without_the_log_of_an_original_that_is_down(tmp_path: Path, more: tuple[str, ...]) -> None:
    done = _archived(tmp_path, "", *more)
    said = " ".join(done.stdout.split())
    assert (done.returncode, "went on" in said) == (0, True), said
    assert "the copy reaches as far as was archived before" in said


def test_a_drill_does_not(tmp_path: Path) -> None:
    done = _archived(tmp_path, "drill-1")
    assert (done.returncode, "went on" in done.stdout) == (2, False)

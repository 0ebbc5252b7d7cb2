"""What the real Ansible tells through our callback: which task was why, and which was begun last."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from network.runners.plays import at_terminal

ROOT = Path(__file__).parents[3]
PROGRAM = Path(sys.executable).parent / "ansible-playbook"
PLAY = """
- hosts: here
  gather_facts: false
  tasks:
    - name: Tried
      block:
        - {{name: Attempt, ansible.builtin.command: "false", changed_when: false}}
      rescue:
        - {{name: Go on, ansible.builtin.command: "true", changed_when: false}}
    - name: Work
      block:
        - {{name: Cause, ansible.builtin.command: "{work}", changed_when: false}}
      always:
        - name: Put in order
          block:
            - {{name: Sweep, ansible.builtin.command: "{sweep}", changed_when: false}}
"""


@pytest.mark.skipif(not PROGRAM.exists(), reason="needs ansible-playbook beside this Python")
@pytest.mark.parametrize(
    ("work", "sweep", "wanted"), [("false", "false", "Cause"), ("true", "false", "Sweep"), ("true", "true", "")]
)
def test_a_step_that_failed_while_things_were_put_in_order_is_not_the_cause(
    tmp_path: Path, work: str, sweep: str, wanted: str
) -> None:
    playbook = tmp_path / "play.yml"
    playbook.write_text(PLAY.format(work=work, sweep=sweep))
    (tmp_path / "hosts.ini").write_text(f"here ansible_connection=local ansible_python_interpreter={sys.executable}\n")
    environment = {
        **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_INVENTORY_ENABLED": "ini",
        "ANSIBLE_HOME": str(tmp_path / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(tmp_path / "ansible/tmp"),
        "ANSIBLE_REMOTE_TEMP": str(tmp_path / "ansible/remote"),
        "HOME": str(tmp_path),
    }
    shown = at_terminal([str(PROGRAM), "-i", str(tmp_path / "hosts.ini"), str(playbook)], environment, tmp_path)
    end = shown.hosts["here"]
    assert (end.task if end.status.is_bad else "", shown.task) == (wanted, "Sweep")

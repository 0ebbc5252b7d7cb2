"""The push as `ansible-playbook` does it with `network_cli`, twenty forks. `python -m network.bench.push.ansible_peer`.

`Work` in, `Worked` out. FRR's shell has no timer, so arming and confirming go over plain SSH; the lines and the looks go over
`network_cli` into vtysh, which a second key opens (`vtysh_key` beside the first).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from network.bench.push.work import CONFIRM, PINGS, Router, Work, Worked, arm, check, lines

FORKS: Final = 20
_RECAP: Final = re.compile(r"^(\S+)\s+: ok=\d+ .*\bunreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)
_FATAL: Final = re.compile(r"^fatal: \[([^\]]+)\]: (.*)$", re.MULTILINE)
_LONGEST: Final = 300
COLLECTIONS: Final = "ANSIBLE_COLLECTIONS_PATH"
"""The folder that holds `ansible_collections`, in the environment."""


def _inventory(work: Work) -> dict[str, Any]:
    options = f"-o UserKnownHostsFile={work['known_hosts']} -o StrictHostKeyChecking=yes"
    shared = {
        "ansible_user": "root",
        "ansible_network_os": "cisco.ios.ios",
        "ansible_ssh_common_args": options,
        "ansible_python_interpreter": "/usr/bin/python3",
    }
    hosts = {
        router["name"]: {"ansible_host": router["address"], "check": check(router, work["number"]), **router}
        for router in work["routers"]
    }
    return {"all": {"vars": shared, "hosts": hosts}}


def _playbook(work: Work) -> list[dict[str, Any]]:
    def play(name: str, key: str, connection: str, tasks: list[dict[str, Any]]) -> dict[str, Any]:
        variables = {"ansible_connection": connection, "ansible_ssh_private_key_file": key}
        return {"name": name, "hosts": "all", "gather_facts": False, "vars": variables, "tasks": tasks}

    shell, vtysh, cli = work["key"], work["key"] + ".vtysh", "ansible.netcommon.network_cli"
    candidate = "\n".join(["interface {{ interface }}", *(f" {line}" for line in lines(work["number"]))]) + "\n"
    held = [f"'{line}' in running.stdout" for line in lines(work["number"])]
    well = ["'is up' in carrier.stdout", "'Full' in neighbours.stdout"]
    return [
        play("Arm", shell, "ssh", [{"name": "Check and arm", "ansible.builtin.raw": f"{{{{ check }}}} && {arm()}"}]),
        play("Write", vtysh, cli, [{"name": "Write", "ansible.netcommon.cli_config": {"config": candidate}}]),
        play(
            "Verify",
            vtysh,
            cli,
            [
                {"name": "Log in anew", "ansible.builtin.meta": "reset_connection"},
                _look("Read back", "show running-config", "running"),
                _look("Carrier", "show interface {{ interface }}", "carrier"),
                _look("Neighbour", "show ip ospf neighbor json", "neighbours"),
                {"name": "Verify", "ansible.builtin.assert": {"that": held + well}},
            ],
        ),
        play("Confirm", shell, "ssh", [*_pings(), {"name": "Confirm", "ansible.builtin.raw": CONFIRM}]),
    ]


def _look(name: str, command: str, register: str) -> dict[str, Any]:
    return {"name": name, "ansible.netcommon.cli_command": {"command": command}, "register": register}


def _pings() -> list[dict[str, Any]]:
    ping = f"ping -n -q -c {PINGS} -i 0.2 -w 3"
    return [{"name": "Ping", "ansible.builtin.raw": f"{ping} {{{{ peer }}}} && {ping} -M do -s 1472 {{{{ peer }}}}"}]


def carry_out(work: Work) -> Worked:
    folder = Path(work["folder"])
    (folder / "inventory.json").write_text(json.dumps(_inventory(work)))
    (folder / "push.json").write_text(json.dumps(_playbook(work)))
    # network_cli's Paramiko knows one place for host keys.
    (folder / ".ssh").mkdir(exist_ok=True)
    shutil.copy(work["known_hosts"], folder / ".ssh" / "known_hosts")
    (folder / "ansible.cfg").touch()  # not that of the folder where the bench is called
    environment = {
        **os.environ,
        "HOME": str(folder),
        "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_FORKS": str(FORKS),
        "ANSIBLE_HOST_KEY_CHECKING": "true",
        "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_SSH_PIPELINING": "true",
        "ANSIBLE_NETWORK_CLI_SSH_TYPE": "paramiko",
    }
    program = Path(sys.executable).with_name("ansible-playbook")
    words = [str(program), "-i", str(folder / "inventory.json"), str(folder / "push.json")]
    began = time.perf_counter()
    answer = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "failed": _failed(answer, work["routers"])}


def _failed(answer: subprocess.CompletedProcess[str], routers: list[Router]) -> dict[str, str]:
    """By the recap at the end, which counts what went wrong on each; why, is said where it happened."""
    counted = {name: int(gone) + int(failed) for name, gone, failed in _RECAP.findall(answer.stdout)}
    why = {name: said.strip()[:_LONGEST] for name, said in _FATAL.findall(answer.stdout)}
    bad = [router["name"] for router in routers if counted.get(router["name"], 1)]
    return {name: why.get(name) or answer.stderr[-_LONGEST:] or "no recap" for name in bad}


def main() -> None:
    sys.stdout.write(json.dumps(carry_out(json.loads(sys.stdin.readline()))) + "\n")


if __name__ == "__main__":
    main()

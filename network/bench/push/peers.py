"""The others, each in a process of its own inside the lab's `noc`, where the routers are reached from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from network import labs
from network.bench.push.work import Router, Work, Worked
from network.errors import LabError

VTYSH_KEY: Final = "key.vtysh"


def routers(lab: labs.LabState) -> list[Router]:
    """The router of every office, and the link to its hub."""
    plan = lab.plan
    found: list[Router] = []
    for node in plan.nodes:
        if node.office is None or node.address is None:
            continue
        wire = next(each for each in plan.wires if node.key in (each.near.node, each.far.node))
        own, other = (wire.far, wire.near) if wire.far.node == node.key else (wire.near, wire.far)
        found.append(Router(name=node.key, address=node.address, interface=own.interface, peer=other.host))
    return found


@contextmanager
def prepared(lab: labs.LabState) -> Iterator[Work]:
    """What the peers are given, and a key that opens vtysh on every router for those that need one."""
    with TemporaryDirectory(prefix="lajur-push-") as name:
        folder = Path(name)
        key = folder / "key"
        key.touch(mode=0o600)
        key.write_text(lab.client_key.read_text())
        own = routers(lab)
        _open_vtysh(lab, own, folder / VTYSH_KEY)
        yield Work(routers=own, number=0, known_hosts=str(lab.known_hosts), key=str(key), folder=name)


def _open_vtysh(lab: labs.LabState, own: list[Router], key: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    line = f'command="vtysh" {key.with_name(f"{key.name}.pub").read_text().strip()}'
    kept = "grep -v command= /etc/ssh/authorized_keys"
    script = f"{{ {kept}; echo '{line}'; }} > /run/keys; cat /run/keys > /etc/ssh/authorized_keys"
    for router in own:
        subprocess.run(labs.command_in(lab.plan.lab, router["name"], ["sh", "-c", script]), check=True)


def worked(lab: labs.LabState, program: str, work: Work, number: int, environment: dict[str, str] | None = None) -> Worked:
    """One push by `program`, a module of `network.bench.push`. Raises LabError when it ends without an answer."""
    words = labs.command_in(lab.plan.lab, "noc", [sys.executable, "-m", f"network.bench.push.{program}"])
    asked = json.dumps({**work, "number": number})
    answer = subprocess.run(
        words, input=asked, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}, check=False
    )
    if answer.returncode:
        raise LabError("bench.fleet", program=program)
    told: Worked = json.loads(answer.stdout)
    return told

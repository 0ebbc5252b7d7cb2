"""The controller of the fleet in a process of its own, so that its processor time and memory are its alone.

`python -m network.bench.fleet.client`: one line of JSON in (`Task`), one out (`Told`).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Final, TypedDict

from network.bench.fleet.box import PEER
from network.bench.push.one import RUN, push_one
from network.bench.push.work import Router
from network.core.links.capabilities import CAPABILITIES
from network.drivers.link_sessions import LinkTarget
from network.drivers.napalm_links import NapalmLinkDevice
from network.errors import LajurError
from network.runners.crew import Bounds
from network.runners.threads import ThreadRunner

NUMBER: Final = 7
"""Which three lines are pushed."""


class Task(TypedDict):
    """`limit`: devices at once. `connect`: seconds that each stage of a login may take."""

    addresses: list[str]
    port: int
    known_hosts: str
    key: str
    locks: str
    limit: int
    connect: float


class Told(TypedDict):
    """`seconds` until the last device had ended, and the last of those that were `done`. `cpu` in seconds, of this process
    from the first device on; `peak` in MB, all that it ever held. `failed`: device and code."""

    seconds: float
    last: float
    cpu: float
    peak: float
    done: int
    failed: dict[str, str]


def carry_out(task: Task) -> Told:
    options = {
        "key": Path(task["key"]).read_text(),
        "known_hosts": task["known_hosts"],
        "port": task["port"],
        "conn_timeout": task["connect"],
    }
    runner = ThreadRunner(Path(task["locks"]), bounds=Bounds(limit=task["limit"]))
    done: list[float] = []
    failed: dict[str, str] = {}

    def push(address: str) -> None:
        target = LinkTarget(device=address, host=address, port=task["port"], username="root", known_hosts=task["known_hosts"])
        device = NapalmLinkDevice(target, CAPABILITIES["frr"], None, options)
        router = Router(name=address, address=address, interface="wan0", peer=PEER)
        try:
            with runner.hold([address], RUN):
                push_one(device, router, NUMBER)
        finally:
            device.close()

    def heard(address: str, result: LajurError | None) -> None:
        if result is None:
            done.append(time.perf_counter())
        else:
            failed[address] = str(result)

    before = _cpu()
    began = time.perf_counter()
    runner.each(task["addresses"], push, heard)
    seconds = time.perf_counter() - began
    last = max(done, default=began) - began
    return {"seconds": seconds, "last": last, "cpu": _cpu() - before, "peak": _peak(), "done": len(done), "failed": failed}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak() -> float:
    """MB. Not from getrusage: that begins with the peak of whoever started this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) * 1024 / 1e6


def main() -> None:
    told = carry_out(json.loads(sys.stdin.readline()))
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()

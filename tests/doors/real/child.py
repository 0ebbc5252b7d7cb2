"""The service in a process and a mount namespace of its own, on a disk of four megabytes: `child.py STATE`.

Says its address and a token on the first line, then does what it is told, a word a line: `fill` and `free` the disk, make it
`read-only` and `writable`, show what the devices `held`. Each is answered by one line of JSON. Ends with its input.
"""

from __future__ import annotations

import errno
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from network.core.access import Role
from network.serving import Serving
from qos_api.server import Listening, running
from tests.doors.real.service import HERE, Real, served, settings_of

PATIENCE = 100.0


def main(state: Path) -> None:
    state.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "lajur-test", str(state)], check=True)
    with served(settings_of(state)) as (opened, app):
        real = Real(None, opened, settings_of(state))  # type: ignore[arg-type]  # nobody asks from here
        token = real.token(*Role, regency="*")
        with opened.working(), running(app, Listening()) as address:
            tell({"address": address, "token": token})
            verbs: dict[str, Callable[[], object]] = {
                "fill": lambda: fill(state / "filler"),
                "free": (state / "filler").unlink,
                "read-only": lambda: remount(opened, state, "ro"),
                "writable": lambda: remount(opened, state, "rw"),
                "held": lambda: sha256(repr(sorted(held(opened))).encode()).hexdigest(),
            }
            for word in sys.stdin:
                tell(verbs[word.strip()]())


def tell(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def fill(file: Path) -> int:
    """Until not a byte more fits."""
    with file.open("wb", buffering=0) as filler:
        for size in (65536, 4096, 1):
            with suppress(OSError):
                while filler.write(b"x" * size):
                    pass
        return filler.tell()


def remount(opened: Serving, state: Path, how: str) -> int:
    """How often it was tried: the kernel waits until nobody writes, and the service holds its file open between two writes."""
    end = time.monotonic() + PATIENCE
    for tried in range(1, 10_000):
        if how == "ro":
            opened.ledger._database.close()
            gc.collect()  # what was in use at a close before this one went back to a pool that nobody else holds
        done = subprocess.run(["mount", "-o", f"remount,{how}", str(state)], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return tried
        assert time.monotonic() < end, f"{done.stderr} ({errno.EBUSY})"
    raise AssertionError("unreachable")


def held(opened: Serving) -> list[str]:
    """What the devices hold, as the devices say; their timers count down and are left out."""
    devices = opened.services[HERE].hands.devices
    return [f"{name} {sorted(map(repr, device.observe().shapers.items()))}" for name, device in devices.items()]


if __name__ == "__main__":
    main(Path(sys.argv[1]))

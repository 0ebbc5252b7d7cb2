"""A builder that speaks the protocol and does what its first argument says: well, badly, or not at all.

Stands alone: it is started as a program. Further arguments are the scenario's own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tell(event: str, **fields: Any) -> None:
    say(json.dumps({"event": event, "fields": fields}))


def done(**result: Any) -> None:
    say(json.dumps({"event": "done", "result": result}))


def failed(code: str, status: int, **fields: Any) -> None:
    say(json.dumps({"event": "failed", "code": code, "fields": fields, "exit": status}))


def hear() -> dict[str, Any]:
    request: dict[str, Any] = json.loads(sys.stdin.read())
    return request


def ok() -> None:
    request = hear()
    for server in request["access"]:
        tell("infra.resource", server=server, operation="create", status="begun", seconds=0)
        tell("infra.accepted", server=server, report={"lines": []}, files=["/reports/a.json"])
        tell("infra.resource", server=server, operation="create", status="done", seconds=1)
    done(outputs={server: {"address": "192.0.2.1", "password": "never"} for server in request["access"]}, busy=0.0)


def echo() -> None:
    """What it was given, and what it sees of us."""
    request = hear()
    done(request=request, environment=dict(os.environ), arguments=sys.argv, folder=str(Path.cwd()), session=os.getsid(0))


def refuses() -> None:
    hear()
    sys.stderr.write("a line for whoever wants to know\n")
    failed("infra.state_locked", 3, holder="root@host", pid=7, since="today")


def dies() -> None:
    hear()
    tell("infra.stage", stage="up")
    sys.stderr.write("Traceback: the end\n")
    sys.stderr.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def leaks() -> None:
    """Says what it should not."""
    request = hear()
    secret = request["access"]["app-1"]["password"]
    tell("infra.warning", server="app-1", code=f"tried {secret}", kind="k", name="n")
    sys.stderr.write(f"login with {secret}\n")
    failed("infra.engine_died", 4, cause=f"bad {secret}")


def hostile() -> None:
    hear()
    tell("infra.difference", server="app-1", kind="\x1b[2J{0}", name="{{ 7 * 7 }}", wanted="x" * 100_000, found="\u202e")
    tell("infra.lies", anything="at all")
    for line in (
        "not json",
        "[]",
        "null",
        '{"event": 5}',
        '{"event": "infra.stage", "fields": 3}',
        "[" * 200_000,
        '{"event": NaN}',
    ):
        say(line)
    tell("infra.resource", seconds=float("inf"))
    done(outputs=["no"], busy="much")


def unread() -> None:
    """Never reads what it is given, however much that is."""
    done()


def floods() -> None:
    hear()
    block = "x" * 65536
    while True:
        sys.stdout.write(block)


def chatters() -> None:
    hear()
    while True:
        tell("infra.stage", stage="up")


def hangs(mark: str, *, polite: bool) -> None:
    """Waits to be stopped, with children that would outlive it: one in its group and one in a group of its own."""
    hear()
    sleeper = "import time; time.sleep(600)"
    stubborn = "import signal, time; [signal.signal(each, signal.SIG_IGN) for each in (2, 15)]; time.sleep(600)"
    children = [
        subprocess.Popen([sys.executable, "-c", sleeper]),
        subprocess.Popen([sys.executable, "-c", stubborn], process_group=0),
    ]
    stop = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stop.set() if polite else None)
    if not polite:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(mark).write_text(" ".join(str(each.pid) for each in children))
    tell("infra.stage", stage="up")
    stop.wait(600)
    failed("infra.interrupted", 5)


def leaves() -> None:
    """Ends, and leaves somebody behind who holds its output open."""
    hear()
    done(child=subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid)


SCENARIOS: dict[str, Callable[..., None]] = {
    "ok": ok,
    "echo": echo,
    "refuses": refuses,
    "dies": dies,
    "leaks": leaks,
    "hostile": hostile,
    "unread": unread,
    "floods": floods,
    "chatters": chatters,
    "polite": lambda mark: hangs(mark, polite=True),
    "stubborn": lambda mark: hangs(mark, polite=False),
    "leaves": leaves,
    "silent": lambda: None,
}

if __name__ == "__main__":
    SCENARIOS[sys.argv[1]](*sys.argv[2:])

"""A service that runs: the real command as a child process, its API, its log; and the kernel that it shapes."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from network import labs
from tests.lab.machine import until
from tests.stories.conftest import Command

PATIENCE: Final = 100.0
"""Seconds within which whatever is waited for comes on a machine that is busy otherwise. A service that works takes a few."""

# `lajur`, whose simulated clock goes to the moment in a file whenever somebody writes one.
_STEERED: Final = """
import sys
from datetime import datetime
from pathlib import Path
from network import clock
file = Path(sys.argv.pop(1))
class Steered(clock.SimulatedClock):
    told = ""
    def now(self):
        moment = file.read_text()
        if moment != self.told:
            self.told = moment
            self.set(datetime.fromisoformat(moment))
        return super().now()
clock.SimulatedClock = Steered
from network.cli.app import main
main()
"""

# `lajur` that says it is there, and begins when the clock of a service is put to a moment.
_WAITING: Final = """
import os, sys, time
from pathlib import Path
from network import reach, wiring
from network.cli.app import main
file, told = Path(sys.argv.pop(1)), Path(sys.argv.pop(1))
before = file.read_text()
Path(f"{told}.{os.getpid()}").touch()
while file.read_text() == before:
    time.sleep(0.01)
main()
"""


@dataclass
class Served:
    """A service that runs. `said` is its log as it grows; `api` may look at everything and ask for everything."""

    child: subprocess.Popen[str]
    lajur: Command
    present: Path
    address: str = ""
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    @property
    def key(self) -> str:
        """The regency that is served."""
        return self.lajur.environment["LAJUR_REGENCY"]

    def begin(self) -> None:
        """Until it answers."""
        until(lambda: any("http://" in line for line in self.said) or self.child.poll() is not None, PATIENCE)
        found = re.search(r"http://[0-9.:]+", "".join(self.said))
        assert found, "".join(self.said)
        self.address = found[0]
        secret = self.lajur("token", "create", "story", "--grant", "*:operator").strip()
        self.api = httpx.Client(base_url=self.address, headers={"Authorization": f"Bearer {secret}"}, timeout=240)

    def _read(self) -> None:
        assert self.child.stderr is not None
        for line in self.child.stderr:
            self.said.append(line)

    def get(self, path: str, **query: str) -> Any:
        answer = self.api.get(f"/v1/regencies/{self.key}{path}", params=query)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Mapping[str, Any], key: str) -> Any:
        answer = self.api.post(f"/v1/regencies/{self.key}{path}", json=body, headers={"Idempotency-Key": key})
        assert answer.is_success, "".join([answer.text, *self.said[-3:]])
        return answer.json()

    def figures(self) -> dict[str, dict[str, float]]:
        """What /metrics says: by name, and by the labels without the regency."""
        page = self.api.get("/metrics").raise_for_status().text
        found: dict[str, dict[str, float]] = {}
        for family in text_string_to_metric_families(page):
            for each in family.samples:
                labels = " ".join(value for name, value in sorted(each.labels.items()) if name != "regency")
                found.setdefault(each.name, {})[labels] = each.value
        return found

    def settled(self) -> bool:
        """Whether the devices hold what is meant, as the watch read them last."""
        return self.figures().get("lajur_drift_steps") == {"": 0.0}

    def put(self, moment: datetime) -> None:
        """Make `moment` the present of its clock, which runs on from there."""
        _write(self.present, moment)

    @contextmanager
    def beside(self, count: int, *words: str) -> Iterator[list[subprocess.Popen[str]]]:
        """So many `lajur` of their own that begin all at once, with the service, when its clock is put to a moment."""
        told = self.present.with_name("beside")
        line = [sys.executable, "-c", _WAITING, str(self.present), str(told), *words]
        with ExitStack() as stack:
            made = (
                subprocess.Popen(line, env=self.lajur.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                for _ in range(count)
            )
            callers = [stack.enter_context(each) for each in made]
            for each in callers:
                stack.callback(each.kill)
            until(lambda: all(told.with_name(f"beside.{each.pid}").exists() for each in callers), PATIENCE)
            yield callers

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.said if line.startswith("{")]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.child.send_signal(how)
        code = self.child.wait(PATIENCE)
        self.reader.join()
        return code


@contextmanager
def served(lajur: Command, at: datetime) -> Iterator[Served]:
    """The real command, from that moment of its own clock on."""
    present = Path(lajur.environment["LAJUR_STATE"]).with_name("present")
    _write(present, at)
    own = ("serve", lajur.environment["LAJUR_REGENCY"], "--via", "lab", "--port", "0", "--at", at.isoformat())
    words = [sys.executable, "-c", _STEERED, str(present), *own]
    with subprocess.Popen(words, env=lajur.environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as child:
        here = Served(child, lajur, present)
        try:
            here.begin()
            with here.api:
                yield here
        finally:
            child.kill()
            child.wait()
            here.reader.join()


def _write(present: Path, moment: datetime) -> None:
    """Whole or not at all: it is read all the time."""
    new = present.with_suffix(".new")
    new.write_text(moment.isoformat())
    new.replace(present)


@contextmanager
def flooded(lajur: Command, seconds: int) -> Iterator[None]:
    words = lajur.words("lab", "traffic", "--seconds", str(seconds))
    with subprocess.Popen(words, env=lajur.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            yield
        finally:
            child.terminate()


@dataclass(frozen=True)
class Kernel:
    """The classes of the uplinks in the kernel itself: what is sure to each, and the bytes it has sent since it was made."""

    rates: Mapping[str, str]
    sent: Mapping[str, int]


_CLASS: Final = re.compile(r"class htb (\S+) .*?rate (\S+) .*?\n Sent (\d+) bytes", re.DOTALL)


def kernel(lajur: Command) -> Kernel:
    rates: dict[str, str] = {}
    sent: dict[str, int] = {}
    for device in ("up1", "ifb1"):
        shown = _on_core(lajur, "tc", "-s", "class", "show", "dev", device)
        for name, rate, count in _CLASS.findall(shown):
            rates[f"{device} {name}"], sent[f"{device} {name}"] = rate, int(count)
    return Kernel(rates, sent)


def sure(served: Served, at: datetime | None = None) -> dict[tuple[str, str, str], int]:
    """Guarantees by office, uplink and direction, as the API tells them."""
    query = {"at": at.isoformat()} if at else {}
    items = served.get("/allocations", **query)["items"]
    return {(each["office"], each["uplink"], each["direction"]): each["guarantee"] for each in items}


def run_of(served: Served, reason: str) -> dict[str, Any] | None:
    found = [each for each in served.get("/runs")["items"] if each["reason"] == reason]
    return found[0] if found else None


def slots(served: Served) -> list[tuple[str, str, str]]:
    """Claimed slots of windows: edge, start in UTC and status."""
    items = served.get("/shifts")["items"]
    return sorted((each["edge"], each["start"], each["status"]) for each in items if each["purpose"] == "window")


def events(served: Served, run: str) -> list[str]:
    """The phases of a run as they were told live, and what it ended in."""
    told: list[str] = []
    with served.api.stream("GET", f"/v1/regencies/{served.key}/runs/{run}/events") as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                data = json.loads(line.removeprefix("data: "))
                told.append(data.get("phase") or data["result"])
    return told


def returns(lajur: Command) -> list[str]:
    """The return timers that the core itself counts down."""
    return _on_core(lajur, "ls", "/var/lib/lajur/returns").split()


def _on_core(lajur: Command, *words: str) -> str:
    """What a command on its console prints: by no `lajur` of its own, of which each takes a busy machine seconds."""
    done = labs.exec_in(lajur.environment["LAJUR_REGENCY"], "core", words)
    assert done.returncode == 0, done.stderr
    return done.stdout

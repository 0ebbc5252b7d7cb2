"""A service that runs: the real command as a child process, its API, its log; and the kernel that it shapes."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.lab.machine import until
from tests.stories.conftest import Command

_PATIENCE: Final = 20.0
"""Seconds in which a service ends when it is told to: open requests have ten."""


@dataclass
class Served:
    """A service that runs. `said` is its log as it grows; `api` may look at everything and ask for everything."""

    child: subprocess.Popen[str]
    lajur: Command
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
        until(lambda: any("http://" in line for line in self.said) or self.child.poll() is not None, 60)
        found = re.search(r"http://[0-9.:]+", "".join(self.said))
        assert found, "".join(self.said)
        self.address = found[0]
        secret = self.lajur("token", "create", "story", "--grant", "*:operator").strip()
        self.api = httpx.Client(base_url=self.address, headers={"Authorization": f"Bearer {secret}"}, timeout=30)

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

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.said if line.startswith("{")]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.child.send_signal(how)
        code = self.child.wait(_PATIENCE)
        self.reader.join()
        return code


@contextmanager
def served(lajur: Command, at: datetime) -> Iterator[Served]:
    """The real command, from that moment of its own clock on."""
    words = lajur.words("serve", lajur.environment["LAJUR_REGENCY"], "--via", "lab", "--port", "0", "--at", at.isoformat())
    with subprocess.Popen(words, env=lajur.environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as child:
        here = Served(child, lajur)
        try:
            here.begin()
            with here.api:
                yield here
        finally:
            child.kill()
            child.wait()
            here.reader.join()


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
        shown = lajur("lab", "exec", "core", "--", "tc", "-s", "class", "show", "dev", device)
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
    return lajur("lab", "exec", "core", "--", "ls", "/var/lib/lajur/returns").split()

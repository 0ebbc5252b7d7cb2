"""How long the service takes to answer when many ask: `lajur serve` in a process of its own, with its keepers and watches on
devices in memory and its record on the disk; beside it a bare route of the framework under the same load.
"""

from __future__ import annotations

import json
import math
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from network import wiring
from network.bench.load import Heard, Sent
from network.bench.rows import Row, median_row
from network.clock import SystemClock
from network.errors import LabError
from network.services import tokens
from network.settings import Settings

SERVED: Final = ("tolikara", "manokwari")
ASKED: Final = "tolikara"
RUNS: Final = 3
SECONDS: Final = 30.0
RATE: Final = 200.0
"""Requests in a second, on average: they come at random, as from callers who do not know of each other."""

BOOSTS: Final = 0.02
CALLERS: Final = 8
READ_MS: Final = 25.0
BOOST_MS: Final = 60.0

READS: Final = {
    "allocations": 25,
    "allocations?at": 15,
    "offices": 15,
    "uplinks": 15,
    "boosts": 10,
    "windows": 10,
    "runs": 10,
}
"""How often each is read: by a page that shows who is sure of what, by a planner, by a counter that looks after its boosts."""

_PATIENCE: Final = 60.0
_SERVE: Final = "from network.cli.app import main; main()"


@dataclass(frozen=True, slots=True)
class Round:
    """One load. `cpu`: seconds of processor time that the server took for it."""

    heard: list[Heard]
    cpu: float

    def times(self, *, boosts: bool) -> list[float]:
        """Milliseconds from the moment set to the whole answer."""
        return [1000 * each["answered"] for each in self.heard if (each["kind"] == "boost") is boosts]

    @property
    def wrong(self) -> list[Heard]:
        return [each for each in self.heard if each["status"] not in (200, 201)]

    @property
    def rate(self) -> float:
        """Answers in a second, until the last of them."""
        return (len(self.heard) - len(self.wrong)) / max(SECONDS, *(each["answered"] for each in self.heard))


def measure(settings: Settings, report: Callable[[Row], None]) -> None:
    """Rows `api.*`."""
    own: list[Round] = []
    bare: list[Round] = []
    for number in range(RUNS):
        with _bare() as (port, process):
            bare.append(_loaded(port, process, _requests(number, _bare_words)))
        with _serving(settings) as (port, process, known):
            own.append(_loaded(port, process, _requests(number, lambda dice: _words(dice, known))))
    _report(own, bare, report)


def _report(own: Sequence[Round], bare: Sequence[Round], report: Callable[[Row], None]) -> None:
    load = f"{RATE:g} requests/s at random moments for {SECONDS:g} s"
    reads = [_percentile(each.times(boosts=False), 99) for each in own]
    boosts = [_percentile(each.times(boosts=True), 99) for each in own]
    report(median_row("api.read", f"p99 of a read, {load}", reads, "ms", "<=", READ_MS))
    report(median_row("api.boost", "p99 of a boost granted and stored, among them", boosts, "ms", "<=", BOOST_MS))
    wrong = [float(len(each.wrong)) for each in own]
    report(
        Row(
            id="api.errors",
            what="answers that were not as meant, all runs",
            value=sum(wrong),
            unit="answers",
            bar=0,
            direction="<=",
            holds=not sum(wrong),
            samples=wrong,
        )
    )
    report(median_row("api.rate", "answers reached", [each.rate for each in own], "/s", ">=", 0.97 * RATE))
    middle = [median(each.times(boosts=False)) for each in own]
    plain = [median(each.times(boosts=False)) for each in bare]
    report(median_row("api.median", "median of a read", middle, "ms"))
    report(median_row("api.bare", "median of a bare FastAPI route under the same load", plain, "ms"))
    report(median_row("api.ratio", "api.median to api.bare", [a / b for a, b in zip(middle, plain, strict=True)], "x"))
    cpu = [1000 * each.cpu / len(each.heard) for each in own]
    report(median_row("api.cpu", "processor time of the whole service for a request, its loops included", cpu, "ms"))
    sent = [_percentile([1000 * each["sent"] for each in one.heard], 99) for one in own]
    report(median_row("api.lag", "p99 of how late the load itself was; part of all the others", sent, "ms"))


def _percentile(values: Sequence[float], percent: float) -> float:
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1]


def _requests(seed: int, words: Callable[[random.Random], tuple[str, str]]) -> list[Sent]:
    dice = random.Random(seed)  # noqa: S311 - the same load in every run
    found: list[Sent] = []
    at = dice.expovariate(RATE)
    while at < SECONDS:
        kind, text = words(dice)
        found.append(Sent(at=at, kind=kind, text=text))
        at += dice.expovariate(RATE)
    return found


def _bare_words(_: random.Random) -> tuple[str, str]:
    return "bare", "GET / HTTP/1.1\r\nHost: bench\r\n\r\n"


def _words(dice: random.Random, known: Sequence[str]) -> tuple[str, str]:
    """What is asked and how it is written."""
    head = f"Host: bench\r\nAuthorization: Bearer {dice.choice(known)}\r\nAccept-Language: {dice.choice(('id', 'en'))}\r\n"
    if dice.random() < BOOSTS:
        body = json.dumps(_boost(dice))
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: {dice.getrandbits(64):x}\r\n"
        return "boost", f"POST {_path('boosts')} HTTP/1.1\r\n{head}\r\n{body}"
    (kind,) = dice.choices(list(READS), list(READS.values()))
    what, _, at = kind.partition("?")
    moment = SystemClock().now().replace(second=0, microsecond=0) + timedelta(minutes=dice.randrange(60 * 24 * 60))
    query = f"?at={moment:%Y-%m-%dT%H:%M:%SZ}" if at else ""
    return kind, f"GET {_path(what)}{query} HTTP/1.1\r\n{head}\r\n"


def _path(what: str) -> str:
    return f"/v1/regencies/{ASKED}/{what}"


def _boost(dice: random.Random) -> dict[str, object]:
    """A little for an hour on one of the next days; one in eight for the next minutes, so that the keeper has to act at once."""
    now = SystemClock().now()
    offices = ("dpmptsp", "disdukcapil", "kominfo", "setda")
    wanted: dict[str, object] = {
        "offices": [dice.choice(offices)],
        "amount": {"down": "16 kbit/s", "up": "16 kbit/s"},
        "reason": "a queue at the counter",
    }
    if dice.random() < 1 / 8:
        return {**wanted, "expires": (now + timedelta(minutes=dice.randrange(2, 5))).isoformat()}
    starts = now + timedelta(hours=dice.randrange(2, 24 * 14))
    return {**wanted, "starts": starts.isoformat(), "expires": (starts + timedelta(hours=1)).isoformat()}


def _loaded(port: int, process: subprocess.Popen[bytes], requests: Sequence[Sent]) -> Round:
    before = _cpu(process.pid)
    given = json.dumps({"port": port, "requests": requests}).encode()
    words = [sys.executable, "-m", "network.bench.load"]
    done = subprocess.run(words, input=given, stdout=subprocess.PIPE, check=True, timeout=SECONDS + 2 * _PATIENCE)
    return Round(json.loads(done.stdout), _cpu(process.pid) - before)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _bare() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with _child([sys.executable, "-m", "qos_api.bare"], dict(os.environ)) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        _wait(port, "/", process)
        yield port, process


@contextmanager
def _serving(settings: Settings) -> Iterator[tuple[int, subprocess.Popen[bytes], tuple[str, ...]]]:
    """The service, with what it logs in a file, and tokens of callers."""
    with TemporaryDirectory(prefix="lajur-bench-") as folder:
        own = replace(settings, state=Path(folder) / "state", ledger=None)
        known = _tokens(own)
        environment = {
            **os.environ,
            "LAJUR_STATE": str(own.state),
            "LAJUR_LEDGER": "",
            "LAJUR_REGENCIES": str(own.regencies),
            "LAJUR_API_CALLER_RATE": "1000000",
            "LAJUR_API_ADDRESS_RATE": "1000000",
        }
        port = _free_port()
        words = [sys.executable, "-c", _SERVE, "serve", *SERVED, "--port", str(port), "--via", "memory"]
        with (Path(folder) / "log").open("wb") as log, _child(words, environment, log.fileno()) as process:
            _wait(port, "/readyz", process)
            time.sleep(3)  # until every loop has had its first round
            yield port, process, known


def _tokens(settings: Settings) -> tuple[str, ...]:
    now = SystemClock().now()
    shown: list[str] = []
    with wiring.open_ledger(settings) as ledger:
        for number in range(CALLERS):
            grants = {ASKED: ("engineer",)}
            token, text = tokens.mint(f"caller {number}", grants, actor="bench", now=now, expires=now + timedelta(days=1))
            ledger.tokens.add(token)
            shown.append(text)
    return tuple(shown)


@contextmanager
def _child(words: Sequence[str], environment: dict[str, str], stderr: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=stderr) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
        except (urllib.error.URLError, OSError) as error:
            if process.poll() is not None or time.monotonic() > end:
                raise LabError("bench.api", seconds=_PATIENCE) from error
            time.sleep(0.1)
        else:
            return

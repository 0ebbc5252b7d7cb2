"""Rows `fleet.*`: a change on five hundred devices, five of them dead, all at a distance."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import IO, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from network.bench.fleet.boxes import PORT, Ordered, Standing
from network.bench.fleet.client import Task, Told
from network.bench.rows import Row, median_row
from network.errors import LabError

DEVICES: Final = 500
SILENT: Final = 3
LOST: Final = 2
ROUND_TRIP: Final = 0.02
SERVERS: Final = 2
LIMIT: Final = 64
CONNECT: Final = 5.0
RUNS: Final = 3
SECONDS: Final = 15.0
CPU_MS: Final = 25.0
PEAK_MB: Final = 300.0
_PATIENCE: Final = 120.0
_BOXES: Final = "network.bench.fleet.boxes"
_CLIENT: Final = "network.bench.fleet.client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Where the devices answer and how one logs in."""

    addresses: tuple[str, ...]
    folder: Path


def measure(report: Callable[[Row], None]) -> None:
    told = []
    for number in range(RUNS):
        dice = Random(number)  # noqa: S311 - the dead stand where they stood in the last bench
        with fleet(DEVICES, dice) as standing:
            told.append(rolled_out(standing))
    alive = DEVICES - SILENT - LOST
    where = f"{DEVICES} emulated devices, {ROUND_TRIP * 1000:g} ms away"
    report(
        median_row(
            "fleet.seconds",
            f"{where}, {DEVICES - alive} dead: all that answer changed and confirmed from a second login, until the last ended",
            [each["seconds"] for each in told],
            "s",
            "<=",
            SECONDS,
        )
    )
    left = [float(alive - each["done"]) for each in told]
    report(median_row("fleet.left", "devices that answer and were not done", left, "devices", "<=", 0))
    report(median_row("fleet.last", "until the last of them was done", [each["last"] for each in told], "s"))
    cpu = [1000 * each["cpu"] / DEVICES for each in told]
    report(median_row("fleet.cpu", "processor time of the controller for a device", cpu, "ms", "<=", CPU_MS))
    report(median_row("fleet.peak", "most memory of the controller", [each["peak"] for each in told], "MB", "<=", PEAK_MB))


@contextmanager
def fleet(count: int, dice: Random) -> Iterator[Fleet]:
    """So many devices, the dead ones anywhere among them; gone at the end. Raises LabError when they do not stand up."""
    net = 16 + os.getpid() % 224  # several fleets may stand on one machine
    addresses = [f"127.{net}.{number // 200}.{number % 200 + 1}" for number in range(count)]
    dead = dice.sample(addresses, SILENT + LOST)
    alive = [address for address in addresses if address not in dead]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="lajur-fleet-")))
        authorized = _key(folder / "key")
        pins: list[str] = []
        for server in range(SERVERS):
            own = alive[server::SERVERS]
            first = server == 0
            ordered: Ordered = {
                "addresses": own,
                "silent": dead[:SILENT] if first else [],
                "lost": dead[SILENT:] if first else [],
                "seconds": ROUND_TRIP,
                "authorized": authorized,
            }
            host_key = stack.enter_context(_server(ordered))["host_key"]
            pins += [f"[{address}]:{PORT} {host_key}\n" for address in (*own, *(dead if first else ()))]
        (folder / "known_hosts").write_text("".join(pins))
        yield Fleet(addresses=tuple(addresses), folder=folder)


@contextmanager
def _server(ordered: Ordered) -> Iterator[Standing]:
    with subprocess.Popen([sys.executable, "-m", _BOXES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            standing: Standing = json.loads(_asked(process, _BOXES, ordered))
            yield standing
        finally:
            _stdin(process).close()
            process.wait(_PATIENCE)


def _asked(process: subprocess.Popen[str], program: str, what: object) -> str:
    stdin = _stdin(process)
    stdin.write(json.dumps(what) + "\n")
    stdin.flush()
    assert process.stdout is not None
    if not (line := process.stdout.readline()):
        raise LabError("bench.fleet", program=program)
    return line


def _stdin(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdin is not None
    return process.stdin


def rolled_out(standing: Fleet, connect: float = CONNECT) -> Told:
    """One change on all of it, by a controller in a process of its own; `connect` bounds each stage of a login, in seconds."""
    task: Task = {
        "addresses": list(standing.addresses),
        "port": PORT,
        "known_hosts": str(standing.folder / "known_hosts"),
        "key": str(standing.folder / "key"),
        "locks": str(standing.folder / "locks"),
        "limit": LIMIT,
        "connect": connect,
    }
    with subprocess.Popen([sys.executable, "-m", _CLIENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        told: Told = json.loads(_asked(process, _CLIENT, task))
        return told


def _key(file: Path) -> str:
    """A new key to log in with; returns its public half."""
    key = Ed25519PrivateKey.generate()
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()

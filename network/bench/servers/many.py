"""A regency of simulated servers on loopback: its truth, its machines, and the settings with which the command works on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import asyncssh

from network.bench.servers.machine import Machine
from network.bench.servers.machines import PORT, Ordered, Standing

REGENCY: Final = "seratus"
_KEY: Final = "LAJUR_BENCH_KEY"
_GB: Final = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """`environment` makes the command work on it; `machines` are their files, by server."""

    environment: dict[str, str]
    machines: dict[str, Path]


@contextmanager
def many(folder: Path, like: Path, count: int) -> Iterator[Many]:
    """`count` servers that are what their contract promises, in a regency made of the folder `like`; gone at the end."""
    keys = [f"server-{number:03}" for number in range(1, count + 1)]
    addresses = [f"127.0.{1 + number // 200}.{1 + number % 200}" for number in range(count)]
    _truth(folder / "regencies" / REGENCY, like, dict(zip(keys, addresses, strict=True)))
    machines = {key: folder / f"{key}.json" for key in keys}
    for key, path in machines.items():
        path.write_text(json.dumps(asdict(Machine(key, disks={"sda": 960 * _GB, "sdb": 960 * _GB}))))
    login = asyncssh.generate_private_key("ssh-ed25519")
    ordered: Ordered = {
        "machines": [str(path) for path in machines.values()],
        "addresses": addresses,
        "authorized": login.export_public_key().decode().strip(),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "network.bench.servers.machines"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(ordered) + "\n")
            process.stdin.flush()
            standing: Standing = json.loads(process.stdout.readline())
            (folder / "state").mkdir()
            pins = (f"[{address}]:{PORT} {standing['host_key']}\n" for address in addresses)
            (folder / "state" / "known_hosts").write_text("".join(pins))
            passphrase = folder / "passphrase"
            passphrase.touch(mode=0o600)
            passphrase.write_text("bench\n")
            yield Many(environment=_environment(folder, login, passphrase), machines=machines)
        finally:
            process.terminate()


def _environment(folder: Path, login: asyncssh.SSHKey, passphrase: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("LAJUR_")},
        "LAJUR_REGENCIES": str(folder / "regencies"),
        "LAJUR_REGENCY": REGENCY,
        "LAJUR_STATE": str(folder / "state"),
        "LAJUR_INFRA_PASSPHRASE_FILE": str(passphrase),
        _KEY: login.export_private_key().decode(),
    }


def _truth(folder: Path, like: Path, servers: dict[str, str]) -> None:
    shutil.copytree(like, folder)
    head = (folder / "regency.yaml").read_text()
    keyed = "".join(f"{_replaced(line)}\n" for line in head.splitlines() if not line.startswith("illustrative"))
    (folder / "regency.yaml").write_text(keyed)
    for name in ("workloads", "stages", "people", "clouds"):
        (folder / f"{name}.yaml").unlink(missing_ok=True)
    (folder / "leases.yaml").write_text(_LEASES)
    lines = [
        f"  - {{key: {key}, role: application, lease: all, address: {address}, "
        f"login: {{user: root, key: 'env:{_KEY}', port: {PORT}}}}}\n"
        for key, address in servers.items()
    ]
    (folder / "servers.yaml").write_text("servers:\n" + "".join(lines))


def _replaced(line: str) -> str:
    return f"key: {REGENCY}" if line.startswith("key:") else line


_LEASES: Final = """\
leases:
  - key: all
    lessor: Penyewaan Server (contoh)
    number: SEWA-CONTOH-100
    start: 2020-01-01
    end: 2099-12-31
    monthly_cost: 0
    place: Contoh
    promise: {cpus: 16, memory: 64 GiB, disks: [{size: 960 GB, kind: ssd, count: 2}]}
"""

"""A regency's servers without their machines' metal: real truth, real SSH, the real child process, the real engine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
from ruamel.yaml import YAML

from inventory.load import load_regency
from network.bench.servers.machine import Machine

ROOT = Path(__file__).parents[2]
REGENCY = ROOT / "inventory" / "regencies" / "manokwari"
TODAY = "2026-11-26"
NOW = "2026-11-26T08:00:00Z"
PASSPHRASE = "enam-belas-kunci"
LARGE, SMALL = ("app-1", "app-2", "db-1", "app-3"), ("edge-1", "mon-1")


@dataclass
class Answer:
    """What the child told: its events in order, and the last one."""

    events: list[dict[str, Any]]
    last: dict[str, Any]
    errors: str = ""

    @property
    def result(self) -> dict[str, Any]:
        assert self.last["event"] == "done", (self.last, self.errors)
        found: dict[str, Any] = self.last["result"]
        return found

    @property
    def code(self) -> str:
        assert self.last["event"] == "failed", self.last
        return str(self.last["code"])

    def of(self, event: str) -> list[dict[str, Any]]:
        return [each["fields"] for each in self.events if each["event"] == event]


@dataclass
class Site:
    """`folder` holds everything: machines, state, keys. `ports` are where the machines answer; `controllers`, by server, who we
    are to theirs: a server without a port has nothing else."""

    folder: Path
    key: str
    ports: dict[str, int]
    truth: Path = REGENCY
    state: str = ""
    controllers: dict[str, tuple[str, str]] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "state").mkdir(exist_ok=True)
        self.state = self.state or f"file://{self.folder / 'state'}"
        passphrase = self.folder / "passphrase"
        passphrase.write_text(PASSPHRASE)
        passphrase.chmod(0o600)

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    def machine(self, server: str) -> Path:
        return self.folder / "machines" / f"{server}.json"

    def change(self, server: str, **values: Any) -> None:
        """By hand, on the machine."""
        machine = json.loads(self.machine(server).read_text())
        for name, value in values.items():
            machine[name] = {**machine[name], **value} if isinstance(value, dict) else value
        part = self.machine(server).with_suffix(".new")
        part.write_text(json.dumps(machine))
        part.replace(self.machine(server))  # the simulator reads it at any time

    def request(self, verb: str, *servers: str, **more: Any) -> str:
        access = {server: self._access(server) for server in servers or dict.fromkeys((*self.ports, *self.controllers))}
        fields = {
            "verb": verb,
            "folder": str(self.truth),
            "state": self.state,
            "home": str(self.folder / "home"),
            "passphrase_file": str(self.folder / "passphrase"),
            "known_hosts": str(self.folder / "known_hosts"),
            "reports": str(self.reports),
            "today": TODAY,
            "now": NOW,
            "project": "lajur",
            "stack": "manokwari",
            "access": access,
        }
        return json.dumps({**fields, **more})

    def _access(self, server: str) -> dict[str, Any]:
        entered = {"user": "root", "host": "127.0.0.1", "port": self.ports.get(server), "private_key": self.key}
        user, password = self.controllers.get(server, ("", ""))
        controlled = {"bmc_user": user, "bmc_password": password} if user else {}
        return {**(entered if server in self.ports else {"user": "-"}), **controlled}

    def start(self, verb: str, *servers: str, **more: Any) -> subprocess.Popen[str]:
        """The child, with its request handed over; in a process group of its own."""
        process = subprocess.Popen(
            [sys.executable, "-m", "infra"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            start_new_session=True,
        )
        assert process.stdin is not None
        process.stdin.write(self.request(verb, *servers, **more))
        process.stdin.close()
        process.stdin = None
        return process

    def run(self, verb: str, *servers: str, **more: Any) -> Answer:
        with self.start(verb, *servers, **more) as process:
            out, err = process.communicate(timeout=400)
        return answer_of(out, err)


def answer_of(out: str, err: str = "") -> Answer:
    events = [json.loads(line) for line in out.splitlines()]
    return Answer(events, events[-1] if events else {}, err)


def truth_of(folder: Path, controllers: Mapping[str, Mapping[str, Any]], controlled: Collection[str] = ()) -> Path:
    """The regency with these controllers, by server; those of `controlled` are known by theirs only."""
    made = folder / "truth"
    shutil.copytree(REGENCY, made, dirs_exist_ok=True)
    file = made / "servers.yaml"
    truth = YAML(typ="safe").load(file)
    for server in truth["servers"]:
        server["management"] = list(server["management"])
        if server["key"] in controllers:
            server["bmc"] = dict(controllers[server["key"]])
        if server["key"] in controlled:
            del server["login"]
    file.write_text(json.dumps(truth))
    return made


def machine_of(server: str, **values: Any) -> Machine:
    """As its contract promises, or as `values` say."""
    size = {"memory": 64 * 2**30, "cpus": 16} if server in LARGE else {"memory": 16 * 2**30, "cpus": 4}
    disks = {"sda": 960 * 10**9, "sdb": 960 * 10**9} if server in LARGE else {"sda": 480 * 10**9}
    made: dict[str, Any] = {**size, "disks": disks, "serial": f"SN-{server}", **values}
    return Machine(server, **made)


@contextmanager
def standing(folder: Path, machines: Mapping[str, Machine], **more: Any) -> Iterator[Site]:
    """These machines on loopback, and a site for them; ended at the end."""
    (folder / "machines").mkdir()
    for server, machine in machines.items():
        (folder / "machines" / f"{server}.json").write_text(json.dumps(asdict(machine)))
    key = asyncssh.generate_private_key("ssh-ed25519")
    ordered = {
        "machines": [str(folder / "machines" / f"{server}.json") for server in machines],
        "addresses": [],
        "authorized": key.export_public_key().decode().strip(),
    }
    words = [sys.executable, "-m", "network.bench.servers.machines"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(ordered) + "\n")
            process.stdin.flush()
            there = json.loads(process.stdout.readline())
            lines = [f"[127.0.0.1]:{port} {there['host_key']}\n" for port in there["ports"].values()]
            (folder / "known_hosts").write_text("".join(lines))
            yield Site(folder, key.export_private_key().decode(), there["ports"], **more)
        finally:
            process.send_signal(signal.SIGTERM)


def servers() -> tuple[str, ...]:
    return tuple(server.key for server in load_regency(REGENCY).servers)

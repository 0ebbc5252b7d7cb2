"""An operator with a lab of their own: gives commands as people do, and reads what came of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from inventory.regency import Regency
from inventory.release_model import Runs, Workload
from inventory.views import small_copy
from network import labs
from network.bench.sample.load import Load, Wish
from network.errors import LabError
from network.labs import LabState
from network.server_wiring import ssh_config, standing_servers, ways
from network.settings import Settings

HTTPS: Final = 443
_PSQL: Final = "cd /tmp && runuser -u postgres -- psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1"
_RECAP: Final = re.compile(r"^(\S+) +: ok=(\d+) +changed=(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command came to: its exit code, seconds from start to end, and its document where it has one."""

    code: int
    seconds: float
    said: str
    document: Mapping[str, Any]

    @property
    def changed(self) -> dict[str, int]:
        """Of a play: how many tasks changed something, by server."""
        return {host: int(changed) for host, _, changed in _RECAP.findall(self.said)}

    @property
    def tasks(self) -> int:
        """Of a play: how many tasks were carried out, each server counted."""
        return sum(int(ok) for _, ok, _ in _RECAP.findall(self.said))


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """`workload` is what is released, `edge` the address of its way in, empty where that does not stand, `spare` a server that
    nothing runs on, None where all are in use. `folder` is the operator's own."""

    regency: Regency
    lab: LabState
    environment: Mapping[str, str]
    folder: Path
    workload: Workload
    edge: str
    spare: str | None

    def lajur(self, *words: str, codes: Sequence[int] = (0,), document: bool = True) -> Done:
        """Raises LabError for another exit code than `codes`."""
        command = [str(Path(sys.executable).with_name("lajur")), *words]
        if document:
            command += ["--output", "json"]
        began = time.perf_counter()
        done = subprocess.run(command, env=dict(self.environment), capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - began
        if done.returncode not in codes:
            raise LabError("bench.release.failed", command=" ".join(words), exit=done.returncode, reason=_end(done))
        found = json.loads(done.stdout) if document and done.stdout.strip() else {}
        return Done(code=done.returncode, seconds=seconds, said=done.stdout, document=found)

    def play(self, playbook: str, *flags: str, **variables: str) -> Done:
        words = [word for name, value in variables.items() for word in ("-e", f"{name}={value}")]
        return self.lajur("play", playbook, *flags, *(["--", *words] if words else []), document=False)

    def load(self, *, rate: float = 50.0, seconds: float = 900.0) -> Load:
        """Applications and questions from an office, through the edge, one connection each."""
        office = self.lab.plan.namespace(self.regency.offices[-1].device)
        assert self.workload.entrance is not None
        name = self.workload.entrance.names[0]
        wish = Wish(host=self.edge, port=HTTPS, tls=True, name=name, namespace=office, rate=rate, seconds=seconds)
        return Load(wish)

    def run(self, server: str, command: str) -> str:
        """What a command of a shell says there. Raises LabError."""
        words = ["ssh", "-F", str(self.folder / "ssh_config"), server, command]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            raise LabError("lab.command_refused", command=command[:100], cause=done.stderr.strip()[-500:])
        return done.stdout

    def psql(self, server: str, statement: str, database: str) -> str:
        """The last line that PostgreSQL says there. Raises LabError."""
        words = ["ssh", "-F", str(self.folder / "ssh_config"), server, f"{_PSQL} {database}"]
        done = subprocess.run(words, input=statement, capture_output=True, text=True, check=False)
        if done.returncode:
            raise LabError("lab.command_refused", command=f"psql ({server})", cause=done.stderr.strip()[-500:])
        return (done.stdout.strip().splitlines() or [""])[-1]


def _end(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    wrong = [line for line in lines if "fatal:" in line or line.startswith(("[ERROR]", "Error", "Galat"))] or lines
    return " ".join(wrong[-4:])[-800:] or "-"


@contextmanager
def operator(
    settings: Settings, regency: Regency, lab_id: str, *, servers: int | None = None, cloud: bool = False
) -> Iterator[Operator]:
    """In a lab of two offices with the first so many servers, all of them where nothing is said, and with a `cloud` where that is
    wanted; gone at the end."""
    small = small_copy(regency, 2)
    if servers is not None:
        small = small.model_copy(update={"servers": small.servers[:servers]})
    workload = next(each for each in small.workloads if each.release is not None and each.entrance is not None)
    through = next(each for each in small.workloads if workload.entrance and each.key == workload.entrance.through)
    used = {server for each in small.workloads for server in each.servers}
    edge = next((str(each.address) for each in small.servers if each.key == through.servers[0]), "")
    with TemporaryDirectory(prefix="lajur-operator-") as folder:
        own = replace(settings, lab=lab_id, state=Path(folder) / "state")
        lab = labs.up(small, lab_id, timeout=300, servers=True, cloud=cloud)
        try:
            found = ways(own, standing_servers(small, lab), lab).values()
            (Path(folder) / "ssh_config").write_text(ssh_config(found))
            yield Operator(
                regency=small,
                lab=lab,
                environment={
                    **os.environ,
                    "LAJUR_STATE": str(own.state),
                    "LAJUR_LAB": lab_id,
                    "LAJUR_REGENCY": regency.head.key,
                    "LAJUR_REGENCIES": str(settings.regencies),
                    "ANSIBLE_NOCOLOR": "1",
                },
                folder=Path(folder),
                workload=workload,
                edge=edge,
                spare=next((each.key for each in small.servers if each.key not in used), None),
            )
        finally:
            labs.down(lab_id)


def database_of(operator: Operator) -> tuple[str, str]:
    """The server of the workload's database, and its name there."""
    from inventory.release_views import database_name

    release = operator.workload.release
    assert release is not None
    key = release.database
    server = next(each.servers[0] for each in operator.regency.workloads if each.key == key and each.runs is Runs.DATABASE)
    return server, database_name(operator.workload)

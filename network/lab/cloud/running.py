"""The programs of a lab's cloud, started and asked whether they answer, inside the namespaces of whoever calls. All of them end
with their caller."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from network.errors import LabError
from network.lab import kernel, rootless
from network.lab.cloud import texts
from network.lab.cloud.parts import ADDRESS, DATABASE_PORT, DATABASE_USER, HOME, LOOPBACK, SERVICES, Service

_POLL: Final = 0.05
_ANSWER_SECONDS: Final = 10.0
_PATIENCE: Final = 120.0
_OWNER: Final = "postgres"
_PLUGINS: Final = Path(__file__).parents[2] / "plugins"
_DEBIAN: Final = Path("/usr/lib/postgresql")

Process = subprocess.Popen[bytes]


class Programs:
    """What runs of the cloud whose Python is in `environment`."""

    def __init__(self, environment: Path) -> None:
        self._bin = environment / "bin"
        self._running: dict[str, Process] = {}

    def start_database(self) -> None:
        """Raises LabError when it does not answer in time."""
        words = [str(database_programs() / "postgres"), "-D", f"{HOME}/database"]
        self._running["postgresql"] = self._spawn("postgresql", as_owner(words))
        asked = [str(database_programs() / "pg_isready"), "-q", "-h", str(LOOPBACK), "-p", str(DATABASE_PORT)]
        self._wait(lambda: subprocess.run(asked, check=False).returncode == 0, "postgresql")

    def stop_database(self) -> None:
        """Everything is written when this returns."""
        process = self._running.pop("postgresql")
        process.send_signal(signal.SIGINT)
        process.wait(_PATIENCE)

    def start(self, services: Iterable[Service] = SERVICES) -> None:
        """Start these, each after those that it needs, and return once all answer. Raises LabError for one that does not."""
        waiting = [each for each in services if each.name not in self._running]
        wanted = list(waiting)
        up: set[str] = {each.name for each in SERVICES if each not in waiting}

        def progressed() -> bool:
            for each in [each for each in waiting if set(each.after) <= up]:
                waiting.remove(each)
                self._running[each.name] = self._spawn(each.name, self._words(each))
            up.update(each.name for each in wanted if each.name in self._running and each.name not in up and answers(each))
            return {each.name for each in wanted} <= up

        self._wait(progressed, *(each.name for each in wanted))

    def stop(self) -> None:
        """The services, at once: what they keep is in the database."""
        for name in [name for name in self._running if name != "postgresql"]:
            process = self._running.pop(name)
            process.kill()
            process.wait()

    def run(self, *words: str, said: str = "") -> None:
        """A program of the cloud's own, or a module of it (`-m`), to its end. Raises LabError with its last words."""
        program = [str(self._bin / "python"), *words] if words[0] == "-m" else [str(self._bin / words[0]), *words[1:]]
        done = subprocess.run(program, input=said, capture_output=True, text=True, env=self._environment(), check=False)
        if done.returncode != 0:
            raise LabError("lab.command_refused", command=" ".join(words[:3]), cause=_last(done.stderr))

    def ended(self) -> str | None:
        """A program that has ended, if any."""
        return next((name for name, process in self._running.items() if process.poll() is not None), None)

    def _words(self, each: Service) -> list[str]:
        more = ["--config-file", f"{HOME}/etc/cinder/cinder.conf"] if each.name == "cinder" else []
        where = [str(ADDRESS), str(each.port), each.application]
        return [str(self._bin / "python"), "-m", "lajur_cloud.serve", *where, *more]

    def _environment(self) -> Mapping[str, str]:
        path = f"{self._bin}:/usr/sbin:/usr/bin:/sbin:/bin"
        own = {"PATH": path, "HOME": HOME, "PYTHONPATH": f"{_PLUGINS}:{HOME}/guest", "PYTHONDONTWRITEBYTECODE": "1"}
        return {**own, "OS_CLIENT_CONFIG_FILE": f"{HOME}/clouds.yaml", **texts.environment()}

    def _spawn(self, name: str, words: Sequence[str]) -> Process:
        with Path(f"{HOME}/log/{name}.out").open("ab") as log:
            bound = ["setpriv", "--pdeathsig", "KILL", *words]
            return subprocess.Popen(bound, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=self._environment())

    def _wait(self, holds: Any, *names: str) -> None:
        deadline = monotonic() + _PATIENCE
        while not holds():
            dead = self.ended()
            if dead or monotonic() > deadline:
                name = dead or next((name for name in names if not _is_up(name)), names[0])
                raise LabError("lab.cloud_silent", service=name, log=_last(_read(Path(f"{HOME}/log/{name}.out"))))
            sleep(_POLL)


def share_memory() -> None:
    """Give the cloud shared memory of its own: what a killed PostgreSQL leaves there goes with the namespaces of the caller."""
    kernel.mount_memory(Path("/dev/shm"), "shm", "mode=1777")  # noqa: S108 - where the system has it


def database_programs() -> Path:
    """The folder of the newest PostgreSQL of this machine. Raises LabError when there is none."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].partition(".")[0]))
    if not found:
        raise LabError("lab.needs_programs", programs="initdb", packages="postgresql")
    return found[-1].parent


def as_owner(words: Sequence[str]) -> list[str]:
    """PostgreSQL never runs as root. Where root is alone and can become nobody else, it is somebody else to PostgreSQL only."""
    if rootless.is_root():
        return ["setpriv", "--reuid", _OWNER, "--regid", _OWNER, "--clear-groups", *words]
    return ["unshare", "--user", "--map-user", "1", "--map-group", "1", *words]


def make_database() -> None:
    """An empty cluster below `HOME`, for this namespace alone: whoever is in it may do anything. Raises LabError."""
    home = Path(f"{HOME}/database")
    home.mkdir(mode=0o700)
    if rootless.is_root():
        os.chown(home, *_owner())
    make = [str(database_programs() / "initdb"), "-D", str(home), "-A", "trust", "-U", DATABASE_USER, "--no-sync", "-E", "UTF8"]
    done = subprocess.run(as_owner([*make, "--locale=C"]), capture_output=True, text=True, cwd="/", check=False)
    if done.returncode != 0:
        raise LabError("lab.command_refused", command="initdb", cause=_last(done.stderr))
    with (home / "postgresql.conf").open("a") as file:
        file.write(
            f"listen_addresses = '{LOOPBACK}'\nport = {DATABASE_PORT}\nunix_socket_directories = ''\n"
            "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum_naptime = 1d\njit = off\n"
            "max_connections = 300\nshared_buffers = 64MB\n"
        )


def make_databases(names: Iterable[str]) -> None:
    text = "".join(f"CREATE DATABASE {name};\n" for name in names)
    words = [
        str(database_programs() / "psql"),
        "-q",
        "-h",
        str(LOOPBACK),
        "-p",
        str(DATABASE_PORT),
        "-U",
        DATABASE_USER,
        "postgres",
    ]
    subprocess.run(words, input=text, text=True, capture_output=True, check=True)


def _owner() -> tuple[int, int]:
    import pwd

    found = pwd.getpwnam(_OWNER)
    return found.pw_uid, found.pw_gid


def _is_up(name: str) -> bool:
    return any(each.name == name and answers(each) for each in SERVICES)


def answers(each: Service) -> bool:
    """Whether it says anything at all over HTTP: a port is open long before."""
    with suppress(OSError, HTTPException):
        connection = HTTPConnection(str(ADDRESS), each.port, timeout=_ANSWER_SECONDS)
        try:
            connection.request("GET", each.healthy)
            return connection.getresponse().status < 500
        finally:
            connection.close()
    return False


def asked(port: int, method: str, path: str, token: str = "", body: object = None) -> tuple[Any, str]:
    """A request to a service: the document that it answers with, and the token that it gave. Raises OSError for anything else."""
    connection = HTTPConnection(str(ADDRESS), port, timeout=_ANSWER_SECONDS)
    try:
        sent = json.dumps(body) if body is not None else None
        connection.request(method, path, sent, {"Content-Type": "application/json", "X-Auth-Token": token})
        answer = connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise OSError(f"{path}: {answer.status}")
        return json.loads(said), answer.headers.get("X-Subject-Token", "")
    finally:
        connection.close()


def _last(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][-400:] if lines else "-"


def _read(path: Path) -> str:
    with suppress(OSError):
        return path.read_text("utf-8", errors="replace")
    return ""

"""A PostgreSQL server of the tests' own: real, on a loopback port of its own, in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import psycopg

USER = "lajur"
_OWNER = "postgres"
_START_SECONDS = 120.0


def programs() -> Path | None:
    """The folder of the newest server that Debian's packages brought; None when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].partition(".")[0]))
    return found[-1].parent if found else None


class Postgres:
    """A running server. Every database is empty at first and belongs to one test."""

    def __init__(self, port: int, words: Sequence[str], folder: Path) -> None:
        self.port = port
        self._words = words
        self._folder = folder
        self._numbers = count()
        self.start()

    @contextmanager
    def away(self) -> Iterator[None]:
        """It is down, and comes back with every database that it had. Its port is kept for it: nobody else gets it meanwhile."""
        self.stop()
        try:
            with socket.socket() as kept:
                kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                kept.bind(("127.0.0.1", self.port))
                yield
        finally:
            self.start()

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self._words, stdout=log, stderr=log, cwd=self._folder)
        _wait(self.port, self._process, self._folder / "log")

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # fast: no client is waited for
            self._process.wait(20)

    def database(self) -> str:
        """The address of a new database."""
        name = f"ledger{next(self._numbers)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._address(name)

    def _address(self, name: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"


@contextmanager
def running() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="lajur-postgres-", dir="/tmp"))
    try:
        as_owner = _owned(folder)
        bin_folder = programs()
        assert bin_folder is not None
        data = folder / "data"
        made = [str(bin_folder / "initdb"), "--pgdata", str(data), "--username", USER, "--auth", "trust", "--no-sync"]
        subprocess.run([*as_owner, *made, "--encoding", "UTF8", "--locale", "C"], check=True, capture_output=True, cwd=folder)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        words = [*as_owner, str(bin_folder / "postgres"), "-D", str(data), *options]
        server = Postgres(port, words, folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owned(folder: Path) -> list[str]:
    """The server refuses root, so root hands the folder to the user that Debian's package made."""
    if os.geteuid() != 0:
        return []
    owner = pwd.getpwnam(_OWNER)
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(f"postgresql://{USER}@127.0.0.1:{port}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            assert monotonic() < deadline, log.read_text()
            sleep(0.05)
        else:
            return

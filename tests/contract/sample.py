"""The sample workload as a release: built, unpacked and started on loopback with a database of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg

from network.bench.sample.build import build

PYTHON = "/usr/bin/python3"
SECONDS = 60.0


def why_not() -> str:
    """What this machine lacks to run the sample; empty when nothing."""
    tried = subprocess.run([PYTHON, "-c", "import psycopg2"], capture_output=True, check=False)
    return "no python3-psycopg2 (`make setup` as root installs it)" if tried.returncode else ""


@dataclass(frozen=True, kw_only=True)
class Said:
    status: int
    words: Any
    version: str


class Site:
    """A folder of releases and one database."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.database = database

    def release(self, version: str) -> Path:
        """Where the version is unpacked."""
        made = build(version, self.folder / "built")
        place = self.folder / "releases" / made.release
        if not place.exists():
            with tarfile.open(made.path) as tar:
                tar.extractall(place, filter="data")
        return place

    def environment(self, **more: str) -> dict[str, str]:
        return {"DATABASE": self.database, "ADDRESS": "127.0.0.1", "PATH": os.environ["PATH"], **more}

    def migrate(self, version: str, kind: str, **more: str) -> subprocess.CompletedProcess[str]:
        words = [str(self.release(version) / "bin" / "migrate"), kind]
        return subprocess.run(words, env=self.environment(**more), capture_output=True, text=True, check=False, timeout=240)

    @contextmanager
    def running(self, version: str, *program: str, **more: str) -> Iterator[Running]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        words = program or (str(self.release(version) / "bin" / "serve"),)
        process = subprocess.Popen(
            words, env=self.environment(PORT=str(port), **more), stderr=subprocess.PIPE, text=True, cwd=self.folder
        )
        try:
            made = Running(port, process)
            made.wait()
            yield made
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def rows(self, words: str) -> list[Any]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(words.encode()).fetchall()

    def stored(self) -> list[str]:
        return [key for (key,) in self.rows("SELECT kunci FROM permohonan ORDER BY id")]

    def columns(self) -> set[str]:
        return {
            name for (name,) in self.rows("SELECT column_name FROM information_schema.columns WHERE table_name = 'permohonan'")
        }


class Running:
    """A started version."""

    def __init__(self, port: int, process: subprocess.Popen[str]) -> None:
        self.port = port
        self.process = process

    def wait(self) -> None:
        deadline = monotonic() + SECONDS
        while True:
            try:
                self.ask("/sehat")
            except OSError:
                assert self.process.poll() is None, self.process.communicate()
                assert monotonic() < deadline, "it does not answer"
                sleep(0.02)
            else:
                return

    def until_refused(self) -> None:
        """Until no new connection is taken."""
        deadline = monotonic() + SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), SECONDS).close()
            except ConnectionRefusedError:
                return
            except ConnectionResetError:
                continue  # the kernel had taken it, and nobody came for it before the end
            assert monotonic() < deadline, "it still takes connections"

    def ask(self, path: str, *, body: bytes | None = None, **headers: str) -> Said:
        with self.connection() as connection:
            return ask(connection, path, body=body, **headers)

    def add(self, key: str, applicant: str = "Ana Wanggai") -> Said:
        return self.ask("/permohonan", body=content(applicant), Idempotency_Key=key)

    @contextmanager
    def connection(self) -> Iterator[HTTPConnection]:
        made = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            yield made
        finally:
            made.close()

    def terminate(self) -> float:
        """Tell it to end; returns after how many seconds it did, with exit code 0."""
        began = monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(SECONDS) == 0
        return monotonic() - began


def ask(connection: HTTPConnection, path: str, *, body: bytes | None = None, **headers: str) -> Said:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET" if body is None else "POST", path, body, given)
    answer = connection.getresponse()
    raw = answer.read()
    is_json = (answer.getheader("Content-Type") or "").startswith("application/json")
    return Said(
        status=answer.status, words=json.loads(raw) if is_json else raw.decode(), version=answer.getheader("X-Version") or ""
    )


def content(applicant: str) -> bytes:
    return json.dumps({"pemohon": applicant, "jenis": "SIUP"}).encode()

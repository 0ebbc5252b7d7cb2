"""A small application to carry, and the hands that carry it to the servers of the roles' lab."""

from __future__ import annotations

import hashlib
import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from network.bench.sample.load import Load, Wish
from network.core.releases.values import Artefact, ArtefactKind, Gate, Workload
from network.drivers.plays_release import PlayedReleases
from network.lab.layout import BRIDGE
from network.server_wiring import play_ground
from network.settings import Settings
from network.wiring import open_regency
from tests.roles.conftest import LAB, Site

NAME = "perizinan.manokwari.example"
FIT = '"status": "ok"'

_SERVE = """#!/usr/bin/python3
import json, os, signal, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION, PAGE = {version!r}, {page!r}


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps({{"status": "ok", "version": VERSION}}).encode()
        if PAGE and self.path == "/sehat":
            body = b"<h1>Galat</h1>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Version", VERSION)
        self.send_header("Server", "secret/1.0")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128


server = Server(("0.0.0.0", int(os.environ["PORT"])), Door)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
"""

_MIGRATE = """#!/bin/sh
echo "$1 in $(pwd) as $(id -un)"
cat "$CREDENTIALS_DIRECTORY/database"
touch /etc/x 2>/dev/null || echo "nothing of the system changes"
[ "$1" = expand ]
"""


def artefact(folder: Path, version: str, *, page: bool = False, padding: int = 0, name: str = "bin/serve") -> Artefact:
    """A tarball that answers as `version`; with `page` its health URL answers 200 with a page of error."""
    files = {name: _SERVE.format(version=version, page=page).encode(), "bin/migrate": _MIGRATE.encode(), "data": b"x" * padding}
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for place, content in files.items():
            member = tarfile.TarInfo(place)
            member.size, member.mode = len(content), 0o755
            tar.addfile(member, io.BytesIO(content))
    path = folder / f"{len(list(folder.iterdir()))}.tar"
    path.write_bytes(raw.getvalue())
    digest = hashlib.sha256(raw.getvalue()).hexdigest()
    return Artefact(
        id=f"{version.strip('{} *')}-{digest[:12]}".replace("*", "x"),
        version=version,
        kind=ArtefactKind.TARBALL,
        path=str(path),
        sha256=digest,
        size=len(raw.getvalue()),
        unpacked=len(raw.getvalue()),
    )


def gateway(**more: object) -> Workload:
    known: dict[str, object] = {
        "key": "gateway", "name": "Gerbang", "owner": "Dinas", "kind": ArtefactKind.TARBALL, "servers": ("app-1", "app-2"),
        "port": 8080, "health": "/sehat", "expect": FIT, "start": ("bin/serve",), "migrate": ("bin/migrate",),
        "gate": Gate(good=3, watch=2), "edges": ("edge-1",),
    }  # fmt: skip
    return Workload(**{**known, **more})  # type: ignore[arg-type]


@contextmanager
def carrier(site: Site, *, wait: int = 20, workload: Workload | None = None) -> Iterator[PlayedReleases]:
    environment = site.engineer.lajur.environment
    settings = Settings.read(environment, Path(environment.get("HOME", "/root")))
    with play_ground(settings, open_regency(settings, LAB), lab_id=LAB, environment=environment) as ground:
        yield PlayedReleases(workload or gateway(), ground.plays, wait=wait)


def load(site: Site, **more: object) -> Load:
    """Fifty requests a second through the edge, each on a connection of its own, from where servers are managed."""
    plan = site.lab.plan
    known: dict[str, object] = {
        "host": plan.node("edge-1").address, "port": 443, "tls": True, "name": NAME, "namespace": plan.namespace("noc"),
        "patience": 15.0,
    }  # fmt: skip
    return Load(Wish(**{**known, **more}))  # type: ignore[arg-type]


def curl(site: Site, *words: str, namespace: str = "noc") -> str:
    """What curl says of the edge, asked from a namespace of the lab."""
    address = site.lab.plan.node("edge-1").address
    names = [f"{NAME}:{port}:{address}" for port in (443, 80)]
    inside = ["nsenter", f"--net=/run/netns/{site.lab.plan.namespace(namespace)}", "--", "curl"]
    resolved = [word for name in names for word in ("--resolve", name)]
    return subprocess.run(
        [*inside, "--silent", "--insecure", "--max-time", "10", *resolved, *words], capture_output=True, text=True, check=False
    ).stdout


@contextmanager
def unplugged(site: Site, server: str) -> Iterator[None]:
    """Whatever is sent to it or by it goes nowhere, as when the power fails."""
    plan = site.lab.plan
    number = [node.key for node in plan.servers].index(server) + 1
    words = ["ip", "-n", plan.namespace("srv"), "link", "set", f"s{number}"]
    subprocess.run([*words, "down"], check=True)
    try:
        yield
    finally:
        subprocess.run([*words, "up"], check=True)


@contextmanager
def without_repository(site: Site) -> Iterator[str]:
    """No server gets to the package repository, as when the uplink is away; where it was."""
    node = site.lab.plan.node("srv")
    words = ["ip", "-n", site.lab.plan.namespace(node.key), "address"]
    shown = subprocess.run([*words, "show", "dev", BRIDGE], capture_output=True, text=True, check=True).stdout
    prefix = next(word for word in shown.split() if word.startswith(f"{node.address}/"))
    subprocess.run([*words, "del", prefix, "dev", BRIDGE], check=True)
    try:
        yield str(node.address)
    finally:
        subprocess.run([*words, "add", prefix, "dev", BRIDGE], check=True)

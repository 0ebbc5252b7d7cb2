"""Asks systems from a router's own side. Its text is sent over SSH and read by `python3` there: standard library of 3.7 and newer
only, nothing of ours, nothing written. Prints one line of JSON.

The word of each answer, its cause and how deep it was asked are those of `network.core.systems`.
"""

from __future__ import annotations

import errno
import ipaddress
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

MOST = 64 * 1024
"""Bytes of a page that are read."""

CAUSES = {10: "expired", 9: "not_yet", 62: "other_name", 64: "other_name"}
"""OpenSSL's numbers of what is wrong with a certificate; all others mean an issuer that nobody here knows."""

NO_WAY = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM, errno.EINVAL)
"""What the kernel says of a route that is none, is forbidden, or leads into nothing."""


class Failed(Exception):
    """An answer that is none, or no good one."""

    def __init__(self, word: str, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.told = {"word": word, "why": why, "status": status}


class Asking:
    """One system, asked once, within so many seconds in all. `issuers`: authorities (PEM) to believe, not the router's own."""

    def __init__(self, target: dict[str, Any], source: str, seconds: float, issuers: str | None) -> None:
        self.target = target
        self.source = source
        self.issuers = issuers
        self.begun = time.monotonic()
        self.end = self.begun + seconds
        self.by = target["kind"]

    def answer(self) -> dict[str, Any]:
        try:
            told = self.ask()
        except Failed as failed:
            told = dict(failed.told)
        except OSError as error:
            told = {"word": "silent", "why": cause(error)}
        spent = int((time.monotonic() - self.begun) * 1000)
        if told["word"] != "silent":
            told["milliseconds"] = spent
        if told["word"] == "answers" and spent > self.target["slow"]:
            told["word"] = "slow"
        return {**told, "by": self.by, "source": self.source}

    def ask(self) -> dict[str, Any]:
        with self.connected() as connection:
            if self.target["kind"] == "tcp":
                return {"word": "answers"}
            if self.target["kind"] == "http":
                return self.page(connection)
            with self.veiled(connection) as veiled:
                return self.page(veiled)

    def left(self) -> float:
        left = self.end - time.monotonic()
        if left <= 0:
            raise OSError(errno.ETIMEDOUT, "timed out")
        return left

    def connected(self) -> socket.socket:
        target = self.target
        try:
            found = socket.getaddrinfo(target["host"], target["port"], socket.AF_INET, socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError):
            raise Failed("silent", "name") from None
        host, port = found[0][4][:2]
        return socket.create_connection((str(host), int(port)), self.left(), (self.source, 0) if self.source else None)

    def veiled(self, connection: socket.socket) -> ssl.SSLSocket:
        context = ssl.create_default_context(cadata=self.issuers)
        if not self.issuers and not knows_issuers():
            # A router that knows no authority can say nothing of a certificate, which is no fault of the system's.
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.by = "https_unchecked"
        connection.settimeout(self.left())
        try:
            return context.wrap_socket(connection, server_hostname=self.target["host"])
        except ssl.SSLCertVerificationError as error:
            raise Failed("certificate", CAUSES.get(error.verify_code, "issuer")) from None
        except ssl.SSLError as error:
            raise Failed("silent", "timeout" if "timed out" in str(error) else "tls") from None

    def page(self, connection: socket.socket) -> dict[str, Any]:
        target = self.target
        asked = "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: lajur\r\nAccept: */*\r\nConnection: close\r\n\r\n"
        connection.settimeout(self.left())
        connection.sendall(asked.format(**target).encode("ascii"))
        said = self.read(connection)
        found = re.match(rb"HTTP/1\.[01] (\d{3})\b", said)
        if not found:
            raise Failed("page", "not_understood") if said else Failed("silent", "closed")
        status = int(found.group(1))
        if status >= 500 or (target["expect"] and not 200 <= status < 300):
            raise Failed("page", "status", status)
        if target["expect"] and target["expect"].encode() not in said.partition(b"\r\n\r\n")[2]:
            raise Failed("page", "expect", status)
        return {"word": "answers", "status": status}

    def read(self, connection: socket.socket) -> bytes:
        """As much of the answer as it takes: to the end of its head, to the text that a good page has, or to its own end."""
        said = b""
        wanted = (self.target["expect"] or "").encode()
        while len(said) < MOST:
            connection.settimeout(self.left())
            try:
                part = connection.recv(MOST - len(said))
            except (ConnectionResetError, ssl.SSLEOFError):
                break
            said += part
            _, head_ended, body = said.partition(b"\r\n\r\n")
            if not part or (head_ended and wanted in body):
                break
        return said


def cause(error: OSError) -> str:
    if error.errno == errno.ETIMEDOUT or "timed out" in str(error):
        return "timeout"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    return "no_route" if error.errno in NO_WAY else "closed"


def own_address(lan: str) -> str:
    """The first address of this router inside the office's LAN; empty where there is none."""
    try:
        shown = subprocess.run(["ip", "-4", "-o", "address", "show"], stdout=subprocess.PIPE, timeout=3, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    network = ipaddress.ip_network(lan)
    for address in re.findall(r" inet (\d+\.\d+\.\d+\.\d+)", shown.decode(errors="replace")):
        if ipaddress.ip_address(address) in network:
            return str(address)
    return ""


def knows_issuers() -> bool:
    """Whether this router has been told of any authority."""
    paths = ssl.get_default_verify_paths()
    try:
        return bool(paths.cafile and Path(paths.cafile).stat().st_size) or any(Path(paths.capath or "/nowhere").iterdir())
    except OSError:
        return False


def main(text: str) -> None:
    spec = json.loads(text)
    source = own_address(spec["lan"])
    found: dict[str, Any] = {}

    def one(target: dict[str, Any]) -> None:
        found[target["key"]] = Asking(target, source, spec["seconds"], spec["issuers"]).answer()

    threads = [threading.Thread(target=one, args=(target,), daemon=True) for target in spec["targets"]]
    for thread in threads:
        thread.start()
    end = time.monotonic() + spec["seconds"] + 1.0
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    # Only a resolver cannot be interrupted: who is not back by now waits for a name.
    late = {"word": "silent", "why": "name", "by": None, "source": source}
    sys.stdout.write(json.dumps({target["key"]: found.get(target["key"], late) for target in spec["targets"]}) + "\n")
    sys.stdout.flush()
    os._exit(0)

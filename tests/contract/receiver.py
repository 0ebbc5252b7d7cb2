"""A receiver of webhooks on loopback: a real socket, with or without TLS, that answers as a test says."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answers` are given in order, the last one again and again: a status, or `hang`, `drip`, `cut`."""

    port: int = 0
    answers: list[int | str] = field(default_factory=lambda: [204])
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    at_once: int = 0
    most_at_once: int = 0

    def answer(self) -> int | str:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        seen, lock = self.server.seen, self.server.lock
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        with lock:
            seen.requests.append(Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            seen.at_once += 1
            seen.most_at_once = max(seen.most_at_once, seen.at_once)
            answer = seen.answer()
        try:
            self._answer(seen, answer)
        finally:
            with lock:
                seen.at_once -= 1

    def _answer(self, seen: Receiver, answer: int | str) -> None:
        if answer == "hang":
            seen.release.wait(20)
        elif answer == "drip":
            with suppress(OSError):
                for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 400:
                    self.wfile.write(bytes([letter]))
                    self.wfile.flush()
                    if seen.release.wait(0.05):
                        break
        elif isinstance(answer, int):
            self.send_response(answer)
            for name, value in seen.headers.items():
                self.send_header(name, value)
            self.end_headers()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """A test says what it saw."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, seen: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen, self.lock = seen, threading.Lock()

    def handle_error(self, *_: object) -> None:
        """A client that left is what some tests are about."""


@contextmanager
def receiver(certificate: Path | None = None) -> Iterator[Receiver]:
    """Up until the test ends; `certificate` is a file with key and certificate."""
    seen = Receiver()
    server = _Server(seen)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    seen.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        seen.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path, name: str) -> Path:
    """A key and a certificate for `name` (or an address), signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    try:
        alternative: x509.GeneralName = x509.IPAddress(ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)  # noqa: TID251  # a certificate is judged by the real time
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name.replace(':', '_')}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file

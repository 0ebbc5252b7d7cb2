"""A real OIDC issuer on loopback: keys made here, discovery and keys served over HTTP or TLS, rotated when a test says so."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

AUDIENCE = "https://lajur.example"
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@cache
def key(kind: str) -> Private:
    """A key of that kind, made once for the session: `RS256`, `ES256`, `EdDSA`, `foreign` or `weak`."""
    if kind == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=1024 if kind == "weak" else 2048)


def public(kind: str, kid: str, **more: str) -> dict[str, Any]:
    """The published half of it."""
    own = key(kind).public_key()
    if isinstance(own, rsa.RSAPublicKey):
        made = RSAAlgorithm.to_jwk(own, as_dict=True)
    elif isinstance(own, ec.EllipticCurvePublicKey):
        made = ECAlgorithm.to_jwk(own, as_dict=True)
    else:
        made = OKPAlgorithm.to_jwk(own, as_dict=True)
    return {**made, "kid": kid, **more}


@dataclass
class LocalIssuer:
    """`keys` is what it publishes; `asked` the paths that were asked for. `away` answers everything with 500."""

    url: str = ""
    keys: list[dict[str, Any]] = field(default_factory=list)
    discovery: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    away: bool = False
    hold: Event | None = None

    def token(
        self,
        now: datetime,
        *,
        roles: object = None,
        kind: str = "RS256",
        kid: str = "first",
        alg: str | None = None,
        **claims: Any,
    ) -> str:
        """A token as this issuer makes them; a claim of None is left out."""
        usual = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "dinas-7",
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            "lajur": roles if roles is not None else ["manokwari:engineer"],
        }
        kept = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return jwt.encode(
            kept, key(kind), algorithm=alg or ("RS256" if kind in ("foreign", "weak") else kind), headers={"kid": kid}
        )

    def answer(self, path: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **self.discovery}
        return {"keys": self.keys} if path == "/keys" else None


@contextmanager
def issuing(context: ssl.SSLContext | None = None) -> Iterator[LocalIssuer]:
    own = LocalIssuer(keys=[public("RS256", "first")])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            own.asked.append(self.path)
            if own.hold is not None:
                own.hold.wait(20)
            found = None if own.away else own.answer(self.path)
            body = json.dumps(found or {}).encode()
            self.send_response(200 if found else 500)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        log_message: Callable[..., None] = lambda self, *args: None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    own.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield own
    finally:
        if own.hold is not None:
            own.hold.set()
        server.shutdown()
        thread.join()
        server.server_close()

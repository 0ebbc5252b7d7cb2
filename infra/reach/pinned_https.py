"""HTTPS to one controller and nowhere else, by a pinned certificate, with bounded answers."""

from __future__ import annotations

import hashlib
import ssl
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter

LARGEST: Final = 8 * 2**20
_PIN: Final = "SHA256:"


class Elsewhere(requests.exceptions.RequestException):
    """The controller pointed at another address; nothing was sent there."""


def only_here(session: requests.Session, url: str, certificate: str | None) -> None:
    """Let `session` speak to the origin of `url` alone. `certificate`: `SHA256:…` of its DER form, None for the system's
    authorities. Proxies and credentials of the environment count for nothing."""
    parts = urlsplit(url)
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Nowhere())
    session.mount(f"{parts.scheme}://{parts.netloc}/", _Here(certificate))


def offered_certificate(url: str, timeout: float) -> str | None:
    """`SHA256:…` of what the controller shows now; None when it shows nothing."""
    parts = urlsplit(url)
    with suppress(OSError, ValueError):
        text = ssl.get_server_certificate((parts.hostname or "", parts.port or 443), timeout=timeout)
        return _PIN + hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).hexdigest()
    return None


class _Nowhere(BaseAdapter):
    def send(self, request: requests.PreparedRequest, *rest: Any, **options: Any) -> requests.Response:
        raise Elsewhere(f"{urlsplit(request.url or '').netloc}")

    def close(self) -> None:
        pass


class _Here(HTTPAdapter):
    def __init__(self, certificate: str | None) -> None:
        self._certificate = certificate
        super().__init__()

    def init_poolmanager(self, *rest: Any, **options: Any) -> None:
        """The fingerprint is compared before anything is sent, the password first of all."""
        if self._certificate is not None:
            options["assert_fingerprint"] = self._certificate.removeprefix(_PIN)
        super().init_poolmanager(*rest, **options)

    def send(self, request: requests.PreparedRequest, *rest: Any, **options: Any) -> requests.Response:
        """The whole answer, up to `LARGEST` bytes."""
        response = super().send(request, *rest, **{**options, "stream": True})
        body = bytearray()
        try:
            for chunk in response.iter_content(2**16):
                body += chunk
                if len(body) > LARGEST:
                    raise requests.exceptions.ContentDecodingError("answer too long")
        finally:
            response.close()
        response._content = bytes(body)  # noqa: SLF001 - where requests keeps what it has read, and has no setting
        return response

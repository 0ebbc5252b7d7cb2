"""The courier: one HTTPS request to a receiver that somebody named, who may mean us no good.

The name is looked up once, every address of it is judged, and the connection goes to an address that was judged; so a name
that means something else a moment later (DNS rebinding) leads nowhere else. The certificate is checked against the name. No
redirect is followed, no proxy asked, and of the answer nothing but the status is kept.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from network.errors import LajurError, Refused, UsageError
from network.services.deliver import Receipt

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL: Final = 2000
LARGEST_ANSWER: Final = 64 * 1024

_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_ELSEWHERE: Final = tuple(map(ipaddress.IPv4Network, ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24")))
"""Shared between a provider and its customers, protocol assignments, 6to4 relays: not all known to every Python."""


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a request goes: `addresses` were judged, `path` has the query."""

    host: str
    port: int
    secure: bool
    path: str
    addresses: tuple[Address, ...]

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def allowed_networks(text: str) -> tuple[Network, ...]:
    """`10.8.0.0/16, 127.0.0.1` as networks. Raises UsageError for what is none."""
    found: list[Network] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError as error:
            raise UsageError("settings.webhook_allow", value=part) from error
    return tuple(found)


def public(address: Address) -> bool:
    """Whether it is somebody's on the internet; an address that carries another one inside is judged by that."""
    if isinstance(address, IPv4Address):
        special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
        return address.is_global and not special and not any(address in network for network in _ELSEWHERE)
    inner = _inner(address)
    if inner is not None:
        return public(inner)
    return address in _UNICAST and address.is_global and address.teredo is None


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address within: mapped, 6to4, or of a NAT64 translator."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def look_up(host: str, port: int) -> tuple[Address, ...]:
    """Every address of the name, by the machine's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found))


class WebhookCourier:
    """`network.services.deliver.Courier`. `allowed` networks are reached though they are not public, and without TLS too.

    `connect` and `total` are seconds; `connect` bounds the look-up of the name as well.
    """

    def __init__(
        self,
        *,
        allowed: Iterable[Network] = (),
        look_up: Callable[[str, int], tuple[Address, ...]] = look_up,
        trust: ssl.SSLContext | None = None,
        connect: float = 5.0,
        total: float = 15.0,
    ) -> None:
        self._allowed = tuple(allowed)
        self._look_up = look_up
        self._trust = trust or ssl.create_default_context()
        self._connect, self._total = connect, total

    def check(self, url: str) -> None:
        """Raises Refused: `webhook.bad_url`, `webhook.credentials`, `webhook.not_https`, `webhook.no_address`,
        `webhook.private_address`."""
        self._target(url)

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Receipt:
        deadline = time.monotonic() + self._total
        try:
            target = self._target(url)
            return self._ask(target, headers, body, deadline)
        except LajurError as refused:
            return Receipt(None, refused.code)

    def _target(self, url: str) -> _Target:
        parts = _parsed(url)
        host, secure = (parts.hostname or "").rstrip("."), parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        addresses = self._resolved(host, port)
        within = all(self._within(address) for address in addresses)
        if not secure and not within:
            raise Refused("webhook.not_https", url=_safe(url))
        bad = [address for address in addresses if not public(address) and not self._within(address)]
        if bad:
            raise Refused("webhook.private_address", host=host, address=str(bad[0]))
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return _Target(host, port, secure, path, addresses)

    def _within(self, address: Address) -> bool:
        return any(address in network for network in self._allowed if network.version == address.version)

    def _resolved(self, host: str, port: int) -> tuple[Address, ...]:
        """The look-up, given up after `connect` seconds: the resolver itself knows no bound."""
        answer: list[tuple[Address, ...]] = []

        def ask() -> None:
            try:
                answer.append(self._look_up(host, port))
            except (OSError, ValueError):  # no such name, or one that is none
                answer.append(())

        thread = threading.Thread(target=ask, name="webhook-name", daemon=True)
        thread.start()
        thread.join(self._connect)
        if not answer or not answer[0]:
            raise Refused("webhook.no_address", host=host)
        return answer[0]

    def _ask(self, target: _Target, headers: Mapping[str, str], body: bytes, deadline: float) -> Receipt:
        try:
            plain = self._connected(target, deadline)
        except TimeoutError:
            return Receipt(None, "webhook.timeout")
        except OSError:
            return Receipt(None, "webhook.no_connection")
        with plain:
            guard = _Guard(plain, deadline - time.monotonic())
            try:
                with guard:
                    return Receipt(self._exchange(plain, guard, target, {**headers, "Host": target.authority}, body))
            except ssl.SSLCertVerificationError:
                return Receipt(None, "webhook.certificate")
            except (OSError, http.client.HTTPException):
                return Receipt(None, "webhook.timeout" if guard.fired else "webhook.no_answer")

    def _connected(self, target: _Target, deadline: float) -> socket.socket:
        """To the first judged address that takes a connection."""
        failure: OSError = TimeoutError()
        until = min(deadline, time.monotonic() + self._connect)
        for address in target.addresses:
            left = until - time.monotonic()
            if left <= 0:
                break
            try:
                return socket.create_connection((str(address), target.port), timeout=left)
            except OSError as error:
                failure = error
        raise failure

    def _exchange(self, plain: socket.socket, guard: _Guard, target: _Target, headers: Mapping[str, str], body: bytes) -> int:
        """The status. The name is never looked up again: the connection stands already."""
        plain.settimeout(self._total)
        wire = plain
        if target.secure:
            wire = self._trust.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
            guard.watch(wire)
        with wire:
            if isinstance(wire, ssl.SSLSocket):
                wire.do_handshake()
            connection = http.client.HTTPConnection(target.host, target.port)
            connection.sock = wire
            with closing(connection):
                connection.request("POST", target.path, body=body, headers=dict(headers))
                response = connection.getresponse()
                if guard.fired:  # the end of a connection is also taken for the end of an answer's head
                    raise TimeoutError
                # The status was said; what comes after it is thrown away in any case.
                with suppress(OSError, http.client.HTTPException):
                    response.read(LARGEST_ANSWER)
                return response.status


class _Guard:
    """Ends a connection when its time is up: a time-out of the socket is for one packet, and a slow answer has many."""

    def __init__(self, wire: socket.socket, seconds: float) -> None:
        self._wire = wire
        self.fired = False
        self._timer = threading.Timer(max(0.0, seconds), self._end)
        self._timer.daemon = True

    def watch(self, wire: socket.socket) -> None:
        """TLS took the connection over."""
        self._wire = wire

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.fired = True
        with suppress(OSError):  # it has ended already
            # Past TLS, which another thread is reading.
            socket.socket.shutdown(self._wire, socket.SHUT_RDWR)


def _parsed(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or any(letter <= " " or letter == "\x7f" for letter in url):
        raise Refused("webhook.bad_url", url=_safe(url))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("webhook.bad_url", url=_safe(url)) from error
    if parts.scheme not in ("https", "http"):
        raise Refused("webhook.not_https", url=_safe(url))
    if parts.username is not None or parts.password is not None:
        raise Refused("webhook.credentials", host=parts.hostname or "-")
    host = parts.hostname or ""
    if not host.rstrip(".") or "%" in host or port == 0 or parts.fragment or "\\" in url:
        raise Refused("webhook.bad_url", url=_safe(url))
    return parts


def _safe(url: str) -> str:
    """An address for a message: without what may be a password, and not too long."""
    return url.rpartition("@")[2][:100]

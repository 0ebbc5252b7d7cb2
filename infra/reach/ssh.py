"""A server over SSH: pinned host keys, one command on a channel of its own, sizes and times bounded.

Never logs a secret, never trusts a host key by itself, never asks an agent or a home folder for a key.
"""

from __future__ import annotations

import io
import logging
import shlex
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

import paramiko

from infra.errors import HostKeyRefused, ReachError, Severed
from infra.reach.host_keys import pinned_in, seal, shown
from infra.text import clean

_CHUNK: Final = 2**16
_SLICE: Final = 0.25
"""Seconds to wait for one stream before the other is looked after."""

_KEX: Final = ("curve25519-sha256@libssh.org", "ecdh-sha2-nistp256")
_CIPHERS: Final = ("aes128-gcm@openssh.com", "aes128-ctr")
"""What costs least comes first; what a server lacks of it is passed over, and Paramiko's own list follows."""

logging.getLogger("paramiko").addHandler(logging.NullHandler())
logging.getLogger("paramiko").propagate = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How a server is entered. Secrets are resolved by now and never shown. `sudo`: commands go through `sudo -n`."""

    server: str
    host: str
    port: int = 22
    user: str = "root"
    private_key: str | None = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    sudo: bool = False

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds and bytes. `connect` bounds each stage of a login, `total` one command from its start to its end."""

    connect: float = 10.0
    total: float = 60.0
    output: int = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered: untrusted. `code` is -1 where it was ended by a signal."""

    code: int
    out: bytes
    err: bytes


class Reach:
    """Servers by key, each over one connection that stays open until `close`. For as many threads as there are servers; two
    commands for one server wait for each other.

    `login` tells how a server is entered, when it is first needed; `known_hosts` is the file of pinned keys.
    """

    def __init__(self, known_hosts: Path, login: Callable[[str], Login], limits: Limits = Limits()) -> None:
        self._known_hosts = known_hosts
        self._login = login
        self._limits = limits
        self._open: dict[str, _Connection] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def run(self, server: str, text: str, stdin: bytes = b"") -> Said:
        """Run `text` with the login's shell; through `sudo -n` where the login is not root's. `stdin` should be read by it.

        A connection that died meanwhile is opened anew before anything is sent; one that dies later raises, because nobody
        knows how far the command came. Raises ReachError.
        """
        with self._guard:
            turn = self._turns.setdefault(server, threading.Lock())
        with turn:
            connection = self._open.get(server)
            channel = connection.channel() if connection else None
            if connection is None or channel is None:
                if connection is not None:
                    connection.close()
                connection = self._open[server] = _Connection.to(self._login(server), self._known_hosts, self._limits)
                channel = connection.channel()
            return connection.converse(channel, text, stdin)

    def forget(self, server: str) -> None:
        """Close the connection to one server, for example when it is given back."""
        if (connection := self._open.pop(server, None)) is not None:
            connection.close()

    def close(self) -> None:
        for server in list(self._open):
            self.forget(server)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class _Connection:
    def __init__(self, login: Login, transport: paramiko.Transport, limits: Limits) -> None:
        self._login = login
        self._transport = transport
        self._limits = limits

    @classmethod
    def to(cls, login: Login, known_hosts: Path, limits: Limits) -> _Connection:
        trusted = _trusted(login, known_hosts)
        key = _private_key(login)
        with _told(login):
            sock = socket.create_connection((login.host, login.port), limits.connect)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                transport = _transport(sock, trusted, limits)
            except BaseException:
                sock.close()
                raise
            try:
                transport.start_client(timeout=limits.connect)
                _compare(login, trusted, transport.get_remote_server_key())
                _authenticate(transport, login, key)
            except BaseException:
                transport.close()
                raise
        return cls(login, transport, limits)

    def channel(self) -> paramiko.Channel | None:
        """A fresh channel; None when the connection has died since it was last used."""
        if not self._transport.is_active():
            return None
        try:
            return self._transport.open_session(timeout=self._limits.connect)
        except (paramiko.SSHException, EOFError, OSError):
            return None

    def close(self) -> None:
        self._transport.close()

    def converse(self, channel: paramiko.Channel | None, text: str, stdin: bytes) -> Said:
        if channel is None:
            raise ReachError("infra.unreachable", server=self._login.server, address=self._login.address, reason="no session")
        end = time.monotonic() + self._limits.total
        with channel, _told(self._login, seconds=round(self._limits.total)):
            channel.settimeout(self._limits.total)
            channel.event = _Bounded(self._limits.total)
            channel.exec_command(f"exec sudo -n -- sh -c {shlex.quote(text)}" if self._login.sudo else text)
            data = memoryview(stdin)
            while data:
                channel.settimeout(max(0.01, end - time.monotonic()))
                try:
                    data = data[channel.send(bytes(data[:_CHUNK])) :]
                except OSError:
                    if not channel.closed and not channel.exit_status_ready():
                        raise
                    break  # it ended without reading to the end, as a command may
            channel.shutdown_write()
            out, err = self._read(channel, end)
            if not channel.status_event.wait(max(0.01, end - time.monotonic())):
                raise TimeoutError
            if channel.exit_status == -1 and self._is_over():
                raise EOFError("closed by the other side")
            return Said(channel.exit_status, out, err)

    def _is_over(self) -> bool:
        """Whether the connection ended with its channel: the channel hears of it first."""
        until = time.monotonic() + _SLICE
        while self._transport.is_active() and time.monotonic() < until:
            time.sleep(_SLICE / 10)
        return not self._transport.is_active()

    def _read(self, channel: paramiko.Channel, end: float) -> tuple[bytes, bytes]:
        """Both streams to their ends. One that nobody reads would stop the other when its window is full."""
        out, err = bytearray(), bytearray()
        over = False
        while not over:
            while channel.recv_stderr_ready() and not channel.recv_ready():
                err += channel.recv_stderr(_CHUNK)
                self._bound(len(out) + len(err))
                if time.monotonic() > end:
                    raise TimeoutError
            over = self._take(channel, channel.recv, out, end)
            self._bound(len(out) + len(err))
        while not self._take(channel, channel.recv_stderr, err, end):
            self._bound(len(out) + len(err))
        return bytes(out), bytes(err)

    @staticmethod
    def _take(channel: paramiko.Channel, take: Callable[[int], bytes], kept: bytearray, end: float) -> bool:
        """One piece of a stream, waited for a short while; whether it was the end."""
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        channel.settimeout(min(left, _SLICE))
        try:
            chunk = take(_CHUNK)
        except TimeoutError:
            return False
        kept += chunk
        return not chunk

    def _bound(self, size: int) -> None:
        most = self._limits.output
        if size > most:
            raise ReachError("infra.too_much_output", server=self._login.server, address=self._login.address, most=most)


class _Bounded(threading.Event):
    """Is waited for only so long, in seconds: Paramiko waits without an end for the answer to an exec request, and a path that
    goes away then would hold its server for ever."""

    def __init__(self, patience: float) -> None:
        super().__init__()
        self._patience = patience

    def wait(self, timeout: float | None = None) -> bool:
        if not super().wait(self._patience if timeout is None else timeout) and timeout is None:
            raise TimeoutError
        return self.is_set()


def _trusted(login: Login, known_hosts: Path) -> tuple[paramiko.PKey, ...]:
    where = {"server": login.server, "address": login.address, "file": str(known_hosts)}
    try:
        keys = pinned_in(known_hosts, login.host, login.port)
    except OSError as error:
        raise HostKeyRefused("infra.host_keys_unreadable", **where, reason=error.strerror or type(error).__name__) from error
    if not keys:
        raise HostKeyRefused("infra.host_key_unknown", **where)
    return keys


def _transport(sock: socket.socket, trusted: tuple[paramiko.PKey, ...], limits: Limits) -> paramiko.Transport:
    """Asks for the pinned kinds of key first, so that a server with several shows one that can be compared."""
    transport = paramiko.Transport(sock)
    transport.banner_timeout = transport.auth_timeout = transport.handshake_timeout = limits.connect
    options = transport.get_security_options()
    options.kex = _first(_KEX, options.kex)
    options.ciphers = _first(_CIPHERS, options.ciphers)
    names = [name for key in trusted for name in _SIGNED_BY.get(key.get_name(), (key.get_name(),))]
    options.key_types = _first(tuple(dict.fromkeys(names)), options.key_types)
    return transport


_SIGNED_BY: Final = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256")}
"""One key, several ways to sign with it."""


def _first(wanted: tuple[str, ...], all_of_them: Sequence[str]) -> tuple[str, ...]:
    here = tuple(one for one in wanted if one in all_of_them)
    return here + tuple(one for one in all_of_them if one not in here)


def _compare(login: Login, trusted: tuple[paramiko.PKey, ...], offered: paramiko.PKey) -> None:
    if all(key.asbytes() != offered.asbytes() for key in trusted):
        raise HostKeyRefused(
            "infra.host_key_changed",
            server=login.server,
            address=login.address,
            pinned=shown(trusted),
            offered=shown([offered]),
        )


def _authenticate(transport: paramiko.Transport, login: Login, key: paramiko.PKey | None) -> None:
    left: list[str] = []
    if key is not None:
        with suppress(paramiko.AuthenticationException):
            left = transport.auth_publickey(login.user, key)
            if not left:
                return
    if login.password is None:
        raise paramiko.AuthenticationException
    left = transport.auth_password(login.user, login.password)
    if left:
        raise paramiko.AuthenticationException


@lru_cache(maxsize=256)
def _read_key(text: str, passphrase: str | None) -> paramiko.PKey | str:
    """The key, or why there is none. Many servers share one."""
    reason = "not an Ed25519, ECDSA or RSA key"
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), passphrase)
        except paramiko.PasswordRequiredException:
            reason = "locked, and no passphrase given"
        except (paramiko.SSHException, ValueError):
            continue
    return reason


def key_fingerprint(login: Login) -> str | None:
    """`SHA256:…` of the key of this login; None where there is none. Raises ReachError for one that cannot be read."""
    key = _private_key(login)
    return None if key is None else seal(key)


def public_key(login: Login) -> str | None:
    """The public half of the key of this login, as authorized_keys has it; None where there is none. Raises ReachError."""
    key = _private_key(login)
    return None if key is None else f"{key.get_name()} {key.get_base64()}"


def _private_key(login: Login) -> paramiko.PKey | None:
    if login.private_key is None:
        return None
    key = _read_key(login.private_key, login.passphrase)
    if isinstance(key, str):
        raise ReachError("infra.key_unreadable", server=login.server, user=login.user, reason=key)
    return key


@contextmanager
def _told(login: Login, seconds: int | None = None) -> Iterator[None]:
    """Foreign exceptions, as what is known. `seconds` is None before a command has begun."""
    where = {"server": login.server, "address": login.address}
    try:
        yield
    except ReachError:
        raise
    except paramiko.AuthenticationException:
        raise ReachError("infra.login_refused", **where, user=login.user) from None
    except TimeoutError as error:
        if seconds is not None:
            raise ReachError("infra.timed_out", **where, seconds=seconds) from error
        raise ReachError("infra.unreachable", **where, reason="timed out") from error
    except (paramiko.SSHException, EOFError, OSError) as error:
        if any(words in str(error) for words in ("SSH protocol banner", "Invalid packet blocking", "No existing session")):
            raise ReachError("infra.no_ssh", **where) from error
        reason = clean(str(error) or type(error).__name__)
        if seconds is not None:
            raise Severed("infra.cut", **where, reason=reason) from error
        raise ReachError("infra.unreachable", **where, reason=reason) from error

"""One SSH session to a device: a script goes to `sh` on standard input, its output comes back. Never a terminal dialogue.

Host keys are pinned: a key that is not in the known_hosts file, or another one than there, ends the connection before
anything is sent. Nothing is ever added to that file.
"""

from __future__ import annotations

import io
import logging
import socket
import threading
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import paramiko
from napalm.base.exceptions import ConnectAuthError, ConnectionClosedException, ConnectionException
from paramiko.pkey import UnknownKeyType

from napalm_frr.failures import connecting, conversing
from napalm_frr.shell import Answer, ask

Dialer = Callable[[str, int, float], socket.socket]
"""Opens a TCP connection to host and port within so many seconds, or raises OSError."""

_PORT: Final = 22
_LONGEST: Final = 24 * 3600
_CHUNK: Final = 2**16
_WAKES: Final = 2.0
"""Seconds."""
_LARGEST_ANSWER: Final = 64 * 2**20

for _name in ("paramiko", "paramiko.transport"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def dial(host: str, port: int, timeout: float) -> socket.socket:
    return socket.create_connection((host, port), timeout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How a device is reached. Times are seconds: `connect` for each stage of a login, `answer` for one silence."""

    host: str
    port: int
    username: str
    known_hosts: Path
    password: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)
    connect: float = 10.0
    answer: float = 60.0
    sudo: bool = False
    dialer: Dialer = dial

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    @classmethod
    def of(cls, hostname: str, username: str, password: str | None, timeout: float, options: Mapping[str, Any]) -> Login:
        """From the arguments of a NAPALM driver. Raises ConnectionException when the key file cannot be read."""
        key = options.get("key")
        if key is None and (file := options.get("key_file")):
            try:
                key = Path(file).expanduser().read_text("utf-8")
            except OSError as error:
                raise ConnectAuthError(f"{hostname}: the private key {file} cannot be read: {error.strerror}") from error
        port = _number(hostname, options, "port", _PORT, 65_535)
        if port != int(port):
            raise ConnectionException(f"{hostname}: port is {port}; it must be a whole number")
        return cls(
            host=hostname,
            port=int(port),
            username=username,
            password=password or None,
            key=key,
            passphrase=options.get("passphrase"),
            known_hosts=Path(options.get("known_hosts", "~/.ssh/known_hosts")).expanduser(),
            connect=_number(hostname, options, "conn_timeout", min(timeout, 10), _LONGEST),
            answer=_number(hostname, options, "read_timeout", timeout, _LONGEST),
            sudo=bool(options.get("sudo", False)),
            dialer=options.get("dial") or dial,
        )


def _number(hostname: str, options: Mapping[str, Any], name: str, usual: float, most: int) -> float:
    """An argument that must be more than 0 and at most `most`."""
    given = options.get(name, usual)
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = 0.0
    if not 0 < number <= most:
        raise ConnectionException(f"{hostname}: {name} is {given!r}; it must be a number, more than 0 and at most {most}")
    return number


class Session:
    """One login. `run` may be called from one thread at a time."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._client = paramiko.SSHClient()
        self._client.set_missing_host_key_policy(paramiko.RejectPolicy())
        key = _private_key(login)
        with connecting(login.address, login.username, str(login.known_hosts)):
            _pin(self._client.get_host_keys(), login)
            self._connect(key)

    def _connect(self, key: paramiko.PKey | None) -> None:
        login = self._login
        sock = self._sock = login.dialer(login.host, login.port, login.connect)
        try:
            # A script is several small packets each way; without this every one may wait 40 ms for an acknowledgement.
            with suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._client.connect(
                login.host,
                login.port,
                login.username,
                password=login.password,
                pkey=key,
                sock=sock,
                timeout=login.connect,
                banner_timeout=login.connect,
                auth_timeout=login.connect,
                allow_agent=False,
                look_for_keys=False,
            )
            # Paramiko looks ten times a second whether a session was closed; `close` wakes it instead.
            sock.settimeout(_WAKES)
        except BaseException:
            self._client.close()
            sock.close()
            raise

    @property
    def alive(self) -> bool:
        transport = self._client.get_transport()
        return transport is not None and transport.is_active()

    def run(self, script: str) -> str:
        """What a script prints, standard error included. Raises ConnectionClosedException when the session ends first and
        CommandTimeoutException after a silence."""
        return self.converse(script, "", lambda said: None)

    def converse(self, script: str, mark: str, reply: Callable[[str], str | None]) -> str:
        """As `run`, for a script that prints `mark` whenever it listens: `reply` is given all that it has said so far and makes
        what is said to it, or None when that was all. When `reply` raises, the script hears nothing more."""
        transport = self._client.get_transport()
        if transport is None:
            raise ConnectionClosedException(f"{self._login.address}: not open")
        with conversing(self._login.address):
            channel = transport.open_session(timeout=self._login.connect)
        with channel:
            talk = _Talk(channel, self._login.address)
            talk.begin("exec sudo -n sh 2>&1" if self._login.sudo else "exec sh 2>&1", self._login.answer)
            talk.say(script, last=not mark)
            while mark and talk.hear(mark):
                answer = reply(talk.said)
                talk.say(answer or "", last=answer is None)
                if answer is None:
                    break
            talk.hear("")
            return talk.said

    def commands(self, commands: Sequence[str]) -> list[Answer]:
        """Run commands of the shell in one exec."""
        return ask(self, commands)

    def close(self) -> None:
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._client.close()
        self._sock.close()  # paramiko does not where its reader has ended already


class _Bounded(threading.Event):
    """Is waited for only so long, in seconds: paramiko waits for the answer to an exec request without an end, and a path that
    goes away then would hold this thread and its device for ever. Costs nothing, unlike a timer for every exec."""

    def __init__(self, patience: float) -> None:
        super().__init__()
        self._patience = patience

    def wait(self, timeout: float | None = None) -> bool:
        """Raises TimeoutError."""
        if not super().wait(self._patience if timeout is None else timeout) and timeout is None:
            raise TimeoutError("no answer to the exec request")
        return self.is_set()


class _Talk:
    """One script on one channel. Every step translates what may go wrong."""

    def __init__(self, channel: paramiko.Channel, address: str) -> None:
        self._channel = channel
        self._address = address
        self._heard = bytearray()
        self._from = 0

    @property
    def said(self) -> str:
        return self._heard.decode("utf-8", "surrogateescape")

    def begin(self, command: str, patience: float) -> None:
        with conversing(self._address):
            self._channel.settimeout(patience)
            self._channel.event = _Bounded(patience)
            # Standard error of the script goes the way of its output. What is left of it is what the start-up files of the
            # login's shell complained of, and it would stand anywhere in an answer.
            self._channel.set_combine_stderr(combine=False)
            self._channel.exec_command(command)

    def say(self, text: str, *, last: bool) -> None:
        with conversing(self._address):
            if text:
                self._channel.sendall(text.encode("utf-8", "surrogateescape"))
            if last:
                self._channel.shutdown_write()

    def hear(self, mark: str) -> bool:
        """Until the next mark, or without one until the end; whether it was the mark."""
        wanted = mark.encode()
        with conversing(self._address):
            while not wanted or (at := self._heard.find(wanted, self._from)) < 0:
                chunk = self._channel.recv(_CHUNK)
                if not chunk:
                    return False
                self._heard += chunk
                if len(self._heard) > _LARGEST_ANSWER:
                    raise EOFError(f"more than {_LARGEST_ANSWER} bytes")
        self._from = at + len(wanted)
        return True


def _pin(keys: paramiko.HostKeys, login: Login) -> None:
    """Only what is pinned for this address: to read all keys of a fleet for each login of it takes longer than the login."""
    if not login.known_hosts.exists():
        return
    name = login.host if login.port == _PORT else f"[{login.host}]:{login.port}"
    for line in login.known_hosts.read_text("utf-8", "replace").splitlines():
        names, *key = line.split(maxsplit=3)[:3] or [""]
        if len(key) == 2 and any(_is_named(name, each) for each in names.split(",")):
            with suppress(paramiko.SSHException, UnknownKeyType, ValueError):
                pinned = paramiko.PKey.from_type_string(key[0], b64decode(key[1]))
                if pinned.get_name() not in (keys.lookup(name) or {}):
                    keys.add(name, pinned.get_name(), pinned)


def _is_named(name: str, written: str) -> bool:
    """`written` may be hashed."""
    if not written.startswith("|1|"):
        return written == name
    try:
        return paramiko.HostKeys.hash_host(name, written) == written
    except ValueError:
        return False


def _private_key(login: Login) -> paramiko.PKey | None:
    if login.key is None:
        return None
    reason = "it is no Ed25519, ECDSA or RSA key"
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(login.key), login.passphrase)
        except paramiko.PasswordRequiredException:
            reason = "it is locked, and no passphrase was given"
        except (paramiko.SSHException, UnknownKeyType, ValueError):
            continue
    raise ConnectAuthError(f"{login.address}: the private key cannot be used: {reason}")

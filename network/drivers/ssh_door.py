"""The way in over SSH: Netmiko's connections with pinned host keys, and one script on a channel of an open one.

Says in our own words why a login could not be made. Never logs a secret, never trusts a host key by itself, never uses a
terminal dialogue.
"""

from __future__ import annotations

import io
import logging
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import paramiko
from netmiko import BaseConnection, NetmikoBaseException, ReadException, ssh_dispatcher
from netmiko.linux.linux_ssh import LinuxSSH
from paramiko.pkey import UnknownKeyType

from network.dialects.linux_shell import read_verdict
from network.drivers.host_keys import HostKey, known_name, pinned, speaks_no_ssh
from network.errors import DeviceError, DeviceUnreachable, HostKeyChanged, HostKeyUnknown, LoginRefused, SessionCut

Dialer = Callable[[str, int, float], socket.socket]
"""Opens a TCP connection to host and port within so many seconds, or raises OSError. Called from two threads."""

_LARGEST_ANSWER: Final = 16 * 2**20
_CHUNK: Final = 2**16

for _name in ("paramiko", "netmiko"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def dial(host: str, port: int, timeout: float) -> socket.socket:
    """The ordinary dialer: straight from this machine."""
    return socket.create_connection((host, port), timeout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a device answers. `connect_seconds` bounds each stage of a login, `answer_seconds` one silence of a batch."""

    device: str
    host: str
    port: int = 22
    username: str = "root"
    connect_seconds: float = 10.0
    answer_seconds: float = 20.0

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """Resolved secrets of a login, never shown: a password, or a private key (PEM or OpenSSH text) and its passphrase."""

    password: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)


class _Bounded(threading.Event):
    """Is waited for only so long, in seconds: paramiko waits for the answer to an exec request without an end, and a path that
    goes away then would hold this thread and its device for ever. Costs nothing, unlike a timer for every exec. NAPALM's
    driver for FRR has its own, as it stands alone."""

    def __init__(self, patience: float) -> None:
        super().__init__()
        self._patience = patience

    def wait(self, timeout: float | None = None) -> bool:
        """Raises TimeoutError."""
        if not super().wait(self._patience if timeout is None else timeout) and timeout is None:
            raise TimeoutError("no answer to the exec request")
        return self.is_set()


class Conversation:
    """One script on one channel. `sent` says whether the whole script has left us: a part of one does nothing."""

    def __init__(self, channel: paramiko.Channel, patience: float) -> None:
        self._channel = channel
        self._patience = patience
        self._channel.settimeout(patience)
        self._channel.event = _Bounded(patience)
        self.sent = False

    def send(self, script: str) -> None:
        data = memoryview(script.encode())
        self._channel.set_combine_stderr(combine=True)
        self._channel.exec_command("exec sh")
        while data:
            data = data[self._channel.send(bytes(data[:_CHUNK])) :]
        self.sent = True
        self._channel.shutdown_write()

    def answer(self) -> str:
        """All that it prints. Raises EOFError when the connection ended before the script did."""
        parts: list[bytes] = []
        size = 0
        while chunk := self._channel.recv(_CHUNK):
            parts.append(chunk)
            size += len(chunk)
            if size > _LARGEST_ANSWER:
                raise EOFError(f"more than {_LARGEST_ANSWER} bytes")
        text = b"".join(parts).decode(errors="replace")
        self._channel.status_event.wait(self._patience)
        if read_verdict(text) is None and self._channel.exit_status == -1:
            raise EOFError("closed by the other side")
        return text


def converse(session: Session, target: Target, script: str, step: str) -> str:
    """What `script` prints, on a channel of its own of an open session. For who only looks: nothing was changed when it raises.

    Raises DeviceUnreachable where the session is gone, and SessionCut.
    """
    channel = session.channel()
    if channel is None:
        raise DeviceUnreachable(
            "device.unreachable", device=target.device, step=step, address=target.address, reason="no session"
        )
    with channel:
        conversation = Conversation(channel, target.answer_seconds)
        try:
            conversation.send(script)
            return conversation.answer()
        except TimeoutError as error:
            raise cut_looking(target, step, "timed out") from error
        except (paramiko.SSHException, EOFError, OSError) as error:
            raise cut_looking(target, step, str(error) or "closed") from error


def cut_looking(target: Target, step: str, reason: str) -> SessionCut:
    """The connection ended while something was only looked at."""
    return SessionCut("device.cut_looking", device=target.device, step=step, address=target.address, reason=reason)


class _Pinned(BaseConnection):
    """Lets a Netmiko login trust the keys that it is given, and nothing else: before any of Netmiko's classes.

    `trusted` are the only host keys that are accepted, under the name of the address.
    """

    def __init__(self, trusted: Mapping[str, Sequence[paramiko.PKey]], **options: Any) -> None:
        self._trusted = trusted
        super().__init__(**options)

    def _get_ssh_client_instance(self) -> paramiko.SSHClient:
        client = super()._get_ssh_client_instance()
        for name, keys in self._trusted.items():
            for key in keys:
                client.get_host_keys().add(name, key.get_name(), key)
        return client


class _Quick(_Pinned, LinuxSSH):
    """Netmiko's Linux login without a shell: nothing is ever typed. A shell is a process on the device, and two round trips."""

    def establish_connection(self, width: int = 511, height: int = 1000) -> None:
        """Raises what Paramiko and sockets raise."""
        client = self.remote_conn_pre = self._build_ssh_client()
        try:
            client.connect(**self._connect_params_dict())
        except BaseException:
            client.close()
            raise
        if transport := client.get_transport():
            transport.set_keepalive(self.keepalive)

    def _try_session_preparation(self, force_data: bool = False) -> None:
        """There is no prompt to be found."""

    def cleanup(self, command: str = "exit") -> None:
        """No shell is there to be left."""


class Session:
    """One login."""

    def __init__(self, connection: BaseConnection) -> None:
        self._connection = connection

    @property
    def greeting(self) -> str:
        """What the SSH server says of itself, for example `SSH-2.0-OpenSSH_9.2p1`; untrusted, at most 255 characters."""
        transport = self._transport()
        return transport.remote_version[:255] if transport else ""

    def channel(self) -> paramiko.Channel | None:
        """A fresh channel; None when the connection has died since it was last used, so that nothing was sent."""
        transport = self._transport()
        if transport is None or not transport.is_active():
            return None
        try:
            return transport.open_session(timeout=self._connection.conn_timeout)
        except (paramiko.SSHException, EOFError, OSError):
            return None

    def close(self) -> None:
        self._connection.disconnect()

    def _transport(self) -> paramiko.Transport | None:
        client = self._connection.remote_conn_pre
        return client.get_transport() if client else None


class Dialogue:
    """One login to a device that is spoken to line by line."""

    def __init__(self, connection: BaseConnection) -> None:
        self._connection = connection

    def say(self, command: str) -> str:
        """What the device answers to one command. Raises what Netmiko, Paramiko and sockets raise."""
        return str(self._connection.send_command(command))[:_LARGEST_ANSWER]

    def close(self) -> None:
        self._connection.disconnect()


class Door:
    """Opens logins to one device and says in our own words why one could not be."""

    def __init__(self, target: Target, dialer: Dialer, known_hosts: Path, secrets: Secrets) -> None:
        self._target = target
        self._dialer = dialer
        self._known_hosts = known_hosts
        self._secrets = secrets

    def open(self, doing: str) -> Session:
        """A login for scripts. Raises DeviceUnreachable, LoginRefused, HostKeyUnknown or HostKeyChanged."""
        return Session(self._opened(doing, _Quick, "linux"))

    def dialogue(self, doing: str, platform: str) -> Dialogue:
        """A login to a device of another platform, as Netmiko names it. Raises as `open` does."""
        base = ssh_dispatcher(platform)
        return Dialogue(self._opened(doing, type(base.__name__, (_Pinned, base), {}), platform))

    def _opened(self, doing: str, kind: Callable[..., BaseConnection], platform: str) -> BaseConnection:
        target = self._target
        where = {"device": target.device, "step": doing, "address": target.address}
        trusted = self._host_keys()
        if not trusted:
            raise HostKeyUnknown("device.host_key_unknown", file=str(self._known_hosts), **where)
        key = self._private_key(doing)
        try:
            sock = self._dialer(target.host, target.port, target.connect_seconds)
            # A batch is several small packets each way; without this every one may wait 40 ms for an acknowledgement.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise DeviceUnreachable("device.unreachable", reason=str(error) or type(error).__name__, **where) from error
        try:
            return kind(
                {known_name(target.host, target.port): trusted},
                device_type=platform,
                host=target.host,
                port=target.port,
                username=target.username,
                password=self._secrets.password,
                pkey=key,
                ssh_strict=True,
                conn_timeout=target.connect_seconds,
                auth_timeout=target.connect_seconds,
                banner_timeout=target.connect_seconds,
                read_timeout_override=target.answer_seconds,
                keepalive=15,
                sock=sock,
            )
        except (NetmikoBaseException, paramiko.SSHException, EOFError, OSError, ValueError) as error:
            sock.close()
            raise self._translated(error, where, platform) from error

    def _host_keys(self) -> list[paramiko.PKey]:
        """The pinned keys of this address that Paramiko can use."""
        keys = []
        for one in pinned(self._known_hosts, self._target.host, self._target.port):
            with suppress(paramiko.SSHException, UnknownKeyType, ValueError):
                keys.append(paramiko.PKey.from_type_string(one.algorithm, one.blob))
        return keys

    def _private_key(self, doing: str) -> paramiko.PKey | None:
        text = self._secrets.private_key
        if text is None:
            return None
        reason = "not an Ed25519, ECDSA or RSA key"
        for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
            try:
                return kind.from_private_key(io.StringIO(text), self._secrets.passphrase)
            except paramiko.PasswordRequiredException:
                reason = "locked, and no passphrase given"
            except (paramiko.SSHException, ValueError):
                continue
        username = self._target.username
        raise LoginRefused("device.key_unreadable", device=self._target.device, step=doing, username=username, reason=reason)

    def _translated(self, error: Exception, where: Mapping[str, str], platform: str) -> DeviceError:
        """Netmiko's exceptions are few and wordy; what was met below it says more."""
        met = (isinstance(error, NetmikoBaseException) and error.__context__) or error
        if isinstance(met, paramiko.BadHostKeyException):
            return HostKeyChanged(
                "device.host_key_changed",
                pinned=_fingerprint(met.expected_key),
                offered=_fingerprint(met.key),
                **where,
            )
        if isinstance(error, paramiko.AuthenticationException) or "authentication methods" in str(met):
            return LoginRefused("device.login_refused", username=self._target.username, **where)
        if isinstance(error, (ReadException, ValueError)):
            return SessionCut("device.not_understood", platform=platform, reason=_first_line(error), **where)
        if speaks_no_ssh(met):
            return DeviceUnreachable("device.no_ssh", **where)
        return DeviceUnreachable("device.unreachable", reason=_first_line(met), **where)


def _first_line(error: BaseException) -> str:
    """Netmiko writes a page of advice, of which the first line says what happened."""
    return next((line.strip()[:200] for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _fingerprint(key: paramiko.PKey) -> str:
    return HostKey(key.get_name(), key.asbytes()).fingerprint

"""A device over SSH: Netmiko's connections with pinned host keys, and one exec on its transport for each batch.

Two connections: the main one changes, the standby one confirms. A transport that died between two operations is opened
anew; one that dies while something is under way is never, because nobody knows how far the device came.
Never logs a secret, never trusts a host key by itself, never uses a terminal dialogue for a change.
"""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import paramiko
from netmiko import NetmikoAuthenticationException, NetmikoBaseException
from netmiko.linux.linux_ssh import LinuxSSH
from paramiko.pkey import UnknownKeyType

from network.core.observed import DeviceState
from network.core.plan import Step
from network.core.ports import Arm, Dialect, Return
from network.core.tree import Place, ShaperId
from network.dialects.linux_shell import Answer, Lacking, Unreadable, read_verdict
from network.drivers.failures import failure, lacking, step_name, unreadable
from network.drivers.host_keys import HostKey, known_name, pinned
from network.errors import DeviceError, DeviceUnreachable, HostKeyChanged, HostKeyUnknown, LoginRefused, SessionCut

Dialer = Callable[[str, int, float], socket.socket]
"""Opens a TCP connection to host and port within so many seconds, or raises OSError. Called from two threads."""

LOOK: Final = "observe"
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


class NetmikoDevice:
    """`network.core.ports.Device` for a Linux login. `places` are those of this device.

    `known_hosts` is the file of pinned keys (`network.drivers.host_keys`).
    """

    def __init__(
        self,
        target: Target,
        dialect: Dialect,
        places: Mapping[ShaperId, Place],
        dialer: Dialer,
        known_hosts: Path,
        secrets: Secrets,
    ) -> None:
        self._target = target
        self._dialect = dialect
        self._places = places
        self._door = _Door(target, dialer, known_hosts, secrets)
        self._main: _Session | None = None
        self._standby: _Session | None = None
        self._opening: Future[_Session] | None = None
        self._run = ""
        self._turn: int | None = None

    def observe(self) -> DeviceState:
        doing = LOOK
        text = self._on_main(doing, self._dialect.observe_script(self._places))
        try:
            return self._dialect.observed(text, self._places)
        except Unreadable as error:
            raise unreadable(self._target.device, doing, str(error)) from error
        except Lacking as error:
            raise lacking(self._target.device, doing, str(error)) from error

    def arm(self, arm: Arm) -> None:
        doing = f"arm {arm.run}"
        self._turn = self._judge(doing, self._on_main(doing, self._dialect.arm_script(arm, self._places)), run=arm.run)
        self._run = arm.run

    def carry(self, steps: Sequence[Step]) -> None:
        if not steps:
            return
        doing = step_name(steps[0])
        script = self._dialect.carry_script(steps, self._places, self._run, self._turn)
        turn = self._judge(doing, self._on_main(doing, script, total=len(steps)), run=self._run, steps=steps)
        self._turn = turn if self._run else None

    def confirm(self, run: str) -> None:
        doing = f"confirm {run}"
        turn = self._turn if run == self._run else None
        self._judge(doing, self._on_standby(doing, self._dialect.confirm_script(run, turn)), run=run)
        self._run, self._turn = "", None

    def leave(self, returns: Sequence[Return]) -> None:
        doing = "return timers"
        script = self._dialect.leave_script(returns, self._places, self._run, self._turn)
        turn = self._judge(doing, self._on_main(doing, script), run=self._run)
        self._turn = turn if self._run else None

    def close(self) -> None:
        if self._opening is not None:
            with suppress(DeviceError):
                self._standby = self._opening.result()
        self._opening = None
        for session in (self._main, self._standby):
            if session is not None:
                session.close()
        self._main = self._standby = None

    def _judge(self, doing: str, text: str, *, run: str = "", steps: Sequence[Step] = ()) -> int | None:
        """The turn that the device is at now. What was sent without an answer leaves ours as it was: if it is done after all,
        the next command is refused."""
        verdict = read_verdict(text)
        if verdict is None:
            raise self._cut("device.cut_during", doing, len(steps) or 1, f"no verdict: {text.strip()[-200:]!r}")
        if verdict.answer is Answer.EXPIRED:
            self._run, self._turn = "", None
        if verdict.answer is not Answer.DONE:
            raise failure(verdict, device=self._target.device, doing=doing, run=run, steps=steps)
        return verdict.number

    def _on_main(self, doing: str, script: str, *, total: int = 1) -> str:
        if self._standby is None and self._opening is None:
            self._opening = _in_thread(lambda: self._door.open(doing))
        if self._main is None:
            self._main = self._door.open(doing)
        channel = self._main.channel()
        if channel is None:
            self._main.close()
            self._main = self._door.open(doing)
            channel = self._main.channel()
        return self._converse(channel, doing, script, total)

    def _on_standby(self, doing: str, script: str) -> str:
        if self._opening is not None:
            opening, self._opening = self._opening, None
            with suppress(DeviceError):  # it is tried again now, and then its error counts
                self._standby = opening.result()
        channel = self._standby.channel() if self._standby else None
        if channel is None:
            if self._standby:
                self._standby.close()
            self._standby = self._door.open(doing)
            channel = self._standby.channel()
        return self._converse(channel, doing, script, 1)

    def _converse(self, channel: paramiko.Channel | None, doing: str, script: str, total: int) -> str:
        if channel is None:
            raise DeviceUnreachable(
                "device.unreachable",
                device=self._target.device,
                step=doing,
                address=self._target.address,
                reason="no session on a fresh connection",
            )
        with channel, self._cuts(channel, doing, total) as conversation:
            conversation.send(script)
            return conversation.answer()

    @contextmanager
    def _cuts(self, channel: paramiko.Channel, doing: str, total: int) -> Iterator[_Conversation]:
        """Foreign exceptions of an open connection, as what is known: whether the script had left whole."""
        conversation = _Conversation(channel, self._target.answer_seconds)
        try:
            yield conversation
        except TimeoutError as error:
            code = "device.cut_before" if not conversation.sent else "device.unread" if doing == LOOK else "device.silent"
            raise self._cut(code, doing, total, "timed out") from error
        except (paramiko.SSHException, EOFError, OSError) as error:
            code = "device.cut_during" if conversation.sent else "device.cut_before"
            raise self._cut(code, doing, total, str(error) or "closed") from error

    def _cut(self, code: str, doing: str, total: int, reason: str) -> SessionCut:
        target = self._target
        seconds = round(target.answer_seconds)
        return SessionCut(
            code, device=target.device, step=doing, address=target.address, total=total, reason=reason, seconds=seconds
        )


class _Conversation:
    """One script on one channel. `sent` says whether the whole script has left us: a part of one does nothing."""

    def __init__(self, channel: paramiko.Channel, patience: float) -> None:
        self._channel = channel
        self._patience = patience
        self._channel.settimeout(patience)
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


class _Quick(LinuxSSH):
    """Netmiko's Linux login without the dialogue about a prompt: nothing is ever typed, so no shell is kept.

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

    def _try_session_preparation(self, force_data: bool = False) -> None:
        super()._try_session_preparation(force_data=force_data)

    def session_preparation(self) -> None:
        if isinstance(self.remote_conn, paramiko.Channel):
            self.remote_conn.close()

    def cleanup(self, command: str = "exit") -> None:
        """No shell is there to be left."""


class _Session:
    """One login."""

    def __init__(self, connection: _Quick) -> None:
        self._connection = connection

    def channel(self) -> paramiko.Channel | None:
        """A fresh channel; None when the connection has died since it was last used, so that nothing was sent."""
        client = self._connection.remote_conn_pre
        transport = client.get_transport() if client else None
        if transport is None or not transport.is_active():
            return None
        try:
            return transport.open_session(timeout=self._connection.conn_timeout)
        except (paramiko.SSHException, EOFError, OSError):
            return None

    def close(self) -> None:
        self._connection.disconnect()


class _Door:
    """Opens logins to one device and says in our own words why one could not be."""

    def __init__(self, target: Target, dialer: Dialer, known_hosts: Path, secrets: Secrets) -> None:
        self._target = target
        self._dialer = dialer
        self._known_hosts = known_hosts
        self._secrets = secrets

    def open(self, doing: str) -> _Session:
        """Raises DeviceUnreachable, LoginRefused, HostKeyUnknown or HostKeyChanged."""
        target = self._target
        where = {"device": target.device, "step": doing, "address": target.address}
        trusted = self._host_keys()
        if not trusted:
            raise HostKeyUnknown(
                "device.host_key_unknown", file=str(self._known_hosts), host=target.host, port=target.port, **where
            )
        key = self._private_key(doing)
        try:
            sock = self._dialer(target.host, target.port, target.connect_seconds)
            # A batch is several small packets each way; without this every one may wait 40 ms for an acknowledgement.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise DeviceUnreachable("device.unreachable", reason=str(error) or type(error).__name__, **where) from error
        try:
            return _Session(self._login(sock, trusted, key))
        except (NetmikoBaseException, paramiko.SSHException, EOFError, OSError) as error:
            sock.close()
            raise self._translated(error, where) from error

    def _host_keys(self) -> list[paramiko.PKey]:
        """The pinned keys of this address that Paramiko can use."""
        keys = []
        for one in pinned(self._known_hosts, self._target.host, self._target.port):
            with suppress(paramiko.SSHException, UnknownKeyType, ValueError):
                keys.append(paramiko.PKey.from_type_string(one.algorithm, one.blob))
        return keys

    def _login(self, sock: socket.socket, trusted: Sequence[paramiko.PKey], key: paramiko.PKey | None) -> _Quick:
        target = self._target
        return _Quick(
            {known_name(target.host, target.port): trusted},
            device_type="linux",
            host=target.host,
            port=target.port,
            username=target.username,
            password=self._secrets.password,
            pkey=key,
            ssh_strict=True,
            conn_timeout=target.connect_seconds,
            auth_timeout=target.connect_seconds,
            banner_timeout=target.connect_seconds,
            keepalive=15,
            sock=sock,
        )

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

    def _translated(self, error: Exception, where: Mapping[str, str]) -> DeviceError:
        """Netmiko's exceptions are few and wordy; what was met below it says more."""
        met = error.__context__ or error
        if isinstance(met, paramiko.BadHostKeyException):
            return HostKeyChanged(
                "device.host_key_changed",
                pinned=_fingerprint(met.expected_key),
                offered=_fingerprint(met.key),
                file=str(self._known_hosts),
                **where,
            )
        if isinstance(error, NetmikoAuthenticationException) or "authentication methods" in str(met):
            return LoginRefused("device.login_refused", username=self._target.username, **where)
        return DeviceUnreachable("device.unreachable", reason=str(met) or type(met).__name__, **where)


def _fingerprint(key: paramiko.PKey) -> str:
    return HostKey(key.get_name(), key.asbytes()).fingerprint


def _in_thread(open_session: Callable[[], _Session]) -> Future[_Session]:
    """The standby login is made while the main one works; its errors wait until it is needed."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="standby")
    try:
        return pool.submit(open_session)
    finally:
        pool.shutdown(wait=False)

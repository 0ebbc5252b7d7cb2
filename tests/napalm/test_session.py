"""Logins and sessions: pinned keys, refusals in NAPALM's words, secrets that are never shown."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paramiko
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from napalm.base.exceptions import (
    CommandErrorException,
    CommandTimeoutException,
    ConnectAuthError,
    ConnectionClosedException,
    ConnectionException,
    MergeConfigException,
    ReplaceConfigException,
)

from napalm_frr import FRRDriver

PASSWORD = "".join(map(chr, range(32, 127))) + "é"
"""Every printable character of ASCII, and one beyond."""


def _key(passphrase: str = "") -> str:
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, lock).decode()


def _loaded(text: str, passphrase: str | None = None) -> paramiko.PKey:
    return paramiko.Ed25519Key.from_private_key(io.StringIO(text), passphrase)


@dataclass
class Server(paramiko.ServerInterface):
    """Lets a password or a key in, and answers every script as `answer` does; begins none before `stalls` is set."""

    answer: Callable[[str], bytes | None]
    key: paramiko.PKey | None = None
    stalls: threading.Event | None = None
    host_key: paramiko.PKey = field(default_factory=lambda: _loaded(_key()))
    scripts: list[str] = field(default_factory=list)
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _transports: list[paramiko.Transport] = field(default_factory=list)
    _answering: list[threading.Thread] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def pin(self, file: Path, key: paramiko.PKey | None = None) -> Path:
        shown = key or self.host_key
        file.write_text(f"[127.0.0.1]:{self.port} {shown.get_name()} {shown.get_base64()}\n")
        return file

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                transport = paramiko.Transport(connection)
                transport.add_server_key(self.host_key)
                self._transports.append(transport)
                with suppress(paramiko.SSHException, EOFError, OSError):
                    transport.start_server(server=self)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for transport in self._transports:
            transport.close()
        for thread in [*self._answering, *self._transports]:
            thread.join(10)

    def check_auth_password(self, username: str, password: str) -> int:
        good = (username, password) == ("root", PASSWORD)
        return paramiko.common.AUTH_SUCCESSFUL if good else paramiko.common.AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.common.AUTH_SUCCESSFUL if key == self.key else paramiko.common.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.common.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        if self.stalls is not None:
            self.stalls.wait(60)
        thread = threading.Thread(target=self._run, args=(channel, command.decode()), daemon=True)
        thread.start()
        self._answering.append(thread)
        return True

    def _run(self, channel: paramiko.Channel, command: str) -> None:
        with suppress(EOFError, OSError, paramiko.SSHException):  # whoever asked may be gone
            script = b""
            while chunk := channel.recv(65536):
                script += chunk
            self.scripts.append(f"{command}\n{script.decode()}")
            said = self.answer(script.decode())
            if said is None:
                channel.get_transport().close()
                return
            channel.sendall(said)
            channel.send_exit_status(0)
            channel.close()


def _echo(script: str) -> bytes:
    """As a shell would answer `true`."""
    nonce = script.partition("printf '\\n@%s %s\\n' ")[2].partition(" ")[0]
    return f"\n@{nonce} 0\n".encode()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(_echo)
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    yield made
    made.close()
    thread.join(10)


def _driver(server: Server, known_hosts: Path, *, password: str = "", **options: Any) -> FRRDriver:
    known = {"port": server.port, "known_hosts": str(known_hosts), "conn_timeout": 5, **options}
    return FRRDriver("127.0.0.1", "root", password, timeout=5, optional_args=known)


def test_a_password_with_every_printable_character(server: Server, tmp_path: Path) -> None:
    device = _driver(server, server.pin(tmp_path / "known"), password=PASSWORD)
    assert not device.is_alive()["is_alive"]
    device.open()
    assert device.is_alive()["is_alive"]
    device.close()
    assert not device.is_alive()["is_alive"]
    assert PASSWORD not in repr(device)
    with pytest.raises(ConnectionClosedException, match="not open"):
        device.get_facts()


@pytest.mark.parametrize("passphrase", ["", "a secret"])
def test_a_key_as_text_or_as_a_file(passphrase: str, server: Server, tmp_path: Path) -> None:
    text = _key(passphrase)
    server.key = _loaded(text, passphrase or None)
    known = server.pin(tmp_path / "known")
    (tmp_path / "id").write_text(text)
    for option in ({"key": text}, {"key_file": str(tmp_path / "id")}):
        with _driver(server, known, passphrase=passphrase or None, sudo=True, **option) as device:
            assert device.is_alive()["is_alive"]
    assert server.scripts[-1].startswith("exec sudo -n sh 2>&1\n")
    if passphrase:
        with pytest.raises(ConnectAuthError, match="locked"):
            _driver(server, known, key=text).open()


def test_a_host_key_that_is_not_pinned_or_another_is_refused(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ConnectionException, match=r"not pinned in .*none; nothing was sent"):
        _driver(server, tmp_path / "none", password=PASSWORD).open()
    other = server.pin(tmp_path / "known", _loaded(_key()))
    with pytest.raises(ConnectionException, match=r"host key has changed: ssh-ed25519 SHA256:.* Nothing was sent"):
        _driver(server, other, password=PASSWORD).open()
    assert not (tmp_path / "none").exists()


def test_a_login_that_is_refused(server: Server, tmp_path: Path) -> None:
    known = server.pin(tmp_path / "known")
    with pytest.raises(ConnectAuthError, match="login as root refused") as met:
        _driver(server, known, password="wrong one").open()
    assert "wrong one" not in str(met.value)
    with pytest.raises(ConnectAuthError, match="refused"):
        _driver(server, known, key=_key()).open()
    with pytest.raises(ConnectAuthError, match="no Ed25519, ECDSA or RSA key"):
        _driver(server, known, key="nothing of the kind").open()
    with pytest.raises(ConnectAuthError, match="cannot be read"):
        _driver(server, known, key_file=str(tmp_path / "absent")).open()


def test_nobody_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    options = {"port": port, "known_hosts": str(tmp_path / "known"), "conn_timeout": 1}
    with pytest.raises(ConnectionException):
        FRRDriver("127.0.0.1", "root", "x", optional_args=options).open()


def test_the_socket_is_the_dialers(server: Server, tmp_path: Path) -> None:
    asked = []

    def dial(host: str, port: int, timeout: float) -> socket.socket:
        asked.append((host, port, timeout))
        return socket.create_connection((host, port), timeout)

    with _driver(server, server.pin(tmp_path / "known"), password=PASSWORD, dial=dial):
        assert asked == [("127.0.0.1", server.port, 5.0)]

    def refuse(*where: object) -> socket.socket:
        raise TimeoutError(f"{where} timed out")

    with pytest.raises(ConnectionException, match="no answer in time"):
        _driver(server, tmp_path / "known", password=PASSWORD, dial=refuse).open()


def test_a_session_that_ends_or_says_nothing(server: Server, tmp_path: Path) -> None:
    known = server.pin(tmp_path / "known")
    server.answer = lambda script: None
    with _driver(server, known, password=PASSWORD) as device:
        assert not device.is_alive()["is_alive"]
        with pytest.raises(ConnectionClosedException):
            device.get_facts()
    server.answer = lambda script: b"half an answer"
    with _driver(server, known, password=PASSWORD) as device, pytest.raises(ConnectionClosedException, match="in the middle"):
        device.get_facts()
    silent = threading.Event()
    server.answer = lambda script: b"" if silent.wait(20) else None
    with _driver(server, known, password=PASSWORD, read_timeout=0.3) as device:
        with pytest.raises(CommandTimeoutException, match="silent"):
            device.get_facts()
        silent.set()


@pytest.mark.timeout(20)
def test_a_session_in_which_a_script_may_not_even_begin(server: Server, tmp_path: Path) -> None:
    """A path that goes away between the channel and the answer to the exec request."""
    known, server.stalls = server.pin(tmp_path / "known"), threading.Event()
    try:
        with _driver(server, known, password=PASSWORD, read_timeout=0.3) as device:
            with pytest.raises(CommandTimeoutException, match="silent"):
                device.get_facts()
            server.stalls.set()
    finally:
        server.stalls.set()
    assert server.scripts == []


def test_an_answer_that_is_no_answer(server: Server, tmp_path: Path) -> None:
    server.answer = lambda script: b"\x1b[2JWelcome to something else\n"
    with _driver(server, server.pin(tmp_path / "known"), password=PASSWORD) as device:
        with pytest.raises(CommandErrorException, match="cannot be read") as met:
            device.confirm_commit()
        assert "\x1b" not in str(met.value)


def test_a_candidate_is_looked_at_before_anything_is_sent(tmp_path: Path) -> None:
    device = FRRDriver("127.0.0.1", "root", "")
    (tmp_path / "candidate").write_text("interface a\n description b\n")
    device.load_merge_candidate(filename=str(tmp_path / "candidate"), config="ignored")
    assert device._candidate is not None
    assert device._candidate.text == "interface a\n description b\n"
    with pytest.raises(MergeConfigException, match="line 1 has a control character"):
        device.load_merge_candidate(config="a\x1bb")
    with pytest.raises(ReplaceConfigException, match="absent"):
        device.load_replace_candidate(filename=str(tmp_path / "absent"))
    device.discard_config()
    assert device.compare_config() == ""


@pytest.mark.parametrize(
    ("name", "value"), [("port", "abc"), ("port", 99999), ("port", 0), ("conn_timeout", "soon"), ("read_timeout", -1)]
)
def test_an_argument_that_is_none_is_named(name: str, value: object) -> None:
    with pytest.raises(ConnectionException, match=rf"{name} is {value!r}; it must be"):
        FRRDriver("192.0.2.1", "root", "", optional_args={name: value}).open()


def test_a_route_to_nowhere_is_not_asked_for() -> None:
    with pytest.raises(CommandErrorException, match="needs a destination"):
        FRRDriver("192.0.2.1", "root", "").get_route_to()

"""Why a login fails, each way with its own error: against an SSH server on loopback, without root."""

from __future__ import annotations

import io
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from network.core.ports import Arm
from network.core.tree import Place
from network.dialects.linux_tc import LinuxTc
from network.drivers.host_keys import HostKey, pin
from network.drivers.netmiko_ssh import NetmikoDevice, Secrets, Target, dial
from network.errors import (
    DeviceError,
    DeviceUnreachable,
    HostKeyChanged,
    HostKeyUnknown,
    LoginRefused,
    SessionCut,
    StepRefused,
)
from network.messages.devices import MESSAGES
from tests.contract.ssh_peer import PASSWORD, Peer, ecdsa, key_of
from tests.contract.wishes import UP, attach

HOST_KEY, OTHER_KEY = ecdsa(), ecdsa(1)


@pytest.fixture
def server() -> Iterator[Peer]:
    with closing(Peer(keys=[HOST_KEY])) as running:
        yield running


@pytest.fixture
def known_hosts(tmp_path: Path, server: Peer) -> Path:
    file = tmp_path / "known_hosts"
    pin(file, "127.0.0.1", server.port, key_of(HOST_KEY))
    return file


def device(server: Peer, known_hosts: Path, password: str = PASSWORD, patience: float = 60, **secrets: str) -> NetmikoDevice:
    target = Target(device="core", host="127.0.0.1", port=server.port, connect_seconds=60, answer_seconds=patience)
    places = {UP: Place("core", "up1")}
    return NetmikoDevice(target, LinuxTc(), places, dial, known_hosts, Secrets(password=password, **secrets))


def told(error: DeviceError) -> str:
    """The message in both languages; a field that the template lacks or wants would raise."""
    message = MESSAGES[error.code]
    return f"{message.id.format(**error.fields)}\n{message.en.format(**error.fields)}"


def test_the_right_password_comes_in(server: Peer, known_hosts: Path) -> None:
    server.exec = b"@@lajur done\n"
    with closing(device(server, known_hosts)) as core:
        core.carry([attach(UP)])
        core.confirm("run-1")


def test_a_wrong_password(server: Peer, known_hosts: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with closing(device(server, known_hosts, "eight-birds")) as core, pytest.raises(LoginRefused) as error:
        core.observe()
    assert "core" in told(error.value)
    assert "root" in told(error.value)
    assert "eight-birds" not in caplog.text
    assert "eight-birds" not in repr(core) + repr(vars(core)) + repr(error.value) + repr(Secrets(password="eight-birds"))


def test_a_private_key_that_cannot_be_read(server: Peer, known_hosts: Path) -> None:
    with closing(device(server, known_hosts, private_key="no key")) as core, pytest.raises(LoginRefused) as error:
        core.observe()
    assert error.value.code == "device.key_unreadable"
    locked = io.StringIO()
    OTHER_KEY.write_private_key(locked, password="secret")
    with closing(device(server, known_hosts, private_key=locked.getvalue())) as core, pytest.raises(LoginRefused) as error:
        core.observe()
    assert "locked" in told(error.value)


def test_a_host_key_that_nobody_trusted(server: Peer, tmp_path: Path) -> None:
    with closing(device(server, tmp_path / "none")) as core, pytest.raises(HostKeyUnknown) as error:
        core.observe()
    assert "lajur device trust core" in told(error.value)
    assert f"127.0.0.1:{server.port}" in told(error.value)


def test_another_line_of_the_file_may_be_damaged(server: Peer, known_hosts: Path) -> None:
    server.exec = b"@@lajur done\n"
    with known_hosts.open("ab") as file:
        file.write(b"other ssh-ed25519 !!!\nanother ssh-ed25519 AAAA\n\xff\n")
    with closing(device(server, known_hosts)) as core:
        core.confirm("run-1")


@pytest.mark.parametrize(
    "key", [HostKey("ssh-unheard", b"\0\0\0\x0bssh-unheard"), HostKey("ssh-ed25519", b"\0\0\0\x0bssh-ed25519")]
)
def test_a_pinned_key_that_is_no_key_trusts_nobody(server: Peer, known_hosts: Path, key: HostKey) -> None:
    pin(known_hosts, "127.0.0.1", server.port, key)
    with closing(device(server, known_hosts)) as core, pytest.raises(HostKeyUnknown):
        core.observe()


def test_no_secret_at_all(server: Peer, known_hosts: Path) -> None:
    target = Target(device="core", host="127.0.0.1", port=server.port)
    with closing(NetmikoDevice(target, LinuxTc(), {}, dial, known_hosts, Secrets())) as core, pytest.raises(LoginRefused):
        core.observe()


def test_a_host_key_that_changed(server: Peer, known_hosts: Path) -> None:
    pin(known_hosts, "127.0.0.1", server.port, key_of(OTHER_KEY))
    with closing(device(server, known_hosts)) as core, pytest.raises(HostKeyChanged) as error:
        core.observe()
    assert key_of(OTHER_KEY).fingerprint in told(error.value)
    assert key_of(HOST_KEY).fingerprint in told(error.value)


def test_nobody_answers(server: Peer, known_hosts: Path) -> None:
    server.close()
    server.listener = socket.create_server(("127.0.0.1", 0))
    with closing(device(server, known_hosts)) as core, pytest.raises(DeviceUnreachable) as error:
        core.observe()
    assert f"127.0.0.1:{server.port}" in told(error.value)


def test_somebody_answers_who_does_not_speak_ssh(tmp_path: Path) -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = listener.getsockname()[1]
        pin(tmp_path / "known_hosts", "127.0.0.1", port, key_of(HOST_KEY))
        target = Target(device="core", host="127.0.0.1", port=port, connect_seconds=0.3)
        core = NetmikoDevice(target, LinuxTc(), {}, dial, tmp_path / "known_hosts", Secrets(password=PASSWORD))
        stack.enter_context(closing(core))
        with pytest.raises(DeviceUnreachable) as error:
            core.observe()
    assert "core" in told(error.value)


def test_a_connection_that_ends_before_the_batch_is_sent(server: Peer, known_hosts: Path) -> None:
    server.exec = None
    with closing(device(server, known_hosts)) as core, pytest.raises(SessionCut) as error:
        core.carry([attach(UP), attach(UP)])
    assert error.value.code == "device.cut_before"
    assert error.value.fields["total"] == 2
    assert "domestic/up attach" in told(error.value)


@pytest.mark.timeout(20)
def test_a_connection_that_stalls_before_the_script_begins(server: Peer, known_hosts: Path) -> None:
    server.stalls = threading.Event()
    try:
        with closing(device(server, known_hosts, patience=0.3)) as core, pytest.raises(SessionCut) as error:
            core.carry([attach(UP), attach(UP)])
    finally:
        server.stalls.set()
    assert error.value.code == "device.cut_before"
    assert "timed out" in told(error.value)


@pytest.mark.parametrize("said", [b"", b"Welcome to the router\n", b"@@lajur maybe\n", b"\xff\xfe"])
def test_an_answer_without_a_verdict_is_not_taken_for_one(server: Peer, known_hosts: Path, said: bytes) -> None:
    server.exec = said
    with closing(device(server, known_hosts)) as core:
        with pytest.raises(SessionCut) as cut:
            core.carry([attach(UP)])
        assert cut.value.code == "device.cut_during"
        told(cut.value)
        with pytest.raises(DeviceError) as error:
            core.observe()
        assert error.value.code == "device.unreadable"
        told(error.value)


def test_a_device_that_lacks_a_program_says_which(server: Peer, known_hosts: Path) -> None:
    server.exec = b"@@lajur lacks tc\n"
    with closing(device(server, known_hosts)) as core:
        for act in (core.observe, lambda: core.carry([attach(UP)]), lambda: core.arm(Arm(run="run-1", seconds=5, restore=()))):
            with pytest.raises(StepRefused) as error:
                act()
            assert " tc" in told(error.value)

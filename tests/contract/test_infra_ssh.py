"""The builder's way into a server: a real OpenSSH server on loopback, and one in Python where no real one would do it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import paramiko
import pytest

from infra.errors import HostKeyRefused, ReachError
from infra.reach.ssh import Limits, Login, Reach
from infra.reading import parse, question
from tests.contract.ssh_peer import PASSWORD, Peer, ecdsa, key_of
from tests.contract.sshd import ADDRESS, Sshd

NONCE = "ab" * 8
LIMITS = Limits(connect=5, total=30)


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    server = Sshd(tmp_path_factory.mktemp("sshd"))
    yield server
    server.stop()


def login(sshd: Sshd, **words: object) -> Login:
    told = {"server": "app-1", "host": ADDRESS, "port": sshd.port, "private_key": sshd.client_key, **words}
    return Login(**told)  # type: ignore[arg-type]


def reach(sshd: Sshd, limits: Limits = LIMITS, known_hosts: Path | None = None, **words: object) -> Reach:
    return Reach(known_hosts or sshd.known_hosts(), lambda server: login(sshd, server=server, **words), limits)


@pytest.mark.lab
class TestRealServer:
    def test_a_command_says_and_ends(self, sshd: Sshd) -> None:
        with reach(sshd) as way:
            said = way.run("app-1", "cat; echo wrong >&2; exit 3", b"right {{ 1 }}\n")
            assert (said.code, said.out, said.err) == (3, b"right {{ 1 }}\n", b"wrong\n")
            assert way.run("app-1", "kill -9 $$").code == -1
            assert way.run("app-1", "exec true", b"x" * 2**20).code == 0

    def test_the_collector_is_asked_and_answers(self, sshd: Sshd) -> None:
        with reach(sshd) as way:
            said = way.run("app-1", "exec sh -s", question(NONCE).encode())
        facts, snapshot = parse(said.out, NONCE)
        assert (said.code, said.err) == (0, b"")
        assert facts.cpus > 0
        assert "root" in snapshot.users

    def test_thirty_two_at_once(self, sshd: Sshd) -> None:
        names = [f"app-{number}" for number in range(32)]
        with reach(sshd) as way, ThreadPoolExecutor(32) as pool:
            said = list(pool.map(lambda name: way.run(name, "cat", name.encode()).out.decode(), names))
        assert said == names

    def test_two_commands_for_one_server_wait_for_each_other(self, sshd: Sshd, tmp_path: Path) -> None:
        lock = tmp_path / "lock"
        with reach(sshd) as way, ThreadPoolExecutor(4) as pool:
            codes = list(pool.map(lambda _: way.run("app-1", f"mkdir {lock} && rmdir {lock}").code, range(8)))
        assert codes == [0] * 8

    @pytest.mark.parametrize("command", ["yes", "yes >&2", "yes & yes >&2"])
    def test_more_than_is_wanted_is_refused(self, sshd: Sshd, command: str) -> None:
        with reach(sshd, Limits(total=30, output=2**20)) as way, pytest.raises(ReachError) as met:
            way.run("app-1", command)
        assert met.value.code == "infra.too_much_output"

    @pytest.mark.parametrize("command", ["sleep 60", "exec >&-; sleep 60", "while echo x; do sleep 0.1; done"])
    def test_a_command_that_goes_on_is_left(self, sshd: Sshd, command: str) -> None:
        with reach(sshd, Limits(total=1)) as way, pytest.raises(ReachError) as met:
            way.run("app-1", command)
        assert met.value.code == "infra.timed_out"

    def test_another_host_key_is_refused_with_both(self, sshd: Sshd) -> None:
        other = key_of(ecdsa(1))
        file = sshd.known_hosts(str(other))
        with reach(sshd, known_hosts=file) as way, pytest.raises(HostKeyRefused) as met:
            way.run("app-1", "true")
        assert met.value.code == "infra.host_key_changed"
        assert other.fingerprint in str(met.value.fields["pinned"])
        assert str(met.value.fields["offered"]).startswith("ssh-ed25519 SHA256:")

    def test_an_address_that_nobody_pinned_is_refused(self, sshd: Sshd, tmp_path: Path) -> None:
        for text in (
            None,
            "",
            f"[{ADDRESS}]:1 {sshd.host_key}\n",
            f"{ADDRESS} {sshd.host_key}\n",
            f"[{ADDRESS}]:{sshd.port} junk\n",
        ):
            file = tmp_path / "known_hosts"
            if text is not None:
                file.write_text(text)
            with reach(sshd, known_hosts=file) as way, pytest.raises(HostKeyRefused) as met:
                way.run("app-1", "true")
            assert met.value.code == "infra.host_key_unknown"
            assert met.value.exit_code == 3

    def test_a_key_that_is_not_let_in(self, sshd: Sshd) -> None:
        with reach(sshd, private_key=None, password="five-herons") as way, pytest.raises(ReachError) as met:
            way.run("app-1", "true")
        assert met.value.code == "infra.login_refused"
        assert "herons" not in f"{met.value}{met.value.__cause__}{login(sshd, password='five-herons')!r}"

    @pytest.mark.parametrize("text", ["", "junk", "-----BEGIN OPENSSH PRIVATE" + " KEY-----\nx\n"])
    def test_a_key_that_is_none(self, sshd: Sshd, text: str) -> None:
        with reach(sshd, private_key=text) as way, pytest.raises(ReachError) as met:
            way.run("app-1", "true")
        assert met.value.code == "infra.key_unreadable"

    def test_a_connection_that_died_between_two_commands_is_opened_anew(self, tmp_path: Path) -> None:
        server = Sshd(tmp_path)
        try:
            with reach(server) as way:
                assert way.run("app-1", "true").code == 0
                server.cut()
                server.start()
                assert way.run("app-1", "true").code == 0
        finally:
            server.stop()

    def test_a_server_that_dies_under_way_is_told(self, tmp_path: Path) -> None:
        server = Sshd(tmp_path)
        mark = tmp_path / "began"
        try:
            with reach(server) as way, ThreadPoolExecutor(1) as pool:
                going = pool.submit(way.run, "app-1", f"mkfifo {mark}; echo > {mark}; sleep 60")
                while not mark.exists() and not going.done():
                    threading.Event().wait(0.02)
                mark.open().close()
                server.cut()
                with pytest.raises(ReachError) as met:
                    going.result(30)
        finally:
            server.stop()
        assert met.value.code == "infra.cut"

    @pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
    def test_other_kinds_of_host_key(self, tmp_path: Path, kind: str) -> None:
        server = Sshd(tmp_path, kind)
        try:
            with reach(server) as way:
                assert way.run("app-1", "true").code == 0
        finally:
            server.stop()


@pytest.fixture
def peer() -> Iterator[Peer]:
    with closing(Peer(exec=b"hello")) as running:
        yield running


def to_peer(peer: Peer, tmp_path: Path, password: str) -> Reach:
    key = key_of(peer.keys[0])
    (tmp_path / "known_hosts").write_text(f"other,[{ADDRESS}]:{peer.port} {key}\n")
    entered = Login(server="app-1", host=ADDRESS, port=peer.port, password=password)
    return Reach(tmp_path / "known_hosts", lambda _: entered, Limits(connect=5, total=5))


def test_a_password_lets_in(peer: Peer, tmp_path: Path) -> None:
    with to_peer(peer, tmp_path, PASSWORD) as way:
        assert way.run("app-1", "true").out == b"hello"


def test_a_wrong_password_is_told_and_not_shown(peer: Peer, tmp_path: Path) -> None:
    with to_peer(peer, tmp_path, "six-herons") as way, pytest.raises(ReachError) as met:
        way.run("app-1", "true")
    assert (met.value.code, met.value.fields["user"]) == ("infra.login_refused", "root")
    assert "herons" not in f"{met.value}{met.value.fields}{met.value.__cause__}{met.value.__context__}"


def test_sudo_asks_for_no_password(peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def exec_command(channel: paramiko.Channel, command: str) -> None:
        asked.append(command)
        channel.close()

    monkeypatch.setattr(paramiko.Channel, "exec_command", exec_command)
    entered = Login(server="app-1", host=ADDRESS, port=peer.port, user="siti", password=PASSWORD, sudo=True)
    (tmp_path / "known_hosts").write_text(f"[{ADDRESS}]:{peer.port} {key_of(peer.keys[0])}\n")
    with Reach(tmp_path / "known_hosts", lambda _: entered, Limits(connect=5, total=5)) as way:
        way.run("app-1", "exec sh -s 'x'")
    assert asked == ["exec sudo -n -- sh -c 'exec sh -s '\"'\"'x'\"'\"''"]


def closed_port() -> int:
    with closing(socket.create_server((ADDRESS, 0))) as free:
        port: int = free.getsockname()[1]
    return port


def alone(tmp_path: Path, port: int) -> Reach:
    (tmp_path / "known_hosts").write_text(f"[{ADDRESS}]:{port} {key_of(ecdsa())}\n")
    entered = Login(server="app-1", host=ADDRESS, port=port, password="x")
    return Reach(tmp_path / "known_hosts", lambda _: entered, Limits(connect=0.5, total=2))


def test_nobody_there(tmp_path: Path) -> None:
    with alone(tmp_path, closed_port()) as way, pytest.raises(ReachError) as met:
        way.run("app-1", "true")
    assert met.value.code == "infra.unreachable"


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x1b[2J" * 200])
def test_somebody_else_there(tmp_path: Path, greeting: bytes) -> None:
    with closing(socket.create_server((ADDRESS, 0))) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(greeting)
                while connection.recv(4096):
                    pass

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        with alone(tmp_path, listener.getsockname()[1]) as way, pytest.raises(ReachError) as met:
            way.run("app-1", "true")
        thread.join(10)
    assert met.value.code == "infra.no_ssh"
